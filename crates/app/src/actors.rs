//! Actors elsewhere: remembered when they first speak to us, refreshed, and forgotten when they are gone.

use folkmoot_domain::actors::Actor;
use folkmoot_storage::{StorageError, actors, followers, reactions, replies};

use crate::{App, By, Result, affiliations, carries, partnerships, pledges, rsvps};

/// Remembers a remote actor as its home describes it. The id in `actor` counts only when it is new.
pub async fn remember(app: &App, mut actor: Actor) -> Result<Actor> {
    let doing = app.begin(&By::operator()).await?;
    match actors::by_uri(&doing.tx.rows(), actor.uri.as_str()).await? {
        Some(known) => {
            actor.id = known.id;
            actors::update(&doing.tx, &actor).await?;
        }
        None => match actors::insert(&doing.tx, &actor, None, doing.now).await {
            Err(StorageError::Duplicate(_)) => {
                drop(doing);
                let known = actors::by_uri(&app.store.rows(), actor.uri.as_str()).await?;
                return Ok(known.unwrap_or(actor));
            }
            other => other?,
        },
    }
    doing.done("an actor is remembered").await?;
    Ok(actor)
}

/// A remote actor deleted itself: everything it left here goes with it.
pub async fn forget(app: &App, by: &By) -> Result<()> {
    let doing = app.begin(by).await?;
    let gone = doing.remote()?;
    followers::remove_everywhere(&doing.tx, gone).await?;
    reactions::remove_everywhere(&doing.tx, gone).await?;
    for reply in replies::by_author(&doing.tx.rows(), gone).await? {
        replies::remove(&doing.tx, &reply).await?;
    }
    pledges::withdraw_all(&doing, gone).await?;
    rsvps::take_back_all(&doing, gone).await?;
    affiliations::gone_within(&doing, gone).await?;
    carries::forget_home(&doing, gone).await?;
    partnerships::end_all_of(&doing, gone).await?;
    if let Some(mut actor) = actors::find(&doing.tx.rows(), gone).await? {
        actor.name = String::new();
        actor.summary = String::new();
        actor.gone = Some(doing.now);
        actors::update(&doing.tx, &actor).await?;
    }
    doing.done("an actor is gone").await
}
