//! Finding actors by what people type: a handle, or an address. Ours are found here, others by the port to the world.
//!
//! Start at [`find`].

use std::sync::{Arc, OnceLock};

use folkmoot_domain::{Refusal, actors::Actor};
use folkmoot_storage::actors;
use url::Url;

use crate::{App, Result, ports::Remote};

/// The way out to other servers, once somebody has opened one. Commands that need none have none.
#[derive(Clone, Default)]
pub struct Way(OnceLock<Arc<dyn Remote>>);

impl Way {
    /// Opens it, once.
    pub fn set(&self, remote: Arc<dyn Remote>) {
        self.0.set(remote).ok();
    }
}

/// Whoever goes by this handle or lives at this address, here or elsewhere; remembered from then on.
pub async fn find(app: &App, what: &str) -> Result<Actor> {
    let what = what.trim();
    if what.is_empty() {
        return Err(Refusal::field("handle", "write a handle such as @cooks@kirkgate.example").into());
    }
    if let Some(actor) = here(app, what).await? {
        return Ok(actor);
    }
    match app.remote.0.get() {
        Some(remote) => remote.find(app, what).await,
        None => {
            Err(Refusal::field("handle", "is nobody here, and other servers cannot be asked just now").into())
        }
    }
}

/// One of ours: `@cooks`, `cooks`, `@cooks@here`, or the address of their page or actor.
async fn here(app: &App, what: &str) -> Result<Option<Actor>> {
    let rows = app.store.rows();
    if let Ok(url) = Url::parse(what)
        && matches!(url.scheme(), "https" | "http")
    {
        if !app.addresses.is_ours(&url) {
            return Ok(None);
        }
        if let Some(actor) = actors::by_uri(&rows, url.as_str()).await? {
            return Ok(Some(actor));
        }
        let handle = url.path().strip_prefix("/@").unwrap_or_default();
        let found = actors::by_handle(&rows, handle).await?;
        return Ok(Some(found.ok_or(Refusal::Unknown("association"))?));
    }
    let handle = what.trim_start_matches('@');
    match handle.split_once('@') {
        None if !handle.contains('.') || what.starts_with('@') => {
            let found = actors::by_handle(&rows, handle).await?;
            Ok(Some(found.ok_or(Refusal::Unknown("association"))?))
        }
        Some((name, host)) if host.eq_ignore_ascii_case(&app.addresses.host()) => {
            let found = actors::by_handle(&rows, name).await?;
            Ok(Some(found.ok_or(Refusal::Unknown("association"))?))
        }
        _ => Ok(None),
    }
}
