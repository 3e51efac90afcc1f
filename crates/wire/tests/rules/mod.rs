//! The rules that decide whether other servers can work with what we say, as one check of one document.
//!
//! Rules 1 to 20 are those read out of the peers' own source; a server's behaviour (media type served,
//! unsigned GET, redirects) is no part of a document and is tested where it is served. The rest are our own
//! decisions about what goes over the wire.

mod actors;
mod noticed;
mod posts;

use std::collections::HashSet;

use folkmoot_domain::Moment;
use serde_json::{Map, Value};
use url::Url;

pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";
const SECURITY: &str = "https://w3id.org/security/v1";
const VERBS: [&str; 10] =
    ["Create", "Update", "Delete", "Announce", "Undo", "Accept", "Reject", "Follow", "Offer", "Move"];
const POSTS: [&str; 3] = ["Note", "Question", "Event"];
const ACTORS: [&str; 3] = ["Group", "Application", "Person"];

/// Words of ActivityStreams, ActivityPub and the security vocabulary that we may use without defining them.
const KNOWN: [&str; 54] = [
    "@context",
    "target",
    "id",
    "type",
    "actor",
    "object",
    "to",
    "cc",
    "attributedTo",
    "content",
    "contentMap",
    "mediaType",
    "url",
    "published",
    "updated",
    "attachment",
    "image",
    "width",
    "height",
    "tag",
    "name",
    "href",
    "inReplyTo",
    "replies",
    "likes",
    "shares",
    "location",
    "latitude",
    "longitude",
    "summary",
    "startTime",
    "endTime",
    "closed",
    "anyOf",
    "totalItems",
    "first",
    "next",
    "partOf",
    "items",
    "orderedItems",
    "inbox",
    "outbox",
    "followers",
    "following",
    "endpoints",
    "sharedInbox",
    "preferredUsername",
    "publicKey",
    "owner",
    "publicKeyPem",
    "formerType",
    "deleted",
    "subject",
    "relationship",
];
/// Keys of `PieFed` that no vocabulary defines; it fails when one is missing.
const PIEFED: [&str; 4] = ["onlineLink", "buyTicketsLink", "feeCurrency", "feeAmount"];
/// What is wrong with a document we are about to say; empty when nothing is.
pub fn obeys_the_rules(document: &Value) -> Vec<String> {
    let mut check = Check { wrong: Vec::new() };
    check.document(document);
    check.wrong
}

struct Check {
    wrong: Vec<String>,
}

impl Check {
    fn that(&mut self, holds: bool, rule: &str) {
        if !holds {
            self.wrong.push(rule.to_owned());
        }
    }

    fn document(&mut self, document: &Value) {
        let Some(map) = document.as_object() else {
            self.wrong.push("a document is one object".to_owned());
            return;
        };
        self.context(map);
        self.everywhere(document, &defined(map));
        let kind = kind(document);
        if VERBS.contains(&kind) {
            self.activity(map, kind);
        } else {
            self.thing(document);
        }
    }

    /// Rule 2: the exact string, own terms inline, nothing else to be fetched.
    fn context(&mut self, map: &Map<String, Value>) {
        let list = many(map.get("@context"));
        self.that(list.iter().any(|entry| entry == ACTIVITY_STREAMS), "2: the context names ActivityStreams");
        let remote =
            list.iter().filter_map(Value::as_str).all(|entry| entry == ACTIVITY_STREAMS || entry == SECURITY);
        self.that(remote, "2: no context has to be fetched");
        self.that(map.keys().next().is_some_and(|key| key == "@context"), "the context comes first");
    }

    /// Rules 1, 4, 7, 9, 12, 13, 20 and the keys, at every depth.
    fn everywhere(&mut self, value: &Value, defined: &HashSet<String>) {
        match value {
            Value::Array(list) => list.iter().for_each(|item| self.everywhere(item, defined)),
            Value::Object(map) => {
                for (key, inner) in map {
                    self.key(key, inner, defined);
                    if key != "@context" && key != "contentMap" {
                        self.everywhere(inner, defined);
                    }
                }
            }
            Value::String(text) => self.that(
                !matches!(text.as_str(), "as:Public" | "Public"),
                "9: the public collection is written in full",
            ),
            _ => {}
        }
    }

