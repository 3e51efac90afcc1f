//! Associations, and the causes they fight for.

use clap::{Args, Subcommand};
use folkmoot_domain::{
    associations::AssociationKind,
    papers::Paper,
    places::Coarseness,
    text::{Handle, Language},
};

use super::parse;
use crate::front_matter::Zone;

pub(super) const ASSOCIATION: &str = "\
Examples:
  folkmoot association list
  folkmoot association show park-friends

Next: folkmoot association found --help.";

const FOUND: &str = "\
Example:
  folkmoot association found --name \"Park Friends\" --handle park-friends --kind residents \\
    --about \"We look after Woodhouse Moor.\" --cause StreetTrees \\
    --organiser \"Ruth Okafor\" --email ruth@hyde.example

Next: search for the printed @HANDLE@DOMAIN on a Mastodon server and follow it, then
folkmoot publish call call.md --association park-friends.";

const CHANGE: &str = "\
Example:
  folkmoot association change park-friends --about \"We look after the Moor and its trees.\"

What is not named stays as it is. Followers see the change.
Next: folkmoot association show park-friends.";

const CLOSE: &str = "\
Example:
  folkmoot association close park-friends --farewell \"Our work is done. The trees stay.\"

Followers hear the farewell, and then that the account is gone. This cannot be undone.";

pub(super) const CAUSES: &str = "\
Example:
  folkmoot causes list

Next: write `causes = [\"StreetTrees\"]` in the front matter of a call.";

/// `association`.
#[derive(Debug, Subcommand)]
pub enum Associations {
    /// Found an association; it can be followed at once
    #[command(after_help = FOUND)]
    Found(Founding),

    /// List the associations that live here
    List,

    /// Show one: its address, what it is for, how many follow it
    Show {
        /// Its handle
        #[arg(value_parser = parse::handle)]
        handle: Handle,
    },

    /// Change how it presents itself
    #[command(after_help = CHANGE)]
    Change(Changing),

    /// Close it for good, with a farewell
    #[command(after_help = CLOSE)]
    Close {
        /// Its handle
        #[arg(value_parser = parse::handle)]
        handle: Handle,

        /// Last words to everyone who follows it
        #[arg(long, value_name = "TEXT")]
        farewell: String,

        /// Do not ask whether you are sure
        #[arg(long, short)]
        yes: bool,
    },
}

/// `association found`.
#[derive(Debug, Args)]
pub struct Founding {
    /// The name in full: "Park Friends"
    #[arg(long)]
    pub name: String,

    /// The part before the @ of its address. Letters, digits, hyphens
    #[arg(long, value_parser = parse::handle)]
    pub handle: Handle,

    /// What kind of group it is
    #[arg(long, value_parser = parse::kind(), default_value = "residents")]
    pub kind: AssociationKind,

    /// What it is for, in Markdown
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub about: String,

    /// The language it writes in: en, pl, ur
    #[arg(long, value_parser = parse::language, default_value = "en")]
    pub language: Language,

    /// The time zone it lives in
    #[arg(long, value_name = "ZONE", default_value = "Europe/London")]
    pub timezone: Zone,

    /// A cause it fights for, as a hashtag; up to three times
    #[arg(long = "cause", value_name = "HASHTAG")]
    pub causes: Vec<String>,

    /// Where it is at home.
    #[command(flatten)]
    pub place: PlaceArguments,

    /// The paper its notices are printed on
    #[arg(long, value_parser = parse::paper())]
    pub paper: Option<Paper>,

    /// How to join it, in plain words
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub joining: String,

    /// Whom to turn to when somebody is worried about somebody: a name and a way to reach them
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub safeguarding: String,

    /// The name of its first organiser
    #[arg(long, value_name = "NAME")]
    pub organiser: String,

    /// Their e-mail address; it stays private
    #[arg(long, value_name = "ADDRESS", value_parser = parse::email)]
    pub email: String,
}

/// Where something is, as flags.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct PlaceArguments {
    /// Where it is at home: "Hyde Park, Leeds"
    #[arg(long, value_name = "NAME")]
    pub place: Option<String>,

    /// Degrees north
    #[arg(long, value_name = "DEGREES", requires_all = ["place", "longitude"], allow_negative_numbers = true)]
    pub latitude: Option<f64>,

    /// Degrees east
    #[arg(long, value_name = "DEGREES", requires_all = ["place", "latitude"], allow_negative_numbers = true)]
    pub longitude: Option<f64>,

    /// How exactly the place may be shown
    #[arg(long, value_parser = parse::coarseness(), default_value = "neighbourhood", requires = "place")]
    pub show: Coarseness,
}

/// `association change`.
#[derive(Debug, Args)]
pub struct Changing {
    /// Its handle now
    #[arg(value_parser = parse::handle)]
    pub handle: Handle,

    /// A new name
    #[arg(long)]
    pub name: Option<String>,

    /// A new handle; its id and its followers stay
    #[arg(long, value_name = "HANDLE", value_parser = parse::handle)]
    pub new_handle: Option<Handle>,

    /// What it is for, in Markdown
    #[arg(long, value_name = "TEXT")]
    pub about: Option<String>,

    /// The causes it fights for, as hashtags, in place of those it had; up to three times
    #[arg(long = "cause", value_name = "HASHTAG")]
    pub causes: Vec<String>,

    /// Another kind of group
    #[arg(long, value_parser = parse::kind())]
    pub kind: Option<AssociationKind>,

    /// Another language to write in: en, pl, ur
    #[arg(long, value_parser = parse::language)]
    pub language: Option<Language>,

    /// Another time zone
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<Zone>,

    /// The paper its notices are printed on
    #[arg(long, value_parser = parse::paper())]
    pub paper: Option<Paper>,

    /// How to join it, in plain words
    #[arg(long, value_name = "TEXT")]
    pub joining: Option<String>,

    /// Whom to turn to when somebody is worried about somebody: a name and a way to reach them
    #[arg(long, value_name = "TEXT")]
    pub safeguarding: Option<String>,

    /// Where it is at home.
    #[command(flatten)]
    pub place: PlaceArguments,
}

/// `causes`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Causes {
    /// List them
    List,
}
