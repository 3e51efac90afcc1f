//! Which letters a change causes: those who offered help hear what became of it, organisers hear what waits for them.
//!
//! They are written in the transaction in which the change is told ([`crate::changes::tell`]). Whoever came from
//! elsewhere hears by their own server instead, and whoever left no mail address is called. Start at [`write()`].

use folkmoot_domain::{
    ActorId, ItemId, PartnershipId, PledgeId, RsvpId,
    actors::Actor,
    calls::{CallSeen, CallState},
    changes::{Change, ChangeKind},
    events::{EventSeen, EventState},
    items::Item,
    moments::{self, HOUR},
    people::Person,
    pledges::{PledgeSeen, PledgeState},
    roles::Role,
    rsvps::Rsvp,
    visitors::NAMELESS,
};
use folkmoot_storage::{
    actors, calls, events, items, partnerships, people, pledges, replies, rsvps, visitors,
};

use crate::{Doing, Result, mails::Letter};

/// A letter about replies to one item goes at most this often.
const REPLIES_EVERY: i64 = HOUR;

/// Writes what a change causes.
pub(crate) async fn write(doing: &Doing<'_>, change: &Change) -> Result<()> {
    match (change.kind, change.subject) {
        (ChangeKind::PledgeOffered, Some(pledge)) => pledge_waits(doing, PledgeId(pledge)).await,
        (ChangeKind::PledgeAnswered, Some(pledge)) => pledge_answered(doing, PledgeId(pledge)).await,
        (ChangeKind::Closed | ChangeKind::Cancelled | ChangeKind::Parked, _) => {
            call_over(doing, ItemId(change.object)).await?;
            event_off(doing, ItemId(change.object)).await
        }
        (ChangeKind::RsvpAnswered, Some(rsvp)) => rsvp_answered(doing, RsvpId(rsvp)).await,
        (ChangeKind::ReplyHeld, _) => reply_waits(doing, ItemId(change.object)).await,
        _ => Ok(()),
    }
}

/// A reply is held: a letter says so, with all that came since the last one.
pub(crate) async fn reply_is_held(doing: &Doing<'_>, item: ItemId) -> Result<()> {
    let Some(item) = items::find(&doing.tx.rows(), item).await? else { return Ok(()) };
    let told = replies::told(&doing.tx.rows(), item.id).await?;
    let due = told.map_or(doing.now, |told| doing.now.max(told.plus(REPLIES_EVERY)));
    doing.change_later(ChangeKind::ReplyHeld, item.home, item.id.0, None, due).await
}

/// One letter for each time a pledge is offered, however many ticks it has.
async fn pledge_waits(doing: &Doing<'_>, id: PledgeId) -> Result<()> {
    let rows = doing.tx.rows();
    let Some(seen) = pledges::seen(&rows, id).await? else { return Ok(()) };
    let told = pledges::told(&rows, id).await?.is_some_and(|told| told >= seen.pledge.offered);
    if seen.pledge.state != PledgeState::Offered || told {
        return Ok(());
    }
    let letter = Letter::PledgeWaits {
        association: seen.home.name.clone(),
        giver: giver(&seen),
        call: seen.call.title.clone(),
        needs: seen.labels.clone(),
        note: seen.pledge.note.clone(),
        link: desk(doing),
    };
    for organiser in with_role(doing, seen.home.id, Role::Organiser).await? {
        doing.write_to(&organiser.email, &letter).await?;
    }
    Ok(())
}

/// Who offers, as the organisers know them.
fn giver(seen: &PledgeSeen) -> String {
    let (name, actor) = (seen.giver.name.trim(), &seen.giver);
    match (name.is_empty(), actor.local) {
        (true, true) => NAMELESS.to_owned(),
        (false, true) => name.to_owned(),
        (true, false) => actor.address(),
        (false, false) => format!("{name} ({})", actor.address()),
    }
}

/// The organisers, here or elsewhere, answered somebody who lives here.
pub(crate) async fn pledge_answered(doing: &Doing<'_>, id: PledgeId) -> Result<()> {
    let rows = doing.tx.rows();
    let Some(seen) = pledges::seen(&rows, id).await? else { return Ok(()) };
    let state = seen.pledge.state;
    if !matches!(state, PledgeState::Accepted | PledgeState::Declined | PledgeState::Kept) {
        return Ok(());
    }
    let letter = Letter::PledgeAnswered {
        name: seen.giver.name.clone(),
        association: seen.home.name.clone(),
        call: seen.call.title.clone(),
        state: state.word().to_owned(),
        words: seen.pledge.answer.clone(),
        link: doing.app.addresses.receipt(&seen.pledge.receipt).into(),
    };
    write_to_giver(doing, seen.giver.id, &letter).await
}

/// When an event is, in words.
pub(crate) fn when(seen: &EventSeen) -> String {
    moments::span_in_words(seen.event.starts, seen.event.ends, &seen.event.time_zone())
}

