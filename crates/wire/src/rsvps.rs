//! Who comes to events, as Mobilizon says it: `Join` and `Leave`, and `Accept` or `Reject` with the `Join` inside.

use folkmoot_domain::{
    actors::Actor,
    rsvps::{RsvpSeen, RsvpState},
};
use serde_json::{Map, Value, json};
use url::Url;

/// Somebody here wants to come to an event elsewhere. `id` is that of the `Join`.
pub fn join(id: &Url, rsvp: &RsvpSeen) -> Value {
    let mut said = about("Join", id, &rsvp.goer, rsvp);
    if !rsvp.rsvp.note.is_empty() {
        said.insert("participationMessage".into(), json!(rsvp.rsvp.note));
    }
    Value::Object(said)
}

/// Somebody here does not come after all.
pub fn leave(id: &Url, rsvp: &RsvpSeen) -> Value {
    Value::Object(about("Leave", id, &rsvp.goer, rsvp))
}

/// An event of ours answers the `Join` of this id: yes, not yet, or no. The whole `Join` is embedded: Mobilizon looks it up
/// by its id. None when there is nothing to answer.
pub fn answer(id: &Url, join: &str, rsvp: &RsvpSeen) -> Option<Value> {
    let verb = match rsvp.rsvp.state {
        RsvpState::Going => "Accept",
        RsvpState::Waiting | RsvpState::Maybe => "TentativeAccept",
        RsvpState::Refused => "Reject",
        RsvpState::Unconfirmed | RsvpState::Asked | RsvpState::Not => return None,
    };
    let words = match rsvp.rsvp.state {
        RsvpState::Waiting => "All places are taken. You are on the waiting list, and hear when one is free.",
        _ => rsvp.rsvp.answer.as_str(),
    };
    let mut said = json!({
        "id": id,
        "type": verb,
        "actor": rsvp.home.uri,
        "to": [rsvp.goer.uri],
        "cc": [],
        "object": {"id": join, "type": "Join", "actor": rsvp.goer.uri, "object": rsvp.event.uri},
    });
    if let (false, Some(said)) = (words.is_empty(), said.as_object_mut()) {
        let content = folkmoot_domain::posts::Paragraphs::default().lines(words).finish();
        said.insert("content".into(), json!(content));
    }
    Some(said)
}

fn about(verb: &str, id: &Url, goer: &Actor, rsvp: &RsvpSeen) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("id".into(), json!(id));
    map.insert("type".into(), json!(verb));
    map.insert("actor".into(), json!(goer.uri));
    map.insert("to".into(), json!([rsvp.home.uri]));
    map.insert("cc".into(), json!([]));
    map.insert("object".into(), json!(rsvp.event.uri));
    map
}
