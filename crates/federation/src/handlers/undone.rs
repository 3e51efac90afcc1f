//! An `Undo` that gives nothing but an id: what it was is looked up among what its sender did here.

use folkmoot_app::{followers, partnerships, pledges, reactions, rsvps};
use folkmoot_storage::{
    followers as follower_rows, pledges as pledge_rows, reactions as reaction_rows, rsvps as rsvp_rows,
};

use super::{Ended, Job, Unknown};

/// Takes back a like, a boost, a follow, a carry, a role in a project, an offer of help or a `Join` of this id.
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
    if let Some(pledge) = pledge_rows::by_offer(&rows, undone).await?
        && pledge.giver == sender.actor.id
    {
        pledges::withdraw_offered(job.app, &sender.by, pledge.id).await?;
        return Ok(Ended::Done);
    }
    if let Some(rsvp) = rsvp_rows::by_join(&rows, undone).await?
        && rsvp.goer == sender.actor.id
    {
        rsvps::leave(job.app, &sender.by, rsvp.event).await?;
        return Ok(Ended::Done);
    }
    Ok(Ended::ignored("left alone: Undo", "nothing of that id was done here"))
}
