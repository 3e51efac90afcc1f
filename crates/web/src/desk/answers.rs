//! What organisers say to a pledge, and whether a reply is shown. Programs fetch links, so each is a button.

use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::post,
};
use folkmoot_app::{By, Error, pledges, replies};
use folkmoot_domain::{ItemId, PledgeId, Refusal, ReplyId, pledges::PledgeState, replies::ReplyState};
use serde::Deserialize;

use crate::{Web, frame::Answer, paths::Named, problems::Problem, sessions::SignedIn};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/desk/pledges/{id}", post(answer)).route("/desk/replies/{id}", post(judge))
}

/// What the organisers say to a pledge.
#[derive(Deserialize)]
struct Said {
    answer: Yes,
    #[serde(default)]
    words: String,
    /// The item on whose page the button was; the desk when there is none.
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Yes {
    Accepted,
    Declined,
    Kept,
}

async fn answer(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<PledgeId>,
    form: Result<Form<Said>, FormRejection>,
) -> Answer {
    let Form(said) = form?;
    let next = match said.answer {
        Yes::Accepted => PledgeState::Accepted,
        Yes::Declined => PledgeState::Declined,
        Yes::Kept => PledgeState::Kept,
    };
    pledges::answer(&web.app, &By::person(person.id), id, next, &said.words).await.map_err(not_mine)?;
    Ok(Redirect::to(&back(&said.back)).into_response())
}

/// What waits at the desks of others is nobody's business: for them there is no such thing.
fn not_mine(error: Error) -> Problem {
    match error {
        Error::Refused(Refusal::NotAnOrganiser) => Problem::Missing,
        other => other.into(),
    }
}

/// Only to one of our own pages: an id is parsed, never a path.
fn back(item: &str) -> String {
    item.parse::<ItemId>().map_or_else(|_| "/desk".to_owned(), |item| format!("/desk/items/{item}#pledges"))
}

#[derive(Deserialize)]
struct Judged {
    answer: Shown,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Shown {
    Approved,
    Declined,
}

async fn judge(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<ReplyId>,
    form: Result<Form<Judged>, FormRejection>,
) -> Answer {
    let Form(judged) = form?;
    let state = match judged.answer {
        Shown::Approved => ReplyState::Approved,
        Shown::Declined => ReplyState::Declined,
    };
    replies::judge(&web.app, &By::person(person.id), id, state).await.map_err(not_mine)?;
    Ok(Redirect::to("/desk").into_response())
}
