//! Founding an association, in at most twelve fields; it can be followed at once.

use std::collections::HashSet;

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_app::{By, Error, associations};
use folkmoot_domain::{
    Refusal,
    associations::{AssociationKind, AssociationSeen, Founding},
    causes,
    papers::Paper,
    text::{Handle, Language},
};
use folkmoot_storage::{Rows, associations as rows_of};

use super::written::Typed;
use crate::{
    Web,
    assets::Sheet,
    associations as pages,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    problems::Problem,
    sessions::SignedIn,
};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/desk/found", get(page).post(found))
}

/// What an association says of itself, as it was typed.
pub(crate) struct Presented {
    pub typed: Typed,
    pub wrong: Option<Wrong>,
    /// Does it exist already? Then everything can be changed, and its handle and zone are not made up any more.
    pub there: bool,
    /// `@hyde.example`: what stands behind the handle.
    pub host: String,
}

impl Presented {
    pub(crate) fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.typed.get(name) == value
    }

    pub(crate) fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }

    /// The kinds of group one can found on a page, with their words. Alliances come with the pages that make them.
    pub(crate) fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let here = self.v("kind").to_owned();
        let offered = AssociationKind::ALL.into_iter();
        let offered = offered.filter(|(kind, word)| *kind != AssociationKind::Alliance || here == *word);
        offered.map(|(kind, word)| (word, pages::kind(kind))).collect()
    }
}

#[derive(Template)]
#[template(path = "desk/found.html")]
struct FoundPage {
    frame: Frame,
    form: Presented,
}

async fn page(State(web): State<Web>, SignedIn(_): SignedIn) -> Answer {
    let here = rows_of::list(&web.rows()).await?;
    let mut typed = Typed::default();
    typed.set("kind", "residents");
    typed.set("zone", zone(&here));
    typed.set("paper", paper(&here).word());
    show(&web, typed, None)
}

/// The zone that most associations here live in.
fn zone(here: &[AssociationSeen]) -> String {
    let zones = here.iter().map(|seen| seen.association.zone.as_str());
    let most = zones.clone().max_by_key(|zone| zones.clone().filter(|other| other == zone).count());
    most.unwrap_or("Europe/London").to_owned()
}

/// A paper that nobody has taken, as long as there is one.
fn paper(here: &[AssociationSeen]) -> Paper {
    let taken: HashSet<Paper> = here.iter().map(|seen| seen.actor.paper()).collect();
    Paper::ALL.into_iter().map(|(paper, _)| paper).find(|paper| !taken.contains(paper)).unwrap_or(Paper::Mint)
}

fn show(web: &Web, typed: Typed, wrong: Option<Wrong>) -> Answer {
    let host = format!("@{}", web.app.addresses.host());
    draw(&FoundPage {
        frame: Frame::new(web, "Found an association").secret().with(Sheet::Desk),
        form: Presented { typed, wrong, there: false, host },
    })
}

async fn found(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let mut typed = Typed(fields);
    suggest_handle(&web.rows(), &mut typed).await?;
    let done = match founding(&typed) {
        Ok(founding) => associations::found(&web.app, &By::person(person.id), founding, None).await,
        Err(refusal) => Err(Error::Refused(refusal)),
    };
    match done {
        Ok(seen) => Ok(Redirect::to(&format!("/@{}", seen.actor.handle)).into_response()),
        Err(error) => {
            let wrong = Wrong::of(error)?;
            show(&web, typed, Some(wrong)).map(forms::again)
        }
    }
}

/// A handle that was left out is made of the name, with a number when somebody has it.
async fn suggest_handle(rows: &Rows<'_>, typed: &mut Typed) -> Result<(), Problem> {
    if typed.has("handle") {
        return Ok(());
    }
    let Some(made) = Handle::suggested(typed.get("name")) else { return Ok(()) };
    let numbered = (2..10).filter_map(|number| Handle::parse(&format!("{made}-{number}")).ok());
    for handle in std::iter::once(made.clone()).chain(numbered) {
        if folkmoot_storage::actors::by_handle(rows, handle.as_str()).await?.is_none() {
            typed.set("handle", handle.as_str());
            return Ok(());
        }
    }
    Ok(())
}

fn founding(typed: &Typed) -> Result<Founding, Refusal> {
    let handle = typed.get("handle");
    let handle = Handle::parse(handle).map_err(|refusal| match (handle.trim(), refusal) {
        ("", _) => Refusal::field("handle", "write the part before the @, in letters a\u{2013}z and digits"),
        (_, refusal) => refusal,
    })?;
    Ok(Founding {
        handle,
        name: typed.get("name").to_owned(),
        about: typed.get("about").to_owned(),
        kind: kind(typed)?,
        language: language(typed)?,
        zone: typed.get("zone").trim().to_owned(),
        place: typed.place()?,
        battles: battles(typed),
        paper: Paper::parse(typed.get("paper")),
        joining: typed.get("joining").to_owned(),
        safeguarding: typed.get("safeguarding").to_owned(),
        sample: false,
    })
}

pub(super) fn kind(typed: &Typed) -> Result<AssociationKind, Refusal> {
    AssociationKind::parse(typed.get("kind"))
        .ok_or_else(|| Refusal::field("kind", "choose what kind of group it is"))
}

pub(super) fn language(typed: &Typed) -> Result<Language, Refusal> {
    match typed.get("language") {
        "" => Ok(Language::english()),
        language => Language::parse(language),
    }
}

/// As one says them; each becomes a hashtag.
pub(super) fn battles(typed: &Typed) -> Vec<String> {
    let said = (1..=3).map(|battle| typed.get(&format!("battle-{battle}")));
    said.filter(|words| !words.trim().is_empty()).map(causes::tag_of_words).collect()
}
