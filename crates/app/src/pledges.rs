//! Everything one can do with a pledge: offer it, answer it, take it back.
//!
//! A tick in a poll and a form call the same [`take`]. Ticks of one giver are one pledge, and those within a
//! minute have one receipt. What crosses from one instance to another is in [`crossing`].

mod crossing;
#[cfg(test)]
mod tests;

use folkmoot_domain::{
    ActorId, ItemId, Moment, PledgeId, Refusal,
    calls::{Call, CallSeen},
    changes::ChangeKind,
    moments::{HOUR, MINUTE},
    pledges::{Door, Pledge, PledgeSeen, PledgeState},
    roles::Act,
};
use folkmoot_storage::{calls, calls::Moved, items, pledges};

use crate::{App, By, Doing, Error, Result};

pub(crate) use crossing::give_elsewhere;
pub use crossing::{Offered, agreed, answered_elsewhere, offered, withdraw_offered};

/// Ticks of one giver within this time have one receipt.
const RECEIPT_AFTER: i64 = MINUTE;
/// Tallies go out at most this often.
const TALLY_EVERY: i64 = 15 * MINUTE;
/// How far the need is met goes out at most this often.
const PROGRESS_EVERY: i64 = HOUR;

/// One answer to a call.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The call.
    pub call: ItemId,
    /// Who gives.
    pub giver: ActorId,
    /// The option, as it stands in the poll.
    pub option: String,
    /// The id of the vote, when it came as one.
    pub vote: Option<String>,
    /// Through which door.
    pub door: Door,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is a pledge, or part of one.
    Pledge(PledgeId),
    /// The call was over; the giver is told so, once.
    Late,
}

/// Takes an answer to a call. The same answer twice is one.
pub async fn take(app: &App, by: &By, answer: Answer) -> Result<Taken> {
    let doing = app.begin(by).await?;
    let taken = take_within(&doing, &answer).await?;
    doing
        .done(match taken {
            Taken::Pledge(_) => "an answer to a call is a pledge",
            Taken::Late => "an answer came after the call was over",
        })
        .await?;
    Ok(taken)
}

/// The same as a part of something that is done.
pub(crate) async fn take_within(doing: &Doing<'_>, answer: &Answer) -> Result<Taken> {
    let app = doing.app;
    let seen = calls::seen(&doing.tx.rows(), answer.call).await?.ok_or(Refusal::Unknown("call"))?;
    if !app.addresses.is_ours(&seen.seen.item.uri) {
        return Err(Refusal::NotHere.into());
    }
    let need = seen.call.need_named(&answer.option)?.position;
    // What has moved is answered where it lives now.
    let away = folkmoot_domain::moves::must_be_here(&seen.seen.home).is_err();
    if away || seen.call.takes_answers(doing.now).is_err() {
        return take_late(doing, &seen, answer).await;
    }
    let pledge = find_or_offer(doing, &seen, answer).await?;
    if pledges::tick(&doing.tx, pledge.id, need, answer.vote.as_deref(), doing.now).await? {
        let votes = i64::from(answer.door == Door::Vote);
        let (offered, taken) = match pledge.state {
            PledgeState::Accepted | PledgeState::Kept => (0, 1),
            _ => (1, 0),
        };
        calls::count_need(&doing.tx, answer.call, need, Moved { votes, offered, taken }).await?;
        tell_of_offer(doing, &seen, pledge.id, votes > 0).await?;
    }
    Ok(Taken::Pledge(pledge.id))
}

async fn take_late(doing: &Doing<'_>, seen: &CallSeen, answer: &Answer) -> Result<Taken> {
    let call = answer.call;
    if pledges::note_late_vote(&doing.tx, call, answer.giver, doing.now).await? {
        doing.change(ChangeKind::VotedLate, seen.seen.item.home, call.0, Some(answer.giver.0)).await?;
    }
    Ok(Taken::Late)
}

/// The giver's pledge to this call; one that was taken back or declined is offered anew.
async fn find_or_offer(doing: &Doing<'_>, seen: &CallSeen, answer: &Answer) -> Result<Pledge> {
    match pledges::of(&doing.tx.rows(), answer.call, answer.giver).await? {
        Some(mut known) => {
            if let Ok(offered) = known.state.to(PledgeState::Offered) {
                known.state = offered;
                known.offered = doing.now;
                known.answered = None;
                pledges::update(&doing.tx, &known).await?;
                for position in &known.needs {
                    let moved = Moved { offered: 1, ..Moved::default() };
                    calls::count_need(&doing.tx, answer.call, *position, moved).await?;
                }
                tell_of_offer(doing, seen, known.id, false).await?;
            }
            Ok(known)
        }
        None => offer(doing, answer).await,
    }
}

async fn offer(doing: &Doing<'_>, answer: &Answer) -> Result<Pledge> {
    let pledge = Pledge {
        id: doing.app.id(),
        call: answer.call,
        giver: answer.giver,
        state: PledgeState::Offered,
        door: answer.door,
        needs: Vec::new(),
        note: String::new(),
        answer: String::new(),
        receipt: doing.app.secret(),
        offer: None,
        agreement: None,
        offered: doing.now,
        answered: None,
    };
    pledges::insert(&doing.tx, &pledge).await?;
    if answer.door == Door::Vote {
        calls::count_voter(&doing.tx, answer.call).await?;
    }
    Ok(pledge)
}

