//! `cargo xtask city`: a whole city of associations in one process. What it is stands in [`folkmoot_tests::city`].

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

#[tokio::main]
async fn main() -> ExitCode {
    folkmoot_server::install_ring();
    let words: Vec<String> = std::env::args().skip(1).collect();
    match folkmoot_tests::city::run(&words, &mut io::stdout(), &mut io::stderr()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is gone there is nobody left to tell.
            let _ = writeln!(io::stderr(), "{error:?}");
            ExitCode::FAILURE
        }
    }
}
