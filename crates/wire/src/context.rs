//! The JSON-LD context: what we put in front of everything we say, and what strangers may not do with theirs.
//!
//! Ours is inline, so that nobody has to fetch anything to read us; own terms live under `civ:` and are
//! always prefixed, a term that exists elsewhere is used from there. Theirs is never fetched: documents are
//! read as plain JSON, and so that a JSON-LD reader and we never read two meanings out of one document, a
//! context that redefines the words we rely on is refused. Start at [`document`].

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::Refused;

/// The one context every ActivityPub document has (ActivityPub 3).
pub const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";
/// The context of public keys, which every peer carries along.
const SECURITY: &str = "https://w3id.org/security/v1";
/// The namespace of our own terms.
pub const CIV: &str = "https://w3id.org/folkmoot/ns#";
/// The media type of every document we say (ActivityPub 3.2; Lemmy compares the whole header).
pub const MEDIA_TYPE: &str = "application/activity+json";

/// One document in its final bytes: the context, then the value, in the order it was made in.
///
/// This is the only place where ActivityPub becomes text. An activity is rendered once and its bytes are kept.
pub fn document(value: &Value) -> String {
    let body = value.to_string();
    match body.strip_prefix('{') {
        Some(rest) if rest.len() > 1 => format!("{{\"@context\":{},{rest}", context_of(value)),
        _ => body,
    }
}

/// The smallest context that defines what the value uses.
fn context_of(value: &Value) -> &'static str {
    if speaks_of_agreement(value) {
        return &AGREEMENTS;
    }
    if value.get("participationMessage").is_some() {
        return &JOINS;
    }
    let inner = value.get("object").filter(|object| object.is_object());
    let inner = inner.unwrap_or(value);
    let kind = inner.get("type").and_then(Value::as_str);
    match kind.unwrap_or_default() {
        "Group" if inner.get("movedTo").or_else(|| inner.get("alsoKnownAs")).is_some() => &MOVING,
        "Group" | "Application" | "Person" => &ACTORS,
        "Event" => &EVENTS,
        "Note" if inner.get("quote").is_some() => &QUOTES,
        "Note" | "Question" => &ITEMS,
        "FeaturedCollection" | "FeatureAuthorization" => &FEATURED,
        // These may hold anything inline.
        "OrderedCollection" | "OrderedCollectionPage" => &ALL,
        _ => &PLAIN,
    }
}

/// An agreement stands in an `Offer`, in what takes that back, or in what came of it (FEP-0837).
fn speaks_of_agreement(value: &Value) -> bool {
    ["/object/type", "/object/object/type", "/result/type"]
        .iter()
        .any(|place| value.pointer(place).and_then(Value::as_str) == Some("Agreement"))
}

static AGREEMENTS: LazyLock<String> = LazyLock::new(|| {
    let terms = json!({
        "vf": "https://w3id.org/valueflows/ont/vf#",
        "om2": "http://www.ontology-of-units-of-measure.org/resource/om-2/",
        "Agreement": "vf:Agreement",
        "stipulates": "vf:stipulates",
        "Commitment": "vf:Commitment",
        "satisfies": {"@id": "vf:satisfies", "@type": "@id"},
        "resourceQuantity": "vf:resourceQuantity",
        "hasUnit": "om2:hasUnit",
        "hasNumericalValue": "om2:hasNumericalValue",
        "civ": CIV,
        "civ:call": {"@id": "civ:call", "@type": "@id"},
    });
    json!([ACTIVITY_STREAMS, terms]).to_string()
});
static JOINS: LazyLock<String> = LazyLock::new(|| {
    let message = json!({
        "mz": "https://joinmobilizon.org/ns#",
        "participationMessage": {"@id": "mz:participationMessage", "@type": "http://schema.org#Text"},
    });
    json!([ACTIVITY_STREAMS, message]).to_string()
});
static PLAIN: LazyLock<String> = LazyLock::new(|| json!(ACTIVITY_STREAMS).to_string());
static FEATURED: LazyLock<String> = LazyLock::new(|| json!([ACTIVITY_STREAMS, featured_terms()]).to_string());
static ITEMS: LazyLock<String> = LazyLock::new(|| json!([ACTIVITY_STREAMS, item_terms()]).to_string());
static QUOTES: LazyLock<String> = LazyLock::new(|| {
    let mut terms = item_terms();
    terms.extend(quote_terms());
    json!([ACTIVITY_STREAMS, terms]).to_string()
});
static EVENTS: LazyLock<String> = LazyLock::new(|| {
    let mut terms = item_terms();
    terms.extend(event_terms());
    json!([ACTIVITY_STREAMS, terms]).to_string()
});
static ALL: LazyLock<String> = LazyLock::new(|| {
    let mut terms = item_terms();
    terms.extend(quote_terms());
    terms.extend(event_terms());
    terms.extend(actor_terms());
    json!([ACTIVITY_STREAMS, SECURITY, terms]).to_string()
});
static ACTORS: LazyLock<String> =
    LazyLock::new(|| json!([ACTIVITY_STREAMS, SECURITY, actor_terms()]).to_string());

/// Actors that move, or have moved: two words more.
static MOVING: LazyLock<String> = LazyLock::new(|| {
    let mut moving = actor_terms();
    moving.extend(terms(json!({
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
    })));
    json!([ACTIVITY_STREAMS, SECURITY, moving]).to_string()
});

fn terms(terms: Value) -> Map<String, Value> {
    match terms {
        Value::Object(terms) => terms,
        _ => Map::new(),
    }
}

