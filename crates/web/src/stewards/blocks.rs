//! Blocked servers, for stewards of the board: who, why, since when; add, lift, bring in a list, take one away.

use askama::Template;
use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Multipart, Query, State, rejection::FormRejection},
    http::header,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, blocks};
use folkmoot_domain::people::Person;
use folkmoot_storage::blocks::Block;
use serde::Deserialize;

use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    problems::Problem,
    sessions::SignedIn,
    words,
};

use super::{lists, must_look_after_board, zone};

/// The largest list that is read, in bytes: tens of thousands of servers.
const LIST: usize = 1024 * 1024;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/stewards/blocks", get(page).post(block))
        .route("/stewards/blocks/lift", post(lift))
        .route("/stewards/blocks/bring", post(bring).layer(DefaultBodyLimit::max(LIST)))
        .route("/stewards/blocks.csv", get(take_csv))
        .route("/stewards/blocks.txt", get(take_text))
}

struct Blocked {
    domain: String,
    reason: String,
    since: String,
}

#[derive(Template)]
#[template(path = "stewards/blocks.html")]
struct BlocksPage {
    frame: Frame,
    blocked: Vec<Blocked>,
    domain: String,
    reason: String,
    wrong: Option<Wrong>,
    /// What came of a list: how many are new, and how many lines were left out.
    brought: Option<(usize, usize)>,
}

impl BlocksPage {
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

#[derive(Deserialize, Default)]
struct Came {
    new: Option<usize>,
    left: Option<usize>,
}

async fn page(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    came: Result<Query<Came>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    must_look_after_board(&person)?;
    let came = came.map(|Query(came)| came).unwrap_or_default();
    let brought = came.new.map(|new| (new, came.left.unwrap_or_default()));
    draw(&drawn(&web, &person, Typed::default(), None, brought).await?)
}

async fn drawn(
    web: &Web,
    person: &Person,
    typed: Typed,
    wrong: Option<Wrong>,
    brought: Option<(usize, usize)>,
) -> Result<BlocksPage, Problem> {
    let (zone, now) = (zone(web, person).await?, web.now());
    let found = blocks::list(&web.app).await?;
    let blocked = found.into_iter().map(|block| Blocked {
        since: words::day(block.since, now, &zone),
        domain: block.domain,
        reason: block.reason,
    });
    Ok(BlocksPage {
        frame: Frame::new(web, "Blocked servers").secret(),
        blocked: blocked.collect(),
        domain: typed.domain,
        reason: typed.reason,
        wrong,
        brought,
    })
}

#[derive(Deserialize, Default)]
struct Typed {
    domain: String,
    #[serde(default)]
    reason: String,
}

async fn block(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    form: Result<Form<Typed>, FormRejection>,
) -> Answer {
    let Form(typed) = form?;
    match blocks::block(&web.app, &By::person(person.id), &typed.domain, &typed.reason).await {
        Ok(_) => Ok(Redirect::to("/stewards/blocks").into_response()),
        Err(error) => {
            let wrong = Wrong::of(error)?;
            draw(&drawn(&web, &person, typed, Some(wrong), None).await?).map(forms::again)
        }
    }
}

async fn lift(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    form: Result<Form<Typed>, FormRejection>,
) -> Answer {
    let Form(typed) = form?;
    blocks::unblock(&web.app, &By::person(person.id), &typed.domain).await?;
    Ok(Redirect::to("/stewards/blocks").into_response())
}

/// Brings in a list: a file, or pasted lines.
async fn bring(State(web): State<Web>, SignedIn(person): SignedIn, mut form: Multipart) -> Answer {
    must_look_after_board(&person)?;
    let mut text = String::new();
    while let Some(field) = form.next_field().await.map_err(|_| Problem::Unreadable)? {
        if matches!(field.name(), Some("file" | "list")) {
            let bytes = field.bytes().await.map_err(|_| Problem::Unreadable)?;
            text.push_str(&String::from_utf8_lossy(&bytes));
            text.push('\n');
        }
    }
    let (wanted, unread) = lists::read(&text);
    let brought = blocks::bring(&web.app, &By::person(person.id), &wanted).await;
    match brought {
        Ok(brought) => {
            let left = unread + brought.left_out;
            Ok(Redirect::to(&format!("/stewards/blocks?new={}&left={left}", brought.new)).into_response())
        }
        Err(error) => {
            let wrong = Wrong::of(error)?;
            draw(&drawn(&web, &person, Typed::default(), Some(wrong), None).await?).map(forms::again)
        }
    }
}

async fn take_csv(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    take(&web, &person, "text/csv; charset=utf-8", "blocked-servers.csv", lists::csv).await
}

async fn take_text(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    take(&web, &person, "text/plain; charset=utf-8", "blocked-servers.txt", lists::plain).await
}

async fn take(
    web: &Web,
    person: &Person,
    kind: &'static str,
    name: &str,
    write: impl Fn(&[Block]) -> String,
) -> Answer {
    must_look_after_board(person)?;
    let text = write(&blocks::list(&web.app).await?);
    let attached = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, attached)], text)
        .into_response())
}
