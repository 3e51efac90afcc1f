//! Public keys as actors publish them, read so that a key can only ever speak for its own actor.
//!
//! A key counts when the document is the actor's own, the key names that actor as its owner, and its id
//! lies with the actor: the actor's id with a fragment, or a path below it as GoToSocial's `/main-key`
//! (whose stub document has the actor's id and embeds the same key). A document that is only a key, an
//! `acct:` name or a key on another host is refused. Nothing is fetched here. Start at [`named`].

use serde_json::Value;

use crate::remote_id::RemoteId;

/// Most keys one actor may publish; beyond it none is read.
pub const MOST_KEYS: usize = 10;

/// An actor's public key; whoever holds one knows that `id` and `owner` belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The id requests are signed with.
    pub id: String,
    /// The actor's id.
    pub owner: String,
    /// The key itself, as published; not yet known to be a usable RSA key.
    pub pem: String,
}

/// Why a key is not taken from a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The document has another id than the actor.
    #[error("the document is not that of the actor")]
    OtherDocument,
    /// More than [`MOST_KEYS`].
    #[error("the actor publishes too many keys")]
    TooMany,
    /// No key of that id, or one that breaks a rule of this module.
    #[error("the actor does not publish that key")]
    NotPublished,
}

/// The key `key_id` of `actor`, out of the actor's document.
pub fn named(document: &Value, actor: &RemoteId, key_id: &RemoteId) -> Result<PublicKey, KeyFault> {
    published(document, actor)?
        .into_iter()
        .find(|key| key.id == key_id.as_str())
        .ok_or(KeyFault::NotPublished)
}

