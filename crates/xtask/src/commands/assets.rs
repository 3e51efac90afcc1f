//! `cargo xtask assets`: what the pages are dressed with, bundled once and kept in the repository.
//!
//! Node.js does the work, by `crates/web/assets/build.mjs`; here is only when it is asked. Building Folkmoot reads what
//! it made and needs no Node.js.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::setup;
use crate::programs::{find, run as run_program};
use crate::repository::root;
use crate::steps::say;

const FOLDER: &str = "crates/web/assets";

const EXAMPLES: &str = "\
Examples:
  cargo xtask assets               after changing a sheet, a script, a drawing or a package's version
  cargo xtask assets --check       says what is stale, and fails; a part of `cargo xtask test`

Why each package is there: crates/web/assets/README.md";

/// Bundle style sheets, scripts, letters and drawings into crates/web/assets/built
///
/// Installs what package-lock.json pins, with npm, and bundles, minifies and packs it with esbuild. The files carry a
/// hash of their content in their names and are committed, so that `cargo build` needs no Node.js.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Write nothing; fail when a file is stale
    #[arg(long)]
    check: bool,
}

/// Runs the command.
///
/// # Errors
/// When Node.js or npm is missing, a package cannot be installed, a source cannot be bundled, or, with `check`, when a
/// file is stale.
pub fn run(arguments: &Arguments) -> Result<()> {
    bring_up_to_date(arguments.check)
}

/// Does the same from within another command.
///
/// # Errors
/// As [`run`].
pub fn bring_up_to_date(only_check: bool) -> Result<()> {
    ensure!(
        find("node").is_some() && find("npm").is_some(),
        "Node.js and npm are needed for this; `cargo xtask setup` installs them"
    );
    setup::install_from_npm(FOLDER, "the packages of the pages")?;
    let mut command = Command::new("node");
    command.arg("build.mjs").current_dir(root().join(FOLDER));
    if only_check {
        command.arg("--check");
        return run_program(&mut command)
            .context("`cargo xtask assets` puts this right; commit what it writes");
    }
    run_program(&mut command)?;
    say(format!("  {FOLDER}/built is what the sources say"));
    Ok(())
}
