//! `cargo xtask demo`: builds Folkmoot and becomes `folkmoot demo`, which does the showing.
//!
//! Needs a Rust toolchain and nothing else: no PostgreSQL, no Node.js.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::repository::{build_folkmoot, target_folder};
use crate::steps::say;

const EXAMPLES: &str = "\
Examples:
  cargo xtask demo             start, and say where to look and how to sign in
  cargo xtask demo --once      start, check everything end to end, and stop";

/// Build Folkmoot and start three sample instances on this machine
///
/// Two neighbourhoods with sample associations, and an alliance of theirs on a third, on localhost; ctrl-c ends them. Needs
/// nothing but a Rust toolchain. The first build takes some minutes.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Start, check everything end to end, and stop
    #[arg(long)]
    once: bool,
    /// Build for speed (slower to build)
    #[arg(long)]
    release: bool,
    /// Anything else to hand to `folkmoot demo`
    #[arg(last = true)]
    more: Vec<String>,
}

/// Runs the command; does not come back unless it fails.
///
/// # Errors
/// When Folkmoot does not compile or cannot be started.
pub fn run(arguments: &Arguments) -> Result<()> {
    say("» building Folkmoot (some minutes the first time, seconds after that)");
    let mut build = vec!["--package", "folkmoot-server", "--bin", "folkmoot"];
    build.extend(arguments.release.then_some("--release"));
    let binary = build_folkmoot(&build)?;
    let mut demo = Command::new(binary);
    demo.arg("demo").arg("--folder").arg(target_folder()?.join("demo"));
    demo.args(arguments.once.then_some("--once")).args(&arguments.more);
    Err(demo.exec()).context("could not start the demo")
}
