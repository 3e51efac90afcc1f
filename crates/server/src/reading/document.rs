//! A TOML text with the place of every key, checked against a shape and then read into a type.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::{Table, Value, de::DeTable, de::DeValue};

use super::{
    problem::{Place, Problem, Wrong},
    shape::{Shape, schema_of, toml_text},
    spelling::nearest,
};

/// What was written, and where.
#[derive(Debug, Default)]
pub struct Document {
    table: Table,
    places: Places,
}

/// Where each key was written.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<String, Place>);

impl Places {
    /// Where this key was written, or the nearest table or list around it.
    pub fn of(&self, key: &str) -> Option<Place> {
        let mut key = key;
        loop {
            if let Some(place) = self.0.get(key) {
                return Some(place.clone());
            }
            key = key.get(..key.rfind(['.', '['])?)?;
        }
    }
}

impl Document {
    /// Parses TOML. `lines_before` is how many lines of the file stand above the text.
    pub fn parse(text: &str, lines_before: usize) -> Result<Self, Problem> {
        let line_at = |byte: usize| {
            let before = text.as_bytes().iter().take(byte);
            lines_before + 1 + before.filter(|byte| **byte == b'\n').count()
        };
        let not_toml = |error: toml::de::Error| {
            let line = line_at(error.span().map_or(0, |span| span.start));
            // Only what stands before the `=`: the value may be a secret.
            let written = text.lines().nth(line.saturating_sub(lines_before + 1)).unwrap_or_default();
            let key = written.split('=').next().unwrap_or_default().trim();
            Problem::text(line, format!("`{key}` cannot be read as TOML: {}", error.message()))
        };
        let spanned = DeTable::parse(text).map_err(not_toml)?;
        let mut places = Places::default();
        note_places(spanned.get_ref(), "", &line_at, &mut places.0);
        let mut table = text.parse::<Table>().map_err(not_toml)?;
        table.iter_mut().for_each(|(_, value)| say_dates_as_text(value));
        Ok(Self { table, places })
    }

    /// Writes a value over whatever is there. `path` is the key, after its section if it has one.
    pub fn put(&mut self, path: &[String], value: Value, place: Place) {
        let Some((name, sections)) = path.split_last() else {
            return;
        };
        let mut table = &mut self.table;
        for section in sections {
            let inner = table.entry(section.as_str()).or_insert_with(|| Value::Table(Table::new()));
            // Not a table: the check below says so, there is no need to say it twice.
            let Value::Table(inner) = inner else { return };
            table = inner;
        }
        table.insert(name.clone(), value);
        self.places.0.insert(path.join("."), place);
    }

    /// Everything that is wrong with the shape: unknown, missing and misshapen keys, in the order of lines.
    pub fn check(&self, shape: Shape<'_>) -> Vec<Problem> {
        let mut check = Check { top: shape, places: &self.places, problems: Vec::new() };
        check.table(shape, &self.table, "");
        let mut problems = check.problems;
        problems.sort_by_key(|problem| (problem.place.is_none(), problem.place.clone()));
        problems
    }

    /// Checks and reads.
    pub fn read<T: DeserializeOwned + JsonSchema>(self) -> Result<(T, Places), Vec<Problem>> {
        let problems = self.check(Shape::new(&schema_of::<T>()));
        if !problems.is_empty() {
            return Err(problems);
        }
        match serde_path_to_error::deserialize(Value::Table(self.table)) {
            Ok(read) => Ok((read, self.places)),
            Err(error) => {
                let key = error.path().to_string();
                let sentence = error.into_inner().message().to_owned();
                Err(vec![Problem::value(self.places.of(&key), key, sentence)])
            }
        }
    }
}

fn inner_key(outer: &str, name: &str) -> String {
    if outer.is_empty() { name.to_owned() } else { format!("{outer}.{name}") }
}

