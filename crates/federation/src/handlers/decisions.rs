//! What an alliance elsewhere asks its members here, and what it says when the time is over.

use folkmoot_wire::foreign::ForeignItem;

use super::{Ended, Job, Unknown};

/// `Update` of a decision that one of ours may answer.
pub(super) async fn changed(_job: &Job<'_>, _item: &ForeignItem) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}
