//! What comes back: pledges and replies.

use clap::{Args, Subcommand};
use folkmoot_domain::{PledgeId, ReplyId, RsvpId, pledges::PledgeState, text::Handle};

use super::parse;
use crate::front_matter::ItemName;

pub(super) const PLEDGES: &str = "\
Examples:
  folkmoot pledges list --association park-friends
  folkmoot pledges accept PLEDGE --words \"Wonderful. Ten o'clock at the bandstand; bring gloves.\"

Next: folkmoot publish close ITEM --outcome TEXT, when the call is over.";

pub(super) const RSVPS: &str = "\
Examples:
  folkmoot rsvps list --event EVENT
  folkmoot rsvps come EVENT --person ada@mail.example
  folkmoot rsvps refuse RSVP --words \"It is for members this time.\"

Next: folkmoot publish cancel EVENT --reason TEXT, when it cannot be.";

pub(super) const REPLIES: &str = "\
Examples:
  folkmoot replies list --association park-friends
  folkmoot replies approve REPLY

Next: folkmoot blocks add DOMAIN, when a whole server is the trouble.";

/// `pledges`.
#[derive(Debug, Subcommand)]
pub enum Pledges {
    /// List pledges, the newest first
    List {
        /// Only those to this association
        #[arg(long, value_name = "HANDLE", value_parser = parse::handle)]
        association: Option<Handle>,

        /// Only those to this call
        #[arg(long, value_name = "ITEM")]
        call: Option<ItemName>,

        /// Only those that stand so
        #[arg(long, value_parser = parse::pledge_state())]
        state: Option<PledgeState>,
    },

    /// Offer help for a call, here or elsewhere, on behalf of somebody with an account here
    Give {
        /// The call
        #[arg(value_name = "CALL")]
        call: ItemName,

        /// The mail address of whoever helps
        #[arg(long, value_name = "E-MAIL")]
        person: String,

        /// Which kinds of help: 1 is the first that the call asks for; all of them when left out
        #[arg(long = "need", value_name = "NUMBER", value_parser = clap::value_parser!(i16).range(1..))]
        needs: Vec<i16>,

        /// Words to the organisers
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        note: String,
    },

    /// Say yes
    Accept(PledgeAnswer),

    /// Say no, kindly
    Decline(PledgeAnswer),

    /// Record that it was done
    Keep(PledgeAnswer),
}

/// Which pledge, and what to say.
#[derive(Debug, Args)]
pub struct PledgeAnswer {
    /// The id of the pledge, as `pledges list` prints it
    #[arg(value_name = "PLEDGE")]
    pub pledge: PledgeId,

    /// What to tell whoever offered
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub words: String,
}

/// `rsvps`.
#[derive(Debug, Subcommand)]
pub enum Rsvps {
    /// List who wants to come to an event
    List {
        /// The event
        #[arg(long, value_name = "EVENT")]
        event: ItemName,
    },

    /// Say that somebody with an account here comes to an event, here or elsewhere
    Come {
        /// The event
        #[arg(value_name = "EVENT")]
        event: ItemName,

        /// The mail address of whoever comes
        #[arg(long, value_name = "E-MAIL")]
        person: String,

        /// Words to the organisers
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        note: String,
    },

    /// Say that somebody cannot come
    Refuse {
        /// The id of the RSVP, as `rsvps list` prints it
        #[arg(value_name = "RSVP")]
        rsvp: RsvpId,

        /// What to tell them
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        words: String,
    },
}

/// `replies`.
#[derive(Debug, Subcommand)]
pub enum Replies {
    /// List replies that wait to be looked at, or those shown below an item
    List {
        /// Only those to this association
        #[arg(long, value_name = "HANDLE", value_parser = parse::handle, conflicts_with = "item")]
        association: Option<Handle>,

        /// Those that are shown below this project, call, event or update
        #[arg(long, value_name = "ITEM")]
        item: Option<ItemName>,
    },

    /// Show it below what it answers
    Approve {
        /// The id of the reply, as `replies list` prints it
        #[arg(value_name = "REPLY")]
        reply: ReplyId,
    },

    /// Do not show it
    Decline {
        /// The id of the reply, as `replies list` prints it
        #[arg(value_name = "REPLY")]
        reply: ReplyId,
    },
}
