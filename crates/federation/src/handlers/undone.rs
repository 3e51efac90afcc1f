//! An `Undo` that gives nothing but an id: what it was is looked up among what its sender did here.

use folkmoot_app::{followers, partnerships, reactions};
use folkmoot_storage::{followers as follower_rows, reactions as reaction_rows};

use super::{Ended, Job, Unknown};

/// Takes back a like, a boost, a follow or a role in a project of this id.
pub(super) async fn by_id(job: &Job<'_>, undone: &str) -> Result<Ended, Unknown> {
    let (sender, rows) = (job.sender().await?, job.app.store.rows());
    if let Some((reaction, item)) = reaction_rows::by_activity(&rows, sender.actor.id, undone).await? {
        reactions::unreact(job.app, &sender.by, reaction, item, Some(undone)).await?;
        return Ok(Ended::Done);
    }
    if let Some(followed) = follower_rows::by_follow(&rows, sender.actor.id, undone).await? {
        followers::unfollow(job.app, &sender.by, followed).await?;
        return Ok(Ended::Done);
    }
    if let Some(ended) = super::carries::taken_back(job, undone).await? {
        return Ok(ended);
    }
    if partnerships::taken_back(job.app, &sender.by, Some(undone), undone).await? {
        return Ok(Ended::Done);
    }
    Ok(Ended::ignored("left alone: Undo", "nothing of that id was done here"))
}
