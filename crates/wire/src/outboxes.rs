//! What somebody elsewhere has published lately or pinned: the collections in which they list it.
//!
//! A thing that stands there whole is believed when it is theirs; of anything else only the address counts, and it is
//! asked for at its own home. Start at [`Listing::read`].

use folkmoot_domain::addresses::Addresses;
use serde_json::{Map, Value};
use url::Url;

use crate::{
    Audience, Refused, context,
    envelope::{self, IdOrObject},
    foreign::ForeignItem,
    origins, shapes,
};

/// More entries than this of one page are not looked at.
const ENTRIES: usize = 100;

/// One thing in such a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Listed {
    /// A thing of theirs, whole.
    Item(Box<ForeignItem>),
    /// Something to look up.
    Address(Url),
    /// Something of another that they pass on, with the id of the activity.
    Carried(Url, Option<String>),
}

/// A collection, or a page of one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listing {
    /// What stands in it, in its order.
    pub entries: Vec<Listed>,
    /// Its first page, where that is a document of its own.
    pub first: Option<Url>,
}

impl Listing {
    /// Reads a collection of `author` that was fetched from their own server.
    pub fn read(document: &Value, author: &Url, ours: &Addresses) -> Result<Self, Refused> {
        let map = document.as_object().ok_or(Refused::NotAnObject)?;
        context::must_not_redefine(map)?;
        let first = envelope::thing(map.get("first"));
        let page = match first {
            IdOrObject::Object(page) if page.contains_key("orderedItems") || page.contains_key("items") => {
                page
            }
            _ => map,
        };
        let raw = ["orderedItems", "items"].into_iter().flat_map(|key| shapes::many(page.get(key)));
        let entries: Vec<_> = raw.take(ENTRIES).filter_map(|entry| listed(entry, author, ours)).collect();
        let first = first.id().and_then(|id| origins::fetchable("first", id).ok());
        let first = first.filter(|first| entries.is_empty() && origins::same_origin(first, author));
        Ok(Self { entries, first })
    }
}

fn listed(entry: &Value, author: &Url, ours: &Addresses) -> Option<Listed> {
    let map = match entry {
        Value::String(id) => return origins::fetchable("id", id).ok().map(Listed::Address),
        Value::Object(map) => map,
        _ => return None,
    };
    let object = envelope::thing(map.get("object"));
    match envelope::kind(map).ok()? {
        "Create" => match object {
            IdOrObject::Object(thing) => theirs(thing, author, &Audience::read(map).ok()?, ours),
            other => address(other).map(Listed::Address),
        },
        "Announce" => {
            // Forums announce whole activities; the thing in it is what counts.
            let thing = match object {
                IdOrObject::Object(inner) if inner.contains_key("object") => {
                    if envelope::kind(inner).ok()? != "Create" {
                        return None;
                    }
                    envelope::thing(inner.get("object"))
                }
                other => other,
            };
            let activity = map.get("id").and_then(Value::as_str).map(str::to_owned);
            address(thing).map(|uri| Listed::Carried(uri, activity))
        }
        _ if map.contains_key("object") => None,
        _ => theirs(map, author, &Audience::default(), ours),
    }
}

/// Whole where it is theirs, else its address.
fn theirs(map: &Map<String, Value>, author: &Url, audience: &Audience, ours: &Addresses) -> Option<Listed> {
    match ForeignItem::read(map, author, audience, ours) {
        Ok(item) => Some(Listed::Item(Box::new(item))),
        Err(_) => address(IdOrObject::Object(map)).map(Listed::Address),
    }
}

fn address(thing: IdOrObject<'_>) -> Option<Url> {
    origins::fetchable("id", thing.id()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "json! makes values that nobody else holds")]
    fn read(document: Value) -> Listing {
        let author = Url::parse("https://b.example/g").unwrap();
        let ours = Addresses::new(&Url::parse("https://hyde.example").unwrap());
        Listing::read(&document, &author, &ours).unwrap()
    }

    fn note(id: &str, author: &str) -> Value {
        json!({"id": id, "type": "Note", "attributedTo": author, "content": "x", "to": ["as:Public"]})
    }

    #[test]
    fn what_is_theirs_is_read_and_all_else_is_an_address() {
        let listing = read(
            json!({"type": "OrderedCollection", "first": {"type": "OrderedCollectionPage", "orderedItems": [
                {"type": "Create", "actor": "https://b.example/g", "object": note("https://b.example/1", "https://b.example/g")},
                {"type": "Create", "actor": "https://b.example/u", "object": note("https://b.example/2", "https://b.example/u")},
                {"type": "Create", "object": note("https://c.example/3", "https://b.example/g")},
                {"type": "Announce", "id": "https://b.example/a", "object": "https://c.example/4"},
                {"type": "Announce", "object": {"type": "Create", "object": note("https://c.example/5", "https://c.example/u")}},
                {"type": "Announce", "object": {"type": "Like", "object": "https://c.example/6"}},
                {"type": "Like", "object": "https://c.example/7"},
                "https://b.example/8", "javascript:alert(1)", 7,
            ]}}),
        );
        let seen: Vec<String> = listing
            .entries
            .iter()
            .map(|entry| match entry {
                Listed::Item(item) => format!("item {}", item.uri),
                Listed::Address(uri) => format!("address {uri}"),
                Listed::Carried(uri, id) => format!("carried {uri} {}", id.as_deref().unwrap_or("-")),
            })
            .collect();
        assert_eq!(
            seen,
            [
                "item https://b.example/1",
                "address https://b.example/2",
                "address https://c.example/3",
                "carried https://c.example/4 https://b.example/a",
                "carried https://c.example/5 -",
                "address https://b.example/8",
            ]
        );
    }

    #[test]
    fn the_first_page_may_stand_elsewhere_on_the_same_server() {
        let first =
            |first: &str| read(json!({"type": "OrderedCollection", "first": first})).first.map(String::from);
        assert_eq!(first("https://b.example/o?page=1").as_deref(), Some("https://b.example/o?page=1"));
        assert_eq!(first("https://evil.example/o"), None);
    }
}
