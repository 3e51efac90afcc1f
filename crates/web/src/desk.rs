//! The organiser's desk: what to answer, what is on, what is owed, and nothing else; and from there, everything one can
//! do with what an association has pinned.
//!
//! Every page here is for one person alone, and every button calls a function of `app` that decides whether they may.
//! What waits is read in [`waiting`]; answers are in [`answers`]; writing something new is in [`writing`] with its form
//! in [`written`] and its previews in [`previews`]; what is there already is in [`items`], [`edits`] and [`steps`];
//! founding and changing an association in [`founding`] and [`settings`]. Start at [`desk`].

mod alliances;
mod answers;
mod carrying;
mod connections;
mod decisions;
mod edits;
mod founding;
mod items;
mod moving;
mod partners;
mod previews;
mod settings;
mod steps;
mod stream;
mod waiting;
mod writing;
mod written;

use askama::Template;
use axum::{Router, extract::State, middleware::map_response, routing::get};
use folkmoot_app::reports;
use folkmoot_domain::{
    ActorId, Moment,
    affiliations::TieKind,
    associations::AssociationSeen,
    people::Person,
    roles::{self, Act, Role, Who},
};
use folkmoot_storage::{Rows, associations, people as person_rows};

use crate::{
    Web,
    assets::{Script, Sheet},
    frame::{Answer, Frame, draw},
    headers,
    problems::Problem,
    sessions::SignedIn,
    words,
};
use waiting::Mine;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk", get(desk))
        .merge(answers::routes())
        .merge(writing::routes())
        .merge(items::routes())
        .merge(edits::routes())
        .merge(steps::routes())
        .merge(founding::routes())
        .merge(settings::routes())
        .merge(moving::routes())
        .merge(stream::routes())
        .merge(connections::routes())
        .merge(carrying::routes())
        .merge(alliances::routes())
        .merge(decisions::routes())
        .merge(partners::routes())
        .layer(map_response(headers::secret))
}

#[derive(Template)]
#[template(path = "desk/page.html")]
struct DeskPage {
    frame: Frame,
    /// "Thursday 11 June".
    today: String,
    /// "Three people wait for an answer, one thanks is owed."
    lead: String,
    associations: Vec<Mine>,
    /// How many reports wait for me, wherever I look after something.
    reports: u64,
    /// Ties and questions of alliances that wait: what is asked, where it is answered, and in which words.
    asked: Vec<(String, String, &'static str)>,
}

async fn desk(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    let rows = web.rows();
    let mut mine = Vec::new();
    for (seen, roles) in mine_of(&rows, &person).await? {
        mine.push(Mine::read(&rows, &person, &seen, &roles, web.now()).await?);
    }
    let reports = reports::waiting(&web.app, &person).await?;
    let asked = asked(&web, &person).await?;
    let zone = mine.first().map_or(jiff::tz::TimeZone::UTC, |mine| mine.zone.clone());
    let frame = Frame::new(&web, "Your desk").secret().with(Sheet::Desk).running(Script::Htmx);
    draw(&DeskPage {
        frame,
        today: words::today(web.now(), &zone),
        lead: waiting::lead(&mine, reports),
        associations: mine,
        reports,
        asked,
    })
}

/// What other associations and alliances ask of those I organise.
async fn asked(web: &Web, person: &Person) -> Result<Vec<(String, String, &'static str)>, Problem> {
    let mut asked = Vec::new();
    for (side, seen) in folkmoot_app::affiliations::waiting(&web.app, person).await? {
        let (other, mine) = (seen.other(side), seen.other(seen.other(side).id));
        let what = match seen.tie.kind {
            TieKind::Partner => format!("{} would like to work with {}", other.name, mine.name),
            TieKind::Member if seen.tie.member == side => format!("{} ask {} to join", other.name, mine.name),
            TieKind::Member => format!("{} would like to join {}", other.name, mine.name),
        };
        asked.push((what, "/desk/alliances".to_owned(), "Read and answer"));
    }
    for (_, decision) in folkmoot_app::decisions::waiting(&web.app, person).await? {
        asked.push((decision.title, format!("/desk/decisions/{}", decision.id), "Vote"));
    }
    Ok(asked)
}

/// My associations that are open still, by name, with what I am there.
async fn mine_of(rows: &Rows<'_>, person: &Person) -> Result<Vec<(AssociationSeen, Vec<Role>)>, Problem> {
    let mut held: Vec<(ActorId, Vec<Role>)> = Vec::new();
    for (association, role) in person_rows::associations_of(rows, person.id).await? {
        match held.iter_mut().find(|(known, _)| *known == association) {
            Some((_, roles)) => roles.push(role),
            None => held.push((association, vec![role])),
        }
    }
    let mut mine = Vec::with_capacity(held.len());
    for (association, roles) in held {
        if let Some(seen) = associations::seen(rows, association).await?
            && seen.association.closed.is_none()
        {
            mine.push((seen, roles));
        }
    }
    mine.sort_by_key(|(seen, _)| seen.actor.name.to_lowercase());
    Ok(mine)
}

/// Those of them that I organise.
async fn organised(rows: &Rows<'_>, person: &Person) -> Result<Vec<AssociationSeen>, Problem> {
    let mine = mine_of(rows, person).await?.into_iter();
    Ok(mine.filter(|(_, roles)| organises(person, roles)).map(|(seen, _)| seen).collect())
}

fn organises(person: &Person, roles: &[Role]) -> bool {
    roles::may(Who::Person(person.id), roles, Act::Organise).is_ok()
}

/// The association of this handle, when I organise it. For everybody else there is no such page.
async fn my_association(rows: &Rows<'_>, person: &Person, handle: &str) -> Result<AssociationSeen, Problem> {
    let seen = associations::seen_by_handle(rows, handle).await?.ok_or(Problem::Missing)?;
    mine_or_missing(rows, person, seen.actor.id).await?;
    Ok(seen)
}

/// What others run is not for me to know of.
async fn mine_or_missing(rows: &Rows<'_>, person: &Person, home: ActorId) -> Result<(), Problem> {
    let held = person_rows::roles(rows, person.id, home).await?;
    if organises(person, &held) { Ok(()) } else { Err(Problem::Missing) }
}

/// The end of the day that it is, on the clocks of this zone.
fn midnight(now: Moment, zone: &jiff::tz::TimeZone) -> Moment {
    let today = now.timestamp().to_zoned_datetime(zone.clone()).date();
    let next = today.tomorrow().ok().and_then(|day| day.to_zoned_datetime(zone.clone()).ok());
    next.map_or(now, |at| Moment(at.timestamp().as_millisecond()))
}
