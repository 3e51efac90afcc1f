//! Words that must not stand in the code: guesses about what strangers send, and promises without an issue.

use super::Violation;
use super::code::{has_word, is_word};
use super::tree::Tree;

/// Marks of work that was put off.
const REMINDERS: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];

/// What strangers send is looked at by type and then parsed; an untagged enum guesses.
pub fn untagged(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in tree.rust().filter(|source| ["wire", "federation"].contains(&source.floor())) {
        for (number, line) in (1..).zip(source.code.lines()) {
            if has_word(line, "untagged") {
                let says = "serde(untagged) guesses: look at the type first, then parse";
                violations.push(Violation::new(format!("{}:{number}", source.path), says));
            }
        }
    }
    violations
}

/// A reminder in a comment names its issue, as in `#12`.
pub fn reminders(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in &tree.sources {
        for (number, line) in (1..).zip(source.comments.lines()) {
            let Some(word) = REMINDERS.iter().find(|word| has_word(line, word)) else {
                continue;
            };
            if !names_an_issue(line) {
                let says = format!("{word} without an issue: do it now, or file it and write {word}(#12)");
                violations.push(Violation::new(format!("{}:{number}", source.path), says));
            }
        }
    }
    violations
}

fn names_an_issue(line: &str) -> bool {
    let mut after = line.split('#').skip(1);
    after.any(|rest| {
        rest.split(|letter| !is_word(letter)).next().is_some_and(|number| number.parse::<u32>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untagged_enum_is_found_where_strangers_are_read() {
        let text = "//! untagged is forbidden.\n#[serde(rename_all = \"camelCase\", untagged)]\nenum A {}\n";
        let tree = Tree::of(&[
            ("crates/wire/src/shapes.rs", text),
            ("crates/federation/src/inbox.rs", text),
            ("crates/server/src/config.rs", text),
        ]);
        let found = untagged(&tree);
        let places: Vec<_> = found.iter().map(|violation| violation.place.as_str()).collect();
        assert_eq!(places, ["crates/wire/src/shapes.rs:2", "crates/federation/src/inbox.rs:2"]);
    }

    #[test]
    fn a_reminder_without_an_issue_is_found() {
        let [todo, fixme, ..] = REMINDERS else { panic!("there are reminders") };
        let rust = format!(
            "// {todo}: later\n// {todo}(#12): later\nlet a = \"{fixme}\";\n// {fixme} # 12\n// {todo}LIST\n"
        );
        let script = format!("# {fixme} later\n# {fixme} #3\n");
        let tree = Tree::of(&[("crates/a/src/a.rs", &rust), ("tests/peer/net.sh", &script)]);
        let found = reminders(&tree);
        let places: Vec<_> = found.iter().map(|violation| violation.place.as_str()).collect();
        assert_eq!(places, ["crates/a/src/a.rs:1", "crates/a/src/a.rs:4", "tests/peer/net.sh:1"]);
    }
}
