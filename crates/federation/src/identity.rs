//! What this crate takes from `activitypub_federation`, the library of the field, and what it does itself.
//!
//! Taken: the names of the media types, here; making key pairs, in [`crate::key_maker`]; and the library as a
//! peer in our tests, where it follows an association, verifies what we sign and signs what we verify.
//!
//! Done here instead, because this server promises more than the library can:
//! - Incoming requests. Its inbox believes a request after one lenient parse. Ours has refused what is ambiguous
//!   before anything is fetched ([`crate::guard`]), verifies once, stores, and only then answers 202.
//! - Fetching. Its client decides by environment variable and build profile what may be reached; ours by
//!   configuration alone, with the address checked at the moment of connecting ([`crate::egress`]).
//! - Telling others. Its queue lives in memory; ours is a table, so that a crash loses nothing.
//! - Reading. Its traits parse straight into types; from strangers we look at the kind first, and what we do
//!   not understand is counted, not an error ([`folkmoot_wire::incoming`]).

pub use activitypub_federation::{
    FEDERATION_CONTENT_TYPE as ACTIVITY, fetch::webfinger::WEBFINGER_CONTENT_TYPE as WEBFINGER,
};

#[cfg(test)]
mod tests;
