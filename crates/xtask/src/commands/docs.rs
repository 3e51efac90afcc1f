//! `cargo xtask docs`: writes the files that the program itself knows best, and says which are stale.
//!
//! A generated file is never edited by hand. To add one, add a line to [`GENERATED`].

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::programs::output;
use crate::repository::{build_folkmoot, root};
use crate::steps::say;

/// Regenerate the files that the program itself knows best
///
/// The commented default configuration comes from the config struct, and so on. With --check nothing is written: stale
/// files are named and the command fails, as it does within `cargo xtask test`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Write nothing; fail when a file is stale
    #[arg(long)]
    check: bool,
}

/// A file of the repository, and the words after `folkmoot` that print it.
struct Generated {
    file: &'static str,
    by: &'static [&'static str],
}

const GENERATED: &[Generated] = &[Generated { file: "config/default.toml", by: &["config", "default"] }];

/// Runs the command.
///
/// # Errors
/// When the program does not compile or cannot print a file, or, with `check`, when a file is stale.
pub fn run(arguments: &Arguments) -> Result<()> {
    bring_up_to_date(&build_folkmoot(&["--workspace", "--bins"])?, arguments.check)
}

/// Does the same with a binary that is built already.
///
/// # Errors
/// As [`run`].
pub fn bring_up_to_date(binary: &Path, only_check: bool) -> Result<()> {
    let mut stale = Vec::new();
    for generated in GENERATED {
        let fresh = output(Command::new(binary).args(generated.by))?;
        let path = root().join(generated.file);
        match first_difference(&fs::read_to_string(&path).unwrap_or_default(), &fresh) {
            None => {}
            Some(difference) if only_check => stale.push(format!("  {}, {difference}", generated.file)),
            Some(_) => write(&path, &fresh, generated)?,
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    bail!("stale, and put right by `cargo xtask docs`:\n{}", stale.join("\n"))
}

fn write(path: &Path, fresh: &str, generated: &Generated) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, fresh)?;
    say(format!("  wrote {} (folkmoot {})", generated.file, generated.by.join(" ")));
    Ok(())
}

/// Where two texts first differ, in words; `None` when they are the same.
fn first_difference(kept: &str, fresh: &str) -> Option<String> {
    if kept == fresh {
        return None;
    }
    let mut lines = kept.lines().zip(fresh.lines());
    let line = lines.position(|(kept, fresh)| kept != fresh);
    let line = line.unwrap_or_else(|| kept.lines().count().min(fresh.lines().count())) + 1;
    Some(format!("line {line}: should read {:?}", fresh.lines().nth(line - 1).unwrap_or("(end of the file)")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_file_is_told_by_its_first_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n").unwrap(), "line 2: should read \"c\"");
        assert_eq!(first_difference("", "a\n").unwrap(), "line 1: should read \"a\"");
        assert_eq!(first_difference("a\nb\n", "a\n").unwrap(), "line 2: should read \"(end of the file)\"");
    }
}
