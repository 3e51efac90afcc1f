//! Events: something at a time and place. One occurrence; a cancelled event stays in view.

use crate::{ItemId, Moment, Refusal, items::ItemSeen, text};

/// Where an event stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventState {
    /// It will be, or was.
    Planned,
    /// Called off.
    Cancelled {
        /// Why, in words for everyone.
        reason: String,
        /// When it was called off.
        at: Moment,
    },
}

impl EventState {
    /// The word in the database.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

/// An event, without its words and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The id of its item.
    pub id: ItemId,
    /// The project it belongs to.
    pub project: Option<ItemId>,
    /// When it begins.
    pub starts: Moment,
    /// When it ends, later than it begins.
    pub ends: Moment,
    /// The IANA time zone it happens in.
    pub zone: String,
    /// How many fit in; none when it does not matter.
    pub capacity: Option<i32>,
    /// Where to join from afar.
    pub online: Option<url::Url>,
    /// Where it stands.
    pub state: EventState,
}

/// What makes an event: its form, parsed, without its words.
#[derive(Debug, Clone, PartialEq)]
pub struct EventDraft {
    /// The project it belongs to.
    pub project: Option<ItemId>,
    /// When it begins.
    pub starts: Moment,
    /// When it ends.
    pub ends: Moment,
    /// The IANA time zone; the association's own when none is given.
    pub zone: Option<String>,
    /// How many fit in.
    pub capacity: Option<i32>,
    /// Where to join from afar.
    pub online: Option<url::Url>,
}

impl Event {
    /// Checks a draft. `zone` is the association's own.
    pub fn publish(id: ItemId, draft: &EventDraft, zone: &str, now: Moment) -> Result<Self, Refusal> {
        if draft.ends <= now {
            return Err(Refusal::field("starts", "choose a time that is still ahead"));
        }
        Self::check(id, draft, zone)
    }

    /// The event with what a draft says otherwise. Times that stay may be over: the words can be mended still.
    pub fn changed(&self, draft: &EventDraft, now: Moment) -> Result<Self, Refusal> {
        let stays = (draft.starts, draft.ends) == (self.starts, self.ends);
        if draft.ends <= now && !stays {
            return Err(Refusal::field("starts", "choose a time that is still ahead"));
        }
        Ok(Self { state: self.state.clone(), ..Self::check(self.id, draft, &self.zone)? })
    }

    fn check(id: ItemId, draft: &EventDraft, zone: &str) -> Result<Self, Refusal> {
        if draft.ends <= draft.starts {
            return Err(Refusal::field("ends", "must be later than the start"));
        }
        if draft.capacity.is_some_and(|capacity| capacity < 1) {
            return Err(Refusal::field("capacity", "must be at least 1"));
        }
        let zone = draft.zone.clone().unwrap_or_else(|| zone.to_owned());
        if jiff::tz::TimeZone::get(&zone).is_err() {
            return Err(Refusal::field(
                "zone",
                format!("\u{201c}{zone}\u{201d} is no time zone; write for example Europe/London"),
            ));
        }
        let (project, starts, ends, capacity) = (draft.project, draft.starts, draft.ends, draft.capacity);
        Ok(Self {
            id,
            project,
            starts,
            ends,
            zone,
            capacity,
            online: draft.online.clone(),
            state: EventState::Planned,
        })
    }

    /// Calls it off; it stays visible.
    pub fn cancel(&self, reason: &str, now: Moment) -> Result<EventState, Refusal> {
        match self.state {
            EventState::Cancelled { .. } => Err(Refusal::Over("cancelled")),
            EventState::Planned if self.ends <= now => Err(Refusal::Over("over")),
            EventState::Planned => {
                Ok(EventState::Cancelled { reason: text::line("reason", reason, 300)?, at: now })
            }
        }
    }

    /// The time zone it happens in.
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

/// The reading shape of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventSeen {
    /// The common head.
    pub seen: ItemSeen,
    /// The event.
    pub event: Event,
    /// The ActivityPub id of the project it belongs to.
    pub project_uri: Option<url::Url>,
    /// How many come, as its home counts.
    pub going: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_over_can_be_mended_but_not_moved_into_the_past() {
        let draft = EventDraft {
            project: None,
            starts: Moment(10),
            ends: Moment(20),
            zone: None,
            capacity: None,
            online: None,
        };
        let event = Event::publish(ItemId(uuid::Uuid::nil()), &draft, "Europe/London", Moment(5)).unwrap();
        let roomier = EventDraft { capacity: Some(40), ..draft.clone() };
        assert_eq!(event.changed(&roomier, Moment(30)).unwrap().capacity, Some(40));
        let moved = EventDraft { starts: Moment(11), ..draft };
        assert!(event.changed(&moved, Moment(30)).is_err());
        assert!(event.changed(&EventDraft { ends: Moment(9), ..moved }, Moment(1)).is_err());
    }
}
