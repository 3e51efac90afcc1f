//! A stream: what those that one of ours listens to publish and pass on, for its organisers alone.

use crate::{
    ActorId, ItemId, Moment,
    actors::Actor,
    calls::CallSeen,
    carries::CarryState,
    events::EventSeen,
    items::{ItemKind, ItemSeen},
    projects::ProjectSeen,
    updates::UpdateSeen,
};

/// An item of any noun, as one reads it.
#[derive(Debug, Clone, PartialEq)]
pub enum NounSeen {
    /// A project.
    Project(Box<ProjectSeen>),
    /// A call.
    Call(Box<CallSeen>),
    /// An event.
    Event(Box<EventSeen>),
    /// News.
    Update(Box<UpdateSeen>),
}

impl NounSeen {
    /// The common head.
    pub fn seen(&self) -> &ItemSeen {
        match self {
            Self::Project(project) => &project.seen,
            Self::Call(call) => &call.seen,
            Self::Event(event) => &event.seen,
            Self::Update(update) => &update.seen,
        }
    }
}

/// A place in a stream: what came at one moment stands by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamMark {
    /// When it came: published, or first passed on by somebody one listens to.
    pub at: Moment,
    /// The item.
    pub item: ItemId,
}

/// What is asked of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamAsked {
    /// Whose: associations here.
    pub seekers: Vec<ActorId>,
    /// Only what comes through this one.
    pub from: Option<ActorId>,
    /// Only this kind.
    pub kind: Option<ItemKind>,
    /// Only what stands behind this place.
    pub before: Option<StreamMark>,
    /// At most so many.
    pub limit: usize,
}

/// One item in a stream. It stands there once, through however many it came.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamEntry {
    /// The item.
    pub noun: NounSeen,
    /// Where it stands.
    pub mark: StreamMark,
    /// Has its home pinned it?
    pub pinned: bool,
    /// Through whom of those one listens to it came: its home, or who passes it on.
    pub via: Vec<Actor>,
    /// What those whose stream it is have made of it.
    pub carried: Vec<(ActorId, CarryState)>,
}

/// A page of a stream, and where the next begins.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StreamPage {
    /// What is pinned by the one that was asked for; then what came, newest first.
    pub entries: Vec<StreamEntry>,
    /// Where to read on, when there is more.
    pub next: Option<StreamMark>,
}
