//! The command line: what can be said to `folkmoot`, and the help that teaches it.
//!
//! Here words are only parsed; `commands` does what they ask for. Every help text closes with an example and with what
//! comes next. A test keeps a snapshot of all of it. Start at [`Cli`].

mod alliances;
mod answers;
mod associations;
mod carrying;
mod moving;
mod connections;
mod network;
mod parse;
mod people;
mod publish;
mod starting;
#[cfg(test)]
mod tests;
mod together;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub use answers::{PledgeAnswer, Pledges, Replies, Rsvps};
pub use alliances::{Affiliations, Alliances, Asking, Decisions, FoundingAlliance, Proposing};
pub use associations::{Associations, Causes, Changing, Founding, PlaceArguments};
pub use carrying::{Carry, CarryRule, CarryRules};
pub use moving::{Moving};
pub use connections::{Connections, Pair as ConnectionPair, Reading as ConnectionReading};
pub use network::{Blocks, Deliveries, Retry};
pub use parse::base_url as read_base_url;
pub use people::{Invite, Mails, People};
pub use publish::{Publish, PublishFile};
pub use starting::{Demo, Migrate, Quickstart, ShowConfig, SignInLink};
pub use together::{PartnerAnswer, Partners, ShowNetwork};

/// A server for associations and community groups, part of the fediverse.
///
/// Each association publishes projects, calls to action and events here. People follow it from Mastodon and the like,
/// answer a call by ticking an option of its poll, and need no account. Servers of other associations join in; nobody
/// stands in the middle.
#[derive(Debug, Parser)]
#[command(
    name = "folkmoot",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  folkmoot demo                       Try it: three servers on this machine, with samples
  folkmoot quickstart                 Set up a place of your own: six questions
  folkmoot serve                      Start it
  folkmoot publish call call.md --association park-friends

