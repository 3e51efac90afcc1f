//! "I can help" for anyone: a form on every call.
//!
//! With a mail address the offer waits until its letter is answered; nothing else is known of whoever made it before,
//! and the answer is the same whatever is known of the address. With a telephone number alone it stands at once, and
//! the organisers find out by calling. Who is signed in helps with one tap. All of them end in [`pledges::take_within`],
//! as a vote does.

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use folkmoot_domain::{
    ActorId, ItemId, Moment, Refusal,
    actors::{Actor, ActorKind, Profile},
    calls::CallSeen,
    pledges::{Door, Pledge},
    roles::Who,
    visitors::{self as rules, Offer, Visitor},
};
use folkmoot_storage::{Rows, actors, calls, offers, people, pledges as pledge_rows, visitors};

use crate::{
    App, By, Doing, Error, Result, keys, limits,
    mails::Letter,
    pledges::{self, Answer, Taken},
};

/// What somebody without an account put into the form.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form<'a> {
    /// The ticked needs, by position.
    pub needs: &'a [i16],
    /// The name to be called by.
    pub name: &'a str,
    /// A mail address; may be empty.
    pub email: &'a str,
    /// A telephone number; may be empty.
    pub phone: &'a str,
    /// Words to the organisers; may be empty.
    pub note: &'a str,
    /// A secret of the form, so that one that is sent twice is one offer; may be empty.
    pub once: &'a str,
}

/// What happens next with an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offered {
    /// A letter is on its way, and waits for an answer.
    LetterSent,
    /// It stands, and the organisers call back. With the secret of its receipt.
    Stands(String),
}

/// What became of an offer that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// It is a pledge, with the secret of its receipt.
    Pledge(String),
    /// The call was over by then.
    Late(ItemId),
}

/// A call of ours that can be answered here and now, by anybody.
pub async fn answerable(app: &App, id: ItemId) -> Result<CallSeen> {
    open(app, &app.store.rows(), id, app.now()).await
}

/// A call that can be answered here and now by somebody with an account, wherever it lives.
pub async fn answerable_by_people(app: &App, id: ItemId) -> Result<CallSeen> {
    let seen = calls::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("call"))?;
    seen.call.takes_answers(app.now())?;
    Ok(seen)
}

async fn open(app: &App, rows: &Rows<'_>, id: ItemId, now: Moment) -> Result<CallSeen> {
    let seen = calls::seen(rows, id).await?.ok_or(Refusal::Unknown("call"))?;
    if !app.addresses.is_ours(&seen.seen.item.uri) {
        return Err(Refusal::NotHere.into());
    }
    folkmoot_domain::moves::must_be_here(&seen.seen.home)?;
    seen.call.takes_answers(now)?;
    Ok(seen)
}

/// Somebody without an account offers help; `from` is where the request comes from.
pub async fn offer(app: &App, from: IpAddr, call: ItemId, form: &Form<'_>) -> Result<Offered> {
    let seen = answerable(app, call).await?;
    let offer = Offer::parse(&seen.call, form.needs, (form.name, form.email, form.phone), form.note)?;
    limits::offer(app, from, offer.reach.email.as_deref())?;
    match &offer.reach.email {
        Some(email) => ask_to_confirm(app, &seen, email, &offer).await,
        None => call_back(app, &offer, form.once).await,
    }
}

async fn ask_to_confirm(app: &App, seen: &CallSeen, email: &str, offer: &Offer) -> Result<Offered> {
    let (secret, doing) = (app.secret(), app.begin(&By::operator()).await?);
    let expires = doing.now.plus(rules::CONFIRM);
    offers::insert(&doing.tx, &keys::hash(&secret), offer, doing.now, expires).await?;
    let letter = Letter::ConfirmOffer {
        name: offer.name.clone(),
        association: seen.seen.home.name.clone(),
        call: seen.seen.item.title.clone(),
        needs: labels(seen, &offer.needs),
        link: app.addresses.offer(&secret).into(),
    };
    doing.write_to(email, &letter).await?;
    doing.done("an offer waits to be confirmed").await?;
    Ok(Offered::LetterSent)
}

