//! What others publish, change, delete and pass on, when somebody here asked to hear it.
//!
//! An author is believed about what is theirs. Whatever is told of somebody else's is only an address to look at: it is
//! asked for at its own home, and what stands there counts. Start at [`published`].

use folkmoot_app::{heard, partnerships};
use folkmoot_domain::{actors::ActorKind, items::Item};
use folkmoot_storage::{connections, items, replies};
use folkmoot_wire::{
    foreign::ForeignItem,
    incoming::{Act, Reply},
};
use url::Url;

use super::{Ended, Job, Sender, Unknown};
use crate::fetch;

const NOBODY: &str = "it answers nothing of ours, and nobody here asked to hear it";

/// `Create` of something that answers nothing.
pub(super) async fn published(job: &Job<'_>, item: ForeignItem) -> Result<Ended, Unknown> {
    let sender = job.sender().await?;
    if let Some(quoted) = &item.quotes
        && let Some(ended) = quotes(job, &sender, &item, quoted).await?
    {
        return Ok(ended);
    }
    if !is_heard(job, &sender).await? && !is_bound_here(job, &sender, &item).await? {
        return Ok(Ended::ignored("left alone: Create", NOBODY));
    }
    take(job, &sender, &item).await
}

/// A reply that is none to something of ours: news, when its author answers an item of theirs that is kept here.
pub(super) async fn answers(job: &Job<'_>, reply: &Reply) -> Result<Option<Ended>, Unknown> {
    let Some(item) = known(job, &reply.in_reply_to).await? else { return Ok(None) };
    let sender = job.sender().await?;
    if item.home != sender.actor.id || item.deleted.is_some() {
        return Ok(None);
    }
    take(job, &sender, &reply.item).await.map(Some)
}

/// `Update` of an item that is kept here, or of one that those we listen to published before we did.
pub(super) async fn changed(job: &Job<'_>, item: &ForeignItem) -> Result<Option<Ended>, Unknown> {
    let rows = job.app.store.rows();
    if replies::by_uri(&rows, item.uri.as_str()).await?.is_some() {
        return Ok(None);
    }
    let sender = job.sender().await?;
    let kept = known(job, &item.uri).await?.is_some();
    let wanted = item.in_reply_to.is_none()
        && (is_heard(job, &sender).await? || is_bound_here(job, &sender, item).await?);
    if kept || wanted {
        return take(job, &sender, item).await.map(Some);
    }
    Ok(None)
}

/// `Delete` of an item that is kept here.
pub(super) async fn deleted(job: &Job<'_>, object: &Url) -> Result<Option<Ended>, Unknown> {
    let sender = job.sender().await?;
    let Some(item) = known(job, object).await? else { return Ok(None) };
    if item.home != sender.actor.id {
        // A member of a group deletes what is the group's: its home must say so.
        return look_again(job, &sender, object).await.map(Some);
    }
    heard::gone(job.app, &sender.by, object).await?;
    Ok(Some(Ended::Done))
}

/// `Announce` of something that is not ours, by somebody we listen to.
pub(super) async fn announced(job: &Job<'_>, act: &Act) -> Result<Ended, Unknown> {
    let sender = job.sender().await?;
    if !is_heard(job, &sender).await? {
        return Ok(Ended::ignored("left alone: boost", "nobody here listens to whoever boosts it"));
    }
    carried(job, &sender, &act.object, act.id.as_deref(), None).await
}

/// A forum or a member of a group tells of a thing that is another's.
pub(super) async fn forwarded(job: &Job<'_>, act: &Act) -> Result<Ended, Unknown> {
    let sender = job.sender().await?;
    let rows = job.app.store.rows();
    let wanted = is_heard(job, &sender).await?
        || known(job, &act.object).await?.is_some()
        || connections::is_host_heard(&rows, &sender.actor.host).await?;
    if !wanted {
        return Ok(Ended::ignored("left alone: forwarded", NOBODY));
    }
    look_again(job, &sender, &act.object).await
}

