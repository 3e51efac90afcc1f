//! Publishing from Markdown files, and looking after what was published.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use folkmoot_domain::text::Handle;

use super::parse;
use crate::front_matter::{ItemName, When};

pub(super) const PUBLISH: &str = "\
Examples:
  folkmoot publish call call.md --association park-friends --dry-run
  folkmoot publish call call.md --association park-friends --json
  folkmoot publish close ITEM --outcome \"40 trees stand.\" --thanks \"To all 23 of you.\"

ITEM is an id, or the address of a page.
Next: folkmoot pledges list.";

const CALL: &str = "\
The file:
  +++
  title = \"Help plant 40 trees on the Moor\"
  closes = 2027-03-20T18:00
  causes = [\"StreetTrees\"]

  [place]
  name = \"Woodhouse Moor, by the bandstand\"

  [[needs]]
  kind = \"time\"            # time, skill, thing, space, money, voice
  label = \"I can dig\"      # an option of the poll; leave out for the kind's own words
  wanted = 12              # leave out when any number helps
  +++
  We meet at the bandstand at ten.

Also: timezone, why, language, project, one_tap; in [place]: latitude, longitude, show.
Needs and closing time are frozen once it is published: changing them would delete votes.
Next: folkmoot pledges list.";

const PROJECT: &str = "\
The file:
  +++
  title = \"A tree for every street\"
  state = \"active\"         # or idea
  need = \"Two people who know how to talk to Highways\"
  +++
  Twenty-three streets have no tree at all.

Also: causes, language, and [place] with name, latitude, longitude, show.
Next: folkmoot publish call call.md, with `project` set to the printed id.";

const EVENT: &str = "\
The file:
  +++
  title = \"Tree planting morning\"
  starts = 2027-03-06T10:00
  ends = 2027-03-06T13:00

  [place]
  name = \"Woodhouse Moor, by the bandstand\"
  show = \"exact\"           # or street, neighbourhood, town
  +++
  Come for an hour or for all three.

Also: timezone, online, capacity, causes, language, project; in [place]: latitude, longitude.
Next: folkmoot replies list.";

const UPDATE: &str = "\
The file:
  +++
  about = \"https://hyde.example/projects/...\"   # or an id
  +++
  The first nine trees stand.

Also: language.
Next: folkmoot deliveries list.";

const EDIT: &str = "\
Examples:
  folkmoot publish edit ITEM call.md --dry-run
  folkmoot publish edit ITEM event.md --note \"We begin an hour later.\"

What stays as it was published (needs, closing time and one_tap of a call) is named.
Next: folkmoot deliveries list, to see the change reach other servers.";

const CLOSE: &str = "\
Example:
  folkmoot publish close ITEM --outcome \"40 trees stand.\" --thanks \"To all 23 of you.\"

Everyone who pledged hears it, and so do the followers.
Next: folkmoot pledges list --call ITEM, to record which pledges were kept.";

const CANCEL: &str = "\
Example:
  folkmoot publish cancel ITEM --reason \"Storm warning. We plant a week later.\"

Next: folkmoot publish event event.md, for the new date.";

const PARK: &str = "\
Example:
  folkmoot publish park ITEM --reason \"No saplings this winter\" --wake 2027-09-01T09:00

Next: folkmoot publish resume ITEM, when its day has come.";

const PICTURE: &str = "\
Examples:
  folkmoot publish picture ITEM bench.jpg --alt \"Two people paint a green bench by the pond\"
  folkmoot publish picture ITEM --alt \"Three people paint a green bench\"
  folkmoot publish picture ITEM --remove

JPEG, PNG, WebP or GIF, up to 10 MB. It is written anew, so that where and when it was taken is not in it.
Next: folkmoot deliveries list, to see the change reach other servers.";

/// `publish`.
#[derive(Debug, Subcommand)]
pub enum Publish {
    /// Publish a call to action: what help is wanted, how much, by when, where and why
    #[command(after_help = CALL)]
    Call(PublishFile),

    /// Publish a project: something citizens are doing. Without --association it is nobody's yet
    #[command(after_help = PROJECT)]
    Project {
        /// The file; - reads standard input
        file: PathBuf,

        /// The handle of the association that does it. When left out: nobody yet
        #[arg(long, value_name = "HANDLE", value_parser = parse::handle)]
        association: Option<Handle>,

        /// Check the file and show what would be published, but publish nothing
        #[arg(long)]
        dry_run: bool,
    },

    /// Publish an event
    #[command(after_help = EVENT)]
    Event(PublishFile),

    /// Publish news about a project, call or event
    #[command(after_help = UPDATE)]
    Update(PublishFile),

    /// Replace the words of something published by those of a file
    #[command(after_help = EDIT)]
    Edit {
        /// Its id, or the address of its page
        item: ItemName,

        /// The file, of the same kind as before; - reads standard input
        file: PathBuf,

        /// Tell followers what changed, in a post of its own
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        note: String,

        /// Check the file and show what would be published, but change nothing
        #[arg(long)]
        dry_run: bool,
    },

    /// Hang a picture on something published, say anew what is on it, or take it away
    #[command(after_help = PICTURE)]
    Picture {
        /// Its id, or the address of its page
        item: ItemName,

        /// The picture, in place of the one before; without it, --alt is for the picture that hangs there
        #[arg(conflicts_with = "remove")]
        file: Option<PathBuf>,

        /// What is on it, for those who do not see it
        #[arg(long, value_name = "TEXT", required_unless_present = "remove", conflicts_with = "remove")]
        alt: Option<String>,

        /// Take the picture away
        #[arg(long)]
        remove: bool,
    },

    /// Close a call, or finish a project, with what came of it
    #[command(after_help = CLOSE)]
    Close {
        /// Its id, or the address of its page
        item: ItemName,

        /// What came of it, in words for everyone
        #[arg(long, value_name = "TEXT")]
        outcome: String,

        /// Thanks to those who helped; for calls
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        thanks: String,
    },

    /// Call off a call or an event; it stays visible, with the reason
    #[command(after_help = CANCEL)]
    Cancel {
        /// Its id, or the address of its page
        item: ItemName,

        /// Why, in words for everyone
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },

    /// Leave a call or a project for another day
    #[command(after_help = PARK)]
    Park {
        /// Its id, or the address of its page
        item: ItemName,

        /// Why, in words for everyone
        #[arg(long, value_name = "TEXT")]
        reason: String,

        /// When to look at it again: 2027-09-01T09:00
        #[arg(long, value_name = "WHEN")]
        wake: Option<When>,
    },

    /// Take up a call or a project that was left for another day, or start a project that was an idea
    Resume {
        /// Its id, or the address of its page
        item: ItemName,
    },

    /// Delete something; a tombstone stays where it was, and other servers are asked to delete it too
    Delete {
        /// Its id, or the address of its page
        item: ItemName,

        /// Do not ask whether you are sure
        #[arg(long, short)]
        yes: bool,
    },
}

/// A file that an association publishes.
#[derive(Debug, Args)]
pub struct PublishFile {
    /// The file; - reads standard input
    pub file: PathBuf,

    /// The handle of the association that publishes it
    #[arg(long, value_name = "HANDLE", value_parser = parse::handle)]
    pub association: Handle,

    /// Check the file and show what would be published, but publish nothing
    #[arg(long)]
    pub dry_run: bool,
}
