//! The ties of my associations: what is proposed to them, how each stands, and an alliance founded in one form.
//!
//! Forms are in [`asking`]; every button calls a function of `app` that decides whether it may.

mod asking;

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, affiliations};
use folkmoot_domain::{
    AffiliationId, Moment, Refusal,
    affiliations::{Affiliation, TieKind, TieSeen, TieState},
    associations::{AssociationKind, AssociationSeen},
};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::{
    Web,
    assets::Sheet,
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    rows::By as Side,
    sessions::SignedIn,
    words,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/alliances", get(page))
        .route("/desk/alliances/{id}", post(answer))
        .merge(asking::routes())
}

/// One tie as the desk shows it.
pub(crate) struct Shown {
    pub action: String,
    pub other: Side,
    /// "asks you to join", "would like to join you", "would like to work with you".
    pub asks: &'static str,
    /// "You are a member", "A member of yours", "You work together".
    pub what: &'static str,
    pub mandate: String,
    /// How it stands, in a sentence.
    pub stands: String,
}

/// One of my associations with all its ties.
pub(crate) struct Tied {
    pub by: Side,
    pub handle: String,
    pub alliance: bool,
    /// Proposed to it.
    pub waiting: Vec<Shown>,
    /// Proposed by it.
    pub proposed: Vec<Shown>,
    pub accepted: Vec<Shown>,
    pub over: Vec<Shown>,
}

impl Tied {
    async fn read(web: &Web, by: &By, seen: &AssociationSeen) -> Result<Self, Problem> {
        let id = seen.actor.id;
        let all = affiliations::of(&web.app, by, id).await?;
        let pick = |wanted: &dyn Fn(&Affiliation) -> bool| {
            all.iter().filter(|one| wanted(&one.tie)).map(|one| shown(web, seen, one)).collect::<Vec<_>>()
        };
        use TieState::{Accepted, Proposed};
        Ok(Self {
            by: Side::new(&seen.actor),
            handle: seen.actor.handle.clone(),
            alliance: seen.association.kind == AssociationKind::Alliance,
            waiting: pick(&|tie| tie.state == Proposed && tie.asked() == id),
            proposed: pick(&|tie| tie.state == Proposed && tie.proposer == id),
            accepted: pick(&|tie| tie.state == Accepted),
            over: pick(&|tie| !tie.state.lives()),
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        [&self.waiting, &self.proposed, &self.accepted, &self.over].iter().all(|list| list.is_empty())
    }
}

#[derive(Template)]
#[template(path = "desk/alliances.html")]
struct AlliancesPage {
    frame: Frame,
    mine: Vec<Tied>,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    let (rows, by) = (web.rows(), By::person(person.id));
    let mut mine = Vec::new();
    for seen in super::organised(&rows, &person).await? {
        mine.push(Tied::read(&web, &by, &seen).await?);
    }
    draw(&AlliancesPage { frame: Frame::new(&web, "Alliances").secret().with(Sheet::Desk), mine })
}

fn shown(web: &Web, mine: &AssociationSeen, seen: &TieSeen) -> Shown {
    let (tie, id) = (&seen.tie, mine.actor.id);
    let other = seen.other(id);
    let (asks, what) = match tie.kind {
        TieKind::Partner => ("would like to work with you", "You work together"),
        TieKind::Member if tie.member == id => ("asks you to join", "You are a member"),
        TieKind::Member => ("would like to join you", "A member of yours"),
    };
    Shown {
        action: format!("/desk/alliances/{}", tie.id),
        other: Side::new(other),
        asks,
        what,
        mandate: tie.mandate.clone(),
        stands: stands(tie, other.local, web.now(), &mine.association.time_zone()),
    }
}

/// How a tie stands, in a sentence.
fn stands(tie: &Affiliation, local: bool, now: Moment, zone: &TimeZone) -> String {
    let day = |at: Moment| words::day(at, now, zone);
    match (tie.state, tie.missed_since) {
        (TieState::Proposed, _) => format!("Proposed {}. They have not answered yet.", day(tie.proposed)),
        (TieState::Declined, _) => "They said not this time.".to_owned(),
        (TieState::Ended, _) => tie.ended.map_or("Ended.".to_owned(), |at| format!("Ended {}.", day(at))),
        (TieState::Accepted, Some(since)) if tie.listed => format!(
            "Their server has not answered, or does not list it, since {}. It counts still, and we look again.",
            day(since)
        ),
        (TieState::Accepted, Some(since)) => format!(
            "Not found there since {}, so it does not count for now. Nothing of yours is lost; you can end it, or wait.",
            day(since)
        ),
        (TieState::Accepted, None) if local => "Both of you are on this board.".to_owned(),
        (TieState::Accepted, None) => match tie.checked {
            Some(at) => format!("Both of you say so; we last looked {}.", day(at)),
            None => "Both of you said yes; we look soon whether both list it.".to_owned(),
        },
    }
}

/// What is said to a tie.
#[derive(Deserialize)]
struct Said {
    answer: Yes,
    /// The handle of the side that ends it.
    #[serde(default, rename = "for")]
    side: String,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Yes {
    Yes,
    No,
    End,
}

async fn answer(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<AffiliationId>,
    form: Result<Form<Said>, FormRejection>,
) -> Answer {
    let Form(said) = form?;
    let by = By::person(person.id);
    let done = match said.answer {
        Yes::End => {
            let side = super::my_association(&web.rows(), &person, &said.side).await?;
            affiliations::end(&web.app, &by, side.actor.id, id).await
        }
        yes => affiliations::answer(&web.app, &by, id, yes == Yes::Yes).await.map(drop),
    };
    match done {
        // Pressing twice is once.
        Ok(()) | Err(folkmoot_app::Error::Refused(Refusal::Over(_))) => {
            Ok(Redirect::to("/desk/alliances").into_response())
        }
        // What waits at the desks of others is nobody's business.
        Err(folkmoot_app::Error::Refused(Refusal::NotAnOrganiser | Refusal::Unknown(_))) => {
            Err(Problem::Missing)
        }
        Err(error) => Err(error.into()),
    }
}
