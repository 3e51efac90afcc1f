//! Who hears of what: inboxes, shared ones once, blocked servers never.
//!
//! What is for everyone goes to shared inboxes; what is for one reader goes to that reader's own inbox.

use folkmoot_app::{App, Result, blocks};
use folkmoot_domain::{ActorId, ItemId, actors::Actor};
use folkmoot_storage::audiences;

/// The followers of one of ours.
pub async fn followers(app: &App, followed: ActorId) -> Result<Vec<String>> {
    let inboxes = audiences::followers(&app.store.rows(), followed).await?;
    blocks::without_blocked(app, inboxes).await
}

/// Followers, and those who boosted, liked, replied or voted: they saw the item and hear what becomes of it.
pub async fn item(app: &App, home: ActorId, item: ItemId) -> Result<Vec<String>> {
    let inboxes = audiences::item(&app.store.rows(), home, item).await?;
    blocks::without_blocked(app, inboxes).await
}

/// The followers of one of ours that carries something, and the home of what it carries.
pub async fn carried(app: &App, carrier: ActorId, home: ActorId) -> Result<Vec<String>> {
    let inboxes = audiences::carried(&app.store.rows(), carrier, home).await?;
    blocks::without_blocked(app, inboxes).await
}

/// Those whose servers show the tallies of a poll.
pub async fn voters(app: &App, call: ItemId) -> Result<Vec<String>> {
    let inboxes = audiences::voters(&app.store.rows(), call).await?;
    blocks::without_blocked(app, inboxes).await
}

/// One reader. Nobody when the reader lives here or is gone.
pub async fn one(app: &App, reader: &Actor) -> Result<Vec<String>> {
    if reader.local || reader.gone.is_some() {
        return Ok(Vec::new());
    }
    blocks::without_blocked(app, vec![reader.inbox.to_string()]).await
}
