//! Lists: what may be asked of them, and where a thing stands in them.
//!
//! Calls stand by the moment until which one can answer, events by when they begin, projects by when they were
//! published. What is still ahead comes soonest first, what is over latest first. Start at [`Asked`].

use crate::{
    ActorId, CauseId, ItemId, Moment,
    calls::{Call, HelpKind},
    events::Event,
    moments::DAY,
    places::{Around, Bounds},
};

/// How long before its end an event stands in lists at the latest. What lasts longer (an exhibition, a month of
/// collecting) is listed by its last days, so that it neither vanishes nor fills the top for weeks.
pub const LONGEST: i64 = 7 * DAY;

/// Where an item stands in lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The word of its state.
    pub stage: &'static str,
    /// By which moment it is sorted.
    pub due: Moment,
    /// When it is over; events alone.
    pub ends: Option<Moment>,
}

impl Standing {
    /// A call: by when it closes. One that was cancelled or closed early stays in view until then.
    pub fn of_call(call: &Call) -> Self {
        Self { stage: call.state.word(), due: call.closes, ends: None }
    }

    /// An event: by when it begins.
    pub fn of_event(event: &Event) -> Self {
        let due = event.starts.max(event.ends.plus(-LONGEST));
        Self { stage: event.state.word(), due, ends: Some(event.ends) }
    }
}

/// A place in a list: what stands there, and by which moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// By which moment it is sorted.
    pub due: Moment,
    /// The item.
    pub item: ItemId,
}

/// Which way to read on from a place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// From the beginning.
    Start,
    /// What stands behind it.
    After(Mark),
    /// What stands before it.
    Before(Mark),
}

/// What time lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Not over at this moment, and due before the other.
    Ahead {
        /// From when.
        from: Moment,
        /// Until when; open when none.
        until: Option<Moment>,
    },
    /// Over at this moment.
    Over(Moment),
    /// Whatever there is, newest first.
    Any,
}

/// What a list of one kind is asked for. Everything that is said must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What time lets through.
    pub time: Time,
    /// Only from this home.
    pub home: Option<ActorId>,
    /// Only what hangs here, or only what hangs elsewhere.
    pub here: Option<bool>,
    /// Only what fights for this cause.
    pub cause: Option<CauseId>,
    /// Only calls that ask for this kind of help.
    pub help: Option<HelpKind>,
    /// Only what stands so: a word of the state.
    pub stage: Option<&'static str>,
    /// Only what is shown near a point.
    pub around: Option<Around>,
    /// Only what is shown within these bounds.
    pub within: Option<Bounds>,
    /// Only what has a point.
    pub placed: bool,
}

impl Asked {
    /// Everything that this time lets through.
    pub fn at(time: Time) -> Self {
        Self {
            time,
            home: None,
            here: None,
            cause: None,
            help: None,
            stage: None,
            around: None,
            within: None,
            placed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calls::CallDraft, events::EventDraft};

    #[test]
    fn a_call_that_ended_early_stays_in_view() {
        let draft = CallDraft {
            project: None,
            why: String::new(),
            closes: Moment(1_000),
            one_tap: false,
            needs: vec![(HelpKind::Time, String::new(), None)],
        };
        let mut call = Call::publish(ItemId(uuid::Uuid::nil()), &draft, Moment(0)).unwrap();
        assert_eq!(Standing::of_call(&call), Standing { stage: "open", due: Moment(1_000), ends: None });
        call.state = call.cancel("rain", Moment(5)).unwrap();
        assert_eq!(Standing::of_call(&call), Standing { stage: "cancelled", due: Moment(1_000), ends: None });
    }

    #[test]
    fn what_lasts_long_is_listed_by_its_last_days() {
        let event = |days: i64| {
            let draft = EventDraft {
                project: None,
                starts: Moment(DAY),
                ends: Moment(DAY * (1 + days)),
                zone: None,
                capacity: None,
                online: None,
            };
            Event::publish(ItemId(uuid::Uuid::nil()), &draft, "UTC", Moment(0)).unwrap()
        };
        assert_eq!(Standing::of_event(&event(7)).due, Moment(DAY));
        assert_eq!(Standing::of_event(&event(30)).due, Moment(DAY * 24));
    }
}
