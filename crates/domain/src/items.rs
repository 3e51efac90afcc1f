//! What is common to everything that is published: projects, calls, events and updates.
//!
//! An item has a home, and only its home changes it; items of others stand in the same table.

use url::Url;

use crate::{
    ActorId, ItemId, Moment, PictureId, Refusal,
    actors::Actor,
    audiences::Reach,
    causes::Cause,
    pictures::Picture,
    places::Place,
    text,
    text::{Language, Prose},
};

/// The nouns that are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// Something citizens are doing.
    Project,
    /// A call to action.
    Call,
    /// Something at a time and place.
    Event,
    /// News about one of the others.
    Update,
}

impl ItemKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Project, Self::Call, Self::Event, Self::Update];

    /// The word in the database and on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Call => "call",
            Self::Event => "event",
            Self::Update => "update",
        }
    }

    /// The word in addresses.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Project => "projects",
            Self::Call => "calls",
            Self::Event => "events",
            Self::Update => "updates",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// The common head of everything published.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Our id for it.
    pub id: ItemId,
    /// What it is.
    pub kind: ItemKind,
    /// Who published it: a local association, or an actor elsewhere. Only its home changes it.
    pub home: ActorId,
    /// Its ActivityPub id.
    pub uri: Url,
    /// Its page.
    pub page: Url,
    /// One line, plain text; empty only for an update.
    pub title: String,
    /// The text.
    pub text: Prose,
    /// The language it is written in.
    pub language: Language,
    /// Where.
    pub place: Option<Place>,
    /// The picture that goes with it.
    pub picture: Option<PictureId>,
    /// When it was published.
    pub published: Moment,
    /// When its words last changed; none until then.
    pub edited: Option<Moment>,
    /// When it was deleted; its words are gone then.
    pub deleted: Option<Moment>,
    /// How far its home lets it reach.
    pub reach: Reach,
    /// Does its home let others carry it?
    pub carriable: bool,
    /// Where it went with its association.
    pub moved: Option<Url>,
}

/// The fields that every noun's form shares, already parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// One line, plain text.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// The language; the association's own when not given.
    pub language: Option<Language>,
    /// Where.
    pub place: Option<Place>,
    /// Hashtags of causes.
    pub causes: Vec<String>,
}

impl Words {
    /// Checks lengths and hashtags. A title is needed by everything but an update.
    pub fn check(mut self, kind: ItemKind) -> Result<Self, Refusal> {
        self.title = match kind {
            ItemKind::Update => text::optional_line("title", &self.title, 120)?,
            _ => text::line("title", &self.title, 120)?,
        };
        self.text = text::paragraphs("text", &self.text, 20_000)?;
        if kind == ItemKind::Update && self.text.is_empty() {
            return Err(Refusal::field("text", "an update needs words"));
        }
        if self.causes.len() > 10 {
            return Err(Refusal::field("causes", "at most ten"));
        }
        self.causes = self.causes.iter().map(|cause| crate::causes::tag(cause)).collect::<Result<_, _>>()?;
        self.causes.dedup_by_key(|cause| crate::causes::key(cause));
        Ok(self)
    }
}

/// The reading shape of the common head: what every page, feed and activity about an item shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemSeen {
    /// The item.
    pub item: Item,
    /// Who published it.
    pub home: Actor,
    /// The zone in which its dates are said (IANA name).
    pub zone: String,
    /// The picture that goes with it.
    pub picture: Option<Picture>,
    /// What it fights for.
    pub causes: Vec<Cause>,
    /// Ids of approved replies, oldest first, at most a page.
    pub replies: Vec<Url>,
    /// How many replies are approved.
    pub reply_count: i64,
    /// How many like it.
    pub likes: i64,
    /// How many boosted it.
    pub boosts: i64,
    /// How many associations carry it, here and elsewhere.
    pub carries: i64,
}

impl ItemSeen {
    /// The time zone in which its dates are said.
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

/// Left for another day: why, and when to look again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnotherDay {
    /// Why, in words for everyone.
    pub reason: String,
    /// When to look again.
    pub wake: Option<Moment>,
}

impl AnotherDay {
    /// A reason is needed; the day to wake must be ahead.
    pub fn parse(reason: &str, wake: Option<Moment>, now: Moment) -> Result<Self, Refusal> {
        if wake.is_some_and(|wake| wake <= now) {
            return Err(Refusal::field("wake", "choose a day that is still ahead"));
        }
        Ok(Self { reason: text::line("reason", reason, 300)?, wake })
    }
}
