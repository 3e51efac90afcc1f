//! The loop: claims what is due, sends it down lanes, one host each, and records in batches what came of it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use folkmoot_app::{App, Result, deliveries};
use folkmoot_storage::deliveries::{Claimed, RUN};
use tokio::{
    sync::{mpsc, watch},
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep, sleep_until, timeout_at},
};

use super::{
    Settings,
    keys::Keys,
    lane::{Ended, Lanes},
    signers::Signers,
    slots::Slots,
};
use crate::egress::Egress;

/// How often the worker looks by itself, when nobody rings; in tests so seldom that they must ring.
const LOOK: Duration = Duration::from_secs(if cfg!(test) { 3600 } else { 2 });
/// How long results are gathered before they are written down.
const GATHER: Duration = Duration::from_millis(30);
/// How long the worker rests when the database fails.
const REST: Duration = Duration::from_secs(1);
/// How long it waits at the end for what is under way; one delivery takes less.
const GRACE: Duration = Duration::from_secs(24);

/// When the loop ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// When it is told to stop.
    WhenStopped,
    /// When nothing can go at the moment.
    WhenIdle,
}

/// One worker; there may be others, in other processes too.
pub(super) struct Worker {
    lanes: Arc<Lanes>,
    settings: Settings,
    stop: watch::Receiver<bool>,
    running: JoinSet<Vec<Claimed>>,
    /// The host of each lane that runs.
    hosts: HashMap<Id, String>,
    /// Hosts whose lanes are over and whose results are not on record yet.
    resting: BTreeSet<String>,
    ended: mpsc::Receiver<Ended>,
    results: Vec<Ended>,
    unsent: Vec<Claimed>,
    /// When results are written down.
    due: Option<Instant>,
    /// May there be more to claim?
    more: bool,
    /// Does the database fail?
    trouble: bool,
    attempts: usize,
}

impl Worker {
    pub(super) fn new(app: App, egress: Egress, settings: Settings, stop: watch::Receiver<bool>) -> Self {
        let (sender, ended) = mpsc::channel(settings.at_once.max(1));
        let (keys, slots) = (Keys::new(app.clone()), Slots::new(settings.at_once));
        let (signers, stop_lanes) = (Signers::new(), stop.clone());
        let lanes = Lanes { app, egress, keys, signers, slots, ended: sender, stop: stop_lanes };
        Self {
            lanes: Arc::new(lanes),
            settings,
            stop,
            running: JoinSet::new(),
            hosts: HashMap::new(),
            resting: BTreeSet::new(),
            ended,
            results: Vec::new(),
            unsent: Vec::new(),
            due: None,
            more: true,
            trouble: false,
            attempts: 0,
        }
    }

    /// Works to the end. How many attempts were made; an error only when it was to end by itself.
    pub(super) async fn work(mut self, end: End) -> Result<usize> {
        while !self.is_stopping() {
            let claimed = self.claim().await;
            if end == End::WhenIdle && claimed.is_ok() && self.is_idle() {
                return Ok(self.attempts);
            }
            let done = match claimed {
                Ok(()) => {
                    self.wait(false).await;
                    self.record_when_due().await
                }
                failed => failed,
            };
            match (done, end) {
                (Err(error), End::WhenIdle) => return Err(error),
                (Err(error), End::WhenStopped) => self.rest(&error).await,
                (Ok(()), _) => {}
            }
        }
        self.finish().await;
        Ok(self.attempts)
    }

    fn is_stopping(&self) -> bool {
        *self.stop.borrow() || self.stop.has_changed().is_err()
    }

    fn is_idle(&self) -> bool {
        !self.more && self.running.is_empty() && self.results.is_empty() && self.unsent.is_empty()
    }

    /// Claims until enough lanes stand ready for the next free slots.
    async fn claim(&mut self) -> Result<()> {
        let (ready, most) = (self.settings.at_once.div_ceil(2), self.settings.at_once * 2);
        while self.more && self.running.len().saturating_sub(self.lanes.slots.taken()) < ready {
            let busy: BTreeSet<&String> = self.hosts.values().chain(&self.resting).collect();
            let busy: Vec<String> = busy.into_iter().cloned().collect();
            let claimed = deliveries::claim(&self.lanes.app, most, &busy).await?;
            self.recovered();
            // After a small claim the next waits until something was recorded: commits are not for handfuls.
            self.more = claimed.len() > most / 4;
            self.send(claimed);
        }
        Ok(())
    }

