//! Writing back: a form under every item for people with an account here, and the way to delete what one wrote.

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    middleware::map_response,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, replies};
use folkmoot_domain::{
    ItemId, ReplyId,
    items::{ItemKind, ItemSeen},
};
use folkmoot_storage::items;
use serde::Deserialize;

use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    headers, mine,
    paths::Named,
    problems::Problem,
    rows::By as Pinned,
    sessions::SignedIn,
    words,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/items/{id}/reply", get(form).post(send))
        .route("/replies/{id}/delete", post(take_away))
        .layer(map_response(headers::secret))
}

#[derive(Template)]
#[template(path = "replies/form.html")]
struct FormPage {
    frame: Frame,
    by: Pinned,
    title: String,
    language: String,
    path: String,
    action: String,
    typed: String,
    /// The host where it lives, when that is not here.
    elsewhere: Option<String>,
    wrong: Option<Wrong>,
}

impl FormPage {
    fn new(web: &Web, seen: &ItemSeen, typed: String, wrong: Option<Wrong>) -> Self {
        let item = &seen.item;
        let title =
            if item.title.is_empty() { words::excerpt(&item.text.html, 60) } else { item.title.clone() };
        Self {
            frame: Frame::new(web, "Write a reply").secret(),
            by: Pinned::new(&seen.home),
            title,
            language: item.language.as_str().to_owned(),
            path: path(item.kind, item.id),
            action: format!("/items/{}/reply", item.id),
            typed,
            elsewhere: mine::elsewhere(web, item).map(|(host, _)| host),
            wrong,
        }
    }

    /// Why this field needs another look.
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

fn path(kind: ItemKind, id: ItemId) -> String {
    format!("/{}/{id}", kind.plural())
}

async fn form(State(web): State<Web>, SignedIn(_): SignedIn, Named(id): Named<ItemId>) -> Answer {
    let seen = items::seen(&web.rows(), id).await?.ok_or(Problem::Missing)?;
    draw(&FormPage::new(&web, &seen, String::new(), None))
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    words: String,
}

async fn send(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<ItemId>,
    typed: Result<Form<Typed>, FormRejection>,
) -> Answer {
    let Form(typed) = typed.map_err(|_| Problem::Unreadable)?;
    let seen = items::seen(&web.rows(), id).await?.ok_or(Problem::Missing)?;
    match replies::write(&web.app, &By::person(person.id), id, &typed.words).await {
        Ok(_) => Ok(Redirect::to(&format!("{}#said", path(seen.item.kind, id))).into_response()),
        Err(error) => {
            let (wait, wrong) = (forms::wait(&error), Wrong::of(error)?);
            draw(&FormPage::new(&web, &seen, typed.words, Some(wrong))).map(forms::again_after(wait))
        }
    }
}

async fn take_away(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<ReplyId>) -> Answer {
    let item = replies::take_back(&web.app, &By::person(person.id), id).await?;
    let kind = items::find(&web.rows(), item).await?.map(|item| item.kind).ok_or(Problem::Missing)?;
    Ok(Redirect::to(&path(kind, item)).into_response())
}
