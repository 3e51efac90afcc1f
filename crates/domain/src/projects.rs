//! Projects: something citizens are doing, placed on the map. idea → active → another day → done.

use crate::{
    Moment, Refusal,
    actors::Actor,
    adoptions::Credit,
    items::{AnotherDay, ItemSeen},
    text,
};

/// How far a project is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectState {
    /// Somebody thought of it.
    Idea,
    /// It is being done.
    Active,
    /// Left for another day.
    AnotherDay(AnotherDay),
    /// Done, with what came of it.
    Done {
        /// What came of it.
        outcome: String,
        /// When.
        at: Moment,
    },
}

impl ProjectState {
    /// The word in the database and on the wire.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Idea => "idea",
            Self::Active => "active",
            Self::AnotherDay(_) => "another-day",
            Self::Done { .. } => "done",
        }
    }

    /// Idea or another day → active.
    pub fn start(&self) -> Result<Self, Refusal> {
        match self {
            Self::Done { .. } => Err(Refusal::Over("done")),
            _ => Ok(Self::Active),
        }
    }

    /// Idea or active → another day.
    pub fn park(&self, why: AnotherDay) -> Result<Self, Refusal> {
        match self {
            Self::Done { .. } => Err(Refusal::Over("done")),
            _ => Ok(Self::AnotherDay(why)),
        }
    }

    /// Anything but done → done.
    pub fn finish(&self, outcome: &str, now: Moment) -> Result<Self, Refusal> {
        match self {
            Self::Done { .. } => Err(Refusal::Over("done")),
            _ => Ok(Self::Done { outcome: text::paragraphs("outcome", outcome, 2_000)?, at: now }),
        }
    }
}

/// The reading shape of a project. A project whose home is the instance itself is nobody's yet.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectSeen {
    /// The common head.
    pub seen: ItemSeen,
    /// How far it is.
    pub state: ProjectState,
    /// What it needs, in one line; may be empty.
    pub need: String,
    /// True when nobody here runs it yet.
    pub nobodys: bool,
    /// The project that it takes up.
    pub credit: Option<Credit>,
    /// Who publishes that one, so that they hear of this one.
    pub credited: Option<Actor>,
    /// Who takes part, with their roles.
    pub partners: Vec<Partner>,
}

/// Another association that takes part.
#[derive(Debug, Clone, PartialEq)]
pub struct Partner {
    /// Who.
    pub actor: Actor,
    /// As what: host, funder, speaker, venue.
    pub role: String,
}