Next: folkmoot quickstart. `folkmoot help COMMAND` explains each command.
Exit codes: 0 done, 1 not done (the reason is said), 2 the command line was not understood."
)]
pub struct Cli {
    /// The configuration file. When left out: folkmoot.toml in this folder, if there is one
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "FOLKMOOT_CONFIG",
        hide_env_values = true,
        help_heading = "Everywhere"
    )]
    pub config: Option<PathBuf>,

    /// Answer in JSON for programs, one object a line
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set up a place: six questions, then a configuration, a database and a sign-in link
    ///
    /// Asks for the address and the name of this place, for the name and the handle of its first association, and for
    /// the name and e-mail address of whoever organises it. Each question has a flag; what has a flag is not asked.
    /// Writes folkmoot.toml, the database and the sealing key into a folder, and never over something that is there.
    #[command(after_help = starting::QUICKSTART)]
    Quickstart(Quickstart),

    /// Start the server
    ///
    /// Answers requests and delivers what was published, until it is told to stop (Ctrl-C or SIGTERM): then it finishes
    /// what is under way, for at most 30 seconds. The database is brought up to date first.
    #[command(after_help = starting::SERVE)]
    Serve,

    /// Look whether everything is well, and say what to do when not
    ///
    /// Reads the configuration, opens the database and the sealing key, and names each relaxed guard. Changes nothing.
    #[command(after_help = starting::CHECK)]
    Check,

    /// Bring the database up to date
    ///
    /// `serve` does it too; this is for doing it before, or for looking at what would be done.
    #[command(after_help = starting::MIGRATE)]
    Migrate(Migrate),

    /// Found, list, show, change or close an association
    #[command(subcommand, alias = "associations", after_help = associations::ASSOCIATION)]
    Association(Associations),

    /// Found an alliance of associations on any servers, with everybody in it at once
    ///
    /// An alliance is an association whose members' items are carried to its followers. It owns nothing of theirs.
    #[command(subcommand, alias = "alliances", after_help = alliances::ALLIANCE)]
    Alliance(Alliances),

    /// Tie associations to each other: propose, list, accept, decline, end
    #[command(subcommand, alias = "affiliations", after_help = alliances::AFFILIATION)]
    Affiliation(Affiliations),

    /// Ask the members of an alliance, answer, and read the record
    #[command(subcommand, alias = "decisions", after_help = alliances::DECISION)]
    Decision(Decisions),

    /// Move an association to another server with followers and all it has, or bring one in
    #[command(subcommand, name = "move", after_help = moving::MOVE)]
    Move(Moving),

    /// Publish a call, project, event or update from a Markdown file, and look after it
    ///
    /// A file begins with a line `+++`, then TOML, then a line `+++`, then the text. `folkmoot publish call --help` says
    /// what can stand there. Prints the id, the page and the handle; with --json as one object.
    #[command(subcommand, after_help = publish::PUBLISH)]
    Publish(Publish),

    /// List pledges and answer them
    ///
    /// A pledge is an answer to a call: "I can help". Whoever offered gets your words as a direct message.
    #[command(subcommand, after_help = answers::PLEDGES)]
    Pledges(Pledges),

    /// List who wants to come to an event, and say for somebody that they come or cannot
    ///
    /// Who comes is for the organisers alone; everybody sees how many. Whoever waits goes in the order of asking.
    #[command(subcommand, after_help = answers::RSVPS)]
    Rsvps(Rsvps),

    /// List what people wrote back, and choose what is shown
    ///
    /// A reply is held until it is approved. One that was written to the organisers alone is never shown.
    #[command(subcommand, after_help = answers::REPLIES)]
    Replies(Replies),

    /// Take a part in the projects of others, and answer those who would in yours
    #[command(subcommand, alias = "partners", after_help = together::PARTNER)]
    Partner(Partners),

    /// Show who is tied to whom, as far as it is known here
    ///
    /// Alliances and their members, who works together, and who takes part in whose projects: the same as the page
    /// /network. Whom associations listen to is private and not shown.
    #[command(after_help = together::NETWORK)]
    Network(ShowNetwork),

    /// Pass on what other associations publish, by hand or by rule, and see who passes on yours
    ///
    /// What is carried goes to the followers of the association that carries it and hangs on this board, with whoever
    /// published it named first. Either side ends it at any time.
    #[command(subcommand, after_help = carrying::CARRY)]
    Carry(Carry),

    /// List the causes that are fought for here, with their hashtags
    #[command(subcommand, after_help = associations::CAUSES)]
    Causes(Causes),

    /// See what is on its way to other servers, and send it again
    #[command(subcommand, after_help = network::DELIVERIES)]
    Deliveries(Deliveries),

    /// Shut out a domain, or let it in again
    ///
    /// Nothing is taken from a blocked domain or from the names below it, and nothing is delivered there.
    #[command(subcommand, after_help = network::BLOCKS)]
    Blocks(Blocks),

    /// Listen to associations anywhere, and see what they publish
    ///
    /// What comes is private to the organisers until they carry it.
    #[command(subcommand, after_help = connections::CONNECTIONS)]
    Connection(Connections),

    /// Ask somebody in: onto this board, or into an association as organiser or steward
    ///
    /// Sends a letter with a link that works once, within seven days, and prints the link.
    #[command(after_help = people::INVITE)]
    Invite(Invite),

    /// List who has an account, and choose who looks after the whole board
    #[command(subcommand, after_help = people::PEOPLE)]
    People(People),

    /// See letters that wait, were given up or are kept, and send them again
    #[command(subcommand, after_help = people::MAILS)]
    Mails(Mails),

    /// Print a link with which a person signs in, once
    #[command(after_help = starting::SIGN_IN_LINK)]
    SignInLink(SignInLink),

    /// Try it: three servers on this machine with sample associations, and an alliance of theirs
    ///
    /// Starts hyde.localhost and holbeck.localhost, says where to look and how to sign in, and runs until Ctrl-C.
    /// Everything is marked as a sample and nothing leaves this machine.
    #[command(after_help = starting::DEMO)]
    Demo(Demo),

    /// Explain the configuration, or show the one in force
    #[command(subcommand, after_help = starting::CONFIG)]
    Config(ShowConfig),
}
