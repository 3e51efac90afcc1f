//! Sizes: a file one can read in a sitting, a function one can see at once.

use super::Violation;
use super::code::{body_end, is_word};
use super::tree::{Source, Tree};

/// Lines of a file, without the tests in it.
const FILE: usize = 400;
/// Lines of a file of tests.
const TESTS: usize = 600;
/// Lines of a function, from its name to its closing brace; tests tell stories and are free.
const FUNCTION: usize = 60;

/// Files over their limit.
pub fn files(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in tree.rust() {
        let (limit, lines) = if source.is_test() {
            (TESTS, source.text.lines().count())
        } else {
            (FILE, source.text.lines().count() - lines_of_tests(source))
        };
        if lines > limit {
            let says =
                format!("{lines} lines, over the limit of {limit}: make it a folder, one file per part");
            violations.push(Violation::new(&source.path, says));
        }
    }
    violations
}

/// Lines that hold code, but none once test modules are taken out.
fn lines_of_tests(source: &Source) -> usize {
    let pairs = source.code.lines().zip(source.shipped.lines());
    pairs.filter(|(code, shipped)| !code.trim().is_empty() && shipped.trim().is_empty()).count()
}

/// Functions over the limit, and those that say why they are.
pub fn functions(tree: &Tree) -> (Vec<Violation>, Vec<String>) {
    let (mut violations, mut on_purpose) = (Vec::new(), Vec::new());
    for source in tree.rust().filter(|source| !source.is_test()) {
        for Function { name, line, lines } in functions_of(&source.shipped) {
            if lines <= FUNCTION {
                continue;
            }
            let place = format!("{}:{line}", source.path);
            match reason_above(&source.text, line) {
                Some(reason) => on_purpose.push(format!("{place}: {name}, {lines} lines: {reason}")),
                None => violations.push(Violation::new(
                    place,
                    format!(
                        "{name} takes {lines} lines, over the limit of {FUNCTION}: name its steps as functions, or say \
                         above it why not (`// long: reason`)"
                    ),
                )),
            }
        }
    }
    (violations, on_purpose)
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

fn functions_of(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let (before, item) = code.split_at(at);
        let name: String = item.chars().skip(3).take_while(|letter| is_word(*letter)).collect();
        if name.is_empty() || before.chars().next_back().is_some_and(is_word) {
            continue;
        }
        let body = body_end(item).and_then(|end| item.get(..end)).unwrap_or(item);
        found.push(Function {
            name,
            line: before.matches('\n').count() + 1,
            lines: body.matches('\n').count() + 1,
        });
    }
    found
}

/// The reason in `// long: reason` among the comments and attributes directly above a line.
fn reason_above(text: &str, line: usize) -> Option<&str> {
    let above: Vec<_> = text.lines().take(line.saturating_sub(1)).map(str::trim).collect();
    let directly =
        above.into_iter().rev().take_while(|line| line.starts_with("//") || line.starts_with("#["));
    let mut reasons = directly.filter_map(|line| line.strip_prefix("// long:").map(str::trim));
    reasons.find(|reason| !reason.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, lines: usize) -> String {
        format!(
            "fn {name}(a: [u8; 2]) -> Result<()> {{\n{}}}\n",
            "    let brace = \"}\";\n".repeat(lines - 2)
        )
    }

    #[test]
    fn a_file_over_its_limit_is_found_and_tests_have_more_room() {
        let lines = |count: usize| "//! A.\n".repeat(count);
        let with_tests =
            format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", lines(390), "fn a() {}\n".repeat(100));
        let tree = Tree::of(&[
            ("crates/a/src/long.rs", &lines(401)),
            ("crates/a/src/full.rs", &lines(400)),
            ("crates/a/src/with_tests.rs", &with_tests),
            ("crates/a/src/long/tests.rs", &lines(600)),
            ("tests/it/long.rs", &lines(601)),
        ]);
        let found = files(&tree);
        let places: Vec<_> = found.iter().map(|violation| violation.place.as_str()).collect();
        assert_eq!(places, ["crates/a/src/long.rs", "tests/it/long.rs"]);
    }

    #[test]
    fn a_long_function_is_found_unless_it_says_why() {
        let text = format!(
            "//! A.\n{}{}// long: a table reads better whole\n#[must_use]\n{}// long:\n{}",
            function("fits", 60),
            function("long", 61),
            function("table", 70),
            function("mute", 61),
        );
        let (found, on_purpose) =
            functions(&Tree::of(&[("crates/a/src/a.rs", &text), ("tests/it/a.rs", &text)]));
        let told: Vec<_> = found.iter().map(|violation| violation.says.split(',').next().unwrap()).collect();
        assert_eq!(told, ["long takes 61 lines", "mute takes 61 lines"]);
        assert_eq!(found.first().unwrap().place, "crates/a/src/a.rs:62");
        assert_eq!(on_purpose, ["crates/a/src/a.rs:125: table, 70 lines: a table reads better whole"]);
    }

    #[test]
    fn a_function_without_a_body_ends_at_once() {
        let found = functions_of("trait A {\n    fn a();\n    fn b(c: fn (u8)) {\n    }\n}\n");
        let sizes: Vec<_> = found.iter().map(|function| (function.name.as_str(), function.lines)).collect();
        assert_eq!(sizes, [("a", 1), ("b", 2)]);
    }
}
