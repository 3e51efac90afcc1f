//! People with an account, how others come in, and the letters to them.

use clap::{Args, Subcommand};
use folkmoot_domain::{MailId, roles::Role, text::Handle};

use super::parse;

pub(super) const INVITE: &str = "\
Examples:
  folkmoot invite sam@hyde.example
  folkmoot invite sam@hyde.example --association park-friends --role steward

Next: whoever opens the link presses one button and is in.";

pub(super) const PEOPLE: &str = "\
Examples:
  folkmoot people list
  folkmoot people steward ruth@hyde.example

A steward of the board looks at reports, blocks servers and asks people in; they do not run its associations.
Next: folkmoot invite EMAIL.";

pub(super) const MAILS: &str = "\
Examples:
  folkmoot mails list
  folkmoot mails show MAIL
  folkmoot mails retry --all

What cannot be sent is tried again by itself for two days, with longer and longer waits.";

/// `invite`.
#[derive(Debug, Args)]
pub struct Invite {
    /// The e-mail address of the person
    #[arg(value_name = "EMAIL", value_parser = parse::email)]
    pub email: String,

    /// Into this association; when left out, onto the board, where they can found one
    #[arg(long, value_name = "HANDLE", value_parser = parse::handle)]
    pub association: Option<Handle>,

    /// As what
    #[arg(long, value_parser = parse::role(), default_value = "organiser", requires = "association")]
    pub role: Role,
}

/// `people`.
#[derive(Debug, Subcommand)]
pub enum People {
    /// List who has an account here, and what they look after
    List,

    /// Make somebody a steward of the whole board
    Steward {
        /// Their e-mail address
        #[arg(value_name = "EMAIL", value_parser = parse::email)]
        email: String,
    },

    /// Make somebody no longer a steward of the board
    Unsteward {
        /// Their e-mail address
        #[arg(value_name = "EMAIL", value_parser = parse::email)]
        email: String,
    },
}

/// `mails`.
#[derive(Debug, Subcommand)]
pub enum Mails {
    /// List letters that wait, were given up or are kept, the newest first
    List {
        /// Those that went, too
        #[arg(long)]
        all: bool,
    },

    /// Show one in words, with its link: whoever has the link can use it
    Show {
        /// The id of the letter, as `mails list` prints it
        #[arg(value_name = "MAIL")]
        mail: MailId,
    },

    /// Send again at once, without waiting for the next time
    Retry(RetryMails),
}

/// `mails retry`.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct RetryMails {
    /// The id of a letter, as `mails list` prints it
    #[arg(value_name = "MAIL")]
    pub mail: Option<MailId>,

    /// Everything that waits, was given up or is kept
    #[arg(long)]
    pub all: bool,
}
