//! Signing in, by a link that comes in a letter or by a password, and signing out.
//!
//! The answer to a mail address is the same whether or not it has an account, and so is how long it takes.

use std::convert::Infallible;

use askama::Template;
use axum::{
    Form, Router,
    extract::{FromRequestParts, Query, State, rejection::FormRejection},
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{Error, people};
use folkmoot_domain::Refusal;
use serde::Deserialize;

use super::go_on;
use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    paths::Named,
    sessions::{self, Agent, Asker, Local},
};

/// Where one goes on to who wanted no page in particular.
const DESK: &str = "/desk";

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/sign-in", get(ask).post(send))
        .route("/sign-in/password", get(password).post(with_password))
        .route("/sign-in/{secret}", get(link).post(with_link))
        .route("/sign-out", post(sign_out))
}

/// `?next=`: the page of ours that was wanted. Anything else is none.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    next: Option<String>,
}

impl Wanted {
    fn local(&self) -> Option<String> {
        self.next.as_deref().and_then(Local::parse).map(|local| local.0)
    }
}

/// The page that an address asks to come back to.
struct Next(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Next {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = Query::<Wanted>::try_from_uri(&parts.uri).ok();
        Ok(Self(query.and_then(|Query(wanted)| wanted.local())))
    }
}

#[derive(Template)]
#[template(path = "people/sign_in.html")]
struct AskPage {
    frame: Frame,
    next: Option<String>,
    /// The same for a password.
    other: String,
    email: String,
    wrong: Option<Wrong>,
}

impl AskPage {
    fn new(web: &Web, next: Option<String>, email: String, wrong: Option<Wrong>) -> Self {
        let other = sessions::sign_in_path(next.as_deref()).replacen("/sign-in", "/sign-in/password", 1);
        Self { frame: Frame::new(web, "Sign in"), next, other, email, wrong }
    }

    /// Why this field needs another look.
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn ask(State(web): State<Web>, Next(next): Next) -> Answer {
    draw(&AskPage::new(&web, next, String::new(), None))
}

#[derive(Deserialize)]
struct Address {
    #[serde(default)]
    email: String,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "people/sent.html")]
struct SentPage {
    frame: Frame,
    email: String,
    /// Where letters can be read on this very board, while it is only tried out.
    mail: bool,
}

async fn send(
    State(web): State<Web>,
    Asker(from): Asker,
    form: Result<Form<Address>, FormRejection>,
) -> Answer {
    let Form(Address { email, next }) = form?;
    let next = Wanted { next }.local();
    match people::ask_for_link(&web.app, from, &email, next.as_deref()).await {
        Ok(()) => draw(&SentPage {
            frame: Frame::new(&web, "Look into your mail").secret(),
            email: email.trim().to_owned(),
            mail: web.settings.shows_mail,
        }),
        Err(Error::Refused(refusal @ Refusal::TooOften { .. })) => Err(refusal.into()),
        Err(error) => draw(&AskPage::new(&web, next, email, Some(Wrong::of(error)?))).map(forms::again),
    }
}

#[derive(Template)]
#[template(path = "people/sign_in_password.html")]
struct PasswordPage {
    frame: Frame,
    next: Option<String>,
    other: String,
    email: String,
    wrong: Option<Wrong>,
}

impl PasswordPage {
    fn new(web: &Web, next: Option<String>, email: String, wrong: Option<Wrong>) -> Self {
        let other = sessions::sign_in_path(next.as_deref());
        Self { frame: Frame::new(web, "Sign in with a password"), next, other, email, wrong }
    }

    /// Why this field needs another look.
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn password(State(web): State<Web>, Next(next): Next) -> Answer {
    draw(&PasswordPage::new(&web, next, String::new(), None))
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

async fn with_password(
    State(web): State<Web>,
    Asker(from): Asker,
    Agent(agent): Agent,
    headers: HeaderMap,
    form: Result<Form<Said>, FormRejection>,
) -> Answer {
    let Form(Said { email, password, next }) = form?;
    let next = Wanted { next }.local();
    let wrong = match people::sign_in_with(&web.app, from, &email, &password, &agent).await {
        Ok(session) => return go_on(&web, &headers, &session, next.as_deref().unwrap_or(DESK)).await,
        Err(Error::Refused(refusal @ Refusal::TooOften { .. })) => return Err(refusal.into()),
        Err(Error::Refused(Refusal::NotThisPassword)) => Wrong {
            field: "password",
            why: "The e-mail address or the password is not right. Without a password, have a link sent to you.".into(),
        },
        Err(error) => Wrong::of(error)?,
    };
    draw(&PasswordPage::new(&web, next, email, Some(wrong))).map(forms::again)
}

#[derive(Template)]
#[template(path = "people/link.html")]
struct LinkPage {
    frame: Frame,
    path: String,
    next: Option<String>,
}

async fn link(State(web): State<Web>, Named(secret): Named<String>, Next(next): Next) -> Answer {
    if !people::link_is_good(&web.app, &secret).await? {
        return Err(Refusal::LinkSpent.into());
    }
    let (frame, path) = (Frame::new(&web, "Sign in").secret(), format!("/sign-in/{secret}"));
    draw(&LinkPage { frame, path, next })
}

async fn with_link(
    State(web): State<Web>,
    Agent(agent): Agent,
    headers: HeaderMap,
    Named(secret): Named<String>,
    form: Result<Form<Wanted>, FormRejection>,
) -> Answer {
    // A button alone sends nothing, and that is enough.
    let next = form.ok().and_then(|Form(wanted)| wanted.local());
    let session = people::sign_in(&web.app, &secret, &agent).await?;
    go_on(&web, &headers, &session, next.as_deref().unwrap_or(DESK)).await
}

async fn sign_out(State(web): State<Web>, headers: HeaderMap) -> Answer {
    if let Some(session) = sessions::secret(&headers, &web.settings) {
        people::sign_out(&web.app, session).await?;
    }
    let cookie = sessions::no_cookie(&web.settings)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}
