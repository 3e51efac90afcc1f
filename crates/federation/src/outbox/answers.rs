//! What people here answer elsewhere, and how events of ours answer.

use folkmoot_app::{App, Error, Result, changes::Saying};
use folkmoot_domain::{
    ActivityId, PledgeId, ReplyId, RsvpId,
    actors::Actor,
    changes::{Change, ChangeKind},
    pledges::{PledgeSeen, PledgeState},
    rsvps::RsvpSeen,
};
use folkmoot_storage::{actors, pledges, replies, rsvps};
use folkmoot_wire::{self as wire, notes};
use serde_json::Value;
use url::Url;

use super::{
    people::direct,
    sayings::{Speaker, item},
};
use crate::audience;

/// What is said about a change of this kind.
pub(super) async fn render(app: &App, change: &Change) -> Result<Vec<Saying>> {
    match change.kind {
        ChangeKind::PledgeGiven => pledge_given(app, change).await,
        ChangeKind::PledgeTakenBack => pledge_taken_back(app, change).await,
        ChangeKind::RsvpAsked => rsvp_asked(app, change).await,
        ChangeKind::RsvpTakenBack => rsvp_taken_back(app, change).await,
        ChangeKind::RsvpAnswered => rsvp_answered(app, change).await,
        ChangeKind::Replied => replied(app, change).await,
        ChangeKind::ReplyTakenBack => reply_taken_back(app, change).await,
        _ => Ok(Vec::new()),
    }
}

/// `Offer{Agreement}` (FEP-0837), to the home of the call alone. Nothing when it was taken back before.
async fn pledge_given(app: &App, change: &Change) -> Result<Vec<Saying>> {
    match pledge(app, change).await? {
        Some(seen) if seen.pledge.offer.as_deref() == Some(&change.words) && seen.pledge.state.lives() => {
            let (id, address) = said_before(change)?;
            let said = wire::pledges::offer(&address, &seen);
            private(app, change, (id, "Offer", &address), &said, &seen.home).await
        }
        _ => Ok(Vec::new()),
    }
}

/// `Undo` of the whole `Offer`.
async fn pledge_taken_back(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(seen) = pledge(app, change).await? else { return Ok(Vec::new()) };
    let (_, offer) = said_before(change)?;
    let speaker = Speaker::of(app, change).await?;
    let (id, address) = speaker.activity();
    let said = wire::activities::undo(&address, wire::pledges::offer(&offer, &seen), speaker.now);
    private(app, change, (id, "Undo", &offer), &said, &seen.home).await
}

/// `Join`, to the home of the event alone. Nothing when it was taken back before.
async fn rsvp_asked(app: &App, change: &Change) -> Result<Vec<Saying>> {
    match rsvp(app, change).await? {
        Some(seen) if seen.rsvp.join.as_deref() == Some(&change.words) && seen.rsvp.state.lives() => {
            let (id, address) = said_before(change)?;
            let said = wire::rsvps::join(&address, &seen);
            private(app, change, (id, "Join", &address), &said, &seen.home).await
        }
        _ => Ok(Vec::new()),
    }
}

/// `Leave`.
async fn rsvp_taken_back(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(seen) = rsvp(app, change).await? else { return Ok(Vec::new()) };
    let (_, join) = said_before(change)?;
    let (id, address) = Speaker::of(app, change).await?.activity();
    let said = wire::rsvps::leave(&address, &seen);
    private(app, change, (id, "Leave", &join), &said, &seen.home).await
}

/// `Accept`, `TentativeAccept` or `Reject` of a `Join`; whoever sent none gets a Note. Who lives here gets a letter.
async fn rsvp_answered(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(seen) = rsvp(app, change).await?.filter(|seen| !seen.goer.local) else { return Ok(Vec::new()) };
    let speaker = Speaker::of(app, change).await?;
    let Some(join) = &seen.rsvp.join else {
        return direct(&speaker, &seen.goer, seen.rsvp.event, |head| notes::coming(head, &seen)).await;
    };
    let (id, address) = speaker.activity();
    let Some(said) = wire::rsvps::answer(&address, join, &seen) else { return Ok(Vec::new()) };
    let verb = match said.get("type").and_then(Value::as_str) {
        Some("Accept") => "Accept",
        Some("Reject") => "Reject",
        _ => "TentativeAccept",
    };
    let Ok(join) = Url::parse(join) else { return Ok(Vec::new()) };
    private(app, change, (id, verb, &join), &said, &seen.goer).await
}