async fn tell_of_offer(doing: &Doing<'_>, seen: &CallSeen, pledge: PledgeId, by_vote: bool) -> Result<()> {
    let (home, call) = (seen.seen.item.home, seen.seen.item.id);
    let receipt = doing.now.plus(RECEIPT_AFTER);
    doing.change_later(ChangeKind::PledgeOffered, home, call.0, Some(pledge.0), receipt).await?;
    if by_vote {
        let (tallied, _) = calls::told(&doing.tx.rows(), call).await?;
        let due = not_before(tallied, TALLY_EVERY, doing.now.plus(MINUTE));
        doing.change_later(ChangeKind::Tallied, home, call.0, None, due).await?;
    }
    Ok(())
}

fn not_before(last: Option<Moment>, every: i64, soonest: Moment) -> Moment {
    last.map_or(soonest, |last| soonest.max(last.plus(every)))
}

/// Answers a pledge on behalf of the organisers: accept, decline, or note that it was kept.
pub async fn answer(app: &App, by: &By, id: PledgeId, next: PledgeState, words: &str) -> Result<PledgeSeen> {
    let doing = app.begin(by).await?;
    let seen = pledges::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("pledge"))?;
    must_be_ours(&doing, seen.pledge.call).await?;
    doing.authorise(seen.home.id, Act::AnswerPledges).await?;
    if matches!(next, PledgeState::Offered | PledgeState::Withdrawn) {
        return Err(Refusal::PledgeCannot { from: seen.pledge.state.word(), to: next.word() }.into());
    }
    let mut pledge = seen.pledge;
    let before = pledge.state;
    pledge.answer(next, words, doing.now)?;
    pledges::update(&doing.tx, &pledge).await?;
    recount(&doing, &pledge, before).await?;
    doing.change(ChangeKind::PledgeAnswered, seen.home.id, pledge.call.0, Some(id.0)).await?;
    doing.done("a pledge was answered").await?;
    Ok(pledges::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("pledge"))?)
}

/// Takes a pledge back. Whoever holds the link of the receipt holds the pledge.
pub async fn withdraw(app: &App, receipt: &str) -> Result<PledgeSeen> {
    let doing = app.begin(&By::operator()).await?;
    let mut pledge =
        pledges::by_receipt(&doing.tx.rows(), receipt).await?.ok_or(Refusal::Unknown("pledge"))?;
    take_back(&doing, &mut pledge).await?;
    doing.done("a pledge was taken back").await?;
    Ok(pledges::seen(&app.store.rows(), pledge.id).await?.ok_or(Refusal::Unknown("pledge"))?)
}

/// The pledge behind the link of a receipt.
pub async fn by_receipt(app: &App, receipt: &str) -> Result<PledgeSeen> {
    let rows = app.store.rows();
    let pledge = pledges::by_receipt(&rows, receipt).await?.ok_or(Refusal::Unknown("pledge"))?;
    Ok(pledges::seen(&rows, pledge.id).await?.ok_or(Refusal::Unknown("pledge"))?)
}

/// Every live pledge of somebody who is gone is taken back.
pub(crate) async fn withdraw_all(doing: &Doing<'_>, giver: ActorId) -> Result<()> {
    for mut pledge in pledges::by_giver(&doing.tx.rows(), giver).await? {
        take_back(doing, &mut pledge).await?;
    }
    Ok(())
}

/// Counts it no more, or tells the home of a call elsewhere, which counts.
async fn take_back(doing: &Doing<'_>, pledge: &mut Pledge) -> Result<()> {
    let before = pledge.state;
    pledge.state = pledge.state.to(PledgeState::Withdrawn)?;
    pledges::update(&doing.tx, pledge).await?;
    match must_be_ours(doing, pledge.call).await {
        Err(Error::Refused(Refusal::NotHere)) => {
            let (kind, call) = (ChangeKind::PledgeTakenBack, pledge.call.0);
            let offer = pledge.offer.clone().unwrap_or_default();
            doing.change_saying(kind, pledge.giver, call, Some(pledge.id.0), &offer).await
        }
        ours => {
            ours?;
            recount(doing, pledge, before).await
        }
    }
}

/// Only the home of a call answers its pledges.
async fn must_be_ours(doing: &Doing<'_>, call: ItemId) -> Result<()> {
    let item = items::find(&doing.tx.rows(), call).await?.ok_or(Refusal::Unknown("call"))?;
    if doing.app.addresses.is_ours(&item.uri) { Ok(()) } else { Err(Refusal::NotHere.into()) }
}

/// Moves the counts of the call after a pledge moved, and says later how far the need is met.
async fn recount(doing: &Doing<'_>, pledge: &Pledge, before: PledgeState) -> Result<()> {
    let weigh = |state| match state {
        PledgeState::Offered => (1, 0),
        PledgeState::Accepted | PledgeState::Kept => (0, 1),
        PledgeState::Declined | PledgeState::Withdrawn => (0, 0),
    };
    let ((offered_before, taken_before), (offered, taken)) = (weigh(before), weigh(pledge.state));
    let moved = Moved { votes: 0, offered: offered - offered_before, taken: taken - taken_before };
    for position in &pledge.needs {
        calls::count_need(&doing.tx, pledge.call, *position, moved).await?;
    }
    if moved.taken == 0 {
        return Ok(());
    }
    let seen = calls::seen(&doing.tx.rows(), pledge.call).await?;
    let Some(CallSeen { call, needs, seen, .. }) = seen else {
        return Ok(());
    };
    let state = call.counted(&needs);
    calls::update(&doing.tx, &Call { state, ..call }).await?;
    let (_, progressed) = calls::told(&doing.tx.rows(), pledge.call).await?;
    let due = not_before(progressed, PROGRESS_EVERY, doing.now.plus(MINUTE));
    doing.change_later(ChangeKind::Progressed, seen.item.home, pledge.call.0, None, due).await
}
