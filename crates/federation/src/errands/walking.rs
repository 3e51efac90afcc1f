//! Who is tied to those we know: their lists of ties, read within a budget, where they agree to be found.

use folkmoot_app::{App, Result};

use crate::door::Door;

/// Runs what is due. How many were run.
pub(super) async fn walk_due(_app: &App, _door: &Door) -> Result<usize> {
    Ok(0)
}
