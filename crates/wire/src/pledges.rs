//! Pledges that cross from one instance to another, as FEP-0837 says them: `Offer{Agreement}`, what came of it, and that
//! it was kept. They are for two and nobody else. Start at [`offer`].

use folkmoot_domain::{
    addresses::Addresses,
    pledges::{PledgeSeen, PledgeState},
    posts::Paragraphs,
};
use serde_json::{Map, Value, json};
use url::Url;

use crate::calls;

/// Somebody here offers help for a call elsewhere. `id` is that of the offer.
pub fn offer(id: &Url, pledge: &PledgeSeen) -> Value {
    let mut agreement = stipulated(pledge);
    if !pledge.pledge.note.is_empty() {
        let content = Paragraphs::default().lines(&pledge.pledge.note).finish();
        agreement.insert("content".into(), json!(content));
    }
    agreement.insert("civ:call".into(), json!(pledge.call.uri));
    json!({
        "id": id,
        "type": "Offer",
        "actor": pledge.giver.uri,
        "to": [pledge.home.uri],
        "cc": [],
        "object": agreement,
    })
}

/// What the organisers answered to the offer of this id: yes, no, or that it was kept. None while they have not.
pub fn answer(id: &Url, offer: &str, pledge: &PledgeSeen, addresses: &Addresses) -> Option<Value> {
    let mut said = Map::new();
    let (verb, object) = match pledge.pledge.state {
        PledgeState::Offered | PledgeState::Withdrawn => return None,
        PledgeState::Accepted => ("Accept", json!(offer)),
        PledgeState::Declined => ("Reject", json!(offer)),
        PledgeState::Kept => ("Update", agreement(pledge, addresses)),
    };
    said.insert("id".into(), json!(id));
    said.insert("type".into(), json!(verb));
    said.insert("actor".into(), json!(pledge.home.uri));
    said.insert("to".into(), json!([pledge.giver.uri]));
    said.insert("cc".into(), json!([]));
    said.insert("object".into(), object);
    if verb == "Accept" {
        said.insert("result".into(), agreement(pledge, addresses));
    }
    if !pledge.pledge.answer.is_empty() {
        let content = Paragraphs::default().lines(&pledge.pledge.answer).finish();
        said.insert("content".into(), json!(content));
    }
    Some(Value::Object(said))
}

/// An offer came when the call took no more answers.
pub fn too_late(id: &Url, offer: &str, home: &Url, giver: &Url, title: &str) -> Value {
    let words = format!(
        "Thank you for offering. \u{201c}{title}\u{201d} had stopped taking answers when yours came in, so it is not \
         counted."
    );
    let content = Paragraphs::default().say(&words).finish();
    json!({"id": id, "type": "Reject", "actor": home, "to": [giver], "cc": [], "object": offer, "content": content})
}

/// What was agreed, under the id that its home gave it.
fn agreement(pledge: &PledgeSeen, addresses: &Addresses) -> Value {
    let mut map = Map::new();
    map.insert("id".into(), json!(addresses.agreement(pledge.pledge.id)));
    map.append(&mut stipulated(pledge));
    map.insert("attributedTo".into(), json!(pledge.home.uri));
    map.insert("civ:call".into(), json!(pledge.call.uri));
    if pledge.pledge.state == PledgeState::Kept {
        map.insert("civ:state".into(), json!("kept"));
    }
    Value::Object(map)
}

/// Each need is a commitment; one alone is not put into a list.
fn stipulated(pledge: &PledgeSeen) -> Map<String, Value> {
    let needs = pledge.pledge.needs.as_slice();
    let mut commitments: Vec<Value> = needs
        .iter()
        .map(|position| {
            json!({
                "type": "Commitment",
                "satisfies": satisfied(&pledge.call.uri, *position, needs.len()),
                "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
            })
        })
        .collect();
    let stipulates = if commitments.len() == 1 { commitments.remove(0) } else { Value::Array(commitments) };
    let mut map = Map::new();
    map.insert("type".into(), json!("Agreement"));
    map.insert("stipulates".into(), stipulates);
    map
}

/// FEP-0837 knows one intent of a proposal, the primary; it is our first need.
fn satisfied(call: &Url, position: i16, of: usize) -> Url {
    if position == 0 && of == 1 {
        let mut primary = call.clone();
        primary.set_fragment(Some("primary"));
        primary
    } else {
        calls::need_id(call, position)
    }
}
