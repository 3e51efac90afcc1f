//! Likes and boosts of what is ours. Kept as state, so that an id used again after an undo counts again.

use folkmoot_app::reactions;
use folkmoot_domain::{items::Item, reactions::Reaction};
use folkmoot_storage::items;
use folkmoot_wire::incoming::Act;
use url::Url;

use super::{Ended, Job, Unknown};

/// `Like` or `Announce` (ActivityPub 7.11, 7.12).
pub(super) async fn react(job: &Job<'_>, reaction: Reaction, act: &Act) -> Result<Ended, Unknown> {
    let Some(item) = ours(job, &act.object).await?.filter(|item| item.deleted.is_none()) else {
        return match reaction {
            Reaction::Boost => super::heard::announced(job, act).await,
            Reaction::Like => Ok(elsewhere(reaction)),
        };
    };
    let activity = act.id.as_deref().unwrap_or_default();
    reactions::react(job.app, &job.sender().await?.by, reaction, item.id, activity).await?;
    Ok(Ended::Done)
}

/// `Undo` of one, by what it was and to which thing, not by its id.
pub(super) async fn unreact(job: &Job<'_>, reaction: Reaction, act: &Act) -> Result<Ended, Unknown> {
    let Some(item) = ours(job, &act.object).await? else {
        return match reaction {
            Reaction::Boost => {
                Ok(super::carries::unboosted(job, act).await?.unwrap_or_else(|| elsewhere(reaction)))
            }
            Reaction::Like => Ok(elsewhere(reaction)),
        };
    };
    let undone = act.id.as_deref();
    reactions::unreact(job.app, &job.sender().await?.by, reaction, item.id, undone).await?;
    Ok(Ended::Done)
}

async fn ours(job: &Job<'_>, uri: &Url) -> Result<Option<Item>, Unknown> {
    if !job.app.addresses.is_ours(uri) {
        return Ok(None);
    }
    Ok(items::by_uri(&job.app.store.rows(), uri.as_str()).await?)
}

fn elsewhere(reaction: Reaction) -> Ended {
    Ended::ignored(format!("left alone: {}", reaction.word()), "it is about nothing that is published here")
}
