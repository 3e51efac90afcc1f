//! To those we listen to: `Follow`, and `Undo` of it.

use folkmoot_app::{App, Error, Result, changes::Saying};
use folkmoot_domain::{
    ActivityId, ActorId,
    actors::Actor,
    changes::{Change, ChangeKind},
};
use folkmoot_storage::{actors, connections};
use folkmoot_wire::{self as wire};
use serde_json::Value;

use super::sayings::Speaker;
use crate::audience;

/// What is said about a change of this kind.
pub(super) async fn render(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let follow: ActivityId =
        change.words.parse().map_err(|_| Error::Broken("a connection has no follow".into()))?;
    let Some(target) = actors::find(&app.store.rows(), ActorId(change.object)).await? else {
        return Ok(Vec::new());
    };
    if change.kind == ChangeKind::ConnectionAsked {
        asked(&speaker, &target, follow).await
    } else {
        ended(&speaker, &target, follow).await
    }
}

/// The `Follow` has the id that the connection knows, so that its answer is found. Nothing when it was taken back
/// before it was told.
async fn asked(speaker: &Speaker<'_>, target: &Actor, follow: ActivityId) -> Result<Vec<Saying>> {
    let known = connections::find(&speaker.app.store.rows(), speaker.actor.id, target.id).await?;
    if known.and_then(|known| known.follow) != Some(follow) {
        return Ok(Vec::new());
    }
    let said = said(speaker, target, follow);
    say(speaker, target, follow, "Follow", &said).await
}

/// `Undo` with the whole `Follow` in it (ActivityPub 7.10): some look it up by its id, others by who followed whom.
async fn ended(speaker: &Speaker<'_>, target: &Actor, follow: ActivityId) -> Result<Vec<Saying>> {
    let (id, address) = speaker.activity();
    let undo = wire::activities::undo(&address, said(speaker, target, follow), speaker.now);
    say(speaker, target, id, "Undo", &undo).await
}

fn said(speaker: &Speaker<'_>, target: &Actor, follow: ActivityId) -> Value {
    let address = speaker.app.addresses.activity(follow);
    wire::activities::follow(&address, &speaker.actor.uri, &target.uri)
}

async fn say(
    speaker: &Speaker<'_>,
    target: &Actor,
    id: ActivityId,
    verb: &'static str,
    said: &Value,
) -> Result<Vec<Saying>> {
    let inboxes = audience::one(speaker.app, target).await?;
    if inboxes.is_empty() {
        return Ok(Vec::new());
    }
    let saying = speaker.saying(id, verb, &target.uri, said, inboxes);
    Ok(vec![Saying { public: false, ..saying }])
}
