//! What travels in an archive: rows with addresses in place of ids, one leaf a line.
//!
//! A leaf never changes its meaning, since archives outlive releases: fields are added with a default, and a leaf that
//! must mean something else gets another name and the archive another [`VERSION`].

mod answers;
mod items;
mod ties;

use serde::{Deserialize, Serialize};

pub use self::{
    answers::{PledgeLeaf, ReplyLeaf, RsvpLeaf},
    items::{ItemLeaf, NeedLeaf, NounLeaf, PictureLeaf, StateLeaf},
    ties::{AffiliationLeaf, CarryLeaf, ConnectionLeaf, PartnershipLeaf, RuleLeaf},
};

/// The version of the archive that is written, and the newest that is read.
pub const VERSION: u32 = 1;

/// One line of an archive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "leaf", rename_all = "kebab-case")]
pub enum Leaf {
    /// The first line: what this is.
    Archive(HeadLeaf),
    /// The second: the association.
    Association(AssociationLeaf),
    /// Somebody who organises it, or looks after it.
    Person(PersonLeaf),
    /// Somebody whom later lines name.
    Actor(ActorLeaf),
    /// A project, call, event or update.
    Item(Box<ItemLeaf>),
    /// What somebody wrote back.
    Reply(ReplyLeaf),
    /// An answer to a call.
    Pledge(PledgeLeaf),
    /// Who comes to an event.
    Rsvp(RsvpLeaf),
    /// A tie to another association.
    Affiliation(AffiliationLeaf),
    /// A role in a project.
    Partnership(PartnershipLeaf),
    /// Whom it listens to.
    Connection(ConnectionLeaf),
    /// What it carries by itself.
    Rule(RuleLeaf),
    /// What it carries.
    Carry(CarryLeaf),
    /// Who follows it: to be counted, since followers come by themselves.
    Follower {
        /// The id of the follower.
        uri: String,
    },
    /// The last line: how many stand before it, and the checksum of their bytes.
    End {
        /// How many lines stand before it.
        lines: u64,
        /// SHA-256 of them with their line ends, base64url.
        sha256: String,
    },
}

/// What an archive is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadLeaf {
    /// The version of the archive.
    pub version: u32,
    /// The id of the association where it comes from.
    pub uri: String,
    /// Its handle there, with the host.
    pub address: String,
    /// When it was packed, in epoch milliseconds.
    pub packed: i64,
    /// For whoever opens the file.
    pub note: String,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceLeaf {
    /// Its name.
    pub name: String,
    /// Degrees north and east.
    pub point: Option<(f64, f64)>,
    /// How exactly it may be shown.
    pub shown: String,
}

/// An association.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssociationLeaf {
    /// Its handle.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// Markdown.
    pub about: String,
    /// What kind of group.
    pub kind: String,
    /// The language it writes in.
    pub language: String,
    /// Its time zone.
    pub zone: String,
    /// Where it is at home.
    pub place: Option<PlaceLeaf>,
    /// How to join it.
    pub joining: String,
    /// Whom to turn to.
    pub safeguarding: String,
    /// The paper it chose.
    pub paper: Option<String>,
    /// What it fights for, in its order.
    pub battles: Vec<String>,
    /// When it was founded.
    pub founded: i64,
    /// May it be found?
    pub discoverable: bool,
    /// Is it a sample?
    pub sample: bool,
}

/// Somebody with a role. Passwords and sessions stay where they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonLeaf {
    /// The name.
    pub name: String,
    /// Where the invitation goes.
    pub email: String,
    /// The word of the role.
    pub role: String,
}

/// Somebody elsewhere, or a visitor. Keys do not travel: they are read at home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActorLeaf {
    /// The id.
    pub uri: String,
    /// The ActivityStreams type.
    pub kind: String,
    /// The handle; empty for visitors.
    pub handle: String,
    /// The name.
    pub name: String,
    /// The page.
    pub page: String,
    /// The inbox.
    pub inbox: String,
    /// The shared inbox.
    pub shared_inbox: Option<String>,
    /// How to reach a visitor.
    pub visitor: Option<VisitorLeaf>,
}

/// How to reach a visitor, and for how long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VisitorLeaf {
    /// Mail.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Since when they are known.
    pub since: i64,
    /// When they confirmed their address.
    pub confirmed: Option<i64>,
    /// When to look whether they can be forgotten.
    pub forget: i64,
}
