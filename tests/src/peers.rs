//! Scripted strangers: servers of other programs as far as a story needs them, on the same network.
//!
//! They share no code with what is tested where that could hide a mistake: they sign and verify by themselves.
//! Start at [`Server`], then [`Stranger`].

mod request;
mod server;
mod stranger;
mod verifying;

pub use request::{Answered, Request, http_date};
pub use server::{Mood, Page, Received, Server};
pub use stranger::Stranger;
