//! Steps of what is pinned: close with outcome and thanks, leave for another day, take up again, call off, delete.
//!
//! Each has a page that says what happens and who hears it, and one button.

use askama::Template;
use axum::{
    Form, Router,
    extract::{Path, State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, Error, calls, events, items as item_steps, projects};
use folkmoot_domain::{ItemId, Moment, Refusal, items::ItemKind, people::Person};

use super::{
    items::{Mine, zone},
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
    Router::new()
        .route("/desk/items/{id}/{step}", get(page).post(take))
        .route("/desk/items/{id}/resume", post(resume))
}

/// A step that has a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Close,
    Park,
    Cancel,
    Delete,
}

impl Step {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "close" => Some(Self::Close),
            "park" => Some(Self::Park),
            "cancel" => Some(Self::Cancel),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Park => "park",
            Self::Cancel => "cancel",
            Self::Delete => "delete",
        }
    }

    /// Does a thing of this kind have this step?
    fn suits(self, kind: ItemKind) -> bool {
        match self {
            Self::Close | Self::Park => matches!(kind, ItemKind::Call | ItemKind::Project),
            Self::Cancel => matches!(kind, ItemKind::Call | ItemKind::Event),
            Self::Delete => true,
        }
    }

    /// What its page is called, and what its button says.
    fn said(self, kind: ItemKind) -> (&'static str, &'static str) {
        match (self, kind) {
            (Self::Close, ItemKind::Project) => ("What came of it?", "Say that it is done"),
            (Self::Close, _) => ("What came of it?", "Close this call"),
            (Self::Park, _) => ("Leave it for another day?", "Leave it for another day"),
            (Self::Cancel, ItemKind::Event) => ("Call it off?", "Call this event off"),
            (Self::Cancel, _) => ("Call it off?", "Call this off"),
            (Self::Delete, _) => ("Delete it?", "Delete it for good"),
        }
    }
}

#[derive(Template)]
#[template(path = "desk/step.html")]
struct StepPage {
    frame: Frame,
    by: Pinner,
    kind: ItemKind,
    step: &'static str,
    title: String,
    heading: &'static str,
    button: &'static str,
    path: String,
    back: String,
    typed: Typed,
    wrong: Option<Wrong>,
}

impl StepPage {
    fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn page(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Path(named): Path<(String, String)>,
) -> Answer {
    let (mine, id, step) = find(&web, &person, &named).await?;
    draw(&shown(&web, &mine, id, step, Typed::default(), None))
}

/// The item and the step that a path names, for somebody who organises its home.
async fn find(web: &Web, person: &Person, named: &(String, String)) -> Result<(Mine, ItemId, Step), Problem> {
    let (id, step) = named;
    let id: ItemId = id.parse().map_err(|_| Problem::Missing)?;
    let step = Step::parse(step).ok_or(Problem::Missing)?;
    let mine = Mine::find(&web.rows(), person, id).await?;
    if step.suits(mine.head().item.kind) { Ok((mine, id, step)) } else { Err(Problem::Missing) }
}

fn shown(web: &Web, mine: &Mine, id: ItemId, step: Step, typed: Typed, wrong: Option<Wrong>) -> StepPage {
    let kind = mine.head().item.kind;
    let (heading, button) = step.said(kind);
    StepPage {
        frame: Frame::new(web, heading).secret().with(Sheet::Desk),
        by: Pinner::new(&mine.head().home),
        kind,
        step: step.word(),
        title: mine.title(),
        heading,
        button,
        path: format!("/desk/items/{id}/{}", step.word()),
        back: format!("/desk/items/{id}"),
        typed,
        wrong,
    }
}

async fn take(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Path(named): Path<(String, String)>,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let typed = Typed(fields);
    let (mine, id, step) = find(&web, &person, &named).await?;
    match go(&web, &person, &mine, id, step, &typed).await {
        Ok(()) if step == Step::Delete => Ok(Redirect::to("/desk").into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/desk/items/{id}")).into_response()),
        Err(error) => {
            let wrong = Some(Wrong::of(error)?);
            draw(&shown(&web, &mine, id, step, typed, wrong)).map(forms::again)
        }
    }
}

async fn go(
    web: &Web,
    person: &Person,
    mine: &Mine,
    id: ItemId,
    step: Step,
    typed: &Typed,
) -> Result<(), Error> {
    let (app, by) = (&web.app, By::person(person.id));
    let reason = typed.get("reason");
    match (step, mine) {
        (Step::Close, Mine::Call(_)) => {
            calls::close(app, &by, id, typed.get("outcome"), typed.get("thanks")).await
        }
        (Step::Close, Mine::Project(_)) => projects::finish(app, &by, id, typed.get("outcome")).await,
        (Step::Park, Mine::Call(_)) => calls::park(app, &by, id, reason, wake(mine, typed)?).await,
        (Step::Park, Mine::Project(_)) => projects::park(app, &by, id, reason, wake(mine, typed)?).await,
        (Step::Cancel, Mine::Call(_)) => calls::cancel(app, &by, id, reason).await,
        (Step::Cancel, Mine::Event(_)) => events::cancel(app, &by, id, reason).await,
        (Step::Delete, _) => item_steps::delete(app, &by, id).await,
        _ => Err(Refusal::Unknown("step").into()),
    }
}

/// The morning of the day that was named.
fn wake(mine: &Mine, typed: &Typed) -> Result<Option<Moment>, Refusal> {
    typed.moment_or("wake", "09:00", &zone(mine))
}

/// Takes up again what was left for another day, or starts what was an idea.
async fn resume(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<ItemId>) -> Answer {
    let by = By::person(person.id);
    match Mine::find(&web.rows(), &person, id).await? {
        Mine::Call(_) => calls::resume(&web.app, &by, id).await?,
        Mine::Project(_) => projects::start(&web.app, &by, id).await?,
        Mine::Event(_) | Mine::Update(_) => return Err(Problem::Missing),
    }
    Ok(Redirect::to(&format!("/desk/items/{id}")).into_response())
}
