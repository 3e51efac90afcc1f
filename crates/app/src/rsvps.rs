//! "I will come": everything one can do with an RSVP.
//!
//! Somebody with an account comes with one tap, a visitor confirms from a letter, somebody elsewhere sends a `Join`: all
//! of them end in [`take`]. For an event that lives elsewhere its home is asked, and its answer counts. Start at
//! [`come`]; visitors are in [`visiting`], what comes from and goes to other servers is in [`crossing`].

mod crossing;
#[cfg(test)]
mod tests;
mod visiting;

use folkmoot_domain::{
    ActorId, ItemId, Refusal, RsvpId,
    changes::ChangeKind,
    events::EventSeen,
    moments::MINUTE,
    roles::{Act, Who},
    rsvps::{self as rules, Entry, Rsvp, RsvpSeen, RsvpState},
    visitors,
};
use folkmoot_storage::{Rows, events, items, rsvps};

use crate::{App, By, Doing, Result};

pub use crossing::{Joining, answered, join, leave};
pub use visiting::{Form, ask, confirm};

/// How many come is told to other servers at most this often.
const TELL_EVERY: i64 = 15 * MINUTE;

/// What somebody says about an event of ours.
struct Said {
    goer: ActorId,
    /// Going or maybe.
    state: RsvpState,
    entry: Entry,
    note: String,
    join: Option<String>,
    /// The secret of the receipt, when somebody has it already.
    receipt: Option<String>,
}

/// An event to which somebody can come, here or elsewhere.
pub async fn answerable(app: &App, id: ItemId) -> Result<EventSeen> {
    open(&app.store.rows(), id, app.now()).await
}

async fn open(rows: &Rows<'_>, id: ItemId, now: folkmoot_domain::Moment) -> Result<EventSeen> {
    let seen = events::seen(rows, id).await?.ok_or(Refusal::Unknown("event"))?;
    rules::open(&seen.event, now)?;
    Ok(seen)
}

/// Somebody who is signed in comes, or may come: one tap, and the secret of the receipt.
pub async fn come(app: &App, by: &By, event: ItemId, maybe: bool, note: &str) -> Result<String> {
    let Who::Person(goer) = by.who else {
        return Err(Refusal::Unknown("person").into());
    };
    let doing = app.begin(by).await?;
    let note = visitors::note(note)?;
    let seen = open(&doing.tx.rows(), event, doing.now).await?;
    let rsvp = if app.addresses.is_ours(&seen.seen.item.uri) {
        let state = if maybe { RsvpState::Maybe } else { RsvpState::Going };
        let said = Said { goer, state, entry: Entry::Page, note, join: None, receipt: None };
        take(&doing, &seen, said).await?
    } else {
        crossing::ask_elsewhere(&doing, &seen, goer, note).await?
    };
    doing.done("somebody with an account comes to an event").await?;
    Ok(rsvp.receipt)
}

/// Takes what somebody says about an event of ours. The same again is once; who waits keeps their place in the queue.
async fn take(doing: &Doing<'_>, seen: &EventSeen, said: Said) -> Result<Rsvp> {
    let event = seen.event.id;
    doing.tx.lock(&format!("event {event}")).await?;
    let rows = doing.tx.rows();
    let known = rsvps::of(&rows, event, said.goer).await?;
    let before = known.as_ref().map(|rsvp| rsvp.state);
    let state = match (said.state, before) {
        (RsvpState::Going, Some(stays @ (RsvpState::Going | RsvpState::Waiting))) => stays,
        (RsvpState::Going, _) => rules::place(seen.event.capacity, rsvps::heads(&rows, event).await?),
        (other, _) => other,
    };
    let new = known.is_none();
    let mut rsvp = known.unwrap_or_else(|| Rsvp {
        id: doing.app.id(),
        event,
        goer: said.goer,
        state,
        entry: said.entry,
        note: String::new(),
        answer: String::new(),
        receipt: said.receipt.unwrap_or_else(|| doing.app.secret()),
        join: None,
        asked: doing.now,
        answered: None,
    });
    if before.is_some_and(|before| before != state) {
        rsvp.asked = doing.now;
    }
    let words = if state == RsvpState::Refused { FULL } else { "" };
    rsvp.moves(state, words, doing.now)?;
    rsvp.join = said.join.or(rsvp.join);
    if !said.note.is_empty() {
        rsvp.note = said.note;
    }
    if new {
        rsvps::insert(&doing.tx, &rsvp).await?;
    } else {
        rsvps::update(&doing.tx, &rsvp).await?;
    }
    if before != Some(state) {
        recount(doing, seen).await?;
    }
    Ok(rsvp)
}

/// What is said when even the waiting list is full.
const FULL: &str = "All places are taken, and the waiting list is full.";

