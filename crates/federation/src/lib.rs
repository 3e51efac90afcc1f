//! The door for other servers: what they send us is checked, what we send them is signed.
//!
//! This crate translates and never decides: what an activity does is an `app` function. Nothing here
//! reads a clock or opens a connection of its own; both come as arguments.
//! Start at [`guard`] for what comes in and at [`egress`] for everything that leaves this machine.

mod actors;
pub mod arrivals;
pub mod audience;
mod budgets;
#[cfg(test)]
mod captured;
mod collections;
pub mod delivery;
pub mod door;
pub mod egress;
pub mod errands;
pub mod fetch;
pub mod finding;
pub mod guard;
mod handlers;
pub mod identity;
mod inbox;
mod key_book;
pub mod key_maker;
pub mod keys;
pub mod media_type;
mod memory;
pub mod moving;
mod negotiation;
mod nodeinfo;
mod objects;
pub mod outbox;
pub mod problem;
pub mod remote_id;
mod routes;
pub mod signatures;
mod stale;
pub mod strict_json;
#[cfg(test)]
mod testing;
mod webfinger;

pub use door::{Door, Limits};
pub use routes::routes;
