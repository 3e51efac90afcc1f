//! Roles in projects on the wire: `Offer{Relationship}` by the partner, `Accept` or `Reject` by the project's home, `Undo` by
//! the partner. The offer goes whole into every answer, so that nobody has to look it up.

use folkmoot_domain::{Moment, partnerships::PartnershipSeen, projects::Partner};
use serde_json::{Map, Value, json};
use url::Url;

use crate::context::CIV;

/// What the tie means: its address in full, so that it needs no context.
pub fn part_in() -> String {
    format!("{CIV}partnerIn")
}

/// One of ours offers to take a role in a project elsewhere.
pub fn offer(seen: &PartnershipSeen) -> Value {
    let (partnership, home) = (&seen.partnership, &seen.home.uri);
    let mut offer = offered(seen);
    offer.insert("published".into(), json!(partnership.offered.rfc3339()));
    offer.insert("to".into(), json!([home]));
    offer.insert("cc".into(), json!([]));
    Value::Object(offer)
}

/// A role in a project of ours is accepted or declined; a later no ends it.
pub fn answer(id: &Url, seen: &PartnershipSeen, yes: bool, at: Moment) -> Value {
    let mut answer = Map::new();
    answer.insert("id".into(), json!(id));
    answer.insert("type".into(), json!(if yes { "Accept" } else { "Reject" }));
    answer.insert("actor".into(), json!(seen.home.uri));
    answer.insert("published".into(), json!(at.rfc3339()));
    answer.insert("to".into(), json!([seen.partner.uri]));
    answer.insert("cc".into(), json!([]));
    if !seen.partnership.answer.is_empty() {
        answer.insert("content".into(), json!(html(&seen.partnership.answer)));
    }
    answer.insert("object".into(), Value::Object(offered(seen)));
    Value::Object(answer)
}

/// One of ours takes its offer or its part back.
pub fn undo(id: &Url, seen: &PartnershipSeen, at: Moment) -> Value {
    json!({
        "id": id,
        "type": "Undo",
        "actor": seen.partner.uri,
        "published": at.rfc3339(),
        "to": [seen.home.uri],
        "cc": [],
        "object": offered(seen),
    })
}

fn offered(seen: &PartnershipSeen) -> Map<String, Value> {
    let mut offer = Map::new();
    offer.insert("id".into(), json!(seen.partnership.offer));
    offer.insert("type".into(), json!("Offer"));
    offer.insert("actor".into(), json!(seen.partner.uri));
    offer.insert("object".into(), tie(seen));
    offer
}

fn tie(seen: &PartnershipSeen) -> Value {
    let partnership = &seen.partnership;
    let mut tie = Map::new();
    tie.insert("id".into(), json!(partnership.uri));
    tie.insert("type".into(), json!("Relationship"));
    tie.insert("attributedTo".into(), json!(seen.partner.uri));
    tie.insert("subject".into(), json!(seen.partner.uri));
    tie.insert("relationship".into(), json!(part_in()));
    tie.insert("object".into(), json!(seen.project.uri));
    tie.insert("name".into(), json!(partnership.role));
    if !partnership.words.is_empty() {
        tie.insert("content".into(), json!(html(&partnership.words)));
    }
    Value::Object(tie)
}

fn html(words: &str) -> String {
    folkmoot_domain::posts::as_typed(words)
}

/// Who takes part in a project, and as what.
pub(crate) fn partners(partners: &[Partner]) -> Value {
    partners.iter().map(|partner| json!({"actor": partner.actor.uri, "civ:role": partner.role})).collect()
}
