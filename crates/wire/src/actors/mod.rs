//! Actors: how others describe themselves, read into plain facts, and how ours describe themselves.
//!
//! Start at [`ActorRead::read`] for what comes in.

mod read;

pub use read::{ActorRead, KeyRead};
