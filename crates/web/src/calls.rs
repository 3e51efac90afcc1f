//! Calls: the list, and the page of one with its needs and where it stands.

use askama::Template;
use axum::{
    Router,
    extract::{RawQuery, State},
    routing::get,
};
use folkmoot_domain::{
    ItemId, Moment,
    calls::{CallSeen, CallState},
    items::ItemKind,
    moments,
};
use folkmoot_storage::calls;

use crate::{
    Web,
    frame::{Answer, Frame, Section, draw},
    items::{self, Fact, Note, Shown},
    lists,
    mine::{self, Mine},
    paths::Named,
    rows::Row,
    sessions::MaybeSignedIn,
    shapes::{self, Tone},
    words,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/calls", get(list)).route("/calls/{id}", get(page))
}

async fn list(State(web): State<Web>, RawQuery(query): RawQuery) -> Answer {
    lists::page(&web, ItemKind::Call, query.as_deref()).await
}

#[derive(Template)]
#[template(path = "calls/page.html")]
struct CallPage {
    frame: Frame,
    call: ItemId,
    item: Shown,
    /// "2 of 4 found".
    count: Option<String>,
    /// Each need and what was found for it.
    needs: Vec<(String, String)>,
    tabs: Vec<bool>,
    /// Can one answer now, and by ticking an option of a poll?
    answers: bool,
    one_tap: bool,
    /// What this reader answered already.
    mine: Option<Mine>,
    /// Where it lives, and where to answer there, for those who cannot answer from here.
    elsewhere: Option<(String, String)>,
}

async fn page(
    State(web): State<Web>,
    Named(id): Named<ItemId>,
    MaybeSignedIn(person): MaybeSignedIn,
) -> Answer {
    let rows = web.rows();
    let Some(seen) = calls::seen(&rows, id).await? else {
        return Err(items::absent(&rows, ItemKind::Call, id).await);
    };
    let (call, now, zone) = (&seen.call, web.now(), seen.seen.time_zone());
    let mut item = items::show(&web, &seen.seen).await?;
    mine::show(&web, &mut item, &seen.seen, person.as_ref()).await?;
    item.state = Some(state(&seen, now));
    item.notes = notes(&seen);
    item.lead.clone_from(&call.why);
    let closes = Fact::new("Closes", moments::in_words(call.closes, &zone)).at(call.closes, &zone);
    item.facts.push(closes);
    let outcome = match &call.state {
        CallState::Closed { outcome, .. } => Some(outcome.as_str()),
        _ => None,
    };
    item.lineage = items::lineage(&rows, call.project, "Call", outcome).await?;
    let answers = call.takes_answers(now).is_ok();
    // How to answer names the id already.
    item.with_address = !answers;
    let shown = draw(&CallPage {
        frame: items::frame(&web, &seen.seen, Section::Calls, &call.why),
        call: id,
        item,
        count: words::counts(&seen.needs).map(|(wanted, found)| format!("{found} of {wanted} found")),
        needs: seen.needs.iter().map(|need| (need.need.label.clone(), words::found(need))).collect(),
        tabs: words::tabs(&seen.needs),
        answers,
        one_tap: call.one_tap,
        mine: mine::answer(&web, ItemKind::Call, id, person.as_ref()).await?,
        elsewhere: mine::form_elsewhere(&web, &seen.seen.item).filter(|_| person.is_none()),
    })?;
    Ok(mine::alone(shown, person.is_some()).await)
}

/// Where a call stands, in words.
pub(crate) fn state(seen: &CallSeen, now: Moment) -> shapes::State {
    let (call, zone) = (&seen.call, seen.seen.time_zone());
    let over = call.takes_answers(now).is_err();
    let until = words::soon(call.closes, now, &zone);
    match &call.state {
        CallState::Open if over => shapes::State::new(Tone::Plain, format!("answers ended {until}")),
        CallState::Open => shapes::State::new(Tone::Plain, format!("open until {until}")),
        CallState::Filled if over => shapes::State::new(Tone::Good, "filled: enough was found"),
        CallState::Filled => {
            shapes::State::new(Tone::Good, format!("filled: enough is found; open until {until}"))
        }
        CallState::AnotherDay(_) => shapes::State::new(Tone::Look, "left for another day"),
        CallState::Cancelled { .. } => shapes::State::new(Tone::Stop, "cancelled"),
        CallState::Closed { at, .. } => {
            shapes::State::new(Tone::Good, format!("closed {}", words::day(*at, now, &zone)))
        }
    }
}

fn notes(seen: &CallSeen) -> Vec<Note> {
    match &seen.call.state {
        CallState::Open | CallState::Filled => Vec::new(),
        CallState::AnotherDay(day) => vec![Note::another_day(day, &seen.seen.time_zone())],
        CallState::Cancelled { reason, .. } => vec![Note::new(Tone::Stop, "This call was cancelled", reason)],
        CallState::Closed { outcome, thanks, .. } => {
            let mut notes = vec![Note::new(Tone::Good, "What came of it", outcome)];
            if !thanks.is_empty() {
                notes.push(Note::new(Tone::Good, "Thanks", thanks));
            }
            notes
        }
    }
}

/// A call in a list.
pub(crate) fn row(seen: &CallSeen, now: Moment) -> Row {
    let why = &seen.call.why;
    let begins = words::excerpt(&seen.seen.item.text.html, 140);
    let mut row = Row::new(&seen.seen, if why.is_empty() { begins } else { why.clone() });
    row.state = Some(state(seen, now));
    row.struck = matches!(seen.call.state, CallState::Cancelled { .. });
    row.tabs = words::tabs(&seen.needs);
    row.count = words::counts(&seen.needs).map(|(wanted, found)| format!("{found} of {wanted} found"));
    row
}
