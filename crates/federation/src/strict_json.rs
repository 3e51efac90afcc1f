//! Bytes of a stranger to plain JSON, of which two readers could never make two documents.
//!
//! Repeated keys, deep nesting and the JSON-LD keywords that rearrange a document are refused before
//! anything is believed. Contexts are never fetched or applied: a document is the tree it looks like.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Deepest nesting of lists and objects; the outermost object is the first level.
pub const DEEPEST: usize = 32;

/// JSON-LD 1.1 keywords that give one graph several shapes: a signature over one would vouch for another.
const REARRANGING: [&str; 3] = ["@graph", "@included", "@reverse"];

/// Why a body is not JSON we read. The texts may be shown to the sender: they hold no value of the body.
#[derive(Debug, thiserror::Error)]
pub enum JsonFault {
    /// More bytes than the caller allows.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// Not JSON, or JSON that breaks one of the rules of this module.
    #[error("the body is not plain JSON: {0}")]
    NotPlain(#[from] serde_json::Error),
}

/// Reads a whole body of at most `largest` bytes.
pub fn read(body: &[u8], largest: usize) -> Result<Value, JsonFault> {
    if body.len() > largest {
        return Err(JsonFault::TooLarge(largest));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = Strict { levels_left: DEEPEST }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict {
    levels_left: usize,
}

impl Strict {
    fn inside<E: Error>(self) -> Result<Self, E> {
        match self.levels_left.checked_sub(1) {
            Some(levels_left) => Ok(Self { levels_left }),
            None => Err(E::custom(format_args!("nested deeper than {DEEPEST} levels"))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if REARRANGING.contains(&key.as_str()) {
                return Err(A::Error::custom(format_args!("{key} would rearrange the document")));
            }
            if map.contains_key(&key) {
                return Err(A::Error::custom("the same key twice in one object"));
            }
            let value = entries.next_value_seed(inside)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &str) -> String {
        read(body.as_bytes(), 1 << 20).unwrap_err().to_string()
    }

    fn nested(levels: usize) -> String {
        format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels))
    }

    #[test]
    fn plain_json_is_read_as_it_stands() {
        let text = r#"{"b":[1,-2,3.5,null,true,"é\n"],"a":{"c":{}},"n":18446744073709551615}"#;
        assert_eq!(read(text.as_bytes(), 1000).unwrap().to_string(), text);
    }

    #[test]
    fn thirty_two_levels_and_not_one_more() {
        assert!(read(nested(32).as_bytes(), 1000).is_ok());
        assert!(refusal(&nested(33)).contains("deeper than 32"));
        assert!(refusal(&"[".repeat(200_000)).contains("deeper than 32"));
    }

    /// ORI-15, and the differential readings behind it.
    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        assert!(refusal(r#"{"actor":"a","actor":"b"}"#).contains("same key twice"));
        assert!(refusal(r#"{"object":{"id":"a","\u0069d":"b"}}"#).contains("same key twice"));
        for keyword in ["@graph", "@included", "@reverse", "\\u0040graph"] {
            assert!(refusal(&format!(r#"{{"{keyword}":[]}}"#)).contains("rearrange"), "{keyword}");
            assert!(
                refusal(&format!(r#"{{"a":[{{"b":{{"{keyword}":1}}}}]}}"#)).contains("rearrange"),
                "{keyword}"
            );
        }
        assert!(read(br#"{"content":"about @graph"}"#, 100).is_ok());
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for bad in
            ["", " ", "{", r#"{"a":1} {"b":2}"#, r#"{"a":1e999}"#, r#"{"a":"\ud800"}"#, "{a:1}", "\u{feff}{}"]
        {
            assert!(read(bad.as_bytes(), 100).is_err(), "{bad:?}");
        }
        assert!(read(b"{\"a\":\"\xff\"}", 100).is_err());
    }

    #[test]
    fn size_is_capped_before_reading() {
        assert!(matches!(read(b"{}  ", 3), Err(JsonFault::TooLarge(3))));
        assert!(read(b"{} ", 3).is_ok());
    }
}
