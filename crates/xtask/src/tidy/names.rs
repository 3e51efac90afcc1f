//! Names: a noun has one name on every floor, and no type is called after what it is not.

use super::Violation;
use super::code::is_word;
use super::tree::Tree;

/// Each noun as its files are called everywhere, with the spellings that would be a second name for it.
const NOUNS: &[(&str, &[&str])] = &[
    (
        "associations",
        &["association", "group", "groups", "organisation", "organisations", "organization", "organizations"],
    ),
    ("projects", &["project", "initiative", "initiatives"]),
    ("calls", &["call", "call_to_action", "calls_to_action"]),
    ("pledges", &["pledge", "promise", "promises", "commitment", "commitments"]),
    ("events", &["event", "happening", "happenings"]),
    ("updates", &["update", "news"]),
    ("causes", &["cause", "topic", "topics"]),
    ("replies", &["reply", "comment", "comments"]),
    ("followers", &["follower", "subscriber", "subscribers"]),
];

/// Words that say nothing: whatever is called so has another name, from the life of associations.
const EMPTY: &[&str] = &["Manager", "Service", "Helper", "Helpers", "Util", "Utils", "Data", "Info"];

/// Names that end in an empty word because someone else gave them.
const GIVEN: &[&str] = &["NodeInfo"];

/// Files that call a noun by a second name, or are called after nothing.
pub fn files(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in tree.rust() {
        for part in source.path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part)) {
            if let Some((noun, _)) = NOUNS.iter().find(|(_, others)| others.contains(&part)) {
                let says =
                    format!("{part}: a noun has one name on every floor, and this one is called {noun}");
                violations.push(Violation::new(&source.path, says));
            }
        }
        if EMPTY.iter().any(|word| word.eq_ignore_ascii_case(source.stem())) {
            violations.push(Violation::new(&source.path, "call the file after what is in it"));
        }
    }
    violations
}

/// Types whose name ends in an empty word.
pub fn types(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in tree.rust() {
        for (number, line) in (1..).zip(source.code.lines()) {
            let Some(name) = declared(line).filter(|name| !GIVEN.contains(name)) else {
                continue;
            };
            if let Some(word) = EMPTY.iter().find(|word| name.ends_with(**word)) {
                let says = format!("{name}: {word} says nothing; take a word from the life of associations");
                violations.push(Violation::new(format!("{}:{number}", source.path), says));
            }
        }
    }
    violations
}

/// The name of the type that a line declares.
fn declared(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
    let kind = words.next()?;
    let name = words.next().filter(|_| ["struct", "enum", "trait", "union", "type"].contains(&kind))?;
    name.split(|letter| !is_word(letter)).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_name_for_a_noun_is_found() {
        let tree = Tree::of(&[
            ("crates/domain/src/calls.rs", ""),
            ("crates/web/src/call.rs", ""),
            ("crates/app/src/group/found.rs", ""),
            ("crates/app/src/helpers.rs", ""),
            ("crates/app/src/recall.rs", ""),
        ]);
        let found: Vec<_> = files(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "crates/web/src/call.rs: call: a noun has one name on every floor, and this one is called calls",
                "crates/app/src/group/found.rs: group: a noun has one name on every floor, and this one is called \
                 associations",
                "crates/app/src/helpers.rs: call the file after what is in it",
            ]
        );
    }

    #[test]
    fn a_type_called_after_nothing_is_found() {
        let text = "pub struct CallManager;\npub(crate) enum PledgeInfo<T> {}\ntype EventData = ();\nstruct NodeInfo;\n\
                    struct Database;\n// struct CallHelper;\nlet data = Data;\ntrait MailService: Send {}\n";
        let found = types(&Tree::of(&[("crates/app/src/calls.rs", text)]));
        let names: Vec<_> = found.iter().map(|violation| violation.says.split(':').next().unwrap()).collect();
        assert_eq!(names, ["CallManager", "PledgeInfo", "EventData", "MailService"]);
    }
}
