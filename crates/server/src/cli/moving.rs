//! Moving an association to another server, or bringing one in.

use std::path::PathBuf;

use clap::Subcommand;
use folkmoot_domain::text::Handle;
use url::Url;

use super::parse;

pub(super) const MOVE: &str = "\
The whole way, in five steps. Until the last, nothing changes for anybody:
  1. old server   folkmoot move pack park-friends --to park.folkmoot
  2. new server   folkmoot move unpack park.folkmoot --map park.map
  3. old server   folkmoot move point park-friends ID       the ID that step 2 printed
  4. both         if something came in meanwhile: pack into another file, and unpack that one with --again
  5. old server   folkmoot move tell park-friends --map park.map

Then both servers go on running: the old one answers with where to go. Keep it for some months if you can.
The file of step 1 holds names, mail addresses and telephone numbers of people who organise or help. The association is
responsible for them: hand the file to whoever runs the new server and to nobody else, and delete it in the end.
Next: folkmoot move pack --help.";

const PACK: &str = "\
Example:
  folkmoot move pack park-friends --to park.folkmoot

In the file: everything it says of itself, all it has published with pictures and states, replies, who offered help and
how to reach them, who comes, ties, what it carries; and whom to ask in as organisers. Not in it: passwords, accounts,
keys, likes and boosts, drafts, reports. Nobody notices that it was packed.
Next: on the new server, folkmoot move unpack park.folkmoot.";

const UNPACK: &str = "\
Examples:
  folkmoot move unpack park.folkmoot --map park.map
  folkmoot move unpack park.folkmoot --handle parkfriends --map park.map
  folkmoot move unpack park.folkmoot --map park.map --again

The file is looked through whole before anything is written. What broke off is taken up with --again; a file that was
packed later adds what is new and leaves the rest alone. Organisers get a letter that asks them in.
Next: on the old server, folkmoot move point HANDLE ID.";

const POINT: &str = "\
Example:
  folkmoot move point park-friends https://new.example/ap/associations/0198c1f2-...

Asks the new server for it: the new one must name the old one, which it does when it was unpacked there.
Next: folkmoot move tell park-friends --map park.map.";

const TELL: &str = "\
Example:
  folkmoot move tell park-friends --map park.map

Followers on Mastodon, GoToSocial and other Folkmoots go along by themselves, within minutes or hours. Posts that were
sent stay where they are. From now on nothing can be changed here, and pages lead to the new ones; pages of items that
the map does not name stay. Say it again, with a map, whenever you like: it is told again.
Some servers follow a second move of the same account only after seven days or more.
Next: folkmoot move status park-friends.";

const UNDO: &str = "\
Example:
  folkmoot move undo park-friends

Before `tell` nobody notices. After it, the association lives here again and can be written to; followers who went
along stay with the new one, so close that one, or let both live.
Next: folkmoot move status park-friends.";

/// `move`.
#[derive(Debug, Subcommand)]
pub enum Moving {
    /// Write everything an association is and has into one file
    #[command(after_help = PACK)]
    Pack {
        /// Its handle
        #[arg(value_parser = parse::handle)]
        handle: Handle,

        /// The file; it must not be there yet
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },

    /// Bring in an association from such a file
    #[command(after_help = UNPACK)]
    Unpack {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,

        /// Another handle than it had
        #[arg(long, value_parser = parse::handle)]
        handle: Option<Handle>,

        /// Where to write what became of each item, for the old server; FILE.map when left out
        #[arg(long, value_name = "FILE")]
        map: Option<PathBuf>,

        /// Take up what broke off, or add what is new in a later file
        #[arg(long)]
        again: bool,
    },

    /// Say where it goes, and look whether the new one names the old one
    #[command(after_help = POINT)]
    Point {
        /// Its handle
        #[arg(value_parser = parse::handle)]
        handle: Handle,

        /// The id of the new one, as `move unpack` printed it
        #[arg(value_name = "ID")]
        to: Url,
    },

    /// Tell everyone that it has moved, and close it here for writing
    #[command(after_help = TELL)]
    Tell {
        /// Its handle
        #[arg(value_parser = parse::handle)]
        handle: Handle,

        /// What became of each item, as `move unpack` wrote it
        #[arg(long, value_name = "FILE")]
        map: Option<PathBuf>,

        /// Do not ask whether you are sure
        #[arg(long, short)]
        yes: bool,
    },

    /// Take it back: it lives here
    #[command(after_help = UNDO)]
    Undo {
        /// Its handle
        #[arg(value_parser = parse::handle)]
        handle: Handle,

        /// Do not ask whether you are sure
        #[arg(long, short)]
        yes: bool,
    },

    /// Say how far a move has come
    Status {
        /// Its handle
        #[arg(value_parser = parse::handle)]
        handle: Handle,
    },
}
