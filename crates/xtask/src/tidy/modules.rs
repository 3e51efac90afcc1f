//! Modules: each opens by saying what it is for, what it must not do, and where to start reading.

use super::Violation;
use super::tree::Tree;

/// The first line of each module is `//!` and a sentence.
pub fn check(tree: &Tree) -> Vec<Violation> {
    let silent = tree.rust().filter(|source| {
        let first = source.text.lines().next().unwrap_or_default();
        first
            .strip_prefix("//!")
            .is_none_or(|sentence| sentence.split_whitespace().count() < 3)
    });
    let says = "a module opens with `//!`: what it is for, what it must not do, where to start reading";
    silent
        .map(|source| Violation::new(format!("{}:1", source.path), says))
        .collect()
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
        assert_eq!(
            places,
            [
                "crates/app/src/mute.rs:1",
                "migrations/src/lib.rs:1",
                "tests/it/main.rs:1"
            ]
        );
    }
}
