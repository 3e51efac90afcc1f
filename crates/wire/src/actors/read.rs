//! An actor document of somebody else as plain facts.
//!
//! Everything an actor owns lives where the actor lives (scheme, host and port): what does not is left out,
//! and an inbox elsewhere refuses the whole actor. `url` is a page to link to, never who the actor is.

use folkmoot_domain::{Moment, actors::ActorKind, associations::AssociationKind};
use serde_json::{Map, Value};
use url::Url;

use crate::{Refused, context, envelope, foreign, html, limits, origins, shapes};

/// Longest user name we show.
const USERNAME: usize = 200;

/// An actor of another server, as it describes itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ActorRead {
    /// Its ActivityPub id: who it is.
    pub id: Url,
    /// What it is.
    pub kind: ActorKind,
    /// The part of its handle before the second `@`.
    pub username: String,
    /// The handle it claims under another host (FEP-2c59), unchecked: `user@host`.
    pub webfinger: Option<String>,
    /// Display name, plain text; the user name where it gives none.
    pub name: String,
    /// About it, safe HTML.
    pub summary: String,
    /// Where to post what is meant for it.
    pub inbox: Url,
    /// Where to post once for everyone on its server.
    pub shared_inbox: Option<Url>,
    /// Its outbox.
    pub outbox: Option<Url>,
    /// Its followers collection.
    pub followers: Option<Url>,
    /// Its pinned items.
    pub featured: Option<Url>,
    /// Its page, of the same origin; the id where there is none.
    pub page: Url,
    /// Its public keys that it owns itself.
    pub keys: Vec<KeyRead>,
    /// Where it has moved to, unchecked.
    pub moved_to: Option<Url>,
    /// Other ids it says it also has, unchecked.
    pub also_known_as: Vec<Url>,
    /// Its ties to other associations.
    pub affiliates: Option<Url>,
    /// What kind of association it is.
    pub association: Option<AssociationKind>,
    /// May it be found? Not unless it says so.
    pub discoverable: bool,
    /// Its picture.
    pub icon: Option<Url>,
    /// Does it look at each follower before it says yes?
    pub approves_followers: bool,
    /// When it last changed, as it claims.
    pub updated: Option<Moment>,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRead {
    /// Its id exactly as it came; of the same origin as its owner.
    pub id: String,
    /// SPKI in PEM, not yet parsed.
    pub pem: String,
}

impl ActorRead {
    /// Reads a document that was fetched from `from`: its id must be that address (FEP-fe34).
    pub fn fetched(document: &Value, from: &Url) -> Result<Self, Refused> {
        let map = document.as_object().ok_or(Refused::NotAnObject)?;
        let actor = Self::read(map)?;
        if &actor.id == from { Ok(actor) } else { Err(Refused::Malformed("id")) }
    }

