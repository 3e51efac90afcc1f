//! Signing in, by a link or a password, and out again.
//!
//! A link works once. A session ends two weeks after it was last used, and after ninety days in any case. Whether an
//! address has an account is told to nobody: not in words, and not by how long an answer takes.

use std::net::IpAddr;

use folkmoot_domain::{
    ActorId, Refusal,
    moments::{DAY, HOUR},
    people::{self as rules, Person},
};
use folkmoot_storage::{
    people,
    sessions::{self, Session},
};
use url::Url;

use crate::{App, By, Doing, Error, Result, keys, limits, mails::Letter, passwords};

/// How long a link is good that was printed at the command line.
const PRINTED_LINK: i64 = 24 * HOUR;
/// How long a link is good that somebody asked for and that goes by mail.
pub const ASKED_LINK: i64 = HOUR;
/// How long a session lasts at most, in milliseconds.
pub const SESSION: i64 = 90 * DAY;
/// How long a session lasts that is not used.
pub const IDLE: i64 = 14 * DAY;
/// How exactly it is known when a session was last used.
const SEEN: i64 = HOUR;

/// A link that signs this person in once, within a day; for the operator to hand over.
pub async fn sign_in_link(app: &App, by: &By, email: &str) -> Result<Url> {
    let email = rules::email(email)?;
    let person = people::by_email(&app.store.rows(), &email).await?.ok_or(Refusal::Unknown("person"))?;
    let secret = app.secret();
    let doing = app.begin(by).await?;
    sessions::insert_link(&doing.tx, &keys::hash(&secret), person.id, doing.now.plus(PRINTED_LINK)).await?;
    doing.done("a sign-in link was made").await?;
    Ok(app.addresses.sign_in(&secret))
}

/// Sends a link to whoever has an account with this address. `next` is the page of ours that they wanted.
pub async fn ask_for_link(app: &App, from: IpAddr, email: &str, next: Option<&str>) -> Result<()> {
    let email = rules::email(email)?;
    limits::letter(app, from, &email)?;
    let person = people::by_email(&app.store.rows(), &email).await?;
    let (secret, doing) = (app.secret(), app.begin(&By::operator()).await?);
    let mut link = app.addresses.sign_in(&secret);
    if let Some(next) = next {
        link.query_pairs_mut().append_pair("next", next);
    }
    if let Some(person) = person {
        let until = doing.now.plus(ASKED_LINK);
        sessions::insert_link(&doing.tx, &keys::hash(&secret), person.id, until).await?;
        let letter = Letter::SignIn { name: person.name, link: link.into() };
        doing.write_to(&person.email, &letter).await?;
    } else {
        // As much is written as for somebody who is known, and taken away again.
        doing.write_to_nobody(&email, &Letter::SignIn { name: String::new(), link: link.into() }).await?;
    }
    doing.done("a sign-in link was asked for").await
}

/// Would this link sign somebody in? Asking spends nothing, since programs fetch links.
pub async fn link_is_good(app: &App, secret: &str) -> Result<bool> {
    Ok(sessions::link_is_good(&app.store.rows(), &keys::hash(secret), app.now()).await?)
}

/// Spends a link: the secret of a fresh session. `agent` says on what they sign in, in words.
pub async fn sign_in(app: &App, secret: &str, agent: &str) -> Result<String> {
    let doing = app.begin(&By::operator()).await?;
    let person =
        sessions::spend_link(&doing.tx, &keys::hash(secret), doing.now).await?.ok_or(Refusal::LinkSpent)?;
    let session = begin_session(&doing, person, agent).await?;
    doing.done("a person signed in").await?;
    Ok(session)
}

/// Signs in with a password: the secret of a fresh session.
pub async fn sign_in_with(
    app: &App,
    from: IpAddr,
    email: &str,
    password: &str,
    agent: &str,
) -> Result<String> {
    let email = rules::email(email)?;
    limits::sign_in(app, from, &email)?;
    let rows = app.store.rows();
    let person = people::by_email(&rows, &email).await?;
    let hash = match &person {
        Some(person) => people::password(&rows, person.id).await?,
        None => None,
    };
    let old = hash.as_deref().is_some_and(|hash| !passwords::is_of_today(hash));
    let right = passwords::is_it(password, hash.clone()).await?;
    let person = person.filter(|_| right).ok_or(Refusal::NotThisPassword)?;
    let renewed = if old { Some(passwords::hash(app, password).await?) } else { None };

    let doing = app.begin(&By::operator()).await?;
    // It may have been changed while it was compared.
    if people::password(&doing.tx.rows(), person.id).await? != hash {
        return Err(Refusal::NotThisPassword.into());
    }
    if let Some(renewed) = renewed {
        people::set_password(&doing.tx, person.id, &renewed).await?;
    }
    let session = begin_session(&doing, person.id, agent).await?;
    doing.done("a person signed in").await?;
    Ok(session)
}