    fn key(&mut self, key: &str, inner: &Value, defined: &HashSet<String>) {
        let prefixed =
            key.split_once(':').is_some_and(|(prefix, _)| prefix == "civ" && defined.contains(prefix));
        let known = KNOWN.contains(&key) || PIEFED.contains(&key) || defined.contains(key) || prefixed;
        self.that(known, &format!("2: \u{201c}{key}\u{201d} is defined"));
        match key {
            "type" => self.that(inner.is_string(), "1: a type is one string"),
            "id" => self.that(
                inner.as_str().is_some_and(is_id),
                "4: an id is an address, and only keys and intents have fragments",
            ),
            "icon" | "image" => {
                let picture = inner.get("type").is_some_and(|kind| kind == "Image")
                    && inner.get("url").is_some_and(Value::is_string);
                self.that(picture, "7, 12: a picture is one typed object with an address");
            }
            "to" | "cc" => self.that(
                inner.as_array().is_some_and(|list| list.iter().all(is_address)),
                "9: to and cc are lists of addresses",
            ),
            "inbox" | "sharedInbox" => {
                let plain = inner
                    .as_str()
                    .and_then(|text| Url::parse(text).ok())
                    .is_some_and(|url| url.query().is_none());
                self.that(plain, "20: an inbox has no query");
            }
            "tag" => self.tags(inner),
            "published" | "updated" | "startTime" | "endTime" | "closed" | "deleted" => {
                self.that(inner.as_str().and_then(Moment::parse).is_some(), "dates are RFC 3339");
            }
            _ => {}
        }
    }

    fn tags(&mut self, tags: &Value) {
        let whole = |tag: &Value| {
            ["name", "href", "type"].into_iter().all(|key| tag.get(key).is_some_and(Value::is_string))
        };
        self.that(
            tags.as_array().is_some_and(|list| list.iter().all(whole)),
            "13: tags are a list, and each has a name",
        );
        for tag in many(Some(tags)) {
            let name = text(tag, "name");
            match text(tag, "type") {
                "Hashtag" => self.that(name.starts_with('#') && name.len() > 1, "a hashtag begins with #"),
                "Mention" => self
                    .that(name.starts_with('@') && name.matches('@').count() == 2, "a mention is @name@host"),
                // FEP-e232
                "Link" => self.that(
                    text(tag, "mediaType").starts_with("application/ld+json") && name.starts_with("RE: "),
                    "a link to an object says what it is",
                ),
                _ => self.that(false, "13: a tag is a Hashtag, a Mention or a Link"),
            }
        }
    }

