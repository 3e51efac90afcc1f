//! WebFinger (RFC 7033): from a handle or an address to an actor.
//!
//! Writing: [`answer`] is the same for actors and items, found by handle, by id or by page. Reading: only a `self` link of the right media type names an actor, and whether its subject is the
//! handle that was asked for is for the caller to compare. Nothing is fetched here.

use std::fmt;

use folkmoot_domain::addresses::Addresses;
use serde_json::{Value, json};
use url::Url;

use crate::{Refused, limits, origins, shapes};

/// The media types under which an actor may be served (ActivityPub 3.2).
const ACTOR_TYPES: [&str; 2] =
    ["application/activity+json", "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""];

/// Where a server lets its people answer something on another server (`OStatus` 1.0).
pub const SUBSCRIBE: &str = "http://ostatus.org/schema/1.0/subscribe";

/// The page of a thing (RFC 7033 and common use).
const PAGE: &str = "http://webfinger.net/rel/profile-page";
/// What somebody can do from here with a thing elsewhere (FEP-3b86): look at it and answer, and follow.
const INTENTS: [&str; 2] = ["Object", "Follow"];

/// The answer about something of ours. `subject` is `acct:handle@host` for an actor, its id for an item.
pub fn answer(subject: &str, id: &Url, page: &Url, addresses: &Addresses) -> Value {
    let mut links = vec![
        json!({"rel": PAGE, "type": "text/html", "href": page}),
        json!({"rel": "self", "type": crate::MEDIA_TYPE, "href": id}),
    ];
    if subject.starts_with("acct:") {
        let interact = addresses.at("/interact");
        links.push(json!({"rel": SUBSCRIBE, "template": format!("{interact}?uri={{uri}}")}));
        links.extend(INTENTS.iter().map(|verb| {
            json!({"rel": format!("https://w3id.org/fep/3b86/{verb}"), "template": format!("{interact}?uri={{object}}")})
        }));
    }
    json!({"subject": subject, "aliases": [id, page], "links": links})
}

/// An account as people write it: `@user@host`, `user@host` or `acct:user@host`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Account {
    /// Before the `@`, as written.
    pub user: String,
    /// The host, with a port if one is written; lower-case.
    pub host: String,
}

impl Account {
    /// Reads a handle; none when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("acct:").unwrap_or(text);
        let (user, host) = text.strip_prefix('@').unwrap_or(text).split_once('@')?;
        let named = (1..=200).contains(&user.len())
            && user.chars().all(|c| c.is_alphanumeric() || "_-.~".contains(c));
        let url = Url::parse(&format!("https://{host}/")).ok()?;
        let plain = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        let hosted = !host.is_empty()
            && host.len() <= 255
            && !host.contains(['/', '@', '?', '#', '\\'])
            && !host.ends_with('.');
        let name = url.host_str()?;
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        (named && plain && hosted).then(|| Self { user: user.to_owned(), host })
    }

    /// The same handle; user names differ in case only for show.
    pub fn is(&self, other: &Self) -> bool {
        self.user.eq_ignore_ascii_case(&other.user) && self.host == other.host
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.host)
    }
}

/// What a server answered about a handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The subject as it came: `acct:user@host`, or an address.
    pub subject: String,
    /// The actor.
    pub actor: Url,
    /// Where its server lets people answer things elsewhere; `{uri}` stands for the thing.
    pub subscribe: Option<String>,
}

impl Found {
    /// Reads the answer (a JRD).
    pub fn read(answer: &Value) -> Result<Self, Refused> {
        let map = answer.as_object().ok_or(Refused::NotAnObject)?;
        let subject = shapes::text(map, "subject").ok_or(Refused::Missing("subject"))?;
        limits::at_most("subject", subject.len(), limits::ADDRESS)?;
        let links = shapes::many(map.get("links"));
        limits::at_most("links", links.len(), limits::LINKS)?;
        let of = |rel: &str| {
            links.iter().filter(move |link| property(link, "rel") == Some(rel)).collect::<Vec<_>>()
        };
        let actor = of("self")
            .into_iter()
            .filter(|link| property(link, "type").is_some_and(is_actor_type))
            .find_map(|link| property(link, "href"))
            .ok_or(Refused::Missing("links.self"))?;
        Ok(Self {
            subject: subject.to_owned(),
            actor: origins::fetchable("links.self", actor)?,
            subscribe: of(SUBSCRIBE)
                .first()
                .and_then(|link| property(link, "template"))
                .filter(|to| is_template(to))
                .map(str::to_owned),
        })
    }

    /// The subject as a handle, if it is one.
    pub fn account(&self) -> Option<Account> {
        self.subject.strip_prefix("acct:").and_then(Account::parse)
    }
}

fn property<'a>(link: &'a Value, key: &str) -> Option<&'a str> {
    link.get(key).and_then(Value::as_str)
}

fn is_actor_type(kind: &str) -> bool {
    ACTOR_TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind.trim()))
}

/// A template leads to an https page (http on a test network) and says where the thing goes.
fn is_template(template: &str) -> bool {
    template.contains("{uri}") && origins::link(&template.replace("{uri}", "x")).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn handles_are_read_as_people_write_them() {
        for text in
            ["@park@Hyde.example", "park@hyde.example", "acct:park@hyde.example", " @park@hyde.example "]
        {
            assert_eq!(Account::parse(text).unwrap().to_string(), "park@hyde.example", "{text}");
        }
        assert_eq!(Account::parse("a@localhost:4000").unwrap().host, "localhost:4000");
        assert!(
            Account::parse("Park@hyde.example").unwrap().is(&Account::parse("park@hyde.example").unwrap())
        );
        for bad in [
            "park",
            "@park",
            "park@",
            "@@hyde.example",
            "a b@hyde.example",
            "a@b/c",
            "a@b@c",
            "a@b?x",
            "a@b.",
            "<a>@b",
            "a@b\\c",
        ] {
            assert_eq!(Account::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_a_self_link_of_the_right_type_names_an_actor() {
        let answer = |links: Value| Found::read(&json!({"subject": "acct:bob@b.example", "links": links}));
        let good = answer(json!([
            {"rel": "self", "type": "text/html", "href": "https://evil.example/"},
            {"rel": "self", "type": "application/activity+json", "href": "https://b.example/users/bob"},
            {"rel": "self", "type": "application/activity+json", "href": "https://evil.example/second"},
            {"rel": SUBSCRIBE, "template": "https://b.example/authorize_interaction?uri={uri}"},
        ]))
        .unwrap();
        assert_eq!(good.actor.as_str(), "https://b.example/users/bob");
        assert_eq!(good.account().unwrap().user, "bob");
        assert_eq!(good.subscribe.as_deref(), Some("https://b.example/authorize_interaction?uri={uri}"));
        for bad in [
            json!([]),
            json!([{"rel": "self", "href": "https://b.example/users/bob"}]),
            json!([{"rel": "self", "type": "application/ld+json", "href": "https://b.example/users/bob"}]),
            json!([{"rel": "self", "type": "application/activity+json", "href": "javascript:x"}]),
            json!(vec![json!({}); 101]),
            json!("links"),
        ] {
            assert!(answer(bad.clone()).is_err(), "{bad}");
        }
        let bad = json!([{"rel": "self", "type": "application/activity+json", "href": "https://b.example/u"}, {"rel": SUBSCRIBE, "template": "javascript:{uri}"}]);
        assert_eq!(answer(bad).unwrap().subscribe, None);
    }
}
