//! Events as others see them: one `Event` with the keys of Mobilizon, FEP-8a8e, Gancio and `PieFed` together.
//!
//! Date, place and what to do stand twice: as plain text in `summary`, which is all that Mastodon shows, and
//! at the head of `content`, for the peers that never show `name`. Start at [`object`].

use folkmoot_domain::{
    addresses::Addresses,
    events::{EventSeen, EventState},
    posts as texts, rsvps,
};
use serde_json::{Map, Value, json};

use crate::posts::{self, Post};

/// The event as it stands.
pub fn object(event: &EventSeen, addresses: &Addresses) -> Value {
    let mut map = Post::of("Event", &event.seen, texts::event(event, addresses)).map(addresses);
    map.insert("name".into(), json!(event.seen.item.title));
    map.insert("summary".into(), json!(texts::event_in_a_line(event)));
    // Event Bridge takes `image` first, and Mobilizon prefers it to an attachment that is not called "Banner".
    if let Some(picture) = &event.seen.picture {
        map.insert("image".into(), posts::attached("Image", picture, addresses));
    }
    add_when(&mut map, event);
    add_joining(&mut map, event);
    posts::add_item(&mut map, "Event", &event.seen, addresses);
    // Gancio and Mobilizon look for the place's address.
    if let (Some(place), Some(Value::Object(location))) = (&event.seen.item.place, map.get_mut("location")) {
        location.insert("address".into(), json!(place.name));
    }
    if let EventState::Cancelled { reason, .. } = &event.event.state {
        posts::add_words(&mut map, "civ:reason", reason);
    }
    if let Some(project) = &event.project_uri {
        map.insert("civ:project".into(), json!(project));
    }
    Value::Object(map)
}

fn add_when(map: &mut Map<String, Value>, event: &EventSeen) {
    let zone = event.event.time_zone();
    let (status, event_status) = match event.event.state {
        EventState::Planned => ("CONFIRMED", "EventScheduled"),
        EventState::Cancelled { .. } => ("CANCELLED", "EventCancelled"),
    };
    map.insert("uuid".into(), json!(event.event.id.to_string()));
    map.insert("inLanguage".into(), json!(event.seen.item.language.as_str()));
    map.insert("startTime".into(), json!(event.event.starts.rfc3339_in(&zone)));
    map.insert("endTime".into(), json!(event.event.ends.rfc3339_in(&zone)));
    map.insert("timezone".into(), json!(event.event.zone));
    map.insert("displayEndTime".into(), json!(true));
    map.insert("status".into(), json!(status));
    map.insert("eventStatus".into(), json!(event_status));
    map.insert("category".into(), json!("COMMUNITY"));
    map.insert("draft".into(), json!(false));
    map.insert("contacts".into(), json!([]));
    map.insert("repliesModerationOption".into(), json!("moderated"));
    map.insert("commentsEnabled".into(), json!(true));
    let author = &event.seen.home.uri;
    map.insert("organizers".into(), json!({"type": "Collection", "totalItems": 1, "items": [author]}));
}

/// Everybody can come: a `Join` is answered, and who has no server that sends one opens the page. `PieFed` fails on a
/// missing key, so all thirteen are there, empty or not.
fn add_joining(map: &mut Map<String, Value>, event: &EventSeen) {
    map.insert("joinMode".into(), json!("free"));
    map.insert("externalParticipationUrl".into(), json!(event.seen.item.page));
    map.insert("maximumAttendeeCapacity".into(), json!(event.event.capacity));
    map.insert("remainingAttendeeCapacity".into(), json!(rsvps::left(event.event.capacity, event.going)));
    map.insert("participantCount".into(), json!(event.going));
    map.insert("anonymousParticipationEnabled".into(), json!(false));
    map.insert("anonymousParticipation".into(), json!(false));
    map.insert("isOnline".into(), json!(event.event.online.is_some()));
    map.insert("onlineLink".into(), json!(event.event.online));
    map.insert("buyTicketsLink".into(), Value::Null);
    map.insert("feeCurrency".into(), Value::Null);
    map.insert("feeAmount".into(), json!(0));
}
