//! Makes `config/default.toml` from the struct: the doc comments, the defaults, the names of the variables.

use serde_json::Value;

use super::{Config, environment::variable};
use crate::reading::shape::{Shape, schema_of, toml_text};

const HEAD: &str = "\
# Every key of Folkmoot's configuration, with its default. A key with `#` before it has no default and must be written.
# Made by `folkmoot config default`, so do not edit: write what should differ into a file of your own, as in
# production.example.toml. A variable of the environment wins over the file; a list is written there with commas.
# `folkmoot check` names whatever is wrong, with its line.
";

/// Columns of text in comments.
const WIDTH: usize = 110;

/// The whole file.
pub fn write() -> String {
    let schema = schema_of::<Config>();
    let (sections, keys): (Vec<_>, Vec<_>) =
        Shape::new(&schema).keys().partition(|(_, shape)| shape.is_section());
    let mut text = HEAD.to_owned();
    for (name, shape) in keys {
        write_key(&mut text, name, name, shape, shape.default());
    }
    for (section, shape) in sections {
        text.push('\n');
        write_comment(&mut text, shape.about());
        text.push('[');
        text.push_str(section);
        text.push_str("]\n");
        for (name, inner) in shape.keys() {
            let default = inner.default().or_else(|| shape.default().and_then(|default| default.get(name)));
            write_key(&mut text, name, &format!("{section}.{name}"), inner, default);
        }
    }
    text
}

fn write_key(text: &mut String, name: &str, key: &str, shape: Shape<'_>, default: Option<&Value>) {
    text.push('\n');
    write_comment(text, shape.about());
    let mut facts = Vec::new();
    if shape.kind() == "integer" || !shape.words().is_empty() {
        facts.push(format!("It must be {}.", shape.must_be()));
    }
    if shape.only_in_file() {
        facts.push("Only in the file, not in the environment: it relaxes a guard.".to_owned());
    } else {
        facts.push(format!("Environment: {}", variable(key)));
    }
    write_comment(text, &facts.join(" "));
    let line = |value: &Value| toml_text(value).map(|value| format!("{name} = {value}\n"));
    match (default.and_then(line), shape.example().and_then(line)) {
        (Some(line), _) => text.push_str(&line),
        (None, Some(line)) => text.extend(["# ", &line]),
        (None, None) => text.extend(["# ", name, " =\n"]),
    }
}

fn write_comment(text: &mut String, words: &str) {
    let mut line = "#".to_owned();
    for word in unbroken(words) {
        if line.len() > 1 && line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line.truncate(1);
        }
        line.push(' ');
        line.push_str(&word);
    }
    text.push_str(&line);
    text.push('\n');
}

/// Words, where what stands between backticks is one word.
fn unbroken(words: &str) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match whole.last_mut() {
            Some(open) if open.matches('`').count() % 2 == 1 => {
                open.push(' ');
                open.push_str(word);
            }
            _ => whole.push(word.to_owned()),
        }
    }
    whole
}
