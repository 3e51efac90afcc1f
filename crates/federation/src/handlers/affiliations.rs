//! Ties that others propose, answer and end.

use folkmoot_wire::incoming::{Act, Answer, Proposed};

use super::{Ended, Job, Unknown};

/// `Offer{Relationship}` to one of ours.
pub(super) async fn proposed(_job: &Job<'_>, _proposed: &Proposed) -> Result<Ended, Unknown> {
    Ok(Ended::ignored("left alone: Offer", "ties of this kind mean nothing here"))
}

/// `Accept` or `Reject` of a tie that one of ours proposed; a later `Reject` ends it.
pub(super) async fn answered(_job: &Job<'_>, _yes: bool, _answer: &Answer) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}

/// `Undo{Offer}` of a tie.
pub(super) async fn taken_back(_job: &Job<'_>, _act: &Act) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}
