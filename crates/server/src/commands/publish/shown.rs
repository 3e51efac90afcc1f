//! How something published is shown on the command line, in both forms.

use folkmoot_domain::{
    Moment,
    items::{Item, ItemKind, ItemSeen, Words},
};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::commands::answers::sheet;

/// One thing to say of an item, in both forms.
#[derive(Clone)]
pub struct Fact {
    name: &'static str,
    words: String,
    key: &'static str,
    value: Value,
}

impl Fact {
    /// A fact that is words in both forms; empty, it is left out.
    pub fn text(name: &'static str, key: &'static str, words: &str) -> Self {
        Self { name, words: words.to_owned(), key, value: words.into() }
    }

    /// A moment: in words of its zone for people, RFC 3339 for programs.
    pub fn moment(name: &'static str, at: Moment, zone: &TimeZone) -> Self {
        let words = format!("{}, {}", at.day_in_words(zone), at.time_in_words(zone));
        Self { name, words, key: name, value: at.rfc3339().into() }
    }

    /// A fact that programs get in another shape than people.
    pub fn shaped(name: &'static str, words: String, key: &'static str, value: Value) -> Self {
        Self { name, words, key, value }
    }
}

/// What there is to say of an item.
pub struct Shown {
    heading: String,
    lines: Vec<(&'static str, String)>,
    object: Map<String, Value>,
}

impl Shown {
    /// Something that stands in the world now.
    pub fn published(seen: &ItemSeen, facts: &[Fact]) -> Self {
        let (item, by) = (&seen.item, seen.home.address());
        let mut lines =
            vec![("id", item.id.to_string()), ("page", item.page.to_string()), ("by", by.clone())];
        lines.extend(facts.iter().map(|fact| (fact.name, fact.words.clone())));
        let object = json!({
            "id": item.id.to_string(),
            "kind": item.kind.word(),
            "uri": item.uri,
            "page": item.page,
            "handle": by,
            "title": item.title,
            "published": item.published.rfc3339(),
            "edited": item.edited.map(Moment::rfc3339),
        });
        Self { heading: format!("{} {}", capital(item.kind), name(item)), lines, object: with(object, facts) }
    }

    /// What would be published.
    pub fn rehearsed(kind: ItemKind, by: &str, words: &Words, facts: &[Fact]) -> Self {
        let causes: Vec<_> = words.causes.iter().map(|cause| format!("#{cause}")).collect();
        let place = words.place.as_ref().map(|place| place.name.clone());
        let mut lines = vec![("by", by.to_owned())];
        lines.extend(facts.iter().map(|fact| (fact.name, fact.words.clone())));
        lines.extend([
            ("where", place.clone().unwrap_or_default()),
            ("fights for", causes.join(" ")),
            ("text", words.text.clone()),
        ]);
        let object = json!({
            "dry_run": true,
            "kind": kind.word(),
            "handle": by,
            "title": words.title,
            "place": place,
            "causes": causes,
            "text": words.text,
        });
        Self { heading: format!("{} {}", capital(kind), words.title), lines, object: with(object, facts) }
    }

    /// For people.
    pub fn words(&self) -> String {
        sheet(self.heading.trim_end(), &self.lines)
    }

    /// For programs.
    pub fn object(&self) -> Value {
        Value::Object(self.object.clone())
    }
}

/// What to call an item that may have no title.
pub fn name(item: &Item) -> &str {
    let first = item.text.source.lines().next().unwrap_or_default();
    if item.title.is_empty() { first } else { &item.title }
}

fn capital(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Project => "Project:",
        ItemKind::Call => "Call:",
        ItemKind::Event => "Event:",
        ItemKind::Update => "Update:",
    }
}

/// The object with the facts in it.
fn with(object: Value, facts: &[Fact]) -> Map<String, Value> {
    let mut map = match object {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    for fact in facts.iter().filter(|fact| !fact.words.is_empty()) {
        map.insert(fact.key.to_owned(), fact.value.clone());
    }
    map
}
