//! What the configuration allows of the world outside: which guards of the one client are relaxed.
//!
//! The rules are the federation's; here files are read and words handed on. Start at [`egress()`].

use std::{fs, sync::Arc};

use anyhow::Context as _;
use folkmoot_federation::{
    door::{Door, Limits},
    egress::{self, Egress, Relaxations, Wishes},
    finding::Lookups,
    guard::OwnHosts,
};
use reqwest_middleware::ClientWithMiddleware;

use crate::config::Config;

/// The version that peers are told.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Which guards are relaxed; files with certificates are read.
pub fn relaxations(config: &Config) -> anyhow::Result<Relaxations> {
    let federation = &config.federation;
    let authorities = federation.extra_certificates.iter().map(|file| {
        fs::read_to_string(file)
            .with_context(|| format!("the certificates in {} cannot be read", file.display()))
    });
    let wishes = Wishes {
        allowed_ranges: federation.allow_addresses.iter().map(ToString::to_string).collect(),
        extra_authorities: authorities.collect::<anyhow::Result<_>>()?,
        hosts: federation.hosts.clone(),
        // Named hosts of this machine are spoken to as this instance itself is: with TLS or without.
        plain_http: !config.base_url.is_https() && !federation.hosts.is_empty(),
    };
    Ok(Relaxations::parse(wishes, config.base_url.as_url())?)
}

/// The one client for everything that leaves this machine. Tests bring one whose network is in the process.
pub fn egress(
    config: &Config,
    relaxations: Arc<Relaxations>,
    client: Option<ClientWithMiddleware>,
) -> anyhow::Result<Egress> {
    let base = config.base_url.as_url();
    Ok(match client {
        None => Egress::real(relaxations, base, VERSION)?,
        Some(client) => Egress::new(client, relaxations, egress::user_agent(VERSION, base)?)
            .never_asking(OwnHosts::of(base)),
    })
}

/// The way to other servers for a command.
pub fn lookups(config: &Config) -> anyhow::Result<Arc<Lookups>> {
    let relaxations = Arc::new(relaxations(config)?);
    let egress = egress(config, relaxations.clone(), None)?;
    let own = OwnHosts::of(config.base_url.as_url());
    Ok(Arc::new(Lookups(Arc::new(Door::new(egress, relaxations, own, Limits::default())))))
}
