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

use folkmoot_app::{App, By, Error, Result};
use folkmoot_domain::{actors::Actor, reactions::Reaction};
use folkmoot_storage::arrivals::Arrival;
use folkmoot_wire::{
    Incoming,
    foreign::ForeignItem,
    incoming::{Act, Answer, Vote},
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

/// The table: verb and thing, as [`folkmoot_wire::understand`] read them, to what is done.
pub(crate) async fn handle(job: &Job<'_>, incoming: Incoming) -> Result<Ended> {
    let ended = match incoming {
        Incoming::Follow(act) => follows::follow(job, &act).await,
        Incoming::UndoFollow(act) => follows::unfollow(job, &act).await,
        Incoming::Vote(vote) => Box::pin(voted(job, vote)).await,
        Incoming::Reply(reply) => replies::receive(job, *reply).await,
        Incoming::Item(item) => Box::pin(published(job, *item)).await,
        Incoming::UpdateObject(item) => Box::pin(changed(job, *item)).await,
        Incoming::Delete { object, .. } => deleted(job, &object).await,
        Incoming::Accept(answer) => Box::pin(answered(job, true, &answer)).await,
        Incoming::Reject(answer) => Box::pin(answered(job, false, &answer)).await,
        Incoming::Block(act) => connections::blocked(job, &act).await,
        Incoming::Proposed(proposed) => match partnerships::proposed(job, &proposed).await {
            Ok(Some(ended)) => Ok(ended),
            Ok(None) => Box::pin(affiliations::proposed(job, &proposed)).await,
            Err(unknown) => Err(unknown),
        },
        Incoming::Offered(offered) => offers::offered(job, *offered).await,
        Incoming::Agreed(agreed) => offers::agreed(job, &agreed).await,
        Incoming::TentativeAccept(answer) => joins::tentative(job, &answer).await,
        Incoming::Join(joined) => joins::join(job, joined).await,
        Incoming::UndoOffer(act) => Box::pin(taken_back(job, &act)).await,
        Incoming::Leave(act) => joins::leave(job, &act).await,
        Incoming::Move(act) => moves::moved(job, &act).await,
        Incoming::Like(act) => reactions::react(job, Reaction::Like, &act).await,
        Incoming::UndoLike(act) => reactions::unreact(job, Reaction::Like, &act).await,
        Incoming::Announce(act) => reactions::react(job, Reaction::Boost, &act).await,
        Incoming::Forwarded(act) => heard::forwarded(job, &act).await,
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

/// Something of theirs that answers nothing: an alliance may ask members here, and with a quote it may be that they pass
/// something on.
async fn published(job: &Job<'_>, item: ForeignItem) -> std::result::Result<Ended, Unknown> {
    if let Some(ended) = decisions::asked(job, &item).await? {
        return Ok(ended);
    }
    if let Some(ended) = carries::quoted(job, &item).await? {
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
