//! Ties that others propose, answer and end.

use folkmoot_app::affiliations::{self, FromAfar};
use folkmoot_domain::ActorId;
use folkmoot_storage::{actors, affiliations as rows};
use folkmoot_wire::{
    affiliations as wire,
    incoming::{Act, Answer, Proposed},
};
use url::Url;

use super::{Ended, Job, Unknown};

/// `Offer{Relationship}` to one of ours, by the other side of it.
pub(super) async fn proposed(job: &Job<'_>, proposed: &Proposed) -> Result<Ended, Unknown> {
    let Some(kind) = wire::kind(&proposed.relationship) else {
        return Ok(Ended::ignored("left alone: Offer", "ties of this kind mean nothing here"));
    };
    let sender = &proposed.actor;
    let (member, umbrella) = (side(job, sender, &proposed.subject), side(job, sender, &proposed.object));
    let (Some(member), Some(umbrella)) = (member.await?, umbrella.await?) else {
        return Ok(Ended::ignored(
            "left alone: Offer",
            "it is between others than its sender and one of ours",
        ));
    };
    let (offer, uri, mandate) = (proposed.id.clone(), proposed.tie.clone(), proposed.words.clone());
    let stamp = proposed.stamp.clone();
    let tie = FromAfar { offer, uri, member, umbrella, kind, mandate, stamp };
    affiliations::proposed_from_afar(job.app, &job.sender().await?.by, tie).await?;
    Ok(Ended::Done)
}

/// One side of what is proposed: its sender, or one of ours. Nobody else is looked up for it.
async fn side(job: &Job<'_>, sender: &Url, side: &Url) -> Result<Option<ActorId>, Unknown> {
    if side == sender {
        return Ok(Some(job.sender().await?.actor.id));
    }
    let found = actors::by_uri(&job.app.store.rows(), side.as_str()).await?;
    Ok(found.filter(|actor| actor.local && !actor.is_visitor()).map(|actor| actor.id))
}

/// `Accept` or `Reject` of a tie that one of ours proposed; a later `Reject` ends it.
pub(super) async fn answered(job: &Job<'_>, yes: bool, answer: &Answer) -> Result<Option<Ended>, Unknown> {
    let Some(offer) = &answer.id else { return Ok(None) };
    let Some(tie) = rows::by_offer(&job.app.store.rows(), offer).await? else { return Ok(None) };
    let (by, stamp) = (job.sender().await?.by, answer.result.as_ref());
    affiliations::answered_from_afar(job.app, &by, tie.id, yes, stamp).await?;
    Ok(Some(Ended::Done))
}

/// `Undo{Offer}` of a tie.
pub(super) async fn taken_back(job: &Job<'_>, act: &Act) -> Result<Option<Ended>, Unknown> {
    let Some(offer) = &act.id else { return Ok(None) };
    let Some(tie) = rows::by_offer(&job.app.store.rows(), offer).await? else { return Ok(None) };
    affiliations::taken_back_from_afar(job.app, &job.sender().await?.by, tie.id).await?;
    Ok(Some(Ended::Done))
}
