//! The rules of the house, as code: each file of this folder holds some of them and can be read alone.
//!
//! A rule is a function from what was read ([`tree::Tree`], [`graph::Graph`]) to [`Violation`]s. It reads no file and
//! runs no program, so that a test can hold a small made-up house against it. Start reading at [`inspect`].

use std::fmt;

pub mod code;
pub mod floors;
pub mod graph;
pub mod licences;
pub mod manifests;
pub mod modules;
pub mod names;
pub mod sizes;
pub mod tree;
pub mod words;

use graph::Graph;
use tree::Tree;

/// One thing against the rules: where, and a sentence that says what and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    place: String,
    says: String,
}

impl Violation {
    /// A violation at a place: a path, or `path:line`.
    pub fn new(place: impl Into<String>, says: impl Into<String>) -> Self {
        Self { place: place.into(), says: says.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.says)
    }
}

/// All that was found.
pub struct Findings {
    /// What is against the rules, by place.
    pub violations: Vec<Violation>,
    /// Functions over the limit that say why.
    pub long_on_purpose: Vec<String>,
}

/// Holds the house against every rule.
pub fn inspect(graph: &Graph, tree: &Tree) -> Findings {
    let (too_long, long_on_purpose) = sizes::functions(tree);
    let mut violations = [
        floors::edges(graph),
        floors::owners(graph),
        floors::transactions(tree),
        licences::check(graph),
        manifests::reasons(tree),
        manifests::inherits(tree),
        modules::check(tree),
        modules::examples(tree),
        names::files(tree),
        names::types(tree),
        sizes::files(tree),
        too_long,
        words::untagged(tree),
        words::reminders(tree),
    ]
    .concat();
    violations.sort();
    Findings { violations, long_on_purpose }
}
