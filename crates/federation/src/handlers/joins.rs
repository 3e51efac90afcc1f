//! Who comes to events: asked, answered, taken back. `Join` and `Leave` as Mobilizon says them, and Friendica's answers to
//! the event itself.

use folkmoot_app::rsvps::{self, Joining};
use folkmoot_domain::{
    Refusal,
    items::{Item, ItemKind},
    rsvps::{Rsvp, RsvpState},
};
use folkmoot_storage::{actors, items, rsvps as rows};
use folkmoot_wire::{
    incoming::{Act, Answer, Joined},
    same_origin,
};
use url::Url;

use super::{Ended, Job, Unknown};

/// `Join` of an event of ours.
pub(super) async fn join(job: &Job<'_>, joined: Joined) -> Result<Ended, Unknown> {
    let event = ours(job, &joined.act.object).await?.ok_or(Refusal::Unknown("event"))?;
    let join =
        joined.act.id.ok_or_else(|| Refusal::field("id", "a Join without an id cannot be answered"))?;
    let (state, note) = (RsvpState::Going, joined.words);
    let joining = Joining { event: event.id, state, join: Some(join), note };
    rsvps::join(job.app, &job.sender().await?.by, joining).await?;
    Ok(Ended::Done)
}

/// `Leave` of one, or `Undo` of the `Join`.
pub(super) async fn leave(job: &Job<'_>, act: &Act) -> Result<Ended, Unknown> {
    let Some(event) = ours(job, &act.object).await? else {
        return Ok(Ended::ignored("left alone: Leave", "it is about no event that is published here"));
    };
    rsvps::leave(job.app, &job.sender().await?.by, event.id).await?;
    Ok(Ended::Done)
}

async fn ours(job: &Job<'_>, uri: &Url) -> Result<Option<Item>, Unknown> {
    if !job.app.addresses.is_ours(uri) {
        return Ok(None);
    }
    let found = items::by_uri(&job.app.store.rows(), uri.as_str()).await?;
    Ok(found.filter(|item| item.kind == ItemKind::Event && item.deleted.is_none()))
}

/// `Accept` or `Reject` of a `Join` of somebody here; or of an event of ours, with which Friendica says who comes.
pub(super) async fn answered(job: &Job<'_>, yes: bool, answer: &Answer) -> Result<Option<Ended>, Unknown> {
    let (theirs, ours) =
        if yes { (RsvpState::Going, RsvpState::Going) } else { (RsvpState::Not, RsvpState::Refused) };
    said(job, answer, theirs, ours).await
}

/// `TentativeAccept`: perhaps they come, or they are on the waiting list of an event elsewhere.
pub(super) async fn tentative(job: &Job<'_>, answer: &Answer) -> Result<Ended, Unknown> {
    let ended = said(job, answer, RsvpState::Maybe, RsvpState::Waiting).await?;
    Ok(ended.unwrap_or_else(|| Ended::ignored("left alone: answer", "nothing of ours waits for this answer")))
}

/// `theirs` is what somebody elsewhere says of our event, `ours` what their event says to somebody here.
async fn said(
    job: &Job<'_>,
    answer: &Answer,
    theirs: RsvpState,
    ours_is: RsvpState,
) -> Result<Option<Ended>, Unknown> {
    if let Some(rsvp) = asked_here(job, answer).await? {
        must_speak_for(job, &rsvp).await?;
        rsvps::answered(job.app, &job.sender().await?.by, rsvp.id, ours_is, &answer.words).await?;
        return Ok(Some(Ended::Done));
    }
    let Some(about) = answer.id.as_deref().and_then(|id| Url::parse(id).ok()) else { return Ok(None) };
    let Some(event) = ours(job, &about).await? else { return Ok(None) };
    let joining = Joining { event: event.id, state: theirs, join: None, note: answer.words.clone() };
    rsvps::join(job.app, &job.sender().await?.by, joining).await?;
    Ok(Some(Ended::Done))
}

/// What somebody here asked with this `Join` of ours.
async fn asked_here(job: &Job<'_>, answer: &Answer) -> Result<Option<Rsvp>, Unknown> {
    let rows = job.app.store.rows();
    let Some(join) = answer.id.as_deref() else { return Ok(None) };
    let Some(rsvp) = rows::by_join(&rows, join).await? else { return Ok(None) };
    let goer = actors::find(&rows, rsvp.goer).await?;
    Ok(goer.is_some_and(|goer| goer.local).then_some(rsvp))
}

/// Mobilizon lets the organiser answer for the group, so whoever lives where the event lives may speak for it: the id of
/// the `Join` was told to nobody else, and its server could say anything in the name of the home itself (FEP-fe34).
async fn must_speak_for(job: &Job<'_>, rsvp: &Rsvp) -> Result<(), Unknown> {
    let item = items::find(&job.app.store.rows(), rsvp.event).await?.ok_or(Refusal::Unknown("event"))?;
    if same_origin(&item.uri, job.actor) {
        Ok(())
    } else {
        Err(Refusal::NotTheOwner(item.uri.to_string()).into())
    }
}
