//! Markdown files with front matter, from which calls, projects, events and updates are published.
//!
//! A file begins with a line `+++`, then TOML, then a line `+++`, then the text in Markdown. This module only reads
//! what was written, into plain values; whether it makes a good call is for `domain` to decide. What is wrong is
//! said with its line. Examples that a test reads: `config/examples/`. Start at [`call`].

mod drafts;
#[cfg(test)]
mod tests;
mod values;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use crate::reading::{Document, Problem};

pub use drafts::moment;
pub use values::{ItemName, When, Zone};

/// A call to action as it was written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallFile {
    /// What is asked for, in one line.
    #[schemars(length(min = 1), example = &"Help plant 40 trees on the Moor")]
    pub title: String,
    /// Until when one can answer.
    #[schemars(example = &"2027-03-20T18:00")]
    pub closes: When,
    /// The time zone of the dates, when it is not the association's own: `Europe/London`.
    pub timezone: Option<Zone>,
    /// Why it matters, in one line.
    #[serde(default)]
    pub why: String,
    /// Where.
    pub place: Option<PlaceWritten>,
    /// Hashtags of the causes it fights for, with or without `#`.
    #[serde(default)]
    pub causes: Vec<String>,
    /// The language, when it is not the association's own: `en`.
    pub language: Option<String>,
    /// The project it helps: its id or the address of its page.
    pub project: Option<ItemName>,
    /// Does it go out as a poll, so that a tick and a vote is a pledge? Yes unless told otherwise.
    #[serde(default = "yes")]
    pub one_tap: bool,
    /// What help is wanted: one `[[needs]]` for each, at least one.
    #[schemars(example = NeedWritten::example())]
    pub needs: Vec<NeedWritten>,
    /// The Markdown below the front matter.
    #[serde(skip)]
    pub text: String,
}

/// One kind of help that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(deny_unknown_fields)]
pub struct NeedWritten {
    /// What kind of help it is.
    #[schemars(example = &"time")]
    pub kind: HelpWritten,
    /// The option of the poll, as whoever offers would say it: "I can dig". The kind's own words when left out.
    #[serde(default)]
    pub label: String,
    /// How many are wanted; when left out, any number helps.
    #[schemars(range(min = 1, max = 10_000))]
    pub wanted: Option<i32>,
}

/// Kinds of help. The same words as in `domain`, which a test checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(rename_all = "lowercase")]
pub enum HelpWritten {
    /// Hands and hours.
    Time,
    /// Something one can do.
    Skill,
    /// Something one can bring.
    Thing,
    /// Somewhere to be.
    Space,
    /// Money, by a link.
    Money,
    /// Passing it on.
    Voice,
}

/// A place as it was written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceWritten {
    /// The name people use for the place.
    #[schemars(length(min = 1), example = &"Woodhouse Moor, by the bandstand")]
    pub name: String,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// How exactly it may be shown. The neighbourhood unless told otherwise.
    #[serde(default)]
    pub show: Show,
}

impl PlaceWritten {
    /// Both degrees, when both were written.
    pub fn point(&self) -> Option<(f64, f64)> {
        self.latitude.zip(self.longitude)
    }
}

/// How exactly a place may be shown. The same words as in `domain`, which a test checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// As given.
    Exact,
    /// To about a hundred metres.
    Street,
    /// To about a kilometre.
    #[default]
    Neighbourhood,
    /// To about ten kilometres.
    Town,
}

/// An event as it was written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventFile {
    /// What it is, in one line.
    #[schemars(length(min = 1), example = &"Tree planting morning")]
    pub title: String,
    /// When it begins.
    #[schemars(example = &"2027-03-06T10:00")]
    pub starts: When,
    /// When it ends.
    #[schemars(example = &"2027-03-06T13:00")]
    pub ends: When,
    /// The time zone of the dates, when it is not the association's own: `Europe/London`.
    pub timezone: Option<Zone>,
    /// Where.
    pub place: Option<PlaceWritten>,
    /// Where to join from afar: an address.
    #[serde(default, deserialize_with = "values::web_address")]
    #[schemars(with = "Option<String>")]
    pub online: Option<Url>,
    /// How many fit in; when left out, everyone.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub capacity: Option<i32>,
    /// Hashtags of the causes it fights for, with or without `#`.
    #[serde(default)]
    pub causes: Vec<String>,
    /// The language, when it is not the association's own: `en`.
    pub language: Option<String>,
    /// The project it belongs to: its id or the address of its page.
    pub project: Option<ItemName>,
    /// The Markdown below the front matter.
    #[serde(skip)]
    pub text: String,
}

