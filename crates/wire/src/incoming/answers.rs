//! Follows, likes, boosts, deletions and everything that answers or takes back an act.

use folkmoot_domain::Moment;
use serde_json::{Map, Value};
use url::Url;

use super::{Act, Incoming, map_of};
use crate::{
    Refused, context,
    envelope::{self, Envelope, IdOrObject},
    foreign, html, limits, origins, shapes,
};

/// Somebody answers an act: by its id, by the whole act, or both. Match all of it with what was really asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Who answers.
    pub actor: Url,
    /// The type of what is answered, where it came along: `Follow`, `Offer`, `Join`.
    pub kind: Option<String>,
    /// The id of what is answered, exactly as it came.
    pub id: Option<String>,
    /// Who had asked, where it came along.
    pub asker: Option<Url>,
    /// About which thing, where it came along.
    pub about: Option<Url>,
    /// What came of it, where it is said: an agreement, a stamp of consent. Of the same origin as who answers.
    pub result: Option<Url>,
    /// What is said besides, plain text.
    pub words: String,
}

/// One actor does one thing to another, which may be given by id or whole; only its id counts.
pub(super) fn act(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Act, Refused> {
    Ok(Act { id: envelope.id.clone(), actor: envelope.actor.clone(), object: target(object)? })
}

/// What a forum passes on: of the activity in it only the id of its thing counts.
pub(super) fn forwarded(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    let inner = envelope::thing(map_of(object)?.get("object"));
    let object = origins::fetchable("object", inner.id().ok_or_else(|| missing(inner))?)?;
    Ok(Incoming::Forwarded(Act { id: envelope.id.clone(), actor: envelope.actor.clone(), object }))
}

/// What a member of a group tells of a thing of the group, on the same server: its id counts, and nothing else.
pub(super) fn of_another(envelope: &Envelope, map: &Map<String, Value>) -> Result<Option<Incoming>, Refused> {
    let author = envelope::person(map, "attributedTo")?.filter(|author| *author != envelope.actor);
    let Some(author) = author.filter(|author| origins::same_origin(author, &envelope.actor)) else {
        return Ok(None);
    };
    let id = map.get("id").and_then(Value::as_str).ok_or(Refused::Missing("object.id"))?;
    let object = origins::fetchable("object.id", id)?;
    origins::belongs("object.id", &object, &author)?;
    Ok(Some(Incoming::Forwarded(Act { id: envelope.id.clone(), actor: envelope.actor.clone(), object })))
}

/// An undo tells what it undoes, and only its own author can undo it.
pub(super) fn undo(envelope: &Envelope, object: IdOrObject<'_>, undone: &str) -> Result<Incoming, Refused> {
    let map = map_of(object)?;
    if envelope::person(map, "actor")?.is_some_and(|actor| actor != envelope.actor) {
        return Err(Refused::NotTheirs("object.actor"));
    }
    let make: fn(Act) -> Incoming = match undone {
        "Follow" => Incoming::UndoFollow,
        "Like" | "EmojiReact" => Incoming::UndoLike,
        "Announce" => Incoming::UndoAnnounce,
        "Block" => Incoming::UndoBlock,
        "Offer" => Incoming::UndoOffer,
        "Join" => Incoming::Leave,
        _ => {
            return Ok(super::unknown(
                envelope,
                Some(undone),
                "there is nothing here that this could take back",
            ));
        }
    };
    let id = envelope::id(map, "object.id", &envelope.actor)?;
    let inner = envelope::thing(map.get("object"));
    // An agreement that is only offered has no id yet; what it is about stands for it.
    let object = match (undone, super::crossing::about(inner)) {
        ("Offer", Some(call)) if inner.id().is_none() => call,
        _ => target(inner)?,
    };
    Ok(make(Act { id, actor: envelope.actor.clone(), object }))
}

/// An undo that gives nothing but an id.
pub(super) fn undo_by_id(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    let IdOrObject::Id(undone) = object else {
        return Err(missing(object));
    };
    origins::belongs("object", &origins::address("object", undone)?, &envelope.actor)?;
    Ok(Incoming::UndoById { actor: envelope.actor.clone(), undone: undone.to_owned() })
}

/// A deletion: of the actor itself, or of a thing by id, by tombstone or by the whole thing.
pub(super) fn delete(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    let actor = envelope.actor.clone();
    let id = object.id().ok_or_else(|| missing(object))?;
    let thing = origins::address("object", id)?;
    if thing == actor {
        return Ok(Incoming::DeleteActor { actor });
    }
    origins::belongs("object", &thing, &actor)?;
    let mut former_type = None;
    if let IdOrObject::Object(map) = object {
        foreign::must_be_by(map, &actor)?;
        former_type = former(map);
    }
    Ok(Incoming::Delete { actor, object: thing, former_type })
}

/// A yes or a no.
pub(super) fn answer(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Answer, Refused> {
    let mut answer = Answer {
        actor: envelope.actor.clone(),
        kind: None,
        id: object.id().map(|id| origins::address("object", id).map(|_| id.to_owned())).transpose()?,
        asker: None,
        about: None,
        result: result(envelope)?,
        words: words(envelope)?,
    };
    match object {
        IdOrObject::Id(_) => {}
        IdOrObject::Object(map) => {
            answer.kind = Some(super::short(envelope::kind(map)?));
            answer.asker = envelope::person(map, "actor")?;
            answer.about = target(envelope::thing(map.get("object"))).ok();
        }
        IdOrObject::Missing | IdOrObject::Several(_) => return Err(missing(object)),
    }
    Ok(answer)
}

/// What came of an answer, by id or whole.
fn result(envelope: &Envelope) -> Result<Option<Url>, Refused> {
    let result = envelope::thing(envelope.map().and_then(|map| map.get("result")));
    let Some(id) = result.id() else { return Ok(None) };
    let url = origins::address("result", id)?;
    origins::belongs("result", &url, &envelope.actor)?;
    Ok(Some(url))
}

pub(super) fn words(envelope: &Envelope) -> Result<String, Refused> {
    let content = envelope.map().and_then(|map| shapes::text(map, "content")).unwrap_or_default();
    limits::at_most("content", content.len(), limits::CONTENT)?;
    Ok(html::words(content))
}

/// A tie that somebody proposes: an affiliation, or a part in a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The id of the `Offer`, exactly as it came.
    pub id: String,
    /// Who proposes; one of the two sides.
    pub actor: Url,
    /// The id of the tie, of the same origin as who proposes.
    pub tie: Url,
    /// Who would be tied.
    pub subject: Url,
    /// The meaning of the tie: its address in full.
    pub relationship: String,
    /// To whom, or to what.
    pub object: Url,
    /// What is said about it, plain text: a mandate, the words of an offer.
    pub words: String,
    /// The name of the part, plain text.
    pub name: Option<String>,
    /// The stamp of consent of who proposes (FEP-7aa9); of the same origin.
    pub stamp: Option<Url>,
    /// When it was proposed, as its sender claims.
    pub published: Option<Moment>,
}

/// `Offer{Relationship}`.
pub(super) fn proposed(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    let map = map_of(object)?;
    foreign::must_be_by(map, &envelope.actor)?;
    let id = envelope.id.clone().ok_or(Refused::Missing("id"))?;
    let tie = origins::address("object.id", object.id().ok_or(Refused::Missing("object.id"))?)?;
    origins::belongs("object.id", &tie, &envelope.actor)?;
    let end = |key: &'static str| {
        let id = map.get(key).and_then(shapes::id_of).ok_or(Refused::Missing(key))?;
        origins::fetchable(key, id)
    };
    let relationship = shapes::text(map, "relationship").ok_or(Refused::Missing("relationship"))?;
    let content = shapes::text(map, "content").unwrap_or_default();
    limits::at_most("content", content.len(), limits::CONTENT)?;
    Ok(Incoming::Proposed(Box::new(Proposed {
        id,
        actor: envelope.actor.clone(),
        tie,
        subject: end("subject")?,
        relationship: context::own_term(relationship),
        object: end("object")?,
        words: html::words(content),
        name: foreign::name(map)?,
        stamp: result(envelope)?,
        published: envelope.published,
    })))
}

