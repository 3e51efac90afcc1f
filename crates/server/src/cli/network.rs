//! Other servers: what is on its way to them, and which are shut out.

use clap::{Args, Subcommand};
use folkmoot_domain::DeliveryId;

pub(super) const DELIVERIES: &str = "\
Examples:
  folkmoot deliveries list
  folkmoot deliveries list --host leeds.example
  folkmoot deliveries retry --host leeds.example

What fails is tried again by itself for seven days, with longer and longer waits.";

pub(super) const BLOCKS: &str = "\
Examples:
  folkmoot blocks add spam.example --reason \"Unasked advertising, 3 reports\"
  folkmoot blocks list

Next: folkmoot blocks remove DOMAIN lets it in again.";

/// `deliveries`.
#[derive(Debug, Subcommand)]
pub enum Deliveries {
    /// List what waits or was given up, for each server in plain words
    List {
        /// Only to this server, each delivery in a line of its own
        #[arg(long, value_name = "DOMAIN")]
        host: Option<String>,

        /// Each delivery in a line of its own
        #[arg(long)]
        each: bool,
    },

    /// Send again at once, without waiting for the next time
    Retry(Retry),
}

/// `deliveries retry`.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Retry {
    /// The ids of deliveries, as `deliveries list` prints them
    #[arg(value_name = "DELIVERY")]
    pub deliveries: Vec<DeliveryId>,

    /// Everything that waits for this server or was given up
    #[arg(long, value_name = "DOMAIN")]
    pub host: Option<String>,

    /// Everything that waits or was given up
    #[arg(long)]
    pub all: bool,
}

/// `blocks`.
#[derive(Debug, Subcommand)]
pub enum Blocks {
    /// Shut out a domain and every name below it
    Add {
        /// The domain: spam.example
        domain: String,

        /// Why; only operators and stewards see it
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        reason: String,
    },

    /// Let a domain in again
    Remove {
        /// The domain: spam.example
        domain: String,
    },

    /// List the domains that are shut out, with the reasons
    List,
}
