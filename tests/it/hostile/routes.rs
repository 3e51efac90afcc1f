//! Every way into the pages, as the source says it: no list to forget something in.
//!
//! Start at [`all`].

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One `.route(…)` of the pages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// As it stands there: `/calls/{id}`.
    pub path: String,
    /// The page is read.
    pub get: bool,
    /// The button is pressed.
    pub post: bool,
}

/// Every route of the pages, in order.
pub fn all() -> Vec<Route> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/web/src");
    let mut files = Vec::new();
    collect(&source, &mut files);
    let mut routes: Vec<Route> = files.iter().flat_map(|file| routes_in(file)).collect();
    routes.sort();
    routes
}

/// Those behind which something may change.
pub fn buttons() -> Vec<String> {
    all().into_iter().filter(|route| route.post).map(|route| route.path).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
}

fn routes_in(file: &Path) -> Vec<Route> {
    let text = fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap();
    let said = text.split(".route(").skip(1);
    said.map(|rest| {
        let inside = inside(rest);
        let path = inside.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
        let (path, methods) =
            path.unwrap_or_else(|| panic!("{}: a route without a literal path: {inside}", file.display()));
        let has = |name: &str| {
            methods.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name)
        };
        for unknown in ["put", "delete", "patch", "any", "on", "put_service"] {
            assert!(
                !has(unknown),
                "{}: {path} is answered by {unknown}, which no test here knows",
                file.display()
            );
        }
        let route = Route { path: path.to_owned(), get: has("get"), post: has("post") };
        assert!(route.get || route.post, "{}: nothing answers {path}: {methods}", file.display());
        route
    })
    .collect()
}

/// Up to the parenthesis that closes it.
fn inside(rest: &str) -> &str {
    let mut depth = 1;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &rest[..at];
        }
    }
    rest
}

#[test]
fn the_source_says_its_routes() {
    let routes = all();
    let find =
        |path: &str| routes.iter().find(|route| route.path == path).unwrap_or_else(|| panic!("{path}"));
    assert!(find("/").get && !find("/").post);
    assert!(find("/sign-out").post && !find("/sign-out").get);
    assert!(find("/sign-in/{secret}").get && find("/sign-in/{secret}").post);
    assert!(routes.len() >= 20, "{}", routes.len());
}
