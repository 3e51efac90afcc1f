//! The binary `folkmoot` as a library, so that tests can use all of it: configuration, command line, wiring, workers.
//!
//! This is the only floor where the environment, the clock, randomness and the network are picked up; everything below
//! gets them as arguments. Nothing is decided here: commands translate and call `app`. Start at [`cli`] for what can be
//! said, at [`config`] for what can be set, at [`commands`] for what is done.

pub mod cli;
pub mod commands;
pub mod config;
pub mod demo;
pub mod front;
pub mod front_matter;
pub mod instance;
pub mod key_file;
pub mod listening;
pub mod mailing;
pub mod opening;
pub mod outside;
pub mod ports;
pub mod reading;
pub mod serve;
pub mod smtp;
pub mod strangers;
pub mod telemetry;
pub mod workers;

/// Makes ring the one crypto stack of this process. To be called before anything speaks TLS; more often does no harm.
pub fn install_ring() {
    // Fails only when a provider is installed already, and ours is the only one in the tree.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
