//! What those we listen to say about that: yes, no, and no more.

use folkmoot_wire::incoming::{Act, Answer};

use super::{Ended, Job, Unknown};

/// `Accept` or `Reject` of a `Follow` of ours.
pub(super) async fn answered(_job: &Job<'_>, _yes: bool, _answer: &Answer) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}

/// `Block`: whoever blocks one of ours does not want to be listened to, nor carried.
pub(super) async fn blocked(_job: &Job<'_>, _act: &Act) -> Result<Ended, Unknown> {
    Ok(Ended::ignored("left alone: Block", "who blocks us also stops following us"))
}