/// How it stands with somebody who wants to come.
pub(crate) fn rsvp_stands(doing: &Doing<'_>, seen: &EventSeen, rsvp: &Rsvp, name: String) -> Letter {
    Letter::RsvpStands {
        name,
        association: seen.seen.home.name.clone(),
        event: seen.seen.item.title.clone(),
        when: when(seen),
        state: rsvp.state.word().to_owned(),
        words: rsvp.answer.clone(),
        link: doing.app.addresses.coming(&rsvp.receipt).into(),
    }
}

/// Somebody here who wants to come is answered: by the home of the event, or since a place became free.
pub(crate) async fn rsvp_answered(doing: &Doing<'_>, id: RsvpId) -> Result<()> {
    let rows = doing.tx.rows();
    let Some(seen) = rsvps::seen(&rows, id).await?.filter(|seen| seen.goer.local) else { return Ok(()) };
    let Some(event) = events::seen(&rows, seen.rsvp.event).await? else { return Ok(()) };
    let (goer, name) = (seen.goer.id, seen.goer.name);
    write_to_giver(doing, goer, &rsvp_stands(doing, &event, &seen.rsvp, name)).await
}

/// An event is called off: whoever lives here and wanted to come hears of it.
async fn event_off(doing: &Doing<'_>, id: ItemId) -> Result<()> {
    let rows = doing.tx.rows();
    let Some(seen) = events::seen(&rows, id).await? else { return Ok(()) };
    let EventState::Cancelled { reason, .. } = &seen.event.state else { return Ok(()) };
    for goer in rsvps::of_event(&rows, id, false).await?.into_iter().filter(|seen| seen.goer.local) {
        let letter = Letter::EventOff {
            name: goer.goer.name,
            association: seen.seen.home.name.clone(),
            event: seen.seen.item.title.clone(),
            when: when(&seen),
            reason: reason.clone(),
            link: seen.seen.item.page.to_string(),
        };
        write_to_giver(doing, goer.goer.id, &letter).await?;
    }
    Ok(())
}

/// To somebody who lives here and left a mail address.
async fn write_to_giver(doing: &Doing<'_>, giver: ActorId, letter: &Letter) -> Result<()> {
    let reach = visitors::reach(&doing.tx.rows(), giver).await?;
    match reach.and_then(|reach| reach.email) {
        Some(email) => doing.write_to(&email, letter).await,
        None => Ok(()),
    }
}

/// To everybody whose pledge stands. Nothing when the call went on meanwhile, and nothing about other things than calls.
async fn call_over(doing: &Doing<'_>, id: ItemId) -> Result<()> {
    let rows = doing.tx.rows();
    let Some(seen) = calls::seen(&rows, id).await? else { return Ok(()) };
    let Some((words, thanks)) = ending(&seen) else { return Ok(()) };
    write_to_givers(doing, &seen, seen.call.state.word(), &words, &thanks).await
}

/// A call is taken down while people count on it: for them it is called off. Its words are still there.
pub(crate) async fn call_is_taken_down(doing: &Doing<'_>, id: ItemId) -> Result<()> {
    let Some(seen) = calls::seen(&doing.tx.rows(), id).await? else { return Ok(()) };
    match seen.call.state {
        CallState::Closed { .. } | CallState::Cancelled { .. } => Ok(()),
        _ => write_to_givers(doing, &seen, "cancelled", "", "").await,
    }
}

async fn write_to_givers(
    doing: &Doing<'_>,
    seen: &CallSeen,
    how: &str,
    words: &str,
    thanks: &str,
) -> Result<()> {
    let rows = doing.tx.rows();
    for pledge in pledges::givers(&rows, seen.call.id).await? {
        let Some(giver) = actors::find(&rows, pledge.giver).await?.filter(|giver| giver.local) else {
            continue;
        };
        let letter = Letter::CallOver {
            name: giver.name,
            association: seen.seen.home.name.clone(),
            call: seen.seen.item.title.clone(),
            how: how.to_owned(),
            words: words.to_owned(),
            thanks: thanks.to_owned(),
            link: seen.seen.item.page.to_string(),
        };
        write_to_giver(doing, giver.id, &letter).await?;
    }
    Ok(())
}

fn ending(seen: &CallSeen) -> Option<(String, String)> {
    match &seen.call.state {
        CallState::Closed { outcome, thanks, .. } => Some((outcome.clone(), thanks.clone())),
        CallState::Cancelled { reason, .. } => Some((reason.clone(), String::new())),
        CallState::AnotherDay(day) => Some((day.reason.clone(), String::new())),
        CallState::Open | CallState::Filled => None,
    }
}

/// To organisers and stewards; what was written to the organisers alone is no news for stewards. Nothing when all was
/// looked at meanwhile.
async fn reply_waits(doing: &Doing<'_>, id: ItemId) -> Result<()> {
    let rows = doing.tx.rows();
    let held = replies::held_under(&rows, id).await?;
    let Some(item) = items::find(&rows, id).await?.filter(|_| !held.is_empty()) else {
        return Ok(());
    };
    let newest = |seen_by_stewards: bool| held.iter().find(|seen| !(seen_by_stewards && seen.reply.direct));
    let association = actors::find(&rows, item.home).await?.map(|home| home.name).unwrap_or_default();
    for (person, organises) in who_looks(doing, item.home).await? {
        let Some(reply) = newest(!organises) else { continue };
        let author = &reply.author;
        let letter = Letter::ReplyWaits {
            association: association.clone(),
            author: if author.name.is_empty() { author.address() } else { author.name.clone() },
            about: item.title.clone(),
            link: desk(doing),
        };
        doing.write_to(&person.email, &letter).await?;
    }
    Ok(replies::mark_told(&doing.tx, id, doing.now).await?)
}