/// Every usable key of `actor`, out of the actor's document. Entries that break a rule are left out.
pub fn published(document: &Value, actor: &RemoteId) -> Result<Vec<PublicKey>, KeyFault> {
    if document.get("id").and_then(Value::as_str) != Some(actor.as_str()) {
        return Err(KeyFault::OtherDocument);
    }
    let entries = match document.get("publicKey") {
        Some(Value::Array(list)) if list.len() > MOST_KEYS => return Err(KeyFault::TooMany),
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    Ok(entries.iter().filter_map(|entry| key(entry, actor)).collect())
}

/// Whether a key id may belong to an actor at all, judged by its text: same origin, and either the actor's
/// id with a fragment (or none), or a path below it.
pub fn lies_with(key_id: &RemoteId, actor: &RemoteId) -> bool {
    let document = key_id.as_str().split_once('#').map_or(key_id.as_str(), |(document, _)| document);
    let below = actor.as_str().strip_suffix('/').unwrap_or(actor.as_str());
    let lies_below =
        document.strip_prefix(below).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    key_id.same_origin(actor) && (document == actor.as_str() || lies_below)
}

fn key(entry: &Value, actor: &RemoteId) -> Option<PublicKey> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let id = RemoteId::parse(text("id")?).ok()?;
    let owner = text("owner").filter(|owner| *owner == actor.as_str())?;
    let pem = text("publicKeyPem")?;
    lies_with(&id, actor).then(|| PublicKey {
        id: id.as_str().to_owned(),
        owner: owner.to_owned(),
        pem: pem.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{captured, signatures::SignatureHeader};

    const ACTOR: &str = "https://a.example/users/bob";

    fn id(text: &str) -> RemoteId {
        RemoteId::parse(text).unwrap()
    }

    fn actor_with(key: impl Into<Value>) -> Value {
        let key: Value = key.into();
        json!({"id": ACTOR, "type": "Person", "publicKey": key})
    }

    fn key_of(id: &str, owner: &str) -> Value {
        json!({"id": id, "owner": owner, "publicKeyPem": "PEM"})
    }

    fn find(document: &Value, key_id: &str) -> Result<PublicKey, KeyFault> {
        named(document, &id(ACTOR), &id(key_id))
    }

    #[test]
    fn keys_lie_with_their_actor() {
        for (key_id, actor) in [
            ("https://a.example/users/bob#main-key", ACTOR),
            ("https://a.example/users/bob/main-key", ACTOR),
            ("https://a.example/users/bob", ACTOR),
            ("https://a.example/users/bob/#main-key", ACTOR),
            ("https://a.example/@bob/#main-key", "https://a.example/@bob/"),
            ("https://a.example/?author=1#main-key", "https://a.example/?author=1"),
            ("https://a.example/#main-key", "https://a.example"),
        ] {
            let document = json!({"id": actor, "publicKey": key_of(key_id, actor)});
            assert_eq!(named(&document, &id(actor), &id(key_id)).unwrap().pem, "PEM", "{key_id}");
            let in_a_list = json!({"id": actor, "publicKey": ["https://a.example/k", key_of(key_id, actor)]});
            assert_eq!(named(&in_a_list, &id(actor), &id(key_id)).unwrap().owner, actor);
        }
    }

    /// KEY-01: a key beside the actor, on another host, scheme or port, is nobody's.
    #[test]
    fn keys_elsewhere_do_not() {
        for key_id in [
            "https://b.example/users/bob#main-key",
            "http://a.example/users/bob#main-key",
            "https://a.example:8443/users/bob#main-key",
            "https://a.example/users/bobby#main-key",
            "https://a.example/users/mallory#main-key",
            "https://a.example/media/upload.json",
            "https://a.example/users/bob?x#main-key",
        ] {
            let document = actor_with(key_of(key_id, ACTOR));
            assert_eq!(find(&document, key_id), Err(KeyFault::NotPublished), "{key_id}");
        }
    }

    /// KEY-05: a document that is only a key, or another actor's, proves nothing.
    #[test]
    fn only_the_actor_s_own_document_counts() {
        let key_id = "https://a.example/users/bob#main-key";
        let elsewhere = json!({"id": "https://a.example/users/eve", "publicKey": key_of(key_id, ACTOR)});
        assert_eq!(find(&elsewhere, key_id), Err(KeyFault::OtherDocument));
        assert_eq!(find(&key_of(key_id, ACTOR), key_id), Err(KeyFault::OtherDocument));
        assert_eq!(find(&json!({"publicKey": key_of(key_id, ACTOR)}), key_id), Err(KeyFault::OtherDocument));
        assert_eq!(find(&json!([]), key_id), Err(KeyFault::OtherDocument));
        let of_another = actor_with(key_of(key_id, "https://a.example/users/eve"));
        assert_eq!(find(&of_another, key_id), Err(KeyFault::NotPublished));
        let unowned = actor_with(json!({"id": key_id, "publicKeyPem": "PEM"}));
        assert_eq!(find(&unowned, key_id), Err(KeyFault::NotPublished));
    }

    /// KEY-09.
    #[test]
    fn too_many_keys_are_none() {
        let key_id = format!("{ACTOR}#main-key");
        let many = |count| actor_with(Value::Array(vec![key_of(&key_id, ACTOR); count]));
        assert_eq!(published(&many(MOST_KEYS), &id(ACTOR)).unwrap().len(), MOST_KEYS);
        assert_eq!(published(&many(10_000), &id(ACTOR)), Err(KeyFault::TooMany));
    }

    /// KEY-04, and keys of no shape at all.
    #[test]
    fn what_is_no_key_is_left_out() {
        for key in [
            json!(null),
            json!("https://a.example/users/bob#main-key"),
            json!({"id": 7, "owner": ACTOR, "publicKeyPem": "PEM"}),
            json!({"id": "acct:bob@a.example", "owner": ACTOR, "publicKeyPem": "PEM"}),
            json!({"id": ACTOR, "owner": [ACTOR], "publicKeyPem": "PEM"}),
            json!({"id": ACTOR, "owner": ACTOR}),
        ] {
            assert_eq!(published(&actor_with(key.clone()), &id(ACTOR)), Ok(vec![]), "{key}");
        }
        assert_eq!(published(&json!({"id": ACTOR}), &id(ACTOR)), Ok(vec![]));
    }

    #[test]
    fn the_keys_of_real_actors_are_found_by_what_they_sign_with() {
        for request in captured::requests() {
            let header = request.parts.headers["signature"].to_str().unwrap();
            let key_id = id(&SignatureHeader::parse(header).unwrap().key_id);
            let actor = id(request.actor["id"].as_str().unwrap());
            let key = named(&request.actor, &actor, &key_id).unwrap();
            assert!(key.pem.contains("BEGIN PUBLIC KEY"), "{}", request.name);
        }
    }
}
