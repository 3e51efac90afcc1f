//! Are the ties of ours still listed by both sides?

use folkmoot_app::{App, Result};

use crate::door::Door;

/// Runs what is due. How many were run.
pub(super) async fn check_due(_app: &App, _door: &Door) -> Result<usize> {
    Ok(0)
}
