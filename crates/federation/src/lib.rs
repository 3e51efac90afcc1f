//! The door for other servers: what they send us is checked, what we send them is signed.
//!
//! This crate translates and never decides: what an activity does is an `app` function. Nothing here
//! reads a clock or opens a connection of its own; both come as arguments.
//! Start at [`guard`] for what comes in and at [`egress`] for everything that leaves this machine.

pub mod audience;
#[cfg(test)]
mod captured;
pub mod egress;
pub mod guard;
pub mod key_maker;
pub mod keys;
pub mod media_type;
pub mod outbox;
pub mod remote_id;
pub mod signatures;
pub mod strict_json;
