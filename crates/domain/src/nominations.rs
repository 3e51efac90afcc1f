//! Nominations: projects that somebody proposes and nobody here runs yet.
//!
//! One waits until a steward of the board puts it up, with the board itself as its home, or says no with a reason.

use crate::{ActorId, ItemId, Moment, NominationId, Refusal, people, places::Place, text};

/// Where a nomination stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NominationState {
    /// Waits for a steward.
    Waiting,
    /// On the board.
    PutUp,
    /// Not put up.
    Declined,
}

impl NominationState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::PutUp, Self::Declined];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::PutUp => "put-up",
            Self::Declined => "declined",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What the form says, parsed by [`Proposal::check`].
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// One line: what could be done.
    pub title: String,
    /// What and why, Markdown.
    pub text: String,
    /// Where.
    pub place: Option<Place>,
    /// Who proposes it; for the stewards only.
    pub name: String,
    /// Where the answer goes; for the stewards only.
    pub email: String,
}

impl Proposal {
    /// Checks every field.
    pub fn check(self) -> Result<Self, Refusal> {
        let text = text::paragraphs("text", &self.text, 5_000)?;
        if text.is_empty() {
            return Err(Refusal::field("text", "say what could be done, and for whom"));
        }
        Ok(Self {
            title: text::line("title", &self.title, 120)?,
            text,
            place: self.place,
            name: text::line("name", &self.name, 100)?,
            email: people::email(&self.email)?,
        })
    }
}

/// A project that somebody proposed.
#[derive(Debug, Clone, PartialEq)]
pub struct Nomination {
    /// Its id.
    pub id: NominationId,
    /// What was proposed. Name and address are gone once it is decided.
    pub proposal: Proposal,
    /// Where it stands.
    pub state: NominationState,
    /// The project it became.
    pub item: Option<ItemId>,
    /// Why it was decided so; may be empty.
    pub reason: String,
    /// Who decided; none until then, or when it was whoever runs the server.
    pub decided_by: Option<ActorId>,
    /// When it was decided.
    pub decided: Option<Moment>,
    /// When it came in.
    pub since: Moment,
}

impl Nomination {
    /// Decides it, once, and forgets who proposed it: the answer is on its way to them.
    pub fn decide(
        &mut self,
        item: Option<ItemId>,
        reason: &str,
        by: Option<ActorId>,
        now: Moment,
    ) -> Result<(), Refusal> {
        if self.state != NominationState::Waiting {
            return Err(Refusal::Over("decided"));
        }
        self.reason = text::paragraphs("reason", reason, 1_000)?;
        if item.is_none() && self.reason.is_empty() {
            return Err(Refusal::field("reason", "say why not, in a sentence; whoever proposed it reads it"));
        }
        self.state = if item.is_some() { NominationState::PutUp } else { NominationState::Declined };
        self.item = item;
        self.decided_by = by;
        self.decided = Some(now);
        self.proposal.name = String::new();
        self.proposal.email = String::new();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::uuid_from;

    fn proposal() -> Proposal {
        Proposal {
            title: " A bench at the stop ".into(),
            text: "People wait there in the rain.".into(),
            place: None,
            name: "Asha".into(),
            email: "Asha@hyde.example".into(),
        }
    }

    #[test]
    fn a_proposal_needs_all_but_a_place() {
        assert_eq!(proposal().check().unwrap().title, "A bench at the stop");
        assert!(Proposal { text: " ".into(), ..proposal() }.check().is_err());
        assert!(Proposal { email: "asha".into(), ..proposal() }.check().is_err());
        assert!(Proposal { name: String::new(), ..proposal() }.check().is_err());
    }

    #[test]
    fn it_is_decided_once_and_a_no_says_why() {
        let mut nomination = Nomination {
            id: NominationId(uuid_from(1, [1; 10])),
            proposal: proposal(),
            state: NominationState::Waiting,
            item: None,
            reason: String::new(),
            decided_by: None,
            decided: None,
            since: Moment(0),
        };
        assert!(nomination.decide(None, " ", None, Moment(1)).is_err());
        nomination.decide(None, "It is there already.", None, Moment(1)).unwrap();
        assert_eq!((nomination.state, nomination.proposal.email.as_str()), (NominationState::Declined, ""));
        assert!(nomination.decide(None, "Again.", None, Moment(2)).is_err());
    }
}
