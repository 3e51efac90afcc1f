//! Actors whose description is to be read again, without anybody waiting for it.
//!
//! A slow server must not hold up what others sent: the effect of an activity never waits for this list.
//! It is short and lost with the process; whoever is forgotten is noticed again when they next speak.

use std::{collections::BTreeSet, sync::Mutex};

use tokio::sync::Notify;
use url::Url;

use crate::door::lock;

/// Most actors that wait at once.
const MOST: usize = 1_000;

/// Who is to be looked up again.
#[derive(Debug, Default)]
pub(crate) struct Stale {
    waiting: Mutex<BTreeSet<Url>>,
    bell: Notify,
}

impl Stale {
    /// This one, as soon as there is time.
    pub(crate) fn add(&self, actor: Url) {
        let mut waiting = lock(&self.waiting);
        if waiting.len() < MOST && waiting.insert(actor) {
            self.bell.notify_one();
        }
    }

    /// Takes everybody off the list.
    pub(crate) fn take(&self) -> BTreeSet<Url> {
        std::mem::take(&mut *lock(&self.waiting))
    }

    /// Returns when somebody was added.
    pub(crate) async fn added(&self) {
        self.bell.notified().await;
    }
}