/// A project as it was written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectFile {
    /// What it is, in one line.
    #[schemars(length(min = 1), example = &"A tree for every street")]
    pub title: String,
    /// How far it is. An idea unless told otherwise.
    #[serde(default)]
    pub state: Stage,
    /// What it needs, in one line.
    #[serde(default)]
    pub need: String,
    /// Where.
    pub place: Option<PlaceWritten>,
    /// Hashtags of the causes it fights for, with or without `#`.
    #[serde(default)]
    pub causes: Vec<String>,
    /// The language, when it is not the association's own: `en`.
    pub language: Option<String>,
    /// The Markdown below the front matter.
    #[serde(skip)]
    pub text: String,
}

/// How far a project is when it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Somebody thought of it.
    #[default]
    Idea,
    /// It is being done.
    Active,
}

/// An update as it was written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateFile {
    /// What it is news about: the id of a project, call or event, or the address of its page.
    #[schemars(example = &"https://hyde.example/projects/0198c2a4-7d1e-7c3a-9b1f-3f6a5d2e8c40")]
    pub about: ItemName,
    /// The language, when it is not the association's own: `en`.
    pub language: Option<String>,
    /// The Markdown below the front matter.
    #[serde(skip)]
    pub text: String,
}

/// Everything that is wrong with a file, one line each.
#[derive(Debug, Clone, PartialEq)]
pub struct FileProblems(pub Vec<Problem>);

impl std::error::Error for FileProblems {}

impl fmt::Display for FileProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// Reads a call.
pub fn call(file: &str) -> Result<CallFile, FileProblems> {
    let (front, text) = read::<CallFile>(file)?;
    Ok(CallFile { text, ..front })
}

/// Reads an event.
pub fn event(file: &str) -> Result<EventFile, FileProblems> {
    let (front, text) = read::<EventFile>(file)?;
    Ok(EventFile { text, ..front })
}

/// Reads a project.
pub fn project(file: &str) -> Result<ProjectFile, FileProblems> {
    let (front, text) = read::<ProjectFile>(file)?;
    Ok(ProjectFile { text, ..front })
}

/// Reads an update.
pub fn update(file: &str) -> Result<UpdateFile, FileProblems> {
    let (front, text) = read::<UpdateFile>(file)?;
    Ok(UpdateFile { text, ..front })
}

fn yes() -> bool {
    true
}

impl NeedWritten {
    fn example() -> serde_json::Value {
        serde_json::json!([{ "kind": "time", "label": "I can dig", "wanted": 12 }])
    }
}

fn read<T: DeserializeOwned + JsonSchema>(file: &str) -> Result<(T, String), FileProblems> {
    let file = file.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let (front, text) = split(&file).map_err(|problem| FileProblems(vec![problem]))?;
    let document = Document::parse(front, 1).map_err(|problem| FileProblems(vec![problem]))?;
    let (read, _) = document.read::<T>().map_err(FileProblems)?;
    Ok((read, text.trim().to_owned()))
}

/// The TOML between the two `+++` lines, and the Markdown below them.
fn split(file: &str) -> Result<(&str, &str), Problem> {
    let (first, rest) = file.split_once('\n').unwrap_or((file, ""));
    match first.trim_end() {
        "+++" => {}
        "---" => {
            let sentence = "the front matter stands between lines of `+++` here and is TOML: write `title = \"Plant trees\"`, not `title: Plant trees`";
            return Err(Problem::text(1, sentence));
        }
        _ => {
            return Err(Problem::text(
                1,
                "the first line must be `+++`, then come lines such as `title = \"Plant trees\"`, then `+++`, then the text",
            ));
        }
    }
    let mut start = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "+++" {
            let front = rest.get(..start).unwrap_or_default();
            return Ok((front, rest.get(start + line.len()..).unwrap_or_default()));
        }
        start += line.len();
    }
    Err(Problem::text(1, "the front matter begins here, but no second line `+++` ends it"))
}
