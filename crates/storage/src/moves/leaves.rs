//! What travels in an archive: rows with addresses in place of ids, one leaf a line.
//!
//! A leaf never changes its meaning, since archives outlive releases: fields are added with a default, and a leaf that
//! must mean something else gets another name and the archive another [`VERSION`].

use serde::{Deserialize, Serialize};

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

/// A picture with its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PictureLeaf {
    /// What is on it.
    pub alt: String,
    /// The largest of its files, base64.
    pub file: String,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StateLeaf {
    /// The word of the state.
    pub word: String,
    /// Why, for what is parked or cancelled.
    #[serde(default)]
    pub reason: String,
    /// When to look again.
    #[serde(default)]
    pub wake: Option<i64>,
    /// What came of it.
    #[serde(default)]
    pub outcome: String,
    /// Thanks.
    #[serde(default)]
    pub thanks: String,
    /// When it was over.
    #[serde(default)]
    pub at: Option<i64>,
}

/// Something published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemLeaf {
    /// The id it had.
    pub uri: String,
    /// One line.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// The language.
    pub language: String,
    /// Where.
    pub place: Option<PlaceLeaf>,
    /// When it was published.
    pub published: i64,
    /// When its words last changed.
    pub edited: Option<i64>,
    /// Hashtags.
    pub causes: Vec<String>,
    /// May others carry it?
    pub carriable: bool,
    /// The picture that goes with it.
    pub picture: Option<PictureLeaf>,
    /// What it is.
    pub noun: NounLeaf,
}

/// What only a noun says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NounLeaf {
    /// A project.
    Project {
        /// What it needs.
        need: String,
        /// The project it takes up.
        parent: Option<String>,
        /// What that was called, and whose it was.
        #[serde(default)]
        credit: String,
        /// How far it is.
        state: StateLeaf,
    },
    /// A call.
    Call {
        /// Why it matters.
        why: String,
        /// Until when one can answer.
        closes: i64,
        /// Can one answer with a tick?
        one_tap: bool,
        /// When answers ended.
        ended: Option<i64>,
        /// What it asks for.
        needs: Vec<NeedLeaf>,
        /// The project it helps.
        project: Option<String>,
        /// Where it stands.
        state: StateLeaf,
    },
    /// An event.
    Event {
        /// When it begins.
        starts: i64,
        /// When it ends.
        ends: i64,
        /// Its time zone.
        zone: String,
        /// How many fit in.
        capacity: Option<i32>,
        /// Where to join from afar.
        online: Option<String>,
        /// The project it belongs to.
        project: Option<String>,
        /// How many come.
        going: i64,
        /// Where it stands.
        state: StateLeaf,
    },
    /// News.
    Update {
        /// What it is about.
        about: String,
    },
}

/// One kind of help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeedLeaf {
    /// What kind.
    pub kind: String,
    /// The option.
    pub label: String,
    /// How many are wanted.
    pub wanted: Option<i32>,
}

/// What somebody wrote back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplyLeaf {
    /// Its id.
    pub uri: String,
    /// What it answers.
    pub item: String,
    /// Who wrote it.
    pub author: String,
    /// Its words.
    pub html: String,
    /// For the organisers only?
    pub direct: bool,
    /// Where it stands.
    pub state: String,
    /// When it was written.
    pub published: i64,
    /// When it last changed.
    pub edited: Option<i64>,
    /// When it came in.
    pub received: i64,
}

/// An answer to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PledgeLeaf {
    /// The call.
    pub call: String,
    /// Who gives.
    pub giver: String,
    /// Where it stands.
    pub state: String,
    /// Through which door it came.
    pub door: String,
    /// The needs it answers: position, the vote that said it, when.
    pub needs: Vec<(i16, Option<String>, i64)>,
    /// What the giver said besides.
    pub note: String,
    /// What the organisers answered.
    pub answer: String,
    /// The secret of the receipt: its link goes on leading to it.
    pub receipt: String,
    /// When it was offered.
    pub offered: i64,
    /// When it was answered.
    pub answered: Option<i64>,
    /// When the giver got a receipt.
    pub told: Option<i64>,
    /// The `Offer` that said it.
    pub offer: Option<String>,
    /// The agreement it led to.
    pub agreement: Option<String>,
}

/// Who comes to an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RsvpLeaf {
    /// The event.
    pub event: String,
    /// Who comes.
    pub goer: String,
    /// Where it stands.
    pub state: String,
    /// Through which door it came.
    pub door: String,
    /// What they said besides.
    pub note: String,
    /// What its home answered.
    pub answer: String,
    /// The secret of the receipt.
    pub receipt: String,
    /// The `Join` that said it.
    pub join: Option<String>,
    /// When it was asked.
    pub asked: i64,
    /// When it was answered.
    pub answered: Option<i64>,
}

/// A tie that holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AffiliationLeaf {
    /// Its id.
    pub uri: String,
    /// Who is part.
    pub member: String,
    /// Of whom.
    pub umbrella: String,
    /// What kind of tie.
    pub kind: String,
    /// What it is for.
    pub mandate: String,
    /// Who proposed it.
    pub proposer: String,
    /// The `Offer` that said it.
    pub offer: String,
    /// When it was proposed.
    pub proposed: i64,
    /// When it was accepted.
    pub answered: Option<i64>,
}

/// A role in a project that holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartnershipLeaf {
    /// Its id.
    pub uri: String,
    /// The project.
    pub project: String,
    /// The partner.
    pub partner: String,
    /// The role.
    pub role: String,
    /// What was said with the offer.
    pub words: String,
    /// What was answered.
    pub answer: String,
    /// The `Offer` that said it.
    pub offer: String,
    /// When it was offered.
    pub offered: i64,
    /// When it was accepted.
    pub answered: Option<i64>,
}

/// Whom it listens to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConnectionLeaf {
    /// Whom.
    pub target: String,
}

/// What it carries by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleLeaf {
    /// From whom.
    pub source: String,
    /// Words of kinds with commas between; empty for all.
    pub kinds: String,
    /// The key of a cause; empty for all.
    pub cause: String,
    /// Near what: name, degrees north, degrees east, metres.
    pub near: Option<(String, f64, f64, i32)>,
    /// Does an organiser look first?
    pub review: bool,
    /// The tie that made it.
    pub affiliation: Option<String>,
    /// When it was made.
    pub created: i64,
}

/// What it carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarryLeaf {
    /// The item.
    pub item: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: i64,
}
