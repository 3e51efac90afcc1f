//! Everything one can do with a nomination: propose a project, put it on the board, say no.
//!
//! Nobody needs an account to propose one. It hangs on the board only after a steward of the board put it up, with the
//! board itself as its home, so that an association can take it up later. Start at [`propose`].

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use folkmoot_domain::{
    ItemId, NominationId, Refusal,
    items::Words,
    nominations::{Nomination, NominationState, Proposal},
    people::Person,
    roles::{Act, Who},
};
use folkmoot_storage::{nominations, people};

use crate::{
    App, By, Doing, Result, items, limits,
    mails::Letter,
    projects::{self, ProjectDraft},
};

/// How many nominations a list shows.
const LIST: u64 = 100;
/// How many may wait at once: more are not looked at by anyone.
const WAITING: u64 = 500;

/// Somebody proposes a project. `from` is where they ask from.
pub async fn propose(app: &App, from: IpAddr, proposal: Proposal) -> Result<Nomination> {
    let proposal = proposal.check()?;
    limits::nominate(app, from)?;
    let doing = app.begin(&By::operator()).await?;
    if nominations::count_waiting(&doing.tx.rows()).await? >= WAITING {
        return Err(Refusal::field(
            "title",
            "cannot be taken just now: too many projects wait to be looked at",
        )
        .into());
    }
    let nomination = Nomination {
        id: app.id(),
        proposal,
        state: NominationState::Waiting,
        item: None,
        reason: String::new(),
        decided_by: None,
        decided: None,
        since: doing.now,
    };
    nominations::insert(&doing.tx, &nomination).await?;
    let letter = Letter::Nominated {
        title: nomination.proposal.title.clone(),
        name: nomination.proposal.name.clone(),
        link: app.addresses.at("/stewards").into(),
    };
    for steward in people::stewards(&doing.tx.rows()).await? {
        doing.write_to(&steward.email, &letter).await?;
    }
    doing.done("a project was proposed").await?;
    Ok(nomination)
}

/// A steward of the board puts it up: a project of nobody yet.
pub async fn put_up(app: &App, by: &By, id: NominationId) -> Result<ItemId> {
    let home = items::nobody(app).await?;
    let (doing, nomination) = waiting_one(app, by, id).await?;
    let proposal = nomination.proposal.clone();
    let words = Words {
        title: proposal.title,
        text: proposal.text,
        language: None,
        place: proposal.place,
        causes: Vec::new(),
    };
    let draft = ProjectDraft { words, need: String::new(), active: false };
    let item = projects::pin(&doing, home, draft).await?;
    let link = app.addresses.item_page(folkmoot_domain::items::ItemKind::Project, item);
    decide(doing, nomination, Some(item), "", Some(link.into())).await?;
    Ok(item)
}

/// A steward of the board says no, and why.
pub async fn decline(app: &App, by: &By, id: NominationId, reason: &str) -> Result<()> {
    let (doing, nomination) = waiting_one(app, by, id).await?;
    decide(doing, nomination, None, reason, None).await
}

async fn waiting_one<'a>(app: &'a App, by: &By, id: NominationId) -> Result<(Doing<'a>, Nomination)> {
    let doing = app.begin(by).await?;
    doing.authorise_board(Act::LookAfterBoard).await?;
    let nomination = nominations::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("nomination"))?;
    Ok((doing, nomination))
}

async fn decide(
    doing: Doing<'_>,
    mut nomination: Nomination,
    item: Option<ItemId>,
    reason: &str,
    link: Option<String>,
) -> Result<()> {
    let by = match doing.by.who {
        Who::Person(person) => Some(person),
        _ => None,
    };
    let Proposal { title, name, email, .. } = nomination.proposal.clone();
    nomination.decide(item, reason, by, doing.now)?;
    nominations::update(&doing.tx, &nomination).await?;
    let letter = Letter::NominationDecided { name, title, link, reason: nomination.reason.clone() };
    doing.write_to(&email, &letter).await?;
    doing.done("a nomination was decided").await
}

/// What the stewards of the board see: what waits, and what was decided.
pub async fn desk(app: &App, person: &Person) -> Result<(Vec<Nomination>, Vec<Nomination>)> {
    if !person.steward {
        return Err(Refusal::NotASteward.into());
    }
    let rows = app.store.rows();
    Ok((nominations::waiting(&rows, LIST).await?, nominations::decided(&rows, LIST).await?))
}

/// How many wait for this person.
pub async fn waiting(app: &App, person: &Person) -> Result<u64> {
    if person.steward { Ok(nominations::count_waiting(&app.store.rows()).await?) } else { Ok(0) }
}
