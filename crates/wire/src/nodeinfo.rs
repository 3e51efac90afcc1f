//! NodeInfo 2.0 and 2.1 (FEP-f1d5): what a server runs, and its own actor (FEP-2677).
//!
//! What others say is for the words on an operator's page only; nothing is ever decided by what a server says it runs.

use folkmoot_domain::addresses::Addresses;
use serde_json::{Value, json};
use url::Url;

use crate::{Refused, html, limits, origins, shapes};

/// The rel of a server's own actor (FEP-2677).
pub const APPLICATION: &str = "https://www.w3.org/ns/activitystreams#Application";
/// The rels of the documents we can read, best first.
const SCHEMAS: [&str; 2] =
    ["http://nodeinfo.diaspora.software/ns/schema/2.1", "http://nodeinfo.diaspora.software/ns/schema/2.0"];

/// What we tell about this instance.
#[derive(Debug, Clone, Copy)]
pub struct NodeFacts<'a> {
    /// Our version.
    pub version: &'a str,
    /// The name of the instance.
    pub name: &'a str,
    /// How many people and associations are at home here.
    pub actors: i64,
    /// How many items were published here.
    pub items: i64,
    /// How many replies are shown here.
    pub replies: i64,
    /// May anybody open an account?
    pub open: bool,
}

/// The answer of `/.well-known/nodeinfo`.
pub fn links(addresses: &Addresses) -> Value {
    let mut links: Vec<Value> = SCHEMAS
        .iter()
        .zip(["2.1", "2.0"])
        .map(|(rel, version)| json!({"rel": rel, "href": addresses.at(&format!("/nodeinfo/{version}"))}))
        .collect();
    links.push(json!({"rel": APPLICATION, "href": addresses.instance()}));
    json!({"links": links})
}

/// The document at `/nodeinfo/2.1` or `/nodeinfo/2.0`; what we say is the same in both.
pub fn document(version: &str, facts: NodeFacts<'_>) -> Value {
    json!({
        "version": version,
        "software": {"name": "folkmoot", "version": facts.version},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": facts.open,
        "usage": {"users": {"total": facts.actors}, "localPosts": facts.items, "localComments": facts.replies},
        "metadata": {"nodeName": facts.name},
    })
}

/// What `/.well-known/nodeinfo` points at. The caller fetches only what is of the same origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeLinks {
    /// The document, version 2.1 or 2.0.
    pub document: Option<Url>,
    /// The server's own actor.
    pub application: Option<Url>,
}

/// What a server says it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Software {
    /// The name of the program, lower-case.
    pub name: String,
    /// Its version as it came.
    pub version: String,
}

impl NodeLinks {
    /// Reads the answer of `/.well-known/nodeinfo`.
    pub fn read(answer: &Value) -> Result<Self, Refused> {
        let links = shapes::many(answer.get("links"));
        limits::at_most("links", links.len(), limits::LINKS)?;
        let of = |rel: &str| {
            let link = links.iter().find(|link| link.get("rel").and_then(Value::as_str) == Some(rel))?;
            origins::fetchable("links", link.get("href")?.as_str()?).ok()
        };
        Ok(Self { document: SCHEMAS.into_iter().find_map(of), application: of(APPLICATION) })
    }
}

impl Software {
    /// Reads the document.
    pub fn read(document: &Value) -> Result<Self, Refused> {
        let software = document.get("software").ok_or(Refused::Missing("software"))?;
        let word = |key: &'static str| {
            let text = software.get(key).and_then(Value::as_str).unwrap_or_default();
            html::one_line(text).chars().take(100).collect::<String>()
        };
        let name = word("name").to_lowercase();
        if name.is_empty() {
            Err(Refused::Missing("software.name"))
        } else {
            Ok(Self { name, version: word("version") })
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_best_document_is_chosen() {
        let links = NodeLinks::read(&json!({"links": [
            {"rel": SCHEMAS[1], "href": "https://b.example/nodeinfo/2.0"},
            {"rel": SCHEMAS[0], "href": "https://b.example/nodeinfo/2.1"},
            {"rel": APPLICATION, "href": "https://b.example/actor"},
        ]}))
        .unwrap();
        assert_eq!(links.document.unwrap().path(), "/nodeinfo/2.1");
        assert_eq!(links.application.unwrap().path(), "/actor");
        assert_eq!(NodeLinks::read(&json!(7)).unwrap(), NodeLinks { document: None, application: None });
        assert!(Software::read(&json!({"software": {"name": " "}})).is_err());
        assert_eq!(
            Software::read(&json!({"software": {"name": "Snac", "version": "2.94"}})).unwrap().name,
            "snac"
        );
    }
}