/// A move is told by who moves (ActivityPub has no other authority for it).
pub(super) fn moved(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    if target(object)? != envelope.actor {
        return Err(Refused::NotTheirs("object"));
    }
    let to = envelope.map().and_then(|map| map.get("target"));
    let object = target(envelope::thing(to)).map_err(|_| Refused::Missing("target"))?;
    Ok(Incoming::Move(Act { id: envelope.id.clone(), actor: envelope.actor.clone(), object }))
}

/// A report names actors and things in any order.
pub(super) fn flag(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    let raw = envelope.map().and_then(|map| map.get("object"));
    let reported = shapes::many(raw);
    limits::at_most("object", reported.len(), limits::REPORTED)?;
    let objects: Vec<Url> =
        reported.iter().filter_map(|thing| origins::address("object", shapes::id_of(thing)?).ok()).collect();
    if objects.is_empty() {
        return Err(missing(object));
    }
    let content = envelope.map().and_then(|map| shapes::text(map, "content")).unwrap_or_default();
    limits::at_most("content", content.len(), limits::CONTENT)?;
    Ok(Incoming::Flag { actor: envelope.actor.clone(), objects, words: html::words(content) })
}

fn target(object: IdOrObject<'_>) -> Result<Url, Refused> {
    origins::address("object", object.id().ok_or_else(|| missing(object))?)
}

fn missing(object: IdOrObject<'_>) -> Refused {
    match object {
        IdOrObject::Several(_) => Refused::Several("object"),
        IdOrObject::Object(_) => Refused::Missing("object.id"),
        _ => Refused::Missing("object"),
    }
}

fn former(map: &Map<String, Value>) -> Option<String> {
    match envelope::kind(map).ok()? {
        "Tombstone" => shapes::text(map, "formerType").map(|kind| super::short(shapes::type_name(kind))),
        kind => Some(super::short(kind)),
    }
}
