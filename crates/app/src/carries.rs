//! Everything one can do with a carry: pass an item on, with a reason or without, look at what a rule found, take it
//! down again; as its home, refuse it.

use folkmoot_domain::{ActorId, CarryId, ItemId, RuleId};

use crate::{Doing, Result};

/// One of ours passes an item on, as part of something else that is done. Twice is once; what its home does not let be
/// carried, what is not for everyone, and what is its own is not carried. The carry, when there is one.
pub(crate) async fn carry_within(
    _doing: &Doing<'_>,
    _carrier: ActorId,
    _item: ItemId,
    _reason: &str,
    _rule: Option<RuleId>,
) -> Result<Option<CarryId>> {
    Ok(None)
}

/// An association elsewhere passes an item on: its boost or its quote came in. Noted, counted, and taken up by rules.
pub(crate) async fn noticed(
    _doing: &Doing<'_>,
    _carrier: ActorId,
    _item: ItemId,
    _activity: Option<&str>,
    _note: Option<&str>,
) -> Result<()> {
    Ok(())
}

/// An association elsewhere passes it on no more.
pub(crate) async fn unnoticed(_doing: &Doing<'_>, _carrier: ActorId, _item: ItemId) -> Result<()> {
    Ok(())
}

/// An item of somebody else is new, was changed or deleted: rules look at it, and carries that cannot be any more end.
pub(crate) async fn item_changed(_doing: &Doing<'_>, _item: ItemId) -> Result<()> {
    Ok(())
}

/// Every carry of what these actors publish ends, here and at once: their server is blocked, or they are suspended.
pub(crate) async fn end_all_of(_doing: &Doing<'_>, _homes: &[ActorId], _why: &str) -> Result<()> {
    Ok(())
}
