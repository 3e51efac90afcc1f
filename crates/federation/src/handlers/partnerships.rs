//! Roles in projects that others offer to take, answer and end.

use folkmoot_app::partnerships::{self, FromAfar};
use folkmoot_domain::items::ItemKind;
use folkmoot_storage::items;
use folkmoot_wire::{
    incoming::{Act, Answer, Proposed},
    partnerships::part_in,
};

use super::{Ended, Job, Unknown};

/// `Offer{Relationship civ:partnerIn}` about a project of ours; none when it is another kind of tie.
pub(super) async fn proposed(job: &Job<'_>, proposed: &Proposed) -> Result<Option<Ended>, Unknown> {
    if proposed.relationship != part_in() {
        return Ok(None);
    }
    if proposed.subject != proposed.actor {
        let why = "only who takes part can offer it";
        return Ok(Some(Ended::ignored("left alone: Offer", why)));
    }
    let known = items::by_uri(&job.app.store.rows(), proposed.object.as_str()).await?;
    let Some(project) = known.filter(|item| {
        item.kind == ItemKind::Project && item.deleted.is_none() && job.app.addresses.is_ours(&item.uri)
    }) else {
        return Ok(Some(Ended::ignored("left alone: Offer", "it is about no project of ours")));
    };
    let afar = FromAfar {
        offer: &proposed.id,
        tie: proposed.tie.as_str(),
        project: project.id,
        role: proposed.name.as_deref().unwrap_or_default(),
        words: &proposed.words,
        published: proposed.published,
    };
    let sender = job.sender().await?;
    partnerships::offered(job.app, &sender.by, &afar).await?;
    Ok(Some(Ended::Done))
}

/// `Accept` or `Reject` of a role that one of ours offered to take; a later `Reject` ends it.
pub(super) async fn answered(job: &Job<'_>, yes: bool, answer: &Answer) -> Result<Option<Ended>, Unknown> {
    let offered = match &answer.id {
        Some(id) => folkmoot_storage::partnerships::by_offer(&job.app.store.rows(), id).await?,
        None => None,
    };
    let Some(offered) = offered else { return Ok(None) };
    let sender = job.sender().await?;
    let known = partnerships::heard(job.app, &sender.by, &offered.offer, yes, &answer.words).await?;
    Ok(known.then_some(Ended::Done))
}

/// `Undo{Offer}` of a role, by the id of the offer, or of the tie where that is all there is.
pub(super) async fn taken_back(job: &Job<'_>, act: &Act) -> Result<Option<Ended>, Unknown> {
    let rows = job.app.store.rows();
    let known = match &act.id {
        Some(id) => folkmoot_storage::partnerships::by_offer(&rows, id).await?,
        None => folkmoot_storage::partnerships::by_uri(&rows, act.object.as_str()).await?,
    };
    if known.is_none() {
        return Ok(None);
    }
    let sender = job.sender().await?;
    let tie = act.object.as_str();
    let known = partnerships::taken_back(job.app, &sender.by, act.id.as_deref(), tie).await?;
    Ok(known.then_some(Ended::Done))
}
