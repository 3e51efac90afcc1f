//! Other people's programs: is one there, run it, and say in words what was run when it fails.
//!
//! It must not know what the programs are for; that is the commands' business.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Where on `PATH` a program is.
pub fn find(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Runs a program to its end, with our terminal as its own.
///
/// # Errors
/// When it cannot be started or does not end well; the error quotes the line to run by hand.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("could not start `{}`", line(command)))?;
    ensure!(status.success(), "`{}` did not succeed ({status})", line(command));
    Ok(())
}

/// Runs a program to its end and answers what it wrote to standard output.
///
/// # Errors
/// As [`run`].
pub fn output(command: &mut Command) -> Result<String> {
    let outcome = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start `{}`", line(command)))?;
    ensure!(outcome.status.success(), "`{}` did not succeed ({})", line(command), outcome.status);
    String::from_utf8(outcome.stdout).with_context(|| format!("`{}` wrote no UTF-8", line(command)))
}

/// Whether a program can be started and ends well, in silence.
pub fn answers(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// A command as a person would type it.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_quotes_the_line_to_run_by_hand() {
        let failure = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(failure.to_string(), "`sh -c exit 3` did not succeed (exit status: 3)");
    }

    #[test]
    fn a_program_that_is_not_there_is_said_to_be_missing() {
        assert!(find("no-such-program-anywhere").is_none());
        let failure = run(&mut Command::new("no-such-program-anywhere")).unwrap_err();
        assert_eq!(failure.to_string(), "could not start `no-such-program-anywhere`");
    }
}
