//! Everything one can do with a carry: pass an item on, with a reason or without, look at what a rule found, take it
//! down again; as its home, refuse it, or say that nothing of it is to be carried.
//!
//! What is heard of carriers elsewhere is in [`hearing`], how one carry leads to the next through rules in [`spreading`],
//! how they end in [`ending`]. Start at [`carry`].

mod ending;
mod hearing;
mod spreading;
#[cfg(test)]
mod tests;

use folkmoot_domain::{
    ActorId, CarryId, ItemId, Refusal, RuleId,
    carries::{self as domain, Carry, CarryState, Hand},
    changes::ChangeKind,
    items::Item,
    roles::Act,
};
use folkmoot_storage::{actors, carries, items, rules as rule_rows};

use crate::{App, By, Doing, Result, associations, items as published};

pub(crate) use ending::{carrier_closed, end, end_between, forget_home, leave_servers, without_rule};
pub use hearing::heard_of_end;
pub(crate) use hearing::{noticed, unboosted};
pub(crate) use spreading::{back_to, spread};

/// An organiser passes an item on to the followers of their association. Twice is once.
pub async fn carry(app: &App, by: &By, carrier: ActorId, item: ItemId, reason: &str) -> Result<Carry> {
    let doing = app.begin(by).await?;
    doing.authorise(carrier, Act::Organise).await?;
    associations::open(&doing, carrier).await?;
    let carry = by_hand(&doing, carrier, item, reason).await?;
    doing.done("an item is carried").await?;
    Ok(carry)
}

/// An organiser looked at what a rule found: with words they pass it on, for a reason or (empty) without; with none they
/// do not.
pub async fn look(app: &App, by: &By, id: CarryId, reason: Option<&str>) -> Result<Carry> {
    let doing = app.begin(by).await?;
    let carry = of_ours(&doing, id).await?;
    if carry.state != CarryState::Waiting {
        return Err(Refusal::Over("not waiting any more").into());
    }
    let carry = match reason {
        Some(reason) => by_hand(&doing, carry.carrier, carry.item, reason).await?,
        None => end(&doing, carry, CarryState::Ended, "its carrier looked at it and left it").await?,
    };
    doing.done("what a rule found was looked at").await?;
    Ok(carry)
}

/// An organiser takes down what their association passes on.
pub async fn take_down(app: &App, by: &By, id: CarryId) -> Result<Carry> {
    let doing = app.begin(by).await?;
    let carry = of_ours(&doing, id).await?;
    if !carry.is_live() {
        return Err(Refusal::Over("not passed on any more").into());
    }
    let carry = end(&doing, carry, CarryState::Ended, "its carrier took it down").await?;
    doing.done("a carry was taken down").await?;
    Ok(carry)
}

/// The organisers of an item do not want this one to carry it.
pub async fn refuse(app: &App, by: &By, id: CarryId) -> Result<Carry> {
    let doing = app.begin(by).await?;
    let carry = carries::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("carry"))?;
    published::changeable(&doing, carry.item, None).await?;
    if carry.state == CarryState::Refused {
        return Ok(carry);
    }
    let carry = end(&doing, carry, CarryState::Refused, WHY_REFUSED).await?;
    say_refused(&doing, &carry).await?;
    doing.done("a carry was refused").await?;
    Ok(carry)
}

/// Why a carry ended that the home of its item refused.
const WHY_REFUSED: &str = "whoever published it asked for it to be taken down";

/// The organisers of an item let others carry it, or do not. Everybody who has it hears of that.
pub async fn let_be_carried(app: &App, by: &By, id: ItemId, yes: bool) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut item = published::changeable(&doing, id, None).await?;
    if item.carriable != yes {
        item.carriable = yes;
        published::touch(&doing, &mut item).await?;
        doing.change(ChangeKind::Edited, item.home, item.id.0, None).await?;
        item_changed(&doing, id).await?;
    }
    doing.done("who may carry an item was changed").await
}