/// Counts who comes; lets those in who wait, as far as there is room; and other servers hear of it in a while.
async fn recount(doing: &Doing<'_>, seen: &EventSeen) -> Result<()> {
    let (event, home) = (seen.event.id, seen.seen.item.home);
    let mut heads = rsvps::heads(&doing.tx.rows(), event).await?;
    if rules::open(&seen.event, doing.now).is_ok() {
        let free = rules::left(seen.event.capacity, heads.going).unwrap_or(heads.waiting);
        let free = u64::try_from(free).unwrap_or_default();
        for mut next in rsvps::waiting(&doing.tx.rows(), event, free).await? {
            next.moves(RsvpState::Going, "", doing.now)?;
            rsvps::update(&doing.tx, &next).await?;
            doing.change(ChangeKind::RsvpAnswered, home, event.0, Some(next.id.0)).await?;
            heads.going += 1;
        }
    }
    events::set_going(&doing.tx, event, heads.going).await?;
    let due = doing.now.plus(TELL_EVERY);
    doing.change_later(ChangeKind::Tallied, home, event.0, None, due).await
}

/// The event changed, and there may be room for more.
pub(crate) async fn room_changed(doing: &Doing<'_>, event: ItemId) -> Result<()> {
    doing.tx.lock(&format!("event {event}")).await?;
    match events::seen(&doing.tx.rows(), event).await? {
        Some(seen) if !rsvps::waiting(&doing.tx.rows(), event, 1).await?.is_empty() => {
            recount(doing, &seen).await
        }
        _ => Ok(()),
    }
}

/// Takes an RSVP back. Whoever holds the link of the receipt holds it; twice is once.
pub async fn take_back(app: &App, receipt: &str) -> Result<RsvpSeen> {
    let doing = app.begin(&By::operator()).await?;
    let found = rsvps::by_receipt(&doing.tx.rows(), receipt).await?.ok_or(Refusal::Unknown("RSVP"))?;
    let id = found.id;
    stay_away(&doing, found).await?;
    doing.done("somebody does not come after all").await?;
    seen(app, id).await
}

/// Somebody does not come: for an event elsewhere its home is told.
async fn stay_away(doing: &Doing<'_>, mut rsvp: Rsvp) -> Result<()> {
    doing.tx.lock(&format!("event {}", rsvp.event)).await?;
    if !rsvp.state.lives() {
        return Ok(());
    }
    rsvp.moves(RsvpState::Not, "", doing.now)?;
    rsvps::update(&doing.tx, &rsvp).await?;
    let Some(item) = items::find(&doing.tx.rows(), rsvp.event).await? else { return Ok(()) };
    if !doing.app.addresses.is_ours(&item.uri) {
        let (kind, join) = (ChangeKind::RsvpTakenBack, rsvp.join.unwrap_or_default());
        return doing.change_saying(kind, rsvp.goer, rsvp.event.0, Some(rsvp.id.0), &join).await;
    }
    match events::seen(&doing.tx.rows(), rsvp.event).await? {
        Some(seen) => recount(doing, &seen).await,
        None => Ok(()),
    }
}

/// Everything that somebody said who is gone is taken back.
pub(crate) async fn take_back_all(doing: &Doing<'_>, goer: ActorId) -> Result<()> {
    for rsvp in rsvps::by_goer(&doing.tx.rows(), goer).await? {
        stay_away(doing, rsvp).await?;
    }
    Ok(())
}

/// The organisers say that somebody cannot come, and why.
pub async fn refuse(app: &App, by: &By, id: RsvpId, words: &str) -> Result<RsvpSeen> {
    let doing = app.begin(by).await?;
    let known = rsvps::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("RSVP"))?;
    if !app.addresses.is_ours(&known.event.uri) {
        return Err(Refusal::NotHere.into());
    }
    doing.authorise(known.home.id, Act::AnswerPledges).await?;
    let mut rsvp = known.rsvp;
    doing.tx.lock(&format!("event {}", rsvp.event)).await?;
    if rsvp.state.lives() {
        rsvp.moves(RsvpState::Refused, words, doing.now)?;
        rsvps::update(&doing.tx, &rsvp).await?;
        doing.change(ChangeKind::RsvpAnswered, known.home.id, rsvp.event.0, Some(id.0)).await?;
        if let Some(event) = events::seen(&doing.tx.rows(), rsvp.event).await? {
            recount(&doing, &event).await?;
        }
    }
    doing.done("the organisers said that somebody cannot come").await?;
    seen(app, id).await
}

/// The RSVP behind the link of a receipt.
pub async fn by_receipt(app: &App, receipt: &str) -> Result<RsvpSeen> {
    let found = rsvps::by_receipt(&app.store.rows(), receipt).await?;
    seen(app, found.ok_or(Refusal::Unknown("RSVP"))?.id).await
}

async fn seen(app: &App, id: RsvpId) -> Result<RsvpSeen> {
    Ok(rsvps::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("RSVP"))?)
}