    fn activity(&mut self, map: &Map<String, Value>, verb: &str) {
        for key in ["id", "actor", "to", "cc", "object"] {
            self.that(map.contains_key(key), &format!("9: an activity has \u{201c}{key}\u{201d}"));
        }
        self.that(!map.values().any(Value::is_null), "an activity has no empty property");
        let value = Value::Object(map.clone());
        self.that(
            same_host(text(&value, "id"), text(&value, "actor")),
            "5: an activity lives where its actor lives",
        );
        let object = map.get("object").unwrap_or(&Value::Null);
        match verb {
            "Create" | "Update" => self.about_whole(&value, object, verb),
            "Delete" if object.is_object() => {
                self.that(
                    kind(object) == "Tombstone" && !text(object, "formerType").is_empty(),
                    "a deletion says what it was",
                );
                self.that(same_host(text(object, "id"), text(&value, "actor")), "5: we delete what is ours");
            }
            "Delete" => self.that(object == &map["actor"], "only an actor is deleted by its id alone"),
            "Announce" => {
                self.that(object.is_string(), "18: a boost names the thing by id");
                self.public(&value);
            }
            "Move" => self.that(
                object == &map["actor"] && map.get("target").is_some_and(Value::is_string),
                "only an actor itself says that it moves, and where to",
            ),
            "Undo" => self.that(
                object.is_object() && object.get("actor") == map.get("actor"),
                "an undo embeds what its own actor did",
            ),
            // A no to a Note that quotes names it by its id; one to a boost embeds it.
            "Reject" if object.is_string() => {}
            "Reject" if kind(object) == "Announce" => self.that(
                many(map.get("to")).first() == object.get("actor"),
                "a no to a boost goes to whoever boosted",
            ),
            "Accept" | "Reject" => {
                self.that(
                    kind(object) != "Follow" || object.get("object") == map.get("actor"),
                    "an answer embeds the Follow of its actor",
                );
                self.that(matches!(kind(object), "Follow" | "Offer"), "an answer embeds what was asked");
                self.that(
                    many(map.get("to")).first() == object.get("actor"),
                    "an answer goes to whoever asked",
                );
            }
            "Offer" => self.that(
                object
                    .get("id")
                    .is_some_and(|id| same_host(id.as_str().unwrap_or_default(), text(&value, "actor"))),
                "an offer embeds what is offered, which lives where its actor lives",
            ),
            _ => self.that(object.is_string(), "a Follow names whom"),
        }
    }

    fn about_whole(&mut self, activity: &Value, object: &Value, verb: &str) {
        self.thing(object);
        let author = if ACTORS.contains(&kind(object)) { "id" } else { "attributedTo" };
        self.that(object.get(author) == activity.get("actor"), "the actor is the author");
        if POSTS.contains(&kind(object)) {
            self.that(
                object.get("to") == activity.get("to") && object.get("cc") == activity.get("cc"),
                "activity and object have one audience",
            );
        }
        self.that(
            verb != "Create" || object.get("published") == activity.get("published"),
            "15: published is the moment of publishing",
        );
    }

    fn thing(&mut self, thing: &Value) {
        match kind(thing) {
            post if POSTS.contains(&post) => self.post(thing),
            actor if ACTORS.contains(&actor) => self.actor(thing),
            "OrderedCollection" | "OrderedCollectionPage" | "Collection" => self.collection(thing),
            "Tombstone" => self.that(!text(thing, "formerType").is_empty(), "a tombstone says what it was"),
            other => self.that(false, &format!("we do not say {other:?}")),
        }
    }

    fn collection(&mut self, collection: &Value) {
        self.that(
            collection.get("totalItems").is_some_and(Value::is_u64) || collection.get("partOf").is_some(),
            "a collection is counted",
        );
        for item in many(collection.get("orderedItems")) {
            self.that(item.get("@context").is_none(), "only the outermost has a context");
            match item.as_object() {
                Some(map) if VERBS.contains(&kind(item)) => self.activity(map, kind(item)),
                Some(_) => {
                    self.that(kind(item) == "Note", "what is inline in a collection is a Note");
                    self.thing(item);
                }
                None => self.that(item.is_string(), "an item is whole or an id"),
            }
        }
    }
}

fn many(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
    }
}

fn kind(value: &Value) -> &str {
    value.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn moment(value: &Value, key: &str) -> Option<Moment> {
    value.get(key).and_then(Value::as_str).and_then(Moment::parse)
}

fn is_address(value: &Value) -> bool {
    value.as_str().is_some_and(|text| Url::parse(text).is_ok_and(|url| url.scheme() == "https"))
}

fn is_id(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let fragment = url.fragment();
        let reference =
            fragment.is_none_or(|name| matches!(name, "main-key" | "primary") || name.starts_with("need-"));
        url.scheme() == "https"
            && url.as_str() == text
            && (reference || url.host_str() != Some("hyde.example"))
    })
}

fn same_host(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

/// Every term that the context defines inline.
fn defined(map: &Map<String, Value>) -> HashSet<String> {
    let inline = many(map.get("@context")).iter().filter_map(Value::as_object);
    inline.flat_map(|terms| terms.keys().cloned()).collect()
}
