//! Invitations: the only way to an account. Given out, looked at, taken up once, taken back.
//!
//! Whoever takes one up proves by it that they read the mail of its address, so an account that is there already is signed
//! in and gets its role. Start at [`invite`] and [`accept`].

use std::net::IpAddr;

use folkmoot_domain::{
    ActorId, Refusal,
    invitations::{GOOD, Invitation},
    people as rules,
    roles::{Act, Role, Who},
    text::Handle,
};
use folkmoot_storage::{actors, associations as association_rows, invitations, people as person_rows};
use url::Url;

use crate::{
    App, By, Doing, Result, associations, keys, limits,
    mails::Letter,
    people::{self, Fresh},
};

/// An invitation as whoever opens its link sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What it is.
    pub invitation: Invitation,
    /// The name of whoever gave it out, when it was a person who is still here.
    pub inviter: Option<String>,
    /// The association's name, when it leads into one.
    pub association: Option<String>,
    /// The name of the account that its address has already.
    pub account: Option<String>,
}

/// Asks somebody in: into an association as organiser or steward, or onto the board alone. A letter with the link goes;
/// the link comes back for whoever wants to hand it over otherwise. What waited for the same address and place is void.
pub async fn invite(
    app: &App,
    by: &By,
    from: IpAddr,
    email: &str,
    place: Option<(ActorId, Role)>,
) -> Result<Url> {
    let email = rules::email(email)?;
    let (secret, doing) = (app.secret(), app.begin(by).await?);
    authorise(&doing, place.map(|(association, _)| association)).await?;
    if let Some((association, role)) = place {
        associations::open(&doing, association).await?;
        must_be_new(&doing, &email, association, role).await?;
    }
    // Operators may ask in as many as they like.
    if let Who::Person(_) = by.who {
        limits::letter(app, from, &email)?;
    }
    let invitation = Invitation {
        hash: keys::hash(&secret),
        email: email.clone(),
        place,
        inviter: match by.who {
            Who::Person(inviter) => Some(inviter),
            Who::Operator | Who::Remote(_) => None,
        },
        since: doing.now,
        expires: doing.now.plus(GOOD),
        used: None,
    };
    invitations::remove_pending(&doing.tx, &email, place.map(|(association, _)| association)).await?;
    invitations::insert(&doing.tx, &invitation).await?;
    let link = app.addresses.at(&format!("/invitations/{secret}"));
    let seen = complete(&doing.tx.rows(), invitation).await?;
    let role = place.map(|(_, role)| role.word().to_owned());
    let letter = Letter::Invitation {
        inviter: seen.inviter,
        association: seen.association.zip(role),
        link: link.to_string(),
    };
    doing.write_to(&email, &letter).await?;
    doing.done("somebody was asked in").await?;
    Ok(link)
}

async fn authorise(doing: &Doing<'_>, association: Option<ActorId>) -> Result<()> {
    match association {
        Some(association) => doing.authorise(association, Act::Invite).await,
        None => doing.authorise_board(Act::InviteToBoard).await,
    }
}

/// Stewards of the board are made at the command line; whoever has a role needs no second invitation to it.
async fn must_be_new(doing: &Doing<'_>, email: &str, association: ActorId, role: Role) -> Result<()> {
    if role == Role::Board {
        return Err(Refusal::field("role", "is organiser or steward").into());
    }
    let rows = doing.tx.rows();
    let Some(known) = person_rows::by_email(&rows, email).await? else { return Ok(()) };
    if person_rows::roles(&rows, known.id, association).await?.contains(&role) {
        let problem = format!("belongs to {}, who is {} already", known.name, role.word());
        return Err(Refusal::field("email", problem).into());
    }
    Ok(())
}

/// What the link with this secret is, when it can be taken up. Asking spends nothing.
pub async fn look(app: &App, secret: &str) -> Result<Seen> {
    let rows = app.store.rows();
    let known = invitations::find(&rows, &keys::hash(secret)).await?;
    let good = known.filter(|invitation| invitation.is_good(app.now())).ok_or(Refusal::LinkSpent)?;
    complete(&rows, good).await
}

/// Those that wait: into this association, or onto the board alone.
pub async fn pending(app: &App, association: Option<ActorId>) -> Result<Vec<Seen>> {
    let (rows, mut seen) = (app.store.rows(), Vec::new());
    for invitation in invitations::pending(&rows, association, app.now()).await? {
        seen.push(complete(&rows, invitation).await?);
    }
    Ok(seen)
}

