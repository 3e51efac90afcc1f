//! What one changes about oneself, one short form each: the name, the address, the password, and being here at all.

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_app::{Error, keys, people};
use folkmoot_domain::{Refusal, people::Person};
use folkmoot_storage::{people as person_rows, sessions as session_rows};
use serde::Deserialize;

use super::go_on;
use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    sessions::{self, Agent, Asker, SignedIn},
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/me/name", get(name).post(rename))
        .route("/me/email", get(email).post(ask_for_address))
        .route("/me/address/{secret}", get(address).post(confirm_address))
        .route("/me/password", get(password).post(set_password))
        .route("/me/leave", get(leaving).post(leave))
}

/// What a form can say itself; that it was too often is a page of its own, with when to come back.
fn wrong(error: Error) -> Result<Wrong, Problem> {
    match error {
        Error::Refused(refusal @ Refusal::TooOften { .. }) => Err(refusal.into()),
        other => Wrong::of(other),
    }
}

#[derive(Template)]
#[template(path = "people/name.html")]
struct NamePage {
    frame: Frame,
    name: String,
    handle: String,
    wrong: Option<Wrong>,
}

impl NamePage {
    fn new(web: &Web, person: &Person, name: String, wrong: Option<Wrong>) -> Self {
        let handle = format!("@{}@{}", person.handle, web.app.addresses.host());
        Self { frame: Frame::new(web, "Your name").secret(), name, handle, wrong }
    }

    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn name(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    draw(&NamePage::new(&web, &person, person.name.clone(), None))
}

#[derive(Deserialize)]
struct Name {
    #[serde(default)]
    name: String,
}

async fn rename(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    form: Result<Form<Name>, FormRejection>,
) -> Answer {
    let Form(Name { name }) = form?;
    match people::change_name(&web.app, person.id, &name).await {
        Ok(()) => Ok(Redirect::to("/me").into_response()),
        Err(error) => draw(&NamePage::new(&web, &person, name, Some(wrong(error)?))).map(forms::again),
    }
}

#[derive(Template)]
#[template(path = "people/email.html")]
struct EmailPage {
    frame: Frame,
    now: String,
    email: String,
    /// A letter went to the address that was typed.
    sent: bool,
    mail: bool,
    wrong: Option<Wrong>,
}

impl EmailPage {
    fn new(web: &Web, person: &Person, email: String, wrong: Option<Wrong>) -> Self {
        Self {
            frame: Frame::new(web, "Your e-mail address").secret(),
            now: person.email.clone(),
            email,
            sent: false,
            mail: web.settings.shows_mail,
            wrong,
        }
    }

    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn email(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    draw(&EmailPage::new(&web, &person, String::new(), None))
}

#[derive(Deserialize)]
struct Address {
    #[serde(default)]
    email: String,
}

async fn ask_for_address(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Asker(from): Asker,
    form: Result<Form<Address>, FormRejection>,
) -> Answer {
    let Form(Address { email }) = form?;
    match people::ask_for_address(&web.app, from, &person, &email).await {
        Ok(()) => draw(&EmailPage { sent: true, ..EmailPage::new(&web, &person, email, None) }),
        Err(error) => draw(&EmailPage::new(&web, &person, email, Some(wrong(error)?))).map(forms::again),
    }
}

#[derive(Template)]
#[template(path = "people/address.html")]
struct AddressPage {
    frame: Frame,
    email: String,
    path: String,
}

async fn address(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    let good = session_rows::address_of_link(&web.rows(), &keys::hash(&secret), web.now()).await?;
    let email = good.ok_or(Refusal::LinkSpent)?;
    let frame = Frame::new(&web, "Confirm your address").secret();
    draw(&AddressPage { frame, email, path: format!("/me/address/{secret}") })
}

async fn confirm_address(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    people::confirm_address(&web.app, &secret).await?;
    Ok(Redirect::to("/me").into_response())
}

#[derive(Template)]
#[template(path = "people/password.html")]
struct PasswordPage {
    frame: Frame,
    email: String,
    has_one: bool,
    wrong: Option<Wrong>,
}

impl PasswordPage {
    async fn new(web: &Web, person: &Person, wrong: Option<Wrong>) -> Result<Self, Problem> {
        let has_one = person_rows::password(&web.rows(), person.id).await?.is_some();
        let frame = Frame::new(web, if has_one { "Another password" } else { "A password" }).secret();
        Ok(Self { frame, email: person.email.clone(), has_one, wrong })
    }

    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn password(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    draw(&PasswordPage::new(&web, &person, None).await?)
}

#[derive(Deserialize)]
struct Passwords {
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
}

async fn set_password(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Asker(from): Asker,
    Agent(agent): Agent,
    headers: HeaderMap,
    form: Result<Form<Passwords>, FormRejection>,
) -> Answer {
    let Form(Passwords { old, password }) = form?;
    match people::set_password(&web.app, from, &person, &old, &password, &agent).await {
        Ok(session) => go_on(&web, &headers, &session, "/me").await,
        Err(error) => {
            let wrong = Some(wrong(error)?);
            draw(&PasswordPage::new(&web, &person, wrong).await?).map(forms::again)
        }
    }
}

#[derive(Template)]
#[template(path = "people/leave.html")]
struct LeavePage {
    frame: Frame,
    /// What was typed is the name, so that nobody leaves by a slip.
    name: String,
    wrong: Option<Wrong>,
}

impl LeavePage {
    fn new(web: &Web, person: &Person, wrong: Option<Wrong>) -> Self {
        Self { frame: Frame::new(web, "Leave for good").secret(), name: person.name.clone(), wrong }
    }

    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn leaving(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    draw(&LeavePage::new(&web, &person, None))
}

async fn leave(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    form: Result<Form<Name>, FormRejection>,
) -> Answer {
    let Form(Name { name }) = form?;
    let wrong = if name.trim() == person.name {
        match people::leave(&web.app, &person).await {
            Ok(()) => {
                let cookie = sessions::no_cookie(&web.settings)?;
                return Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response());
            }
            Err(Error::Refused(Refusal::LastOrganiser)) => Wrong {
                field: "",
                why: "You are the last organiser of an association. Ask somebody in to take over, or close it; then leave."
                    .to_owned(),
            },
            Err(error) => wrong(error)?,
        }
    } else {
        Wrong { field: "name", why: format!("Write {} here, if you mean it.", person.name) }
    };
    draw(&LeavePage::new(&web, &person, Some(wrong))).map(forms::again)
}