/// The same form with the same number is the same offer; without its secret nobody learns of it.
async fn call_back(app: &App, offer: &Offer, once: &str) -> Result<Offered> {
    let once = if once.is_empty() { app.secret() } else { once.to_owned() };
    let hash = keys::hash(&format!("{once} {}", offer.reach.phone.as_deref().unwrap_or_default()));
    let doing = app.begin(&By::operator()).await?;
    doing.tx.lock(&hash).await?;
    let rows = doing.tx.rows();
    if let Some(known) = offers::find(&rows, &hash).await? {
        return Ok(Offered::Stands(receipt(&rows, known.pledge).await?));
    }
    let seen = open(app, &rows, offer.call, doing.now).await?;
    offers::insert(&doing.tx, &hash, offer, doing.now, doing.now.plus(rules::CONFIRM)).await?;
    offers::spend(&doing.tx, &hash, doing.now).await?;
    let forget = seen.call.closes.plus(rules::KEPT);
    let giver = meet(&doing, &offer.name, &offer.reach, None, forget).await?;
    let pledge = give(&doing, &seen, giver, offer, Door::Phone).await?;
    offers::became(&doing.tx, &hash, pledge.id).await?;
    doing.done("somebody offers help and waits to be called").await?;
    Ok(Offered::Stands(pledge.receipt))
}

/// What can be confirmed with a link. Asking spends nothing, since programs fetch links.
#[derive(Debug, Clone, PartialEq)]
pub enum Waiting {
    /// This offer, to this call.
    Offer(Offer, Box<CallSeen>),
    /// It was confirmed before; the secret of its receipt.
    Confirmed(String),
    /// The call takes no more answers, or is gone.
    Late(ItemId),
}

/// Looks at the link of an offer.
pub async fn waiting(app: &App, secret: &str) -> Result<Waiting> {
    let rows = app.store.rows();
    let stored = offers::find(&rows, &keys::hash(secret)).await?.ok_or(Refusal::LinkSpent)?;
    let call = stored.offer.call;
    if stored.pledge.is_some() {
        return Ok(Waiting::Confirmed(receipt(&rows, stored.pledge).await?));
    }
    if stored.expires <= app.now() {
        return Err(Refusal::LinkSpent.into());
    }
    match answerable(app, call).await {
        Ok(seen) if !stored.used => Ok(Waiting::Offer(stored.offer, Box::new(seen))),
        Ok(_) | Err(Error::Refused(Refusal::CallOver | Refusal::Unknown(_))) => Ok(Waiting::Late(call)),
        Err(error) => Err(error),
    }
}

/// Confirms an offer: it becomes a pledge, with a receipt by mail. Confirming twice is once.
pub async fn confirm(app: &App, secret: &str) -> Result<Confirmed> {
    let (hash, doing) = (keys::hash(secret), app.begin(&By::operator()).await?);
    doing.tx.lock(&hash).await?;
    let rows = doing.tx.rows();
    let stored = offers::find(&rows, &hash).await?.ok_or(Refusal::LinkSpent)?;
    let offer = stored.offer;
    if stored.pledge.is_some() {
        return Ok(Confirmed::Pledge(receipt(&rows, stored.pledge).await?));
    }
    if stored.used {
        return Ok(Confirmed::Late(offer.call));
    }
    if !offers::spend(&doing.tx, &hash, doing.now).await? {
        return Err(Refusal::LinkSpent.into());
    }
    let seen = match open(app, &rows, offer.call, doing.now).await {
        Err(Error::Refused(Refusal::CallOver | Refusal::Unknown(_))) => {
            doing.done("an offer was confirmed after the call was over").await?;
            return Ok(Confirmed::Late(offer.call));
        }
        other => other?,
    };
    let email = offer.reach.email.clone().unwrap_or_default();
    let giver = known_or_new(&doing, &seen, &offer, &email).await?;
    let pledge = give(&doing, &seen, giver, &offer, Door::Mail).await?;
    offers::became(&doing.tx, &hash, pledge.id).await?;
    let letter = Letter::Receipt {
        name: offer.name,
        association: seen.seen.home.name.clone(),
        call: seen.seen.item.title.clone(),
        needs: labels(&seen, &pledge.needs),
        link: app.addresses.receipt(&pledge.receipt).into(),
    };
    doing.write_to(&email, &letter).await?;
    doing.done("an offer was confirmed").await?;
    Ok(Confirmed::Pledge(pledge.receipt))
}

/// Somebody who is signed in helps: one tap, and the secret of the receipt.
pub async fn help(app: &App, by: &By, call: ItemId, needs: &[i16], note: &str) -> Result<String> {
    let Who::Person(person) = by.who else {
        return Err(Refusal::Unknown("person").into());
    };
    let doing = app.begin(by).await?;
    let seen = calls::seen(&doing.tx.rows(), call).await?.ok_or(Refusal::Unknown("call"))?;
    seen.call.takes_answers(doing.now)?;
    let (needs, note) = (seen.call.needs_at(needs)?, rules::note(note)?);
    if !app.addresses.is_ours(&seen.seen.item.uri) {
        let pledge = pledges::give_elsewhere(&doing, &seen, person, &needs, &note).await?;
        doing.done("somebody here helps with a call elsewhere").await?;
        return Ok(pledge.receipt);
    }
    let offer = Offer { call, needs, name: String::new(), reach: rules::Reach::default(), note };
    let pledge = give(&doing, &seen, person, &offer, Door::Page).await?;
    doing.done("somebody with an account helps").await?;
    Ok(pledge.receipt)
}

