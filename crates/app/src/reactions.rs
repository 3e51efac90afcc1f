//! Likes and boosts from elsewhere, as state: a second like is the same like.

use folkmoot_domain::{ItemId, reactions::Reaction};
use folkmoot_storage::reactions;

use crate::{App, By, Result};

/// A remote actor likes or boosts an item of ours.
pub async fn react(app: &App, by: &By, reaction: Reaction, item: ItemId, activity: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    let actor = doing.remote()?;
    reactions::insert(&doing.tx, reaction, item, actor, activity, doing.now).await?;
    doing.done("a reaction").await
}

/// A remote actor takes a like or boost back.
pub async fn unreact(app: &App, by: &By, reaction: Reaction, item: ItemId) -> Result<()> {
    let doing = app.begin(by).await?;
    let actor = doing.remote()?;
    reactions::remove(&doing.tx, reaction, item, actor).await?;
    doing.done("a reaction was taken back").await
}
