//! What those we listen to say about that: yes, no, and no more.

use folkmoot_app::connections::{self, Asked};
use folkmoot_domain::{ActivityId, ActorId};
use folkmoot_storage::actors;
use folkmoot_wire::incoming::{Act, Answer};
use url::Url;

use super::{Ended, Job, Unknown};

/// `Accept` or `Reject` of a `Follow` of ours (ActivityPub 7.5). None when it answers no such thing.
pub(super) async fn answered(job: &Job<'_>, yes: bool, answer: &Answer) -> Result<Option<Ended>, Unknown> {
    if answer.kind.as_deref().is_some_and(|kind| kind != "Follow") {
        return Ok(None);
    }
    let follow = answer.id.as_deref().and_then(|id| activity(job, id));
    let seeker = match (&answer.kind, &answer.asker) {
        (Some(_), Some(asker)) => ours(job, asker).await?,
        _ => None,
    };
    let asked = Asked { follow, seeker };
    if asked == Asked::default() {
        return Ok(None);
    }
    let done = connections::answered(job.app, &job.sender().await?.by, asked, yes).await?;
    Ok(done.then_some(Ended::Done))
}

/// `Block`: whoever blocks one of ours does not want to be listened to, nor carried.
pub(super) async fn blocked(job: &Job<'_>, act: &Act) -> Result<Ended, Unknown> {
    let Some(blocked) = ours(job, &act.object).await? else {
        return Ok(Ended::ignored("left alone: Block", "it is about nobody here"));
    };
    connections::blocked(job.app, &job.sender().await?.by, blocked).await?;
    Ok(Ended::Done)
}

/// The activity of ours with this id.
fn activity(job: &Job<'_>, id: &str) -> Option<ActivityId> {
    let url = Url::parse(id).ok()?;
    let last: ActivityId = url.path_segments()?.next_back()?.parse().ok()?;
    (job.app.addresses.activity(last) == url).then_some(last)
}

async fn ours(job: &Job<'_>, uri: &Url) -> Result<Option<ActorId>, Unknown> {
    let found = actors::by_uri(&job.app.store.rows(), uri.as_str()).await?;
    Ok(found.filter(|actor| actor.local).map(|actor| actor.id))
}
