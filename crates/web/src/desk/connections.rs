//! Whom an association listens to: who that is before one asks, how each connection stands, and its end. Private.
//!
//! Programs fetch links, so that asking, asking again and ending are buttons. Start at [`page`].

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use folkmoot_app::{By, Error, connections, remote};
use folkmoot_domain::{
    ActorId, Refusal,
    actors::Actor,
    associations::AssociationSeen,
    connections::{ConnectionSeen, ConnectionState, Standing},
};
use serde::Deserialize;

use crate::{
    Web,
    assets::Sheet,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    rows::By as Pinner,
    sessions::SignedIn,
    words,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/connections", get(mine))
        .route("/desk/@{handle}/connections", get(page).post(look))
        .route("/desk/@{handle}/connections/begin", post(begin))
        .route("/desk/@{handle}/connections/again", post(again))
        .route("/desk/@{handle}/connections/end", post(end))
}

/// One connection as a line of the list.
struct Line {
    id: String,
    by: Pinner,
    label: &'static str,
    words: String,
    stream: String,
    connected: bool,
    can_ask_again: bool,
}

/// Whom one looked for, before one asks.
struct Found {
    id: String,
    by: Pinner,
    about: String,
    /// True when one listens to them already, or asked.
    known: bool,
}

#[derive(Template)]
#[template(path = "desk/connections.html")]
struct ConnectionsPage {
    frame: Frame,
    by: Pinner,
    handle: String,
    typed: String,
    wrong: Option<Wrong>,
    found: Option<Found>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "desk/choose.html")]
struct ChoosePage {
    frame: Frame,
    choices: Vec<(Pinner, String)>,
}

/// The connections of my only association, or the choice of one.
async fn mine(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    let mine = super::organised(&web.rows(), &person).await?;
    let path = |seen: &AssociationSeen| format!("/desk/@{}/connections", seen.actor.handle);
    match mine.as_slice() {
        [] => Err(Problem::Missing),
        [only] => Ok(Redirect::to(&path(only)).into_response()),
        several => draw(&ChoosePage {
            frame: Frame::new(&web, "Connections").secret(),
            choices: several.iter().map(|seen| (Pinner::new(&seen.actor), path(seen))).collect(),
        }),
    }
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Named(handle): Named<String>) -> Answer {
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    draw(&shown(&web, &By::person(person.id), &seen, String::new()).await?)
}

async fn shown(
    web: &Web,
    by: &By,
    seen: &AssociationSeen,
    typed: String,
) -> Result<ConnectionsPage, Problem> {
    let zone = jiff::tz::TimeZone::get(&seen.association.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let all = connections::list(&web.app, by, seen.actor.id).await?;
    let line = |one: ConnectionSeen| {
        let standing = one.standing(web.now());
        Line {
            id: one.target.id.to_string(),
            by: Pinner::new(&one.target),
            label: standing.label(),
            words: one.words(web.now(), &zone),
            stream: format!("/desk/stream?for={}&from={}", seen.actor.handle, one.target.id),
            connected: one.connection.state == ConnectionState::Connected,
            can_ask_again: matches!(standing, Standing::Refused | Standing::Pending),
        }
    };
    Ok(ConnectionsPage {
        frame: Frame::new(web, "Connections").secret().with(Sheet::Desk),
        by: Pinner::new(&seen.actor),
        handle: seen.actor.handle.clone(),
        typed,
        wrong: None,
        found: None,
        lines: all.into_iter().map(line).collect(),
    })
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    who: String,
}

/// Says who that is, and asks nothing of them yet.
async fn look(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(handle): Named<String>,
    form: Result<Form<Typed>, FormRejection>,
) -> Answer {
    let Form(typed) = form?;
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    let mut page = shown(&web, &By::person(person.id), &seen, typed.who.clone()).await?;
    match remote::find(&web.app, &typed.who).await {
        Ok(actor) => {
            page.found = Some(Found::new(&actor, &page.lines));
            draw(&page)
        }
        Err(error) => {
            page.wrong = Some(Wrong { field: "who", ..wrong(error)? });
            draw(&page).map(forms::again)
        }
    }
}

impl Found {
    fn new(actor: &Actor, lines: &[Line]) -> Self {
        let id = actor.id.to_string();
        Self {
            known: lines.iter().any(|line| line.id == id),
            by: Pinner::new(actor),
            about: words::excerpt(&actor.summary, 300),
            id,
        }
    }
}

/// What the form can say itself.
fn wrong(error: Error) -> Result<Wrong, Problem> {
    match error {
        Error::Refused(refusal @ (Refusal::Unknown(_) | Refusal::Blocked(_))) => {
            Ok(Wrong { field: "who", why: format!("{refusal}.") })
        }
        other => Wrong::of(other),
    }
}

#[derive(Deserialize)]
struct Target {
    target: String,
}

impl Target {
    fn id(&self) -> Result<ActorId, Problem> {
        self.target.parse().map_err(|_| Problem::Missing)
    }
}

async fn begin(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(handle): Named<String>,
    form: Result<Form<Target>, FormRejection>,
) -> Answer {
    let Form(wanted) = form?;
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    let by = By::person(person.id);
    match connections::connect(&web.app, &by, seen.actor.id, wanted.id()?).await {
        Ok(_) => Ok(back(&handle)),
        Err(error) => {
            let mut page = shown(&web, &by, &seen, String::new()).await?;
            page.wrong = Some(Wrong { field: "who", ..wrong(error)? });
            draw(&page).map(forms::again)
        }
    }
}

async fn again(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(handle): Named<String>,
    form: Result<Form<Target>, FormRejection>,
) -> Answer {
    let Form(wanted) = form?;
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    connections::ask_again(&web.app, &By::person(person.id), seen.actor.id, wanted.id()?).await?;
    Ok(back(&handle))
}

async fn end(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(handle): Named<String>,
    form: Result<Form<Target>, FormRejection>,
) -> Answer {
    let Form(wanted) = form?;
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    connections::disconnect(&web.app, &By::person(person.id), seen.actor.id, wanted.id()?).await?;
    Ok(back(&handle))
}

fn back(handle: &str) -> Response {
    Redirect::to(&format!("/desk/@{handle}/connections")).into_response()
}
