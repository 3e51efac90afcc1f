//! Everything one can do as a person: get an account, sign in and out, change what is known of oneself, leave.
//!
//! Signing in is [`sign_in`] and its neighbours; what one changes about oneself stands in [`change_name`] and those that
//! follow. Start at [`enrol`].

mod settings;
mod signing_in;
#[cfg(test)]
mod tests;

use folkmoot_domain::{
    ActorId, Refusal,
    actors::ActorKind,
    people::{self as rules, Person},
    roles::Act,
    text::{self, Handle},
};
use folkmoot_storage::{StorageError, actors, people};

use crate::{App, By, Doing, Result, instance};

pub(crate) use settings::must_not_be_last;
pub(crate) use signing_in::begin_session;

pub use settings::{ask_for_address, change_name, confirm_address, leave};
pub use signing_in::{
    ASKED_LINK, IDLE, SESSION, ask_for_link, end_session, link_is_good, sessions_of, set_password, sign_in,
    sign_in_link, sign_in_with, sign_out, sign_out_everywhere, signed_in,
};

/// Gives a person an account, or finds the one that this mail address has.
pub async fn enrol(app: &App, by: &By, name: &str, handle: &Handle, email: &str) -> Result<Person> {
    let email = rules::email(email)?;
    if let Some(known) = people::by_email(&app.store.rows(), &email).await? {
        return Ok(known);
    }
    let fresh = Fresh::new(app, name, handle, email)?;
    let doing = app.begin(by).await?;
    let person = fresh.insert(&doing).await?;
    doing.done("a person got an account").await?;
    Ok(person)
}

/// An account that is made: its key is there before the transaction begins, since making one takes a while.
pub(crate) struct Fresh {
    actor: folkmoot_domain::actors::Actor,
    sealed: Vec<u8>,
    handle: Handle,
    name: String,
    email: String,
}

impl Fresh {
    /// `email` is checked already.
    pub(crate) fn new(app: &App, name: &str, handle: &Handle, email: String) -> Result<Self> {
        let name = text::line("name", name, 100)?;
        let id: ActorId = app.id();
        let (mut actor, sealed) =
            instance::make(app, id, ActorKind::Person, handle.as_str(), &app.addresses.person(id))?;
        actor.name.clone_from(&name);
        actor.page = app.addresses.profile(handle);
        Ok(Self { actor, sealed, handle: handle.clone(), name, email })
    }

    /// Stores it.
    pub(crate) async fn insert(self, doing: &Doing<'_>) -> Result<Person> {
        let Self { actor, sealed, handle, name, email } = self;
        actors::insert(&doing.tx, &actor, Some(sealed), doing.now).await?;
        match actors::take_handle(&doing.tx, actor.id, &handle).await {
            Err(StorageError::Duplicate(_)) => return Err(Refusal::HandleTaken(handle.to_string()).into()),
            other => other?,
        }
        let person = Person { id: actor.id, handle, name, email, since: doing.now, steward: false };
        people::insert(&doing.tx, &person).await?;
        Ok(person)
    }
}

/// Makes somebody a steward of the whole board, or no longer one. Only at the command line.
pub async fn make_steward(app: &App, by: &By, email: &str, steward: bool) -> Result<Person> {
    let email = rules::email(email)?;
    let doing = app.begin(by).await?;
    doing.authorise_board(Act::Operate).await?;
    let known = people::by_email(&doing.tx.rows(), &email).await?;
    let mut person = known.ok_or(Refusal::Unknown("person"))?;
    people::set_steward(&doing.tx, person.id, steward).await?;
    person.steward = steward;
    doing.done("who looks after the board has changed").await?;
    Ok(person)
}