fn note_places(
    table: &DeTable<'_>,
    outer: &str,
    line_at: &impl Fn(usize) -> usize,
    places: &mut BTreeMap<String, Place>,
) {
    for (name, value) in table {
        let key = inner_key(outer, name.get_ref());
        places.insert(key.clone(), Place::Line(line_at(name.span().start)));
        match value.get_ref() {
            DeValue::Table(inner) => note_places(inner, &key, line_at, places),
            DeValue::Array(list) => {
                for (index, element) in list.iter().enumerate() {
                    let key = format!("{key}[{index}]");
                    places.insert(key.clone(), Place::Line(line_at(element.span().start)));
                    if let DeValue::Table(inner) = element.get_ref() {
                        note_places(inner, &key, line_at, places);
                    }
                }
            }
            _ => {}
        }
    }
}

/// TOML has dates of its own; our types read dates from text, so that they may stand in quotes as well.
fn say_dates_as_text(value: &mut Value) {
    match value {
        Value::Datetime(date) => *value = Value::String(date.to_string()),
        Value::Array(list) => list.iter_mut().for_each(say_dates_as_text),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| say_dates_as_text(value)),
        _ => {}
    }
}

struct Check<'d> {
    top: Shape<'d>,
    places: &'d Places,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn table(&mut self, shape: Shape<'_>, table: &Table, outer: &str) {
        for (name, value) in table {
            let key = inner_key(outer, name);
            match shape.key(name) {
                Some(shape) => self.value(shape, value, &key),
                None => self.unknown(shape, name, key, outer),
            }
        }
        for name in shape.required().filter(|name| !table.contains_key(*name)) {
            if let Some(missing) = shape.key(name) {
                self.missing(missing, name, outer);
            }
        }
    }

    fn missing(&mut self, shape: Shape<'_>, name: &str, outer: &str) {
        let key = inner_key(outer, name);
        if shape.is_section() {
            // What is missing is not the section, but what has to stand in it.
            return self.table(shape, &Table::new(), &key);
        }
        // Where the table was written the name is enough; else a dotted key at the top does.
        let written = if self.places.0.contains_key(outer) { name } else { &key };
        let example = shape.example().and_then(toml_text).map(|example| format!("{written} = {example}"));
        let place = if outer.is_empty() { None } else { self.places.of(outer) };
        self.problems.push(Problem {
            place,
            key,
            wrong: Wrong::Missing { about: shape.in_short(), example },
        });
    }

    fn value(&mut self, shape: Shape<'_>, value: &Value, key: &str) {
        if !shape.fits(value) {
            self.misshapen(shape, value, key);
            return;
        }
        match value {
            Value::Table(table) => self.table(shape, table, key),
            Value::Array(list) => {
                for (index, element) in list.iter().enumerate() {
                    if let Some(shape) = shape.element() {
                        self.value(shape, element, &format!("{key}[{index}]"));
                    }
                }
            }
            _ => {}
        }
    }

    fn misshapen(&mut self, shape: Shape<'_>, value: &Value, key: &str) {
        let sentence = match value.as_str() {
            Some(text) if text.trim().is_empty() && shape.kind() == "string" => {
                "must not be empty".to_owned()
            }
            Some(text) => {
                let meant = nearest(text, shape.words()).map(|word| format!("; did you mean {word}?"));
                format!("must be {}, not \"{text}\"{}", shape.must_be(), meant.unwrap_or_default())
            }
            None if value.is_table() || value.is_array() => format!("must be {}", shape.must_be()),
            None => format!("must be {}, not {value}", shape.must_be()),
        };
        self.problems.push(Problem::value(self.places.of(key), key, sentence));
    }

    fn unknown(&mut self, shape: Shape<'_>, name: &str, key: String, outer: &str) {
        let allowed: Vec<String> = shape.keys().map(|(name, _)| name.to_owned()).collect();
        let belongs_at_top = !outer.is_empty() && self.top.key(name).is_some();
        let meant = nearest(name, allowed.iter().map(String::as_str)).map(str::to_owned);
        let wrong = Wrong::Unknown { allowed, meant, belongs_at_top };
        self.problems.push(Problem { place: self.places.of(&key), key, wrong });
    }
}