/// Who looks at what others write to a home, and may they see what is for organisers alone? For what is nobody's these
/// are the stewards of the board.
async fn who_looks(doing: &Doing<'_>, home: ActorId) -> Result<Vec<(Person, bool)>> {
    let rows = doing.tx.rows();
    if folkmoot_storage::associations::find(&rows, home).await?.is_none() {
        let stewards = people::stewards(&rows).await?;
        return Ok(stewards.into_iter().map(|person| (person, true)).collect());
    }
    let held = people::of_association(&rows, home).await?;
    Ok(held.into_iter().map(|(person, roles)| (person, roles.contains(&Role::Organiser))).collect())
}

async fn with_role(doing: &Doing<'_>, association: ActorId, role: Role) -> Result<Vec<Person>> {
    let held = people::of_association(&doing.tx.rows(), association).await?;
    Ok(held.into_iter().filter(|(_, roles)| roles.contains(&role)).map(|(person, _)| person).collect())
}

/// To the organisers of a project: somebody offers to take a role in it.
pub(crate) async fn partnership_waits(doing: &Doing<'_>, id: PartnershipId) -> Result<()> {
    let Some(seen) = partnerships::seen(&doing.tx.rows(), id).await? else { return Ok(()) };
    let letter = Letter::PartnershipWaits {
        association: seen.home.name.clone(),
        partner: called(&seen.partner),
        role: seen.partnership.role.clone(),
        project: seen.project.title.clone(),
        words: seen.partnership.words.clone(),
        link: doing.app.addresses.at("/desk/partners").into(),
    };
    to_organisers(doing, seen.home.id, &letter).await
}

/// To the organisers of a partner: what the project's home said.
pub(crate) async fn partnership_answered(doing: &Doing<'_>, id: PartnershipId) -> Result<()> {
    let Some(seen) = partnerships::seen(&doing.tx.rows(), id).await? else { return Ok(()) };
    let letter = Letter::PartnershipAnswered {
        association: seen.partner.name.clone(),
        home: called(&seen.home),
        role: seen.partnership.role.clone(),
        project: seen.project.title.clone(),
        state: seen.partnership.state.word().to_owned(),
        words: seen.partnership.answer.clone(),
        link: doing.app.addresses.at("/desk/partners").into(),
    };
    to_organisers(doing, seen.partner.id, &letter).await
}

/// To the organisers of the other side, when they are here: it is over.
pub(crate) async fn partnership_ended(doing: &Doing<'_>, id: PartnershipId, to: ActorId) -> Result<()> {
    let Some(seen) = partnerships::seen(&doing.tx.rows(), id).await? else { return Ok(()) };
    let (reader, other) =
        if to == seen.home.id { (&seen.home, &seen.partner) } else { (&seen.partner, &seen.home) };
    let letter = Letter::PartnershipEnded {
        association: reader.name.clone(),
        other: called(other),
        role: seen.partnership.role.clone(),
        project: seen.project.title.clone(),
        link: doing.app.addresses.at("/desk/partners").into(),
    };
    to_organisers(doing, reader.id, &letter).await
}

/// To the organisers of an idea: somebody takes it up.
pub(crate) async fn idea_taken_up(doing: &Doing<'_>, child: ItemId, parent: &Item) -> Result<()> {
    let rows = doing.tx.rows();
    let Some(child) = items::find(&rows, child).await? else { return Ok(()) };
    let by = actors::find(&rows, child.home).await?.map(|home| called(&home)).unwrap_or_default();
    let association = actors::find(&rows, parent.home).await?.map(|home| home.name).unwrap_or_default();
    let letter = Letter::IdeaTakenUp {
        association,
        project: parent.title.clone(),
        by,
        child: child.title,
        link: doing.app.addresses.at("/desk/partners").into(),
    };
    to_organisers(doing, parent.home, &letter).await
}

/// The name of an association, with its address when it lives elsewhere.
fn called(actor: &Actor) -> String {
    match (actor.name.trim().is_empty(), actor.local) {
        (true, _) => actor.address(),
        (false, true) => actor.name.clone(),
        (false, false) => format!("{} ({})", actor.name, actor.address()),
    }
}

async fn to_organisers(doing: &Doing<'_>, association: ActorId, letter: &Letter) -> Result<()> {
    for organiser in with_role(doing, association, Role::Organiser).await? {
        doing.write_to(&organiser.email, letter).await?;
    }
    Ok(())
}

fn desk(doing: &Doing<'_>) -> String {
    doing.app.addresses.at("/desk").into()
}
