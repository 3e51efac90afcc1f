//! Visitors come too: a form, a letter, a button. Until the letter is answered nobody hears of them.

use std::net::IpAddr;

use folkmoot_domain::{
    ActorId, ItemId, Refusal,
    events::EventSeen,
    people,
    rsvps::{self as rules, Entry, Rsvp, RsvpSeen, RsvpState},
    visitors::{self as visitor_rules, Reach, Visitor},
};
use folkmoot_storage::{actors, rsvps, visitors};

use super::{Said, open, seen, take};
use crate::{App, By, Doing, Result, letters, limits, mails::Letter, offers};

/// What somebody without an account put into the form.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form<'a> {
    /// The name to be called by.
    pub name: &'a str,
    /// A mail address.
    pub email: &'a str,
    /// Words to the organisers; may be empty.
    pub note: &'a str,
}

/// Somebody without an account wants to come; `from` is where the request comes from. A letter asks whether it is true,
/// and the answer is the same whatever is known of the address.
pub async fn ask(app: &App, from: IpAddr, event: ItemId, form: &Form<'_>) -> Result<()> {
    let name = visitor_rules::name(form.name)?;
    let (email, note) = (people::email(form.email)?, visitor_rules::note(form.note)?);
    limits::offer(app, from, Some(&email))?;
    let doing = app.begin(&By::operator()).await?;
    let event = open(&doing.tx.rows(), event, doing.now).await?;
    if !app.addresses.is_ours(&event.seen.item.uri) {
        return Err(Refusal::NotHere.into());
    }
    let reach = Reach { email: Some(email.clone()), phone: None };
    let forget = doing.now.plus(visitor_rules::CONFIRM);
    let goer = offers::meet(&doing, &name, &reach, None, forget).await?;
    let rsvp = Rsvp {
        id: app.id(),
        event: event.event.id,
        goer,
        state: RsvpState::Unconfirmed,
        entry: Entry::Mail,
        note,
        answer: String::new(),
        receipt: app.secret(),
        join: None,
        asked: doing.now,
        answered: None,
    };
    rsvps::insert(&doing.tx, &rsvp).await?;
    let letter = Letter::ConfirmComing {
        name,
        association: event.seen.home.name.clone(),
        event: event.seen.item.title.clone(),
        when: letters::when(&event),
        link: app.addresses.coming(&rsvp.receipt).into(),
    };
    doing.write_to(&email, &letter).await?;
    doing.done("somebody wants to come, and a letter asks whether it is true").await
}

/// The letter is answered: they come, or wait, and get a receipt by mail. Confirming twice is once.
pub async fn confirm(app: &App, secret: &str) -> Result<RsvpSeen> {
    let doing = app.begin(&By::operator()).await?;
    doing.tx.lock(&format!("rsvp {secret}")).await?;
    let asked = rsvps::by_receipt(&doing.tx.rows(), secret).await?.ok_or(Refusal::LinkSpent)?;
    if asked.state != RsvpState::Unconfirmed {
        drop(doing);
        return seen(app, asked.id).await;
    }
    if asked.asked.plus(visitor_rules::CONFIRM) <= doing.now {
        return Err(Refusal::LinkSpent.into());
    }
    let event = open(&doing.tx.rows(), asked.event, doing.now).await?;
    let (goer, email) = become_known(&doing, &event, asked.goer).await?;
    rsvps::remove(&doing.tx, asked.id).await?;
    let said = Said {
        goer,
        state: RsvpState::Going,
        entry: Entry::Mail,
        note: asked.note,
        join: None,
        receipt: Some(asked.receipt),
    };
    let rsvp = take(&doing, &event, said).await?;
    visitors::look_again(&doing.tx, goer, event.event.ends.plus(visitor_rules::KEPT)).await?;
    if let Some(last) = visitors::last_end(&doing.tx.rows(), goer).await? {
        visitors::look_again(&doing.tx, goer, last.plus(visitor_rules::KEPT)).await?;
    }
    let name = actors::find(&doing.tx.rows(), goer).await?.map(|actor| actor.name).unwrap_or_default();
    doing.write_to(&email, &letters::rsvp_stands(&doing, &event, &rsvp, name)).await?;
    doing.done("somebody confirmed that they come").await?;
    seen(app, rsvp.id).await
}

/// Whoever answers letters at this address: somebody with an account, a visitor of before, or this new one.
async fn become_known(doing: &Doing<'_>, event: &EventSeen, met: ActorId) -> Result<(ActorId, String)> {
    let rows = doing.tx.rows();
    let (actor, reach) = (actors::find(&rows, met).await?, visitors::reach(&rows, met).await?);
    let email = reach.and_then(|reach| reach.email).ok_or(Refusal::LinkSpent)?;
    let name = actor.map(|actor| actor.name).unwrap_or_default();
    rules::open(&event.event, doing.now)?;
    let reach = Reach { email: Some(email.clone()), phone: None };
    if let Some(known) = offers::known(doing, &name, &reach, &email).await? {
        visitors::forget(&doing.tx, met).await?;
        return Ok((known, email));
    }
    let visitor = Visitor { id: met, name, reach, since: doing.now, confirmed: Some(doing.now) };
    visitors::update(&doing.tx, &visitor).await?;
    Ok((met, email))
}
