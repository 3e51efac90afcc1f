//! Everything one can do with a rule by which an association carries: make it, end it; and what it finds.

use folkmoot_domain::{ActorId, RuleId, rules::Rule};

use crate::{Doing, Result};

/// Makes a rule as part of something else that is done; what its source published lately is looked at too.
pub(crate) async fn make_within(_doing: &Doing<'_>, _rule: &Rule) -> Result<()> {
    Ok(())
}

/// Ends a rule as part of something else that is done. With `carries`, what it carried is taken down too.
pub(crate) async fn end_within(_doing: &Doing<'_>, _rule: RuleId, _carries: bool) -> Result<()> {
    Ok(())
}

/// The living rules of a carrier for a source.
pub(crate) async fn between(_doing: &Doing<'_>, _carrier: ActorId, _source: ActorId) -> Result<Vec<Rule>> {
    Ok(Vec::new())
}
