//! One's own page: what I look after, what I pledged, where I am signed in, and everything that is known of me.

use askama::Template;
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::people;
use folkmoot_domain::{
    ActorId, Moment, people::Person, pledges::PledgeSeen, roles::Role, rsvps::RsvpSeen, updates::About,
};
use folkmoot_storage::{
    Rows, associations, events, people as person_rows, pledges, rsvps, sessions::Session,
};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::{
    Web, coming,
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    rows::By,
    sessions::{self, SignedIn},
    words,
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/me", get(page))
        .route("/me/data.json", get(data))
        .route("/me/sessions/{hash}/end", post(end))
        .route("/me/sign-out-everywhere", post(everywhere))
}

#[derive(Template)]
#[template(path = "people/me.html")]
struct MePage {
    frame: Frame,
    person: Person,
    has_password: bool,
    associations: Vec<Mine>,
    pledges: Vec<Given>,
    comings: Vec<Coming>,
    sessions: Vec<Place>,
}

/// One of my associations.
struct Mine {
    by: By,
    /// "organiser", "steward".
    roles: String,
    /// The page with everybody who looks after it.
    people: String,
}

/// Help that I pledged.
struct Given {
    call: String,
    path: String,
    labels: String,
    state: String,
    receipt: String,
    when: String,
}

/// An event that I want to come to, or wanted.
struct Coming {
    event: String,
    path: String,
    state: &'static str,
    when: String,
    receipt: String,
}

/// Where I am signed in.
struct Place {
    agent: String,
    since: String,
    seen: String,
    this: bool,
    end: String,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, headers: HeaderMap) -> Answer {
    let (rows, now) = (web.rows(), web.now());
    let secret = sessions::secret(&headers, &web.settings).unwrap_or_default();
    let signed_in = people::sessions_of(&web.app, person.id, secret).await?;
    let given = pledges::given_by(&rows, person.id).await?;
    draw(&MePage {
        frame: Frame::new(&web, "Your page").secret(),
        has_password: person_rows::password(&rows, person.id).await?.is_some(),
        associations: mine(&rows, person.id).await?,
        pledges: given.iter().map(|seen| Given::new(&web, seen, now)).collect(),
        comings: comings(&web, person.id).await?,
        sessions: signed_in.into_iter().map(|(session, this)| Place::new(&session, this, now)).collect(),
        person,
    })
}

/// What I am to which association.
async fn held(rows: &Rows<'_>, me: ActorId) -> Result<Vec<(ActorId, Vec<Role>)>, Problem> {
    let mut held: Vec<(ActorId, Vec<Role>)> = Vec::new();
    for (association, role) in person_rows::associations_of(rows, me).await? {
        match held.iter_mut().find(|(known, _)| *known == association) {
            Some((_, roles)) => roles.push(role),
            None => held.push((association, vec![role])),
        }
    }
    Ok(held)
}

async fn mine(rows: &Rows<'_>, me: ActorId) -> Result<Vec<Mine>, Problem> {
    let mut mine = Vec::new();
    for (association, roles) in held(rows, me).await? {
        if let Some(seen) = associations::seen(rows, association).await? {
            mine.push(Mine {
                by: By::new(&seen.actor),
                roles: roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(" and "),
                people: format!("/desk/@{}/people", seen.actor.handle),
            });
        }
    }
    Ok(mine)
}

/// What I said about events, what comes first in front.
async fn comings(web: &Web, me: ActorId) -> Result<Vec<Coming>, Problem> {
    let (rows, now) = (web.rows(), web.now());
    let mut comings = Vec::new();
    for seen in rsvps::said_by(&rows, me).await? {
        let event = events::seen(&rows, seen.event.id).await?;
        let starts = event.as_ref().map(|event| event.event.starts);
        let ours = web.app.addresses.is_ours(&seen.event.uri);
        let coming = Coming {
            event: seen.event.title.clone(),
            path: if ours { format!("/events/{}", seen.event.id) } else { page_of(&seen.event) },
            state: coming::stands(seen.rsvp.state),
            when: event.map_or_else(String::new, |event| {
                words::moment(event.event.starts, now, &event.event.time_zone())
            }),
            receipt: format!("/coming/{}", seen.rsvp.receipt),
        };
        comings.push((starts, coming));
    }
    comings.sort_by_key(|(starts, _)| *starts);
    Ok(comings.into_iter().map(|(_, coming)| coming).collect())
}

