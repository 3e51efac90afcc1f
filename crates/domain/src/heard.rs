//! What was published elsewhere, as the noun it is here: a call of another Folkmoot is a call, a Mobilizon event is an
//! event, a plain Note is an update.
//!
//! It stands in the same tables and lists as what is ours, with its own home, and only its home changes it.

use url::Url;

use crate::{
    Moment,
    audiences::Reach,
    calls::{CallState, HelpKind},
    events::EventState,
    items::ItemKind,
    places::Place,
    projects::ProjectState,
    text::Language,
};

/// Something published elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// Its ActivityPub id.
    pub uri: Url,
    /// Its page.
    pub page: Url,
    /// One line, plain text; may be empty for an update.
    pub title: String,
    /// Its words, safe HTML.
    pub html: String,
    /// The language, where its author says it.
    pub language: Option<Language>,
    /// Where.
    pub place: Option<Place>,
    /// Hashtags, without `#`.
    pub causes: Vec<String>,
    /// When it was published.
    pub published: Moment,
    /// When its words last changed.
    pub edited: Option<Moment>,
    /// How far it reaches.
    pub reach: Reach,
    /// Does its home let others carry it?
    pub carriable: bool,
    /// What it is.
    pub noun: HeardNoun,
}

/// What it is, with what only that noun says.
#[derive(Debug, Clone, PartialEq)]
pub enum HeardNoun {
    /// A project of another Folkmoot.
    Project {
        /// What it needs, in one line; may be empty.
        need: String,
        /// How far it is.
        state: ProjectState,
        /// The project that it takes up.
        parent: Option<Url>,
    },
    /// A call of another Folkmoot, or a `Proposal` of somebody.
    Call {
        /// Why it matters; may be empty.
        why: String,
        /// Until when one can answer.
        closes: Moment,
        /// Can one answer with a tick?
        one_tap: bool,
        /// What it asks for, in the order of its poll.
        needs: Vec<HeardNeed>,
        /// Where it stands.
        state: CallState,
        /// When answers ended, if they have.
        ended: Option<Moment>,
        /// How many accounts have voted.
        voters: i64,
        /// The project it helps.
        project: Option<Url>,
    },
    /// An event of anybody.
    Event {
        /// When it begins.
        starts: Moment,
        /// When it ends.
        ends: Moment,
        /// The IANA time zone it happens in.
        zone: String,
        /// How many fit in.
        capacity: Option<i32>,
        /// Where to join from afar.
        online: Option<Url>,
        /// Where it stands.
        state: EventState,
        /// The project it belongs to.
        project: Option<Url>,
        /// How many come, as its home counts.
        going: i64,
    },
    /// News: a plain Note, an article, or what is said about another item.
    Update {
        /// What it is about, when it is about something.
        about: Option<Url>,
    },
}

impl HeardNoun {
    /// Which noun it is.
    pub fn kind(&self) -> ItemKind {
        match self {
            Self::Project { .. } => ItemKind::Project,
            Self::Call { .. } => ItemKind::Call,
            Self::Event { .. } => ItemKind::Event,
            Self::Update { .. } => ItemKind::Update,
        }
    }
}

/// One kind of help that a call elsewhere asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardNeed {
    /// What kind of help.
    pub kind: HelpKind,
    /// As it stands in the poll.
    pub label: String,
    /// How many are wanted.
    pub wanted: Option<i32>,
    /// How many ticked it.
    pub votes: i64,
    /// How much of it is taken.
    pub taken: i64,
}
