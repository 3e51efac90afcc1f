//! Items as they travel, with where they stand and the picture that goes with them.

use serde::{Deserialize, Serialize};

use super::PlaceLeaf;

/// A picture with its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PictureLeaf {
    /// What is on it.
    pub alt: String,
    /// The largest of its files, base64.
    pub file: String,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StateLeaf {
    /// The word of the state.
    pub word: String,
    /// Why, for what is parked or cancelled.
    #[serde(default)]
    pub reason: String,
    /// When to look again.
    #[serde(default)]
    pub wake: Option<i64>,
    /// What came of it.
    #[serde(default)]
    pub outcome: String,
    /// Thanks.
    #[serde(default)]
    pub thanks: String,
    /// When it was over.
    #[serde(default)]
    pub at: Option<i64>,
}

/// Something published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemLeaf {
    /// The id it had.
    pub uri: String,
    /// One line.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// The language.
    pub language: String,
    /// Where.
    pub place: Option<PlaceLeaf>,
    /// When it was published.
    pub published: i64,
    /// When its words last changed.
    pub edited: Option<i64>,
    /// Hashtags.
    pub causes: Vec<String>,
    /// May others carry it?
    pub carriable: bool,
    /// The picture that goes with it.
    pub picture: Option<PictureLeaf>,
    /// What it is.
    pub noun: NounLeaf,
}

/// What only a noun says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NounLeaf {
    /// A project.
    Project {
        /// What it needs.
        need: String,
        /// The project it takes up.
        parent: Option<String>,
        /// What that was called, and whose it was.
        #[serde(default)]
        credit: String,
        /// How far it is.
        state: StateLeaf,
    },
    /// A call.
    Call {
        /// Why it matters.
        why: String,
        /// Until when one can answer.
        closes: i64,
        /// Can one answer with a tick?
        one_tap: bool,
        /// When answers ended.
        ended: Option<i64>,
        /// What it asks for.
        needs: Vec<NeedLeaf>,
        /// The project it helps.
        project: Option<String>,
        /// Where it stands.
        state: StateLeaf,
    },
    /// An event.
    Event {
        /// When it begins.
        starts: i64,
        /// When it ends.
        ends: i64,
        /// Its time zone.
        zone: String,
        /// How many fit in.
        capacity: Option<i32>,
        /// Where to join from afar.
        online: Option<String>,
        /// The project it belongs to.
        project: Option<String>,
        /// How many come.
        going: i64,
        /// Where it stands.
        state: StateLeaf,
    },
    /// News.
    Update {
        /// What it is about.
        about: String,
    },
}

/// One kind of help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeedLeaf {
    /// What kind.
    pub kind: String,
    /// The option.
    pub label: String,
    /// How many are wanted.
    pub wanted: Option<i32>,
}
