//! The record of a decision: how it is kept, and how it is given away as text, CSV and JSON.

use folkmoot_domain::decisions::{Choice, DecisionSeen, Outcome, Record, RecordLine};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Error, Result};

/// As it is kept. Rows outlive releases: fields may be added with a default.
#[derive(Serialize, Deserialize)]
struct Kept {
    outcome: String,
    lines: Vec<KeptLine>,
}

#[derive(Serialize, Deserialize)]
struct KeptLine {
    association: String,
    name: String,
    choice: Option<String>,
    #[serde(default)]
    words: String,
}

/// The record as it is kept.
pub(super) fn stored(record: &Record) -> Result<String> {
    let line = |line: &RecordLine| KeptLine {
        association: line.association.to_string(),
        name: line.name.clone(),
        choice: line.choice.map(|choice| choice.word().to_owned()),
        words: line.words.clone(),
    };
    let kept =
        Kept { outcome: record.outcome.word().to_owned(), lines: record.lines.iter().map(line).collect() };
    serde_json::to_string(&kept).map_err(|error| Error::Broken(error.to_string()))
}

/// Reads what was kept; none while there is no record.
pub(super) fn read(kept: &str) -> Option<Record> {
    let kept: Kept = serde_json::from_str(kept).ok()?;
    let line = |line: KeptLine| {
        Some(RecordLine {
            association: line.association.parse().ok()?,
            name: line.name,
            choice: line.choice.as_deref().and_then(Choice::parse),
            words: line.words,
        })
    };
    let lines = kept.lines.into_iter().filter_map(line).collect();
    Some(Record { outcome: Outcome::parse(&kept.outcome)?, lines })
}

/// As plain text, to be printed or put into minutes.
pub fn text(seen: &DecisionSeen) -> String {
    let decision = &seen.decision;
    let head = format!(
        "{}\n{} asked its members on {}; open until {}.\n{}\n",
        decision.title,
        seen.alliance.name,
        decision.asked.rfc3339(),
        decision.closes.rfc3339(),
        decision.rule.sentence(),
    );
    match &seen.record {
        Some(record) => format!("{head}{}", closed(record)),
        None => format!("{head}\nIt is open still.\n"),
    }
}

fn closed(record: &Record) -> String {
    let tally = record.tally();
    let outcome = format!(
        "\nOutcome: {}. For {}, against {}, abstained {}, silent {}.\n\n",
        record.outcome.word(),
        tally.yes,
        tally.no,
        tally.abstained,
        record.silent(),
    );
    let lines = record.lines.iter().map(|line| format!("{}: {}\n", line.name, said(line)));
    let minority: Vec<_> = record.minority().map(|line| format!("{}: {}\n", line.name, line.words)).collect();
    let against = if minority.is_empty() { "" } else { "\nWhat those against have to say\n" };
    [outcome].into_iter().chain(lines).chain([against.to_owned()]).chain(minority).collect()
}

fn said(line: &RecordLine) -> &'static str {
    line.choice.map_or("silent", Choice::word)
}

/// As a table for a spreadsheet (RFC 4180). A cell never begins with a sign that a spreadsheet would reckon with.
pub fn csv(seen: &DecisionSeen) -> String {
    let cell = |text: &str| {
        let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    };
    let mut csv = "association,name,choice,words\r\n".to_owned();
    for line in seen.record.iter().flat_map(|record| &record.lines) {
        let cells = [line.association.as_str(), &line.name, said(line), &line.words].map(cell);
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    csv
}

/// For programs.
pub fn json(seen: &DecisionSeen) -> serde_json::Value {
    let decision = &seen.decision;
    let lines: Vec<_> = seen
        .record
        .iter()
        .flat_map(|record| &record.lines)
        .map(|line| {
            json!({
                "association": line.association, "name": line.name, "choice": line.choice.map(Choice::word),
                "words": line.words,
            })
        })
        .collect();
    json!({
        "id": decision.id.to_string(),
        "uri": decision.uri,
        "alliance": {"uri": seen.alliance.uri, "name": seen.alliance.name},
        "title": decision.title,
        "text": decision.text.html,
        "rule": decision.rule.word(),
        "asked": decision.asked.rfc3339(),
        "closes": decision.closes.rfc3339(),
        "closed": decision.closed.map(folkmoot_domain::Moment::rfc3339),
        "outcome": seen.record.as_ref().map(|record| record.outcome.word()),
        "answers": lines,
    })
}
