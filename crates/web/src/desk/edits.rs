//! Changing the words of something that is pinned. What is frozen is shown, with the reason.

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_app::{By, Error, calls, events, items, projects};
use folkmoot_domain::{ItemId, calls::CallSeen, items::ItemKind, moments, people::Person};

use super::{
    items::{Mine, home, zone},
    writing::{Written, clock},
    written::Typed,
};
use crate::{
    Web,
    assets::Sheet,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    rows::By as Pinner,
    sessions::SignedIn,
};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/desk/items/{id}/edit", get(page).post(change))
}

#[derive(Template)]
#[template(path = "desk/edit.html")]
struct EditPage {
    frame: Frame,
    by: Pinner,
    heading: String,
    path: String,
    back: String,
    form: Written,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<ItemId>) -> Answer {
    let mine = Mine::find(&web.rows(), &person, id).await?;
    let typed = mine.typed();
    draw(&shown(&web, &mine, id, typed, None).await?)
}

async fn shown(
    web: &Web,
    mine: &Mine,
    id: ItemId,
    typed: Typed,
    wrong: Option<Wrong>,
) -> Result<EditPage, Problem> {
    let rows = web.rows();
    let (head, home) = (mine.head(), home(&rows, mine).await?);
    let mut form = Written::new(&rows, &home, head.item.kind, typed).await?;
    form.clock = clock(&zone(mine));
    form.wrong = wrong;
    form.frozen = Some(match mine {
        Mine::Call(call) => frozen(call),
        _ => Vec::new(),
    });
    Ok(EditPage {
        frame: Frame::new(web, "Change the words").secret().with(Sheet::Desk),
        by: Pinner::new(&head.home),
        heading: mine.title(),
        path: format!("/desk/items/{id}/edit"),
        back: format!("/desk/items/{id}"),
        form,
    })
}

/// What a poll cannot change without losing its votes.
fn frozen(call: &CallSeen) -> Vec<(&'static str, String)> {
    let needs = call.needs.iter().map(|need| match need.need.wanted {
        Some(wanted) => format!("{wanted} \u{d7} \u{201c}{}\u{201d}", need.need.label),
        None => format!("\u{201c}{}\u{201d}", need.need.label),
    });
    vec![
        ("Needed", needs.collect::<Vec<_>>().join(", ")),
        ("Answers end", moments::in_words(call.call.closes, &call.seen.time_zone())),
    ]
}

async fn change(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<ItemId>,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let (typed, mine) = (Typed(fields), Mine::find(&web.rows(), &person, id).await?);
    match change_to(&web, &person, &mine, id, &typed).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/items/{id}")).into_response()),
        Err(error) => {
            let page = shown(&web, &mine, id, typed, Some(Wrong::of(error)?)).await?;
            draw(&page).map(forms::again)
        }
    }
}

async fn change_to(web: &Web, person: &Person, mine: &Mine, id: ItemId, typed: &Typed) -> Result<(), Error> {
    let (app, by, note) = (&web.app, By::person(person.id), typed.get("note"));
    let words = typed.words()?;
    match mine {
        Mine::Call(_) => calls::change(app, &by, id, words, typed.get("why"), typed.project()?, note).await,
        Mine::Project(_) => projects::change(app, &by, id, words, typed.get("need"), note).await,
        Mine::Event(_) => events::change(app, &by, id, words, typed.event(&zone(mine))?, note).await,
        Mine::Update(_) => items::edit(app, &by, id, words, note).await,
    }
}