    /// Each host gets a lane of its own; one that has more to take than one claim holds gets several.
    fn send(&mut self, claimed: Vec<Claimed>) {
        let claimed_at = Instant::now();
        let mut by_host: BTreeMap<String, Vec<Claimed>> = BTreeMap::new();
        for row in claimed {
            by_host.entry(row.host.clone()).or_default().push(row);
        }
        for (host, rows) in by_host {
            let lanes = if rows.len() < RUN { 1 } else { self.settings.per_host.max(1) };
            for run in rows.chunks(rows.len().div_ceil(lanes)) {
                let lane = Arc::clone(&self.lanes).go(run.to_vec(), claimed_at);
                let id = self.running.spawn(lane).id();
                self.hosts.insert(id, host.clone());
            }
        }
    }

    /// Waits until something happens, and takes in what did. When `ending`, only lanes matter: there must be one.
    async fn wait(&mut self, ending: bool) {
        tokio::select! {
            Some(ended) = self.ended.recv() => self.results.push(ended),
            Some(over) = self.running.join_next_with_id() => self.lane_over(over),
            () = at(self.due) => {}
            () = self.lanes.slots.moved(), if !ending => {}
            () = self.lanes.app.bells.deliveries.notified(), if !ending => self.more = true,
            () = sleep(LOOK), if !ending => self.more = true,
            _ = self.stop.changed(), if !ending => {}
        }
        while let Ok(ended) = self.ended.try_recv() {
            self.results.push(ended);
        }
        if self.due.is_none() && !(self.results.is_empty() && self.unsent.is_empty()) {
            self.due = Some(Instant::now() + GATHER);
        }
    }

    fn lane_over(&mut self, over: std::result::Result<(Id, Vec<Claimed>), JoinError>) {
        match over {
            Ok((id, unsent)) => {
                self.unsent.extend(unsent);
                self.resting.extend(self.hosts.remove(&id));
            }
            Err(error) => {
                // Its deliveries are tried again when their leases end, and not for ever.
                tracing::error!(%error, "a lane of deliveries broke off");
                self.hosts.remove(&error.id());
            }
        }
    }

    async fn record_when_due(&mut self) -> Result<()> {
        let full = self.results.len() >= self.settings.at_once.div_ceil(2);
        let late = self.due.is_some_and(|due| due <= Instant::now());
        if full || late || self.running.is_empty() { self.record().await } else { Ok(()) }
    }

    /// Writes down everything that is over. Slots and hosts are free after that, and not before.
    async fn record(&mut self) -> Result<()> {
        let app = &self.lanes.app;
        if !self.results.is_empty() {
            let (outcomes, slots): (Vec<_>, Vec<_>) = std::mem::take(&mut self.results).into_iter().unzip();
            match deliveries::record(app, &outcomes).await {
                Ok(late) if late > 0 => tracing::info!(late, "deliveries took longer than their lease"),
                Ok(_) => {}
                Err(error) => {
                    self.results = outcomes.into_iter().zip(slots).collect();
                    return Err(error);
                }
            }
            self.attempts += outcomes.len();
        }
        deliveries::give_back(app, &self.unsent).await?;
        self.unsent.clear();
        self.resting.clear();
        self.due = None;
        self.more = true;
        self.recovered();
        Ok(())
    }

    /// Says once that the database fails, and gives it time. What is over is kept, and slots with it, so that
    /// nothing piles up.
    async fn rest(&mut self, error: &folkmoot_app::Error) {
        if !std::mem::replace(&mut self.trouble, true) {
            tracing::error!(%error, "deliveries wait: the queue cannot be read or written");
        }
        let stopping = self.is_stopping();
        tokio::select! {
            () = sleep(REST) => {}
            _ = self.stop.changed(), if !stopping => {}
        }
    }

    fn recovered(&mut self) {
        if std::mem::replace(&mut self.trouble, false) {
            tracing::info!("deliveries go on");
        }
    }

    /// Lanes give back what they have not sent; what is under way may end.
    async fn finish(&mut self) {
        let deadline = Instant::now() + GRACE;
        while !self.running.is_empty() && timeout_at(deadline, self.wait(true)).await.is_ok() {
            if let Err(error) = self.record_when_due().await {
                self.rest(&error).await;
            }
        }
        self.running.shutdown().await;
        while let Ok(ended) = self.ended.try_recv() {
            self.results.push(ended);
        }
        if let Err(error) = self.record().await {
            tracing::error!(%error, "the last results of deliveries are lost; these are sent once more");
        }
    }
}

/// At the moment, or never.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
