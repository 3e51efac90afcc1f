//! How carries end: by their carrier, by the home of the item, with a rule, with the item, with a server that is blocked.
//! What was carried only because somebody else carried it ends with that.

use folkmoot_domain::{
    ActorId, RuleId,
    carries::{Carry, CarryState},
    changes::ChangeKind,
    items::Item,
};
use folkmoot_storage::{actors, carries, items, rules as rule_rows};

use super::{end_all_of, spreading, tell};
use crate::{Doing, Result, connections};

/// Why an item cannot be carried any more, when that is so.
pub(super) fn why_not(item: &Item) -> Option<&'static str> {
    if item.deleted.is_some() {
        Some("it was deleted by whoever published it")
    } else if !item.reach.may_be_carried() {
        Some("it is not for everyone any more")
    } else if !item.carriable {
        Some("whoever published it does not want it passed on any more")
    } else {
        None
    }
}

/// Ends a carry, and everything that hangs on it. The carry as it stands then.
pub(crate) async fn end(doing: &Doing<'_>, carry: Carry, state: CarryState, why: &str) -> Result<Carry> {
    let id = carry.id;
    let mut ending = vec![(carry, state)];
    while let Some((carry, state)) = ending.pop() {
        ending.extend(
            end_one(doing, carry, state, why).await?.into_iter().map(|hung| (hung, CarryState::Ended)),
        );
    }
    Ok(carries::find(&doing.tx.rows(), id).await?.ok_or(folkmoot_domain::Refusal::Unknown("carry"))?)
}

/// Ends one, tells of it, and answers what hung on it.
async fn end_one(doing: &Doing<'_>, carry: Carry, state: CarryState, why: &str) -> Result<Vec<Carry>> {
    let rows = doing.tx.rows();
    let Some(mut carry) = carries::find(&rows, carry.id).await? else { return Ok(Vec::new()) };
    let before = carry.state;
    if before == state || (!carry.is_live() && state == CarryState::Ended) {
        return Ok(Vec::new());
    }
    carry.state = state;
    carry.ended = Some(doing.now);
    carry.why_ended = Some(why.to_owned());
    carries::update(&doing.tx, &carry).await?;
    if before != CarryState::Carried {
        return Ok(Vec::new());
    }
    let ours = actors::find(&rows, carry.carrier).await?.is_some_and(|carrier| carrier.local);
    if ours {
        tell(doing, ChangeKind::CarryEnded, &carry).await?;
    }
    let mut hung = Vec::new();
    for news in carries::news(&rows, carry.item).await? {
        hung.extend(carries::of(&rows, carry.carrier, news).await?.filter(Carry::is_live));
    }
    hung.extend(dependent(doing, &carry).await?);
    carries::settle(&doing.tx, carry.item).await?;
    Ok(hung)
}

/// Those of ours that carry the same thing only because this one did. Who has another reason keeps it for that.
async fn dependent(doing: &Doing<'_>, ended: &Carry) -> Result<Vec<Carry>> {
    let rows = doing.tx.rows();
    let mut hung = Vec::new();
    for state in [CarryState::Carried, CarryState::Waiting] {
        for carry in carries::of_item(&rows, ended.item, state).await? {
            let Some(rule) = carry.rule else { continue };
            let because =
                rule_rows::find(&rows, rule).await?.is_some_and(|rule| rule.source == ended.carrier);
            if because && !keeps(doing, &carry).await? {
                hung.push(carry);
            }
        }
    }
    Ok(hung)
}

/// Another rule holds a carry up; it is that rule's from now on.
async fn keeps(doing: &Doing<'_>, carry: &Carry) -> Result<bool> {
    let Some(rule) = spreading::support(doing, carry).await? else { return Ok(false) };
    carries::update(&doing.tx, &Carry { rule: Some(rule.id), ..carry.clone() }).await?;
    Ok(true)
}

