//! Somebody we listen to, or are tied to, has moved.

use folkmoot_wire::incoming::Act;

use super::{Ended, Job, Unknown};

/// `Move`. It counts when the new one names the old one too.
pub(super) async fn moved(_job: &Job<'_>, _act: &Act) -> Result<Ended, Unknown> {
    Ok(Ended::ignored("left alone: Move", "moves are not followed yet"))
}
