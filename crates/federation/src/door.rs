//! What the door for other servers needs besides the house: the way out, the guard, and a few short memories.
//!
//! Nothing here outlives the process, and losing all of it costs a few fetches. Start at [`Door`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use folkmoot_app::{App, Error, Result, instance, keys::signing_key};
use tokio::sync::OnceCell;

use crate::{
    budgets::Budgets,
    egress::{Egress, Relaxations},
    guard::{Guard, OwnHosts},
    key_book::KeyBook,
    nodeinfo::Counts,
    signatures::SigningKey,
    stale::Stale,
};

/// How much of our work one domain may cause. Honest servers stay far below.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Activities taken from one domain in a minute, after their signature was verified.
    pub arrivals_per_minute: u32,
    /// Actors of one domain looked up in a minute because somebody claims to be one of them.
    pub lookups_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { arrivals_per_minute: 3_000, lookups_per_minute: 120 }
    }
}

/// The door for other servers. One for each process, shared by everything that listens or fetches.
pub struct Door {
    /// The one way out.
    pub egress: Egress,
    pub(crate) guard: Guard,
    pub(crate) keys: KeyBook,
    pub(crate) stale: Stale,
    pub(crate) counts: Mutex<Option<Counts>>,
    arrivals: Mutex<Budgets>,
    lookups: Mutex<Budgets>,
    own_key: OnceCell<SigningKey>,
}

/// The house and its door, as every handler gets them.
#[derive(Clone)]
pub(crate) struct Here {
    pub(crate) app: App,
    pub(crate) door: Arc<Door>,
}

impl Door {
    /// A door of the instance that is reached under these hosts.
    pub fn new(egress: Egress, relaxations: Arc<Relaxations>, own: OwnHosts, limits: Limits) -> Self {
        Self {
            egress: egress.never_asking(own.clone()),
            guard: Guard::new(own, relaxations),
            keys: KeyBook::default(),
            stale: Stale::default(),
            counts: Mutex::default(),
            arrivals: Mutex::new(Budgets::new(limits.arrivals_per_minute)),
            lookups: Mutex::new(Budgets::new(limits.lookups_per_minute)),
            own_key: OnceCell::new(),
        }
    }

    /// The key of the instance, which signs every GET; opened once.
    pub(crate) async fn own_key(&self, app: &App) -> Result<SigningKey> {
        let open = || async {
            let (key_id, key) = signing_key(app, instance::actor(app).await?.id).await?;
            SigningKey::from_pkcs8_der(&key_id, &key).map_err(|fault| Error::Broken(fault.to_string()))
        };
        self.own_key.get_or_try_init(open).await.cloned()
    }

    pub(crate) fn arrivals(&self) -> MutexGuard<'_, Budgets> {
        lock(&self.arrivals)
    }

    pub(crate) fn lookups(&self) -> MutexGuard<'_, Budgets> {
        lock(&self.lookups)
    }
}

/// These memories are right after every single step, so that a panic elsewhere spoils none of them.
pub(crate) fn lock<T>(memory: &Mutex<T>) -> MutexGuard<'_, T> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
