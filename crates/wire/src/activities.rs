//! Activities: what we tell others about what became true.
//!
//! Each takes its id and its parts and gives the activity without a context; [`crate::document`] makes its
//! bytes, once. `to` and `cc` are always lists. Objects are embedded where peers need them embedded.

use folkmoot_domain::{Moment, actors::Actor, addresses::Addresses, items::ItemKind};
use serde_json::{Map, Value, json};
use url::Url;

use crate::{
    PUBLIC,
    posts::{self, For},
};

/// Something is published. Author, audience and date are those of the object (ActivityPub 6.2).
pub fn create(id: &Url, object: Value) -> Value {
    said(id, "Create", object, None)
}

/// Something changed (ActivityPub 6.3): an item, a poll's tallies, or an actor's profile.
pub fn update(id: &Url, object: Value, at: Moment) -> Value {
    said(id, "Update", object, Some(at))
}

/// Something is deleted, and what stands in its place (ActivityPub 6.4). Gancio needs `formerType`.
pub fn delete(
    id: &Url,
    actor: &Actor,
    object: &Url,
    former_type: &str,
    at: Moment,
    addresses: &Addresses,
) -> Value {
    let (to, cc) = posts::audience(For::Everyone, actor, addresses);
    let object = tombstone(object, former_type, at);
    json!({"id": id, "type": "Delete", "actor": actor.uri, "published": at.rfc3339(), "to": to, "cc": cc, "object": object})
}

/// An actor is gone for good; everything it said goes with it.
pub fn delete_actor(id: &Url, actor: &Actor, at: Moment, addresses: &Addresses) -> Value {
    let (to, cc) = posts::audience(For::Everyone, actor, addresses);
    let uri = &actor.uri;
    json!({"id": id, "type": "Delete", "actor": uri, "published": at.rfc3339(), "to": to, "cc": cc, "object": uri})
}

/// The type under which an item went out, for the `formerType` of its `Tombstone`.
pub fn former_type(kind: ItemKind, one_tap: bool) -> &'static str {
    match kind {
        ItemKind::Event => "Event",
        ItemKind::Call if one_tap => "Question",
        ItemKind::Call | ItemKind::Project | ItemKind::Update => "Note",
    }
}

/// What stands at an id whose thing is gone (ActivityStreams, `Tombstone`).
pub fn tombstone(id: &Url, former_type: &str, deleted: Moment) -> Value {
    json!({"id": id, "type": "Tombstone", "formerType": former_type, "deleted": deleted.rfc3339()})
}

/// A boost: by id only, and for everyone, else it is invisible. `author` hears of it.
pub fn announce(
    id: &Url,
    actor: &Actor,
    object: &Url,
    author: Option<&Url>,
    at: Moment,
    addresses: &Addresses,
) -> Value {
    let mut cc = vec![posts::followers(actor, addresses)];
    cc.extend(author.filter(|author| **author != actor.uri).cloned());
    json!({
        "id": id,
        "type": "Announce",
        "actor": actor.uri,
        "published": at.rfc3339(),
        "to": [PUBLIC],
        "cc": cc,
        "object": object,
    })
}

/// Takes back an activity of ours, which is embedded: a like cannot be undone by its id alone.
pub fn undo(id: &Url, mut undone: Value, at: Moment) -> Value {
    if let Some(map) = undone.as_object_mut() {
        map.shift_remove("@context");
    }
    let actor = undone.get("actor").cloned().unwrap_or_default();
    about(id, "Undo", actor, undone, Some(at))
}

/// A follow as it was asked: its id exactly as it came, who asks, and whom.
#[derive(Debug, Clone, Copy)]
pub struct FollowSaid<'a> {
    /// The id of the `Follow`, exactly as it came; there may be none.
    pub id: Option<&'a str>,
    /// Who asks.
    pub follower: &'a Url,
    /// Whom they want to follow.
    pub followed: &'a Url,
}

/// Somebody may follow one of ours. The whole `Follow` is embedded: some peers look it up by its id,
/// others by its actor (ActivityPub 7.5).
pub fn accept_follow(id: &Url, follow: FollowSaid<'_>) -> Value {
    answer(id, "Accept", follow)
}

/// Somebody may not follow, or no longer.
pub fn reject_follow(id: &Url, follow: FollowSaid<'_>) -> Value {
    answer(id, "Reject", follow)
}

/// One of ours wants to follow somebody.
pub fn follow(id: &Url, actor: &Url, followed: &Url) -> Value {
    json!({"id": id, "type": "Follow", "actor": actor, "to": [followed], "cc": [], "object": followed})
}

fn answer(id: &Url, verb: &str, follow: FollowSaid<'_>) -> Value {
    let mut asked = Map::new();
    if let Some(id) = follow.id {
        asked.insert("id".into(), json!(id));
    }
    asked.insert("type".into(), json!("Follow"));
    asked.insert("actor".into(), json!(follow.follower));
    asked.insert("object".into(), json!(follow.followed));
    json!({"id": id, "type": verb, "actor": follow.followed, "to": [follow.follower], "cc": [], "object": asked})
}

/// One of ours lives elsewhere now: told to its followers, and to those tied to it. The new one names it in `alsoKnownAs`.
pub fn moved(id: &Url, actor: &Actor, target: &Url, at: Moment, addresses: &Addresses) -> Value {
    let (uri, followers) = (&actor.uri, posts::followers(actor, addresses));
    json!({
        "id": id, "type": "Move", "actor": uri, "published": at.rfc3339(),
        "to": [followers], "cc": [], "object": uri, "target": target,
    })
}

/// What stands at an id of ours whose thing went elsewhere with its association: as it was, with where it is.
pub fn lead_on(document: &mut Value, to: &Url) {
    if let Some(map) = document.as_object_mut() {
        map.insert("civ:movedTo".into(), json!(to));
    }
}

/// An activity about a whole object by its author; an actor speaks for itself.
fn said(id: &Url, verb: &str, object: Value, at: Option<Moment>) -> Value {
    let author = object.get("attributedTo").or_else(|| object.get("id"));
    let author = author.cloned().unwrap_or_default();
    about(id, verb, author, object, at)
}

/// Audience and (unless given) date are those of the object. A profile is for everyone and its followers.
fn about(id: &Url, verb: &str, actor: Value, object: Value, at: Option<Moment>) -> Value {
    let of = |key: &str| object.get(key).cloned();
    let to = of("to").unwrap_or_else(|| json!([PUBLIC]));
    let cc = of("cc").unwrap_or_else(|| of("followers").into_iter().collect());
    let published = at.map(|at| json!(at.rfc3339())).or_else(|| of("published")).unwrap_or_default();
    let mut activity = Map::new();
    activity.insert("id".into(), json!(id));
    activity.insert("type".into(), json!(verb));
    activity.insert("actor".into(), actor);
    activity.insert("published".into(), published);
    activity.insert("to".into(), to);
    activity.insert("cc".into(), cc);
    activity.insert("object".into(), object);
    Value::Object(activity)
}
