//! `cargo xtask test`: the whole suite, from a bare machine to the runner's summary.
//!
//! The runner comes last and nothing is printed after it, so its own summary closes the output. Start reading at
//! [`run`]: the steps stand there in order.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};

use super::postgres::{self, PrivatePostgres};
use super::{assets, docs, setup, tidy};
use crate::programs::run as run_program;
use crate::repository::{build_folkmoot, cargo};
use crate::steps::{Steps, say};

/// Under this name the tests find the built binary.
const BINARY: &str = "FOLKMOOT_TEST_BINARY";

const EXAMPLES: &str = "\
Examples:
  cargo xtask test                 everything, as continuous integration does
  cargo xtask test pledge          only the tests whose name contains \"pledge\", without the checks";

/// Run the whole suite: install what it needs, check, build, test
///
/// Steps: setup, cargo fmt, tidy, clippy, rustdoc, build, assets, generated files, then every test, on SQLite and on a
/// PostgreSQL that is started for this run alone (set `FOLKMOOT_TEST_POSTGRES` to use one of your own).
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Run only tests whose name contains one of these words, and skip the checks
    filter: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// When a step before the tests fails. Failing tests are told by the exit code alone: the runner has said which.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut steps = Steps::default();
    let whole = arguments.filter.is_empty();
    steps.step("setup", || setup::run(&setup::Arguments {}))?;
    if whole {
        check(&mut steps)?;
    }
    // Binaries and tests in one go: with the same features for both, nothing is compiled twice.
    let binary = steps.step("build", || build_folkmoot(&["--workspace", "--bins", "--tests"]))?;
    if whole {
        steps.step("assets", || assets::bring_up_to_date(true))?;
        steps.step("generated files", || docs::bring_up_to_date(&binary, true))?;
    }
    let (_server, url) = steps.step("PostgreSQL", database)?;
    say(steps.summary());
    let mut runner =
        if setup::has_nextest() { cargo(["nextest", "run"]) } else { cargo(["test", "--no-fail-fast"]) };
    runner.arg("--workspace").env(postgres::VARIABLE, url).env(BINARY, binary);
    if setup::has_nextest() {
        let status = runner.args(&arguments.filter).status().context("could not start cargo nextest")?;
        return Ok(code(status.code()));
    }
    run_and_count(runner.args(["--lib", "--bins", "--tests", "--"]).args(&arguments.filter))
}

fn check(steps: &mut Steps) -> Result<()> {
    steps.step("cargo fmt", || {
        let format = run_program(&mut cargo(["fmt", "--all", "--", "--check"]));
        format.context("`cargo fmt` puts this right")
    })?;
    steps.step("tidy", || tidy::run(&tidy::Arguments {}))?;
    steps.step("clippy", || {
        run_program(&mut cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    steps.step("rustdoc", || {
        let mut command = cargo(["doc", "--workspace", "--no-deps", "--document-private-items"]);
        run_program(command.env("RUSTDOCFLAGS", "-D warnings"))
    })
}

/// The PostgreSQL of this run: the one named in the environment, else a private one that lives as long as the answer.
fn database() -> Result<(Option<PrivatePostgres>, String)> {
    if let Ok(url) = env::var(postgres::VARIABLE) {
        say(format!("  the one that {} names", postgres::VARIABLE));
        return Ok((None, url));
    }
    let server = PrivatePostgres::start()?;
    let url = server.url();
    Ok((Some(server), url))
}

/// Runs cargo's own runner, which sums up each test binary but never all of them, and closes with the sum.
fn run_and_count(command: &mut Command) -> Result<ExitCode> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("could not start cargo test")?;
    let mut tally = Tally::default();
    for line in BufReader::new(child.stdout.take().context("cargo test has no standard output")?).lines() {
        let line = line?;
        tally.read(&line);
        say(line);
    }
    let status = child.wait()?;
    say(format!("{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.ignored));
    Ok(code(status.code()))
}

#[derive(Default, Debug, PartialEq)]
struct Tally {
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl Tally {
    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; …`; any other line says nothing.
    fn read(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        for part in result.split([';', '.']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(count)), Some(what)) = (words.next().map(str::parse::<u32>), words.next()) else {
                continue;
            };
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

/// A runner that was killed has no code; that is a failure too.
fn code(status: Option<i32>) -> ExitCode {
    status.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_test_binaries_add_up() {
        let mut tally = Tally::default();
        tally.read("running 4 tests");
        tally.read(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
        );
        tally.read("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.25s");
        assert_eq!(tally, Tally { passed: 4, failed: 2, ignored: 1 });
    }

    #[test]
    fn the_runner_that_never_sums_up_keeps_its_exit_code() {
        let script = "echo 'test result: FAILED. 1 passed; 1 failed; 0 ignored'; exit 101";
        assert_eq!(run_and_count(Command::new("sh").args(["-c", script])).unwrap(), ExitCode::from(101));
    }

    #[test]
    fn a_killed_runner_is_a_failure() {
        assert_eq!(code(None), ExitCode::FAILURE);
        assert_eq!(code(Some(0)), ExitCode::SUCCESS);
        assert_eq!(code(Some(100)), ExitCode::from(100));
    }
}