/// An item cannot be carried any more, by nobody.
pub(super) async fn end_item(doing: &Doing<'_>, item: &Item, why: &str) -> Result<()> {
    for state in [CarryState::Waiting, CarryState::Carried] {
        for carry in carries::of_item(&doing.tx.rows(), item.id, state).await? {
            end(doing, carry, CarryState::Ended, why).await?;
        }
    }
    Ok(carries::settle(&doing.tx, item.id).await?)
}

/// A rule ended, and what it carried ends with it, unless another rule finds the same.
pub(crate) async fn without_rule(doing: &Doing<'_>, rule: RuleId, why: &str) -> Result<()> {
    for carry in carries::of_rule(&doing.tx.rows(), rule).await? {
        if !keeps(doing, &carry).await? {
            end(doing, carry, CarryState::Ended, why).await?;
        }
    }
    Ok(())
}

/// The actors of these are nothing to us any more: what they publish vanishes, what they carry counts no more, nobody
/// here listens to them.
async fn leave(doing: &Doing<'_>, actors: &[ActorId], why: &str) -> Result<()> {
    end_all_of(doing, actors, why).await?;
    for actor in actors {
        for carry in carries::of_carrier(&doing.tx.rows(), *actor).await? {
            end(doing, carry, CarryState::Ended, why).await?;
        }
        for rule in rule_rows::of_source(&doing.tx.rows(), *actor).await? {
            rule_rows::end(&doing.tx, rule.id, doing.now).await?;
        }
    }
    for (seeker, target) in carries::listeners(&doing.tx.rows(), actors).await? {
        connections::disconnect_within(doing, seeker, target).await?;
    }
    Ok(())
}

/// Servers are blocked: everything from them vanishes at once. `blocked` tells of a host.
pub(crate) async fn leave_servers(doing: &Doing<'_>, blocked: impl Fn(&str) -> bool) -> Result<()> {
    let strangers = carries::strangers(&doing.tx.rows()).await?;
    let theirs: Vec<ActorId> =
        strangers.into_iter().filter(|(_, host)| blocked(host)).map(|(actor, _)| actor).collect();
    leave(doing, &theirs, "the server it came from is blocked here").await
}

/// Somebody elsewhere is gone for good, and what they published with them.
pub(crate) async fn forget_home(doing: &Doing<'_>, gone: ActorId) -> Result<()> {
    for id in carries::living_of(&doing.tx.rows(), gone).await? {
        if let Some(item) = items::find(&doing.tx.rows(), id).await? {
            crate::items::erase(doing, item).await?;
        }
    }
    leave(doing, &[gone], "whoever published it is gone").await
}

/// One of ours closed: it carries nothing any more.
pub(crate) async fn carrier_closed(doing: &Doing<'_>, carrier: ActorId) -> Result<()> {
    for rule in rule_rows::of_carrier(&doing.tx.rows(), carrier).await? {
        rule_rows::end(&doing.tx, rule.id, doing.now).await?;
    }
    for carry in carries::of_carrier(&doing.tx.rows(), carrier).await? {
        end(doing, carry, CarryState::Ended, "its carrier closed").await?;
    }
    Ok(())
}

/// Somebody elsewhere wants to have nothing to do with one of ours: it carries nothing of theirs any more, nor ever again.
pub(crate) async fn end_between(doing: &Doing<'_>, carrier: ActorId, home: ActorId, why: &str) -> Result<()> {
    for rule in rule_rows::between(&doing.tx.rows(), carrier, home).await? {
        rule_rows::end(&doing.tx, rule.id, doing.now).await?;
    }
    for carry in carries::of_carrier(&doing.tx.rows(), carrier).await? {
        let item = items::find(&doing.tx.rows(), carry.item).await?;
        if item.is_some_and(|item| item.home == home) {
            end(doing, carry, CarryState::Refused, why).await?;
        }
    }
    Ok(())
}
