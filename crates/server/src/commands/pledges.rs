//! `folkmoot pledges`: lists answers to calls, and answers them.

use folkmoot_app::{App, By, offers, pledges};
use folkmoot_domain::{
    ItemId, Moment, Refusal,
    items::ItemKind,
    pledges::{PledgeSeen, PledgeState},
    text::Handle,
    visitors::NAMELESS,
};
use serde_json::{Value, json};

use super::{Answers, answers::sheet, finding};
use crate::{
    cli::{PledgeAnswer, Pledges},
    front_matter::ItemName,
};

/// Most pledges of one association that are looked through.
const MOST: u64 = 10_000;

/// Does what was asked.
pub async fn run(what: Pledges, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    match what {
        Pledges::List { association, call, state } => {
            let found = found(app, association.as_ref(), call.as_ref(), state).await?;
            list(&found, answers)
        }
        Pledges::Give { call, person, needs, note } => {
            let (call, by) = (finding::item(app, &call).await?, finding::person(app, &person).await?);
            let all = || finding::positions(app, call.id);
            let needs =
                if needs.is_empty() { all().await? } else { needs.iter().map(|need| need - 1).collect() };
            let receipt = offers::help(app, &by, call.id, &needs, &note).await?;
            let seen = pledges::by_receipt(app, &receipt).await?;
            answers.thing(words(&seen), &object(&seen))?;
            Ok(())
        }
        Pledges::Accept(answer) => tell(answer, PledgeState::Accepted, app, answers).await,
        Pledges::Decline(answer) => tell(answer, PledgeState::Declined, app, answers).await,
        Pledges::Keep(answer) => tell(answer, PledgeState::Kept, app, answers).await,
    }
}

async fn found(
    app: &App,
    association: Option<&Handle>,
    call: Option<&ItemName>,
    state: Option<PledgeState>,
) -> anyhow::Result<Vec<PledgeSeen>> {
    let rows = app.store.rows();
    let call = match call {
        None => None,
        Some(name) => Some(finding::item(app, name).await?),
    };
    if call.as_ref().is_some_and(|item| item.kind != ItemKind::Call) {
        return Err(Refusal::Unknown("call").into());
    }
    let homes = match (association, &call) {
        (None, Some(item)) => vec![item.home],
        (handle, _) => finding::homes(app, handle).await?,
    };
    let mut found = Vec::new();
    for home in homes {
        found.extend(folkmoot_storage::pledges::list(&rows, home, state, MOST).await?);
    }
    let wanted: Option<ItemId> = call.map(|item| item.id);
    found.retain(|seen| wanted.is_none_or(|call| seen.call.id == call));
    found.sort_by_key(|seen| std::cmp::Reverse(seen.pledge.id));
    Ok(found)
}

fn list(found: &[PledgeSeen], answers: &mut Answers<'_>) -> anyhow::Result<()> {
    if found.is_empty() {
        answers.word("Nothing has been pledged (that is asked for here).")?;
    }
    for seen in found {
        answers.thing(words(seen), &object(seen))?;
    }
    Ok(())
}

async fn tell(
    answer: PledgeAnswer,
    state: PledgeState,
    app: &App,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    let seen = pledges::answer(app, &By::operator(), answer.pledge, state, &answer.words).await?;
    answers.thing(words(&seen), &object(&seen))?;
    answers.word("Whoever offered hears of it.")?;
    Ok(())
}

fn words(seen: &PledgeSeen) -> String {
    let (name, address) = giver(seen);
    let who = format!("{name} {}", address.unwrap_or_default());
    sheet(
        &format!("{}  {}  {}", seen.pledge.id, seen.pledge.state.word(), who.trim()),
        &[
            ("offers", seen.labels.join("; ")),
            ("to", format!("{} ({})", seen.call.title, seen.call.page)),
            ("wrote", seen.pledge.note.clone()),
            ("reach", reach(seen)),
            ("answer", seen.pledge.answer.clone()),
        ],
    )
}

/// What they are called, and their address; whoever helped without an account has none.
fn giver(seen: &PledgeSeen) -> (&str, Option<String>) {
    match (seen.giver.is_visitor(), seen.giver.name.as_str()) {
        (true, "") => (NAMELESS, None),
        (true, name) => (name, None),
        (false, name) => (name, Some(seen.giver.address())),
    }
}

/// How to reach them: e-mail and telephone, whichever they left.
fn reach(seen: &PledgeSeen) -> String {
    let ways = seen.reach.iter().flat_map(|reach| [reach.email.as_deref(), reach.phone.as_deref()]);
    ways.flatten().collect::<Vec<_>>().join(", ")
}

fn object(seen: &PledgeSeen) -> Value {
    let (name, address) = giver(seen);
    // The id of somebody without an account is no business of anyone's.
    let uri = Some(&seen.giver.uri).filter(|_| !seen.giver.is_visitor());
    json!({
        "id": seen.pledge.id.to_string(),
        "state": seen.pledge.state.word(),
        "door": seen.pledge.door.word(),
        "giver": { "name": name, "address": address, "uri": uri },
        "reach": seen.reach.as_ref().map(|reach| json!({ "email": reach.email, "phone": reach.phone })),
        "needs": seen.labels,
        "note": seen.pledge.note,
        "call": { "id": seen.call.id.to_string(), "title": seen.call.title, "page": seen.call.page },
        "association": seen.home.address(),
        "answer": seen.pledge.answer,
        "offered": seen.pledge.offered.rfc3339(),
        "answered": seen.pledge.answered.map(Moment::rfc3339),
    })
}
