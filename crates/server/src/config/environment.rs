//! Environment variables that stand for keys of the configuration: `FOLKMOOT__LIMITS__BODY_BYTES` is
//! `limits.body_bytes`. Two underscores part the words, since keys have single ones.

use std::collections::BTreeMap;

use toml::Value;

use super::Config;
use crate::reading::{
    Document, Place, Problem, Wrong, nearest,
    shape::{Shape, schema_of},
};

const PREFIX: &str = "FOLKMOOT__";

/// The variable for a key such as `limits.body_bytes`.
pub fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// Writes every `FOLKMOOT__…` variable over what the file says. Returns what is wrong with them.
pub fn write_over(
    document: &mut Document,
    environment: impl Iterator<Item = (String, String)>,
) -> Vec<Problem> {
    let schema = schema_of::<Config>();
    let mut known = BTreeMap::new();
    note_keys(Shape::new(&schema), "", &mut known);
    let mut problems = Vec::new();
    for (name, text) in environment.filter(|(name, _)| name.starts_with(PREFIX)) {
        let place = Place::Variable(name.clone());
        match known.get(&name) {
            None => problems.push(unknown(place, &name, &known)),
            Some((key, shape)) if shape.only_in_file() => {
                let sentence = "relaxes a guard and is accepted only in the file, where it is seen; take this variable away";
                problems.push(Problem::value(Some(place), key, sentence));
            }
            Some((key, shape)) => {
                let path: Vec<String> = key.split('.').map(str::to_owned).collect();
                document.put(&path, value(*shape, &text), place);
            }
        }
    }
    problems
}

/// Text as the key's kind of value; what cannot be that stays text, and the check of the document says so.
fn value(shape: Shape<'_>, text: &str) -> Value {
    match shape.kind() {
        "integer" => text.trim().parse().map_or_else(|_| Value::from(text), Value::Integer),
        "array" => {
            let elements = text.split(',').map(str::trim).filter(|element| !element.is_empty());
            Value::Array(elements.map(Value::from).collect())
        }
        _ => Value::from(text),
    }
}

fn note_keys<'s>(shape: Shape<'s>, outer: &str, known: &mut BTreeMap<String, (String, Shape<'s>)>) {
    for (name, inner) in shape.keys() {
        let key = if outer.is_empty() { name.to_owned() } else { format!("{outer}.{name}") };
        if inner.is_section() {
            note_keys(inner, &key, known);
        } else {
            known.insert(variable(&key), (key, inner));
        }
    }
}

fn unknown(place: Place, name: &str, known: &BTreeMap<String, (String, Shape<'_>)>) -> Problem {
    let meant =
        nearest(name.trim_start_matches(PREFIX), known.keys().map(|name| name.trim_start_matches(PREFIX)));
    let meant = meant.map(|meant| format!("; did you mean {PREFIX}{meant}?")).unwrap_or_default();
    Problem {
        place: Some(place),
        key: String::new(),
        wrong: Wrong::Text(format!("this stands for no key{meant}")),
    }
}
