//! How carries come of rules: an item is published, or carried by somebody a rule names, and so is carried by the rule's
//! own association, which others' rules may name in turn. Each carries it once, so that it ends.

use std::collections::HashSet;

use folkmoot_domain::{
    ActorId,
    carries::{self as domain, Carry, CarryState, Hand},
    items::{Item, ItemKind},
    rules::Rule,
};
use folkmoot_storage::{actors, associations, carries, items, rules as rule_rows};

use super::take_up;
use crate::{Doing, Result};

/// The rules about these sources look at an item, and those about whoever carries it by them.
pub(crate) async fn spread(doing: &Doing<'_>, item: &Item, mut sources: Vec<ActorId>) -> Result<()> {
    let causes = rule_rows::causes_of(&doing.tx.rows(), item.id).await?;
    let mut asked = HashSet::new();
    while let Some(source) = sources.pop() {
        if !asked.insert(source) {
            continue;
        }
        for rule in rule_rows::of_source(&doing.tx.rows(), source).await? {
            if finds(doing, &rule, item, &causes).await? {
                sources.push(rule.carrier);
            }
        }
    }
    Ok(())
}

/// A rule looks at an item; true when it is carried from now on because of that.
async fn finds(doing: &Doing<'_>, rule: &Rule, item: &Item, causes: &[String]) -> Result<bool> {
    if !rule.means(item, causes) || super::may_carry(doing, rule.carrier, item).await?.is_err() {
        return Ok(false);
    }
    let carrier = associations::find(&doing.tx.rows(), rule.carrier).await?;
    if carrier.is_none_or(|carrier| carrier.closed.is_some()) {
        return Ok(false);
    }
    Ok(take_up(doing, rule.carrier, item, "", Hand::Rule(rule.id, rule.review)).await?.fresh)
}

/// A new rule looks back at what its source published lately; the oldest of it goes first.
pub(crate) async fn back_to(doing: &Doing<'_>, rule: &Rule, most: u64) -> Result<()> {
    let mut lately = carries::lately(&doing.tx.rows(), rule.source, most).await?;
    lately.reverse();
    for id in lately {
        let Some(item) = items::find(&doing.tx.rows(), id).await? else { continue };
        let causes = rule_rows::causes_of(&doing.tx.rows(), id).await?;
        if finds(doing, rule, &item, &causes).await? {
            spread(doing, &item, vec![rule.carrier]).await?;
        }
    }
    Ok(())
}

/// News of the home of an item: whoever of ours carries the item passes them on too, since those who saw it second-hand
/// hear nothing else of it.
pub(super) async fn news(doing: &Doing<'_>, item: &Item) -> Result<()> {
    let rows = doing.tx.rows();
    if item.kind != ItemKind::Update {
        return Ok(());
    }
    let Some(about) = carries::subject(&rows, item.id).await? else { return Ok(()) };
    let Some(about) = items::find(&rows, about).await?.filter(|about| about.home == item.home) else {
        return Ok(());
    };
    for carry in carries::of_item(&rows, about.id, CarryState::Carried).await? {
        let ours = actors::find(&rows, carry.carrier).await?.is_some_and(|carrier| carrier.local);
        if ours && domain::may_carry(carry.carrier, item).is_ok() {
            take_up(doing, carry.carrier, item, "", Hand::News(carry.rule)).await?;
        }
    }
    Ok(())
}

/// Another rule of the same carrier for which it would carry this too. One whose source itself carries it for the sake of
/// a third does not count, or two could hold each other up for ever.
pub(super) async fn support(doing: &Doing<'_>, carry: &Carry) -> Result<Option<Rule>> {
    let rows = doing.tx.rows();
    let Some(item) = items::find(&rows, carry.item).await? else { return Ok(None) };
    let causes = rule_rows::causes_of(&rows, item.id).await?;
    for rule in rule_rows::of_carrier(&rows, carry.carrier).await? {
        if rule.means(&item, &causes) && holds_up(doing, rule.source, &item).await? {
            return Ok(Some(rule));
        }
    }
    Ok(None)
}

async fn holds_up(doing: &Doing<'_>, source: ActorId, item: &Item) -> Result<bool> {
    let rows = doing.tx.rows();
    if source == item.home {
        return Ok(true);
    }
    let found = carries::of(&rows, source, item.id).await?;
    let Some(carried) = found.filter(|carry| carry.state == CarryState::Carried) else { return Ok(false) };
    let Some(rule) = carried.rule else { return Ok(true) };
    Ok(rule_rows::find(&rows, rule).await?.is_none_or(|rule| rule.source == item.home))
}
