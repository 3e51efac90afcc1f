//! The floors: which crate may use which, which dependency belongs to one floor alone, who begins and ends transactions.
//!
//! The table is the one of `crates/README.md`; a new crate or a new edge begins there.

use super::Violation;
use super::graph::{Graph, Member};
use super::tree::Tree;

/// One crate of ours, what it may use, and the rule behind it as an absence.
struct Floor {
    name: &'static str,
    may_use: &'static [&'static str],
    rule: &'static str,
}

const FLOORS: &[Floor] = &[
    Floor {
        name: "domain",
        may_use: &[],
        rule: "the domain does not know that there are rows, messages, pages or time passing",
    },
    Floor {
        name: "wire",
        may_use: &["domain"],
        rule: "wire turns JSON into nouns and back; it does not know that anything is stored or sent",
    },
    Floor { name: "migrations", may_use: &[], rule: "the schema outlives the code, so it does not know any" },
    Floor {
        name: "storage",
        may_use: &["domain", "migrations"],
        rule: "storage keeps rows; it does not know why, nor what goes over the wire",
    },
    Floor {
        name: "app",
        may_use: &["domain", "storage"],
        rule: "app holds the use cases; it does not know through which door someone came",
    },
    Floor {
        name: "federation",
        may_use: &["app", "storage", "wire", "domain"],
        rule: "the doors do not know each other, nor who starts them",
    },
    Floor {
        name: "web",
        may_use: &["app", "storage", "domain"],
        rule: "the doors do not know each other, nor who starts them; pages do not speak ActivityPub",
    },
    Floor {
        name: "server",
        may_use: &["federation", "web", "app", "storage", "wire", "migrations", "domain"],
        rule: "server starts everything that ships, and nothing that does not",
    },
    Floor {
        name: "xtask",
        may_use: &[],
        rule: "xtask runs the house from outside; it knows none of its code",
    },
    Floor {
        name: "tests",
        may_use: &["server", "federation", "web", "app", "storage", "wire", "migrations", "domain"],
        rule: "tests may use all that ships",
    },
];

/// A dependency that only some crates may name, and why.
struct Owner {
    dependency: &'static str,
    crates: &'static [&'static str],
    rule: &'static str,
}

const OWNERS: &[Owner] = &[
    // The tests name it too: they compare whole tables, which no floor should be able to do.
    Owner { dependency: "sea-orm", crates: &["storage", "tests"], rule: "all queries stand in storage" },
    Owner {
        dependency: "sea-orm-migration",
        crates: &["migrations", "storage"],
        rule: "the schema stands in migrations, and storage applies it",
    },
    Owner { dependency: "sqlx", crates: &["storage"], rule: "all queries stand in storage" },
    Owner { dependency: "object_store", crates: &["storage"], rule: "files are kept by storage" },
    Owner { dependency: "activitypub_federation", crates: &["federation"], rule: "ActivityPub has one door" },
    Owner { dependency: "askama", crates: &["web"], rule: "pages are drawn in web" },
    Owner {
        dependency: "clap",
        crates: &["server", "xtask"],
        rule: "the command line is an affair of server (and of xtask)",
    },
    Owner {
        dependency: "axum",
        crates: &["web", "federation", "server", "tests"],
        rule: "HTTP ends at the doors",
    },
];

/// Each edge between our crates goes down, as the table says.
pub fn edges(graph: &Graph) -> Vec<Violation> {
    graph.members.iter().flat_map(edges_of).collect()
}

fn edges_of(member: &Member) -> Vec<Violation> {
    let place = manifest(&member.name);
    let Some(floor) = FLOORS.iter().find(|floor| floor.name == short(&member.name)) else {
        let says =
            format!("{} stands on no floor: give it one in crates/xtask/src/tidy/floors.rs", member.name);
        return vec![Violation::new(place, says)];
    };
    let ours = member.uses.iter().filter(|used| used.starts_with("folkmoot-"));
    let wrong = ours.filter(|used| !floor.may_use.contains(&short(used)));
    let tell = |used: &String| format!("{} -> {used} is a wrong edge: {}", member.name, floor.rule);
    wrong.map(|used| Violation::new(place.clone(), tell(used))).collect()
}

