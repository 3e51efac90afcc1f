//! Associations elsewhere pass on what is published here, or take it down; and the home of what ours pass on says no.
//!
//! A boost of ours comes by [`super::reactions`], quotes and what is another's by [`super::heard`]; here is what takes
//! either back.

use folkmoot_app::carries as app;
use folkmoot_storage::{carries, connections, items};
use folkmoot_wire::incoming::{Act, Answer};
use url::Url;

use super::{Ended, Job, Unknown};

/// `Undo` of a boost of something that is not ours: by its id, or by what it is about. From somebody we listen to it may
/// come before the boost.
pub(super) async fn unboosted(job: &Job<'_>, act: &Act) -> Result<Option<Ended>, Unknown> {
    let rows = job.app.store.rows();
    let item = items::by_uri(&rows, act.object.as_str()).await?.map(|item| item.id);
    let sender = job.sender().await?;
    let known = match &act.id {
        Some(id) => carries::said_by(&rows, sender.actor.id, id).await?.is_some(),
        None => false,
    };
    if item.is_none() && !known && !connections::is_heard(&rows, sender.actor.id).await? {
        return Ok(None);
    }
    app::heard_of_end(job.app, &sender.by, act.id.as_deref(), item).await?;
    Ok(Some(Ended::Done))
}

/// What was said of this id, by `Undo` with nothing but the id or by `Delete` of the Note, is taken back.
pub(super) async fn taken_back(job: &Job<'_>, said: &str) -> Result<Option<Ended>, Unknown> {
    let sender = job.sender().await?;
    if carries::said_by(&job.app.store.rows(), sender.actor.id, said).await?.is_none() {
        return Ok(None);
    }
    app::heard_of_end(job.app, &sender.by, Some(said), None).await?;
    Ok(Some(Ended::Done))
}

/// `Delete` of the Note with which somebody carried something.
pub(super) async fn deleted(job: &Job<'_>, object: &Url) -> Result<Option<Ended>, Unknown> {
    taken_back(job, object.as_str()).await
}

/// `Reject` of an `Announce` or a quote of ours: the home of an item does not want it carried.
pub(super) async fn refused(job: &Job<'_>, yes: bool, answer: &Answer) -> Result<Option<Ended>, Unknown> {
    let Some(said) = answer.id.as_deref().filter(|_| !yes) else { return Ok(None) };
    if carries::by_uri(&job.app.store.rows(), said).await?.is_none() {
        return Ok(None);
    }
    app::refused_by_home(job.app, &job.sender().await?.by, said).await?;
    Ok(Some(Ended::Done))
}