async fn complete(rows: &folkmoot_storage::Rows<'_>, invitation: Invitation) -> Result<Seen> {
    let inviter = match invitation.inviter {
        Some(id) => person_rows::find(rows, id).await?.map(|person| person.name),
        None => None,
    };
    let association = match invitation.place {
        Some((id, _)) => actors::find(rows, id).await?.map(|actor| actor.name),
        None => None,
    };
    let account = person_rows::by_email(rows, &invitation.email).await?.map(|person| person.name);
    Ok(Seen { invitation, inviter, association, account })
}

/// How somebody wants to be known who has no account yet.
#[derive(Debug, Clone, Default)]
pub struct Newcomer {
    /// The name to be called by.
    pub name: String,
    /// The handle.
    pub handle: String,
}

/// Takes an invitation up, once: an account, when there is none, the role, and the secret of a fresh session.
pub async fn accept(
    app: &App,
    from: IpAddr,
    secret: &str,
    newcomer: &Newcomer,
    agent: &str,
) -> Result<String> {
    let seen = look(app, secret).await?;
    limits::offer(app, from, None)?;
    let invitation = seen.invitation;
    // Its key is made before the transaction begins.
    let fresh = if seen.account.is_some() {
        None
    } else {
        let handle = Handle::parse(&newcomer.handle)?;
        Some(Fresh::new(app, &newcomer.name, &handle, invitation.email.clone())?)
    };
    let doing = app.begin(&By::operator()).await?;
    if !invitations::spend(&doing.tx, &invitation.hash, doing.now).await? {
        return Err(Refusal::LinkSpent.into());
    }
    let person = if let Some(fresh) = fresh {
        fresh.insert(&doing).await?
    } else {
        let known = person_rows::by_email(&doing.tx.rows(), &invitation.email).await?;
        known.ok_or(Refusal::LinkSpent)?
    };
    if let Some((association, role)) = invitation.place {
        associations::open(&doing, association).await?;
        person_rows::give_role(&doing.tx, person.id, association, role).await?;
    }
    let session = people::begin_session(&doing, person.id, agent).await?;
    doing.done("a person came in").await?;
    Ok(session)
}

/// Takes an invitation back, by its hash. `association` is where it was found.
pub async fn withdraw(app: &App, by: &By, association: Option<ActorId>, hash: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    authorise(&doing, association).await?;
    let known = invitations::find(&doing.tx.rows(), hash).await?;
    let there = known.filter(|known| known.place.map(|(association, _)| association) == association);
    let invitation = there.filter(|known| known.used.is_none()).ok_or(Refusal::Unknown("invitation"))?;
    invitations::remove(&doing.tx, &invitation.hash).await?;
    doing.done("an invitation was taken back").await
}

/// Lets somebody go from a role, or leaves it oneself. The last organiser of an open association cannot go. What an
/// organiser who goes gave out and nobody took up is void.
pub async fn take_role(app: &App, by: &By, person: ActorId, association: ActorId, role: Role) -> Result<()> {
    let doing = app.begin(by).await?;
    if by.who != Who::Person(person) {
        doing.authorise(association, Act::Invite).await?;
    }
    let held = person_rows::roles(&doing.tx.rows(), person, association).await?;
    if role == Role::Board || !held.contains(&role) {
        return Err(Refusal::Unknown("role").into());
    }
    if role == Role::Organiser {
        people::must_not_be_last(&doing, person, association).await?;
        invitations::remove_pending_by(&doing.tx, person, association).await?;
    }
    person_rows::take_role(&doing.tx, person, association, role).await?;
    doing.done("a role was taken away").await
}

/// Gives somebody who has a role in the association another one: how a steward becomes an organiser.
pub async fn give_role(app: &App, by: &By, person: ActorId, association: ActorId, role: Role) -> Result<()> {
    let doing = app.begin(by).await?;
    doing.authorise(association, Act::Invite).await?;
    association_rows::find(&doing.tx.rows(), association).await?.ok_or(Refusal::Unknown("association"))?;
    let all = person_rows::of_association(&doing.tx.rows(), association).await?;
    // Others are asked, and may say no.
    if role == Role::Board || !all.iter().any(|(one, _)| one.id == person) {
        return Err(Refusal::Unknown("person").into());
    }
    person_rows::give_role(&doing.tx, person, association, role).await?;
    doing.done("a role was given").await
}

#[cfg(test)]
mod tests;
