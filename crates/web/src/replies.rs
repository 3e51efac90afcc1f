//! Replies: whether one is shown. They are shown under what they answer (see [`crate::thread`]).

use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    middleware::map_response,
    response::{IntoResponse, Redirect},
    routing::post,
};
use folkmoot_app::{By, replies};
use folkmoot_domain::{ReplyId, replies::ReplyState};
use serde::Deserialize;

use crate::{Web, frame::Answer, headers, paths::Named, sessions::SignedIn};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/me/replies/{id}", post(judge)).layer(map_response(headers::secret))
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
    replies::judge(&web.app, &By::person(person.id), id, state).await?;
    Ok(Redirect::to("/me").into_response())
}
