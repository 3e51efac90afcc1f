//! Likes and boosts from elsewhere, as state: a second like is the same like.

use folkmoot_domain::{ItemId, reactions::Reaction};
use folkmoot_storage::{actors, carries as carry_rows, reactions, tombstones};

use crate::{App, By, Doing, Result, carries};

/// A remote actor likes or boosts an item of ours. The boost of an association is a carry, too.
pub async fn react(app: &App, by: &By, reaction: Reaction, item: ItemId, activity: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    let actor = doing.remote()?;
    if carries_by(&doing, reaction).await? {
        if tombstones::is_dead(&doing.tx.rows(), activity).await? {
            return doing.done("a boost that was taken back before it came").await;
        }
        carries::noticed(&doing, actor, item, Some(activity).filter(|id| !id.is_empty()), None).await?;
    }
    reactions::insert(&doing.tx, reaction, item, actor, activity, doing.now).await?;
    doing.done("a reaction").await
}

/// A remote actor takes a like or boost back; `undone` is the id of what it takes back, where it says so.
pub async fn unreact(
    app: &App,
    by: &By,
    reaction: Reaction,
    item: ItemId,
    undone: Option<&str>,
) -> Result<()> {
    let doing = app.begin(by).await?;
    let actor = doing.remote()?;
    reactions::remove(&doing.tx, reaction, item, actor).await?;
    if carries_by(&doing, reaction).await? {
        carries::unboosted(&doing, actor, item, undone).await?;
    }
    doing.done("a reaction was taken back").await
}

/// Is it by this that its actor carries things?
async fn carries_by(doing: &Doing<'_>, reaction: Reaction) -> Result<bool> {
    let actor = actors::find(&doing.tx.rows(), doing.remote()?).await?;
    Ok(reaction == Reaction::Boost && actor.is_some_and(|actor| carry_rows::is_association(&actor)))
}
