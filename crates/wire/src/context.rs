//! The JSON-LD context: what strangers may not do with theirs.
//!
//! Contexts are never fetched and documents are read as plain JSON. So that a JSON-LD reader and we never
//! read two meanings out of one document, a context that redefines the words we rely on is refused.

use serde_json::{Map, Value};

use crate::Refused;

/// The one context every ActivityPub document has (ActivityPub 3).
pub const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";

/// The words whose meaning decides who says what about which thing to whom.
const WORDS: [&str; 26] = [
    "id",
    "type",
    "actor",
    "object",
    "target",
    "attributedTo",
    "to",
    "cc",
    "inReplyTo",
    "content",
    "contentMap",
    "name",
    "summary",
    "published",
    "updated",
    "tag",
    "href",
    "url",
    "inbox",
    "publicKey",
    "owner",
    "publicKeyPem",
    "result",
    "instrument",
    "alsoKnownAs",
    "movedTo",
];

/// Refuses a document whose inline context, at the top or one level down, gives one of our words another meaning.
pub(crate) fn must_not_redefine(document: &Map<String, Value>) -> Result<(), Refused> {
    let inner = document.get("object").and_then(Value::as_object);
    for map in [Some(document), inner].into_iter().flatten() {
        for context in crate::shapes::many(map.get("@context")) {
            if let Some(terms) = context.as_object() {
                check(terms)?;
            }
        }
    }
    Ok(())
}

fn check(terms: &Map<String, Value>) -> Result<(), Refused> {
    for (term, meaning) in terms {
        let iri = meaning
            .as_str()
            .or_else(|| meaning.get("@id").and_then(Value::as_str));
        let ours = WORDS.contains(&term.as_str());
        let alias = matches!(iri, Some("@id" | "@type")) && !matches!(term.as_str(), "id" | "type");
        if alias || (ours && !means_itself(term, iri.unwrap_or_default())) {
            return Err(Refused::Context(term.chars().take(40).collect()));
        }
    }
    Ok(())
}

/// The meaning that ActivityStreams or the security vocabulary gives the word, in any spelling.
fn means_itself(term: &str, iri: &str) -> bool {
    let namespaces = [
        "as:",
        "sec:",
        "https://www.w3.org/ns/activitystreams#",
        "https://w3id.org/security#",
    ];
    match term {
        "id" | "type" => iri.strip_prefix('@') == Some(term),
        "contentMap" => namespaces
            .iter()
            .any(|space| iri.strip_prefix(space) == Some("content")),
        _ => namespaces
            .iter()
            .any(|space| iri.strip_prefix(space) == Some(term)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn verdict(context: &Value) -> Result<(), Refused> {
        must_not_redefine(json!({"@context": context, "type": "Note"}).as_object().unwrap())
    }

    #[test]
    fn honest_contexts_pass() {
        for context in [
            json!(ACTIVITY_STREAMS),
            json!([ACTIVITY_STREAMS, {"toot": "http://joinmastodon.org/ns#", "Hashtag": "as:Hashtag", "@language": "und"}]),
            json!([ACTIVITY_STREAMS, {"movedTo": {"@id": "as:movedTo", "@type": "@id"}, "type": "@type", "id": "@id"}]),
            json!({"publicKey": "https://w3id.org/security#publicKey"}),
            json!(null),
        ] {
            assert_eq!(verdict(&context), Ok(()), "{context}");
        }
    }

    #[test]
    fn contexts_that_turn_words_are_refused() {
        for context in [
            json!({"attributedTo": "https://evil.example/ns#ignored"}),
            json!([ACTIVITY_STREAMS, {"actor": {"@id": "as:object"}}]),
            json!([ACTIVITY_STREAMS, {"kind": "@type"}]),
            json!([ACTIVITY_STREAMS, {"key": {"@id": "@id"}}]),
            json!({"type": "as:name"}),
            json!({"actor": null}),
        ] {
            assert!(verdict(&context).is_err(), "{context}");
        }
        let inner = json!({"object": {"@context": {"attributedTo": "ex:x"}}});
        assert!(must_not_redefine(inner.as_object().unwrap()).is_err());
    }
}