/// What stands at an item's home now, whoever said that there is something to see.
async fn look_again(job: &Job<'_>, sender: &Sender, uri: &Url) -> Result<Ended, Unknown> {
    let (home, item) = match fetch::item(job.app, job.door, uri, &job.allowance).await {
        Ok(found) => found,
        Err(fault) => {
            let ended = if fault.is_gone() {
                heard::gone(job.app, &sender.by, uri).await?
            } else {
                fault.is_missing() && heard::missing(job.app, &sender.by, uri).await?
            };
            return if ended { Ok(Ended::Done) } else { left(fault) };
        }
    };
    let (by, told) = (&sender.by, item.heard(job.app.now()));
    let from_home = connections::is_heard(&job.app.store.rows(), home.id).await?;
    if sender.actor.id != home.id && is_heard(job, sender).await? {
        let carrier = sender.actor.id;
        heard::take_carried(job.app, by, carrier, home.id, &told, None, None).await?;
    } else if from_home || known(job, uri).await?.is_some() {
        heard::take(job.app, by, home.id, &told).await?;
    } else {
        return Ok(Ended::ignored("left alone: forwarded", NOBODY));
    }
    Ok(Ended::Done)
}

/// A Note that quotes an item passes it on, with a reason; it is no news of its own (FEP-044f).
async fn quotes(
    job: &Job<'_>,
    sender: &Sender,
    note: &ForeignItem,
    quoted: &Url,
) -> Result<Option<Ended>, Unknown> {
    let ours = job.app.addresses.is_ours(quoted);
    let association = sender.actor.kind != ActorKind::Person;
    let public = note.said.reach.may_be_shown();
    if !public || !(is_heard(job, sender).await? || (ours && association)) {
        return Ok(None);
    }
    if ours && known(job, quoted).await?.is_none() {
        return Ok(None);
    }
    let note = note.uri.as_str();
    match carried(job, sender, quoted, None, Some(note)).await {
        // What cannot be looked up is told as what it is: a Note.
        Ok(Ended::Ignored { .. }) => Ok(None),
        other => other.map(Some),
    }
}

async fn carried(
    job: &Job<'_>,
    sender: &Sender,
    uri: &Url,
    activity: Option<&str>,
    note: Option<&str>,
) -> Result<Ended, Unknown> {
    let (by, carrier) = (&sender.by, sender.actor.id);
    if let Some(item) = known(job, uri).await?.filter(|item| item.deleted.is_none()) {
        heard::notice(job.app, by, carrier, item.id, activity, note).await?;
        return Ok(Ended::Done);
    }
    if job.app.addresses.is_ours(uri) {
        return Ok(Ended::ignored("left alone: boost", "it is about nothing that is published here"));
    }
    match fetch::item(job.app, job.door, uri, &job.allowance).await {
        Ok((home, item)) => {
            let told = item.heard(job.app.now());
            heard::take_carried(job.app, by, carrier, home.id, &told, activity, note).await?;
            Ok(Ended::Done)
        }
        Err(fault) => left(fault),
    }
}

/// Not now, or not at all.
fn left(fault: fetch::LookupFault) -> Result<Ended, Unknown> {
    match fault {
        fetch::LookupFault::House(error) => Err(Unknown::House(error)),
        fault if fault.may_pass() => Ok(Ended::Later(format!("the item: {fault}"))),
        fault => Ok(Ended::ignored("item not found", format!("the item: {fault}"))),
    }
}

async fn take(job: &Job<'_>, sender: &Sender, item: &ForeignItem) -> Result<Ended, Unknown> {
    let told = item.heard(job.arrival.received);
    heard::take(job.app, &sender.by, sender.actor.id, &told).await?;
    Ok(Ended::Done)
}

async fn is_heard(job: &Job<'_>, sender: &Sender) -> Result<bool, Unknown> {
    Ok(connections::is_heard(&job.app.store.rows(), sender.actor.id).await?)
}

/// It takes up an idea of ours, or belongs to a project of ours whose partner its author is.
async fn is_bound_here(job: &Job<'_>, sender: &Sender, item: &ForeignItem) -> Result<bool, Unknown> {
    let told = item.heard(job.arrival.received);
    Ok(partnerships::is_bound_here(job.app, &sender.actor, &told).await?)
}

async fn known(job: &Job<'_>, uri: &Url) -> Result<Option<Item>, Unknown> {
    Ok(items::by_uri(&job.app.store.rows(), uri.as_str()).await?)
}
