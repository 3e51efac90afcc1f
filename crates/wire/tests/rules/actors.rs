//! What holds for every actor.

use serde_json::Value;

use super::{Check, kind, same_host, text};

impl Check {
    pub(super) fn actor(&mut self, actor: &Value) {
        let id = text(actor, "id");
        for key in [
            "inbox",
            "outbox",
            "followers",
            "following",
            "url",
            "publicKey",
            "preferredUsername",
            "name",
            "webfinger",
            "published",
        ] {
            self.that(
                actor.get(key).is_some_and(|value| !value.is_null()),
                &format!("an actor has \u{201c}{key}\u{201d}"),
            );
        }
        for key in ["inbox", "outbox", "followers", "following", "featured", "url"] {
            self.that(
                actor.get(key).is_none() || same_host(text(actor, key), id),
                "5: everything of one actor is on one host",
            );
        }
        let key = &actor["publicKey"];
        self.that(
            text(key, "id") == format!("{id}#main-key") && text(key, "owner") == id,
            "6: one embedded key, named after its owner",
        );
        self.that(
            text(key, "publicKeyPem").starts_with("-----BEGIN PUBLIC KEY-----"),
            "6: the key is SPKI in PEM",
        );
        self.that(
            same_host(text(&actor["endpoints"], "sharedInbox"), id),
            "8: endpoints have a shared inbox",
        );
        let rows =
            |row: &Value| kind(row) == "PropertyValue" && row["name"].is_string() && row["value"].is_string();
        self.that(
            actor["attachment"].as_array().is_some_and(|list| list.iter().all(rows)),
            "11: an actor's attachments are rows",
        );
        let quiet = actor["discoverable"] == (kind(actor) == "Group");
        self.that(quiet, "associations are found; people and the instance are not, unless they ask");
    }
}