/// The home of an item that one of ours carries does not want that; `said` is the activity or the Note it names. False
/// when it names nothing that one of ours said.
pub async fn refused_by_home(app: &App, by: &By, said: &str) -> Result<bool> {
    let doing = app.begin(by).await?;
    let home = doing.remote()?;
    let Some(carry) = carries::by_uri(&doing.tx.rows(), said).await? else { return Ok(false) };
    let item = items::find(&doing.tx.rows(), carry.item).await?.ok_or(Refusal::Unknown("item"))?;
    if item.home != home {
        return Err(Refusal::NotTheOwner(said.to_owned()).into());
    }
    if carry.state != CarryState::Refused {
        end(&doing, carry, CarryState::Refused, WHY_REFUSED).await?;
    }
    doing.done("a carry was refused by the home of its item").await?;
    Ok(true)
}

/// One of ours passes an item on, as part of something else that is done. Twice is once; what its home does not let be
/// carried, what is not for everyone, and what is its own is not carried. The carry, when there is one.
pub(crate) async fn carry_within(
    doing: &Doing<'_>,
    carrier: ActorId,
    item: ItemId,
    reason: &str,
    rule: Option<RuleId>,
) -> Result<Option<CarryId>> {
    let rows = doing.tx.rows();
    let Some(item) = items::find(&rows, item).await? else { return Ok(None) };
    if may_carry(doing, carrier, &item).await?.is_err() {
        return Ok(None);
    }
    let hand = match rule {
        Some(rule) => {
            let review = rule_rows::living(&rows, rule).await?.is_some_and(|rule| rule.review);
            Hand::Rule(rule, review)
        }
        None => Hand::Person,
    };
    let taken = match take_up(doing, carrier, &item, &domain::reason(reason)?, hand).await {
        Err(crate::Error::Refused(_)) => return Ok(None),
        other => other?,
    };
    if taken.fresh {
        Box::pin(spread(doing, &item, vec![carrier])).await?;
    }
    Ok(taken.carry.map(|carry| carry.id))
}

/// An item of somebody else is new, was changed or deleted: rules look at it, and carries that cannot be any more end.
/// What its home says about it goes out by the same hands.
pub(crate) async fn item_changed(doing: &Doing<'_>, id: ItemId) -> Result<()> {
    let rows = doing.tx.rows();
    let Some(item) = items::find(&rows, id).await? else { return Ok(()) };
    if let Some(why) = ending::why_not(&item) {
        return Box::pin(ending::end_item(doing, &item, why)).await;
    }
    Box::pin(spreading::news(doing, &item)).await?;
    carries::settle(&doing.tx, id).await?;
    let mut sources = vec![item.home];
    sources.extend(carries::of_item(&rows, id, CarryState::Carried).await?.iter().map(|carry| carry.carrier));
    Box::pin(spread(doing, &item, sources)).await
}

/// Every carry of what these actors publish ends, here and at once: their server is blocked, or they are suspended.
pub(crate) async fn end_all_of(doing: &Doing<'_>, homes: &[ActorId], why: &str) -> Result<()> {
    for id in carries::of_homes(&doing.tx.rows(), homes).await? {
        if let Some(item) = items::find(&doing.tx.rows(), id).await? {
            ending::end_item(doing, &item, why).await?;
        }
    }
    Ok(())
}

/// An organiser takes it up.
async fn by_hand(doing: &Doing<'_>, carrier: ActorId, item: ItemId, reason: &str) -> Result<Carry> {
    let reason = domain::reason(reason)?;
    let item = items::find(&doing.tx.rows(), item).await?.ok_or(Refusal::Unknown("item"))?;
    may_carry(doing, carrier, &item).await??;
    let taken = take_up(doing, carrier, &item, &reason, Hand::Person).await?;
    if taken.fresh {
        Box::pin(spread(doing, &item, vec![carrier])).await?;
    }
    Ok(taken.carry.ok_or(Refusal::Unknown("item"))?)
}

/// The rules of `domain`, and that its home is there still and not blocked.
async fn may_carry(
    doing: &Doing<'_>,
    carrier: ActorId,
    item: &Item,
) -> Result<std::result::Result<(), Refusal>> {
    if let Err(refusal) = domain::may_carry(carrier, item) {
        return Ok(Err(refusal));
    }
    let home = actors::find(&doing.tx.rows(), item.home).await?;
    let Some(home) = home.filter(|home| home.gone.is_none()) else {
        return Ok(Err(Refusal::NotCarried("whoever published it is gone")));
    };
    if !home.local && crate::blocks::is_blocked_within(doing, &home.host).await? {
        return Ok(Err(Refusal::Blocked(home.host)));
    }
    Ok(Ok(()))
}

