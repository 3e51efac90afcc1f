//! Actors: how others describe themselves, read into plain facts, and how ours describe themselves.
//!
//! Start at [`ActorRead::fetched`] for what comes in and at [`group`] for what goes out.

mod read;
mod write;

pub use read::{ActorRead, KeyRead};
pub use write::{application, group, person};