/// The page of something that lives elsewhere, as far as a browser can go there.
fn page_of(about: &About) -> String {
    words::web_link(&about.page).unwrap_or_default()
}

impl Given {
    fn new(web: &Web, seen: &PledgeSeen, now: Moment) -> Self {
        let ours = web.app.addresses.is_ours(&seen.call.uri);
        Self {
            call: seen.call.title.clone(),
            path: if ours { format!("/calls/{}", seen.call.id) } else { page_of(&seen.call) },
            labels: seen.labels.join("; "),
            state: seen.pledge.state.word().to_owned(),
            receipt: format!("/pledges/{}", seen.pledge.receipt),
            when: words::moment(seen.pledge.offered, now, &TimeZone::UTC),
        }
    }
}

impl Place {
    fn new(session: &Session, this: bool, now: Moment) -> Self {
        Self {
            agent: session.agent.clone(),
            since: words::day(session.since, now, &TimeZone::UTC),
            seen: words::moment(session.seen, now, &TimeZone::UTC),
            this,
            end: format!("/me/sessions/{}/end", session.hash),
        }
    }
}

async fn end(State(web): State<Web>, SignedIn(person): SignedIn, Named(hash): Named<String>) -> Answer {
    people::end_session(&web.app, person.id, &hash).await?;
    Ok(Redirect::to("/me").into_response())
}

async fn everywhere(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    people::sign_out_everywhere(&web.app, person.id).await?;
    let cookie = sessions::no_cookie(&web.settings)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// Everything that is known of me, for programs (GDPR 15 and 20).
async fn data(State(web): State<Web>, SignedIn(person): SignedIn, headers: HeaderMap) -> Answer {
    let rows = web.rows();
    let secret = sessions::secret(&headers, &web.settings).unwrap_or_default();
    let mut roles = Vec::new();
    for (association, held) in held(&rows, person.id).await? {
        if let Some(seen) = associations::seen(&rows, association).await? {
            let words: Vec<_> = held.iter().map(|role| role.word()).collect();
            roles.push(json!({ "association": seen.actor.uri, "name": seen.actor.name, "roles": words }));
        }
    }
    let given: Vec<Value> = pledges::given_by(&rows, person.id).await?.iter().map(pledge_object).collect();
    let signed_in = people::sessions_of(&web.app, person.id, secret).await?;
    let signed_in: Vec<Value> = signed_in.iter().map(|(session, _)| session_object(session)).collect();
    let known = json!({
        "id": web.app.addresses.person(person.id),
        "handle": format!("@{}@{}", person.handle, web.app.addresses.host()),
        "name": person.name,
        "email": person.email,
        "since": person.since.rfc3339(),
        "steward_of_the_board": person.steward,
        "has_password": person_rows::password(&rows, person.id).await?.is_some(),
        "roles": roles,
        "pledges": given,
        "events": rsvps::said_by(&rows, person.id).await?.iter().map(rsvp_object).collect::<Vec<_>>(),
        "signed_in_on": signed_in,
    });
    let named = [(header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\"")];
    Ok((named, Json(known)).into_response())
}

fn pledge_object(seen: &PledgeSeen) -> Value {
    json!({
        "call": seen.call.uri,
        "title": seen.call.title,
        "can_do": seen.labels,
        "note": seen.pledge.note,
        "state": seen.pledge.state.word(),
        "offered": seen.pledge.offered.rfc3339(),
        "answer": seen.pledge.answer,
    })
}

fn rsvp_object(seen: &RsvpSeen) -> Value {
    json!({
        "event": seen.event.uri,
        "title": seen.event.title,
        "state": seen.rsvp.state.word(),
        "note": seen.rsvp.note,
        "said": seen.rsvp.asked.rfc3339(),
        "answer": seen.rsvp.answer,
    })
}

fn session_object(session: &Session) -> Value {
    json!({
        "on": session.agent,
        "since": session.since.rfc3339(),
        "last_used": session.seen.rfc3339(),
        "ends": session.expires.rfc3339(),
    })
}
