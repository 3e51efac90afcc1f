//! Carrying: pass something on, look at what rules found, take it down; and see who carries what is ours.
//!
//! Passing one thing on is in [`passing`], rules are in [`ruling`]. Every button calls a function of `app`. Start at
//! [`page`].

mod passing;
mod ruling;

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, Error, carries as app, rules};
use folkmoot_domain::{
    ActorId, CarryId, ItemId, Moment, Refusal, RuleId,
    associations::AssociationSeen,
    carries::{Carry, CarryState},
    people::Person,
};
use folkmoot_storage::{Rows, actors, carries, items};
use serde::Deserialize;

use crate::{
    Web,
    assets::Sheet,
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    rows::By as Pinner,
    sessions::SignedIn,
    words,
};

/// So many of what waits are on the desk itself.
const ON_DESK: u64 = 5;
/// So many are on a page.
const AT_ONCE: u64 = 30;
/// So many of our own things that others carry are shown.
const OURS: u64 = 50;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/carrying", get(page))
        .route("/desk/carrying/{id}/look", post(look))
        .route("/desk/carrying/{id}/end", post(end))
        .route("/desk/carrying/{id}/refuse", post(refuse))
        .route("/desk/carrying/items/{id}", post(consent))
        .merge(passing::routes())
        .merge(ruling::routes())
}

/// Something that is carried, or waits to be.
pub(super) struct Thing {
    pub id: CarryId,
    pub kind: &'static str,
    pub title: String,
    pub language: String,
    pub line: String,
    /// Its page here when it is shown, else where it was published.
    pub href: Option<String>,
    pub by: Pinner,
    pub reason: String,
    pub when: String,
    /// The rule that found it, in words.
    pub rule: Option<String>,
}

impl Thing {
    /// Nothing when the item, its home or its words are gone.
    pub(super) async fn read(rows: &Rows<'_>, carry: &Carry, now: Moment) -> Result<Option<Self>, Problem> {
        let Some(item) = items::find(rows, carry.item).await?.filter(|item| item.deleted.is_none()) else {
            return Ok(None);
        };
        let Some(home) = actors::find(rows, item.home).await? else { return Ok(None) };
        let shown = items::seen(rows, item.id).await?.is_some();
        let here = format!("/{}/{}", item.kind.plural(), item.id);
        let begins = words::excerpt(&item.text.html, 140);
        let titled = !item.title.is_empty();
        Ok(Some(Self {
            id: carry.id,
            kind: crate::shapes::heading(item.kind),
            title: if titled { item.title.clone() } else { words::excerpt(&item.text.html, 60) },
            language: item.language.as_str().to_owned(),
            line: if titled { begins } else { String::new() },
            href: if shown { Some(here) } else { words::web_link(&item.page) },
            by: Pinner::new(&home),
            reason: carry.reason.clone(),
            when: words::day(carry.since, now, &jiff::tz::TimeZone::UTC),
            rule: match carry.rule {
                Some(rule) => rule_in_words(rows, rule).await?,
                None => None,
            },
        }))
    }
}

async fn rule_in_words(rows: &Rows<'_>, id: RuleId) -> Result<Option<String>, Problem> {
    let Some(rule) = folkmoot_storage::rules::find(rows, id).await? else { return Ok(None) };
    let source = actors::find(rows, rule.source).await?;
    Ok(source.map(|source| rule.in_words(&Pinner::new(&source).name)))
}

/// Something of ours, and who carries it.
struct Ours {
    item: ItemId,
    title: String,
    href: String,
    carriable: bool,
    carriers: Vec<(CarryId, Pinner, String, String)>,
}

/// A rule as it is shown.
struct Ruled {
    id: RuleId,
    words: String,
    /// It belongs to an affiliation, and ends with it.
    tied: bool,
}

