//! Events: the list, and the page of one.

use askama::Template;
use axum::{
    Router,
    extract::{RawQuery, State},
    http::HeaderMap,
    routing::get,
};
use folkmoot_domain::{
    ItemId, Moment,
    events::{EventSeen, EventState},
    items::ItemKind,
    moments, rsvps,
};
use folkmoot_storage::events;

use crate::{
    Web, calendars, coming,
    frame::{Answer, Frame, Section, draw},
    items::{self, Fact, Note, Shown},
    lists,
    mine::{self, Mine},
    paths::Named,
    problems::Problem,
    rows::Row,
    sessions::MaybeSignedIn,
    shapes::{self, Tone},
    words::{self, Leaf},
};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/events", get(list)).route("/events/{id}", get(page))
}

async fn list(State(web): State<Web>, RawQuery(query): RawQuery) -> Answer {
    lists::page(&web, ItemKind::Event, query.as_deref()).await
}

#[derive(Template)]
#[template(path = "events/page.html")]
struct EventPage {
    frame: Frame,
    item: Shown,
    /// "12 are coming, 3 places left".
    count: Option<String>,
    full: bool,
    /// What this reader said already.
    mine: Option<Mine>,
    /// Where it lives, and where to say there that one comes, for those who cannot say it here.
    elsewhere: Option<(String, String)>,
    /// Where to say it here, while that is possible.
    come: Option<String>,
    signed_in: bool,
}

/// `/events/{id}` is the page, `/events/{id}.ics` the same for calendars.
async fn page(
    State(web): State<Web>,
    Named(name): Named<String>,
    MaybeSignedIn(person): MaybeSignedIn,
    asked: HeaderMap,
) -> Answer {
    if let Some(id) = name.strip_suffix(".ics") {
        return calendars::one(&web, id, &asked).await;
    }
    let rows = web.rows();
    let id: ItemId = name.parse().map_err(|_| Problem::Missing)?;
    let Some(seen) = events::seen(&rows, id).await? else {
        return Err(items::absent(&rows, ItemKind::Event, id).await);
    };
    let (event, zone) = (&seen.event, seen.event.time_zone());
    let when = moments::span_in_words(event.starts, event.ends, &zone);
    let mut item = items::show(&web, &seen.seen).await?;
    mine::show(&web, &mut item, &seen.seen, person.as_ref()).await?;
    item.state = state(&seen, web.now());
    if let EventState::Cancelled { reason, .. } = &event.state {
        item.notes.push(Note::new(Tone::Stop, "This event was cancelled", reason));
    }
    item.facts.insert(0, Fact::new("When", when).at(event.starts, &zone));
    if let Some(link) = event.online.as_ref().and_then(words::web_link) {
        item.facts.push(Fact::new("Online", link.clone()).to(link));
    }
    if let Some(capacity) = event.capacity {
        item.facts.push(Fact::new("Room", format!("for {capacity}")));
    }
    item.lineage = items::lineage(&rows, event.project, "Event", None).await?;
    let opens = rsvps::open(event, web.now()).is_ok();
    let elsewhere = mine::form_elsewhere(&web, &seen.seen.item).filter(|_| opens && person.is_none());
    let shown = draw(&EventPage {
        frame: items::frame(&web, &seen.seen, Section::Events, &when_and_where(&seen)),
        item,
        count: coming::count(&seen).filter(|_| opens),
        full: coming::full(&seen),
        mine: mine::answer(&web, ItemKind::Event, id, person.as_ref()).await?,
        elsewhere,
        come: opens.then(|| format!("/events/{id}/come")),
        signed_in: person.is_some(),
    })?;
    Ok(mine::alone(shown, person.is_some()).await)
}

fn when_and_where(seen: &EventSeen) -> String {
    let (event, zone) = (&seen.event, seen.event.time_zone());
    let when = moments::span_in_words(event.starts, event.ends, &zone);
    match &seen.seen.item.place {
        Some(place) => format!("{when}, {}", place.name),
        None => when,
    }
}

/// Where an event stands; nothing to say while it is ahead.
pub(crate) fn state(seen: &EventSeen, now: Moment) -> Option<shapes::State> {
    let event = &seen.event;
    match event.state {
        EventState::Cancelled { .. } => Some(shapes::State::new(Tone::Stop, "cancelled")),
        EventState::Planned if event.ends <= now => Some(shapes::State::new(Tone::Plain, "over")),
        EventState::Planned if event.starts <= now => Some(shapes::State::new(Tone::Good, "on now")),
        EventState::Planned => None,
    }
}

/// An event in a list.
pub(crate) fn row(seen: &EventSeen, now: Moment) -> Row {
    let event = &seen.event;
    let mut row = Row::new(&seen.seen, when_and_where(seen));
    row.state = state(seen, now);
    row.struck = matches!(event.state, EventState::Cancelled { .. });
    row.leaf = Some(Leaf::new(event.starts, &event.time_zone()));
    row
}
