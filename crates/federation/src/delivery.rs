//! Delivering: what waits in the queue is signed, posted, and the answer recorded.
//!
//! What follows from an answer is decided in `domain` and written by [`folkmoot_app::deliveries`]; this module
//! only keeps many requests under way without hurting anyone: few at once per host, one slow host never in the
//! way of another, signing on its own threads, claims and results in batches so that commits do not cost more
//! than signatures. Start at [`run`]; [`worker`] is the loop, [`lane`] the way of one host's deliveries.

mod keys;
mod lane;
mod signers;
mod slots;
mod worker;

use std::time::Duration;

use folkmoot_app::{App, Result, deliveries};
use tokio::sync::watch;

use crate::egress::Egress;
use worker::{End, Worker};

/// How often the queue is tidied.
const TIDY: Duration = Duration::from_secs(60 * 60);

/// How much is under way at once.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Requests at once, those aside that have been slow for a second: what a crash may repeat.
    pub at_once: usize,
    /// Requests at once to one host.
    pub per_host: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { at_once: 64, per_host: 4 }
    }
}

/// Delivers until `stop` says so; then ends what is under way, within 30 seconds.
pub async fn run(app: App, egress: Egress, settings: Settings, stop: watch::Receiver<bool>) {
    let worker = Worker::new(app.clone(), egress, settings, stop);
    tokio::select! {
        _ = worker.work(End::WhenStopped) => {}
        () = tidy(&app) => {}
    }
}

/// Delivers everything that can go now, without waiting for what comes later. How many attempts were made.
pub async fn deliver_due(app: &App, egress: &Egress, settings: Settings) -> Result<usize> {
    let (_open, stop) = watch::channel(false);
    Worker::new(app.clone(), egress.clone(), settings, stop).work(End::WhenIdle).await
}

/// Never ends.
async fn tidy(app: &App) {
    loop {
        if let Err(error) = deliveries::tidy(app).await {
            tracing::error!(%error, "the queue of deliveries could not be tidied");
        }
        tokio::time::sleep(TIDY).await;
    }
}

#[cfg(test)]
mod tests;
