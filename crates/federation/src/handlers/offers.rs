//! Pledges that cross from one instance to another (FEP-0837): offered, answered, taken back.

use folkmoot_wire::incoming::{Act, Answer};

use super::{Ended, Job, Unknown};

/// `Accept` or `Reject` of an `Offer{Agreement}` of somebody here.
pub(super) async fn answered(_job: &Job<'_>, _yes: bool, _answer: &Answer) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}

/// `Undo{Offer}` of a pledge to a call of ours.
pub(super) async fn taken_back(_job: &Job<'_>, _act: &Act) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}
