//! Alliances: found them, tie associations to each other, ask the members.

use clap::{Args, Subcommand};
use folkmoot_domain::{
    AffiliationId, DecisionId,
    decisions::{Choice, Rule},
    text::Handle,
};

use super::parse;

pub(super) const ALLIANCE: &str = "\
Example:
  folkmoot alliance found --name \"Leeds Together\" --handle leeds \\
    --member park-friends --member @tree-wardens@headingley.example \\
    --mandate \"Trees for every street\" --organiser \"Ruth Okafor\" --email ruth@hyde.example

Next: folkmoot affiliation list leeds, once the members have answered.";

pub(super) const AFFILIATION: &str = "\
Examples:
  folkmoot affiliation propose park-friends --join @leeds@any.example
  folkmoot affiliation list park-friends
  folkmoot affiliation accept 019b...

A tie stands when both sides have said yes, and counts while both list it. Either side ends it at any time.";

pub(super) const DECISION: &str = "\
Examples:
  folkmoot decision ask leeds --title \"Shall we plant the Headrow?\" --rule two-thirds --days 14
  folkmoot decision list leeds
  folkmoot decision answer 019b... --member park-friends --choice for
  folkmoot decision show 019b...

Each member has one vote. The record stays.";

/// `alliance`.
#[derive(Debug, Subcommand)]
pub enum Alliances {
    /// Found an alliance and ask its members in, all at once
    #[command(after_help = ALLIANCE)]
    Found(FoundingAlliance),
}

/// `alliance found`.
#[derive(Debug, Args)]
pub struct FoundingAlliance {
    /// The name in full: "Leeds Together"
    #[arg(long)]
    pub name: String,

    /// The part before the @ of its address
    #[arg(long, value_parser = parse::handle)]
    pub handle: Handle,

    /// What it says of itself, in Markdown
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub about: String,

    /// Who is asked in: a handle here, or @handle@domain; at least twice
    #[arg(long = "member", value_name = "HANDLE", required = true)]
    pub members: Vec<String>,

    /// What it is for; members read it before they say yes
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub mandate: String,

    /// The name of its first organiser
    #[arg(long, value_name = "NAME")]
    pub organiser: String,

    /// Their e-mail address; it stays private
    #[arg(long, value_name = "ADDRESS", value_parser = parse::email)]
    pub email: String,
}

/// `affiliation`.
#[derive(Debug, Subcommand)]
pub enum Affiliations {
    /// Propose a tie; the other side says yes or no
    Propose(Proposing),

    /// List the ties of an association, and how each stands
    List {
        /// Its handle
        #[arg(value_parser = parse::handle)]
        association: Handle,
    },

    /// Say yes to a tie that was proposed to an association here
    Accept {
        /// The id of the tie, as `affiliation list` prints it
        tie: AffiliationId,
    },

    /// Say no to it
    Decline {
        /// The id of the tie
        tie: AffiliationId,
    },

    /// End a tie, or take back what was proposed
    End {
        /// The association here that ends it
        #[arg(value_parser = parse::handle)]
        association: Handle,

        /// The id of the tie
        tie: AffiliationId,
    },
}

/// `affiliation propose`.
#[derive(Debug, Args)]
#[group(id = "with", required = true, multiple = false, args = ["join", "invite", "partner"])]
pub struct Proposing {
    /// Who proposes: a handle here
    #[arg(value_parser = parse::handle)]
    pub association: Handle,

    /// The alliance to join
    #[arg(long, value_name = "HANDLE")]
    pub join: Option<String>,

    /// Whom to ask in, as an alliance
    #[arg(long, value_name = "HANDLE")]
    pub invite: Option<String>,

    /// Whom to work with
    #[arg(long, value_name = "HANDLE")]
    pub partner: Option<String>,

    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub mandate: String,
}

/// `decision`.
#[derive(Debug, Subcommand)]
pub enum Decisions {
    /// Ask the members of an alliance
    Ask(Asking),

    /// List what an association asked, or was asked
    List {
        /// Its handle
        #[arg(value_parser = parse::handle)]
        association: Handle,
    },

    /// Answer for a member here
    Answer {
        /// The id of the decision, as `decision list` prints it
        decision: DecisionId,

        /// Which member answers
        #[arg(long, value_name = "HANDLE", value_parser = parse::handle)]
        member: Handle,

        /// for, against or abstain
        #[arg(long, value_parser = choice)]
        choice: Choice,

        /// Why; all members read it at the end
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        words: String,
    },

    /// Show a decision with its record
    Show {
        /// The id of the decision
        decision: DecisionId,
    },
}

/// `decision ask`.
#[derive(Debug, Args)]
pub struct Asking {
    /// The alliance
    #[arg(value_parser = parse::handle)]
    pub alliance: Handle,

    /// The question, in one line
    #[arg(long)]
    pub title: String,

    /// What there is to know, in Markdown
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub text: String,

    /// majority, two-thirds, consensus, or consensus-minus-N
    #[arg(long, value_parser = rule, default_value = "majority")]
    pub rule: Rule,

    /// How many days members have to answer
    #[arg(long, default_value_t = 14)]
    pub days: u16,
}

fn rule(word: &str) -> Result<Rule, String> {
    Rule::parse(word).ok_or_else(|| "is none of majority, two-thirds, consensus, consensus-minus-N".to_owned())
}

fn choice(word: &str) -> Result<Choice, String> {
    Choice::parse(word).ok_or_else(|| "is none of for, against, abstain".to_owned())
}
