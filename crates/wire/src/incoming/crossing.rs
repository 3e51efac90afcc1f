//! Answers that cross from one instance to another: help that is offered (FEP-0837), and who comes to an event.

use serde_json::{Map, Value};
use url::Url;

use super::{Act, Incoming, answers, map_of};
use crate::{
    Refused, context,
    envelope::{self, Envelope, IdOrObject},
    foreign, html, limits, origins, shapes,
};

/// Somebody offers help for a call of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The id of the `Offer`, exactly as it came.
    pub id: String,
    /// Who offers.
    pub actor: Url,
    /// The call.
    pub call: Url,
    /// What it answers of the call: `primary`, `need-2`. None when it does not say.
    pub needs: Vec<String>,
    /// What is said to the organisers, plain text.
    pub words: String,
}

/// What was agreed has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Who says so; of the same origin as the agreement.
    pub actor: Url,
    /// The agreement.
    pub agreement: Url,
    /// Was it kept? Nothing else is understood.
    pub kept: bool,
    /// What is said besides, plain text.
    pub words: String,
}

/// Somebody wants to come to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Who, and to which event.
    pub act: Act,
    /// What they say to the organisers, plain text (Mobilizon's `participationMessage`).
    pub words: String,
}

/// `Offer{Agreement}`. What it stipulates answers one call.
pub(super) fn offered(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    let map = map_of(object)?;
    let id = envelope.id.clone().ok_or(Refused::Missing("id"))?;
    if let Some(owner) = envelope::person(map, "attributedTo")?
        && owner != envelope.actor
    {
        return Err(Refused::NotTheirs("object.attributedTo"));
    }
    let answered = satisfied(map)?;
    let call = match (answered.first(), context::own(map, "call").and_then(shapes::id_of)) {
        (Some(first), _) => without_fragment(first),
        (None, Some(call)) => without_fragment(&origins::address("civ:call", call)?),
        (None, None) => return Err(Refused::Missing("object.stipulates")),
    };
    if answered.iter().any(|need| without_fragment(need) != call) {
        return Err(Refused::Several("object.stipulates"));
    }
    let needs = answered.iter().filter_map(Url::fragment).map(str::to_owned).collect();
    let (actor, words) = (envelope.actor.clone(), said(map, "content")?);
    Ok(Incoming::Offered(Box::new(Offered { id, actor, call, needs, words })))
}

/// `Update{Agreement}`.
pub(super) fn agreed(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    let map = map_of(object)?;
    foreign::must_be_by(map, &envelope.actor)?;
    let id = object.id().ok_or(Refused::Missing("object.id"))?;
    let agreement = origins::address("object.id", id)?;
    origins::belongs("object.id", &agreement, &envelope.actor)?;
    let kept = context::own(map, "state").and_then(Value::as_str) == Some("kept");
    let (actor, words) = (envelope.actor.clone(), answers::words(envelope)?);
    Ok(Incoming::Agreed(Agreed { actor, agreement, kept, words }))
}

/// `Join`.
pub(super) fn joined(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    let act = answers::act(envelope, object)?;
    let words = match envelope.map() {
        Some(map) if map.contains_key("participationMessage") => said(map, "participationMessage")?,
        Some(map) => said(map, "content")?,
        None => String::new(),
    };
    Ok(Incoming::Join(Joined { act, words }))
}

/// The call that an agreement is about, as far as it says so.
pub(super) fn about(agreement: IdOrObject<'_>) -> Option<Url> {
    let IdOrObject::Object(map) = agreement else { return None };
    satisfied(map).ok()?.first().map(without_fragment)
}

/// What the commitments of an agreement satisfy, with its fragments.
fn satisfied(agreement: &Map<String, Value>) -> Result<Vec<Url>, Refused> {
    let commitments = shapes::many(agreement.get("stipulates"));
    limits::at_most("object.stipulates", commitments.len(), limits::COMMITMENTS)?;
    let answers = commitments.iter().filter_map(|one| one.get("satisfies").and_then(shapes::id_of));
    answers.map(|id| origins::address("satisfies", id)).collect()
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

fn said(map: &Map<String, Value>, key: &'static str) -> Result<String, Refused> {
    let content = shapes::text(map, key).unwrap_or_default();
    limits::at_most(key, content.len(), limits::CONTENT)?;
    Ok(html::words(content))
}