fn item_terms() -> Map<String, Value> {
    terms(json!({
        "Hashtag": "as:Hashtag",
        "sensitive": "as:sensitive",
        "toot": "http://joinmastodon.org/ns#",
        "votersCount": "toot:votersCount",
        "gts": "https://gotosocial.org/ns#",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "canAnnounce": {"@id": "gts:canAnnounce", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        // FEP-0837
        "vf": "https://w3id.org/valueflows/ont/vf#",
        "om2": "http://www.ontology-of-units-of-measure.org/resource/om-2/",
        "Intent": "vf:Intent",
        "purpose": "vf:purpose",
        "publishes": "vf:publishes",
        "action": "vf:action",
        "resourceConformsTo": {"@id": "vf:resourceConformsTo", "@type": "@id"},
        "resourceQuantity": "vf:resourceQuantity",
        "availableQuantity": "vf:availableQuantity",
        "hasUnit": "om2:hasUnit",
        "hasNumericalValue": "om2:hasNumericalValue",
        "civ": CIV,
        "civ:kind": {"@id": "civ:kind", "@type": "@vocab"},
        "civ:cause": {"@id": "civ:cause", "@type": "@id"},
        "civ:project": {"@id": "civ:project", "@type": "@id"},
    }))
}

/// The four names under which peers look for what a Note quotes; the first is FEP-044f.
fn quote_terms() -> Map<String, Value> {
    terms(json!({
        "quote": {"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"},
        "quoteUri": "http://fedibird.com/ns#quoteUri",
        "quoteUrl": "as:quoteUrl",
        "_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote",
    }))
}

/// Mobilizon's terms, and those of FEP-8a8e that Mobilizon does not have. `location` stays what it is in
/// ActivityStreams: Friendica reads it there.
fn event_terms() -> Map<String, Value> {
    terms(json!({
        "sc": "http://schema.org#",
        "mz": "https://joinmobilizon.org/ns#",
        "pt": "https://joinpeertube.org/ns#",
        "ical": "http://www.w3.org/2002/12/cal/ical#",
        "ev": "https://w3id.org/fep/8a8e/",
        "uuid": "sc:identifier",
        "category": "sc:category",
        "inLanguage": "sc:inLanguage",
        "address": "sc:address",
        "maximumAttendeeCapacity": "sc:maximumAttendeeCapacity",
        "remainingAttendeeCapacity": "sc:remainingAttendeeCapacity",
        "timezone": "mz:timezone",
        "draft": "mz:draft",
        "contacts": {"@id": "mz:contacts", "@type": "@id"},
        "joinMode": "mz:joinMode",
        "externalParticipationUrl": "mz:externalParticipationUrl",
        "participantCount": "mz:participantCount",
        "isOnline": "mz:isOnline",
        "anonymousParticipationEnabled": "mz:anonymousParticipationEnabled",
        "anonymousParticipation": "mz:anonymousParticipation",
        "repliesModerationOption": "mz:repliesModerationOption",
        "commentsEnabled": "pt:commentsEnabled",
        "status": "ical:status",
        "displayEndTime": "ev:displayEndTime",
        "organizers": "ev:organizers",
        "eventStatus": {"@id": "ev:eventStatus", "@type": "@vocab"},
        "EventScheduled": "ev:EventScheduled",
        "EventCancelled": "ev:EventCancelled",
    }))
}

/// FEP-7aa9: collections on profiles, and the consent of those who stand in them.
fn featured_terms() -> Map<String, Value> {
    terms(json!({
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
        "fep7aa9": "https://w3id.org/fep/7aa9#",
        "FeaturedCollection": "fep7aa9:FeaturedCollection",
        "FeaturedItem": "fep7aa9:FeaturedItem",
        "FeatureAuthorization": "fep7aa9:FeatureAuthorization",
        "featuredObject": {"@id": "fep7aa9:featuredObject", "@type": "@id"},
        "featureAuthorization": {"@id": "fep7aa9:featureAuthorization", "@type": "@id"},
        "gts": "https://gotosocial.org/ns#",
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
    }))
}

fn actor_terms() -> Map<String, Value> {
    terms(json!({
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "mz": "https://joinmobilizon.org/ns#",
        "Hashtag": "as:Hashtag",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "attributionDomains": {"@id": "toot:attributionDomains", "@container": "@set"},
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "openness": {"@id": "mz:openness"},
        // FEP-2c59
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
        "civ": CIV,
        "civ:kind": {"@id": "civ:kind", "@type": "@vocab"},
        "civ:cause": {"@id": "civ:cause", "@type": "@id"},
        "civ:affiliates": {"@id": "civ:affiliates", "@type": "@id"},
        // FEP-7aa9
        "featuredCollections": {"@id": "https://w3id.org/fep/7aa9#featuredCollections", "@type": "@id"},
    }))
}

/// A term of ours in full, whether it came short or not.
pub(crate) fn own_term(term: &str) -> String {
    term.strip_prefix("civ:").map_or_else(|| term.to_owned(), |short| format!("{CIV}{short}"))
}

/// What stands under a term of ours, whether its name came short or in full.
pub(crate) fn own<'a>(map: &'a Map<String, Value>, term: &str) -> Option<&'a Value> {
    map.get(&format!("civ:{term}")).or_else(|| map.get(&format!("{CIV}{term}")))
}

/// The words whose meaning decides who says what about which thing to whom.
const WORDS: [&str; 28] = [
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
    "subject",
    "relationship",
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
        let iri = meaning.as_str().or_else(|| meaning.get("@id").and_then(Value::as_str));
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
    let namespaces = ["as:", "sec:", "https://www.w3.org/ns/activitystreams#", "https://w3id.org/security#"];
    match term {
        "id" | "type" => iri.strip_prefix('@') == Some(term),
        "contentMap" => namespaces.iter().any(|space| iri.strip_prefix(space) == Some("content")),
        _ => namespaces.iter().any(|space| iri.strip_prefix(space) == Some(term)),
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
