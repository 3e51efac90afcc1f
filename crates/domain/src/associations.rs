//! Associations: groups with a followable actor.
//!
//! Their id never changes, their handle may. Start at [`Association::found`].

use crate::{
    ActorId, Moment, Refusal,
    actors::Actor,
    causes::{self, Cause},
    papers::Paper,
    places::Place,
    text,
    text::{Handle, Language},
};

/// What kind of group it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssociationKind {
    /// Neighbours.
    Residents,
    /// A charity.
    Charity,
    /// Mutual aid.
    MutualAid,
    /// A club.
    Club,
    /// A trust.
    Trust,
    /// A campaign.
    Campaign,
    /// A council, a school, a hospital.
    PublicBody,
    /// An association of associations.
    Alliance,
}

impl AssociationKind {
    /// Every kind, with the word used in files and the database.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Residents, "residents"),
        (Self::Charity, "charity"),
        (Self::MutualAid, "mutual-aid"),
        (Self::Club, "club"),
        (Self::Trust, "trust"),
        (Self::Campaign, "campaign"),
        (Self::PublicBody, "public-body"),
        (Self::Alliance, "alliance"),
    ];

    /// The word.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("residents", |(_, word)| word)
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(kind, _)| kind)
    }
}

/// What it takes to found an association: a form of at most twelve fields, already parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct Founding {
    /// The handle.
    pub handle: Handle,
    /// The name in full.
    pub name: String,
    /// What it is for, in Markdown.
    pub about: String,
    /// What kind of group.
    pub kind: AssociationKind,
    /// The language it writes in.
    pub language: Language,
    /// The IANA time zone it lives in; dates in words use it.
    pub zone: String,
    /// Where it is at home.
    pub place: Option<Place>,
    /// Its battles: hashtags of causes, at most three.
    pub battles: Vec<String>,
    /// The paper its notices are printed on; its id chooses when it does not.
    pub paper: Option<Paper>,
    /// How to join it, in plain words; may be empty.
    pub joining: String,
    /// Whom to turn to when somebody is worried about somebody; may be empty.
    pub safeguarding: String,
    /// Is it a sample of the demo? Samples are marked wherever they show.
    pub sample: bool,
}

impl Founding {
    /// Checks everything that does not need the database.
    pub fn check(mut self) -> Result<Self, Refusal> {
        self.name = text::line("name", &self.name, 100)?;
        self.about = text::paragraphs("about", &self.about, 5_000)?;
        self.battles = battles(&self.battles)?;
        self.joining = joining(&self.joining)?;
        self.safeguarding = safeguarding(&self.safeguarding)?;
        zone(&self.zone)?;
        Ok(self)
    }
}

/// At most three hashtags, each once.
pub fn battles(tags: &[String]) -> Result<Vec<String>, Refusal> {
    let mut battles: Vec<String> = Vec::with_capacity(tags.len());
    for tag in tags {
        let tag = causes::tag(tag).map_err(|refusal| refusal.about("battles"))?;
        if battles.iter().all(|known| causes::key(known) != causes::key(&tag)) {
            battles.push(tag);
        }
    }
    if battles.len() > 3 {
        return Err(Refusal::field("battles", "choose at most three; the others wait for another day"));
    }
    Ok(battles)
}

/// How to join, in plain words.
pub fn joining(words: &str) -> Result<String, Refusal> {
    text::paragraphs("joining", words, 1_000)
}

/// Whom to turn to when somebody is worried about somebody: a name and a way to reach them.
pub fn safeguarding(words: &str) -> Result<String, Refusal> {
    text::paragraphs("safeguarding", words, 500)
}

/// A time zone that the zone database knows.
pub fn zone(name: &str) -> Result<(), Refusal> {
    jiff::tz::TimeZone::get(name).map(|_| ()).map_err(|_| {
        let says = format!("\u{201c}{name}\u{201d} is no time zone; write for example Europe/London");
        Refusal::field("zone", says)
    })
}

/// An association that lives here.
#[derive(Debug, Clone, PartialEq)]
pub struct Association {
    /// Its id, the same as its actor's.
    pub id: ActorId,
    /// What kind of group.
    pub kind: AssociationKind,
    /// What it is for, in Markdown as written; the safe HTML is the actor's `summary`.
    pub about: String,
    /// The language it writes in.
    pub language: Language,
    /// The IANA time zone it lives in.
    pub zone: String,
    /// Where it is at home.
    pub place: Option<Place>,
    /// How to join it, in plain words; may be empty.
    pub joining: String,
    /// Whom to turn to when somebody is worried about somebody; may be empty.
    pub safeguarding: String,
    /// When it was founded here.
    pub founded: Moment,
    /// When it closed, with its farewell.
    pub closed: Option<Farewell>,
    /// Is it a sample of the demo?
    pub sample: bool,
}

/// The end of an association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// When it closed.
    pub at: Moment,
    /// The last words.
    pub words: String,
}

impl Association {
    /// Founds an association from a checked form.
    pub fn found(id: ActorId, founding: &Founding, now: Moment) -> Self {
        Self {
            id,
            kind: founding.kind,
            about: founding.about.clone(),
            language: founding.language.clone(),
            zone: founding.zone.clone(),
            place: founding.place.clone(),
            joining: founding.joining.clone(),
            safeguarding: founding.safeguarding.clone(),
            founded: now,
            closed: None,
            sample: founding.sample,
        }
    }

    /// Closes it for good, with a farewell.
    pub fn close(&mut self, words: &str, now: Moment) -> Result<(), Refusal> {
        self.must_be_open()?;
        self.closed = Some(Farewell { at: now, words: text::paragraphs("farewell", words, 2_000)? });
        Ok(())
    }

    /// A closed association does nothing more.
    pub fn must_be_open(&self) -> Result<(), Refusal> {
        if self.closed.is_some() { Err(Refusal::Over("closed")) } else { Ok(()) }
    }

    /// Its time zone; UTC should the zone database have forgotten it.
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

/// The reading shape: an association as a page, a feed or the wire shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct AssociationSeen {
    /// The actor: id, page, name, boxes, key.
    pub actor: Actor,
    /// What the actor does not say.
    pub association: Association,
    /// What it fights for, at most three.
    pub battles: Vec<Cause>,
    /// How many follow it; goes over the wire, never on a page.
    pub followers: i64,
    /// How many items and notes it has published.
    pub published: i64,
}
