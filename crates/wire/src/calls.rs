//! Calls as others see them: a poll that is answered with one tap, carrying what FEP-0837 needs.
//!
//! Type, options and closing time never change while it runs: changing them deletes votes elsewhere. When
//! one-tap answers are off it is a plain `Note` with the same words. Start at [`object`].

use folkmoot_domain::{
    addresses::Addresses,
    calls::{CallSeen, CallState, HelpKind, NeedSeen},
    posts as texts,
};
use serde_json::{Map, Value, json};
use url::Url;

use crate::{
    context::CIV,
    posts::{self, Post},
};

/// The call as it stands, with its tallies.
pub fn object(call: &CallSeen, addresses: &Addresses) -> Value {
    let kind = if call.call.one_tap { "Question" } else { "Note" };
    let mut map = Post::of(kind, &call.seen, texts::call(call, addresses)).map(addresses);
    if call.call.one_tap {
        add_poll(&mut map, call);
    }
    posts::add_item(&mut map, "Call", &call.seen, addresses);
    add_proposal(&mut map, call);
    map.insert("civ:state".into(), json!(call.call.state.word()));
    add_state(&mut map, &call.call.state);
    if !call.call.why.is_empty() {
        map.insert("civ:why".into(), json!(call.call.why));
    }
    map.insert("civ:closes".into(), json!(call.ends().rfc3339()));
    if let Some(project) = &call.project_uri {
        map.insert("civ:project".into(), json!(project));
    }
    Value::Object(map)
}

/// What goes with where it stands, so that whoever carries it can say it too.
fn add_state(map: &mut Map<String, Value>, state: &CallState) {
    match state {
        CallState::Open | CallState::Filled => {}
        CallState::AnotherDay(day) => posts::add_another_day(map, day),
        CallState::Cancelled { reason, .. } => posts::add_words(map, "civ:reason", reason),
        CallState::Closed { outcome, thanks, .. } => {
            posts::add_words(map, "civ:outcome", outcome);
            posts::add_words(map, "civ:thanks", thanks);
        }
    }
}

/// The id of what one need asks for, to which an offer can refer. Never fetched.
pub fn need_id(call: &Url, position: i16) -> Url {
    let mut id = call.clone();
    id.set_fragment(Some(&format!("need-{}", i32::from(position) + 1)));
    id
}

/// Options and tallies. When it is over, `closed` equals `endTime`: that ends the poll on every peer we tried.
fn add_poll(map: &mut Map<String, Value>, call: &CallSeen) {
    let options: Vec<Value> = call
        .needs
        .iter()
        .map(|need| {
            json!({
                "type": "Note",
                "name": need.need.label,
                "replies": {"type": "Collection", "totalItems": need.votes},
            })
        })
        .collect();
    map.insert("anyOf".into(), Value::Array(options));
    map.insert("endTime".into(), json!(call.ends().rfc3339()));
    if call.ended.is_some() {
        map.insert("closed".into(), json!(call.ends().rfc3339()));
    }
    map.insert("votersCount".into(), json!(call.voters));
}

/// FEP-0837: a request whose primary intent is its first need; several needs are listed besides.
fn add_proposal(map: &mut Map<String, Value>, call: &CallSeen) {
    let uri = &call.seen.item.uri;
    map.insert("purpose".into(), json!("request"));
    if let Some(first) = call.needs.first() {
        let mut primary = uri.clone();
        primary.set_fragment(Some("primary"));
        map.insert("publishes".into(), intent(&primary, first));
    }
    if call.needs.len() > 1 {
        let needs: Vec<Value> =
            call.needs.iter().map(|need| intent(&need_id(uri, need.need.position), need)).collect();
        map.insert("civ:needs".into(), Value::Array(needs));
    }
}

fn intent(id: &Url, need: &NeedSeen) -> Value {
    let (action, term) = terms(need.need.kind);
    let quantity = |number: Option<i64>| match number {
        Some(number) => json!({"hasUnit": "one", "hasNumericalValue": number.to_string()}),
        None => json!({"hasUnit": "one"}),
    };
    let wanted = need.need.wanted.map(i64::from);
    json!({
        "id": id,
        "type": "Intent",
        "name": need.need.label,
        "action": action,
        "resourceConformsTo": format!("{CIV}{term}"),
        "resourceQuantity": quantity(wanted),
        "availableQuantity": quantity(wanted.map(|wanted| (wanted - need.taken).max(0))),
    })
}

/// FEP-0837 knows two actions; our own term says which kind of help it is.
fn terms(kind: HelpKind) -> (&'static str, &'static str) {
    match kind {
        HelpKind::Time => ("deliverService", "Time"),
        HelpKind::Skill => ("deliverService", "Skill"),
        HelpKind::Voice => ("deliverService", "Voice"),
        HelpKind::Thing => ("transfer", "Thing"),
        HelpKind::Space => ("transfer", "Space"),
        HelpKind::Money => ("transfer", "Money"),
    }
}
