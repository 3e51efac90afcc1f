//! What one changes about oneself: the name, the mail address, and being here at all.

use std::net::IpAddr;

use folkmoot_domain::{
    ActorId, Refusal,
    people::{self as rules, Person},
    roles::Role,
    text,
};
use folkmoot_storage::{StorageError, actors, invitations, mails, people, sessions};

use super::ASKED_LINK;
use crate::{App, By, Doing, Result, keys, limits, mails::Letter, pledges, rsvps};

/// Changes the name one is called by.
pub async fn change_name(app: &App, person: ActorId, name: &str) -> Result<()> {
    let name = text::line("name", name, 100)?;
    let doing = app.begin(&By::person(person)).await?;
    let mut actor = actors::find(&doing.tx.rows(), person).await?.ok_or(Refusal::Unknown("person"))?;
    people::set_name(&doing.tx, person, &name).await?;
    actor.name = name;
    actors::update(&doing.tx, &actor).await?;
    doing.done("a person changed their name").await
}

/// Sends a link to a new address; it counts when it is confirmed from there. Whether somebody else has the address is
/// told only to whoever reads its mail.
pub async fn ask_for_address(app: &App, from: IpAddr, person: &Person, email: &str) -> Result<()> {
    let email = rules::email(email)?;
    if email == person.email {
        return Err(Refusal::field("email", "is the address you have now").into());
    }
    limits::letter(app, from, &email)?;
    let (secret, doing) = (app.secret(), app.begin(&By::person(person.id)).await?);
    let until = doing.now.plus(ASKED_LINK);
    sessions::insert_address_link(&doing.tx, &keys::hash(&secret), person.id, &email, until).await?;
    let link = app.addresses.at(&format!("/me/address/{secret}")).into();
    doing.write_to(&email, &Letter::NewAddress { name: person.name.clone(), link }).await?;
    doing.done("a new address was asked for").await
}

/// Spends the link that came to the new address. Links that went to the old one are dead from then on.
pub async fn confirm_address(app: &App, secret: &str) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    let spent = sessions::spend_address_link(&doing.tx, &keys::hash(secret), doing.now).await?;
    let (id, email) = spent.ok_or(Refusal::LinkSpent)?;
    let person = people::find(&doing.tx.rows(), id).await?.ok_or(Refusal::LinkSpent)?;
    match people::set_email(&doing.tx, id, &email).await {
        Err(StorageError::Duplicate(_)) => {
            return Err(Refusal::field("email", "belongs to another account here").into());
        }
        other => other?,
    }
    sessions::remove_links(&doing.tx, id).await?;
    doing.write_to(&person.email, &Letter::AddressChanged { name: person.name }).await?;
    doing.done("a person has another address").await
}

/// Leaves for good: what was pledged is taken back, roles and sessions end, name and address are forgotten. Whoever is the
/// last organiser of an association hands it over or closes it first.
pub async fn leave(app: &App, person: &Person) -> Result<()> {
    let doing = app.begin(&By::person(person.id)).await?;
    for (association, role) in people::associations_of(&doing.tx.rows(), person.id).await? {
        if role == Role::Organiser {
            must_not_be_last(&doing, person.id, association).await?;
        }
        people::take_role(&doing.tx, person.id, association, role).await?;
    }
    pledges::withdraw_all(&doing, person.id).await?;
    rsvps::take_back_all(&doing, person.id).await?;
    invitations::remove_by(&doing.tx, person.id).await?;
    sessions::remove_all(&doing.tx, person.id, None).await?;
    sessions::remove_links(&doing.tx, person.id).await?;
    mails::forget_recipient(&doing.tx, &person.email).await?;
    people::forget(&doing.tx, person.id).await?;
    if let Some(mut actor) = actors::find(&doing.tx.rows(), person.id).await? {
        actor.name = String::new();
        actor.summary = String::new();
        actor.gone = Some(doing.now);
        actors::update(&doing.tx, &actor).await?;
    }
    doing.done("a person left").await
}

/// Somebody else must organise the association, if it is open still.
pub(crate) async fn must_not_be_last(doing: &Doing<'_>, person: ActorId, association: ActorId) -> Result<()> {
    let rows = doing.tx.rows();
    let open = folkmoot_storage::associations::find(&rows, association).await?;
    if open.is_none_or(|association| association.closed.is_some()) {
        return Ok(());
    }
    let all = people::of_association(&rows, association).await?;
    let other = |(one, roles): &(Person, Vec<Role>)| one.id != person && roles.contains(&Role::Organiser);
    if all.iter().any(other) { Ok(()) } else { Err(Refusal::LastOrganiser.into()) }
}
