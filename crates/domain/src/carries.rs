//! Carries: an association passes another's item to its followers, with credit, and until either side ends it.
//!
//! One carry for each carrier and item, so that nothing goes round in circles and nothing comes twice.

use crate::{ActorId, CarryId, ItemId, Moment, Refusal, RuleId, actors::Actor, items::Item, text};

/// The longest reason, in characters.
pub const REASON: usize = 300;

/// The words of a reason: one paragraph, which may be empty.
pub fn reason(words: &str) -> Result<String, Refusal> {
    text::optional_line("reason", words, REASON)
}

/// May this carrier pass this item on? Only what is for everyone, and what its home lets be carried.
pub fn may_carry(carrier: ActorId, item: &Item) -> Result<(), Refusal> {
    let why = if item.deleted.is_some() {
        "it was deleted"
    } else if item.home == carrier {
        "it is your own, and your followers have it already"
    } else if !item.reach.may_be_carried() {
        "it is not for everyone"
    } else if !item.carriable {
        "whoever published it does not want it passed on"
    } else {
        return Ok(());
    };
    Err(Refusal::NotCarried(why))
}

/// Who takes something up: somebody who looked at it, or a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// An organiser.
    Person,
    /// A rule; with `true` an organiser looks first.
    Rule(RuleId, bool),
    /// Whoever carries what it is about, by this rule or by hand.
    News(Option<RuleId>),
}

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
    /// The id of the activity that says it. Of an association elsewhere every id that says so and was not taken back, one
    /// a line: activities come in any order.
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

impl Carry {
    /// May it be taken up from where it stands? What was ended a rule does not begin again; what was refused, nobody does.
    pub fn may_be_taken_up(&self, hand: Hand) -> Result<bool, Refusal> {
        match (self.state, hand) {
            (CarryState::Refused, Hand::Person) => {
                Err(Refusal::NotCarried("whoever published it asked you not to pass it on"))
            }
            (CarryState::Waiting, Hand::Person | Hand::Rule(_, false) | Hand::News(_))
            | (CarryState::Ended, Hand::Person) => Ok(true),
            _ => Ok(false),
        }
    }

    /// Everything that says so and was not taken back.
    pub fn said(&self) -> impl Iterator<Item = &str> {
        self.activity.iter().flat_map(|said| said.lines()).chain(self.note.as_deref())
    }

    /// Is it passed on, or may it be as soon as somebody looks?
    pub fn is_live(&self) -> bool {
        matches!(self.state, CarryState::Waiting | CarryState::Carried)
    }
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn carry(state: CarryState) -> Carry {
        Carry {
            id: CarryId(Uuid::nil()),
            carrier: ActorId(Uuid::nil()),
            item: ItemId(Uuid::nil()),
            state,
            reason: String::new(),
            rule: None,
            activity: None,
            note: None,
            since: Moment(0),
            ended: None,
            why_ended: None,
        }
    }

    #[test]
    fn a_rule_does_not_begin_again_what_was_ended() {
        let rule = RuleId(Uuid::nil());
        let (now, later) = (Hand::Rule(rule, false), Hand::Rule(rule, true));
        let taken = |state, hand| carry(state).may_be_taken_up(hand);
        assert_eq!(taken(CarryState::Waiting, now), Ok(true));
        assert_eq!(taken(CarryState::Waiting, later), Ok(false));
        for state in [CarryState::Ended, CarryState::Refused, CarryState::Carried] {
            assert_eq!(taken(state, now), Ok(false));
        }
        assert_eq!(taken(CarryState::Ended, Hand::Person), Ok(true));
        assert_eq!(taken(CarryState::Waiting, Hand::Person), Ok(true));
        assert_eq!(taken(CarryState::Carried, Hand::Person), Ok(false));
        assert!(taken(CarryState::Refused, Hand::Person).is_err());
        for state in CarryState::ALL {
            assert_eq!(CarryState::parse(state.word()), Some(state));
        }
    }

    #[test]
    fn a_reason_is_one_short_paragraph() {
        assert_eq!(reason("  We need\n it too ").unwrap(), "We need it too");
        assert_eq!(reason("").unwrap(), "");
        assert!(reason(&"x".repeat(301)).is_err());
    }
}
