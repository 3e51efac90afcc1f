//! `cargo xtask bench`: prints each figure beside what it was compared to. What is measured stands in
//! [`folkmoot_tests::bench`]; with the name of a part as its first word this program plays that part instead.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use folkmoot_tests::bench::{self, parts};

#[tokio::main]
async fn main() -> ExitCode {
    folkmoot_server::install_ring();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.split_first() {
        Some((part, rest)) if parts::ALL.contains(&part.as_str()) => parts::play(part, rest).await,
        _ => bench::run(&words, &mut io::stdout()).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is gone there is nobody left to tell.
            let _ = writeln!(io::stderr(), "{error:?}");
            ExitCode::FAILURE
        }
    }
}
