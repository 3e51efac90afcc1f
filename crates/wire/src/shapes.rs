//! The many shapes in which peers write the same thing, read into one.
//!
//! A string where a list is meant, one object where many are, an object where its id would do, a date
//! without a zone, a text as a map of languages: all understood. Nothing here refuses; what cannot be
//! read is absent, and whoever needs it says so.

use folkmoot_domain::Moment;
use jiff::{Timestamp, civil};
use serde_json::{Map, Value};

/// The collection that stands for everyone (ActivityPub 5.6).
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// None, one or several values as a list.
pub(crate) fn many(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The id of a thing that is given as its id or as the thing itself.
pub(crate) fn id_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(id) => Some(id),
        Value::Object(thing) => thing.get("id").and_then(Value::as_str),
        _ => None,
    }
}

/// Where a link leads that is given as text or as a `Link` (ActivityStreams 4.2).
pub(crate) fn href_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(href) => Some(href),
        Value::Object(link) => link.get("href").or_else(|| link.get("url")).and_then(Value::as_str),
        _ => None,
    }
}

/// Text that is there and says something.
pub(crate) fn text<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// Text from the property, or else from the first entry of its map of languages; with the language when
/// the map says it.
pub(crate) fn text_in<'a>(map: &'a Map<String, Value>, key: &str) -> (Option<&'a str>, Option<&'a str>) {
    let by_language = map.get(&format!("{key}Map")).and_then(Value::as_object);
    let mut texts = by_language
        .into_iter()
        .flatten()
        .filter_map(|(tag, text)| Some((tag.as_str(), text.as_str()?)))
        .filter(|(_, text)| !text.trim().is_empty());
    match text(map, key) {
        Some(plain) => (Some(plain), texts.find(|(_, text)| *text == plain).map(|(tag, _)| tag)),
        None => texts.next().map_or((None, None), |(tag, text)| (Some(text), Some(tag))),
    }
}

/// A date as RFC 3339 writes it, or without a zone (then UTC), or a day alone (then its first moment).
pub(crate) fn moment(map: &Map<String, Value>, key: &str) -> Option<Moment> {
    let text = map.get(key)?.as_str()?.trim();
    if text.len() > 64 {
        return None;
    }
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| {
            text.parse::<civil::DateTime>()
                .ok()?
                .to_zoned_datetime(jiff::tz::TimeZone::UTC)
                .ok()
                .map(|at| at.timestamp())
        })
        .map(|at| Moment(at.as_millisecond()))
}

/// A recipient in the one form we compare: the three spellings of the public collection become one.
pub(crate) fn recipient(text: &str) -> &str {
    if matches!(text, "as:Public" | "Public") { PUBLIC } else { text }
}

/// The name of a type without the namespace that some peers spell out.
pub(crate) fn type_name(text: &str) -> &str {
    text.strip_prefix("https://www.w3.org/ns/activitystreams#")
        .or_else(|| text.strip_prefix("as:"))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn one_or_many() {
        assert!(many(None).is_empty());
        assert!(many(Some(&Value::Null)).is_empty());
        assert_eq!(many(Some(&json!("a"))).len(), 1);
        assert_eq!(many(Some(&json!(["a", {"id": "b"}]))).len(), 2);
        assert_eq!(id_of(&json!({"id": "b"})), Some("b"));
        assert_eq!(id_of(&json!({"id": {}})), None);
        assert_eq!(id_of(&json!(7)), None);
        assert_eq!(href_of(&json!({"type": "Link", "href": "x"})), Some("x"));
    }

    #[test]
    fn dates_are_read_leniently() {
        let read = |text: &str| moment(&map(json!({"at": text})), "at").map(Moment::rfc3339);
        for text in [
            "2026-06-13T09:00:00Z",
            "2026-06-13T10:00:00+01:00",
            "2026-06-13T09:00:00.123456Z",
            "2026-06-13T09:00:00",
            "2026-06-13 09:00:00",
        ] {
            assert_eq!(read(text).as_deref(), Some("2026-06-13T09:00:00Z"), "{text}");
        }
        assert_eq!(read("2026-06-13").as_deref(), Some("2026-06-13T00:00:00Z"));
        for text in ["yesterday", "", "292277026596-12-04T15:30:08Z", "2026-13-01T00:00:00Z"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(moment(&map(json!({"at": 1_700_000_000})), "at"), None);
    }

    #[test]
    fn maps_of_languages() {
        let read = |value: Value| {
            let map = map(value);
            let (text, tag) = text_in(&map, "content");
            (text.map(str::to_owned), tag.map(str::to_owned))
        };
        assert_eq!(
            read(json!({"content": "a", "contentMap": {"en": "a"}})),
            (Some("a".into()), Some("en".into()))
        );
        assert_eq!(read(json!({"content": "a", "contentMap": {"en": "b"}})), (Some("a".into()), None));
        assert_eq!(read(json!({"contentMap": {"pl": "b"}})), (Some("b".into()), Some("pl".into())));
        assert_eq!(read(json!({"content": "  ", "contentMap": []})), (None, None));
    }

    #[test]
    fn the_public_has_three_spellings() {
        for spelling in ["as:Public", "Public", PUBLIC] {
            assert_eq!(recipient(spelling), PUBLIC);
        }
        assert_eq!(type_name("as:Note"), "Note");
        assert_eq!(type_name("https://www.w3.org/ns/activitystreams#Note"), "Note");
    }
}
