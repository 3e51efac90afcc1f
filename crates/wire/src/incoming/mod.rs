//! What an activity of somebody else means to us: a table of verb and type of thing.
//!
//! Nothing is guessed from the shape: first the verb, then the type, then the reading. What the table does
//! not know becomes [`Incoming::NotUnderstood`] with a calm sentence, is counted and kept for a while.
//! What would be wrong to believe is [`Refused`]. Start at [`understand`].
//!
//! This module must not decide whether anything may happen: who owns what, what is known and what is
//! blocked is for the handlers above.

mod answers;
mod crossing;
mod said;
#[cfg(test)]
mod tests;

use folkmoot_domain::addresses::Addresses;
use url::Url;

use crate::{
    Refused,
    actors::ActorRead,
    envelope::{Envelope, IdOrObject},
    foreign::{ForeignItem, Said},
};

pub use answers::{Answer, Proposed};
pub use crossing::{Agreed, Joined, Offered};

/// An activity, understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// Somebody wants to hear from one of ours.
    Follow(Act),
    /// Somebody no longer wants to.
    UndoFollow(Act),
    /// A tick in a poll of ours.
    Vote(Vote),
    /// Somebody answers something.
    Reply(Box<Reply>),
    /// Somebody published something that answers nothing.
    Item(Box<ForeignItem>),
    /// A like; also one with an emoji.
    Like(Act),
    /// A like was taken back.
    UndoLike(Act),
    /// A boost.
    Announce(Act),
    /// A boost was taken back.
    UndoAnnounce(Act),
    /// Something was taken back, and only its id is given. What it was must be looked up.
    UndoById {
        /// Who takes it back.
        actor: Url,
        /// The id of the activity that is taken back, as its sender gave it.
        undone: String,
    },
    /// A thing was changed. An edit counts by its `updated`, never by the id of the activity.
    UpdateObject(Box<ForeignItem>),
    /// An actor changed its profile.
    UpdateActor(Box<ActorRead>),
    /// A thing was deleted.
    Delete {
        /// Who deletes it; of the same origin as the thing.
        actor: Url,
        /// The id of the thing.
        object: Url,
        /// What it was, where the sender says so.
        former_type: Option<String>,
    },
    /// An actor is gone for good.
    DeleteActor {
        /// The actor.
        actor: Url,
    },
    /// Somebody tells of a thing that is another's: forums and groups pass on what their members do. Nothing of it is
    /// believed but that there is something to look at, at its own home.
    Forwarded(Act),
    /// Somebody says yes to a thing of ours.
    Accept(Answer),
    /// Somebody says no to a thing of ours, or takes back a yes.
    Reject(Answer),
    /// Somebody no longer wants to have to do with one of ours.
    Block(Act),
    /// Somebody does again.
    UndoBlock(Act),
    /// An actor moves; `object` is where to.
    Move(Act),
    /// Something of ours is reported.
    Flag {
        /// The server that reports.
        actor: Url,
        /// What is reported, actors and things in any order.
        objects: Vec<Url>,
        /// Why, plain text.
        words: String,
    },
    /// Somebody proposes a tie: `Offer{Relationship}`.
    Proposed(Box<Proposed>),
    /// Something that was offered is taken back.
    UndoOffer(Act),
    /// Somebody offers help for a call of ours: `Offer{Agreement}` (FEP-0837).
    Offered(Box<Offered>),
    /// What was agreed has changed: it was kept.
    Agreed(Agreed),
    /// Somebody says perhaps, or not yet, to a thing of ours.
    TentativeAccept(Answer),
    /// Somebody offers something else.
    Offer {
        /// Who offers.
        actor: Url,
        /// The type of what is offered.
        kind: Option<String>,
    },
    /// Somebody wants to come to an event.
    Join(Joined),
    /// Somebody does not come after all.
    Leave(Act),
    /// Not in the table.
    NotUnderstood {
        /// The verb.
        verb: String,
        /// The type of the thing, where it came along.
        object_type: Option<String>,
        /// Why nothing is done, in a sentence.
        why: &'static str,
    },
}

impl Incoming {
    /// One word to count it under.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Follow(_) => "follow",
            Self::UndoFollow(_) => "undo-follow",
            Self::Vote(_) => "vote",
            Self::Reply(_) => "reply",
            Self::Item(_) => "item",
            Self::Like(_) => "like",
            Self::UndoLike(_) => "undo-like",
            Self::Announce(_) => "announce",
            Self::UndoAnnounce(_) => "undo-announce",
            Self::UndoById { .. } => "undo-by-id",
            Self::UpdateObject(_) => "update-object",
            Self::UpdateActor(_) => "update-actor",
            Self::Delete { .. } => "delete",
            Self::DeleteActor { .. } => "delete-actor",
            Self::Forwarded(_) => "forwarded",
            Self::Accept(_) => "accept",
            Self::Reject(_) => "reject",
            Self::Block(_) => "block",
            Self::UndoBlock(_) => "undo-block",
            Self::Move(_) => "move",
            Self::Flag { .. } => "flag",
            Self::Proposed(_) => "proposed",
            Self::UndoOffer(_) => "undo-offer",
            Self::Offered(_) => "offered",
            Self::Agreed(_) => "agreed",
            Self::TentativeAccept(_) => "tentative-accept",
            Self::Offer { .. } => "offer",
            Self::Join(_) => "join",
            Self::Leave(_) => "leave",
            Self::NotUnderstood { .. } => "not-understood",
        }
    }
}

