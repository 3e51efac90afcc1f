//! Pledges that cross from one instance to another (FEP-0837): offered there for a call of ours, and here for theirs.
//!
//! The home of the call counts and answers; whoever gave keeps a row of their own with what was said. Each side believes
//! the other only about its own half.

use folkmoot_domain::{
    ActorId, ItemId, PledgeId, Refusal,
    calls::CallSeen,
    changes::ChangeKind,
    pledges::{Door, Pledge, PledgeState},
    text,
};
use folkmoot_storage::{calls, items, pledges};

use super::{Answer, Taken, must_be_ours, take_back, take_within};
use crate::{App, By, Doing, Result, letters};

/// An `Offer{Agreement}` of somebody elsewhere for a call of ours.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The call.
    pub call: ItemId,
    /// The needs it answers, by position; none names the first.
    pub needs: Vec<i16>,
    /// The id of the `Offer`.
    pub offer: String,
    /// What they said to the organisers, plain text.
    pub note: String,
}

/// Takes an offer as a vote is taken. One that comes too late is told so; the same again is once.
pub async fn offered(app: &App, by: &By, offer: Offered) -> Result<Taken> {
    let doing = app.begin(by).await?;
    let giver = doing.remote()?;
    let rows = doing.tx.rows();
    if let Some(known) = pledges::by_offer(&rows, &offer.offer).await? {
        if known.giver != giver || known.call != offer.call {
            return Err(Refusal::NotTheOwner(offer.offer).into());
        }
        doing.done("an offer that is here already").await?;
        return Ok(Taken::Pledge(known.id));
    }
    let seen = calls::seen(&rows, offer.call).await?.ok_or(Refusal::Unknown("call"))?;
    must_be_ours(&doing, offer.call).await?;
    let labels = labels(&seen, &offer.needs)?;
    if seen.call.takes_answers(doing.now).is_err() {
        let (home, call) = (seen.seen.item.home, offer.call.0);
        doing.change_saying(ChangeKind::VotedLate, home, call, Some(giver.0), &offer.offer).await?;
        doing.done("an offer came after the call was over").await?;
        return Ok(Taken::Late);
    }
    for option in labels {
        let answer = Answer { call: offer.call, giver, option, vote: None, door: Door::Offer };
        take_within(&doing, &answer).await?;
    }
    let pledge = keep_offer(&doing, &seen, giver, &offer).await?;
    doing.done("an offer from another instance is a pledge").await?;
    Ok(Taken::Pledge(pledge))
}

/// The needs as the call names them; the first when none is named (FEP-0837: the primary intent).
fn labels(seen: &CallSeen, needs: &[i16]) -> Result<Vec<String>> {
    if needs.is_empty() {
        let first = seen.needs.first().ok_or(Refusal::Unknown("need"))?;
        return Ok(vec![first.need.label.clone()]);
    }
    let label = |position: &i16| {
        let need = seen.needs.iter().find(|need| need.need.position == *position);
        need.map(|need| need.need.label.clone())
            .ok_or_else(|| Refusal::NoSuchNeed(format!("need {}", i32::from(*position) + 1)).into())
    };
    needs.iter().map(label).collect()
}

/// From now on the answer goes to this offer. One that was accepted before is answered at once.
async fn keep_offer(doing: &Doing<'_>, seen: &CallSeen, giver: ActorId, offer: &Offered) -> Result<PledgeId> {
    let found = pledges::of(&doing.tx.rows(), offer.call, giver).await?;
    let mut pledge = found.ok_or(Refusal::Unknown("pledge"))?;
    pledge.offer = Some(offer.offer.clone());
    let note = text::excerpt(&offer.note, 1_000);
    if !note.is_empty() {
        pledge.note = note;
    }
    pledges::update(&doing.tx, &pledge).await?;
    if matches!(pledge.state, PledgeState::Accepted | PledgeState::Kept) {
        let (home, call) = (seen.seen.item.home, offer.call.0);
        doing.change(ChangeKind::PledgeAnswered, home, call, Some(pledge.id.0)).await?;
    }
    Ok(pledge.id)
}

