//! Licences: each package's terms must let it be part of a program under AGPL-3.0-or-later.

use super::Violation;
use super::graph::Graph;

/// Terms that fit, by their SPDX names.
const FIT: &[&str] = &[
    "0BSD",
    "AGPL-3.0",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "GPL-3.0",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-3.0",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Every package names terms, and they fit.
pub fn check(graph: &Graph) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in &graph.packages {
        let says = match &package.licence {
            None => "names no licence, so it cannot be part of Folkmoot (AGPL-3.0-or-later)".to_owned(),
            Some(terms) if fits(terms) => continue,
            Some(terms) => format!(
                "its licence, {terms}, is not known to fit AGPL-3.0-or-later: do without it, or, when it does fit, add \
                 it to crates/xtask/src/tidy/licences.rs"
            ),
        };
        violations.push(Violation::new(&package.name, says));
    }
    violations
}

/// Whether an SPDX expression can be met: one side of an `OR`, both sides of an `AND`. An exception after `WITH` only
/// ever grants more, so it is passed over. Older manifests write `/` for `OR`.
fn fits(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>) -> bool {
    let mut fits = both(words);
    while words.next_if_eq(&"OR").is_some() {
        fits |= both(words);
    }
    fits
}

fn both(words: &mut Words<'_>) -> bool {
    let mut fits = one(words);
    while words.next_if_eq(&"AND").is_some() {
        fits &= one(words);
    }
    fits
}

fn one(words: &mut Words<'_>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let fits = either(words);
        return fits && words.next() == Some(")");
    }
    let fits = words.next().is_some_and(|word| FIT.contains(&word));
    if words.next_if_eq(&"WITH").is_some() {
        words.next();
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::super::graph::Package;
    use super::*;

    #[test]
    fn expressions_are_met_or_not() {
        for terms in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-2.0-only OR MIT",
            "(MIT OR GPL-2.0-only) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR SSPL-1.0",
        ] {
            assert!(fits(terms), "{terms} fits");
        }
        for terms in [
            "GPL-2.0-only",
            "MIT AND SSPL-1.0",
            "(MIT",
            "MIT)",
            "MIT BUSL-1.1",
            "",
            "mit",
            "BUSL-1.1 AND (MIT OR ISC)",
        ] {
            assert!(!fits(terms), "{terms} does not fit");
        }
    }

    #[test]
    fn a_package_without_terms_or_with_wrong_ones_is_named() {
        let package = |name: &str, licence: Option<&str>| Package {
            name: name.to_owned(),
            licence: licence.map(ToOwned::to_owned),
        };
        let packages = vec![
            package("good 1.0.0", Some("MIT")),
            package("mute 1.0.0", None),
            package("grim 2.0.0", Some("SSPL-1.0")),
        ];
        let found = check(&Graph { members: Vec::new(), packages });
        assert_eq!(
            found.iter().map(|violation| violation.place.as_str()).collect::<Vec<_>>(),
            ["mute 1.0.0", "grim 2.0.0"]
        );
    }
}
