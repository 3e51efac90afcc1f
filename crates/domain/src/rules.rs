//! Rules by which an association carries by itself: "everything from X about #food within 3 km".

use crate::{
    ActorId, AffiliationId, Moment, RuleId,
    items::{Item, ItemKind},
    places::Around,
};

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// Who carries: one of ours.
    pub carrier: ActorId,
    /// From whom: what it publishes, and what it carries in turn.
    pub source: ActorId,
    /// Only these kinds; all when empty.
    pub kinds: Vec<ItemKind>,
    /// Only what fights for this cause, by its key.
    pub cause: Option<String>,
    /// Only what is shown near this point.
    pub near: Option<Near>,
    /// Does an organiser look first?
    pub review: bool,
    /// The affiliation that made it; it ends with it.
    pub affiliation: Option<AffiliationId>,
    /// When it was made.
    pub created: Moment,
}

/// A circle with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The name of its middle.
    pub name: String,
    /// The circle.
    pub around: Around,
}

impl Rule {
    /// Does it mean this item? `causes` are the keys of its causes. Who publishes or carries it is asked before.
    pub fn means(&self, item: &Item, causes: &[String]) -> bool {
        let kind = self.kinds.is_empty() || self.kinds.contains(&item.kind);
        let cause = self.cause.as_ref().is_none_or(|cause| causes.contains(cause));
        let near = self.near.as_ref().is_none_or(|near| {
            let point = item.place.as_ref().and_then(crate::places::Place::seen);
            point.is_some_and(|point| near.around.holds(point))
        });
        kind && cause && near
    }
}
