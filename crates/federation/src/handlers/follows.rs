//! Somebody wants to hear from one of ours, or no longer.

use folkmoot_app::followers;
use folkmoot_domain::{Refusal, actors::Actor};
use folkmoot_storage::actors;
use folkmoot_wire::incoming::Act;
use url::Url;

use super::{Ended, Job, Unknown};

/// `Follow` (ActivityPub 7.5). Whether it can be is said by the use case, and told with `Accept` or `Reject`.
pub(super) async fn follow(job: &Job<'_>, act: &Act) -> Result<Ended, Unknown> {
    let followed = ours(job, &act.object).await?;
    let id = act.id.as_deref().and_then(|id| Url::parse(id).ok());
    let id = id.ok_or_else(|| Refusal::field("id", "a follow without an id cannot be answered"))?;
    followers::follow(job.app, &job.sender().await?.by, followed.id, &id).await?;
    Ok(Ended::Done)
}

/// `Undo` of a `Follow` (ActivityPub 7.10), whichever of its follows it names.
pub(super) async fn unfollow(job: &Job<'_>, act: &Act) -> Result<Ended, Unknown> {
    let followed = ours(job, &act.object).await?;
    followers::unfollow(job.app, &job.sender().await?.by, followed.id).await?;
    Ok(Ended::Done)
}

async fn ours(job: &Job<'_>, uri: &Url) -> Result<Actor, Unknown> {
    let found = actors::by_uri(&job.app.store.rows(), uri.as_str()).await?;
    Ok(found.filter(|actor| actor.local && !actor.is_visitor()).ok_or(Refusal::Unknown("actor"))?)
}
