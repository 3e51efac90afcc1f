//! What is kept and for how long.

use folkmoot_domain::{
    moments::DAY,
    visitors::{CONFIRM, KEPT},
};
use folkmoot_storage::{arrivals, drafts, invitations, offers, rsvps, sessions, visitors};

use crate::{App, By, Doing, Result, heard, mails, people};

/// How many offers and visitors are forgotten at one go.
const AT_ONCE: u64 = 500;

/// Forgets finished arrivals older than so many days, links and sessions that ran out, offers that nobody confirmed, and
/// how to reach visitors when their time is over; and what lay in a stream for long. Bounded at each go.
pub async fn sweep(app: &App, arrival_days: i64) -> Result<u64> {
    let doing = app.begin(&By::operator()).await?;
    let swept = arrivals::sweep(&doing.tx, doing.now.plus(-arrival_days * DAY), 5_000).await?;
    sessions::sweep(&doing.tx, doing.now, doing.now.plus(-people::IDLE)).await?;
    mails::sweep(&doing).await?;
    invitations::sweep(&doing.tx, doing.now).await?;
    app.limits.sweep(doing.now);
    let forgotten = forget_visitors(&doing).await?;
    drafts::sweep(&doing.tx, doing.now.plus(-30 * DAY)).await?;
    let unheard = heard::sweep(&doing, AT_ONCE).await?;
    doing.done("old things were forgotten").await?;
    crate::pictures::sweep(app).await?;
    Ok(swept + forgotten + unheard)
}

/// Forgets offers that nobody confirmed, and how to reach visitors whose calls ended long enough ago.
async fn forget_visitors(doing: &Doing<'_>) -> Result<u64> {
    let mut forgotten = offers::sweep(&doing.tx, doing.now, AT_ONCE).await?;
    forgotten += rsvps::sweep(&doing.tx, doing.now.plus(-CONFIRM)).await?;
    for visitor in visitors::to_look_at(&doing.tx.rows(), doing.now, AT_ONCE).await? {
        let last = visitors::last_end(&doing.tx.rows(), visitor).await?;
        if let Some(later) = last.map(|last| last.plus(KEPT)).filter(|due| *due > doing.now) {
            visitors::look_again(&doing.tx, visitor, later).await?;
        } else {
            visitors::forget(&doing.tx, visitor).await?;
            forgotten += 1;
        }
    }
    Ok(forgotten)
}
