//! Who looks after an association, who was asked to, and asking others; the same for the board as a whole.

use askama::Template;
use axum::{
    Form, Router,
    extract::{FromRequestParts, Path, State, rejection::FormRejection},
    http::request::Parts,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{
    By,
    invitations::{self, Seen},
};
use folkmoot_domain::{
    ActorId,
    associations::AssociationSeen,
    people::Person,
    roles::{self, Act, Role, Who},
};
use folkmoot_storage::{associations, people as person_rows};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::wrong;
use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    rows,
    sessions::{Asker, SignedIn},
    words,
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/@{handle}/people", get(people).post(invite))
        .route("/desk/@{handle}/people/{person}/{role}/{step}", post(change))
        .route("/desk/@{handle}/invitations/{hash}/withdraw", post(withdraw))
        .route("/stewards/invitations", get(board).post(invite_to_board))
        .route("/stewards/invitations/{hash}/withdraw", post(withdraw_from_board))
}

/// The association that the path names, when whoever asks has a role in it. For everybody else there is no such page.
async fn mine(web: &Web, me: &Person, handle: &str) -> Result<(AssociationSeen, Vec<Role>), Problem> {
    let rows = web.rows();
    let seen = associations::seen_by_handle(&rows, handle).await?.ok_or(Problem::Missing)?;
    let held = person_rows::roles(&rows, me.id, seen.actor.id).await?;
    let there = held.iter().any(|role| *role != Role::Board);
    if there { Ok((seen, held)) } else { Err(Problem::Missing) }
}

#[derive(Template)]
#[template(path = "invitations/people.html")]
struct PeoplePage {
    frame: Frame,
    by: rows::By,
    /// Where forms go.
    path: String,
    /// May I ask others in and let them go?
    may_invite: bool,
    people: Vec<Somebody>,
    pending: Vec<Waiting>,
    sent: Sent,
    /// An invitation went to this address just now.
    went: Option<String>,
    wrong: Option<Wrong>,
}

/// Somebody who looks after the association.
struct Somebody {
    id: ActorId,
    name: String,
    handle: String,
    roles: Vec<&'static str>,
    /// A steward only, who could become an organiser.
    can_organise: bool,
    me: bool,
}

/// An invitation that waits.
struct Waiting {
    email: String,
    role: &'static str,
    inviter: String,
    expires: String,
    withdraw: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    email: String,
    role: String,
}

impl Waiting {
    fn new(seen: Seen, web: &Web, path: &str, zone: &TimeZone) -> Self {
        Self {
            role: seen.invitation.place.map_or("", |(_, role)| role.word()),
            inviter: seen.inviter.unwrap_or_else(|| "Whoever runs this board".to_owned()),
            expires: words::day(seen.invitation.expires, web.now(), zone),
            withdraw: format!("{path}/invitations/{}/withdraw", seen.invitation.hash),
            email: seen.invitation.email,
        }
    }
}

impl PeoplePage {
    async fn read(
        web: &Web,
        me: &Person,
        (seen, held): &(AssociationSeen, Vec<Role>),
        sent: Sent,
    ) -> Result<Self, Problem> {
        let (id, zone) = (seen.actor.id, seen.association.time_zone());
        let may_invite = roles::may(Who::Person(me.id), held, Act::Invite).is_ok();
        let path = format!("/desk/@{}", seen.actor.handle);
        let pending = if may_invite { invitations::pending(&web.app, Some(id)).await? } else { Vec::new() };
        let people = person_rows::of_association(&web.rows(), id).await?;
        Ok(Self {
            frame: Frame::new(web, &format!("Who looks after {}", seen.actor.name)).secret(),
            by: rows::By::new(&seen.actor),
            may_invite,
            people: people.into_iter().map(|(person, roles)| Somebody::new(person, &roles, me)).collect(),
            pending: pending.into_iter().map(|seen| Waiting::new(seen, web, &path, &zone)).collect(),
            path,
            sent,
            went: None,
            wrong: None,
        })
    }

