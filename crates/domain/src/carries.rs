//! Carries: an association passes another's item to its followers, with credit, and until either side ends it.
//!
//! One carry for each carrier and item, so that nothing goes round in circles and nothing comes twice.

use crate::{ActorId, CarryId, ItemId, Moment, RuleId, actors::Actor};

/// Where a carry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarryState {
    /// A rule found it; an organiser looks first.
    Waiting,
    /// It is passed on.
    Carried,
    /// The carrier passes it on no more, or chose not to. A rule does not take it up again; a hand may.
    Ended,
    /// Its home does not want it carried by this one.
    Refused,
}

impl CarryState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Carried, Self::Ended, Self::Refused];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Carried => "carried",
            Self::Ended => "ended",
            Self::Refused => "refused",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// An item that somebody passes on: one of ours, or an association elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carry {
    /// Its id.
    pub id: CarryId,
    /// Who carries.
    pub carrier: ActorId,
    /// What is carried.
    pub item: ItemId,
    /// Where it stands.
    pub state: CarryState,
    /// Why, in the carrier's words; empty when it gives none.
    pub reason: String,
    /// The rule that found it.
    pub rule: Option<RuleId>,
    /// The id of the activity that says it: ours or theirs.
    pub activity: Option<String>,
    /// The id of the Note that quotes it, when there is a reason.
    pub note: Option<String>,
    /// Since when.
    pub since: Moment,
    /// When it ended.
    pub ended: Option<Moment>,
    /// Why it ended, in plain words.
    pub why_ended: Option<String>,
}

/// Who carries an item, and since when: for the page of its home. Only those that agree to be named.
#[derive(Debug, Clone, PartialEq)]
pub struct CarrierSeen {
    /// Who carries.
    pub carrier: Actor,
    /// Why, in its words; may be empty.
    pub reason: String,
    /// Since when.
    pub since: Moment,
}