#[derive(Template)]
#[template(path = "desk/carrying.html")]
struct CarryingPage {
    frame: Frame,
    by: Pinner,
    handle: String,
    /// My other associations.
    others: Vec<(String, String)>,
    /// What was just done.
    done: Option<String>,
    waiting: Vec<Thing>,
    more_waiting: u64,
    carried: Vec<Thing>,
    older: Option<String>,
    rules: Vec<Ruled>,
    ours: Vec<Ours>,
}

/// For which of my associations, and from where on.
#[derive(Deserialize)]
struct Asked {
    #[serde(default, rename = "for")]
    handle: String,
    #[serde(default)]
    before: String,
    #[serde(default)]
    done: String,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Query(asked): Query<Asked>) -> Answer {
    let rows = web.rows();
    let mine = super::organised(&rows, &person).await?;
    let seen = chosen(&mine, &asked.handle)?;
    let (id, now) = (seen.actor.id, web.now());
    let waiting = carries::list(&rows, id, CarryState::Waiting, None, AT_ONCE).await?;
    let count = carries::count(&rows, id, CarryState::Waiting).await?;
    let mut carried = carries::list(&rows, id, CarryState::Carried, mark(&asked.before), AT_ONCE + 1).await?;
    let more = carried.len() as u64 > AT_ONCE;
    carried.truncate(usize::try_from(AT_ONCE).unwrap_or(usize::MAX));
    let older = carried
        .last()
        .filter(|_| more)
        .map(|last| format!("/desk/carrying?for={}&before={}-{}", seen.actor.handle, last.since.0, last.id));
    let done = match asked.done.parse::<CarryId>() {
        Ok(carry) => done(&rows, id, carry).await?,
        Err(_) => None,
    };
    let others = mine.iter().filter(|other| other.actor.id != id);
    draw(&CarryingPage {
        frame: Frame::new(&web, "What you pass on").secret().with(Sheet::Desk),
        by: Pinner::new(&seen.actor),
        handle: seen.actor.handle.clone(),
        others: others
            .map(|other| (other.actor.name.clone(), format!("/desk/carrying?for={}", other.actor.handle)))
            .collect(),
        done,
        more_waiting: count.saturating_sub(waiting.len() as u64),
        waiting: things(&rows, &waiting, now).await?,
        carried: things(&rows, &carried, now).await?,
        older,
        rules: ruled(&web, id).await?,
        ours: ours(&rows, seen, now).await?,
    })
}

/// The association of this handle among mine; the first when none is named.
fn chosen<'a>(mine: &'a [AssociationSeen], handle: &str) -> Result<&'a AssociationSeen, Problem> {
    match handle {
        "" => mine.first(),
        handle => mine.iter().find(|seen| seen.actor.handle == handle),
    }
    .ok_or(Problem::Missing)
}

fn mark(text: &str) -> Option<(Moment, CarryId)> {
    let (since, id) = text.split_once('-')?;
    Some((Moment(since.parse().ok()?), id.parse().ok()?))
}

/// What was just passed on, by its title.
async fn done(rows: &Rows<'_>, carrier: ActorId, id: CarryId) -> Result<Option<String>, Problem> {
    let found = carries::find(rows, id).await?;
    let found = found.filter(|carry| carry.carrier == carrier && carry.state == CarryState::Carried);
    let Some(carry) = found else { return Ok(None) };
    Ok(items::find(rows, carry.item).await?.map(|item| item.title))
}

/// The newest things that rules found and an organiser looks at first; the rest is on the page of carrying.
pub(super) async fn waiting(rows: &Rows<'_>, carrier: ActorId, now: Moment) -> Result<Vec<Thing>, Problem> {
    let found = carries::list(rows, carrier, CarryState::Waiting, None, ON_DESK).await?;
    things(rows, &found, now).await
}

async fn things(rows: &Rows<'_>, found: &[Carry], now: Moment) -> Result<Vec<Thing>, Problem> {
    let mut things = Vec::with_capacity(found.len());
    for carry in found {
        things.extend(Thing::read(rows, carry, now).await?);
    }
    Ok(things)
}