/// Always under a fresh secret, whatever the browser brought.
pub(crate) async fn begin_session(doing: &Doing<'_>, person: ActorId, agent: &str) -> Result<String> {
    let secret = format!("{}{}", doing.app.secret(), doing.app.secret());
    let session = Session {
        hash: keys::hash(&secret),
        person,
        agent: agent.to_owned(),
        since: doing.now,
        seen: doing.now,
        expires: doing.now.plus(SESSION),
    };
    sessions::insert(&doing.tx, &session).await?;
    Ok(secret)
}

/// Who is signed in with this session. It is noted, to the hour, that it is used.
pub async fn signed_in(app: &App, session: &str) -> Result<Option<Person>> {
    let (rows, now) = (app.store.rows(), app.now());
    let Some(session) = sessions::find(&rows, &keys::hash(session)).await? else { return Ok(None) };
    if session.expires <= now || session.seen.plus(IDLE) <= now {
        return Ok(None);
    }
    if session.seen.plus(SEEN) <= now {
        let doing = app.begin(&By::operator()).await?;
        sessions::touch(&doing.tx, &session.hash, now).await?;
        doing.done("a session is used").await?;
    }
    Ok(people::find(&rows, session.person).await?)
}

/// Where somebody is signed in, last used first, and which of these is the one with this secret.
pub async fn sessions_of(app: &App, person: ActorId, secret: &str) -> Result<Vec<(Session, bool)>> {
    let (now, this) = (app.now(), keys::hash(secret));
    let all = sessions::of(&app.store.rows(), person).await?;
    let good = all.into_iter().filter(|one| one.expires > now && one.seen.plus(IDLE) > now);
    Ok(good.map(|one| (one.hash == this, one)).map(|(this, one)| (one, this)).collect())
}

/// Ends the session with this secret.
pub async fn sign_out(app: &App, session: &str) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    sessions::remove(&doing.tx, &keys::hash(session)).await?;
    doing.done("a person signed out").await
}

/// Ends one of one's own sessions, by its hash.
pub async fn end_session(app: &App, person: ActorId, hash: &str) -> Result<()> {
    let doing = app.begin(&By::person(person)).await?;
    let theirs = sessions::find(&doing.tx.rows(), hash).await?.filter(|one| one.person == person);
    let session = theirs.ok_or(Refusal::Unknown("session"))?;
    sessions::remove(&doing.tx, &session.hash).await?;
    doing.done("a session was ended").await
}

/// Ends all of one's own sessions, and links that were not used yet.
pub async fn sign_out_everywhere(app: &App, person: ActorId) -> Result<()> {
    let doing = app.begin(&By::person(person)).await?;
    sessions::remove_all(&doing.tx, person, None).await?;
    sessions::remove_links(&doing.tx, person).await?;
    doing.done("a person signed out everywhere").await
}

/// Gives somebody a first or another password. Whoever has one says it. Every session ends, and links that were not used
/// yet; the secret of a fresh session comes back.
pub async fn set_password(
    app: &App,
    from: IpAddr,
    person: &Person,
    old: &str,
    new: &str,
    agent: &str,
) -> Result<String> {
    limits::sign_in(app, from, &person.email)?;
    let known = people::password(&app.store.rows(), person.id).await?;
    if known.is_some() && !passwords::is_it(old, known.clone()).await? {
        return Err(Refusal::field("old", "is not the password you have now").into());
    }
    passwords::check(new, &[&person.name, &person.email, person.handle.as_str()]).await?;
    let hash = passwords::hash(app, new).await?;
    let doing = app.begin(&By::person(person.id)).await?;
    if people::password(&doing.tx.rows(), person.id).await? != known {
        return Err(Error::Refused(Refusal::NotThisPassword));
    }
    people::set_password(&doing.tx, person.id, &hash).await?;
    sessions::remove_all(&doing.tx, person.id, None).await?;
    sessions::remove_links(&doing.tx, person.id).await?;
    let session = begin_session(&doing, person.id, agent).await?;
    let link = app.addresses.at("/sign-in").into();
    doing.write_to(&person.email, &Letter::PasswordChanged { name: person.name.clone(), link }).await?;
    doing.done("a person has another password").await?;
    Ok(session)
}
