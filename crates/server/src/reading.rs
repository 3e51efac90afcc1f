//! Reads TOML that people wrote: the configuration file and the front matter of Markdown files.
//!
//! Whatever is wrong is said with the line it stands on, what is allowed there, and what was probably meant. What is
//! allowed comes from the schema of the type that is read, so that it cannot be out of date. This module knows
//! neither configuration nor nouns. Start at [`Document`].

mod document;
mod problem;
pub mod shape;
mod spelling;
#[cfg(test)]
mod tests;

pub use document::{Document, Places};
pub use problem::{Place, Problem, Wrong};
pub use spelling::nearest;
