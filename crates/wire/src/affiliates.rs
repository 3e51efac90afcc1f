//! Reading what an actor lists as its ties (`civ:affiliates`): a collection of `Relationship`s, or of bare ids.
//!
//! Only what the owner of the list says about itself is taken: a tie between two others is nobody's word here.

use folkmoot_domain::network::Listed;
use serde_json::Value;
use url::Url;

use crate::{Refused, context, envelope, limits, origins, shapes};

/// A collection, or one page of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AffiliatesRead {
    /// Whom it names, and as what, in its order.
    pub listed: Vec<(Url, Listed)>,
    /// The page that follows, when it is not here; of the same origin.
    pub next: Option<Url>,
}

/// Reads a collection or a page that was fetched from `from`, of this owner.
pub fn read(document: &Value, from: &Url, owner: &Url) -> Result<AffiliatesRead, Refused> {
    let map = document.as_object().ok_or(Refused::NotAnObject)?;
    context::must_not_redefine(map)?;
    let kind = envelope::kind(map)?;
    if !matches!(kind, "Collection" | "OrderedCollection" | "CollectionPage" | "OrderedCollectionPage") {
        return Err(Refused::NotRead(kind.chars().take(40).collect()));
    }
    origins::belongs("id", from, owner)?;
    let mut read = AffiliatesRead::default();
    take(document, owner, &mut read)?;
    let first = map.get("first");
    if let Some(page @ Value::Object(_)) = first {
        take(page, owner, &mut read)?;
        read.next = next(page.get("next"), owner);
    } else {
        read.next = next(first.or_else(|| map.get("next")), owner);
    }
    Ok(read)
}

fn next(value: Option<&Value>, owner: &Url) -> Option<Url> {
    let url = origins::fetchable("next", value.and_then(shapes::id_of)?).ok()?;
    origins::same_origin(&url, owner).then_some(url)
}

fn take(page: &Value, owner: &Url, read: &mut AffiliatesRead) -> Result<(), Refused> {
    for key in ["items", "orderedItems"] {
        let items = shapes::many(page.get(key));
        limits::at_most("items", items.len(), limits::AFFILIATES)?;
        read.listed.extend(items.iter().filter_map(|item| one(item, owner)));
    }
    Ok(())
}

fn one(item: &Value, owner: &Url) -> Option<(Url, Listed)> {
    let Some(tie) =
        item.as_object().filter(|map| map.contains_key("relationship") || map.contains_key("subject"))
    else {
        let other = origins::fetchable("items", shapes::id_of(item)?).ok()?;
        return (other != *owner).then_some((other, Listed::WorksWith));
    };
    let end = |key| origins::fetchable(key, tie.get(key).and_then(shapes::id_of)?).ok();
    let (subject, object) = (end("subject")?, end("object")?);
    let meaning = context::own_term(tie.get("relationship").and_then(Value::as_str).unwrap_or_default());
    let member = meaning == format!("{}memberOf", context::CIV);
    match (subject == *owner, object == *owner) {
        (true, false) => Some((object, if member { Listed::Umbrella } else { Listed::WorksWith })),
        (false, true) => Some((subject, if member { Listed::Member } else { Listed::WorksWith })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn tie(subject: &str, relationship: &str, object: &str) -> Value {
        json!({"type": "Relationship", "subject": subject, "relationship": relationship, "object": object})
    }

    #[test]
    fn ties_are_read_from_the_side_of_their_owner() {
        let (leeds, a, b) = ("https://leeds.test/g", "https://a.test/g", "https://b.test/g");
        let from = url("https://leeds.test/g/affiliates");
        let document = json!({
            "id": from, "type": "Collection", "items": [
                tie(a, "civ:memberOf", leeds),
                tie(leeds, "https://w3id.org/folkmoot/ns#memberOf", "https://yorkshire.test/g"),
                tie(b, "civ:worksWith", leeds),
                tie(a, "civ:memberOf", b),
                tie(leeds, "civ:memberOf", leeds),
                "https://c.test/g", {"id": "https://d.test/g", "type": "Group"}, 7, "not an address",
            ],
            "first": "https://leeds.test/g/affiliates?page=1",
        });
        let read = read(&document, &from, &url(leeds)).unwrap();
        let seen: Vec<_> = read.listed.iter().map(|(other, way)| (other.as_str(), *way)).collect();
        assert_eq!(
            seen,
            [
                (a, Listed::Member),
                ("https://yorkshire.test/g", Listed::Umbrella),
                (b, Listed::WorksWith),
                ("https://c.test/g", Listed::WorksWith),
                ("https://d.test/g", Listed::WorksWith),
            ]
        );
        assert_eq!(read.next.unwrap().query(), Some("page=1"));
    }

    #[test]
    fn lists_that_are_none_or_of_others_are_refused() {
        let owner = url("https://leeds.test/g");
        let list = |kind: &str, items: Value| json!({"type": kind, "items": items, "next": "https://evil.test/next"});
        let here = url("https://leeds.test/list");
        assert!(read(&list("Note", json!([])), &here, &owner).is_err());
        assert!(read(&list("Collection", json!([])), &url("https://evil.test/list"), &owner).is_err());
        assert!(read(&list("Collection", json!(vec!["https://a.test/g"; 1_001])), &here, &owner).is_err());
        assert_eq!(
            read(&list("CollectionPage", json!([])), &here, &owner).unwrap().next,
            None,
            "nobody else's page"
        );
    }
}
