//! An actor elsewhere changed, or is gone.

use folkmoot_app::{By, actors as app_actors};
use folkmoot_domain::{Moment, actors::Actor};
use folkmoot_storage::actors;

use super::{Ended, Job, Unknown};

/// Its profile changed: it is read again at its home, where alone it is believed. Until that has worked the
/// actor counts as never read, so that a crash in between loses nothing.
pub(super) async fn changed(job: &Job<'_>) -> Result<Ended, Unknown> {
    let sender = job.sender().await?.actor;
    app_actors::remember(job.app, Actor { fetched: Moment(0), ..sender }).await?;
    job.door.stale.add(job.actor.clone());
    Ok(Ended::ignored("read again: profile", "the actor is read again at its home"))
}

/// It is gone for good, and everything it left here goes with it (ActivityPub 7.4).
pub(super) async fn gone(job: &Job<'_>) -> Result<Ended, Unknown> {
    let Some(known) = actors::by_uri(&job.app.store.rows(), job.actor.as_str()).await? else {
        return Ok(Ended::ignored("left alone: Delete", "nobody of that name was known here"));
    };
    job.door.keys.forget(&known.key_id);
    app_actors::forget(job.app, &By::remote(known.id, job.arrival.id)).await?;
    Ok(Ended::Done)
}
