//! To those we listen to: `Follow`, and `Undo` of it.

use folkmoot_app::{App, Result, changes::Saying};
use folkmoot_domain::changes::Change;

/// What is said about a change of this kind.
pub(super) async fn render(_app: &App, _change: &Change) -> Result<Vec<Saying>> {
    Ok(Vec::new())
}
