//! Partnerships ("challenge accepted"): another association takes a named role in a project.
//!
//! offered → accepted, or declined → ended by either. What is over stays over; taking part again is another offer.
//! Word of it may come late, twice and in any order: a yes and a no about the same offer end it, whichever came first.

use crate::{ActorId, ItemId, Moment, PartnershipId, Refusal, actors::Actor, items::Item, text};

/// The longest name of a role, in characters.
pub const ROLE: usize = 80;
/// The longest words of an offer and of its answer, in characters.
pub const WORDS: usize = 1_000;
/// The most offers from elsewhere that wait at one project; what comes beyond is not taken.
pub const WAITING: u64 = 100;

/// Where a partnership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartnershipState {
    /// The partner offered, and the project's home has not answered.
    Offered,
    /// They do it together.
    Accepted,
    /// The project's home said no.
    Declined,
    /// It was taken back, or ended by either side.
    Ended,
}

impl PartnershipState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Offered, Self::Accepted, Self::Declined, Self::Ended];

    /// The word in the database and on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Ended => "ended",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Does it wait, or hold?
    pub fn is_alive(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }

    /// After the project's home said yes. A yes that comes behind a no about the same offer tells of something that was
    /// ended since.
    #[must_use]
    pub fn after_yes(self) -> Self {
        match self {
            Self::Offered | Self::Accepted => Self::Accepted,
            Self::Declined | Self::Ended => Self::Ended,
        }
    }

    /// After the project's home said no, at first or later.
    #[must_use]
    pub fn after_no(self) -> Self {
        match self {
            Self::Offered | Self::Declined => Self::Declined,
            Self::Accepted | Self::Ended => Self::Ended,
        }
    }
}

/// A role of an association in another's project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partnership {
    /// Our id for it.
    pub id: PartnershipId,
    /// Its ActivityPub id; made up by the partner's side.
    pub uri: String,
    /// The project.
    pub project: ItemId,
    /// Who takes part.
    pub partner: ActorId,
    /// As what: host, funder, speaker, venue.
    pub role: String,
    /// What the partner says; may be empty.
    pub words: String,
    /// What the project's home answered; may be empty.
    pub answer: String,
    /// Where it stands.
    pub state: PartnershipState,
    /// The id of the `Offer`.
    pub offer: String,
    /// When it was offered.
    pub offered: Moment,
    /// When it was answered.
    pub answered: Option<Moment>,
    /// When it was ended.
    pub ended: Option<Moment>,
    /// By whom.
    pub ended_by: Option<ActorId>,
}

impl Partnership {
    /// The project's home answers an offer that waits.
    pub fn answer(&mut self, yes: bool, words: &str, now: Moment) -> Result<(), Refusal> {
        if self.state != PartnershipState::Offered {
            return Err(Refusal::Over(self.state.word()));
        }
        self.answer = said("words", words)?;
        self.state = if yes { PartnershipState::Accepted } else { PartnershipState::Declined };
        self.answered = Some(now);
        Ok(())
    }

    /// Word of an answer came from elsewhere. True when something is other than it was.
    pub fn heard(&mut self, yes: bool, words: &str, by: ActorId, now: Moment) -> bool {
        let next = if yes { self.state.after_yes() } else { self.state.after_no() };
        if next == self.state {
            return false;
        }
        if next == PartnershipState::Ended {
            self.ended = Some(now);
            self.ended_by = Some(by);
        } else {
            self.answered = Some(now);
            self.answer = words.chars().take(WORDS).collect();
        }
        self.state = next;
        true
    }

    /// Either side ends it. False when it was over already.
    pub fn end(&mut self, by: ActorId, now: Moment) -> bool {
        if self.state == PartnershipState::Ended {
            return false;
        }
        let alive = self.state.is_alive();
        self.state = PartnershipState::Ended;
        self.ended = Some(now);
        self.ended_by = Some(by);
        alive
    }

    /// Is an offer made then, under that id, newer than this one? Of two offers of one partner the newer counts, in
    /// whichever order they come.
    pub fn is_older_than(&self, offered: Moment, offer: &str) -> bool {
        (self.offered, self.offer.as_str()) < (offered, offer)
    }
}

/// The name of a role, as its form gives it.
pub fn role(words: &str) -> Result<String, Refusal> {
    text::line("role", words, ROLE)
}

/// What either side says.
pub fn said(field: &'static str, words: &str) -> Result<String, Refusal> {
    text::paragraphs(field, words, WORDS)
}

/// The reading shape: a partnership with both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct PartnershipSeen {
    /// The partnership.
    pub partnership: Partnership,
    /// The project.
    pub project: Item,
    /// Whose project it is.
    pub home: Actor,
    /// Who takes part.
    pub partner: Actor,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::uuid_from;

    fn offered() -> Partnership {
        Partnership {
            id: PartnershipId(uuid_from(1, [1; 10])),
            uri: "https://kirkstall.test/ap/partnerships/1".into(),
            project: ItemId(uuid_from(1, [2; 10])),
            partner: ActorId(uuid_from(1, [3; 10])),
            role: "host".into(),
            words: String::new(),
            answer: String::new(),
            state: PartnershipState::Offered,
            offer: "https://kirkstall.test/ap/activities/1".into(),
            offered: Moment(5),
            answered: None,
            ended: None,
            ended_by: None,
        }
    }

    #[test]
    fn words_of_states_are_read_back() {
        for state in PartnershipState::ALL {
            assert_eq!(PartnershipState::parse(state.word()), Some(state));
        }
    }

    #[test]
    fn an_answer_is_given_once() {
        let mut partnership = offered();
        partnership.answer(true, "Wonderful.", Moment(6)).unwrap();
        assert_eq!(partnership.state, PartnershipState::Accepted);
        assert_eq!(partnership.answer(false, "", Moment(7)), Err(Refusal::Over("accepted")));
        assert!(partnership.end(partnership.partner, Moment(8)));
        assert!(!partnership.end(partnership.partner, Moment(9)));
        assert_eq!(partnership.ended, Some(Moment(8)));
    }

    /// Each set of words that came leads to one state, in any order and however often.
    #[test]
    fn any_order_leads_to_one_state() {
        let home = ActorId(uuid_from(1, [9; 10]));
        let end_of = |said: &[u8]| {
            let mut partnership = offered();
            for word in said {
                match word {
                    0 => partnership.heard(true, "", home, Moment(6)),
                    1 => partnership.heard(false, "", home, Moment(6)),
                    _ => partnership.end(home, Moment(6)),
                };
            }
            partnership.state
        };
        for first in 0..3 {
            for second in 0..3 {
                for third in 0..3 {
                    let there = end_of(&[first, second, third]);
                    for other in [[third, second, first], [second, first, third], [first, third, second]] {
                        assert_eq!(end_of(&other), there, "{first} {second} {third}");
                    }
                    assert_eq!(end_of(&[first, second, third, first, second]), there);
                }
            }
        }
        assert_eq!(end_of(&[0]), PartnershipState::Accepted);
        assert_eq!(end_of(&[1, 0]), PartnershipState::Ended);
    }

    #[test]
    fn a_role_is_one_short_line() {
        assert_eq!(role(" host ").unwrap(), "host");
        assert!(role("").is_err());
        assert!(role(&"x".repeat(81)).is_err());
    }
}
