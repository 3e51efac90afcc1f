//! What is heard of those elsewhere who carry: that they do, and that they do no more. Activities come in any order, so that
//! everything that says so and was not taken back is kept, and what was taken back stays dead.

use folkmoot_domain::{
    ActorId, ItemId,
    carries::{self as domain, Carry, CarryState},
};
use folkmoot_storage::{carries, items, tombstones};

use super::{WHY_REFUSED, end, say_refused, spread, store};
use crate::{App, By, Doing, Result};

/// More ways of saying the same are not kept of one carrier about one item.
const MANY_SAID: usize = 8;

/// An association elsewhere takes down what it passed on: by what said it, the activity or the Note, or by the item. What
/// was never heard of stays dead, should it come late.
pub async fn heard_of_end(app: &App, by: &By, said: Option<&str>, item: Option<ItemId>) -> Result<()> {
    let doing = app.begin(by).await?;
    let carrier = doing.remote()?;
    let rows = doing.tx.rows();
    let mut found = match said {
        Some(said) => carries::said_by(&rows, carrier, said).await?,
        None => None,
    };
    if let Some(item) = item.filter(|_| found.is_none()) {
        found = carries::of(&rows, carrier, item).await?;
    }
    taken_back(&doing, found, said).await?;
    doing.done("somebody carries an item no more").await
}

/// One of the things with which somebody elsewhere passed an item on is taken back; when none is left it ends.
async fn taken_back(doing: &Doing<'_>, found: Option<Carry>, said: Option<&str>) -> Result<()> {
    if let Some(said) = said {
        tombstones::insert(&doing.tx, said, doing.now).await?;
    }
    let Some(mut carry) = found.filter(|carry| carry.state == CarryState::Carried) else { return Ok(()) };
    let left: Vec<String> =
        carry.said().filter(|one| said.is_some_and(|said| *one != said)).map(str::to_owned).collect();
    if left.is_empty() {
        return unnoticed(doing, carry.carrier, carry.item).await;
    }
    carry.note = carry.note.filter(|note| left.contains(note));
    let activities = left.into_iter().filter(|one| carry.note.as_ref() != Some(one));
    carry.activity = Some(activities.collect::<Vec<_>>().join("\n")).filter(|said| !said.is_empty());
    Ok(carries::update(&doing.tx, &carry).await?)
}

/// The boost of one of ours by an association elsewhere is taken back; `said` is its id.
pub(crate) async fn unboosted(
    doing: &Doing<'_>,
    carrier: ActorId,
    item: ItemId,
    said: Option<&str>,
) -> Result<()> {
    let found = carries::of(&doing.tx.rows(), carrier, item).await?;
    taken_back(doing, found, said).await
}

/// An association elsewhere passes an item on: its boost or its quote came in. Noted, counted, and taken up by rules.
pub(crate) async fn noticed(
    doing: &Doing<'_>,
    carrier: ActorId,
    item: ItemId,
    activity: Option<&str>,
    note: Option<&str>,
) -> Result<()> {
    let rows = doing.tx.rows();
    let Some(item) = items::find(&rows, item).await?.filter(|item| item.deleted.is_none()) else {
        return Ok(());
    };
    for said in [activity, note].into_iter().flatten() {
        if tombstones::is_dead(&rows, said).await? {
            return Ok(());
        }
    }
    let known = carries::of(&rows, carrier, item.id).await?;
    let refused = known.as_ref().is_some_and(|known| known.state == CarryState::Refused);
    let unwanted = refused || domain::may_carry(carrier, &item).is_err();
    let ours = doing.app.addresses.is_ours(&item.uri);
    if item.home == carrier || (unwanted && !ours) {
        return Ok(());
    }
    let state = if unwanted { CarryState::Refused } else { CarryState::Carried };
    let standing = known.as_ref().filter(|known| known.state == CarryState::Carried);
    let (activity, note) = all_said(standing, activity, note);
    let carry = Carry {
        id: known.as_ref().map_or_else(|| doing.app.id(), |known| known.id),
        carrier,
        item: item.id,
        state,
        reason: String::new(),
        rule: None,
        activity,
        note,
        since: standing.map_or(doing.now, |known| known.since),
        ended: unwanted.then_some(doing.now),
        why_ended: unwanted.then(|| WHY_REFUSED.to_owned()),
    };
    store(doing, known.is_some(), &carry).await?;
    if unwanted {
        return say_refused(doing, &carry).await;
    }
    carries::settle(&doing.tx, item.id).await?;
    Box::pin(spread(doing, &item, vec![carrier])).await
}

/// What says it already, and what says it now: which was said first is not known, and any of it may be taken back.
fn all_said(
    standing: Option<&Carry>,
    activity: Option<&str>,
    note: Option<&str>,
) -> (Option<String>, Option<String>) {
    let mut said: Vec<&str> = standing.iter().flat_map(|known| known.said()).chain(activity).collect();
    said.retain(|one| Some(*one) != note);
    let mut all: Vec<&str> = Vec::new();
    for one in said {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    let newest = all.len().saturating_sub(MANY_SAID);
    let activity = all.split_off(newest).join("\n");
    let note = note.or_else(|| standing.and_then(|known| known.note.as_deref()));
    let activity = activity.lines().filter(|one| Some(*one) != note).collect::<Vec<_>>().join("\n");
    (Some(activity).filter(|said| !said.is_empty()), note.map(str::to_owned))
}

/// An association elsewhere passes it on no more.
async fn unnoticed(doing: &Doing<'_>, carrier: ActorId, item: ItemId) -> Result<()> {
    if let Some(carry) = carries::of(&doing.tx.rows(), carrier, item).await?.filter(Carry::is_live) {
        end(doing, carry, CarryState::Ended, "its carrier took it down").await?;
    }
    Ok(())
}
