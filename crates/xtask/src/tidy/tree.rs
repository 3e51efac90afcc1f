//! The files of the repository that rules read, each read once and already split into code and comments.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::code::{self, Split};

/// A file, by its path from the root, with `/` between the parts.
pub struct Source {
    /// Path from the root.
    pub path: String,
    /// All of it.
    pub text: String,
    /// Rust only: the text without comments and without what literals hold, line for line.
    pub code: String,
    /// Rust only: the same without the modules under `#[cfg(test)]`.
    pub shipped: String,
    /// Comments alone, line for line; of a file that is not Rust, all of it.
    pub comments: String,
}

impl Source {
    /// Takes a file apart.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        if !is_rust(&path) {
            return Self { path, comments: text.clone(), text, code: String::new(), shipped: String::new() };
        }
        let Split { code, comments } = code::split(&text);
        let shipped = code::without_tests(&code);
        Self { path, text, code, shipped, comments }
    }

    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        is_rust(&self.path)
    }

    /// Whether all of it is test code: the package `tests`, and files of tests beside the code.
    pub fn is_test(&self) -> bool {
        let beside = self.path.ends_with("/tests.rs") || self.path.contains("/tests/");
        beside || self.path.starts_with("tests/")
    }

    /// The crate it belongs to, such as `web`; the packages outside `crates/` go by their folder.
    pub fn floor(&self) -> &str {
        let inside = self.path.strip_prefix("crates/").unwrap_or(&self.path);
        inside.split('/').next().unwrap_or_default()
    }

    /// The name of the file without its ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "rs")
}

/// All files that rules read.
pub struct Tree {
    /// In the order of their paths.
    pub sources: Vec<Source>,
}

/// The endings of files that people write and that can hold a rule's words.
const READ: &[&str] = &["rs", "toml", "sh", "mjs", "js", "ts", "html", "css", "sql"];

impl Tree {
    /// Reads the repository, but neither what is built nor what others wrote.
    ///
    /// # Errors
    /// When a folder or a file cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let mut sources = Vec::new();
        read_folder(root, "", &mut sources)?;
        sources.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Self { sources })
    }

    /// A made-up tree.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { sources: files.iter().map(|(path, text)| Source::new(*path, *text)).collect() }
    }

    /// The Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.is_rust())
    }

    /// The manifests.
    pub fn manifests(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.path.rsplit('/').next() == Some("Cargo.toml"))
    }
}

fn read_folder(root: &Path, folder: &str, sources: &mut Vec<Source>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder)).with_context(|| format!("could not read {folder}/"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if entry.file_type()?.is_dir() {
            if !name.starts_with('.')
                && !["target", "node_modules", "snapshots", "built"].contains(&name.as_str())
            {
                read_folder(root, &path, sources)?;
            }
        } else if Path::new(&name).extension().is_some_and(|ending| READ.iter().any(|read| ending == *read)) {
            let text =
                fs::read_to_string(root.join(&path)).with_context(|| format!("could not read {path}"))?;
            sources.push(Source::new(path, text));
        }
    }
    Ok(())
}
