//! Somebody we listen to, or are tied to, has moved.

use folkmoot_app::{actors as app_actors, moves};
use folkmoot_domain::actors::Actor;
use folkmoot_storage::actors;
use folkmoot_wire::incoming::Act;
use url::Url;

use super::{Ended, Job, Unknown};
use crate::{
    fetch::{self, LookupFault},
    remote_id::RemoteId,
};

/// `Move`. It counts when the new one, read at its home just now, names the old one too; who signed it is the old one.
pub(super) async fn moved(job: &Job<'_>, act: &Act) -> Result<Ended, Unknown> {
    let sender = job.sender().await?;
    // Nobody makes us look up strangers by moving to them.
    if !moves::concerns(job.app, sender.actor.id).await? {
        return Ok(Ended::ignored("left alone: Move", "nothing of ours is bound to whoever moves"));
    }
    let new = match target(job, &act.object).await {
        Ok(new) => new,
        Err(fault) if fault.may_pass() => return Err(Unknown::Later(format!("where they move to: {fault}"))),
        Err(LookupFault::House(error)) => return Err(Unknown::House(error)),
        Err(fault) => return Ok(Ended::ignored("left alone: Move", format!("where they move to: {fault}"))),
    };
    moves::moved(job.app, &sender.by, new.id).await?;
    Ok(Ended::Done)
}

/// The new one as its home describes it now. One of ours is asked nobody for.
async fn target(job: &Job<'_>, uri: &Url) -> Result<Actor, LookupFault> {
    if job.app.addresses.is_ours(uri) {
        let found = actors::by_uri(&job.app.store.rows(), uri.as_str()).await?;
        let gone = || folkmoot_app::Error::from(folkmoot_domain::Refusal::Unknown("actor"));
        return Ok(found.filter(|actor| !actor.is_visitor()).ok_or_else(gone)?);
    }
    let found = fetch::look_up(job.app, job.door, &RemoteId::parse(uri.as_str())?, &job.allowance).await?;
    Ok(app_actors::remember(job.app, found.actor).await?)
}
