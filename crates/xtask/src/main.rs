//! `cargo xtask`: everything one does to this repository, under one word.
//!
//! It installs, builds, tests, checks and starts; it contains no part of Folkmoot itself and ships in no binary.
//! Start reading at [`Task`]: one variant per command, one file per command in `commands/`.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod commands;
mod programs;
mod repository;
mod steps;
mod tidy;

use commands::{assets, bench, city, demo, docs, postgres, setup, test, tidy as tidy_command};

/// Everything one does to this repository.
///
/// New here? `cargo xtask demo` shows Folkmoot at work, `cargo xtask test` proves it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Demo(demo::Arguments),
    Test(test::Arguments),
    Tidy(tidy_command::Arguments),
    Docs(docs::Arguments),
    Assets(assets::Arguments),
    Bench(bench::Arguments),
    City(city::Arguments),
    Setup(setup::Arguments),
    Postgres(postgres::Arguments),
}

fn main() -> ExitCode {
    match run(&Line::parse().task) {
        Ok(code) => code,
        Err(error) => {
            steps::say(format!("\nerror: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match task {
        Task::Demo(arguments) => demo::run(arguments).map(done),
        Task::Test(arguments) => test::run(arguments),
        Task::Tidy(arguments) => tidy_command::run(arguments).map(done),
        Task::Docs(arguments) => docs::run(arguments).map(done),
        Task::Assets(arguments) => assets::run(arguments).map(done),
        Task::Bench(arguments) => bench::run(arguments),
        Task::City(arguments) => city::run(arguments),
        Task::Setup(arguments) => setup::run(arguments).map(done),
        Task::Postgres(arguments) => postgres::run(arguments).map(done),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Line::command().debug_assert();
    }
}
