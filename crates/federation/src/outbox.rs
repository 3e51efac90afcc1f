//! The dispatcher: each change that became true is rendered once and put on its way, in the order of its object.
//!
//! It reads and renders; what is logged and queued is [`folkmoot_app::changes::tell`]'s. Start at [`tell_due`];
//! what each kind of change says stands in [`sayings`].

mod answers;
mod carries;
mod connections;
mod decisions;
mod items;
mod moves;
mod partners;
mod people;
mod sayings;
mod ties;

use std::time::Duration;

use folkmoot_app::{App, Error, Result, changes};
use folkmoot_domain::changes::Change;
use tokio::sync::watch;

/// How many changes are taken up at once.
const BATCH: u64 = 50;
/// How often the dispatcher looks by itself, when nobody rings.
const LOOK: Duration = Duration::from_secs(2);

/// Tells changes until `stop` says so.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() && stop.has_changed().is_ok() {
        if let Err(error) = tell_due(&app).await {
            tracing::error!(%error, "changes could not be told; they wait");
        }
        tokio::select! {
            () = app.bells.changes.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// Tells everything that is due. How many changes were told.
pub async fn tell_due(app: &App) -> Result<usize> {
    let mut told = 0;
    loop {
        let due = changes::due(app, BATCH).await?;
        let mut moved = false;
        for change in &due {
            let one = tell(app, change).await?;
            moved |= one;
            told += usize::from(one);
        }
        if due.is_empty() || !moved {
            return Ok(told);
        }
    }
}

/// Tells one change. A change that cannot be rendered waits, with what went wrong, and stops nobody else.
async fn tell(app: &App, change: &Change) -> Result<bool> {
    match Box::pin(sayings::render(app, change)).await {
        Ok(sayings) => changes::tell(app, change, sayings).await,
        Err(Error::Storage(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!(change = change.kind.word(), object = %change.object, %error, "a change cannot be said");
            changes::postpone(app, change, &error.to_string()).await?;
            Ok(false)
        }
    }
}
