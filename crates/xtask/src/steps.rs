//! Says what is being done and how long it took. The only file of this crate that prints.
//!
//! It prints to standard error, as cargo and the test runner do, so that what they say and what we say keep their order.

#![expect(
    clippy::print_stderr,
    reason = "telling a person at a terminal what happens is what this file is for"
)]

use std::time::{Duration, Instant};

use anyhow::Result;

/// Says one line to the person at the terminal.
pub fn say(line: impl AsRef<str>) {
    eprintln!("{}", line.as_ref());
}

/// The steps of one long command, with the time each took.
#[derive(Default)]
pub struct Steps {
    taken: Vec<(&'static str, Duration)>,
}

impl Steps {
    /// Announces a step, runs it, and says how long it took.
    ///
    /// # Errors
    /// Whatever the step answers, unchanged: the first step that fails ends the command.
    pub fn step<T>(&mut self, name: &'static str, act: impl FnOnce() -> Result<T>) -> Result<T> {
        say(format!("» {name}"));
        let began = Instant::now();
        let outcome = act()?;
        let took = began.elapsed();
        self.taken.push((name, took));
        say(format!("✓ {name} ({})", seconds(took)));
        Ok(outcome)
    }

    /// All steps so far on one line: `setup 0.1 s · cargo fmt 0.8 s · in all 0.9 s`.
    pub fn summary(&self) -> String {
        let total = self.taken.iter().map(|(_, took)| *took).sum();
        let mut parts: Vec<_> =
            self.taken.iter().map(|(name, took)| format!("{name} {}", seconds(*took))).collect();
        parts.push(format!("in all {}", seconds(total)));
        parts.join(" · ")
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_names_each_step_and_the_sum() {
        let steps = Steps {
            taken: vec![("setup", Duration::from_millis(120)), ("tidy", Duration::from_millis(1880))],
        };
        assert_eq!(steps.summary(), "setup 0.1 s · tidy 1.9 s · in all 2.0 s");
    }

    #[test]
    fn a_step_that_fails_is_not_counted_and_its_reason_is_kept() {
        let mut steps = Steps::default();
        let outcome: Result<()> = steps.step("tidy", || anyhow::bail!("three things to tidy"));
        assert_eq!(outcome.unwrap_err().to_string(), "three things to tidy");
        assert_eq!(steps.summary(), "in all 0.0 s");
    }
}