/// A dependency that belongs to one floor is named by no other.
pub fn owners(graph: &Graph) -> Vec<Violation> {
    let mut violations = Vec::new();
    for member in &graph.members {
        for owner in OWNERS.iter().filter(|owner| !owner.crates.contains(&short(&member.name))) {
            if member.uses.iter().any(|used| used == owner.dependency) {
                let (name, dependency, rule) = (&member.name, owner.dependency, owner.rule);
                let only = owner.crates.join(", ");
                let says =
                    format!("{name} -> {dependency} is a wrong edge: {rule}; only these may name it: {only}");
                violations.push(Violation::new(manifest(name), says));
            }
        }
    }
    violations
}

/// Only `app` begins and commits, through what `storage` offers: one use case, one transaction.
pub fn transactions(tree: &Tree) -> Vec<Violation> {
    let ships =
        |floor: &str| FLOORS.iter().any(|known| known.name == floor) && !["xtask", "tests"].contains(&floor);
    let mut violations = Vec::new();
    for source in tree.rust().filter(|source| ships(source.floor()) && !source.is_test()) {
        if ["app", "storage"].contains(&source.floor()) {
            continue;
        }
        for (number, line) in (1..).zip(source.shipped.lines()) {
            if let Some(word) = [".begin(", ".commit("].iter().find(|word| line.contains(**word)) {
                let says =
                    format!("`{word}…)`: only app begins and commits; call one of its functions instead");
                violations.push(Violation::new(format!("{}:{number}", source.path), says));
            }
        }
    }
    violations
}

fn short(name: &str) -> &str {
    name.strip_prefix("folkmoot-").unwrap_or(name)
}

fn manifest(name: &str) -> String {
    match short(name) {
        outside @ ("migrations" | "tests") => format!("{outside}/Cargo.toml"),
        inside => format!("crates/{inside}/Cargo.toml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(name: &str, uses: &[&str]) -> Graph {
        let uses = uses.iter().map(ToString::to_string).collect();
        Graph { members: vec![Member { name: name.to_owned(), uses }], packages: Vec::new() }
    }

    #[test]
    fn an_edge_upwards_is_named_with_its_rule() {
        let found = edges(&graph("folkmoot-domain", &["url", "folkmoot-storage"]));
        assert_eq!(
            found.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "crates/domain/Cargo.toml: folkmoot-domain -> folkmoot-storage is a wrong edge: the domain does not know \
              that there are rows, messages, pages or time passing"
            ]
        );
        assert_eq!(edges(&graph("folkmoot-web", &["folkmoot-federation"])).len(), 1);
        assert_eq!(edges(&graph("folkmoot-server", &["folkmoot-tests"])).len(), 1);
        assert_eq!(edges(&graph("folkmoot-app", &["folkmoot-domain", "folkmoot-storage"])), []);
    }

    #[test]
    fn a_crate_outside_the_table_is_found() {
        assert!(edges(&graph("folkmoot-attic", &[])).first().unwrap().says.contains("stands on no floor"));
    }

    #[test]
    fn a_dependency_of_one_floor_is_named_by_no_other() {
        for (name, dependency) in [
            ("folkmoot-app", "sea-orm"),
            ("folkmoot-server", "sea-orm-migration"),
            ("folkmoot-tests", "activitypub_federation"),
            ("folkmoot-federation", "askama"),
            ("folkmoot-web", "clap"),
            ("folkmoot-storage", "axum"),
        ] {
            assert_eq!(owners(&graph(name, &["url", dependency])).len(), 1, "{name} -> {dependency}");
        }
        assert_eq!(owners(&graph("folkmoot-storage", &["sea-orm", "sea-orm-migration"])), []);
    }

    #[test]
    fn only_app_and_storage_begin_and_commit() {
        let text = "//! A.\nfn a() {\n    store.begin().await; // .commit(\n    work.commit();\n}\n";
        let found =
            transactions(&Tree::of(&[("crates/web/src/calls.rs", text), ("crates/app/src/calls.rs", text)]));
        let places: Vec<_> = found.iter().map(|violation| violation.place.as_str()).collect();
        assert_eq!(places, ["crates/web/src/calls.rs:3", "crates/web/src/calls.rs:4"]);
        assert_eq!(
            transactions(&Tree::of(&[("tests/it/main.rs", text), ("crates/web/src/calls/tests.rs", text)])),
            []
        );
    }
}
