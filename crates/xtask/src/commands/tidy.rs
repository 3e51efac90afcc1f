//! `cargo xtask tidy`: reads the whole house and says, in one line each, what is against its rules.
//!
//! The rules are in `../tidy/`; this file gathers what they read and prints what they say.

use anyhow::{Result, bail};

use crate::repository::{metadata, root};
use crate::steps::say;
use crate::tidy::{Findings, graph::Graph, inspect, tree::Tree};

/// Check the rules of the house: floors, licences, names, sizes, module comments
///
/// Reads `cargo metadata` and every source file; nothing is changed. Each finding names the place, the rule and what to
/// do. A function may be longer than 60 lines with `// long: reason` above it; those are listed.
#[derive(clap::Args)]
pub struct Arguments {}

/// Runs the command.
///
/// # Errors
/// When something is against the rules, or the repository cannot be read.
pub fn run(_: &Arguments) -> Result<()> {
    let Findings { violations, long_on_purpose } = look()?;
    for function in long_on_purpose {
        say(format!("  long on purpose: {function}"));
    }
    for violation in &violations {
        say(format!("  {violation}"));
    }
    match violations.len() {
        0 => Ok(()),
        1 => bail!("one thing is against the rules of the house"),
        many => bail!("{many} things are against the rules of the house"),
    }
}

fn look() -> Result<Findings> {
    Ok(inspect(&Graph::of(&metadata()?), &Tree::read(&root())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let found = look().unwrap();
        let told: Vec<_> = found.violations.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "`cargo xtask tidy` says:\n{}", told.join("\n"));
    }
}
