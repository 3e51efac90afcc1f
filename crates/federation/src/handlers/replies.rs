//! What others write back about what is ours: new, edited, deleted.

use folkmoot_app::replies::{self, Written};
use folkmoot_domain::{ItemId, NoteId, audiences::Reach};
use folkmoot_storage::{activities, items, replies as rows};
use folkmoot_wire::{
    foreign::{ForeignItem, Said},
    incoming::Reply,
};
use url::Url;

use super::{Ended, Job, Unknown};

/// A reply is held until somebody looks at it. One that is not for everyone is a message to the organisers.
pub(super) async fn receive(job: &Job<'_>, reply: Reply) -> Result<Ended, Unknown> {
    if let Some(ended) = super::heard::answers(job, &reply).await? {
        return Ok(ended);
    }
    let Some(item) = subject(job, &reply.in_reply_to).await? else {
        return Ok(Ended::ignored("left alone: reply", "it answers nothing that is published here"));
    };
    if reply.said.html.is_empty() {
        return Ok(Ended::ignored("left alone: reply", "it has no words"));
    }
    let direct = is_direct(&reply.said);
    let written = Written {
        uri: reply.uri,
        item,
        html: reply.said.html,
        direct,
        published: reply.said.published.unwrap_or(job.arrival.received),
        edited: reply.said.updated,
    };
    replies::receive(job.app, &job.sender().await?.by, written).await?;
    Ok(Ended::Done)
}

/// Other words for a reply that is here; which of two is newer is told by their time alone.
pub(super) async fn edit(job: &Job<'_>, item: &ForeignItem) -> Result<Ended, Unknown> {
    if rows::by_uri(&job.app.store.rows(), item.uri.as_str()).await?.is_none() {
        return Ok(Ended::ignored("left alone: Update", "it changes nothing that is kept here"));
    }
    let (by, said) = (job.sender().await?.by, &item.said);
    replies::edit(job.app, &by, &item.uri, &said.html, said.updated, is_direct(said)).await?;
    Ok(Ended::Done)
}

/// Whoever did not speak to everyone spoke to the organisers alone.
fn is_direct(said: &Said) -> bool {
    !matches!(said.reach, Reach::Public | Reach::Unlisted)
}

/// A thing of theirs is deleted, and its id stays dead here, should it come late.
pub(super) async fn delete(job: &Job<'_>, object: &Url) -> Result<Ended, Unknown> {
    replies::remove(job.app, &job.sender().await?.by, object).await?;
    Ok(Ended::Done)
}

/// The item a reply belongs to: an item of ours, one that a Note of ours is about, or one that was answered by
/// the reply it answers.
async fn subject(job: &Job<'_>, answered: &Url) -> Result<Option<ItemId>, Unknown> {
    let store = job.app.store.rows();
    if !job.app.addresses.is_ours(answered) {
        let answered = rows::by_uri(&store, answered.as_str()).await?;
        return Ok(answered.map(|reply| reply.item));
    }
    if let Some(item) = items::by_uri(&store, answered.as_str()).await? {
        return Ok(item.deleted.is_none().then_some(item.id));
    }
    let note = answered.path().strip_prefix("/ap/notes/").and_then(|id| id.parse::<NoteId>().ok());
    let Some(note) = note else { return Ok(None) };
    Ok(activities::by_note(&store, note).await?.and_then(|said| said.item))
}
