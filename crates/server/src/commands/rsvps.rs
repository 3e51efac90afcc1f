//! `folkmoot rsvps`: who wants to come to events, and answers on somebody's behalf.

use folkmoot_app::{App, By, rsvps};
use folkmoot_domain::{Moment, Refusal, items::ItemKind, rsvps::RsvpSeen, visitors::NAMELESS};
use serde_json::{Value, json};

use super::{Answers, answers::sheet, finding};
use crate::cli::Rsvps;

/// Does what was asked.
pub async fn run(what: Rsvps, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    match what {
        Rsvps::List { event } => {
            let item = finding::item(app, &event).await?;
            if item.kind != ItemKind::Event {
                return Err(Refusal::Unknown("event").into());
            }
            let found = folkmoot_storage::rsvps::of_event(&app.store.rows(), item.id, true).await?;
            if found.is_empty() {
                answers.word("Nobody has said that they come.")?;
            }
            for seen in &found {
                answers.thing(words(seen), &object(seen))?;
            }
            Ok(())
        }
        Rsvps::Come { event, person, note } => {
            let (item, by) = (finding::item(app, &event).await?, finding::person(app, &person).await?);
            let receipt = rsvps::come(app, &by, item.id, false, &note).await?;
            let seen = rsvps::by_receipt(app, &receipt).await?;
            Ok(answers.thing(words(&seen), &object(&seen))?)
        }
        Rsvps::Refuse { rsvp, words: why } => {
            let seen = rsvps::refuse(app, &By::operator(), rsvp, &why).await?;
            answers.thing(words(&seen), &object(&seen))?;
            Ok(answers.word("They hear of it.")?)
        }
    }
}

fn words(seen: &RsvpSeen) -> String {
    let (name, address) = goer(seen);
    let who = format!("{name} {}", address.unwrap_or_default());
    let reach = seen.reach.as_ref().and_then(|reach| reach.email.clone());
    sheet(
        &format!("{}  {}  {}", seen.rsvp.id, seen.rsvp.state.word(), who.trim()),
        &[
            ("to", format!("{} ({})", seen.event.title, seen.event.page)),
            ("wrote", seen.rsvp.note.clone()),
            ("reach", reach.unwrap_or_default()),
            ("answer", seen.rsvp.answer.clone()),
        ],
    )
}

/// What they are called, and their address; whoever has no account has none.
fn goer(seen: &RsvpSeen) -> (&str, Option<String>) {
    match (seen.goer.is_visitor(), seen.goer.name.as_str()) {
        (true, "") => (NAMELESS, None),
        (true, name) => (name, None),
        (false, name) => (name, Some(seen.goer.address())),
    }
}

fn object(seen: &RsvpSeen) -> Value {
    let (name, address) = goer(seen);
    // The id of somebody without an account is no business of anyone's.
    let uri = Some(&seen.goer.uri).filter(|_| !seen.goer.is_visitor());
    json!({
        "id": seen.rsvp.id.to_string(),
        "state": seen.rsvp.state.word(),
        "entry": seen.rsvp.entry.word(),
        "goer": { "name": name, "address": address, "uri": uri },
        "note": seen.rsvp.note,
        "event": { "id": seen.event.id.to_string(), "title": seen.event.title, "page": seen.event.page },
        "association": seen.home.address(),
        "answer": seen.rsvp.answer,
        "asked": seen.rsvp.asked.rfc3339(),
        "answered": seen.rsvp.answered.map(Moment::rfc3339),
    })
}
