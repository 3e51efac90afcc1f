//! Roles in projects that others offer to take, answer and end.

use folkmoot_wire::incoming::{Act, Answer, Proposed};

use super::{Ended, Job, Unknown};

/// `Offer{Relationship civ:partnerIn}` about a project of ours; none when it is another kind of tie.
pub(super) async fn proposed(_job: &Job<'_>, _proposed: &Proposed) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}

/// `Accept` or `Reject` of a role that one of ours offered to take; a later `Reject` ends it.
pub(super) async fn answered(_job: &Job<'_>, _yes: bool, _answer: &Answer) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}

/// `Undo{Offer}` of a role.
pub(super) async fn taken_back(_job: &Job<'_>, _act: &Act) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}
