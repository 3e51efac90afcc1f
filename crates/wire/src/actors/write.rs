//! Our own actors: the `Group` of an association, the `Application` of the instance, the `Person` of somebody.

use folkmoot_domain::{
    Moment,
    actors::Actor,
    addresses::Addresses,
    associations::{AssociationKind, AssociationSeen},
};
use serde_json::{Map, Value, json};

use crate::{
    context::{self, CIV},
    html, posts,
};

/// An association: followable from everywhere. `civ:kind` says which kind of association it is.
pub fn group(seen: &AssociationSeen, addresses: &Addresses) -> Value {
    let association = &seen.association;
    let mut map = head("Group", &seen.actor, addresses, association.founded);
    map.insert("summary".into(), json!(summary(seen)));
    map.insert("featured".into(), json!(addresses.under(&seen.actor.uri, "featured")));
    map.insert("manuallyApprovesFollowers".into(), json!(false));
    map.insert("discoverable".into(), json!(seen.actor.profile.discoverable));
    map.insert("indexable".into(), json!(seen.actor.profile.discoverable));
    // Nobody becomes a member by an activity (Mobilizon's word for it).
    map.insert("openness".into(), json!("moderated"));
    map.insert("attributionDomains".into(), json!([addresses.host()]));
    map.insert("attachment".into(), fields(seen));
    map.insert("tag".into(), battles(seen));
    map.insert("civ:kind".into(), json!(format!("civ:{}", kind_term(association.kind))));
    map.insert("featuredCollections".into(), json!(addresses.under(&seen.actor.uri, "collections")));
    map.insert("civ:affiliates".into(), json!(addresses.under(&seen.actor.uri, "affiliates")));
    if !seen.battles.is_empty() {
        let causes: Vec<_> = seen.battles.iter().map(|cause| &cause.uri).collect();
        map.insert("civ:cause".into(), json!(causes));
    }
    if let Some(place) = &association.place {
        map.insert("location".into(), posts::location(place));
    }
    Value::Object(map)
}

/// The instance itself: signs what we fetch and announces events to the servers that follow it.
pub fn application(actor: &Actor, addresses: &Addresses, since: Moment) -> Value {
    let mut map = head("Application", actor, addresses, since);
    map.insert("summary".into(), json!(actor.summary));
    map.insert("manuallyApprovesFollowers".into(), json!(false));
    map.insert("discoverable".into(), json!(false));
    map.insert("indexable".into(), json!(false));
    map.insert("attachment".into(), json!([]));
    Value::Object(map)
}

/// Somebody with an account here: private by default.
pub fn person(actor: &Actor, addresses: &Addresses, since: Moment) -> Value {
    let mut map = head("Person", actor, addresses, since);
    map.insert("summary".into(), json!(actor.summary));
    map.insert("manuallyApprovesFollowers".into(), json!(true));
    map.insert("discoverable".into(), json!(false));
    map.insert("indexable".into(), json!(false));
    map.insert("attachment".into(), json!([]));
    Value::Object(map)
}

/// What every actor has. All of it lives under one host, and the key is one embedded object.
fn head(kind: &str, actor: &Actor, addresses: &Addresses, since: Moment) -> Map<String, Value> {
    let under = |name: &str| json!(addresses.under(&actor.uri, name));
    let shared = actor.shared_inbox.clone().unwrap_or_else(|| addresses.shared_inbox());
    let mut map = Map::new();
    map.insert("id".into(), json!(actor.uri));
    map.insert("type".into(), json!(kind));
    map.insert("preferredUsername".into(), json!(actor.handle));
    map.insert("webfinger".into(), json!(format!("{}@{}", actor.handle, addresses.host())));
    map.insert("name".into(), json!(actor.name));
    map.insert("url".into(), json!(actor.page));
    map.insert("inbox".into(), json!(actor.inbox));
    map.insert("outbox".into(), under("outbox"));
    map.insert("followers".into(), json!(posts::followers(actor, addresses)));
    map.insert("following".into(), under("following"));
    map.insert("endpoints".into(), json!({"sharedInbox": shared}));
    map.insert("published".into(), json!(since.rfc3339()));
    let key = json!({"id": actor.key_id, "owner": actor.uri, "publicKeyPem": actor.public_key});
    map.insert("publicKey".into(), key);
    // Both halves of a move, each on its own end.
    if !actor.profile.also_known_as.is_empty() {
        map.insert("alsoKnownAs".into(), json!(actor.profile.also_known_as));
    }
    if let Some(to) = &actor.profile.moved_to {
        map.insert("movedTo".into(), json!(to));
    }
    map
}

fn summary(seen: &AssociationSeen) -> String {
    let sample = "<p>This is a sample: it shows how an association looks here, and none of it is real.</p>";
    if seen.association.sample {
        format!("{sample}{}", seen.actor.summary)
    } else {
        seen.actor.summary.clone()
    }
}

/// The rows under a profile.
fn fields(seen: &AssociationSeen) -> Value {
    let row = |name: &str, value: String| json!({"type": "PropertyValue", "name": name, "value": value});
    let mut rows = vec![row("What we are", html::escaped(kind_in_words(seen.association.kind)))];
    if let Some(place) = &seen.association.place {
        rows.push(row("Where", html::escaped(&place.name)));
    }
    let page = html::escaped(seen.actor.page.as_str());
    rows.push(row("What is going on", format!("<a href=\"{page}\" rel=\"me\">{page}</a>")));
    Value::Array(rows)
}

fn battles(seen: &AssociationSeen) -> Value {
    seen.battles
        .iter()
        .map(|cause| json!({"type": "Hashtag", "href": cause.page, "name": cause.hashtag()}))
        .collect()
}

fn kind_term(kind: AssociationKind) -> &'static str {
    match kind {
        AssociationKind::Residents => "Residents",
        AssociationKind::Charity => "Charity",
        AssociationKind::MutualAid => "MutualAid",
        AssociationKind::Club => "Club",
        AssociationKind::Trust => "Trust",
        AssociationKind::Campaign => "Campaign",
        AssociationKind::PublicBody => "PublicBody",
        AssociationKind::Alliance => "Alliance",
    }
}

/// Reads `civ:kind` of an association.
pub(super) fn read_kind(term: &str) -> Option<AssociationKind> {
    let full = context::own_term(term);
    let term = full.strip_prefix(CIV)?;
    AssociationKind::ALL.into_iter().map(|(kind, _)| kind).find(|kind| kind_term(*kind) == term)
}

fn kind_in_words(kind: AssociationKind) -> &'static str {
    match kind {
        AssociationKind::Residents => "A residents' association",
        AssociationKind::Charity => "A charity",
        AssociationKind::MutualAid => "A mutual aid group",
        AssociationKind::Club => "A club",
        AssociationKind::Trust => "A trust",
        AssociationKind::Campaign => "A campaign",
        AssociationKind::PublicBody => "A public body",
        AssociationKind::Alliance => "An alliance of associations",
    }
}
