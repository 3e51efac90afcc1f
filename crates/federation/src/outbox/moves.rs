//! An association moves: its profile says where to, and whoever follows it or is tied to it hears a `Move`.

use folkmoot_app::{App, Error, Result, blocks, changes::Saying};
use folkmoot_domain::changes::Change;
use folkmoot_storage::{actors, moves};
use folkmoot_wire as wire;
use url::Url;

use super::sayings::{Speaker, association};
use crate::audience;

/// What is said about a change of this kind. Nothing when the move was undone before anybody heard of it.
pub(super) async fn render(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let target = Url::parse(&change.words).map_err(|_| Error::Broken("a move leads nowhere".into()))?;
    if speaker.actor.profile.moved_to.as_ref() != Some(&target) {
        return Ok(Vec::new());
    }
    let inboxes = everyone(app, &speaker).await?;
    let group = wire::actors::group(&association(app, change.speaker).await?, &app.addresses);
    let (id, address) = speaker.activity();
    let update = wire::activities::update(&address, group, speaker.now);
    let update = speaker.saying(id, "Update", &speaker.actor.uri, &update, inboxes.clone());
    let (id, address) = speaker.activity();
    let moved = wire::activities::moved(&address, &speaker.actor, &target, speaker.now, &app.addresses);
    let moved = speaker.saying(id, "Move", &speaker.actor.uri, &moved, inboxes);
    // The profile first: who reads it again because of the Move finds it there, and who cannot read a Move knows too.
    Ok(vec![update, moved])
}

/// Followers, and whoever is tied to it without following.
async fn everyone(app: &App, speaker: &Speaker<'_>) -> Result<Vec<String>> {
    let mut inboxes = audience::followers(app, speaker.actor.id).await?;
    let rows = app.store.rows();
    for tied in moves::tied_to(&rows, speaker.actor.id).await? {
        if let Some(actor) =
            actors::find(&rows, tied).await?.filter(|actor| !actor.local && actor.gone.is_none())
        {
            let inbox = actor.delivery_inbox().to_string();
            if !inboxes.contains(&inbox) {
                inboxes.push(inbox);
            }
        }
    }
    blocks::without_blocked(app, inboxes).await
}
