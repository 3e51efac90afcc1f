//! The web door from outside: requests in, pages and effects out, on a real database.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test says that it went wrong")]

mod buttons;
mod guards;
mod house;
mod pages;
mod states;
