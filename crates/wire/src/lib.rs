//! ActivityStreams as we understand it and as we say it: pure translation between JSON and the nouns.
//!
//! This floor must not fetch, store, sign or ask what time it is, and it never decides whether something
//! may happen. Documents are read as plain JSON; contexts are never fetched.
//!
//! Coming in, read in this order: [`envelope`] opens an activity, [`incoming`] says what it means.
//! Going out: each noun has its own module ([`calls`] first), [`activities`] wraps it, [`document`] makes the bytes.

pub mod activities;
pub mod actors;
pub mod affiliates;
pub mod affiliations;
pub mod calls;
pub mod carries;
pub mod collections;
pub mod context;
pub mod decisions;
pub mod envelope;
pub mod events;
pub mod foreign;
pub mod heard;
pub mod html;
pub mod incoming;
pub mod limits;
pub mod nodeinfo;
pub mod notes;
mod origins;
pub mod partnerships;
pub mod pledges;
pub mod outboxes;
mod posts;
mod posts_head;
pub mod projects;
mod refused;
pub mod replies;
pub mod rsvps;
mod shapes;
pub mod updates;
pub mod webfinger;

pub use context::{MEDIA_TYPE, document};
pub use envelope::{Audience, Envelope, IdOrObject};
pub use incoming::{Incoming, understand};
pub use origins::same_origin;
pub use refused::Refused;
pub use shapes::PUBLIC;
