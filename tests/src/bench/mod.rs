//! Benchmarks: each figure is printed with what it was compared to in the same run, in processor time of the server.
//!
//! Machines are shared and noisy, so no figure here is wall-clock time. The server is the real binary in a process of its
//! own; what asks it, what answers it and what it is compared to are processes of their own too ([`parts`]). Start at
//! [`run`].

mod deliver;
mod get;
pub mod parts;
mod seed;
mod signing;
mod site;

use std::{fmt, io::Write, process::Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;
use tokio::process::Command;

use crate::database::Database;

const USAGE: &str = "usage: bench [deliver|get ...] [--json] [--smoke]";

/// What can be measured.
const NAMES: [&str; 2] = ["deliver", "get"];

/// One figure, with what it was compared to.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What was measured.
    pub bench: String,
    /// On which database.
    pub database: &'static str,
    /// The figure.
    pub value: f64,
    /// What it counts.
    pub unit: &'static str,
    /// What it is compared to, in the same unit.
    pub baseline: f64,
    /// How far it reaches: 1 is as good as the baseline, more is better. For growth: how many times as much, less is better.
    pub ratio: f64,
}

/// How much is measured: enough for a figure, or just enough to see that it can be.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Followers of the one post, each with an inbox of its own.
    followers: usize,
    /// Hosts that they live on.
    hosts: usize,
    /// Stored items, few and many.
    items: [usize; 2],
    /// How long one sample takes, in milliseconds.
    sample: u64,
    /// How many samples are taken of each.
    rounds: u32,
}

const FULL: Size =
    Size { followers: 10_000, hosts: 1_000, items: [1_000, 100_000], sample: 1_500, rounds: 3 };
const SMOKE: Size = Size { followers: 60, hosts: 20, items: [10, 40], sample: 100, rounds: 1 };

/// Measures what the words name and prints it.
pub async fn run(words: &[String], out: &mut dyn Write) -> Result<()> {
    let (flags, names): (Vec<&str>, Vec<&str>) =
        words.iter().map(String::as_str).partition(|word| word.starts_with("--"));
    ensure!(flags.iter().all(|flag| ["--json", "--smoke"].contains(flag)), USAGE);
    ensure!(names.iter().all(|name| NAMES.contains(name)), USAGE);
    let size = if flags.contains(&"--smoke") { SMOKE } else { FULL };
    if !flags.contains(&"--smoke") {
        build().await?;
    }
    let mut report = Report { json: flags.contains(&"--json"), out };
    report.head()?;
    for name in NAMES.iter().filter(|name| names.is_empty() || names.contains(name)) {
        for database in databases() {
            match *name {
                "deliver" => deliver::run(database, size, &mut report).await?,
                _ => get::run(database, size, &mut report).await?,
            }
        }
    }
    Ok(())
}

/// Builds the binary that is measured, as this program was built, so that it is never an old one.
async fn build() -> Result<()> {
    if cfg!(debug_assertions) {
        bail!(
            "figures of a debug build say nothing: `cargo xtask bench` measures a release build (or say --smoke)"
        );
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // What cargo told this program about its own package would reach the build scripts of others, and rebuild them.
    for (variable, _) in std::env::vars() {
        if variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_") {
            command.env_remove(variable);
        }
    }
    let status = command
        // Together with these tests, so that nothing is compiled twice with other features.
        .args(["build", "--release", "-p", "folkmoot-tests", "-p", "folkmoot-server", "--bin", "folkmoot"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .status()
        .await
        .context("could not start cargo")?;
    ensure!(status.success(), "the server does not compile");
    Ok(())
}

/// SQLite, and PostgreSQL when there is one.
fn databases() -> Vec<Database> {
    let mut databases = vec![Database::Sqlite];
    if std::env::var_os("FOLKMOOT_TEST_POSTGRES").is_some() {
        databases.push(Database::Postgres);
    }
    databases
}

/// The name of a database in a report.
fn name(database: Database) -> &'static str {
    match database {
        Database::Sqlite => "sqlite",
        Database::Postgres => "postgresql",
    }
}

/// Where figures go: a table, or one JSON object a line.
pub struct Report<'o> {
    json: bool,
    out: &'o mut dyn Write,
}

impl Report<'_> {
    fn head(&mut self) -> Result<()> {
        if !self.json {
            writeln!(
                self.out,
                "{:<28} {:<11} {:>10} {:>10} {:>7}  unit",
                "bench", "database", "value", "baseline", "ratio"
            )?;
        }
        Ok(())
    }

    fn add(&mut self, figure: &Figure) -> Result<()> {
        if self.json {
            let Figure { bench, database, value, unit, baseline, ratio } = figure;
            let round = |number: &f64| (number * 1_000.0).round() / 1_000.0;
            let (value, baseline, ratio) = (round(value), round(baseline), round(ratio));
            let object = json!({
                "bench": bench, "database": database, "value": value, "unit": unit, "baseline": baseline, "ratio": ratio,
            });
            writeln!(self.out, "{object}")?;
        } else {
            writeln!(self.out, "{figure}")?;
        }
        Ok(self.out.flush()?)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bench, database, value, unit, baseline, ratio } = self;
        write!(f, "{bench:<28} {database:<11} {value:>10.1} {baseline:>10.1} {ratio:>7.3}  {unit}")
    }
}
