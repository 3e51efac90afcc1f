//! Pledges: the receipt, whose link is the way back for whoever gave it. Organisers answer at their desk.
//!
//! Programs fetch links, so looking at a receipt changes nothing: taking it back is a button.

use askama::Template;
use axum::{
    Router,
    extract::State,
    middleware::map_response,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{Error, pledges};
use folkmoot_domain::{
    Refusal, moments,
    pledges::{Door, PledgeSeen, PledgeState},
};
use folkmoot_storage::{associations, items};
use jiff::tz::TimeZone;

use crate::{
    Web,
    frame::{Answer, Frame, draw},
    headers,
    items::Fact,
    mine,
    paths::Named,
    problems::Problem,
    rows,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/pledges/{receipt}", get(receipt))
        .route("/pledges/{receipt}/withdraw", post(withdraw))
        .layer(map_response(headers::secret))
}

#[derive(Template)]
#[template(path = "pledges/receipt.html")]
struct ReceiptPage {
    frame: Frame,
    heading: &'static str,
    lead: String,
    answer: String,
    facts: Vec<Fact>,
    /// Where to take it back, while that is possible.
    withdraw: Option<String>,
}

async fn receipt(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    let seen = pledges::by_receipt(&web.app, &secret).await?;
    // Receipts go along with their secrets, so that the link in an old letter still leads to what it is about.
    if let Some(there) = elsewhere(&web, &seen, &secret).await? {
        return Ok(Redirect::to(there.as_str()).into_response());
    }
    let (heading, lead) = said(&seen);
    let can_withdraw = seen.pledge.state.to(PledgeState::Withdrawn).is_ok();
    draw(&ReceiptPage {
        frame: Frame::new(&web, "Your pledge").secret(),
        heading,
        lead,
        answer: seen.pledge.answer.clone(),
        facts: facts(&web, &seen).await?,
        withdraw: can_withdraw.then(|| format!("/pledges/{secret}/withdraw")),
    })
}

/// The same receipt where the call went with its association.
async fn elsewhere(web: &Web, seen: &PledgeSeen, secret: &str) -> Result<Option<url::Url>, Problem> {
    let call = items::find(&web.rows(), seen.call.id).await?.filter(|_| seen.home.local);
    Ok(call.and_then(|call| call.moved).and_then(|call| call.join(&format!("/pledges/{secret}")).ok()))
}

async fn facts(web: &Web, seen: &PledgeSeen) -> Result<Vec<Fact>, Problem> {
    let rows = web.rows();
    let home = associations::find(&rows, seen.home.id).await?;
    let zone = home.map_or(TimeZone::UTC, |association| association.time_zone());
    let call = items::find(&rows, seen.call.id).await?.filter(|call| call.deleted.is_none());
    let there = call.as_ref().and_then(|call| mine::elsewhere(web, call));
    let call = match call {
        Some(call) => {
            let page = there.as_ref().map_or_else(|| format!("/calls/{}", call.id), |(_, page)| page.clone());
            Fact::new("Call", call.title).to(page)
        }
        None => Fact::new("Call", "It was taken down."),
    };
    let (offered, giver) = (seen.pledge.offered, rows::By::new(&seen.giver));
    let mut facts = vec![
        call,
        Fact::new("You said", seen.labels.join("; ")),
        Fact::new("From", if giver.local { giver.name } else { giver.address }),
        Fact::new("Offered", moments::in_words(offered, &zone)).at(offered, &zone),
    ];
    if let Some((host, _)) = there {
        facts.insert(1, Fact::new("At", host));
    }
    if !seen.pledge.note.is_empty() {
        facts.insert(2, Fact::new("You wrote", seen.pledge.note.clone()));
    }
    if let Some(phone) = called_back(seen) {
        facts.insert(2, Fact::new("Your number", phone));
    }
    Ok(facts)
}

/// The number on which the organisers call somebody who left nothing else.
fn called_back(seen: &PledgeSeen) -> Option<String> {
    let reach = seen.reach.as_ref().filter(|_| seen.pledge.door == Door::Phone);
    reach.and_then(|reach| reach.phone.clone())
}

/// How it stands, and what that means.
fn said(seen: &PledgeSeen) -> (&'static str, String) {
    let home = &seen.home.name;
    match seen.pledge.state {
        PledgeState::Offered if called_back(seen).is_some() => (
            "You offered to help",
            format!(
                "{home} know, and will call you. There is no letter, so keep the address of this page: it is your way back."
            ),
        ),
        PledgeState::Offered if !seen.home.local => (
            "You offered to help",
            format!("It is on its way to {home} at {}; you hear from us when they answer.", seen.home.host),
        ),
        PledgeState::Offered => ("You offered to help", format!("{home} know, and will answer you.")),
        PledgeState::Accepted => ("They said yes", format!("{home} count on you.")),
        PledgeState::Declined => {
            ("They said no, kindly", format!("{home} do not need this now. Thank you for offering."))
        }
        PledgeState::Kept => ("You helped", format!("{home} thank you.")),
        PledgeState::Withdrawn if seen.giver.local => (
            "You took it back",
            format!(
                "{home} do not count on you any more. Should you change your mind, offer it again on the page of the call."
            ),
        ),
        PledgeState::Withdrawn => (
            "You took it back",
            format!("{home} do not count on you any more. Should you change your mind, write to them."),
        ),
    }
}

/// Takes it back. Twice is once.
async fn withdraw(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    match pledges::withdraw(&web.app, &secret).await {
        Err(Error::Refused(Refusal::PledgeCannot { from, to })) if from == to => {}
        other => {
            other?;
        }
    }
    Ok(Redirect::to(&format!("/pledges/{secret}")).into_response())
}
