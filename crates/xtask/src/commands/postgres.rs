//! `cargo xtask postgres`: a private PostgreSQL, made for one run and gone without a trace after it.
//!
//! `PrivatePostgres` is what the test command uses too. It never touches a server it did not start. Start reading
//! at [`PrivatePostgres::start`]; what the server's keeper does is in `postgres.sh`.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::programs::{answers, find, output};
use crate::steps::say;

/// Under this name the tests find their PostgreSQL.
pub const VARIABLE: &str = "FOLKMOOT_TEST_POSTGRES";

const EXAMPLES: &str = "\
Examples:
  cargo xtask postgres                                       in one terminal
  export FOLKMOOT_TEST_POSTGRES=...                          in another, the line that it printed
  cargo build && cargo nextest run -p folkmoot-tests         there, as often as you like";

/// Start a private PostgreSQL and keep it until ctrl-c
///
/// It listens on a free port of 127.0.0.1, holds nothing you own, and is deleted at the end. With it the tests can be
/// run by hand, again and again, without `cargo xtask test`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {}

/// Runs the command.
///
/// # Errors
/// When no server can be started, or it ends by itself.
pub fn run(_: &Arguments) -> Result<()> {
    let mut server = PrivatePostgres::start()?;
    writeln!(std::io::stdout(), "export {VARIABLE}={}", server.url())?;
    say(format!("Its log is {}/log.", server.folder.path().display()));
    say("It runs until you press ctrl-c; then it and all that is in it are gone.");
    // Waiting would close its input, and so end it.
    let _open = server.keeper.stdin.take();
    let status = server.keeper.wait()?;
    bail!("the server ended by itself ({status})")
}

/// A running server in a temporary folder. Dropping it stops exactly this server and deletes the folder; should this
/// process be killed instead, the keeper does both, because its standard input ends.
pub struct PrivatePostgres {
    keeper: Child,
    port: u16,
    folder: TempDir,
}

impl PrivatePostgres {
    /// Makes a new, empty server and waits until it answers.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or three servers in a row did not start; the error holds their log.
    pub fn start() -> Result<Self> {
        let programs =
            programs().context("PostgreSQL is not installed: `cargo xtask setup` says what to do")?;
        let mut attempt = Self::start_once(&programs);
        // The free port can be taken by another between our look and the server's; then the next one is tried.
        for _ in 0..2 {
            attempt = attempt.or_else(|_| Self::start_once(&programs));
        }
        attempt
    }

    fn start_once(programs: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("folkmoot-postgres-").tempdir()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let script = folder.path().join("keeper.sh");
        std::fs::write(&script, include_str!("postgres.sh"))?;
        let mut command = Command::new("sh");
        command.arg(script).arg(programs).arg(folder.path()).arg(port.to_string());
        // Ctrl-c goes to everything in the foreground; the keeper is to outlive it and clean up.
        command.process_group(0).current_dir("/").env_remove("LD_LIBRARY_PATH");
        if number_of(&["-u"])? == 0 {
            let (user, group) = unprivileged()?;
            chown(folder.path(), Some(user), Some(group))?;
            command.uid(user).gid(group);
        }
        let mut keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut told = BufReader::new(keeper.stdout.take().context("the keeper has no standard output")?);
        let mut first = String::new();
        told.read_line(&mut first)?;
        if first.trim() == "ready" {
            return Ok(Self { keeper, port, folder });
        }
        let log = std::io::read_to_string(told)?;
        keeper.wait()?;
        bail!("PostgreSQL did not start on port {port}:\n{first}{log}")
    }

    /// Where to connect, as a superuser who may create databases.
    pub fn url(&self) -> String {
        format!("postgres://folkmoot@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        // The end of its input tells the keeper to stop the server; nothing is left to do about a failure here.
        drop(self.keeper.stdin.take());
        self.keeper.wait().ok();
    }
}

/// The folder with PostgreSQL's own programs: on `PATH`, or where Debian and its kin keep them.
pub fn programs() -> Option<PathBuf> {
    let complete =
        |folder: &PathBuf| ["initdb", "postgres", "pg_ctl"].iter().all(|name| folder.join(name).is_file());
    let on_path = find("initdb").and_then(|path| path.canonicalize().ok()?.parent().map(Path::to_path_buf));
    on_path.filter(complete).or_else(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let folders = versions.flatten().map(|version| version.path().join("bin")).filter(complete);
        folders.max_by_key(|folder| version_of(folder))
    })
}

/// The number in `/usr/lib/postgresql/15/bin`, so that 16 wins over 9.
fn version_of(folder: &Path) -> Option<u32> {
    folder.parent()?.file_name()?.to_str()?.parse().ok()
}

/// PostgreSQL refuses to run as root, so root lends it the account made for it, or the one that owns nothing.
fn unprivileged() -> Result<(u32, u32)> {
    let known = |name: &&str| answers(Command::new("id").arg(name));
    let name = ["postgres", "nobody"].into_iter().find(known);
    let name =
        name.context("you are root, and there is neither a user postgres nor nobody to run PostgreSQL")?;
    Ok((number_of(&["-u", name])?, number_of(&["-g", name])?))
}

fn number_of(arguments: &[&str]) -> Result<u32> {
    Ok(output(Command::new("id").args(arguments))?.trim().parse()?)
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_server_answers_while_it_lives_and_leaves_nothing() {
        let server = PrivatePostgres::start().unwrap();
        let folder = server.folder.path().to_path_buf();
        let port = server.port;
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        drop(server);
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        assert!(!folder.exists());
    }

    #[test]
    fn the_newest_version_is_the_one_with_the_highest_number() {
        let newest =
            ["9", "16", "15"].map(|version| Path::new("/usr/lib/postgresql").join(version).join("bin"));
        assert_eq!(newest.iter().max_by_key(|folder| version_of(folder)), newest.get(1));
    }
}
