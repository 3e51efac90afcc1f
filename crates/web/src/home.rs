//! This place at a glance: what needs hands now, what is on, who is here, what is being made, how to follow and to join.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use folkmoot_domain::{Moment, calls::CallSeen};
use folkmoot_storage::{associations, calls as call_rows, events as event_rows, items::Filter};

use crate::{
    Web,
    associations::AssociationRow,
    calls, events,
    frame::{Answer, Frame, draw},
    items::Fact,
    problems::Problem,
    rows::{self, By, Row},
    words,
};

/// How many of each are shown.
const SOME: usize = 6;
/// How many calls hang as coloured notices; the others are a calm list.
const NOTICES: usize = 3;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/", get(page))
}

/// A call on coloured paper, with tabs to tear off.
struct Notice {
    path: String,
    title: String,
    language: String,
    /// "until tomorrow, 6 pm".
    until: String,
    need: String,
    facts: Vec<Fact>,
    by: By,
    tabs: Vec<bool>,
    sample: bool,
}

impl Notice {
    /// What a row of a call says, and what is wanted in words beside the tabs.
    fn new(seen: &CallSeen, row: Row, now: Moment) -> Self {
        let (call, zone) = (&seen.call, seen.seen.time_zone());
        let place = seen.seen.item.place.iter().map(|place| Fact::new("Where", place.name.clone()));
        let needed = match words::counts(&seen.needs) {
            Some((wanted, found)) => format!("{wanted} wanted, {found} found"),
            None => "any number helps".to_owned(),
        };
        Self {
            path: row.path,
            title: row.title,
            language: row.language,
            until: format!("until {}", words::soon(call.closes, now, &zone)),
            need: row.line,
            facts: place.chain([Fact::new("Needed", needed)]).collect(),
            by: row.by,
            tabs: row.tabs,
            sample: row.sample,
        }
    }
}

#[derive(Template)]
#[template(path = "home/page.html")]
struct HomePage {
    frame: Frame,
    /// "Eight associations pin their notices on this board."
    lead: String,
    notices: Vec<Notice>,
    calls: Vec<Row>,
    events: Vec<Row>,
    projects: Vec<Row>,
    associations: Vec<AssociationRow>,
    contact_email: String,
}

async fn page(State(web): State<Web>) -> Answer {
    let place = &web.settings.place;
    let here = associations::list(&web.rows()).await?;
    let (notices, calls) = wanting_hands(&web).await?;
    draw(&HomePage {
        frame: Frame::new(&web, "This place at a glance")
            .describing(&format!("What needs hands, what is on and who is here: {place}."))
            .of(web.app.addresses.base(), &web.app.addresses.instance())
            .feeding("/calls.atom", "Calls")
            .feeding("/events.atom", "Events"),
        lead: who_pins(here.len()),
        notices,
        calls,
        events: upcoming(&web).await?,
        projects: rows::projects(&web, Filter { limit: SOME as u64, ..Filter::default() }).await?,
        associations: here.iter().take(SOME).map(AssociationRow::new).collect(),
        contact_email: web.settings.contact.email.clone(),
    })
}

/// The calls that want hands and close soonest: a few as notices, some more as rows.
async fn wanting_hands(web: &Web) -> Result<(Vec<Notice>, Vec<Row>), Problem> {
    let now = web.now();
    let wanting = call_rows::wanting(&web.rows(), now, (NOTICES + SOME) as u64).await?;
    let rows = wanting.iter().map(|call| calls::row(call, now)).collect();
    let mut rows = rows::mark_samples(web, rows).await?;
    let calm = rows.split_off(rows.len().min(NOTICES));
    let notices = wanting.iter().zip(rows).map(|(call, row)| Notice::new(call, row, now));
    Ok((notices.collect(), calm))
}

async fn upcoming(web: &Web) -> Result<Vec<Row>, Problem> {
    let upcoming = event_rows::upcoming(&web.rows(), web.now(), SOME as u64).await?;
    rows::mark_samples(web, upcoming.iter().map(|event| events::row(event, web.now())).collect()).await
}

fn who_pins(associations: usize) -> String {
    let count = match associations {
        0 => return "Associations pin their notices on this board.".to_owned(),
        1 => return "One association pins its notices on this board.".to_owned(),
        2 => "Two",
        3 => "Three",
        4 => "Four",
        5 => "Five",
        6 => "Six",
        7 => "Seven",
        8 => "Eight",
        9 => "Nine",
        10 => "Ten",
        11 => "Eleven",
        12 => "Twelve",
        many => return format!("{many} associations pin their notices on this board."),
    };
    format!("{count} associations pin their notices on this board.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn associations_are_counted_in_words() {
        assert_eq!(who_pins(1), "One association pins its notices on this board.");
        assert_eq!(who_pins(8), "Eight associations pin their notices on this board.");
        assert_eq!(who_pins(13), "13 associations pin their notices on this board.");
    }
}
