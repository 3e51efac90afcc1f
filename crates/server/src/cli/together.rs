//! What associations do together: roles in projects, and who is tied to whom.

use clap::{Args, Subcommand};
use folkmoot_domain::{PartnershipId, text::Handle};

use super::parse;
use crate::front_matter::ItemName;

pub(super) const PARTNER: &str = "\
Examples:
  folkmoot partner offer PROJECT --association kirkstall-growers --role host --words \"We have a yard.\"
  folkmoot partner list --association park-friends
  folkmoot partner accept OFFER --words \"Wonderful. See you on Saturday.\"

Next: folkmoot publish call FILE, with `project` in the file: partners publish under it.";

pub(super) const NETWORK: &str = "\
Examples:
  folkmoot network
  folkmoot network --around @leeds@any.example
  folkmoot network --json

A tie counts when both sides list it. Next: folkmoot partner offer, to take a part in somebody's project.";

/// `partner`.
#[derive(Debug, Subcommand)]
pub enum Partners {
    /// Offer to take a role in a project, here or kept from elsewhere
    Offer {
        /// The project: its id, or the address of its page
        #[arg(value_name = "PROJECT")]
        project: ItemName,

        /// Who takes the role
        #[arg(long, value_name = "HANDLE", value_parser = parse::handle)]
        association: Handle,

        /// As what: host, funder, speaker, venue
        #[arg(long, value_name = "TEXT")]
        role: String,

        /// What to say to its organisers
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        words: String,
    },

    /// List roles in projects: offers to answer first, then what holds, then what is over
    List {
        /// Only those that concern this association
        #[arg(long, value_name = "HANDLE", value_parser = parse::handle)]
        association: Option<Handle>,
    },

    /// Say yes: both names stand on the project's page from now on
    Accept(PartnerAnswer),

    /// Say no, kindly
    Decline(PartnerAnswer),

    /// Take an offer back, or end what was agreed; either side can
    End {
        /// The id of the offer, as `partner list` prints it
        #[arg(value_name = "OFFER")]
        offer: PartnershipId,
    },
}

/// Which offer, and what to say.
#[derive(Debug, Args)]
pub struct PartnerAnswer {
    /// The id of the offer, as `partner list` prints it
    #[arg(value_name = "OFFER")]
    pub offer: PartnershipId,

    /// What to tell whoever offered
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub words: String,
}

/// `network`.
#[derive(Debug, Args)]
pub struct ShowNetwork {
    /// Only those tied to this association: @handle@host
    #[arg(long, value_name = "ADDRESS")]
    pub around: Option<String>,
}
