//! Builds the real client. Everything a convenient client would do on its own is switched off here.

use std::{sync::Arc, time::Duration};

use reqwest::{Certificate, Client, redirect};
use reqwest_middleware::ClientWithMiddleware;

use super::{CONNECT, Relaxations, TOTAL, resolver::GuardedResolver};

/// How long an idle connection is kept: one post goes to thousands of hosts, and files are limited.
const IDLE: Duration = Duration::from_secs(5);
/// Most idle connections kept to one host.
const IDLE_PER_HOST: usize = 4;

/// Why the client could not be built, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ClientFault {
    /// An extra certificate authority cannot be read.
    #[error("an extra certificate authority cannot be read: {0}")]
    Authority(#[source] reqwest::Error),
    /// TLS could not be set up; most often the system has no certificate authorities.
    #[error("secure connections cannot be set up (is the package ca-certificates installed?): {0}")]
    Tls(#[source] reqwest::Error),
    /// Version or base URL hold characters no header can.
    #[error("the User-Agent cannot be written")]
    UserAgent,
}

/// The guarded client over real sockets.
pub(super) fn build(relaxations: &Arc<Relaxations>) -> Result<ClientWithMiddleware, ClientFault> {
    // The client takes the process-wide provider. Whoever came first has set the same one.
    let _already_set = rustls::crypto::ring::default_provider().install_default();
    let mut authorities = Vec::new();
    for pem in relaxations.extra_authorities() {
        authorities.extend(Certificate::from_pem_bundle(pem.as_bytes()).map_err(ClientFault::Authority)?);
    }
    let client = Client::builder()
        .no_proxy() // SSRF-20: a proxy would connect for us, past the resolver.
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .https_only(!relaxations.allows_plain_http())
        .dns_resolver(GuardedResolver(Arc::clone(relaxations)))
        .tls_certs_merge(authorities)
        .connect_timeout(CONNECT)
        .timeout(TOTAL)
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .pool_idle_timeout(IDLE)
        .build()
        .map_err(ClientFault::Tls)?;
    Ok(client.into())
}
