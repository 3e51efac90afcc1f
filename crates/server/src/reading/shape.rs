//! What a type allows to be written, taken from its JSON schema: keys, kinds of value, ranges and words.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// The schema of a type in one piece, keys in the order of its fields.
pub fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// A value of a schema, as TOML writes it.
pub fn toml_text(value: &Value) -> Option<String> {
    toml::Value::try_from(value).ok().map(|value| value.to_string())
}

/// One place in a schema.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'s>(&'s Value);

impl<'s> Shape<'s> {
    /// The shape a schema describes. What may be left out has the shape of what would be written.
    pub fn new(schema: &'s Value) -> Self {
        let written = schema.get("anyOf").and_then(Value::as_array).and_then(|choices| {
            choices.iter().find(|choice| choice.get("type").and_then(Value::as_str) != Some("null"))
        });
        Self(written.unwrap_or(schema))
    }

    /// The named keys of a table, in the order of the fields.
    pub fn keys(self) -> impl Iterator<Item = (&'s str, Shape<'s>)> {
        let properties = self.0.get("properties").and_then(Value::as_object);
        properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), Self::new(schema)))
    }

    /// What may be written under this key; none when the key does not belong here.
    pub fn key(self, name: &str) -> Option<Self> {
        let named = self.0.get("properties").and_then(|properties| properties.get(name));
        let any = || self.0.get("additionalProperties").filter(|schema| schema.is_object());
        named.or_else(any).map(Self::new)
    }

    /// The keys that must be written.
    pub fn required(self) -> impl Iterator<Item = &'s str> {
        let names = self.0.get("required").and_then(Value::as_array);
        names.into_iter().flatten().filter_map(Value::as_str)
    }

    /// What stands in a list.
    pub fn element(self) -> Option<Self> {
        self.0.get("items").map(Self::new)
    }

    /// Is it a section, a table with named keys?
    pub fn is_section(self) -> bool {
        self.0.get("properties").is_some()
    }

    /// What the doc comment says.
    pub fn about(self) -> &'s str {
        self.0.get("description").and_then(Value::as_str).unwrap_or_default()
    }

    /// The first sentence of the doc comment.
    pub fn in_short(self) -> String {
        let about = self.about().split_whitespace().collect::<Vec<_>>().join(" ");
        match about.split_once(". ") {
            Some((first, _)) => format!("{first}."),
            None => about,
        }
    }

    /// The value when nothing is written.
    pub fn default(self) -> Option<&'s Value> {
        self.0.get("default")
    }

    /// A value one could write.
    pub fn example(self) -> Option<&'s Value> {
        self.0.get("examples").and_then(|examples| examples.get(0))
    }

    /// May it be written only in the file, never in the environment?
    pub fn only_in_file(self) -> bool {
        self.0.get("x-only-in-file").is_some()
    }

    /// The words to choose from; empty when any text will do.
    pub fn words(self) -> Vec<&'s str> {
        let plain = self.0.get("enum").and_then(Value::as_array).into_iter().flatten();
        let documented = self.0.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        let documented = documented.filter_map(|choice| choice.get("const"));
        plain.chain(documented).filter_map(Value::as_str).collect()
    }

    /// The JSON type: `string`, `integer`, `number`, `boolean`, `array` or `object`.
    pub fn kind(self) -> &'s str {
        match self.0.get("type") {
            Some(Value::String(kind)) => kind,
            Some(Value::Array(kinds)) => {
                kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("string")
            }
            _ => "string",
        }
    }

    fn bound(self, name: &str) -> Option<f64> {
        self.0.get(name).and_then(Value::as_f64)
    }

    /// Ends the sentence "it must be …".
    pub fn must_be(self) -> String {
        let words = self.words();
        if !words.is_empty() {
            return format!("one of {}", words.join(", "));
        }
        match self.kind() {
            "integer" => match (self.bound("minimum"), self.bound("maximum")) {
                (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
                (Some(least), None) => format!("a whole number, {least} or more"),
                _ => "a whole number".to_owned(),
            },
            "number" => "a number, such as 53.8".to_owned(),
            "boolean" => "true or false".to_owned(),
            "array" => "a list in square brackets".to_owned(),
            "object" => "a table".to_owned(),
            _ => "text in quotes".to_owned(),
        }
    }

    /// Does this value have the right kind, lie in the range, stand among the words? What is inside of tables and
    /// lists is looked at by whoever walks them.
    pub fn fits(self, value: &toml::Value) -> bool {
        match (self.kind(), value) {
            ("string", toml::Value::String(text)) => {
                let words = self.words();
                let long_enough = self.bound("minLength").is_none_or(|_| !text.trim().is_empty());
                long_enough && (words.is_empty() || words.contains(&text.as_str()))
            }
            #[expect(
                clippy::cast_precision_loss,
                reason = "bounds are small; a number that large is out of them anyway"
            )]
            ("integer", toml::Value::Integer(number)) => {
                let number = *number as f64;
                self.bound("minimum").is_none_or(|least| number >= least)
                    && self.bound("maximum").is_none_or(|most| number <= most)
            }
            ("number", value) => value.is_integer() || value.is_float(),
            ("boolean", value) => value.is_bool(),
            ("array", value) => value.is_array(),
            ("object", value) => value.is_table(),
            _ => false,
        }
    }
}