/// What came of taking something up.
struct Taken {
    /// The carry as it stands; none when a rule found what nobody may carry.
    carry: Option<Carry>,
    /// Was it not passed on before?
    fresh: bool,
}

/// Writes down that it is carried from now on, and that others must hear of it; or that it waits to be looked at.
async fn take_up(
    doing: &Doing<'_>,
    carrier: ActorId,
    item: &Item,
    reason: &str,
    hand: Hand,
) -> Result<Taken> {
    let known = carries::of(&doing.tx.rows(), carrier, item.id).await?;
    if let Some(known) = &known
        && !known.may_be_taken_up(hand)?
    {
        return Ok(Taken { carry: Some(known.clone()), fresh: false });
    }
    let waits = matches!(hand, Hand::Rule(_, true));
    let mut carry = Carry {
        id: known.as_ref().map_or_else(|| doing.app.id(), |known| known.id),
        carrier,
        item: item.id,
        state: if waits { CarryState::Waiting } else { CarryState::Carried },
        reason: reason.to_owned(),
        rule: match hand {
            Hand::Rule(rule, _) => Some(rule),
            Hand::News(rule) => rule,
            // What a rule found and somebody let pass is the rule's still: it goes when the rule goes.
            Hand::Person => known.as_ref().filter(|known| known.is_live()).and_then(|known| known.rule),
        },
        activity: None,
        note: None,
        since: doing.now,
        ended: None,
        why_ended: None,
    };
    if !waits {
        carry.activity = Some(doing.app.addresses.activity(doing.app.id()).into());
        carry.note = (!reason.is_empty()).then(|| doing.app.addresses.note(doing.app.id()).into());
    }
    store(doing, known.is_some(), &carry).await?;
    if !waits {
        tell(doing, ChangeKind::Carried, &carry).await?;
        carries::settle(&doing.tx, item.id).await?;
    }
    Ok(Taken { carry: Some(carry), fresh: !waits })
}

async fn store(doing: &Doing<'_>, known: bool, carry: &Carry) -> Result<()> {
    if known {
        carries::update(&doing.tx, carry).await?;
    } else {
        carries::insert(&doing.tx, carry).await?;
    }
    Ok(())
}

/// Followers hear of it. What was said, or is to be said, goes along: when it is told the row may say something else.
async fn tell(doing: &Doing<'_>, kind: ChangeKind, carry: &Carry) -> Result<()> {
    let said = [carry.activity.as_deref(), carry.note.as_deref()].into_iter().flatten();
    let words = said.collect::<Vec<_>>().join("\n");
    doing.change_saying(kind, carry.carrier, carry.id.0, Some(carry.item.0), &words).await
}

/// The carrier hears that the home of the item does not want it; one of ours has ended it already.
async fn say_refused(doing: &Doing<'_>, carry: &Carry) -> Result<()> {
    let rows = doing.tx.rows();
    let carrier = actors::find(&rows, carry.carrier).await?.ok_or(Refusal::Unknown("carrier"))?;
    let item = items::find(&rows, carry.item).await?.ok_or(Refusal::Unknown("item"))?;
    if !carrier.local {
        let (kind, item_id) = (ChangeKind::CarryRefused, Some(item.id.0));
        doing.change(kind, item.home, carry.id.0, item_id).await?;
    }
    Ok(())
}

/// A carry of an association that whoever asks organises.
async fn of_ours(doing: &Doing<'_>, id: CarryId) -> Result<Carry> {
    let rows = doing.tx.rows();
    let carry = carries::find(&rows, id).await?.ok_or(Refusal::Unknown("carry"))?;
    let carrier = actors::find(&rows, carry.carrier).await?.filter(|carrier| carrier.local);
    carrier.ok_or(Refusal::NotHere)?;
    doing.authorise(carry.carrier, Act::Organise).await?;
    Ok(carry)
}
