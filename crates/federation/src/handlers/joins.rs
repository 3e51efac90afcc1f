//! Who comes to events: asked, answered, taken back.

use folkmoot_wire::incoming::{Act, Answer};

use super::{Ended, Job, Unknown};

/// `Join` of an event of ours.
pub(super) async fn join(_job: &Job<'_>, _act: &Act) -> Result<Ended, Unknown> {
    Ok(Ended::ignored("left alone: Join", "answers to events are not taken yet"))
}

/// `Leave` of one.
pub(super) async fn leave(_job: &Job<'_>, _act: &Act) -> Result<Ended, Unknown> {
    Ok(Ended::ignored("left alone: Join", "answers to events are not taken yet"))
}

/// `Accept` or `Reject` of a `Join` of somebody here.
pub(super) async fn answered(_job: &Job<'_>, _yes: bool, _answer: &Answer) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}
