//! Reporting: whoever sees something that should not hang here says so, signed in or not.
//!
//! A link under everything leads to the form; the form says who looks at it, and that the author is not told. What
//! stewards do with it is in [`crate::stewards`].

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    middleware::map_response,
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_app::reports::{self, Named};
use folkmoot_domain::reports::{Category, Complaint, Reported};
use folkmoot_storage::actors;
use serde::Deserialize;

use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    headers,
    problems::Problem,
    sessions::{Asker, MaybeSignedIn},
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/report", get(page).post(make))
        .route("/report/thanks", get(thanks))
        .layer(map_response(headers::secret))
}

/// What is reported, as it stands in addresses: `?item=…`, `?reply=…` or `?actor=…`.
#[derive(Deserialize, Clone, Default)]
struct About {
    #[serde(default)]
    item: String,
    #[serde(default)]
    reply: String,
    #[serde(default)]
    actor: String,
}

impl About {
    fn read(&self) -> Option<Reported> {
        match (self.item.as_str(), self.reply.as_str(), self.actor.as_str()) {
            (id, "", "") if !id.is_empty() => id.parse().ok().map(Reported::Item),
            ("", id, "") if !id.is_empty() => id.parse().ok().map(Reported::Reply),
            ("", "", id) => id.parse().ok().map(Reported::Actor),
            _ => None,
        }
    }
}

/// The same again, for an address of ours.
pub(crate) fn named(about: Reported) -> (&'static str, String) {
    match about {
        Reported::Item(id) => ("item", id.to_string()),
        Reported::Reply(id) => ("reply", id.to_string()),
        Reported::Actor(id) => ("actor", id.to_string()),
    }
}

/// Where something is reported.
pub(crate) fn path(about: Reported) -> String {
    let (kind, id) = named(about);
    format!("/report?{kind}={id}")
}

/// One box of the list.
struct Choice {
    word: &'static str,
    words: &'static str,
    chosen: bool,
    first: bool,
}

#[derive(Template)]
#[template(path = "reports/page.html")]
struct ReportPage {
    frame: Frame,
    title: String,
    back: String,
    /// The association whose organisers and stewards look at it too.
    association: Option<String>,
    /// The field that says what is reported, and its value.
    about: (&'static str, String),
    choices: Vec<Choice>,
    words: String,
    email: String,
    wrong: Option<Wrong>,
}

impl ReportPage {
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

/// What was typed, or nothing yet.
#[derive(Deserialize, Default)]
struct Typed {
    #[serde(flatten)]
    about: About,
    #[serde(default)]
    category: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    email: String,
}

async fn page(
    State(web): State<Web>,
    MaybeSignedIn(person): MaybeSignedIn,
    about: Result<Query<About>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    let Query(about) = about.map_err(|_| Problem::Missing)?;
    let email = person.map(|person| person.email).unwrap_or_default();
    draw(&form(&web, Typed { about, email, ..Typed::default() }, None).await?)
}

/// What is reported, and what it is called; a problem when nobody can see it.
async fn wanted(web: &Web, about: &About) -> Result<(Reported, Named), Problem> {
    let about = about.read().ok_or(Problem::Missing)?;
    let named = reports::find(&web.app, about).await?.ok_or(Problem::Missing)?;
    Ok((about, named))
}

async fn form(web: &Web, typed: Typed, wrong: Option<Wrong>) -> Result<ReportPage, Problem> {
    let (about, found) = wanted(web, &typed.about).await?;
    let choices = Category::ALL.into_iter().enumerate().map(|(index, category)| Choice {
        word: category.word(),
        words: category.in_words(),
        chosen: category.word() == typed.category,
        first: index == 0,
    });
    Ok(ReportPage {
        frame: Frame::new(web, "Report").secret(),
        back: back(web, &found),
        association: looked_after(web, &found).await?,
        title: found.title,
        about: named(about),
        choices: choices.collect(),
        words: typed.words,
        email: typed.email,
        wrong,
    })
}

/// The page of what is reported, when it is one of ours; else the board.
fn back(web: &Web, found: &Named) -> String {
    if web.app.addresses.is_ours(&found.page) { found.page.path().to_owned() } else { "/".to_owned() }
}

async fn looked_after(web: &Web, found: &Named) -> Result<Option<String>, Problem> {
    let Some(id) = found.association else { return Ok(None) };
    Ok(actors::find(&web.rows(), id).await?.map(|actor| actor.name))
}

async fn make(
    State(web): State<Web>,
    Asker(from): Asker,
    MaybeSignedIn(person): MaybeSignedIn,
    typed: Result<Form<Typed>, FormRejection>,
) -> Answer {
    let Form(typed) = typed?;
    let (about, _) = wanted(&web, &typed.about).await?;
    let made = match Complaint::parse(&typed.category, &typed.words, &typed.email) {
        Ok(complaint) => reports::make(&web.app, from, person.as_ref(), about, complaint).await,
        Err(refusal) => Err(refusal.into()),
    };
    match made {
        Ok(_) => {
            let (kind, id) = named(about);
            Ok(Redirect::to(&format!("/report/thanks?{kind}={id}")).into_response())
        }
        Err(error) => {
            let (wait, wrong) = (forms::wait(&error), Wrong::of(error)?);
            draw(&form(&web, typed, Some(wrong)).await?).map(forms::again_after(wait))
        }
    }
}

#[derive(Template)]
#[template(path = "reports/thanks.html")]
struct ThanksPage {
    frame: Frame,
    title: String,
    back: String,
    association: Option<String>,
}

async fn thanks(
    State(web): State<Web>,
    about: Result<Query<About>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    let Query(about) = about.map_err(|_| Problem::Missing)?;
    let (_, found) = wanted(&web, &about).await?;
    draw(&ThanksPage {
        frame: Frame::new(&web, "Thank you").secret(),
        back: back(&web, &found),
        association: looked_after(&web, &found).await?,
        title: found.title,
    })
}
