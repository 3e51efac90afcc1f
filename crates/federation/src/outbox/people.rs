//! What is said about associations, followers and pledges.

use folkmoot_app::{App, Error, Result, changes::Saying};
use folkmoot_domain::{
    ActorId, ItemId, NoteId, PledgeId,
    actors::Actor,
    changes::Change,
    pledges::{PledgeSeen, PledgeState},
};
use folkmoot_storage::{actors, followers, items, pledges};
use folkmoot_wire::{self as wire, activities::FollowSaid};
use url::Url;

use super::{
    answers,
    sayings::{Speaker, about, association, item},
};
use crate::audience;

/// The first thing an association says; it stays pinned.
pub(super) async fn welcome(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let id = NoteId(subject(change)?);
    let note = wire::notes::welcome(speaker.head(id), &association(app, change.speaker).await?);
    let inboxes = audience::followers(app, change.speaker).await?;
    Ok(vec![speaker.note(id, None, note, inboxes, true)])
}

/// A changed profile.
pub(super) async fn profile(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let group = wire::actors::group(&association(app, change.speaker).await?, &app.addresses);
    let inboxes = audience::followers(app, change.speaker).await?;
    let (id, address) = speaker.activity();
    let said = wire::activities::update(&address, group, speaker.now);
    Ok(vec![speaker.saying(id, "Update", &speaker.actor.uri, &said, inboxes)])
}

/// The last words.
pub(super) async fn farewell(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let seen = association(app, change.speaker).await?;
    let words = seen.association.closed.map(|farewell| farewell.words).unwrap_or_default();
    let id: NoteId = app.id();
    let note = wire::notes::farewell(speaker.head(id), &words);
    let inboxes = audience::followers(app, change.speaker).await?;
    Ok(vec![speaker.note(id, None, note, inboxes, true)])
}

/// The actor itself is deleted.
pub(super) async fn gone(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let inboxes = audience::followers(app, change.speaker).await?;
    let (id, address) = speaker.activity();
    let said = wire::activities::delete_actor(&address, &speaker.actor, speaker.now, &app.addresses);
    Ok(vec![speaker.saying(id, "Delete", &speaker.actor.uri, &said, inboxes)])
}

/// A follow is accepted. Nothing when the follower has left again meanwhile.
pub(super) async fn accept(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let follower = ActorId(subject(change)?);
    let Some(seen) = followers::find(&app.store.rows(), change.speaker, follower).await? else {
        return Ok(Vec::new());
    };
    let (id, address) = speaker.activity();
    let follow = FollowSaid {
        id: Some(seen.follow.as_str()),
        follower: &seen.follower.uri,
        followed: &speaker.actor.uri,
    };
    let said = wire::activities::accept_follow(&address, follow);
    let inboxes = audience::one(app, &seen.follower).await?;
    let saying = speaker.saying(id, "Accept", &seen.follow, &said, inboxes);
    Ok(vec![Saying { public: false, ..saying }])
}

/// A follow that cannot be.
pub(super) async fn reject(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let Some(follower) = actor(app, ActorId(subject(change)?)).await? else {
        return Ok(Vec::new());
    };
    let follow = Url::parse(&change.words).map_err(|_| Error::Broken("a refused follow has no id".into()))?;
    let (id, address) = speaker.activity();
    let asked =
        FollowSaid { id: Some(follow.as_str()), follower: &follower.uri, followed: &speaker.actor.uri };
    let said = wire::activities::reject_follow(&address, asked);
    let inboxes = audience::one(app, &follower).await?;
    let saying = speaker.saying(id, "Reject", &follow, &said, inboxes);
    Ok(vec![Saying { public: false, ..saying }])
}

/// The receipt of a pledge. Nothing when it was taken back, or declined, before the receipt was due.
pub(super) async fn receipt(app: &App, change: &Change) -> Result<Vec<Saying>> {
    use PledgeState::{Declined, Withdrawn};
    match pledge(app, change).await? {
        // Who offered from another instance has their receipt there.
        Some(pledge) if pledge.pledge.offer.is_some() => Ok(Vec::new()),
        Some(pledge) if !matches!(pledge.pledge.state, Declined | Withdrawn) => {
            to_giver(app, change, &pledge, wire::notes::receipt).await
        }
        _ => Ok(Vec::new()),
    }
}

/// What the organisers answered.
pub(super) async fn answer(app: &App, change: &Change) -> Result<Vec<Saying>> {
    match pledge(app, change).await? {
        Some(pledge) if pledge.pledge.offer.is_some() => answers::offer_answered(app, change, &pledge).await,
        Some(pledge) => to_giver(app, change, &pledge, wire::notes::answer).await,
        None => Ok(Vec::new()),
    }
}

async fn pledge(app: &App, change: &Change) -> Result<Option<PledgeSeen>> {
    Ok(pledges::seen(&app.store.rows(), PledgeId(subject(change)?)).await?)
}

async fn to_giver(
    app: &App,
    change: &Change,
    pledge: &PledgeSeen,
    note: impl FnOnce(wire::notes::NoteHead<'_>, &PledgeSeen) -> serde_json::Value,
) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    direct(&speaker, &pledge.giver, pledge.pledge.call, |head| note(head, pledge)).await
}

/// A Note for one reader alone.
pub(super) async fn direct(
    speaker: &Speaker<'_>,
    reader: &Actor,
    item: ItemId,
    note: impl FnOnce(wire::notes::NoteHead<'_>) -> serde_json::Value,
) -> Result<Vec<Saying>> {
    let inboxes = audience::one(speaker.app, reader).await?;
    if inboxes.is_empty() {
        return Ok(Vec::new());
    }
    let id: NoteId = speaker.app.id();
    let note = note(speaker.head(id));
    Ok(vec![speaker.note(id, Some(item), note, inboxes, false)])
}

/// One kind word for a vote that came too late.
pub(super) async fn voted_late(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let Some(voter) = actor(app, ActorId(subject(change)?)).await? else {
        return Ok(Vec::new());
    };
    let call = item(app, change).await?;
    if items::seen(&app.store.rows(), call.id).await?.is_none() {
        return Ok(Vec::new());
    }
    if !change.words.is_empty() {
        return answers::offer_too_late(app, change, &voter, &call.title).await;
    }
    if let Some(home) = &speaker.actor.profile.moved_to {
        let to = call.moved.as_ref().unwrap_or(home);
        return direct(&speaker, &voter, call.id, |head| {
            wire::notes::moved_on(head, &voter, &about(&call), to)
        })
        .await;
    }
    direct(&speaker, &voter, call.id, |head| wire::notes::voted_late(head, &voter, &about(&call))).await
}

async fn actor(app: &App, id: ActorId) -> Result<Option<Actor>> {
    Ok(actors::find(&app.store.rows(), id).await?)
}

fn subject(change: &Change) -> Result<uuid::Uuid> {
    change
        .subject
        .ok_or_else(|| Error::Broken(format!("a change of kind {} names nobody", change.kind.word())))
}