/// One actor does one thing to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The id of the act exactly as it came; of an undo, the id of what is undone.
    pub id: Option<String>,
    /// Who does it.
    pub actor: Url,
    /// To which thing.
    pub object: Url,
}

/// A tick in a poll.
#[derive(Debug, Clone, PartialEq)]
pub struct Vote {
    /// The poll.
    pub question: Url,
    /// The option, exactly as it came.
    pub option: String,
    /// The id of the vote exactly as it came, with its fragment. It can never be fetched.
    pub id: Option<String>,
    /// Who votes.
    pub actor: Url,
    /// The same note as a reply, when it says something besides: should its name be no option of the poll
    /// then it was a message, and is not lost.
    pub reply: Option<Box<Reply>>,
}

/// Somebody answers something.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// Its ActivityPub id.
    pub uri: Url,
    /// Who wrote it.
    pub actor: Url,
    /// What it answers; may be a thing of ours or another reply.
    pub in_reply_to: Url,
    /// What it says, and how far it reaches: see [`folkmoot_domain::audiences::Reach::may_be_shown`].
    pub said: Said,
    /// All of it, for whom it may be news.
    pub item: Box<ForeignItem>,
}

/// Reads what an activity means. `ours` tells our own addresses from others.
pub fn understand(envelope: &Envelope, ours: &Addresses) -> Result<Incoming, Refused> {
    let object = envelope.object();
    let kind = object.kind()?;
    match (envelope.verb.as_str(), kind) {
        // ActivityPub 7.2 to 7.10; one line for each thing we can be told.
        ("Create", Some("Note" | "Answer")) => said::note(envelope, object, ours),
        (
            "Create",
            Some(
                "Question" | "Article" | "Page" | "Event" | "Proposal" | "Video" | "Audio" | "Image"
                | "Document",
            ),
        ) => said::item(envelope, object, ours),
        ("Create", Some("ChatMessage")) => Ok(unknown(
            envelope,
            kind,
            "private messages are not kept here; a direct reply reaches the organisers",
        )),
        ("Create", None) => Ok(unknown(envelope, kind, "the thing itself did not come along")),
        ("Update", Some("Person" | "Group" | "Organization" | "Service" | "Application")) => {
            said::profile(envelope, object)
        }
        (
            "Update",
            Some(
                "Note" | "Question" | "Article" | "Page" | "Event" | "Proposal" | "Video" | "Audio" | "Image"
                | "Document",
            ),
        ) => said::edit(envelope, object, ours),
        ("Update", Some("Agreement")) => crossing::agreed(envelope, object),
        ("Update", None) => Ok(unknown(envelope, kind, "the changed thing itself did not come along")),
        ("Delete", _) => answers::delete(envelope, object),
        ("Follow", _) => answers::act(envelope, object).map(Incoming::Follow),
        ("Like" | "EmojiReact", _) => answers::act(envelope, object).map(Incoming::Like),
        ("Announce", Some("Create" | "Update" | "Delete")) => answers::forwarded(envelope, object),
        ("Announce", Some(inner)) if is_verb(inner) => Ok(unknown(
            envelope,
            kind,
            "forwarded activities are not believed; only their own server can tell us",
        )),
        ("Announce", _) => answers::act(envelope, object).map(Incoming::Announce),
        ("Undo", Some(undone)) => answers::undo(envelope, object, undone),
        ("Undo", None) => answers::undo_by_id(envelope, object),
        ("Accept", _) => answers::answer(envelope, object).map(Incoming::Accept),
        ("TentativeAccept", _) => answers::answer(envelope, object).map(Incoming::TentativeAccept),
        ("Reject" | "TentativeReject", _) => answers::answer(envelope, object).map(Incoming::Reject),
        ("Block", _) => answers::act(envelope, object).map(Incoming::Block),
        ("Join", _) => crossing::joined(envelope, object),
        ("Leave", _) => answers::act(envelope, object).map(Incoming::Leave),
        ("Move", _) => answers::moved(envelope, object),
        ("Flag", _) => answers::flag(envelope, object),
        ("Offer", Some("Agreement")) => crossing::offered(envelope, object),
        ("Offer", Some("Relationship")) => answers::proposed(envelope, object),
        ("Offer", _) => Ok(Incoming::Offer { actor: envelope.actor.clone(), kind: kind.map(short) }),
        _ => Ok(unknown(envelope, kind, "this kind of activity means nothing here")),
    }
}

/// Types that are acts, not things: what forums wrap in an `Announce`.
fn is_verb(kind: &str) -> bool {
    matches!(
        kind,
        "Create"
            | "Update"
            | "Delete"
            | "Like"
            | "Dislike"
            | "Undo"
            | "Add"
            | "Remove"
            | "Announce"
            | "Follow"
            | "Accept"
            | "Reject"
            | "Block"
            | "Flag"
            | "Lock"
            | "Move"
            | "Offer"
            | "Join"
            | "Leave"
            | "Invite"
            | "EmojiReact"
    )
}

fn unknown(envelope: &Envelope, kind: Option<&str>, why: &'static str) -> Incoming {
    Incoming::NotUnderstood { verb: short(&envelope.verb), object_type: kind.map(short), why }
}

/// Types are counted under their name; a made-up one must not fill the books.
fn short(kind: &str) -> String {
    kind.chars().take(40).collect()
}

fn map_of(object: IdOrObject<'_>) -> Result<&serde_json::Map<String, serde_json::Value>, Refused> {
    match object {
        IdOrObject::Object(map) => Ok(map),
        _ => Err(Refused::Missing("object")),
    }
}
