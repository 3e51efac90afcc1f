//! What the post of an event says: once in one line, which is all that Mastodon shows, and once in paragraphs.

use super::{Paragraphs, states};
use crate::{
    addresses::Addresses,
    events::{EventSeen, EventState},
    moments,
};

/// The facts in one line of plain text: markup shows as typed on too many peers.
pub fn event_in_a_line(event: &EventSeen) -> String {
    let mut facts = Vec::new();
    if let EventState::Cancelled { reason, .. } = &event.event.state {
        facts.push(states::called_off(reason));
    }
    facts.push(format!("{}.", times(event)));
    if let Some(place) = &event.seen.item.place {
        facts.push(format!("Where: {}", states::sentence(&place.name)));
    }
    if event.event.online.is_some() {
        facts.push("You can join online.".to_owned());
    }
    if let Some(capacity) = event.event.capacity {
        facts.push(format!("{capacity} places."));
    }
    if matches!(event.event.state, EventState::Planned) {
        facts.push("Want to come? Open the page.".to_owned());
    }
    facts.join(" ")
}

/// The text of an event as it stands.
pub fn event(event: &EventSeen, addresses: &Addresses) -> String {
    let seen = &event.seen;
    let place = seen.item.place.as_ref().map_or("", |place| place.name.as_str());
    let mut text = Paragraphs::default().title(&seen.item.title);
    if let EventState::Cancelled { reason, .. } = &event.event.state {
        text = text.say(&states::called_off(reason));
    }
    text = text.fact("When", &times(event)).fact("Where", place);
    if let Some(online) = &event.event.online {
        text = text.link(online, "Join online");
    }
    text.html(&seen.item.text.html)
        .link(&seen.item.page, &format!("Open this event on {}", addresses.host()))
        .hashtags(&seen.causes)
        .finish()
}

fn times(event: &EventSeen) -> String {
    moments::span_in_words(event.event.starts, event.event.ends, &event.event.time_zone())
}
