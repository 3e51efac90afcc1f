//! The instruments of the acceptance tests: a world of instances and strangers in one process.
//!
//! Nothing here is part of what ships. Time stands still until a test moves it, chance comes out the same in every run,
//! and nobody sleeps. Start at [`world::World`]; the stories told with it are in `it/`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a panic is how an instrument says that a test fails"
)]

pub mod associations;
pub mod bench;
pub mod board;
pub mod city;
pub mod clock;
pub mod corpus;
pub mod database;
pub mod instance;
pub mod keys;
pub mod letters;
pub mod network;
pub mod peers;
pub mod process;
pub mod randomness;
pub mod tables;
pub mod ties;
pub mod world;