/// Whoever offered takes it back. Twice is once.
pub async fn withdraw_offered(app: &App, by: &By, id: PledgeId) -> Result<()> {
    let doing = app.begin(by).await?;
    let giver = doing.remote()?;
    let mut pledge = pledges::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("pledge"))?;
    if pledge.giver != giver {
        return Err(Refusal::NotTheOwner(pledge.offer.unwrap_or_default()).into());
    }
    must_be_ours(&doing, pledge.call).await?;
    if pledge.state.lives() {
        take_back(&doing, &mut pledge).await?;
    }
    doing.done("an offer was taken back").await
}

/// Somebody here helps with a call that lives elsewhere: its home is told, and answers. What stands is not said twice.
pub(crate) async fn give_elsewhere(
    doing: &Doing<'_>,
    seen: &CallSeen,
    giver: ActorId,
    needs: &[i16],
    note: &str,
) -> Result<Pledge> {
    let call = seen.call.id;
    let known = pledges::of(&doing.tx.rows(), call, giver).await?;
    if let Some(known) = known.clone().filter(|known| known.state.lives()) {
        return Ok(known);
    }
    let offer = Some(doing.app.addresses.activity(doing.app.id()).to_string());
    let pledge = if let Some(mut known) = known {
        known.state = known.state.to(PledgeState::Offered)?;
        (known.offered, known.answered, known.answer) = (doing.now, None, String::new());
        (known.offer, known.agreement, known.note) = (offer, None, note.to_owned());
        pledges::update(&doing.tx, &known).await?;
        known
    } else {
        let pledge = Pledge {
            id: doing.app.id(),
            call,
            giver,
            state: PledgeState::Offered,
            door: Door::Page,
            needs: Vec::new(),
            note: note.to_owned(),
            answer: String::new(),
            receipt: doing.app.secret(),
            offer,
            agreement: None,
            offered: doing.now,
            answered: None,
        };
        pledges::insert(&doing.tx, &pledge).await?;
        pledge
    };
    pledges::untick(&doing.tx, pledge.id).await?;
    for need in needs {
        pledges::tick(&doing.tx, pledge.id, *need, None, doing.now).await?;
    }
    let offer = pledge.offer.clone().unwrap_or_default();
    doing.change_saying(ChangeKind::PledgeGiven, giver, call.0, Some(pledge.id.0), &offer).await?;
    Ok(pledge)
}

/// The home of a call elsewhere answers somebody of ours: yes with the id of an agreement, or no. Its words are theirs alone.
pub async fn answered_elsewhere(
    app: &App,
    by: &By,
    id: PledgeId,
    agreement: Option<String>,
    next: PledgeState,
    words: &str,
) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut pledge = of_their_call(&doing, id).await?;
    if pledge.state == next {
        return doing.done("an answer that changes nothing").await;
    }
    pledge.answer(next, &text::excerpt(words, 1_000), doing.now)?;
    pledge.agreement = agreement.or(pledge.agreement);
    pledges::update(&doing.tx, &pledge).await?;
    letters::pledge_answered(&doing, id).await?;
    doing.done("the home of a call answered").await
}

/// The home of a call elsewhere says that what was agreed was done.
pub async fn agreed(app: &App, by: &By, id: PledgeId, words: &str) -> Result<()> {
    answered_elsewhere(app, by, id, None, PledgeState::Kept, words).await
}

/// A pledge to a call of whoever asks.
async fn of_their_call(doing: &Doing<'_>, id: PledgeId) -> Result<Pledge> {
    let (home, rows) = (doing.remote()?, doing.tx.rows());
    let pledge = pledges::find(&rows, id).await?.ok_or(Refusal::Unknown("pledge"))?;
    let call = items::find(&rows, pledge.call).await?.ok_or(Refusal::Unknown("call"))?;
    if call.home != home || doing.app.addresses.is_ours(&call.uri) {
        return Err(Refusal::NotTheOwner(call.uri.to_string()).into());
    }
    Ok(pledge)
}
