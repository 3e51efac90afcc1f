//! Whom our associations listen to.

use clap::{Args, Subcommand};
use folkmoot_domain::items::ItemKind;

pub(super) const CONNECTIONS: &str = "\
Examples:
  folkmoot connection add park-friends @cooks@kirkgate.example
  folkmoot connection list park-friends
  folkmoot connection stream park-friends --kind call
  folkmoot connection end park-friends @cooks@kirkgate.example

Some approve each request by hand; `connection list` says how each stands. For the instance itself write `instance`.";

/// `connection`.
#[derive(Debug, Subcommand)]
pub enum Connections {
    /// Ask to listen to an association anywhere: by handle, or by the address of its page
    Add(Pair),

    /// Ask somebody again who has not answered, or who said no
    Again(Pair),

    /// List whom an association listens to, and how each connection stands
    List {
        /// The handle of an association here, or `instance`
        #[arg(value_name = "ASSOCIATION")]
        seeker: String,
    },

    /// Listen no more; what is carried stays carried
    End(Pair),

    /// Show what came from those an association listens to, newest first
    Stream(Reading),
}

/// Who listens to whom.
#[derive(Debug, Args)]
pub struct Pair {
    /// The handle of an association here, or `instance`
    #[arg(value_name = "ASSOCIATION")]
    pub seeker: String,

    /// Whom: @handle@host, or the address of their page
    #[arg(value_name = "WHOM")]
    pub target: String,
}

/// `connection stream`.
#[derive(Debug, Args)]
pub struct Reading {
    /// The handle of an association here, or `instance`
    #[arg(value_name = "ASSOCIATION")]
    pub seeker: String,

    /// Only what comes through this one: @handle@host
    #[arg(long, value_name = "WHOM")]
    pub from: Option<String>,

    /// Only this kind: project, call, event or update
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub kind: Option<ItemKind>,

    /// At most so many
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub limit: u16,
}

fn kind(word: &str) -> Result<ItemKind, String> {
    ItemKind::parse(word).ok_or_else(|| "write project, call, event or update".to_owned())
}