    /// Why this field needs another look.
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

impl Somebody {
    fn new(person: Person, roles: &[Role], me: &Person) -> Self {
        Self {
            id: person.id,
            name: person.name,
            handle: person.handle.to_string(),
            roles: roles.iter().map(|role| role.word()).collect(),
            can_organise: !roles.contains(&Role::Organiser),
            me: person.id == me.id,
        }
    }
}

async fn people(State(web): State<Web>, SignedIn(me): SignedIn, Named(handle): Named<String>) -> Answer {
    let mine = mine(&web, &me, &handle).await?;
    draw(&PeoplePage::read(&web, &me, &mine, Sent::default()).await?)
}

async fn invite(
    State(web): State<Web>,
    SignedIn(me): SignedIn,
    Asker(from): Asker,
    Named(handle): Named<String>,
    form: Result<Form<Sent>, FormRejection>,
) -> Answer {
    let Form(sent) = form?;
    let mine = mine(&web, &me, &handle).await?;
    let place = Some((mine.0.actor.id, Role::parse(&sent.role).unwrap_or(Role::Organiser)));
    match invitations::invite(&web.app, &By::person(me.id), from, &sent.email, place).await {
        Ok(_) => {
            let page = PeoplePage::read(&web, &me, &mine, Sent::default()).await?;
            draw(&PeoplePage { went: Some(sent.email.trim().to_owned()), ..page })
        }
        Err(error) => {
            let wrong = Some(wrong(error)?);
            draw(&PeoplePage { wrong, ..PeoplePage::read(&web, &me, &mine, sent).await? }).map(forms::again)
        }
    }
}

/// Whose role, which, and what becomes of it.
struct Step {
    handle: String,
    person: ActorId,
    role: Role,
    give: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Step {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(String, String, String, String)>::from_request_parts(parts, state).await;
        let Ok(Path((handle, person, role, step))) = path else { return Err(Problem::Missing) };
        let give = match step.as_str() {
            "give" => true,
            "take" => false,
            _ => return Err(Problem::Missing),
        };
        let named = (person.parse::<ActorId>(), Role::parse(&role), handle.chars().any(char::is_control));
        let (Ok(person), Some(role), false) = named else { return Err(Problem::Missing) };
        Ok(Self { handle, person, role, give })
    }
}

async fn change(State(web): State<Web>, SignedIn(me): SignedIn, step: Step) -> Answer {
    let Step { handle, person, role, give } = step;
    let (seen, _) = mine(&web, &me, &handle).await?;
    let (by, association) = (By::person(me.id), seen.actor.id);
    if give {
        invitations::give_role(&web.app, &by, person, association, role).await?;
    } else {
        invitations::take_role(&web.app, &by, person, association, role).await?;
    }
    // Whoever let themselves go sees that page no more.
    let held = person_rows::roles(&web.rows(), me.id, association).await?;
    let to = if held.iter().any(|role| *role != Role::Board) {
        format!("/desk/@{}/people", seen.actor.handle)
    } else {
        "/me".to_owned()
    };
    Ok(Redirect::to(&to).into_response())
}

/// Two words of a path.
struct Two(String, String);

impl<S: Send + Sync> FromRequestParts<S> for Two {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Ok(Path((one, other))) = path else { return Err(Problem::Missing) };
        let plain = !one.chars().chain(other.chars()).any(char::is_control);
        if plain { Ok(Self(one, other)) } else { Err(Problem::Missing) }
    }
}

async fn withdraw(State(web): State<Web>, SignedIn(me): SignedIn, Two(handle, hash): Two) -> Answer {
    let (seen, _) = mine(&web, &me, &handle).await?;
    invitations::withdraw(&web.app, &By::person(me.id), Some(seen.actor.id), &hash).await?;
    Ok(Redirect::to(&format!("/desk/@{}/people", seen.actor.handle)).into_response())
}

#[derive(Template)]
#[template(path = "invitations/board.html")]
struct BoardPage {
    frame: Frame,
    pending: Vec<Waiting>,
    email: String,
    went: Option<String>,
    wrong: Option<Wrong>,
}

impl BoardPage {
    async fn read(web: &Web, me: &Person, email: String) -> Result<Self, Problem> {
        let held = if me.steward { &[Role::Board][..] } else { &[] };
        roles::may(Who::Person(me.id), held, Act::InviteToBoard)?;
        let pending = invitations::pending(&web.app, None).await?.into_iter();
        Ok(Self {
            frame: Frame::new(web, "Ask somebody in").secret(),
            pending: pending.map(|seen| Waiting::new(seen, web, "/stewards", &TimeZone::UTC)).collect(),
            email,
            went: None,
            wrong: None,
        })
    }

    /// Why this field needs another look.
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn board(State(web): State<Web>, SignedIn(me): SignedIn) -> Answer {
    draw(&BoardPage::read(&web, &me, String::new()).await?)
}

async fn invite_to_board(
    State(web): State<Web>,
    SignedIn(me): SignedIn,
    Asker(from): Asker,
    form: Result<Form<Sent>, FormRejection>,
) -> Answer {
    let Form(sent) = form?;
    match invitations::invite(&web.app, &By::person(me.id), from, &sent.email, None).await {
        Ok(_) => {
            let page = BoardPage::read(&web, &me, String::new()).await?;
            draw(&BoardPage { went: Some(sent.email.trim().to_owned()), ..page })
        }
        Err(error) => {
            let wrong = Some(wrong(error)?);
            draw(&BoardPage { wrong, ..BoardPage::read(&web, &me, sent.email).await? }).map(forms::again)
        }
    }
}

async fn withdraw_from_board(
    State(web): State<Web>,
    SignedIn(me): SignedIn,
    Named(hash): Named<String>,
) -> Answer {
    invitations::withdraw(&web.app, &By::person(me.id), None, &hash).await?;
    Ok(Redirect::to("/stewards/invitations").into_response())
}
