//! Manifests: every dependency says why it is there, in one place, and every crate obeys the same lints.

use super::Violation;
use super::tree::{Source, Tree};

/// Above each dependency of the workspace stands a comment that says why it is there. Our own crates need none.
pub fn reasons(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in tree.manifests().filter(|source| source.path == "Cargo.toml") {
        let mut above = "";
        for (number, section, line) in lines(source) {
            let named = section == "workspace.dependencies"
                && !line.is_empty()
                && !line.starts_with(['#', '[', ']', ' ']);
            let reason = above.strip_prefix('#').is_some_and(|text| text.split_whitespace().count() >= 2);
            if named && !line.starts_with("folkmoot-") && (!reason || above.starts_with("# ---")) {
                let name = line.split([' ', '=', '.']).next().unwrap_or_default();
                let says = format!("{name}: the line above a dependency says why it is there (`# …`)");
                violations.push(Violation::new(format!("Cargo.toml:{number}"), says));
            }
            above = line;
        }
    }
    violations
}

/// Each crate takes its dependencies and its lints from the workspace.
pub fn inherits(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in tree.manifests().filter(|source| source.path != "Cargo.toml") {
        let mut lints = false;
        for (number, section, line) in lines(source) {
            let inherited = line.replace(' ', "").contains("workspace=true");
            lints |= section == "lints" && inherited;
            let entry = section.contains("dependencies") && !line.is_empty() && !line.starts_with(['#', '[']);
            if entry && !inherited {
                let says = "take it from [workspace.dependencies], where it says why it is there (`name.workspace = true`)";
                violations.push(Violation::new(format!("{}:{number}", source.path), says));
            }
        }
        if !lints {
            let says = "every crate obeys the same lints: add `[lints]` and below it `workspace = true`";
            violations.push(Violation::new(&source.path, says));
        }
    }
    violations
}

/// The lines of a manifest with their number and the section they stand in.
fn lines(source: &Source) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut section = "";
    (1..).zip(source.text.lines()).map(move |(number, line)| {
        let heading = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        section = heading.unwrap_or(section);
        (number, section, line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(found: &[Violation]) -> Vec<&str> {
        found.iter().map(|violation| violation.place.as_str()).collect()
    }

    #[test]
    fn a_dependency_without_a_reason_is_found() {
        let text = "[workspace.dependencies]\n# --- our own\nfolkmoot-app = { path = \"a\" }\n# --- of others, all good\n\
                    url = \"2\"\n# URLs as browsers parse them.\nurl = \"2\"\nring = \"1\"\n# x\naxum = \"1\"\n\
                    [profile.dev]\ndebug = true\n";
        assert_eq!(
            places(&reasons(&Tree::of(&[("Cargo.toml", text)]))),
            ["Cargo.toml:5", "Cargo.toml:8", "Cargo.toml:10"]
        );
    }

    #[test]
    fn a_crate_of_its_own_mind_is_found() {
        let good = "[lints]\nworkspace = true\n[dependencies]\nurl.workspace = true\n";
        let own = "[lints]\nworkspace = true\n[dev-dependencies]\nurl = \"2\"\n";
        let unbound = "[dependencies]\nurl = { workspace = true }\n";
        let tree = Tree::of(&[
            ("crates/a/Cargo.toml", good),
            ("crates/b/Cargo.toml", own),
            ("tests/Cargo.toml", unbound),
        ]);
        assert_eq!(places(&inherits(&tree)), ["crates/b/Cargo.toml:4", "tests/Cargo.toml"]);
    }
}
