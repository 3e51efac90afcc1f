//! The keys our actors sign with, read and unsealed once in a while.

use std::{collections::HashMap, time::Duration};

use folkmoot_app::{App, keys::signing_key};
use folkmoot_domain::ActorId;
use tokio::{sync::Mutex, time::Instant};

use crate::signatures::SigningKey;

/// How long a key is kept before it is read again: a changed key is used after this.
const FRESH: Duration = Duration::from_secs(10 * 60);
/// How many keys are kept.
const MOST: usize = 1_000;

/// Keys of ours, by actor.
pub(super) struct Keys {
    app: App,
    known: Mutex<HashMap<ActorId, (SigningKey, Instant)>>,
}

impl Keys {
    pub(super) fn new(app: App) -> Self {
        Self { app, known: Mutex::default() }
    }

    /// The key of one of ours, or in words why there is none.
    pub(super) async fn of(&self, actor: ActorId) -> Result<SigningKey, String> {
        let mut known = self.known.lock().await;
        if let Some((key, read)) = known.get(&actor)
            && read.elapsed() < FRESH
        {
            return Ok(key.clone());
        }
        let (key_id, der) = signing_key(&self.app, actor).await.map_err(|error| error.to_string())?;
        let key = SigningKey::from_pkcs8_der(&key_id, &der).map_err(|fault| fault.to_string())?;
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(actor, (key.clone(), Instant::now()));
        Ok(key)
    }
}
