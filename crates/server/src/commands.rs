//! What the command line asks for, one file for each command.
//!
//! A command reads the configuration, opens what it needs, calls `app`, and says what came of it: a few lines for
//! people, or one JSON object a line. It decides nothing. Start at [`run`].

mod alliances;
mod answers;
mod asking;
mod associations;
mod blocks;
mod carrying;
mod causes;
mod check;
mod config;
mod connections;
mod deliveries;
mod enrolling;
mod finding;
mod invite;
mod mails;
mod migrate;
mod moving;
mod network;
mod partners;
mod people;
mod pledges;
mod publish;
mod quickstart;
mod replies;
mod rsvps;
mod sign_in_link;
#[cfg(test)]
pub(crate) mod tests;

use std::{
    io::{self, IsTerminal as _, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use folkmoot_app::App;

use crate::{
    cli::{Cli, Command},
    config::{Config, ConfigError},
    demo,
    opening::{self, Missing},
    outside,
    ports::Ports,
    serve,
};

pub use answers::Answers;
pub use enrolling::enrol;

/// What a command gets from outside of the process.
pub struct Surroundings<'w> {
    /// The environment variables.
    pub environment: Vec<(String, String)>,
    /// Where answers go.
    pub out: &'w mut (dyn Write + Send),
    /// Where a file called `-` comes from.
    pub input: &'w mut (dyn Read + Send),
    /// Is somebody there who can be asked?
    pub somebody_there: bool,
}

/// Does what was asked; an error is said on standard error.
pub async fn run(cli: Cli) -> ExitCode {
    // Variables that are not Unicode cannot be ours.
    let unicode = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    let environment = std::env::vars_os().filter_map(unicode).collect();
    let mut surroundings = Surroundings {
        environment,
        out: &mut io::stdout(),
        input: &mut io::stdin(),
        somebody_there: io::stdin().is_terminal() && io::stderr().is_terminal(),
    };
    match act(cli, &mut surroundings).await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our answers has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is gone there is nobody left to tell.
            let _ = writeln!(io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked.
pub async fn act(cli: Cli, surroundings: &mut Surroundings<'_>) -> anyhow::Result<()> {
    let somebody = surroundings.somebody_there;
    let environment = &surroundings.environment;
    let config = || read_config(cli.config.as_deref(), environment);
    let open = || open(cli.config.as_deref(), environment);
    let answers = &mut Answers::new(surroundings.out, cli.json);
    // In boxes: together their futures would be too large for a small stack.
    match cli.command {
        Command::Quickstart(what) => Box::pin(quickstart::run(what, environment, somebody, answers)).await,
        Command::Serve => Box::pin(serve::run(&config()?)).await,
        Command::Check => Box::pin(check::run(&config()?, answers)).await,
        Command::Migrate(what) => Box::pin(migrate::run(what, &config()?, answers)).await,
        Command::Demo(what) => Box::pin(demo::run(what, answers)).await,
        Command::Config(what) => config::run(what, &config, answers),
        Command::Association(what) => {
            Box::pin(associations::run(what, &open().await?, somebody, answers)).await
        }
        Command::Move(what) => {
            Box::pin(moving::run(what, &config()?, &open().await?, somebody, answers)).await
        }
        Command::Publish(what) => {
            Box::pin(publish::run(what, &open().await?, surroundings.input, somebody, answers)).await
        }
        Command::Pledges(what) => Box::pin(pledges::run(what, &open().await?, answers)).await,
        Command::Rsvps(what) => Box::pin(rsvps::run(what, &open().await?, answers)).await,
        Command::Replies(what) => Box::pin(replies::run(what, &open().await?, answers)).await,
        Command::Alliance(what) => Box::pin(alliances::run(what, &open().await?, answers)).await,
        Command::Affiliation(what) => Box::pin(alliances::tie(what, &open().await?, answers)).await,
        Command::Decision(what) => Box::pin(alliances::decision(what, &open().await?, answers)).await,
        Command::Partner(what) => Box::pin(partners::run(what, &open().await?, answers)).await,
        Command::Network(what) => Box::pin(network::run(&what, &open().await?, answers)).await,
        Command::Carry(what) => Box::pin(carrying::run(what, &open().await?, answers)).await,
        Command::Causes(what) => Box::pin(causes::run(what, &open().await?, answers)).await,
        Command::Deliveries(what) => Box::pin(deliveries::run(what, &open().await?, answers)).await,
        Command::Blocks(what) => Box::pin(blocks::run(what, &open().await?, answers)).await,
        Command::Connection(what) => Box::pin(connections::run(what, &open().await?, answers)).await,
        Command::Invite(what) => Box::pin(invite::run(what, &open().await?, answers)).await,
        Command::People(what) => Box::pin(people::run(what, &open().await?, answers)).await,
        Command::Mails(what) => Box::pin(mails::run(what, &config()?, &open().await?, answers)).await,
        Command::SignInLink(what) => Box::pin(sign_in_link::run(&what, &open().await?, answers)).await,
    }
}

/// Reads the configuration: from the named file, or from `folkmoot.toml` in the current folder if there is one.
pub fn read_config(named: Option<&Path>, environment: &[(String, String)]) -> Result<Config, ConfigError> {
    let usual = PathBuf::from("folkmoot.toml");
    let file = named.map(Path::to_owned).or_else(|| usual.exists().then_some(usual));
    Config::load(file.as_deref(), environment.iter().cloned())
}

/// Opens the instance that the configuration describes; it must be there already.
async fn open(named: Option<&Path>, environment: &[(String, String)]) -> anyhow::Result<App> {
    let config = read_config(named, environment)?;
    let app = Box::pin(opening::open(&config, Ports::real(), Missing::Refuse)).await?;
    app.remote.set(outside::lookups(&config)?);
    Ok(app)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
