//! What is kept and for how long.

use folkmoot_domain::moments::DAY;
use folkmoot_storage::{arrivals, sessions};

use crate::{App, By, Result};

/// Forgets finished arrivals older than so many days, and links and sessions that ran out. Bounded at each go.
pub async fn sweep(app: &App, arrival_days: i64) -> Result<u64> {
    let doing = app.begin(&By::operator()).await?;
    let swept = arrivals::sweep(&doing.tx, doing.now.plus(-arrival_days * DAY), 5_000).await?;
    sessions::sweep(&doing.tx, doing.now).await?;
    doing.done("old things were forgotten").await?;
    Ok(swept)
}
