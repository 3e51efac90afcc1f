//! What is said about items of others that ours pass on, and to those who pass on ours.

use folkmoot_app::{App, Result, changes::Saying};
use folkmoot_domain::changes::Change;

/// What is said about a change of this kind.
pub(super) async fn render(_app: &App, _change: &Change) -> Result<Vec<Saying>> {
    Ok(Vec::new())
}