/// Whoever answers letters at this address: somebody with an account, a visitor of before, or a new one.
async fn known_or_new(doing: &Doing<'_>, seen: &CallSeen, offer: &Offer, email: &str) -> Result<ActorId> {
    if let Some(known) = known(doing, &offer.name, &offer.reach, email).await? {
        Ok(known)
    } else {
        let forget = seen.call.closes.plus(rules::KEPT);
        meet(doing, &offer.name, &offer.reach, Some(doing.now), forget).await
    }
}

/// Somebody with an account at this address, or a visitor who confirmed it before, by the name they give now.
pub(crate) async fn known(
    doing: &Doing<'_>,
    name: &str,
    reach: &rules::Reach,
    email: &str,
) -> Result<Option<ActorId>> {
    doing.tx.lock(&format!("visitor {email}")).await?;
    let rows = doing.tx.rows();
    if let Some(person) = people::by_email(&rows, email).await? {
        return Ok(Some(person.id));
    }
    let Some(mut known) = visitors::confirmed(&rows, email).await? else {
        return Ok(None);
    };
    name.clone_into(&mut known.name);
    known.reach.phone = reach.phone.clone().or(known.reach.phone);
    visitors::update(&doing.tx, &known).await?;
    Ok(Some(known.id))
}

/// A new visitor. Their row among the actors has no key, no handle and no address that anything answers at. `forget` is
/// when to look whether they can be forgotten.
pub(crate) async fn meet(
    doing: &Doing<'_>,
    name: &str,
    reach: &rules::Reach,
    confirmed: Option<Moment>,
    forget: Moment,
) -> Result<ActorId> {
    let id: ActorId = doing.app.id();
    let visitor = Visitor { id, name: name.to_owned(), reach: reach.clone(), since: doing.now, confirmed };
    actors::insert(&doing.tx, &actor(doing.app, &visitor), None, doing.now).await?;
    visitors::insert(&doing.tx, &visitor, forget).await?;
    Ok(id)
}

/// The actor of a visitor: no handle, no key, and an id that answers nobody.
pub(crate) fn actor(app: &App, visitor: &Visitor) -> Actor {
    let uri = app.addresses.visitor(visitor.id);
    Actor {
        id: visitor.id,
        local: true,
        kind: ActorKind::Person,
        handle: String::new(),
        host: app.addresses.host(),
        name: visitor.name.clone(),
        summary: String::new(),
        page: app.addresses.base().clone(),
        inbox: app.addresses.under(&uri, "inbox"),
        shared_inbox: None,
        followers: None,
        key_id: String::new(),
        public_key: String::new(),
        fetched: visitor.since,
        gone: None,
        paper: None,
        profile: Profile::default(),
        uri,
    }
}

/// Ticks each need as a vote does, and keeps the words that came with it.
async fn give(
    doing: &Doing<'_>,
    seen: &CallSeen,
    giver: ActorId,
    offer: &Offer,
    door: Door,
) -> Result<Pledge> {
    for option in labels(seen, &offer.needs) {
        let answer = Answer { call: offer.call, giver, option, vote: None, door };
        if pledges::take_within(doing, &answer).await? == Taken::Late {
            return Err(Refusal::CallOver.into());
        }
    }
    let rows = doing.tx.rows();
    let mut pledge = pledge_rows::of(&rows, offer.call, giver).await?.ok_or(Refusal::Unknown("pledge"))?;
    if !offer.note.is_empty() {
        pledge.note.clone_from(&offer.note);
        pledge_rows::update(&doing.tx, &pledge).await?;
    }
    if let Some(end) = visitors::last_end(&rows, giver).await? {
        visitors::look_again(&doing.tx, giver, end.plus(rules::KEPT)).await?;
    }
    Ok(pledge)
}

/// The needs as the call names them.
fn labels(seen: &CallSeen, needs: &[i16]) -> Vec<String> {
    let ticked = seen.call.needs.iter().filter(|need| needs.contains(&need.position));
    ticked.map(|need| need.label.clone()).collect()
}

async fn receipt(rows: &Rows<'_>, pledge: Option<folkmoot_domain::PledgeId>) -> Result<String> {
    let id = pledge.ok_or(Refusal::LinkSpent)?;
    Ok(pledge_rows::find(rows, id).await?.ok_or(Refusal::Unknown("pledge"))?.receipt)
}
