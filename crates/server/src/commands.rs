//! What the command line asks for, one file for each command.
//!
//! A command reads the configuration, opens what it needs, calls `app`, and says what came of it: a few lines for
//! people, or one JSON object a line. It decides nothing. Start at [`run`].

mod config;
#[cfg(test)]
mod tests;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::bail;

use crate::{
    cli::{Cli, Command},
    config::{Config, ConfigError},
};

/// What a command gets from outside of the process.
pub struct Surroundings<'w> {
    /// The environment variables.
    pub environment: Vec<(String, String)>,
    /// Where answers go.
    pub out: &'w mut (dyn Write + Send),
}

/// Does what was asked; an error is said on standard error.
pub async fn run(cli: Cli) -> ExitCode {
    // Variables that are not Unicode cannot be ours.
    let unicode = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    let environment = std::env::vars_os().filter_map(unicode).collect();
    let mut out = io::stdout();
    let mut surroundings = Surroundings {
        environment,
        out: &mut out,
    };
    match act(cli, &mut surroundings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is gone there is nobody left to tell.
            let _ = writeln!(io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked.
pub async fn act(cli: Cli, surroundings: &mut Surroundings<'_>) -> anyhow::Result<()> {
    match cli.command {
        Command::Config(what) => config::run(what, cli.config.as_deref(), cli.json, surroundings),
        _ => bail!("this command is not written yet"),
    }
}

/// Reads the configuration: from the named file, or from `folkmoot.toml` in the current folder if there is one.
pub fn read_config(named: Option<&Path>, environment: &[(String, String)]) -> Result<Config, ConfigError> {
    let usual = PathBuf::from("folkmoot.toml");
    let file = named
        .map(Path::to_owned)
        .or_else(|| usual.exists().then_some(usual));
    Config::load(file.as_deref(), environment.iter().cloned())
}
