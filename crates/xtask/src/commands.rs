//! One file per command. Each has its `Arguments`, whose comments are its help, and `run`.

pub mod assets;
pub mod bench;
pub mod city;
pub mod demo;
pub mod docs;
pub mod postgres;
pub mod setup;
pub mod test;
pub mod tidy;
