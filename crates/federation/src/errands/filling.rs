//! The newest items of those we begin to listen to, pinned ones first, within a budget.

use folkmoot_app::{App, Result};

use crate::door::Door;

/// Runs what is due. How many were run.
pub(super) async fn fill_due(_app: &App, _door: &Door) -> Result<usize> {
    Ok(0)
}
