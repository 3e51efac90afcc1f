//! Pledges that cross from one instance to another (FEP-0837): offered, answered, taken back, kept.

use folkmoot_app::pledges;
use folkmoot_domain::{
    Refusal,
    items::ItemKind,
    pledges::{Pledge, PledgeState},
};
use folkmoot_storage::{actors, items, pledges as rows};
use folkmoot_wire::incoming::{Act, Agreed, Answer, Offered};

use super::{Ended, Job, Unknown};

/// `Offer{Agreement}` for a call of ours; the same use case as a vote and the form on the page.
pub(super) async fn offered(job: &Job<'_>, offered: Offered) -> Result<Ended, Unknown> {
    let asked = items::by_uri(&job.app.store.rows(), offered.call.as_str()).await?;
    let call = asked.filter(|item| item.kind == ItemKind::Call && item.deleted.is_none());
    let call = call.ok_or(Refusal::Unknown("call"))?;
    let needs = offered.needs.iter().map(|need| position(need)).collect::<Result<Vec<_>, _>>()?;
    let by = job.sender().await?.by;
    let offer = pledges::Offered { call: call.id, needs, offer: offered.id, note: offered.words };
    pledges::offered(job.app, &by, offer).await?;
    Ok(Ended::Done)
}

/// Which need a fragment means: `primary` is the first, `need-2` the second.
fn position(fragment: &str) -> Result<i16, Refusal> {
    if fragment == "primary" {
        return Ok(0);
    }
    let number = fragment.strip_prefix("need-").and_then(|number| number.parse::<i16>().ok());
    let position = number.and_then(|number| number.checked_sub(1)).filter(|position| *position >= 0);
    position.ok_or_else(|| Refusal::NoSuchNeed(fragment.chars().take(40).collect()))
}

/// `Accept` or `Reject` of an `Offer{Agreement}` of somebody here.
pub(super) async fn answered(job: &Job<'_>, yes: bool, answer: &Answer) -> Result<Option<Ended>, Unknown> {
    let Some(pledge) = given_here(job, answer.id.as_deref()).await? else { return Ok(None) };
    let next = if yes { PledgeState::Accepted } else { PledgeState::Declined };
    let agreement = answer.result.as_ref().map(ToString::to_string);
    let by = job.sender().await?.by;
    pledges::answered_elsewhere(job.app, &by, pledge.id, agreement, next, &answer.words).await?;
    Ok(Some(Ended::Done))
}

/// The pledge of somebody here that was said with this `Offer` of ours.
async fn given_here(job: &Job<'_>, offer: Option<&str>) -> Result<Option<Pledge>, Unknown> {
    let rows = job.app.store.rows();
    let Some(offer) = offer else { return Ok(None) };
    let Some(pledge) = rows::by_offer(&rows, offer).await? else { return Ok(None) };
    let giver = actors::find(&rows, pledge.giver).await?;
    Ok(giver.is_some_and(|giver| giver.local).then_some(pledge))
}

/// `Update{Agreement}`: what somebody here offered was done.
pub(super) async fn agreed(job: &Job<'_>, agreed: &Agreed) -> Result<Ended, Unknown> {
    let found = rows::by_agreement(&job.app.store.rows(), agreed.agreement.as_str()).await?;
    let (Some(pledge), true) = (found, agreed.kept) else {
        return Ok(Ended::ignored("left alone: Update", "nothing of ours was agreed under that id"));
    };
    let by = job.sender().await?.by;
    pledges::agreed(job.app, &by, pledge.id, &agreed.words).await?;
    Ok(Ended::Done)
}

/// `Undo{Offer}` of a pledge to a call of ours.
pub(super) async fn taken_back(job: &Job<'_>, act: &Act) -> Result<Option<Ended>, Unknown> {
    let Some(offer) = act.id.as_deref() else { return Ok(None) };
    let Some(pledge) = rows::by_offer(&job.app.store.rows(), offer).await? else { return Ok(None) };
    pledges::withdraw_offered(job.app, &job.sender().await?.by, pledge.id).await?;
    Ok(Some(Ended::Done))
}
