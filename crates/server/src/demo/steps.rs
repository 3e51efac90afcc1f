//! Says each step when it is done: with a tick, and how long it took; or with a cross, and why not.

use std::time::{Duration, Instant};

use anyhow::bail;
use serde_json::json;

use crate::commands::Answers;

/// How long one step may take before it counts as not done.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked whether something has happened.
const LOOK: Duration = Duration::from_millis(25);

/// Steps that are taken one after the other; the first that fails ends them.
pub struct Steps<'a, 'w>(&'a mut Answers<'w>);

impl<'a, 'w> Steps<'a, 'w> {
    /// Steps that are said here.
    pub fn new(answers: &'a mut Answers<'w>) -> Self {
        Self(answers)
    }

    /// Takes a step and says how it went.
    pub async fn step<T>(
        &mut self,
        name: &str,
        act: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let began = Instant::now();
        let outcome = tokio::time::timeout(PATIENCE, act).await;
        let outcome = outcome.unwrap_or_else(|_| {
            Err(anyhow::anyhow!("it did not happen within {} seconds", PATIENCE.as_secs()))
        });
        let took = began.elapsed().as_millis();
        let mark = if outcome.is_ok() { "\u{2713}" } else { "\u{2717}" };
        let object = json!({ "step": name, "done": outcome.is_ok(), "milliseconds": u64::try_from(took).unwrap_or(u64::MAX) });
        self.0.thing(format!("{mark} {name} ({took} ms)"), &object)?;
        self.0.flush()?;
        outcome.map_err(|error| error.context(format!("not done: {name}")))
    }
}

/// Looks again and again until something has happened; the step's patience bounds it.
pub async fn until(mut happened: impl AsyncFnMut() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    while !happened().await? {
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// An error when something is not as it should be.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> anyhow::Result<()> {
    if holds { Ok(()) } else { bail!(otherwise()) }
}
