//! Collections: outbox with pages, replies inline, and those of which only the number is told.
//!
//! Who follows or likes is nobody's business; how many is all that goes over the wire, never on a page.

use serde_json::{Map, Value, json};
use url::Url;

/// A collection of which only the number is told. Without `first` peers show the list as hidden.
pub fn counted(kind: &str, id: &Url, total: i64) -> Value {
    json!({"id": id, "type": kind, "totalItems": total})
}

/// The followers of one of ours: how many, not who.
pub fn followers(id: &Url, total: i64) -> Value {
    counted("OrderedCollection", id, total)
}

/// The outbox, whose items are on its pages.
pub fn outbox(id: &Url, total: i64, first: &Url) -> Value {
    json!({"id": id, "type": "OrderedCollection", "totalItems": total, "first": first})
}

/// One page of the outbox: activities as they were said, newest first.
pub fn outbox_page(id: &Url, part_of: &Url, activities: Vec<Value>, next: Option<&Url>) -> Value {
    let activities: Vec<Value> = activities.into_iter().map(inside).collect();
    let mut map = Map::new();
    map.insert("id".into(), json!(id));
    map.insert("type".into(), json!("OrderedCollectionPage"));
    map.insert("partOf".into(), json!(part_of));
    if let Some(next) = next {
        map.insert("next".into(), json!(next));
    }
    map.insert("orderedItems".into(), Value::Array(activities));
    Value::Object(map)
}

/// What is pinned to a profile, inline. Peers take Notes inline, everything else by id.
pub fn featured(id: &Url, notes: Vec<Value>) -> Value {
    let notes: Vec<Value> = notes.into_iter().map(inside).collect();
    let mut map = Map::new();
    map.insert("id".into(), json!(id));
    map.insert("type".into(), json!("OrderedCollection"));
    map.insert("totalItems".into(), json!(notes.len()));
    map.insert("orderedItems".into(), Value::Array(notes));
    Value::Object(map)
}

/// The replies to an item, with the first page inline (GoToSocial asks for one).
pub fn replies(id: &Url, shown: &[Url], total: i64) -> Value {
    let mut first = id.clone();
    first.set_query(Some("page=1"));
    json!({
        "id": id,
        "type": "Collection",
        "totalItems": total,
        "first": {"id": first, "type": "CollectionPage", "partOf": id, "items": shown},
    })
}

/// A whole document becomes part of another: only the outermost has a context.
fn inside(mut document: Value) -> Value {
    if let Some(map) = document.as_object_mut() {
        map.shift_remove("@context");
    }
    document
}
