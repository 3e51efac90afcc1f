//! Passing things on: what others publish, to the followers of an association here.

use clap::{Args, Subcommand};
use folkmoot_domain::{CarryId, ItemId, RuleId, items::ItemKind, text::Handle};

use super::parse;
use crate::front_matter::ItemName;

pub(super) const CARRY: &str = "\
Examples:
  folkmoot carry add https://moot.example/calls/0198c2a4-7d1e-7c3a-9b1f-3f6a5d2e8c40 --for park-friends \\
      --reason \"Our river begins on their moor\"
  folkmoot carry list --for park-friends
  folkmoot carry rule make --for park-friends --from @moor@moot.example --cause food --review
  folkmoot carry refuse 0198c2a4-7d1e-7c3a-9b1f-3f6a5d2e8c40

Next: folkmoot carry end ID takes down what is passed on. Whoever published it can do so, too.";

pub(super) const RULE: &str = "\
Examples:
  folkmoot carry rule make --for park-friends --from @moor@moot.example
  folkmoot carry rule make --for park-friends --from @moor@moot.example --cause food \\
      --near \"Hyde Park\" --latitude 53.81 --longitude=-1.56 --km 3 --review
  folkmoot carry rule list --for park-friends

Next: folkmoot carry list --waiting shows what a rule with --review has found.";

/// `carry`.
#[derive(Debug, Subcommand)]
pub enum Carry {
    /// Pass an item on to the followers of an association
    ///
    /// Without a reason it is a boost, with one a short post that quotes. Only what is for everyone is passed on, and
    /// what its home lets be passed on.
    Add {
        /// The item: its id here, or the address of its page or of itself, wherever it was published
        #[arg(value_name = "ITEM")]
        item: ItemName,

        /// The association that passes it on
        #[arg(long = "for", value_name = "HANDLE", value_parser = parse::handle)]
        association: Handle,

        /// Why, in one or two sentences
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        reason: String,
    },

    /// List what an association passes on, or what waits to be looked at
    List {
        /// The association
        #[arg(long = "for", value_name = "HANDLE", value_parser = parse::handle)]
        association: Handle,

        /// What rules found and nobody has looked at
        #[arg(long)]
        waiting: bool,
    },

    /// Look at what a rule found: pass it on, or leave it
    Look {
        /// The carry, as `carry list --waiting` prints it
        #[arg(value_name = "CARRY")]
        carry: CarryId,

        /// Leave it; without this it is passed on
        #[arg(long)]
        leave: bool,

        /// Why, in one or two sentences
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        reason: String,
    },

    /// Take down what an association passes on
    End {
        /// The carry, as `carry list` prints it
        #[arg(value_name = "CARRY")]
        carry: CarryId,
    },

    /// List who passes on what an association here has published
    Carriers {
        /// The item: its id, or the address of its page
        #[arg(value_name = "ITEM")]
        item: ItemName,
    },

    /// Ask somebody to stop passing on what an association here has published
    Refuse {
        /// The carry, as `carry carriers` prints it
        #[arg(value_name = "CARRY")]
        carry: CarryId,
    },

    /// Let others pass on an item of an association here, or let nobody
    Allow {
        /// The item
        #[arg(value_name = "ITEM")]
        item: ItemId,

        /// Nobody may; who does is asked to stop
        #[arg(long)]
        nobody: bool,
    },

    /// Rules by which an association passes things on by itself
    #[command(subcommand, after_help = RULE)]
    Rule(CarryRules),
}

/// `carry rule`.
#[derive(Debug, Subcommand)]
pub enum CarryRules {
    /// Make a rule; it looks at the newest fifty things that are there, too
    Make(Box<CarryRule>),

    /// List the rules of an association
    List {
        /// The association
        #[arg(long = "for", value_name = "HANDLE", value_parser = parse::handle)]
        association: Handle,
    },

    /// End a rule
    End {
        /// The rule, as `carry rule list` prints it
        #[arg(value_name = "RULE")]
        rule: RuleId,

        /// Take down what it passed on, too
        #[arg(long)]
        carries: bool,
    },
}

/// `carry rule make`.
#[derive(Debug, Args)]
pub struct CarryRule {
    /// The association that passes things on
    #[arg(long = "for", value_name = "HANDLE", value_parser = parse::handle)]
    pub association: Handle,

    /// From whom: a handle of this place, or @handle@host
    #[arg(long, value_name = "WHO")]
    pub from: String,

    /// Only this kind: project, call, event or update; can be given several times
    #[arg(long = "kind", value_name = "KIND", value_parser = parse::item_kind())]
    pub kinds: Vec<ItemKind>,

    /// Only what fights for this cause
    #[arg(long, value_name = "HASHTAG")]
    pub cause: Option<String>,

    /// Only what is near: the name of the middle
    #[arg(long, value_name = "PLACE", requires_all = ["latitude", "longitude"])]
    pub near: Option<String>,

    /// Degrees north of the middle
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true, requires = "near")]
    pub latitude: Option<f64>,

    /// Degrees east of the middle
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true, requires = "near")]
    pub longitude: Option<f64>,

    /// How far around, in kilometres
    #[arg(long, value_name = "NUMBER", default_value_t = 3, requires = "near")]
    pub km: u16,

    /// An organiser looks first
    #[arg(long)]
    pub review: bool,
}
