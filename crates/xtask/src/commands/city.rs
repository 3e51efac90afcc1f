//! `cargo xtask city`: builds for speed and runs the city of `tests`, which prints its own table.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::repository::cargo;

const EXAMPLES: &str = "\
Examples:
  cargo xtask city                                      300 associations on 60 instances
  cargo xtask city --associations 40 --instances 10     a village
  cargo xtask city --seed 2 --json                      another city, as one JSON object";

/// Let a whole city of associations live, and count what passing on costs and brings
///
/// Alliances that overlap, nest and go in a ring, on many instances in one process with a clock of its own; readers on
/// other servers. Prints reach, what readers saw twice (nothing), activities for each item, and how long all took. Fails
/// when something that is promised does not hold. A release build; the usual city takes some minutes.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// How many associations publish
    #[arg(long, value_name = "NUMBER", default_value_t = 300)]
    associations: u32,
    /// On how many instances they live
    #[arg(long, value_name = "NUMBER", default_value_t = 60)]
    instances: u32,
    /// How many items each publishes
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    items: u32,
    /// What the city is drawn from: the same seed, the same city
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

/// Runs the command; its exit code is the city's.
///
/// # Errors
/// When cargo cannot be started.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut command = cargo(["run", "--release", "--package", "folkmoot-tests", "--bin", "city", "--"]);
    let Arguments { associations, instances, items, seed, json } = arguments;
    command.args(["--associations", &associations.to_string(), "--instances", &instances.to_string()]);
    command.args(["--items", &items.to_string(), "--seed", &seed.to_string()]);
    command.args(json.then_some("--json"));
    let status = command.status().context("could not start cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
