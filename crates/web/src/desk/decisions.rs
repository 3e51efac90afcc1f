//! What alliances ask, what my associations answer, and the records that stay.

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    http::header,
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_app::{
    By,
    decisions::{self, Draft},
};
use folkmoot_domain::{
    ActorId, DecisionId, Refusal,
    associations::{AssociationKind, AssociationSeen},
    decisions::{Ballot, Choice, DecisionSeen, Rule, Tally},
    moments::{self, DAY},
    people::Person,
};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::{
    Web,
    assets::Sheet,
    desk::written::Typed,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    rows::By as Side,
    sessions::SignedIn,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/decisions", get(list))
        .route("/desk/decisions/new", get(form).post(ask))
        .route("/desk/decisions/{id}", get(page).post(answer))
        .route("/desk/decisions/{id}/record.txt", get(as_text))
        .route("/desk/decisions/{id}/record.csv", get(as_csv))
        .route("/desk/decisions/{id}/record.json", get(as_json))
}

/// One decision in a list.
pub(crate) struct Line {
    path: String,
    title: String,
    /// "Open until …", "Agreed".
    stands: String,
    open: bool,
}

/// One of my associations with what concerns it.
pub(crate) struct Asked {
    by: Side,
    handle: String,
    alliance: bool,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "desk/decisions.html")]
struct ListPage {
    frame: Frame,
    mine: Vec<Asked>,
}

async fn list(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    let (rows, by, now) = (web.rows(), By::person(person.id), web.now());
    let mut mine = Vec::new();
    for seen in super::organised(&rows, &person).await? {
        let zone = seen.association.time_zone();
        let mut lines = Vec::new();
        for decision in decisions::of(&web.app, &by, seen.actor.id).await? {
            let open = decision.must_be_open(now).is_ok();
            let until = moments::in_words(decision.closes, &zone);
            lines.push(Line {
                path: format!("/desk/decisions/{}", decision.id),
                title: decision.title,
                stands: if open { format!("Open until {until}") } else { format!("Closed {until}") },
                open,
            });
        }
        let alliance = seen.association.kind == AssociationKind::Alliance;
        let handle = seen.actor.handle.clone();
        mine.push(Asked { by: Side::new(&seen.actor), handle, alliance, lines });
    }
    draw(&ListPage { frame: Frame::new(&web, "Decisions").secret().with(Sheet::Desk), mine })
}

#[derive(Template)]
#[template(path = "desk/decide.html")]
struct AskPage {
    frame: Frame,
    /// Handle and name of the alliances that I organise.
    mine: Vec<(String, String)>,
    typed: Typed,
    wrong: Option<Wrong>,
}

impl AskPage {
    fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.typed.get(name) == value
    }
}

/// For which alliance.
#[derive(Deserialize, Default)]
struct Wanted {
    #[serde(default, rename = "for")]
    side: String,
}

async fn form(State(web): State<Web>, SignedIn(person): SignedIn, Query(wanted): Query<Wanted>) -> Answer {
    let mut typed = Typed::default();
    typed.set("for", wanted.side);
    typed.set("rule", "majority");
    typed.set("days", "14");
    show_form(&web, &person, typed, None).await
}

async fn show_form(web: &Web, person: &Person, typed: Typed, wrong: Option<Wrong>) -> Answer {
    let mine = super::organised(&web.rows(), person).await?.into_iter();
    let mine = mine.filter(|seen| seen.association.kind == AssociationKind::Alliance);
    let frame = Frame::new(web, "Ask your members").secret().with(Sheet::Desk);
    let mine = mine.map(|seen| (seen.actor.handle, seen.actor.name)).collect();
    draw(&AskPage { frame, mine, typed, wrong })
}

async fn ask(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let typed = Typed(fields);
    let alliance = super::my_association(&web.rows(), &person, typed.get("for")).await?;
    let done = match draft(&web, &typed) {
        Ok(draft) => decisions::ask(&web.app, &By::person(person.id), alliance.actor.id, draft).await,
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(decision) => Ok(Redirect::to(&format!("/desk/decisions/{}", decision.id)).into_response()),
        Err(error) => {
            let wrong = Wrong::of(error)?;
            show_form(&web, &person, typed, Some(wrong)).await.map(forms::again)
        }
    }
}