    /// The key with this id.
    pub fn key(&self, id: &str) -> Option<&KeyRead> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// The host (and port) of its id: the only part of its handle that it cannot make up.
    pub fn host(&self) -> String {
        let host = self.id.host_str().unwrap_or_default();
        self.id.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    pub(crate) fn read(map: &Map<String, Value>) -> Result<Self, Refused> {
        context::must_not_redefine(map)?;
        let kind = envelope::kind(map)?;
        let kind = ActorKind::parse(kind).ok_or_else(|| Refused::NotRead(kind.chars().take(40).collect()))?;
        let id = origins::fetchable("id", shapes::text(map, "id").ok_or(Refused::Missing("id"))?)?;
        let username = username(map)?;
        let inbox =
            origins::fetchable("inbox", shapes::text(map, "inbox").ok_or(Refused::Missing("inbox"))?)?;
        origins::belongs("inbox", &inbox, &id)?;
        let (summary, _) = shapes::text_in(map, "summary");
        limits::at_most("summary", summary.unwrap_or_default().len(), limits::SUMMARY)?;
        let own = |value: Option<&Value>| {
            let url = origins::fetchable("url", shapes::id_of(value?)?).ok()?;
            origins::same_origin(&url, &id).then_some(url)
        };
        let shared = map
            .get("endpoints")
            .and_then(|endpoints| endpoints.get("sharedInbox"))
            .or_else(|| map.get("sharedInbox"));
        Ok(Self {
            kind,
            webfinger: webfinger(map),
            name: foreign::name(map)?.unwrap_or_else(|| username.clone()),
            username,
            summary: html::safe(summary.unwrap_or_default()),
            inbox,
            shared_inbox: own(shared),
            outbox: own(map.get("outbox")),
            followers: own(map.get("followers")),
            featured: own(map.get("featured")),
            page: foreign::page(map, &id),
            keys: keys(map, &id)?,
            moved_to: map
                .get("movedTo")
                .and_then(shapes::id_of)
                .and_then(|to| origins::fetchable("movedTo", to).ok()),
            also_known_as: also_known_as(map)?,
            affiliates: own(map.get("civ:affiliates")),
            association: shapes::text(map, "civ:kind").and_then(super::write::read_kind),
            discoverable: map.get("discoverable").and_then(Value::as_bool).unwrap_or(false),
            icon: icon(map),
            approves_followers: map
                .get("manuallyApprovesFollowers")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            updated: shapes::moment(map, "updated"),
            id,
        })
    }
}

/// A user name is shown and looked up, so it is one visible word.
fn username(map: &Map<String, Value>) -> Result<String, Refused> {
    let name = shapes::text(map, "preferredUsername").ok_or(Refused::Missing("preferredUsername"))?;
    let fits = name.len() <= USERNAME
        && html::one_line(name) == name
        && !name.contains(|c: char| c.is_whitespace() || "@/:?#<>\"'".contains(c));
    if fits { Ok(name.to_owned()) } else { Err(Refused::Malformed("preferredUsername")) }
}

fn webfinger(map: &Map<String, Value>) -> Option<String> {
    let handle = shapes::text(map, "webfinger")?;
    crate::webfinger::Account::parse(handle).map(|account| account.to_string())
}

/// The keys the actor owns. A key that names another owner, or lives elsewhere, is none of its.
fn keys(map: &Map<String, Value>, id: &Url) -> Result<Vec<KeyRead>, Refused> {
    let given = shapes::many(map.get("publicKey"));
    limits::at_most("publicKey", given.len(), limits::KEYS)?;
    let mut keys: Vec<KeyRead> = Vec::new();
    for key in given.iter().filter_map(Value::as_object) {
        let (Some(key_id), Some(pem)) = (shapes::text(key, "id"), shapes::text(key, "publicKeyPem")) else {
            continue;
        };
        limits::at_most("publicKeyPem", pem.len(), limits::PEM)?;
        let owned = key.get("owner").and_then(shapes::id_of).is_none_or(|owner| owner == id.as_str());
        let near = origins::address("publicKey.id", key_id).is_ok_and(|at| origins::same_origin(&at, id));
        if owned && near {
            keys.push(KeyRead { id: key_id.to_owned(), pem: pem.to_owned() });
        }
    }
    Ok(keys)
}

fn also_known_as(map: &Map<String, Value>) -> Result<Vec<Url>, Refused> {
    let given = shapes::many(map.get("alsoKnownAs"));
    limits::at_most("alsoKnownAs", given.len(), limits::ALIASES)?;
    Ok(given
        .iter()
        .filter_map(|other| origins::fetchable("alsoKnownAs", shapes::id_of(other)?).ok())
        .collect())
}

/// The picture; a list means sizes, of which the last is the largest where it matters.
fn icon(map: &Map<String, Value>) -> Option<Url> {
    let picture = shapes::many(map.get("icon")).last()?;
    let at = picture.get("url").map_or(Some(picture), |url| shapes::many(Some(url)).first())?;
    origins::link(shapes::href_of(at)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn actor() -> Value {
        json!({
            "id": "https://b.example/users/bob", "type": "Person", "preferredUsername": "bob",
            "inbox": "https://b.example/users/bob/inbox", "endpoints": {"sharedInbox": "https://b.example/inbox"},
            "followers": {"id": "https://b.example/users/bob/followers", "type": "Collection"},
            "summary": "<p>Hi<script>alert(1)</script></p>", "name": "Bob\u{202e}",
            "url": "https://b.example/@bob",
            "publicKey": {"id": "https://b.example/users/bob#main-key", "owner": "https://b.example/users/bob", "publicKeyPem": "PEM"},
        })
    }

    #[expect(clippy::needless_pass_by_value, reason = "json! makes values that nobody else holds")]
    fn with(change: Value) -> Result<ActorRead, Refused> {
        let mut actor = actor();
        for (key, value) in change.as_object().unwrap() {
            actor[key] = value.clone();
        }
        ActorRead::read(actor.as_object().unwrap())
    }

    #[test]
    fn an_honest_actor_is_read() {
        let bob = ActorRead::fetched(&actor(), &Url::parse("https://b.example/users/bob").unwrap()).unwrap();
        assert_eq!(bob.name, "Bob");
        assert_eq!(bob.summary, "<p>Hi</p>");
        assert_eq!(bob.host(), "b.example");
        assert_eq!(bob.followers.as_ref().unwrap().path(), "/users/bob/followers");
        assert_eq!(bob.shared_inbox.as_ref().unwrap().path(), "/inbox");
        assert_eq!(bob.key("https://b.example/users/bob#main-key").unwrap().pem, "PEM");
        assert_eq!(bob.key("https://b.example/users/bob#other"), None);
    }

    #[test]
    fn who_it_is_was_asked_for() {
        let elsewhere = Url::parse("https://evil.example/users/bob").unwrap();
        assert_eq!(ActorRead::fetched(&actor(), &elsewhere), Err(Refused::Malformed("id")));
        assert_eq!(with(json!({"id": null})), Err(Refused::Missing("id")));
        assert_eq!(with(json!({"id": ["https://b.example/users/bob"]})), Err(Refused::Missing("id")));
        assert_eq!(with(json!({"type": ["Person", "Group"]})), Err(Refused::Several("type")));
        assert_eq!(with(json!({"type": "Note"})), Err(Refused::NotRead("Note".to_owned())));
        assert_eq!(with(json!({"inbox": "https://evil.example/inbox"})), Err(Refused::OtherOrigin("inbox")));
        assert_eq!(
            with(json!({"preferredUsername": "bob@evil.example"})),
            Err(Refused::Malformed("preferredUsername"))
        );
    }

    #[test]
    fn what_lives_elsewhere_is_left_out() {
        let bob = with(json!({
            "endpoints": {"sharedInbox": "https://evil.example/inbox"}, "followers": "http://b.example/users/bob/followers",
            "url": "https://victim.example/@victim", "webfinger": "not a handle",
        }))
        .unwrap();
        assert_eq!((bob.shared_inbox, bob.followers, bob.webfinger), (None, None, None));
        assert_eq!(bob.page, bob.id);
    }

    #[test]
    fn only_keys_of_its_own_count() {
        let key = |id: &str, owner: &str| json!({"id": id, "owner": owner, "publicKeyPem": "PEM"});
        let own = "https://b.example/users/bob";
        for foreign in [
            key("https://evil.example/#key", own),
            key("https://b.example/users/eve#key", "https://b.example/users/eve"),
            json!("https://b.example/users/bob#main-key"),
            json!({"id": "https://b.example/users/bob#main-key", "owner": own}),
        ] {
            assert_eq!(with(json!({"publicKey": foreign})).unwrap().keys, []);
        }
        let two =
            json!([key("https://b.example/users/bob#1", own), key("https://b.example/users/bob#2", own)]);
        assert_eq!(with(json!({"publicKey": two})).unwrap().keys.len(), 2);
        let farm: Vec<Value> =
            (0..10_000).map(|n| key(&format!("https://b.example/users/bob#{n}"), own)).collect();
        assert_eq!(with(json!({"publicKey": farm})), Err(Refused::TooMuch { what: "publicKey", most: 10 }));
        let huge =
            json!({"id": "https://b.example/users/bob#1", "owner": own, "publicKeyPem": "x".repeat(9_000)});
        assert!(matches!(with(json!({"publicKey": huge})), Err(Refused::TooMuch { .. })));
    }
}
