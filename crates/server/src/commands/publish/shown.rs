//! How something published is shown on the command line, in both forms.

use folkmoot_domain::{
    Moment,
    items::{Item, ItemKind, ItemSeen, Words},
};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::commands::answers::sheet;

/// What there is to say of an item.
pub struct Shown {
    heading: String,
    lines: Vec<(&'static str, String)>,
    object: Map<String, Value>,
}

impl Shown {
    /// Something that stands in the world now.
    pub fn published(seen: &ItemSeen, facts: &[(&'static str, String)]) -> Self {
        Self::new(&seen.item, &seen.home.address(), facts)
    }

    /// The same without what surrounds it.
    pub fn new(item: &Item, by: &str, facts: &[(&'static str, String)]) -> Self {
        let mut lines = vec![("id", item.id.to_string()), ("page", item.page.to_string()), ("by", by.to_owned())];
        lines.extend_from_slice(facts);
        let object = json!({
            "id": item.id.to_string(),
            "kind": item.kind.word(),
            "uri": item.uri,
            "page": item.page,
            "handle": by,
            "title": item.title,
            "published": item.published.rfc3339(),
            "edited": item.edited.map(Moment::rfc3339),
            "deleted": item.deleted.map(Moment::rfc3339),
        });
        Self { heading: format!("{} {}", capital(item.kind), name(item)), lines, object: with(object, facts) }
    }

    /// What would be published.
    pub fn rehearsed(kind: ItemKind, by: &str, words: &Words, facts: &[(&'static str, String)]) -> Self {
        let causes: Vec<_> = words.causes.iter().map(|cause| format!("#{cause}")).collect();
        let place = words.place.as_ref().map(|place| place.name.clone());
        let mut lines = vec![("by", by.to_owned())];
        lines.extend_from_slice(facts);
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

/// "Saturday 20 March 2027, 6 pm".
pub fn moment(at: Moment, zone: &TimeZone) -> String {
    format!("{}, {}", at.day_in_words(zone), at.time_in_words(zone))
}

fn capital(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Project => "Project:",
        ItemKind::Call => "Call:",
        ItemKind::Event => "Event:",
        ItemKind::Update => "Update:",
    }
}

/// The facts under their names, with `_` for blanks.
fn with(object: Value, facts: &[(&'static str, String)]) -> Map<String, Value> {
    let mut map = match object {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        map.insert(name.replace(' ', "_"), value.clone().into());
    }
    map
}
