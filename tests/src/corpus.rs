//! What other programs really sent, captured and shared beside the repository.
//!
//! It is not part of the repository, so it may be missing; then whoever reads the output is told what was left out.
//! Start at [`folder`].

use std::{
    env, fs,
    io::{self, Write},
    path::PathBuf,
};

use serde_json::Value;

/// Names the folder when it is not in its usual place.
const VARIABLE: &str = "FOLKMOOT_CORPUS";
/// Its usual place, from the root of the repository.
const USUAL: &str = "../shared/corpus";
/// The list of hostile cases, beside it.
const HOSTILE: &str = "../quality/hostile_cases.json";

/// The folder, or none with a loud word about what is left out.
pub fn folder(left_out: &str) -> Option<PathBuf> {
    let usual = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(USUAL);
    let folder = env::var_os(VARIABLE).map_or(usual, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    shout(&format!(
        "{left_out}: there is no folder {} (set {VARIABLE} to say where it is)",
        folder.display()
    ));
    None
}

/// The list of hostile cases.
pub fn hostile_cases() -> Option<Value> {
    let file = folder("the list of hostile cases")?.join(HOSTILE);
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    Some(serde_json::from_str(&text).expect("the list is JSON"))
}

/// Written past the capture of the test runner, which shows what passing tests print to nobody.
fn shout(what: &str) {
    writeln!(io::stderr(), "\n*** LEFT OUT *** {what}\n").ok();
}
