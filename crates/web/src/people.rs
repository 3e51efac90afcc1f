//! People: signing in by a link, signing out, and one's own page with what waits.
//!
//! Programs fetch links, so opening a sign-in link spends nothing: signing in is a button.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    middleware::map_response,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::people;
use folkmoot_domain::{
    ActorId, Moment, Refusal,
    associations::AssociationSeen,
    people::Person,
    pledges::{PledgeSeen, PledgeState},
    replies::ReplySeen,
    roles::{self, Act, Role, Who},
};
use folkmoot_storage::{Rows, associations, people as person_rows, pledges, replies};
use jiff::tz::TimeZone;

use crate::{
    Web,
    frame::{Answer, Frame, draw},
    headers,
    paths::Named,
    problems::Problem,
    rows::By,
    sessions::{self, SignedIn},
    words,
};

/// How many pledges, and how many replies, of one association are shown at once.
const AT_ONCE: u64 = 50;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/sign-in/{secret}", get(link).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/me", get(me))
        .layer(map_response(headers::secret))
}

#[derive(Template)]
#[template(path = "people/sign_in.html")]
struct SignInPage {
    frame: Frame,
    path: String,
}

async fn link(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    if !people::link_is_good(&web.app, &secret).await? {
        return Err(Refusal::LinkSpent.into());
    }
    draw(&SignInPage { frame: Frame::new(&web, "Sign in").secret(), path: format!("/sign-in/{secret}") })
}

async fn sign_in(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    let session = people::sign_in(&web.app, &secret).await?;
    let cookie = sessions::cookie(&session, &web.settings)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/me")).into_response())
}

async fn sign_out(State(web): State<Web>, headers: HeaderMap) -> Answer {
    if let Some(session) = sessions::secret(&headers, &web.settings) {
        people::sign_out(&web.app, session).await?;
    }
    let cookie = sessions::no_cookie(&web.settings)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

#[derive(Template)]
#[template(path = "people/me.html")]
struct MePage {
    frame: Frame,
    person: Person,
    associations: Vec<Mine>,
}

/// One of my associations, with what waits there.
struct Mine {
    by: By,
    /// "organiser", "steward".
    roles: String,
    /// May I answer pledges here?
    organises: bool,
    pledges: Vec<Waiting>,
    replies: Vec<Held>,
}

/// A pledge that waits for an answer.
struct Waiting {
    action: String,
    giver: By,
    call: String,
    path: String,
    labels: String,
    when: String,
}

/// A reply that waits to be looked at.
struct Held {
    action: String,
    author: By,
    about: String,
    path: String,
    /// Safe HTML, sanitised when it came in.
    html: String,
    /// Written to the organisers alone: it can never be shown.
    direct: bool,
    when: String,
}

async fn me(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    let rows = web.rows();
    let mut held: Vec<(ActorId, Vec<Role>)> = Vec::new();
    for (association, role) in person_rows::associations_of(&rows, person.id).await? {
        match held.iter_mut().find(|(known, _)| *known == association) {
            Some((_, roles)) => roles.push(role),
            None => held.push((association, vec![role])),
        }
    }
    let mut mine = Vec::with_capacity(held.len());
    for (association, roles) in held {
        if let Some(seen) = associations::seen(&rows, association).await? {
            mine.push(Mine::read(&rows, person.id, &seen, &roles, web.now()).await?);
        }
    }
    let frame = Frame::new(&web, "Your page").secret();
    draw(&MePage { frame, person, associations: mine })
}

impl Mine {
    /// Pledges, and replies to the organisers alone, are for organisers; other replies are for stewards too.
    async fn read(
        rows: &Rows<'_>,
        me: ActorId,
        seen: &AssociationSeen,
        roles: &[Role],
        now: Moment,
    ) -> Result<Self, Problem> {
        let (id, zone) = (seen.actor.id, seen.association.time_zone());
        let organises = roles::may(Who::Person(me), roles, Act::AnswerPledges).is_ok();
        let waiting = if organises {
            pledges::list(rows, id, Some(PledgeState::Offered), AT_ONCE).await?
        } else {
            Vec::new()
        };
        let held = if roles::may(Who::Person(me), roles, Act::Moderate).is_ok() {
            replies::held(rows, id, AT_ONCE).await?
        } else {
            Vec::new()
        };
        let held = held.iter().filter(|held| organises || !held.reply.direct);
        Ok(Self {
            by: By::new(&seen.actor),
            roles: roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(" and "),
            organises,
            pledges: waiting.iter().map(|pledge| Waiting::new(pledge, now, &zone)).collect(),
            replies: held.map(|reply| Held::new(reply, now, &zone)).collect(),
        })
    }
}

impl Waiting {
    fn new(seen: &PledgeSeen, now: Moment, zone: &TimeZone) -> Self {
        Self {
            action: format!("/me/pledges/{}", seen.pledge.id),
            giver: By::new(&seen.giver),
            call: seen.call.title.clone(),
            path: format!("/calls/{}", seen.call.id),
            labels: seen.labels.join("; "),
            when: words::moment(seen.pledge.offered, now, zone),
        }
    }
}

impl Held {
    fn new(seen: &ReplySeen, now: Moment, zone: &TimeZone) -> Self {
        let about = &seen.about;
        Self {
            action: format!("/me/replies/{}", seen.reply.id),
            author: By::new(&seen.author),
            about: about.title.clone(),
            path: format!("/{}/{}", about.kind.plural(), about.id),
            html: seen.reply.html.clone(),
            direct: seen.reply.direct,
            when: words::moment(seen.reply.received, now, zone),
        }
    }
}
