//! Bytes to one plain JSON object, strictly: two readers of the same bytes must never see two documents.
//!
//! Duplicate keys, nesting deeper than [`limits::DEPTH`] and the JSON-LD keywords that rearrange a
//! document are refused here, before anything is believed. Contexts are never fetched. Start at [`read`].

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::{Refused, limits};

/// JSON-LD 1.1 keywords that make one graph out of differently shaped trees (9.3, 4.1, 4.8): a signature
/// over one shape would vouch for another.
const REARRANGING: [&str; 3] = ["@graph", "@included", "@reverse"];

/// Reads the bytes of one document.
pub fn read(bytes: &[u8]) -> Result<Value, Refused> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|problem| Refused::NotPlainJson(problem.to_string()))?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(Refused::NotPlainJson("it is not an object".to_owned()))
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth >= limits::DEPTH {
            Err(E::custom("it is nested too deeply"))
        } else {
            Ok(Self {
                depth: self.depth + 1,
            })
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

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain JSON")
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
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if REARRANGING.contains(&key.as_str()) {
                return Err(A::Error::custom(format_args!("it uses {key}")));
            }
            if map.contains_key(&key) {
                return Err(A::Error::custom("it has the same key twice in one object"));
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

    #[test]
    fn plain_json_is_read_as_it_stands() {
        let text = r#"{"b":[1,-2,3.5,null,true,"x"],"a":{"c":{}}}"#;
        assert_eq!(read(text.as_bytes()).unwrap().to_string(), text);
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        let deep = format!("{}1{}", "{\"a\":".repeat(33), "}".repeat(33));
        for bad in [
            r#"{"type":"Note","type":"Delete"}"#,
            r#"{"object":{"id":"a","id":"b"}}"#,
            r#"{"@graph":[]}"#,
            r#"{"object":{"@reverse":{}}}"#,
            r#"{"a":[{"@included":[]}]}"#,
            r#"{"a":1} {"b":2}"#,
            "[]",
            "\"text\"",
            "",
            "{\"a\":1e999}",
            "{\"a\":\"\\ud800\"}",
            deep.as_str(),
        ] {
            assert!(
                matches!(read(bad.as_bytes()), Err(Refused::NotPlainJson(_))),
                "{bad}"
            );
        }
        assert!(read(&[b'{', b'"', 0xff, b'"', b':', b'1', b'}']).is_err());
        let bottomless = "[".repeat(200_000);
        assert!(read(format!("{{\"a\":{bottomless}").as_bytes()).is_err());
    }

    #[test]
    fn thirty_two_levels_are_enough_for_anyone() {
        let deep = format!("{}1{}", "{\"a\":".repeat(32), "}".repeat(32));
        assert!(read(deep.as_bytes()).is_ok());
    }
}
