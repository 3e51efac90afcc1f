//! What each kind of activity does here: one line of a table, one handler, one use case of `app`.
//!
//! A handler resolves ids to things of ours and calls the use case; it decides nothing. Authority comes from
//! three facts that hold before: the actor signed, the thing lives where the actor lives, and only its home
//! changes a thing. What is wrapped in an `Announce` is never acted on. Start at [`handle`].

mod actors;
mod follows;
mod pledges;
mod reactions;
mod replies;
mod undone;

use folkmoot_app::{App, By, Error, Result};
use folkmoot_domain::{actors::Actor, reactions::Reaction};
use folkmoot_storage::arrivals::Arrival;
use folkmoot_wire::Incoming;
use url::Url;

use crate::{
    door::Door,
    fetch::{self, Allowance, LookupFault},
};

/// One arrival being taken up.
pub(crate) struct Job<'a> {
    pub(crate) app: &'a App,
    pub(crate) door: &'a Door,
    pub(crate) arrival: &'a Arrival,
    /// Who signed it.
    pub(crate) actor: &'a Url,
    /// What it may still make us look up.
    pub(crate) allowance: Allowance,
}

/// How an arrival ended, when no rule said no.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// A use case did it, and ended it in the same transaction.
    Done,
    /// Calmly left alone: what is counted, and a sentence.
    Ignored { name: String, why: String },
    /// Not now, with what is in the way.
    Later(String),
}

/// The sender as somebody we know, and on whose behalf the use case acts.
struct Sender {
    actor: Actor,
    by: By,
}

impl Job<'_> {
    /// Who sent it; looked up when the table has lost them since.
    async fn sender(&self) -> std::result::Result<Sender, Unknown> {
        let actor = fetch::actor(self.app, self.door, self.actor, &self.allowance).await?;
        let by = By::remote(actor.id, self.arrival.id);
        Ok(Sender { actor, by })
    }
}

/// The table: verb and thing, as [`folkmoot_wire::understand`] read them, to what is done.
pub(crate) async fn handle(job: &Job<'_>, incoming: Incoming) -> Result<Ended> {
    let ended = match incoming {
        Incoming::Follow(act) => follows::follow(job, &act).await,
        Incoming::UndoFollow(act) => follows::unfollow(job, &act).await,
        Incoming::Vote(vote) => pledges::vote(job, vote).await,
        Incoming::Reply(reply) => replies::receive(job, *reply).await,
        Incoming::UpdateObject(item) => replies::edit(job, &item).await,
        Incoming::Delete { object, .. } => replies::delete(job, &object).await,
        Incoming::Like(act) => reactions::react(job, Reaction::Like, &act).await,
        Incoming::UndoLike(act) => reactions::unreact(job, Reaction::Like, &act).await,
        Incoming::Announce(act) => reactions::react(job, Reaction::Boost, &act).await,
        Incoming::UndoAnnounce(act) => reactions::unreact(job, Reaction::Boost, &act).await,
        Incoming::UndoById { undone, .. } => undone::by_id(job, &undone).await,
        Incoming::UpdateActor(_) => actors::changed(job).await,
        Incoming::DeleteActor { .. } => actors::gone(job).await,
        Incoming::NotUnderstood { verb, object_type, why } => {
            Ok(not_understood(&verb, object_type.as_deref(), why))
        }
        other => Ok(left_alone(&other)),
    };
    match ended {
        Ok(ended) => Ok(ended),
        Err(Unknown::Later(problem)) => Ok(Ended::Later(problem)),
        Err(Unknown::Sender(why)) => Ok(Ended::ignored("sender not found", why)),
        Err(Unknown::House(error)) => Err(error),
    }
}

/// Why a handler did nothing.
enum Unknown {
    /// The sender cannot be reached now.
    Later(String),
    /// The sender cannot be found where it lives.
    Sender(String),
    /// A rule of the house, or the house itself.
    House(Error),
}

impl From<LookupFault> for Unknown {
    fn from(fault: LookupFault) -> Self {
        match fault {
            LookupFault::House(error) => Self::House(error),
            fault if fault.may_pass() => Self::Later(format!("the sender: {fault}")),
            fault => Self::Sender(format!("the sender: {fault}")),
        }
    }
}

impl<E: Into<Error>> From<E> for Unknown {
    fn from(error: E) -> Self {
        Self::House(error.into())
    }
}

impl Ended {
    fn ignored(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Ignored { name: name.into(), why: why.into() }
    }
}

/// Types that are counted under their own name. Strangers can make up any number of others.
const COUNTED: [&str; 52] = [
    "Accept",
    "Add",
    "Announce",
    "Answer",
    "Application",
    "Article",
    "Audio",
    "Block",
    "ChatMessage",
    "Create",
    "Delete",
    "Dislike",
    "Document",
    "EmojiReact",
    "Event",
    "Flag",
    "Follow",
    "Group",
    "Ignore",
    "Image",
    "Invite",
    "Join",
    "Leave",
    "Like",
    "Link",
    "Listen",
    "Lock",
    "Move",
    "Note",
    "Offer",
    "Organization",
    "Page",
    "Person",
    "Place",
    "Profile",
    "Question",
    "QuoteRequest",
    "Read",
    "Reject",
    "Relationship",
    "Remove",
    "Service",
    "TentativeAccept",
    "TentativeReject",
    "Tombstone",
    "Travel",
    "Undo",
    "Update",
    "Video",
    "View",
    "Agreement",
    "Proposal",
];

fn counted(kind: &str) -> &str {
    if COUNTED.contains(&kind) { kind } else { "other" }
}

fn not_understood(verb: &str, kind: Option<&str>, why: &str) -> Ended {
    let name = match kind {
        Some(kind) => format!("not understood: {}/{}", counted(verb), counted(kind)),
        None => format!("not understood: {}", counted(verb)),
    };
    Ended::ignored(name, why)
}

/// Understood, but there is nothing here yet that it could do.
fn left_alone(incoming: &Incoming) -> Ended {
    let (name, why) = match incoming {
        Incoming::Item(_) => ("Create", "it answers nothing of ours, and nobody here asked to hear it"),
        Incoming::Accept(_) | Incoming::Reject(_) => ("answer", "nothing of ours waits for this answer"),
        Incoming::Block(_) | Incoming::UndoBlock(_) => ("Block", "who blocks us also stops following us"),
        Incoming::Move(_) => ("Move", "moves are not followed yet"),
        Incoming::Flag { .. } => ("Flag", "reports are not taken yet"),
        Incoming::Offer { .. } => ("Offer", "offers of this kind are not taken yet"),
        Incoming::Join(_) | Incoming::Leave(_) => ("Join", "answers to events are not taken yet"),
        _ => ("other", "there is nothing it could do here"),
    };
    Ended::ignored(format!("left alone: {name}"), why)
}

#[cfg(test)]
mod tests;
