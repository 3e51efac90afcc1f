//! Connections: one of ours listens to an association anywhere, before it carries anything. Private.
//!
//! asked → connected, or refused; either side ends it, and then there is no connection.

use crate::{ActivityId, ActorId, Moment};

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// We asked, and nobody answered yet.
    Asked,
    /// They said yes: what they publish arrives.
    Connected,
    /// They said no, or ended it.
    Refused,
}

impl ConnectionState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Connected, Self::Refused];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Connected => "connected",
            Self::Refused => "refused",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// One of ours listens to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Who listens: an association here, or the instance.
    pub seeker: ActorId,
    /// Whom it listens to: an actor here or elsewhere.
    pub target: ActorId,
    /// Where it stands.
    pub state: ConnectionState,
    /// The id of our `Follow`; none between two of ours, which need no wire.
    pub follow: Option<ActivityId>,
    /// When we asked.
    pub asked: Moment,
    /// When they answered.
    pub answered: Option<Moment>,
    /// When their newest items were filled in.
    pub filled: Option<Moment>,
    /// When we last heard from them.
    pub heard: Option<Moment>,
    /// What went wrong last, in plain words.
    pub problem: Option<String>,
}
