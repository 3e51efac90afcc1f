//! Pledges: answers to a call. offered → accepted → kept, or declined, or withdrawn. Private unless consented.

use crate::{
    ActorId, ItemId, Moment, PledgeId, Refusal, actors::Actor, text, updates::About, visitors::Reach,
};

/// Where a pledge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PledgeState {
    /// Waits for the organisers.
    Offered,
    /// They said yes.
    Accepted,
    /// They said no, kindly.
    Declined,
    /// It was done.
    Kept,
    /// Whoever offered took it back.
    Withdrawn,
}

impl PledgeState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Offered, Self::Accepted, Self::Declined, Self::Kept, Self::Withdrawn];

    /// The word in the database and on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Kept => "kept",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Does it stand? What was declined or taken back does not.
    pub fn lives(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted | Self::Kept)
    }

    /// The table of moves. Offering again revives what was withdrawn or declined.
    pub fn to(self, next: Self) -> Result<Self, Refusal> {
        use PledgeState::{Accepted, Declined, Kept, Offered, Withdrawn};
        let allowed = matches!(
            (self, next),
            (Offered, Accepted | Declined | Withdrawn)
                | (Accepted, Kept | Declined | Withdrawn)
                | (Withdrawn | Declined, Offered)
        );
        if allowed { Ok(next) } else { Err(Refusal::PledgeCannot { from: self.word(), to: next.word() }) }
    }
}

/// Through which door a pledge came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A tick in the poll.
    Vote,
    /// A page here, by somebody with an account.
    Page,
    /// A page here, confirmed from a letter.
    Mail,
    /// A page here, with a telephone number to be called back; the organisers find out by calling.
    Phone,
    /// An `Offer{Agreement}` from another server (FEP-0837).
    Offer,
}

impl Door {
    /// Every door.
    pub const ALL: [Self; 5] = [Self::Vote, Self::Page, Self::Mail, Self::Phone, Self::Offer];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Vote => "vote",
            Self::Page => "page",
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::Offer => "offer",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|door| door.word() == word)
    }
}

/// An answer to a call. One for each giver and call, however many ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pledge {
    /// Its id.
    pub id: PledgeId,
    /// The call it answers.
    pub call: ItemId,
    /// Who gives.
    pub giver: ActorId,
    /// Where it stands.
    pub state: PledgeState,
    /// Through which door it came.
    pub door: Door,
    /// The needs it answers, by position.
    pub needs: Vec<i16>,
    /// What the giver said to the organisers besides; may be empty.
    pub note: String,
    /// What the organisers answered; may be empty.
    pub answer: String,
    /// The secret in the link of the receipt.
    pub receipt: String,
    /// The id of the `Offer` that said it, theirs or ours, when it crosses from one instance to another.
    pub offer: Option<String>,
    /// The id of the agreement that their home made of ours.
    pub agreement: Option<String>,
    /// When it was offered.
    pub offered: Moment,
    /// When the organisers answered.
    pub answered: Option<Moment>,
}

impl Pledge {
    /// Moves to another state, with words for the giver.
    pub fn answer(&mut self, next: PledgeState, words: &str, now: Moment) -> Result<(), Refusal> {
        self.state = self.state.to(next)?;
        self.answer = text::paragraphs("answer", words, 1_000)?;
        self.answered = Some(now);
        Ok(())
    }
}

/// The reading shape of a pledge, for its giver and the organisers only.
#[derive(Debug, Clone, PartialEq)]
pub struct PledgeSeen {
    /// The pledge.
    pub pledge: Pledge,
    /// Who gives.
    pub giver: Actor,
    /// The association that called.
    pub home: Actor,
    /// The call.
    pub call: About,
    /// The options it ticked, in the order of the poll.
    pub labels: Vec<String>,
    /// How the organisers reach the giver, while the pledge lives; none when it came from elsewhere.
    pub reach: Option<Reach>,
}

#[cfg(test)]
mod tests {
    use super::PledgeState::*;

    #[test]
    fn pledges_move_only_along_the_table() {
        assert_eq!(Offered.to(Accepted), Ok(Accepted));
        assert_eq!(Accepted.to(Kept), Ok(Kept));
        assert_eq!(Withdrawn.to(Offered), Ok(Offered));
        assert!(Kept.to(Withdrawn).is_err());
        assert!(Withdrawn.to(Accepted).is_err());
        assert!(Offered.to(Kept).is_err());
        for state in super::PledgeState::ALL {
            assert_eq!(super::PledgeState::parse(state.word()), Some(state));
            assert!(state.to(state).is_err());
        }
        for door in super::Door::ALL {
            assert_eq!(super::Door::parse(door.word()), Some(door));
        }
    }
}
