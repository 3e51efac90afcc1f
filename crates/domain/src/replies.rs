//! Replies: what anyone writes back. Held, not shown, until approved; a direct one is never public.

use url::Url;

use crate::{ActorId, ItemId, Moment, Refusal, ReplyId, actors::Actor, updates::About};

/// Where a reply stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyState {
    /// Waits to be looked at.
    Held,
    /// Shown to everyone.
    Approved,
    /// Not shown.
    Declined,
}

impl ReplyState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Held, Self::Approved, Self::Declined];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Approved => "approved",
            Self::Declined => "declined",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What somebody wrote back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Our id for it.
    pub id: ReplyId,
    /// Its ActivityPub id.
    pub uri: Url,
    /// Who wrote it: its home.
    pub home: ActorId,
    /// What it answers.
    pub item: ItemId,
    /// Its words, safe HTML.
    pub html: String,
    /// For the organisers only?
    pub direct: bool,
    /// Where it stands.
    pub state: ReplyState,
    /// When it was written, as its home says.
    pub published: Moment,
    /// When its words last changed, as its home says.
    pub edited: Option<Moment>,
    /// When it came in.
    pub received: Moment,
}

impl Reply {
    /// Approves or declines it. A direct reply is a message to the organisers and can never be shown.
    pub fn judge(&mut self, state: ReplyState) -> Result<(), Refusal> {
        if self.direct && state == ReplyState::Approved {
            return Err(Refusal::field("reply", "was written to the organisers alone and cannot be shown"));
        }
        self.state = state;
        Ok(())
    }
}

/// The reading shape of a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplySeen {
    /// The reply.
    pub reply: Reply,
    /// Who wrote it.
    pub author: Actor,
    /// What it answers.
    pub about: About,
}