fn draft(web: &Web, typed: &Typed) -> Result<Draft, Refusal> {
    let rule = match typed.get("rule") {
        "consensus" => {
            let minus = typed.get("minus").trim();
            let minus = if minus.is_empty() { Ok(0) } else { minus.parse::<u8>() };
            Rule::ConsensusMinus(minus.map_err(|_| Refusal::field("minus", "must be a number, such as 1"))?)
        }
        rule => Rule::parse(rule).ok_or_else(|| Refusal::field("rule", "choose how it is decided"))?,
    };
    let days = typed.get("days").trim().parse::<u16>();
    let days = days.map_err(|_| Refusal::field("closes", "must be a number of days, such as 14"))?;
    Ok(Draft {
        title: typed.get("title").to_owned(),
        text: typed.get("text").to_owned(),
        rule,
        closes: web.now().plus(i64::from(days) * DAY),
    })
}

/// One of mine that may answer.
pub(crate) struct Mine {
    handle: String,
    name: String,
    choice: Option<Choice>,
    words: String,
}

impl Mine {
    fn chose(&self, choice: Choice) -> bool {
        self.choice == Some(choice)
    }
}

#[derive(Template)]
#[template(path = "desk/decision.html")]
struct DecisionPage {
    frame: Frame,
    seen: DecisionSeen,
    alliance: Side,
    path: String,
    open: bool,
    until: String,
    /// Those of mine that may answer.
    mine: Vec<Mine>,
    /// How many of those that were asked have answered; only who asks knows it before the end.
    answered: Option<(usize, usize)>,
    tally: Tally,
    wrong: Option<Wrong>,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<DecisionId>) -> Answer {
    show(&web, &person, id, None).await
}

async fn show(web: &Web, person: &Person, id: DecisionId, wrong: Option<Wrong>) -> Answer {
    let seen = seen(web, person, id).await?;
    let mine = super::organised(&web.rows(), person).await?;
    let zone = mine.first().map_or(TimeZone::UTC, |one| one.association.time_zone());
    let asks = mine.iter().any(|one| one.actor.id == seen.alliance.id);
    let elector = |id: ActorId| seen.electors.iter().any(|elector| elector.id == id);
    let mine: Vec<Mine> =
        mine.iter().filter(|one| elector(one.actor.id)).map(|one| answers(one, &seen)).collect();
    draw(&DecisionPage {
        frame: Frame::new(web, &seen.decision.title).secret().with(Sheet::Desk),
        alliance: Side::new(&seen.alliance),
        path: format!("/desk/decisions/{id}"),
        open: seen.decision.must_be_open(web.now()).is_ok(),
        until: moments::in_words(seen.decision.closes, &zone),
        answered: asks.then_some((seen.ballots.len(), seen.electors.len())),
        tally: seen.record.as_ref().map(folkmoot_domain::decisions::Record::tally).unwrap_or_default(),
        mine,
        seen,
        wrong,
    })
}

fn answers(one: &AssociationSeen, seen: &DecisionSeen) -> Mine {
    let ballot: Option<&Ballot> = seen.ballot(one.actor.id);
    Mine {
        handle: one.actor.handle.clone(),
        name: one.actor.name.clone(),
        choice: ballot.map(|ballot| ballot.choice),
        words: ballot.map(|ballot| ballot.words.clone()).unwrap_or_default(),
    }
}

/// For everybody else there is no such page.
async fn seen(web: &Web, person: &Person, id: DecisionId) -> Result<DecisionSeen, Problem> {
    match decisions::seen(&web.app, &By::person(person.id), id).await {
        Err(folkmoot_app::Error::Refused(_)) => Err(Problem::Missing),
        seen => Ok(seen?),
    }
}

/// What is answered, and for which of mine.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "for")]
    side: String,
    #[serde(default)]
    choice: String,
    #[serde(default)]
    words: String,
}

async fn answer(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<DecisionId>,
    form: Result<Form<Said>, FormRejection>,
) -> Answer {
    let Form(said) = form?;
    seen(&web, &person, id).await?;
    let member = super::my_association(&web.rows(), &person, &said.side).await?;
    let by = By::person(person.id);
    let done = match Choice::parse(&said.choice) {
        Some(choice) => decisions::answer(&web.app, &by, id, member.actor.id, choice, &said.words).await,
        None => Err(Refusal::field("choice", "choose one of the three").into()),
    };
    match done {
        Ok(()) | Err(folkmoot_app::Error::Refused(Refusal::Over(_))) => {
            Ok(Redirect::to(&format!("/desk/decisions/{id}")).into_response())
        }
        Err(error) => {
            let wrong = Wrong::of(error)?;
            show(&web, &person, id, Some(wrong)).await.map(forms::again)
        }
    }
}

async fn as_text(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<DecisionId>) -> Answer {
    let text = decisions::text(&seen(&web, &person, id).await?);
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

async fn as_csv(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<DecisionId>) -> Answer {
    let csv = decisions::csv(&seen(&web, &person, id).await?);
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response())
}

async fn as_json(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<DecisionId>) -> Answer {
    let json = decisions::json(&seen(&web, &person, id).await?).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}