/// `Create` of the reply, to whoever published what it answers.
async fn replied(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(seen) = replies::seen(&app.store.rows(), ReplyId(subject(change)?)).await? else {
        return Ok(Vec::new());
    };
    let (speaker, item) = (Speaker::of(app, change).await?, item(app, change).await?);
    let Some(home) = actors::find(&app.store.rows(), item.home).await? else { return Ok(Vec::new()) };
    let object = wire::replies::object(&seen, &home, &item.language, &app.addresses);
    let (id, address) = speaker.activity();
    let said = wire::activities::create(&address, object);
    let inboxes = audience::one(app, &home).await?;
    Ok(vec![speaker.saying(id, "Create", &seen.reply.uri, &said, inboxes)])
}

/// `Delete` of it.
async fn reply_taken_back(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let (speaker, item) = (Speaker::of(app, change).await?, item(app, change).await?);
    let Some(home) = actors::find(&app.store.rows(), item.home).await? else { return Ok(Vec::new()) };
    let reply = Url::parse(&change.words).map_err(|_| Error::Broken("a deleted reply has no id".into()))?;
    let (id, address) = speaker.activity();
    let said = wire::replies::delete(&address, &speaker.actor, &home, &reply, speaker.now);
    let inboxes = audience::one(app, &home).await?;
    Ok(vec![speaker.saying(id, "Delete", &reply, &said, inboxes)])
}

/// How an offer of help of somebody elsewhere is answered; none when there is nothing to answer.
pub(super) async fn offer_answered(app: &App, change: &Change, seen: &PledgeSeen) -> Result<Vec<Saying>> {
    let Some(offer) = &seen.pledge.offer else { return Ok(Vec::new()) };
    let speaker = Speaker::of(app, change).await?;
    let (id, address) = speaker.activity();
    let Some(said) = wire::pledges::answer(&address, offer, seen, &app.addresses) else {
        return Ok(Vec::new());
    };
    let verb = match seen.pledge.state {
        PledgeState::Accepted => "Accept",
        PledgeState::Kept => "Update",
        _ => "Reject",
    };
    let Ok(offer) = Url::parse(offer) else { return Ok(Vec::new()) };
    private(app, change, (id, verb, &offer), &said, &seen.giver).await
}

/// An offer that came when the call was over: a kind no.
pub(super) async fn offer_too_late(
    app: &App,
    change: &Change,
    giver: &Actor,
    title: &str,
) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let Ok(offer) = Url::parse(&change.words) else { return Ok(Vec::new()) };
    let (id, address) = speaker.activity();
    let said = wire::pledges::too_late(&address, &change.words, &speaker.actor.uri, &giver.uri, title);
    private(app, change, (id, "Reject", &offer), &said, giver).await
}

/// Said to one reader alone. Nothing when they cannot be reached.
async fn private(
    app: &App,
    change: &Change,
    (id, verb, object): (ActivityId, &'static str, &Url),
    said: &Value,
    reader: &Actor,
) -> Result<Vec<Saying>> {
    let inboxes = audience::one(app, reader).await?;
    if inboxes.is_empty() {
        return Ok(Vec::new());
    }
    let saying = Speaker::of(app, change).await?.saying(id, verb, object, said, inboxes);
    Ok(vec![Saying { public: false, ..saying }])
}

/// The activity of ours whose id stands in the words of a change.
fn said_before(change: &Change) -> Result<(ActivityId, Url)> {
    let broken = || Error::Broken(format!("a change of kind {} names no activity", change.kind.word()));
    let address = Url::parse(&change.words).map_err(|_| broken())?;
    let id = address.path().strip_prefix("/ap/activities/").and_then(|id| id.parse().ok());
    Ok((id.ok_or_else(broken)?, address))
}

async fn pledge(app: &App, change: &Change) -> Result<Option<PledgeSeen>> {
    Ok(pledges::seen(&app.store.rows(), PledgeId(subject(change)?)).await?)
}

async fn rsvp(app: &App, change: &Change) -> Result<Option<RsvpSeen>> {
    Ok(rsvps::seen(&app.store.rows(), RsvpId(subject(change)?)).await?)
}

fn subject(change: &Change) -> Result<uuid::Uuid> {
    change
        .subject
        .ok_or_else(|| Error::Broken(format!("a change of kind {} names nobody", change.kind.word())))
}
