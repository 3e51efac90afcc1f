//! What each kind of activity does here: one line of a table, one handler, one use case of `app`.
//!
//! A handler resolves ids to things of ours and calls the use case; it decides nothing. Authority comes from
//! three facts that hold before: the actor signed, the thing lives where the actor lives, and only its home
//! changes a thing. What is wrapped in an `Announce` is never acted on. Start at [`handle`].

mod actors;
mod affiliations;
mod carries;
mod connections;
mod counted;
mod decisions;
mod follows;
mod heard;
mod joins;
mod moves;
mod offers;
mod partnerships;
mod pledges;
mod reactions;
mod replies;
mod undone;

use std::pin::Pin;

use folkmoot_app::{App, By, Error, Result};
use folkmoot_domain::{actors::Actor, reactions::Reaction};
use folkmoot_storage::arrivals::Arrival;
use folkmoot_wire::{
    Incoming,
    foreign::ForeignItem,
    incoming::{Act, Answer, Proposed, Vote},
};
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

/// What is done about an activity. Boxed: in one future all of them together are more than a stack holds.
type Deed<'a> = Pin<Box<dyn Future<Output = std::result::Result<Ended, Unknown>> + Send + 'a>>;

/// Takes an activity up.
pub(crate) async fn handle(job: &Job<'_>, incoming: Incoming) -> Result<Ended> {
    match deed(job, incoming).await {
        Ok(ended) => Ok(ended),
        Err(Unknown::Later(problem)) => Ok(Ended::Later(problem)),
        Err(Unknown::Sender(why)) => Ok(Ended::ignored("sender not found", why)),
        Err(Unknown::House(error)) => Err(error),
    }
}

/// The table: verb and thing, as [`folkmoot_wire::understand`] read them, to what is done.
fn deed<'a>(job: &'a Job<'_>, incoming: Incoming) -> Deed<'a> {
    match incoming {
        Incoming::Follow(act) => Box::pin(async move { follows::follow(job, &act).await }),
        Incoming::UndoFollow(act) => Box::pin(async move { follows::unfollow(job, &act).await }),
        Incoming::Vote(vote) => Box::pin(voted(job, vote)),
        Incoming::Reply(reply) => Box::pin(replies::receive(job, *reply)),
        Incoming::Item(item) => Box::pin(published(job, *item)),
        Incoming::UpdateObject(item) => Box::pin(changed(job, *item)),
        Incoming::Delete { object, .. } => Box::pin(async move { deleted(job, &object).await }),
        Incoming::Accept(answer) => Box::pin(async move { answered(job, true, &answer).await }),
        Incoming::Reject(answer) => Box::pin(async move { answered(job, false, &answer).await }),
        Incoming::Block(act) => Box::pin(async move { connections::blocked(job, &act).await }),
        Incoming::Proposed(tie) => Box::pin(async move { proposed(job, &tie).await }),
        Incoming::Offered(offered) => Box::pin(offers::offered(job, *offered)),
        Incoming::Agreed(agreed) => Box::pin(async move { offers::agreed(job, &agreed).await }),
        Incoming::TentativeAccept(answer) => Box::pin(async move { joins::tentative(job, &answer).await }),
        Incoming::Join(joined) => Box::pin(joins::join(job, joined)),
        Incoming::UndoOffer(act) => Box::pin(async move { taken_back(job, &act).await }),
        Incoming::Leave(act) => Box::pin(async move { joins::leave(job, &act).await }),
        Incoming::Move(act) => Box::pin(async move { moves::moved(job, &act).await }),
        Incoming::Like(act) => Box::pin(async move { reactions::react(job, Reaction::Like, &act).await }),
        Incoming::UndoLike(act) => {
            Box::pin(async move { reactions::unreact(job, Reaction::Like, &act).await })
        }
        Incoming::Announce(act) => {
            Box::pin(async move { reactions::react(job, Reaction::Boost, &act).await })
        }
        Incoming::Forwarded(act) => Box::pin(async move { heard::forwarded(job, &act).await }),
        Incoming::UndoAnnounce(act) => {
            Box::pin(async move { reactions::unreact(job, Reaction::Boost, &act).await })
        }
        Incoming::UndoById { undone, .. } => Box::pin(async move { undone::by_id(job, &undone).await }),
        Incoming::UpdateActor(_) => Box::pin(actors::changed(job)),
        Incoming::DeleteActor { .. } => Box::pin(actors::gone(job)),
        Incoming::NotUnderstood { verb, object_type, why } => {
            let ended = not_understood(&verb, object_type.as_deref(), why);
            Box::pin(std::future::ready(Ok(ended)))
        }
        other => Box::pin(std::future::ready(Ok(left_alone(&other)))),
    }
}

