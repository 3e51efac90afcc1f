//! Setting up, starting, checking, trying out.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use folkmoot_domain::text::Handle;

use super::parse;
use crate::config::BaseUrl;

pub(super) const QUICKSTART: &str = "\
Examples:
  folkmoot quickstart
  folkmoot quickstart --folder /srv/folkmoot --base-url hyde.example
  folkmoot quickstart --yes --base-url hyde.localhost:8080       Asks nothing, for trying out

Next: folkmoot serve --config FOLDER/folkmoot.toml, then open the sign-in link.";

pub(super) const SERVE: &str = "\
Example:
  folkmoot serve --config /srv/folkmoot/folkmoot.toml

Next: search for @HANDLE@YOUR.DOMAIN on any Mastodon server, and follow.";

pub(super) const CHECK: &str = "\
Example:
  folkmoot check --config /srv/folkmoot/folkmoot.toml

Exit code 1 when something must be done before the server can start.
Next: folkmoot serve.";

pub(super) const MIGRATE: &str = "\
Examples:
  folkmoot migrate --dry-run
  folkmoot migrate

The database only goes forward: make a copy of it first.
Next: folkmoot serve.";

pub(super) const SIGN_IN_LINK: &str = "\
Example:
  folkmoot sign-in-link ruth@hyde.example

Next: open the link, or hand it to the person by a way you trust. It works once, for a short time.";

pub(super) const DEMO: &str = "\
Examples:
  folkmoot demo
  folkmoot demo --once               Starts, tries everything out, says whether it went well, and stops

Next: folkmoot quickstart, for a place of your own.";

pub(super) const CONFIG: &str = "\
Examples:
  folkmoot config default > folkmoot.toml
  FOLKMOOT__LOG__LEVEL=debug folkmoot config show

Next: folkmoot check.";

/// The six questions of `quickstart`, each a flag.
#[derive(Debug, Args)]
pub struct Quickstart {
    /// The address of this place: `https://hyde.example`, or hyde.example alone. It cannot be changed later
    #[arg(long, value_name = "ADDRESS", value_parser = parse::base_url)]
    pub base_url: Option<BaseUrl>,

    /// The name of this place: "Hyde Park, Leeds"
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// The name of the first association: "Park Friends"
    #[arg(long, value_name = "NAME")]
    pub association: Option<String>,

    /// Its handle: park-friends, which people follow as @park-friends@hyde.example
    #[arg(long, value_name = "HANDLE", value_parser = parse::handle)]
    pub handle: Option<Handle>,

    /// The name of its first organiser: "Ruth Okafor"
    #[arg(long, value_name = "NAME")]
    pub organiser: Option<String>,

    /// Their e-mail address. It is also the public contact of this place
    #[arg(long, value_name = "ADDRESS", value_parser = parse::email)]
    pub email: Option<String>,

    /// The folder to set up; it is made when it is not there
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,

    /// Ask nothing: what has no flag becomes a place for trying out at `http://folkmoot.localhost:8080`
    #[arg(long, short)]
    pub yes: bool,
}

/// `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
}

/// `sign-in-link`.
#[derive(Debug, Args)]
pub struct SignInLink {
    /// The e-mail address of the person
    #[arg(value_name = "EMAIL", value_parser = parse::email)]
    pub email: String,
}

/// `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Start, try everything out from end to end, and stop; exit code 1 when something did not work
    #[arg(long)]
    pub once: bool,

    /// Where to keep the servers. When left out: a folder that is deleted at the end
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

/// `config`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ShowConfig {
    /// Print every key with what it means, its default and its environment variable
    Default,

    /// Print what is in force: the file with the environment over it, without passwords
    Show,
}
