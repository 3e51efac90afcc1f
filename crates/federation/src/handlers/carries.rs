//! Associations elsewhere pass on what is published here, or take it down; and the home of what ours pass on says no.
//!
//! A boost comes by [`super::reactions`]; here are the quotes, and what takes either back.

use folkmoot_app::carries as app;
use folkmoot_storage::{carries, items};
use folkmoot_wire::{
    foreign::ForeignItem,
    incoming::{Act, Answer},
};
use url::Url;

use super::{Ended, Job, Unknown};

/// A Note that quotes: by an association it is a carry, as a boost would be; by anybody else a post like any other.
pub(super) async fn quoted(job: &Job<'_>, item: &ForeignItem) -> Result<Option<Ended>, Unknown> {
    let Some(quoted) = &item.said.quotes else { return Ok(None) };
    let sender = job.sender().await?;
    if !carries::is_association(&sender.actor) || !item.said.reach.may_be_carried() {
        return Ok(None);
    }
    if !job.app.addresses.is_ours(quoted) {
        let act = Act { id: Some(item.uri.to_string()), actor: item.author.clone(), object: quoted.clone() };
        return super::heard::announced(job, &act).await.map(Some);
    }
    let found = items::by_uri(&job.app.store.rows(), quoted.as_str()).await?;
    let Some(found) = found.filter(|found| found.deleted.is_none()) else {
        return Ok(Some(Ended::ignored("left alone: quote", "it is about nothing that is published here")));
    };
    let note = item.uri.as_str();
    app::heard_of(job.app, &sender.by, found.id, note, Some(note)).await?;
    Ok(Some(Ended::Done))
}

/// `Undo` of a boost of something that is not ours, or that came before it: by its id, or by what it is about.
pub(super) async fn unboosted(job: &Job<'_>, act: &Act) -> Result<Option<Ended>, Unknown> {
    let rows = job.app.store.rows();
    let item = items::by_uri(&rows, act.object.as_str()).await?.map(|item| item.id);
    let known = match &act.id {
        Some(id) => carries::by_uri(&rows, id).await?.is_some(),
        None => false,
    };
    if item.is_none() && !known {
        return Ok(None);
    }
    app::heard_of_end(job.app, &job.sender().await?.by, act.id.as_deref(), item).await?;
    Ok(Some(Ended::Done))
}

/// What was said of this id, by `Undo` with nothing but the id or by `Delete` of the Note, is taken back.
pub(super) async fn taken_back(job: &Job<'_>, said: &str) -> Result<Option<Ended>, Unknown> {
    let sender = job.sender().await?;
    let found = carries::by_uri(&job.app.store.rows(), said).await?;
    if found.is_none_or(|carry| carry.carrier != sender.actor.id) {
        return Ok(None);
    }
    app::heard_of_end(job.app, &sender.by, Some(said), None).await?;
    Ok(Some(Ended::Done))
}

/// `Delete` of the Note with which somebody carried something.
pub(super) async fn deleted(job: &Job<'_>, object: &Url) -> Result<Option<Ended>, Unknown> {
    if carries::by_uri(&job.app.store.rows(), object.as_str()).await?.is_none() {
        return Ok(None);
    }
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
