//! Everything one can do as a person: get an account, sign in by a link, sign out.

use folkmoot_domain::{
    ActorId, Refusal,
    actors::ActorKind,
    moments::{DAY, HOUR},
    people::{self as rules, Person},
    text::{self, Handle},
};
use folkmoot_storage::{StorageError, actors, people, sessions};
use url::Url;

use crate::{App, By, Result, instance, keys};

/// How long a sign-in link is good.
const LINK: i64 = 24 * HOUR;
/// How long a session lasts, in milliseconds.
pub const SESSION: i64 = 90 * DAY;

/// Gives a person an account, or finds the one that this mail address has.
pub async fn enrol(app: &App, by: &By, name: &str, handle: &Handle, email: &str) -> Result<Person> {
    let (name, email) = (text::line("name", name, 100)?, rules::email(email)?);
    if let Some(known) = people::by_email(&app.store.rows(), &email).await? {
        return Ok(known);
    }
    let id: ActorId = app.id();
    let (mut actor, sealed) =
        instance::make(app, id, ActorKind::Person, handle.as_str(), &app.addresses.person(id))?;
    actor.name.clone_from(&name);
    actor.page = app.addresses.profile(handle);
    let doing = app.begin(by).await?;
    actors::insert(&doing.tx, &actor, Some(sealed), doing.now).await?;
    match actors::take_handle(&doing.tx, id, handle).await {
        Err(StorageError::Duplicate(_)) => return Err(Refusal::HandleTaken(handle.to_string()).into()),
        other => other?,
    }
    let person = Person { id, handle: handle.clone(), name, email, since: doing.now };
    people::insert(&doing.tx, &person).await?;
    doing.done("a person got an account").await?;
    Ok(person)
}

/// A link that signs this person in once, within a day.
pub async fn sign_in_link(app: &App, by: &By, email: &str) -> Result<Url> {
    let email = rules::email(email)?;
    let person = people::by_email(&app.store.rows(), &email).await?.ok_or(Refusal::Unknown("person"))?;
    let secret = app.secret();
    let doing = app.begin(by).await?;
    sessions::insert_link(&doing.tx, &keys::hash(&secret), person.id, doing.now.plus(LINK)).await?;
    doing.done("a sign-in link was made").await?;
    Ok(app.addresses.sign_in(&secret))
}

/// Would this link sign somebody in? Asking spends nothing, since programs fetch links.
pub async fn link_is_good(app: &App, secret: &str) -> Result<bool> {
    Ok(sessions::link_is_good(&app.store.rows(), &keys::hash(secret), app.now()).await?)
}

/// Spends a link: the secret of a fresh session.
pub async fn sign_in(app: &App, secret: &str) -> Result<String> {
    let doing = app.begin(&By::operator()).await?;
    let person =
        sessions::spend_link(&doing.tx, &keys::hash(secret), doing.now).await?.ok_or(Refusal::LinkSpent)?;
    let session = format!("{}{}", app.secret(), app.secret());
    sessions::insert(&doing.tx, &keys::hash(&session), person, doing.now, doing.now.plus(SESSION)).await?;
    doing.done("a person signed in").await?;
    Ok(session)
}

/// Who is signed in with this session.
pub async fn signed_in(app: &App, session: &str) -> Result<Option<Person>> {
    let rows = app.store.rows();
    match sessions::person(&rows, &keys::hash(session), app.now()).await? {
        Some(id) => Ok(people::find(&rows, id).await?),
        None => Ok(None),
    }
}

/// Ends a session.
pub async fn sign_out(app: &App, session: &str) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    sessions::remove(&doing.tx, &keys::hash(session)).await?;
    doing.done("a person signed out").await
}
