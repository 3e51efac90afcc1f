//! The binary. Everything it does is in the library; see `commands`.

use std::process::ExitCode;

use clap::Parser as _;
use folkmoot_server::{cli::Cli, commands, install_ring};

#[tokio::main]
async fn main() -> ExitCode {
    install_ring();
    commands::run(Cli::parse()).await
}
