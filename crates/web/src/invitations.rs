//! Coming in by invitation, and asking others in: the page behind the link of the letter, and the pages that say who looks
//! after an association, and who was asked onto the board.
//!
//! Opening a link spends nothing: coming in is a button. Who may ask whom is decided in [`folkmoot_app::invitations`].

mod asking;

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    http::HeaderMap,
    middleware::map_response,
    routing::get,
};
use folkmoot_app::{
    Error,
    invitations::{self, Newcomer, Seen},
};
use folkmoot_domain::Refusal;
use serde::Deserialize;

use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    headers,
    paths::Named,
    people::go_on,
    problems::Problem,
    sessions::{Agent, Asker},
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/invitations/{secret}", get(page).post(accept))
        .merge(asking::routes())
        .layer(map_response(headers::secret))
}

/// What a form can say itself; that it was too often is a page of its own, with when to come back.
fn wrong(error: Error) -> Result<Wrong, Problem> {
    match error {
        Error::Refused(refusal @ Refusal::TooOften { .. }) => Err(refusal.into()),
        other => Wrong::of(other),
    }
}

#[derive(Template)]
#[template(path = "invitations/page.html")]
struct InvitationPage {
    frame: Frame,
    path: String,
    /// The name of this board.
    place: String,
    /// Who asks, when it was a person.
    inviter: Option<String>,
    /// Into which association, and as what.
    role: Option<(String, &'static str)>,
    email: String,
    /// The name of the account that is there already.
    account: Option<String>,
    host: String,
    sent: Sent,
    wrong: Option<Wrong>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    name: String,
    handle: String,
}

impl InvitationPage {
    fn new(web: &Web, secret: &str, seen: Seen, sent: Sent, wrong: Option<Wrong>) -> Self {
        let role = seen.invitation.place.map(|(_, role)| role.word());
        Self {
            frame: Frame::new(web, "Come in").secret(),
            path: format!("/invitations/{secret}"),
            place: web.settings.place.clone(),
            inviter: seen.inviter,
            role: seen.association.zip(role),
            email: seen.invitation.email,
            account: seen.account,
            host: web.app.addresses.host(),
            sent,
            wrong,
        }
    }

    /// Why this field needs another look.
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn page(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    let seen = invitations::look(&web.app, &secret).await?;
    draw(&InvitationPage::new(&web, &secret, seen, Sent::default(), None))
}

async fn accept(
    State(web): State<Web>,
    Asker(from): Asker,
    Agent(agent): Agent,
    headers: HeaderMap,
    Named(secret): Named<String>,
    form: Result<Form<Sent>, FormRejection>,
) -> Answer {
    // Whoever has an account already sends a button alone.
    let sent = form.map(|Form(sent)| sent).unwrap_or_default();
    let newcomer = Newcomer { name: sent.name.clone(), handle: sent.handle.clone() };
    match invitations::accept(&web.app, from, &secret, &newcomer, &agent).await {
        Ok(session) => go_on(&web, &headers, &session, "/desk").await,
        Err(error) => {
            let wrong = Some(wrong(error)?);
            let seen = invitations::look(&web.app, &secret).await?;
            draw(&InvitationPage::new(&web, &secret, seen, sent, wrong)).map(forms::again)
        }
    }
}