/// Something is proposed to one of ours: a part in a project, or a tie.
async fn proposed(job: &Job<'_>, proposed: &Proposed) -> std::result::Result<Ended, Unknown> {
    match partnerships::proposed(job, proposed).await? {
        Some(ended) => Ok(ended),
        None => affiliations::proposed(job, proposed).await,
    }
}

/// An answer to something one of ours asked: whoever knows what was asked takes it.
async fn answered(job: &Job<'_>, yes: bool, answer: &Answer) -> std::result::Result<Ended, Unknown> {
    if let Some(ended) = connections::answered(job, yes, answer).await? {
        return Ok(ended);
    }
    if let Some(ended) = Box::pin(affiliations::answered(job, yes, answer)).await? {
        return Ok(ended);
    }
    if let Some(ended) = partnerships::answered(job, yes, answer).await? {
        return Ok(ended);
    }
    if let Some(ended) = offers::answered(job, yes, answer).await? {
        return Ok(ended);
    }
    if let Some(ended) = joins::answered(job, yes, answer).await? {
        return Ok(ended);
    }
    if let Some(ended) = carries::refused(job, yes, answer).await? {
        return Ok(ended);
    }
    Ok(Ended::ignored("left alone: answer", "nothing of ours waits for this answer"))
}

/// A tick in a poll of ours: in a call, or in what an alliance asks.
async fn voted(job: &Job<'_>, vote: Vote) -> std::result::Result<Ended, Unknown> {
    match decisions::voted(job, &vote).await? {
        Some(ended) => Ok(ended),
        None => pledges::vote(job, vote).await,
    }
}

/// Something of theirs that answers nothing: an alliance may ask members here.
async fn published(job: &Job<'_>, item: ForeignItem) -> std::result::Result<Ended, Unknown> {
    if let Some(ended) = decisions::asked(job, &item).await? {
        return Ok(ended);
    }
    heard::published(job, item).await
}

/// A thing of theirs was changed: a reply, an item that is kept here, a decision.
async fn changed(job: &Job<'_>, item: ForeignItem) -> std::result::Result<Ended, Unknown> {
    if let Some(ended) = decisions::changed(job, &item).await? {
        return Ok(ended);
    }
    if let Some(ended) = heard::changed(job, &item).await? {
        return Ok(ended);
    }
    replies::edit(job, &item).await
}

/// A thing of theirs is gone. Its id stays dead, whatever it was.
async fn deleted(job: &Job<'_>, object: &Url) -> std::result::Result<Ended, Unknown> {
    if let Some(ended) = carries::deleted(job, object).await? {
        return Ok(ended);
    }
    if let Some(ended) = heard::deleted(job, object).await? {
        return Ok(ended);
    }
    replies::delete(job, object).await
}

/// Something that was offered is taken back: a tie, a part in a project, a pledge.
async fn taken_back(job: &Job<'_>, act: &Act) -> std::result::Result<Ended, Unknown> {
    if let Some(ended) = Box::pin(affiliations::taken_back(job, act)).await? {
        return Ok(ended);
    }
    if let Some(ended) = partnerships::taken_back(job, act).await? {
        return Ok(ended);
    }
    if let Some(ended) = offers::taken_back(job, act).await? {
        return Ok(ended);
    }
    // Should the offer come late, it is dead already.
    if let Some(offer) = &act.id {
        let sender = job.sender().await?;
        folkmoot_app::arrivals::bury(job.app, &sender.by, offer).await?;
        return Ok(Ended::Done);
    }
    Ok(Ended::ignored("left alone: Undo", "nothing of that id was offered here"))
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

fn not_understood(verb: &str, kind: Option<&str>, why: &str) -> Ended {
    let name = match kind {
        Some(kind) => format!("not understood: {}/{}", counted::counted(verb), counted::counted(kind)),
        None => format!("not understood: {}", counted::counted(verb)),
    };
    Ended::ignored(name, why)
}

/// Understood, but there is nothing here yet that it could do.
fn left_alone(incoming: &Incoming) -> Ended {
    let (name, why) = match incoming {
        Incoming::UndoBlock(_) => ("Block", "who blocks us also stops following us"),
        Incoming::Flag { .. } => ("Flag", "reports are not taken yet"),
        Incoming::Offer { .. } => ("Offer", "offers of this kind are not taken yet"),
        _ => ("other", "there is nothing it could do here"),
    };
    Ended::ignored(format!("left alone: {name}"), why)
}

#[cfg(test)]
mod tests;
