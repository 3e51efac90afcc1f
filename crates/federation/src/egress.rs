//! The one client for everything that leaves this machine: fetches, look-ups and deliveries.
//!
//! A request goes out only to `https` on its own port, to a public address, without proxy, cookies or
//! compression, with a deadline and a cap on what is read. Redirects are followed by hand and each hop is
//! checked and signed anew. Nobody else in this repository opens a connection. What loosens this for tests
//! and demonstrations is named in [`Relaxations`]. Start at [`Egress`].

mod addresses;
mod client;
mod deliver;
mod errors;
mod fetch;
mod relaxations;
mod resolver;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use axum::http::HeaderValue;
use reqwest_middleware::ClientWithMiddleware;
use url::Url;

pub use addresses::is_public;
pub use client::ClientFault;
pub use deliver::{Answer, RetryAfter};
pub use errors::{FetchError, NotAllowed, SendError};
pub use fetch::{Accept, Document, Fetched};
pub use relaxations::{Relaxations, WishFault, Wishes};

use crate::guard::OwnHosts;

/// Largest document read, in bytes.
pub const LARGEST_DOCUMENT: usize = 1 << 20;
/// Most requests one fetch makes, redirects included: a chain has three addresses at most (SSRF-10).
pub const MOST_REQUESTS: usize = 3;
/// Longest wait for a connection, name look-up and TLS included.
pub const CONNECT: Duration = Duration::from_secs(5);
/// Longest time for one fetch with its redirects, or for one delivery.
pub const TOTAL: Duration = Duration::from_secs(20);

/// The client with its rules. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    client: ClientWithMiddleware,
    relaxations: Arc<Relaxations>,
    user_agent: HeaderValue,
    ourselves: OwnHosts,
}

impl Egress {
    /// Puts the rules around a client that is already there: tests bring one whose network is in the process.
    /// `user_agent` comes from [`user_agent`].
    pub fn new(client: ClientWithMiddleware, relaxations: Arc<Relaxations>, user_agent: HeaderValue) -> Self {
        Self { client, relaxations, user_agent, ourselves: OwnHosts::default() }
    }

    /// Builds the guarded client of the instance at `base_url`, over real sockets.
    pub fn real(relaxations: Arc<Relaxations>, base_url: &Url, version: &str) -> Result<Self, ClientFault> {
        let user_agent = user_agent(version, base_url)?;
        let client = client::build(&relaxations)?;
        Ok(Self::new(client, relaxations, user_agent).never_asking(OwnHosts::of(base_url)))
    }

    /// The same client, which refuses to ask our own hosts over the network.
    #[must_use]
    pub fn never_asking(mut self, ourselves: OwnHosts) -> Self {
        self.ourselves = ourselves;
        self
    }

    /// Whether `url` may be asked at all, before any name is looked up.
    pub fn may_fetch(&self, url: &Url) -> Result<(), NotAllowed> {
        if self.ourselves.are(url) {
            return Err(NotAllowed::Ourselves);
        }
        self.relaxations.may_fetch(url)
    }
}

/// How this server names itself to others: `folkmoot/<version> (+<base url>)`. Some answer nobody without.
pub fn user_agent(version: &str, base_url: &Url) -> Result<HeaderValue, ClientFault> {
    HeaderValue::from_str(&format!("folkmoot/{version} (+{base_url})")).map_err(|_| ClientFault::UserAgent)
}
