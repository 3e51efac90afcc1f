//! `cargo xtask bench`: builds for speed and runs the benchmarks of `tests`, which print their own tables.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::repository::cargo;

const EXAMPLES: &str = "\
Examples:
  cargo xtask bench deliver          one, as a table
  cargo xtask bench get --json       one JSON object a line";

/// Measure, each figure beside what it is compared to
///
/// A release build, real sockets on loopback. Without a name all benchmarks run.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Which benchmark, and anything else to hand to it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

/// Runs the command; its exit code is the benchmark's.
///
/// # Errors
/// When cargo cannot be started.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut command = cargo(["run", "--release", "--package", "folkmoot-tests", "--bin", "bench", "--"]);
    let status = command.args(&arguments.words).status().context("could not start cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
