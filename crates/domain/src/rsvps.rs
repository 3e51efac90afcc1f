//! RSVPs: who wants to come to an event. going / maybe / waiting / not. Private to the organisers; everyone sees how many.
//!
//! A person here, a visitor with a mail address and somebody elsewhere (`Join`) stand in one table. Who comes when all
//! places are taken waits, and the first who waits is the first to go. Start at [`RsvpState`].

use crate::{
    ActorId, ItemId, Moment, Refusal, RsvpId,
    actors::Actor,
    events::{Event, EventState},
    text,
    updates::About,
    visitors::Reach,
};

/// However small an event is, so many can wait for a place.
const LEAST_WAITING: i64 = 5;

/// Where an RSVP stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RsvpState {
    /// Somebody without an account said so, and has not answered the letter yet.
    Unconfirmed,
    /// It lives elsewhere, and its organisers have not answered.
    Asked,
    /// They come.
    Going,
    /// They do not know yet.
    Maybe,
    /// All places are taken; they come when somebody leaves.
    Waiting,
    /// They do not come, or not any more.
    Not,
    /// The organisers, or the rules, said no.
    Refused,
}

impl RsvpState {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Unconfirmed, Self::Asked, Self::Going, Self::Maybe, Self::Waiting, Self::Not, Self::Refused];

    /// The word in the database and on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Asked => "asked",
            Self::Going => "going",
            Self::Maybe => "maybe",
            Self::Waiting => "waiting",
            Self::Not => "not",
            Self::Refused => "refused",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Does it stand? What was taken back or refused does not, and what nobody confirmed does not yet.
    pub fn lives(self) -> bool {
        matches!(self, Self::Asked | Self::Going | Self::Maybe | Self::Waiting)
    }
}

/// Through which door an RSVP came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A page here, by somebody with an account.
    Page,
    /// A page here, confirmed from a letter.
    Mail,
    /// Another server: `Join`, or Friendica's `Accept` of the event.
    Elsewhere,
}

impl Entry {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Page, Self::Mail, Self::Elsewhere];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Mail => "mail",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entry| entry.word() == word)
    }
}

/// Somebody and an event. One for each, however often they change their mind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rsvp {
    /// Its id.
    pub id: RsvpId,
    /// The event.
    pub event: ItemId,
    /// Who comes, or not.
    pub goer: ActorId,
    /// Where it stands.
    pub state: RsvpState,
    /// Through which door it came.
    pub entry: Entry,
    /// What they said to the organisers besides; may be empty.
    pub note: String,
    /// What was answered; may be empty.
    pub answer: String,
    /// The secret in the link of the receipt.
    pub receipt: String,
    /// The id of the `Join` that said it, theirs or ours.
    pub join: Option<String>,
    /// When it was said: whoever waits goes in this order.
    pub asked: Moment,
    /// When it was answered.
    pub answered: Option<Moment>,
}

impl Rsvp {
    /// Moves to another state, with words for whoever comes; empty words keep what was said.
    pub fn moves(&mut self, next: RsvpState, words: &str, now: Moment) -> Result<(), Refusal> {
        self.state = next;
        self.answer = text::paragraphs("answer", words, 1_000)?;
        self.answered = Some(now);
        Ok(())
    }
}

/// How many there are of each, for one event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heads {
    /// They come.
    pub going: i64,
    /// They wait for a place.
    pub waiting: i64,
}

/// Can somebody still say that they come?
pub fn open(event: &Event, now: Moment) -> Result<(), Refusal> {
    match event.state {
        EventState::Cancelled { .. } => Err(Refusal::EventOver("called off")),
        EventState::Planned if event.ends <= now => Err(Refusal::EventOver("over")),
        EventState::Planned => Ok(()),
    }
}

/// Where somebody stands who wants to come now: going, waiting, or refused when even the waiting list is full.
pub fn place(capacity: Option<i32>, heads: Heads) -> RsvpState {
    let Some(capacity) = capacity.map(i64::from) else {
        return RsvpState::Going;
    };
    if heads.going < capacity && heads.waiting == 0 {
        RsvpState::Going
    } else if heads.waiting < capacity.max(LEAST_WAITING) {
        RsvpState::Waiting
    } else {
        RsvpState::Refused
    }
}

/// How many places are free; none when there is no end of them.
pub fn left(capacity: Option<i32>, going: i64) -> Option<i64> {
    capacity.map(|capacity| (i64::from(capacity) - going).max(0))
}

/// The reading shape of an RSVP, for whoever comes and the organisers only.
#[derive(Debug, Clone, PartialEq)]
pub struct RsvpSeen {
    /// The RSVP.
    pub rsvp: Rsvp,
    /// Who comes.
    pub goer: Actor,
    /// Whose event it is.
    pub home: Actor,
    /// The event.
    pub event: About,
    /// How the organisers reach them, while it lives; none when it came from elsewhere.
    pub reach: Option<Reach>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_too_late_waits_and_a_waiting_list_has_an_end() {
        let heads = |going, waiting| Heads { going, waiting };
        assert_eq!(place(None, heads(9_999, 0)), RsvpState::Going);
        assert_eq!(place(Some(2), heads(1, 0)), RsvpState::Going);
        assert_eq!(place(Some(2), heads(2, 0)), RsvpState::Waiting);
        // Nobody overtakes those who wait already.
        assert_eq!(place(Some(2), heads(1, 1)), RsvpState::Waiting);
        assert_eq!(place(Some(2), heads(2, 4)), RsvpState::Waiting);
        assert_eq!(place(Some(2), heads(2, 5)), RsvpState::Refused);
        assert_eq!(place(Some(20), heads(20, 19)), RsvpState::Waiting);
        assert_eq!(place(Some(20), heads(20, 20)), RsvpState::Refused);
    }

    #[test]
    fn places_left_are_never_less_than_none() {
        assert_eq!(left(None, 3), None);
        assert_eq!(left(Some(3), 1), Some(2));
        assert_eq!(left(Some(3), 5), Some(0));
    }

    #[test]
    fn words_are_read_back() {
        for state in RsvpState::ALL {
            assert_eq!(RsvpState::parse(state.word()), Some(state));
        }
        for entry in Entry::ALL {
            assert_eq!(Entry::parse(entry.word()), Some(entry));
        }
        assert_eq!((RsvpState::parse("perhaps"), Entry::parse("window")), (None, None));
    }
}
