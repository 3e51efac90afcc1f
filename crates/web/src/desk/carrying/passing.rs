//! Passing one thing on: for which association, for what reason, and how it will look; then it goes.

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_app::{By, Error, carries as app};
use folkmoot_domain::{
    ItemId, Refusal,
    actors::Actor,
    associations::AssociationSeen,
    carries::{self as rules, CarryState},
    items::Item,
    people::Person,
    posts,
};
use folkmoot_storage::{actors, carries, items};
use serde::Deserialize;

use super::super::written::Typed;
use crate::{
    Web,
    assets::Sheet,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    problems::Problem,
    rows::By as Pinner,
    sessions::SignedIn,
    shapes, words,
};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/desk/carry", get(page).post(pass))
}

#[derive(Template)]
#[template(path = "desk/carry.html")]
struct CarryPage {
    frame: Frame,
    item: ItemId,
    kind: &'static str,
    title: String,
    language: String,
    line: String,
    origin: Pinner,
    /// Where it was published.
    href: Option<String>,
    choices: Vec<Choice>,
    /// What it looks like on Mastodon.
    look: Look,
    typed: Typed,
    wrong: Option<Wrong>,
}

impl CarryPage {
    fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

/// One of my associations.
struct Choice {
    by: Pinner,
    handle: String,
    chosen: bool,
    /// It passes it on already.
    already: bool,
}

/// A boost when there is no reason, a post that quotes when there is one.
struct Look {
    by: Pinner,
    /// The words of the post, safe HTML; none for a boost.
    post: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    item: String,
    #[serde(default, rename = "for")]
    handle: String,
}

/// What is to be passed on, and by whom it can be.
struct Found {
    item: Item,
    home: Actor,
    choices: Vec<(AssociationSeen, bool)>,
}

impl Found {
    /// Only what everybody may see, and only for organisers; what cannot be passed on says why.
    async fn read(web: &Web, person: &Person, id: &str) -> Result<Self, Problem> {
        let (rows, id) = (web.rows(), id.parse::<ItemId>().map_err(|_| Problem::Missing)?);
        let item = items::find(&rows, id).await?.ok_or(Problem::Missing)?;
        if item.deleted.is_some() {
            return Err(Problem::Deleted(item.kind));
        }
        if !item.reach.may_be_shown() {
            return Err(Problem::Missing);
        }
        let home = actors::find(&rows, item.home).await?.ok_or(Problem::Missing)?;
        let (mut choices, mut refusal) = (Vec::new(), Refusal::NotAnOrganiser);
        for seen in super::super::organised(&rows, person).await? {
            match rules::may_carry(seen.actor.id, &item) {
                Ok(()) => {
                    let known = carries::of(&rows, seen.actor.id, id).await?;
                    let already = known.is_some_and(|known| known.state == CarryState::Carried);
                    choices.push((seen, already));
                }
                Err(why) => refusal = why,
            }
        }
        if choices.is_empty() { Err(refusal.into()) } else { Ok(Self { item, home, choices }) }
    }

    /// The association that was chosen; else the first that does not carry it yet.
    fn chosen(&self, handle: &str) -> Result<&AssociationSeen, Problem> {
        if handle.is_empty() {
            let free = self.choices.iter().find(|(_, already)| !already).or(self.choices.first());
            return free.map(|(seen, _)| seen).ok_or(Problem::Missing);
        }
        let named = self.choices.iter().find(|(seen, _)| seen.actor.handle == handle);
        named.map(|(seen, _)| seen).ok_or(Problem::Missing)
    }

    fn page(&self, web: &Web, by: &AssociationSeen, typed: Typed, wrong: Option<Wrong>) -> CarryPage {
        let item = &self.item;
        let title =
            if item.title.is_empty() { words::excerpt(&item.text.html, 60) } else { item.title.clone() };
        let choices = self.choices.iter().map(|(seen, already)| Choice {
            by: Pinner::new(&seen.actor),
            handle: seen.actor.handle.clone(),
            chosen: seen.actor.id == by.actor.id,
            already: *already,
        });
        let reason = rules::reason(typed.get("reason")).unwrap_or_default();
        CarryPage {
            frame: Frame::new(web, "Pass it on to your followers").secret().with(Sheet::Desk),
            item: item.id,
            kind: shapes::heading(item.kind),
            line: if item.title.is_empty() { String::new() } else { words::excerpt(&item.text.html, 200) },
            title,
            language: item.language.as_str().to_owned(),
            origin: Pinner::new(&self.home),
            href: words::web_link(&item.page),
            choices: choices.collect(),
            look: Look {
                by: Pinner::new(&by.actor),
                post: (!reason.is_empty()).then(|| posts::carry(&reason, item, &self.home)),
            },
            typed,
            wrong,
        }
    }
}

/// Everybody sees the button; who organises nothing is told what they can do instead.
#[derive(Template)]
#[template(path = "desk/carry-nobody.html")]
struct NobodyPage {
    frame: Frame,
    item: ItemId,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Query(asked): Query<Asked>) -> Answer {
    if super::super::organised(&web.rows(), &person).await?.is_empty() {
        let frame = Frame::new(&web, "Pass it on to your followers").secret().with(Sheet::Desk);
        let item = asked.item.parse().map_err(|_| Problem::Missing)?;
        return draw(&NobodyPage { frame, item });
    }
    let found = Found::read(&web, &person, &asked.item).await?;
    let by = found.chosen(&asked.handle)?;
    draw(&found.page(&web, by, Typed::default(), None))
}

async fn pass(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let typed = Typed(fields);
    let found = Found::read(&web, &person, typed.get("item")).await?;
    let by = found.chosen(typed.get("for"))?;
    let reason = typed.get("reason").to_owned();
    if typed.get("do") == "look" {
        let wrong =
            rules::reason(&reason).err().map(|refusal| Wrong::of(Error::Refused(refusal))).transpose()?;
        return draw(&found.page(&web, by, typed, wrong));
    }
    match app::carry(&web.app, &By::person(person.id), by.actor.id, found.item.id, &reason).await {
        Ok(carry) => {
            let path = format!("/desk/carrying?for={}&done={}", by.actor.handle, carry.id);
            Ok(Redirect::to(&path).into_response())
        }
        Err(error) => {
            let wrong = Some(Wrong::of(error)?);
            draw(&found.page(&web, by, typed, wrong)).map(forms::again)
        }
    }
}
