//! What has to be asked elsewhere although nothing came in: the newest items of those we begin to listen to, whether ties
//! are still listed by both sides, and who is tied to those we know.
//!
//! Each errand is a row that is due, has a budget, and is tried again later when it fails. Start at [`run_due`].

mod checking;
mod filling;
mod walking;

use std::{sync::Arc, time::Duration};

use folkmoot_app::{App, Result};
use tokio::sync::watch;

use crate::door::Door;

/// How often the worker looks by itself, when nobody rings.
const LOOK: Duration = Duration::from_secs(15);

/// Runs errands until `stop` says so.
pub async fn run(app: App, door: Arc<Door>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() && stop.has_changed().is_ok() {
        if let Err(error) = run_due(&app, &door).await {
            tracing::error!(%error, "errands could not be run; they wait");
        }
        tokio::select! {
            () = app.bells.errands.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// Runs every errand that is due. How many were run.
pub async fn run_due(app: &App, door: &Door) -> Result<usize> {
    let filled = filling::fill_due(app, door).await?;
    let checked = checking::check_due(app, door).await?;
    let walked = walking::walk_due(app, door).await?;
    Ok(filled + checked + walked)
}
