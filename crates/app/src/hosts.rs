//! Other servers, as the queue of deliveries knows them.

use folkmoot_storage::hosts;

use crate::{App, By, Result};

/// A server spoke to us in a way we could verify: if it was left alone, it is told again what waits for it.
/// Costs one read while nothing was wrong.
pub async fn heard_from(app: &App, host: &str) -> Result<()> {
    let known = hosts::find(&app.store.rows(), host).await?;
    if known.is_none_or(|host| host.breaker.open_until.is_none()) {
        return Ok(());
    }
    let doing = app.begin(&By::operator()).await?;
    let revived = hosts::revive(&doing.tx, host, doing.now).await?;
    doing.done("a server is back").await?;
    if revived {
        tracing::info!(host, "a server is back");
        app.bells.deliveries.notify_one();
    }
    Ok(())
}