async fn ruled(web: &Web, carrier: ActorId) -> Result<Vec<Ruled>, Problem> {
    let found = rules::list(&web.app, carrier).await?.into_iter();
    Ok(found
        .map(|seen| Ruled {
            id: seen.rule.id,
            words: seen.rule.in_words(&Pinner::new(&seen.source).name),
            tied: seen.rule.affiliation.is_some(),
        })
        .collect())
}

async fn ours(rows: &Rows<'_>, seen: &AssociationSeen, now: Moment) -> Result<Vec<Ours>, Problem> {
    let zone = seen.association.time_zone();
    let mut ours = Vec::new();
    for id in carries::carried_of_home(rows, seen.actor.id, OURS).await? {
        let Some(item) = items::find(rows, id).await? else { continue };
        let found = carries::of_item(rows, id, CarryState::Carried).await?;
        let actors = actors::many(rows, found.iter().map(|carry| carry.carrier)).await?;
        let carriers = found.iter().filter_map(|carry| {
            let carrier = actors.get(&carry.carrier)?;
            Some((carry.id, Pinner::new(carrier), words::day(carry.since, now, &zone), carry.reason.clone()))
        });
        ours.push(Ours {
            item: id,
            title: if item.title.is_empty() { words::excerpt(&item.text.html, 60) } else { item.title },
            href: format!("/{}/{id}", item.kind.plural()),
            carriable: item.carriable,
            carriers: carriers.collect(),
        });
    }
    Ok(ours)
}

#[derive(Deserialize)]
struct Looked {
    answer: Yes,
    #[serde(default)]
    reason: String,
    /// To the desk, or to this page?
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Yes {
    Carry,
    Leave,
}

async fn look(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<CarryId>,
    form: Result<Form<Looked>, FormRejection>,
) -> Answer {
    let Form(looked) = form?;
    let reason = matches!(looked.answer, Yes::Carry).then_some(looked.reason.as_str());
    let carry = app::look(&web.app, &By::person(person.id), id, reason).await.map_err(not_mine)?;
    if looked.back == "desk" {
        return Ok(Redirect::to("/desk").into_response());
    }
    back(&web, &person, carry.carrier).await
}

async fn end(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<CarryId>) -> Answer {
    let carry = app::take_down(&web.app, &By::person(person.id), id).await.map_err(not_mine)?;
    back(&web, &person, carry.carrier).await
}

async fn refuse(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<CarryId>) -> Answer {
    let carry = app::refuse(&web.app, &By::person(person.id), id).await.map_err(not_mine)?;
    let item = items::find(&web.rows(), carry.item).await?.ok_or(Problem::Missing)?;
    back(&web, &person, item.home).await
}

#[derive(Deserialize)]
struct Consent {
    carriable: String,
}

async fn consent(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<ItemId>,
    form: Result<Form<Consent>, FormRejection>,
) -> Answer {
    let Form(consent) = form?;
    let (by, yes) = (By::person(person.id), consent.carriable == "yes");
    app::let_be_carried(&web.app, &by, id, yes).await.map_err(not_mine)?;
    let item = items::find(&web.rows(), id).await?.ok_or(Problem::Missing)?;
    back(&web, &person, item.home).await
}

/// To the page of the association that it was about.
async fn back(web: &Web, person: &Person, association: ActorId) -> Answer {
    let mine = super::organised(&web.rows(), person).await?;
    let handle = mine.iter().find(|seen| seen.actor.id == association).map(|seen| &seen.actor.handle);
    let path = handle.map_or_else(|| "/desk".to_owned(), |handle| format!("/desk/carrying?for={handle}"));
    Ok(Redirect::to(&path).into_response())
}

/// What waits at the desks of others is nobody's business: for them there is no such thing.
fn not_mine(error: Error) -> Problem {
    match error {
        Error::Refused(Refusal::NotAnOrganiser) => Problem::Missing,
        other => other.into(),
    }
}
