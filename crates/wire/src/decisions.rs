//! What an alliance asks its members: a `Question` for them alone, their votes, and the record at the end.
//!
//! It is a poll as everybody knows it (`oneOf`, `endTime`), with the rule beside it (`civ:rule`). A vote is the vote of a
//! poll, by the actor of the member, with words for the minority report in its `content`. At the end the `Question` is
//! sent again with `closed`, `civ:outcome` and what each said (`civ:ballots`).

use folkmoot_domain::{
    Moment,
    actors::Actor,
    decisions::{Choice, DecisionSeen, Outcome, Record, RecordLine, Rule},
};
use serde_json::{Map, Value, json};
use url::Url;

use crate::{context, envelope, html, limits, origins, shapes};

/// Most lines of one record that are read.
const LINES: usize = 500;

/// The question, to these members.
pub fn question(seen: &DecisionSeen, record: Option<&Record>, closed: Option<Moment>) -> Value {
    let decision = &seen.decision;
    let to: Vec<&Url> = seen.electors.iter().map(|elector| &elector.uri).collect();
    let tags: Vec<Value> = seen
        .electors
        .iter()
        .map(|elector| json!({"type": "Mention", "href": elector.uri, "name": elector.address()}))
        .collect();
    let title = html::escaped(&decision.title);
    let content = format!(
        "<p><strong>{title}</strong></p>{}<p>{}</p>",
        decision.text.html,
        html::escaped(&decision.rule.sentence())
    );
    let tally = record.map(Record::tally).unwrap_or_default();
    let options: Vec<Value> = Choice::ALL
        .into_iter()
        .zip([tally.yes, tally.no, tally.abstained])
        .map(|(choice, count)| {
            json!({
                "type": "Note", "name": choice.word(),
                "replies": {"type": "Collection", "totalItems": count},
            })
        })
        .collect();
    let mut map = Map::new();
    map.insert("id".into(), json!(decision.uri));
    map.insert("type".into(), json!("Question"));
    map.insert("attributedTo".into(), json!(seen.alliance.uri));
    map.insert("to".into(), json!(to));
    map.insert("cc".into(), json!([]));
    map.insert("content".into(), json!(content));
    map.insert("published".into(), json!(decision.asked.rfc3339()));
    map.insert("endTime".into(), json!(decision.closes.rfc3339()));
    map.insert("oneOf".into(), Value::Array(options));
    map.insert("tag".into(), Value::Array(tags));
    map.insert("civ:kind".into(), json!("civ:Decision"));
    map.insert("civ:name".into(), json!(decision.title));
    map.insert("civ:text".into(), json!(decision.text.html));
    map.insert("civ:rule".into(), json!(decision.rule.word()));
    if let (Some(record), Some(closed)) = (record, closed) {
        map.insert("closed".into(), json!(decision.closes.rfc3339()));
        map.insert("updated".into(), json!(closed.rfc3339()));
        map.insert("civ:outcome".into(), json!(record.outcome.word()));
        map.insert("civ:ballots".into(), Value::Array(record.lines.iter().map(line).collect()));
    }
    Value::Object(map)
}

fn line(line: &RecordLine) -> Value {
    let mut map = Map::new();
    map.insert("civ:association".into(), json!(line.association));
    map.insert("civ:name".into(), json!(line.name));
    if let Some(choice) = line.choice {
        map.insert("civ:choice".into(), json!(choice.word()));
    }
    if !line.words.is_empty() {
        map.insert("civ:words".into(), json!(line.words));
    }
    Value::Object(map)
}

/// The vote of a member, for the alliance alone.
pub fn vote(note: &Url, member: &Actor, seen: &DecisionSeen, choice: Choice, words: &str, at: Moment) -> Value {
    let mut map = Map::new();
    map.insert("id".into(), json!(note));
    map.insert("type".into(), json!("Note"));
    map.insert("attributedTo".into(), json!(member.uri));
    map.insert("to".into(), json!([seen.alliance.uri]));
    map.insert("cc".into(), json!([]));
    map.insert("name".into(), json!(choice.word()));
    map.insert("inReplyTo".into(), json!(seen.decision.uri));
    if !words.is_empty() {
        map.insert("content".into(), json!(html::as_typed(words)));
    }
    map.insert("published".into(), json!(at.rfc3339()));
    Value::Object(map)
}

/// A decision of an alliance elsewhere, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRead {
    /// Its id, of the origin of who asks.
    pub uri: Url,
    /// In one line.
    pub title: String,
    /// The text, safe HTML.
    pub html: String,
    /// By which rule.
    pub rule: Rule,
    /// When it was asked.
    pub asked: Option<Moment>,
    /// Until when.
    pub closes: Moment,
    /// What came of it, when it is over.
    pub record: Option<Record>,
}

impl DecisionRead {
    /// Reads the thing inside an activity; none when it is no decision, or not one that can be understood. Who says it, and
    /// that it lives there, was looked at before.
    pub fn inside(activity: &Value) -> Option<Self> {
        let map = activity.get("object")?.as_object()?;
        let kind = context::own_term(shapes::text(map, "civ:kind")?);
        if kind != format!("{}Decision", context::CIV) || envelope::kind(map) != Ok("Question") {
            return None;
        }
        let title: String = html::one_line(shapes::text(map, "civ:name")?).chars().take(200).collect();
        let text = shapes::text(map, "civ:text").unwrap_or_default();
        if title.is_empty() || text.len() > limits::CONTENT {
            return None;
        }
        Some(Self {
            uri: origins::fetchable("object.id", shapes::text(map, "id")?).ok()?,
            title,
            html: html::safe(text),
            rule: Rule::parse(shapes::text(map, "civ:rule")?)?,
            asked: shapes::moment(map, "published"),
            closes: shapes::moment(map, "endTime")?,
            record: record(map),
        })
    }
}

fn record(map: &Map<String, Value>) -> Option<Record> {
    let outcome = Outcome::parse(shapes::text(map, "civ:outcome")?)?;
    let lines = shapes::many(map.get("civ:ballots"));
    let line = |line: &Value| {
        let line = line.as_object()?;
        let association = origins::fetchable("civ:association", shapes::text(line, "civ:association")?).ok()?;
        let name = shapes::text(line, "civ:name").map(html::one_line).unwrap_or_default();
        let words = shapes::text(line, "civ:words").unwrap_or_default();
        Some(RecordLine {
            association,
            name: name.chars().take(200).collect(),
            choice: shapes::text(line, "civ:choice").and_then(Choice::parse),
            words: words.chars().take(folkmoot_domain::decisions::WORDS).collect(),
        })
    };
    (lines.len() <= LINES).then(|| Record { outcome, lines: lines.iter().filter_map(line).collect() })
}

/// When the thing inside an activity was said, as its author claims.
pub fn said_at(activity: &Value) -> Option<Moment> {
    shapes::moment(activity.get("object")?.as_object()?, "published")
}
