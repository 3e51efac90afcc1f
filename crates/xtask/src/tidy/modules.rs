//! Modules: each opens by saying what it is for, what it must not do, and where to start reading; none holds examples
//! that nobody runs.

use super::Violation;
use super::tree::Tree;

/// The first line of each module is `//!` and a sentence.
pub fn check(tree: &Tree) -> Vec<Violation> {
    let silent = tree.rust().filter(|source| {
        let first = source.text.lines().next().unwrap_or_default();
        first.strip_prefix("//!").is_none_or(|sentence| sentence.split_whitespace().count() < 3)
    });
    let says = "a module opens with `//!` and a sentence: what it is for, what it must not do, where to start reading";
    silent.map(|source| Violation::new(format!("{}:1", source.path), says)).collect()
}

/// What a fenced block in a comment can be: something to read.
const WRITTEN: &[&str] = &["text", "json", "toml", "sh", "html", "sql"];

/// Examples in comments are not run by the suite, so there are none: a test cannot go stale.
pub fn examples(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in tree.rust() {
        let mut inside = false;
        for (number, line) in (1..).zip(source.comments.lines()) {
            let documented = line.trim().strip_prefix("///").or_else(|| line.trim().strip_prefix("//!"));
            let Some(language) = documented.and_then(|text| text.trim().strip_prefix("```")) else {
                continue;
            };
            if !inside && !WRITTEN.contains(&language) {
                let says =
                    format!("no test runs this example: write a test, or call it {}", WRITTEN.join(", "));
                violations.push(Violation::new(format!("{}:{number}", source.path), says));
            }
            inside = !inside;
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_says_nothing_is_found() {
        let tree = Tree::of(&[
            ("crates/app/src/calls.rs", "//! What one can do with a call.\n"),
            ("crates/app/src/mute.rs", "use std::fmt;\n//! Too late a word.\n"),
            ("migrations/src/lib.rs", "//! x\n"),
            ("tests/it/main.rs", ""),
            ("tests/peer/run.mjs", "let a;"),
        ]);
        let found = check(&tree);
        let places: Vec<_> = found.iter().map(|violation| violation.place.as_str()).collect();
        assert_eq!(places, ["crates/app/src/mute.rs:1", "migrations/src/lib.rs:1", "tests/it/main.rs:1"]);
    }
    #[test]
    fn an_example_that_nobody_runs_is_found() {
        let text = "//! ```text\n//! a\n//! ```\n/// ```\n/// a();\n/// ```\n/// ```no_run\n/// ```\nlet a = \"```\";\n";
        let found = examples(&Tree::of(&[("crates/app/src/calls.rs", text)]));
        let places: Vec<_> = found.iter().map(|violation| violation.place.as_str()).collect();
        assert_eq!(places, ["crates/app/src/calls.rs:4", "crates/app/src/calls.rs:7"]);
    }
}
