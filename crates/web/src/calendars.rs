//! Calendar files (RFC 5545): one event, and every event of a list.
//!
//! Times go out in UTC, which every calendar turns into the reader's own. What people write is text: control
//! characters are gone before the library escapes it, and lines are folded here.

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
};
use folkmoot_storage::events;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

use crate::{
    Web,
    documents::{self, Document},
    filters::Listing,
    frame::Answer,
    items,
    lists::{self, Said},
    problems::Problem,
    words,
};

/// So many events are in a calendar at most.
const EVENTS: u64 = 200;
const CALENDAR: &str = "text/calendar; charset=utf-8";
/// RFC 5545 3.1: octets of a line, without its end.
const LINE: usize = 75;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/events.ics", get(list))
}

/// A list as its page shows it.
async fn list(State(web): State<Web>, RawQuery(query): RawQuery, asked: HeaderMap) -> Answer {
    let said = Said::of(ItemKind::Event);
    let query = query.unwrap_or_default();
    let listing = Listing::read(&web, said.path, &[ItemKind::Event], &query).await?;
    let marks = lists::first(&web, &listing, ItemKind::Event, EVENTS).await?;
    let found = events::at(&web.rows(), &marks).await?;
    Ok(document(&web, &found, None).answer(&asked))
}

/// One event, to be kept in a calendar.
pub(crate) async fn one(web: &Web, id: &str, asked: &HeaderMap) -> Answer {
    let id: ItemId = id.parse().map_err(|_| Problem::Missing)?;
    let rows = web.rows();
    match events::seen(&rows, id).await? {
        Some(seen) => Ok(document(web, &[seen], Some(format!("{id}.ics"))).answer(asked)),
        None => Err(items::absent(&rows, ItemKind::Event, id).await),
    }
}

fn document(web: &Web, found: &[EventSeen], name: Option<String>) -> Document {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Folkmoot//Folkmoot//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    if name.is_none() {
        calendar.name(&documents::one_line(&format!("Events \u{2013} {}", web.settings.place)));
        // RFC 7986 5.7: calendars that keep it ask again after an hour.
        calendar.append_property(Property::new("X-PUBLISHED-TTL", "PT1H"));
        calendar.append_property(Property::new("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"));
    }
    for seen in found {
        calendar.push(event(seen));
    }
    let changed = found.iter().map(changed).max();
    Document { kind: CALENDAR, body: folded(&calendar.to_string()), changed, name }
}

/// When what a calendar shows last changed.
fn changed(seen: &EventSeen) -> Moment {
    let item = &seen.seen.item;
    let words = item.edited.unwrap_or(item.published);
    match seen.event.state {
        EventState::Cancelled { at, .. } => words.max(at),
        EventState::Planned => words,
    }
}

fn event(seen: &EventSeen) -> Event {
    let (item, event) = (&seen.seen.item, &seen.event);
    let mut said = Event::new();
    said.add_property("UID", item.uri.as_str())
        .add_property("DTSTAMP", time(changed(seen)))
        .add_property("LAST-MODIFIED", time(changed(seen)))
        .add_property("CREATED", time(item.published))
        .add_property("DTSTART", time(event.starts))
        .add_property("DTEND", time(event.ends))
        .add_property("URL", item.page.as_str())
        // RFC 5545 3.8.7.4: it grows with every change. Seconds since publishing do, and need no counter.
        .add_property("SEQUENCE", ((changed(seen).0 - item.published.0).max(0) / 1_000).to_string());
    said.summary(&documents::one_line(&item.title)).description(&description(seen));
    if let Some(place) = &item.place {
        said.location(&documents::one_line(&place.name));
        if let Some(point) = place.seen() {
            said.append_property(Property::new("GEO", format!("{};{}", point.latitude, point.longitude)));
        }
    }
    said.status(match event.state {
        EventState::Planned => EventStatus::Confirmed,
        EventState::Cancelled { .. } => EventStatus::Cancelled,
    });
    said.done()
}

fn description(seen: &EventSeen) -> String {
    let mut lines = Vec::new();
    if let EventState::Cancelled { reason, .. } = &seen.event.state {
        lines.push(format!("Cancelled: {reason}"));
    }
    lines.push(words::excerpt(&seen.seen.item.text.html, 1_000));
    lines.extend(
        seen.event.online.as_ref().and_then(words::web_link).map(|link| format!("Join online: {link}")),
    );
    lines.push(format!("{}, {}", seen.seen.home.name, seen.seen.item.page));
    documents::lines(&lines.join("\n\n"))
}

/// RFC 5545 3.3.5, form 2.
fn time(at: Moment) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// RFC 5545 3.1: no line is longer than 75 octets, and none is broken inside a character. The library folds, too, but
/// may be one octet over.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    for line in text.replace("\r\n ", "").split("\r\n").filter(|line| !line.is_empty()) {
        let mut used = 0;
        for c in line.chars() {
            if used + c.len_utf8() > LINE {
                out.push_str("\r\n ");
                used = 1;
            }
            out.push(c);
            used += c.len_utf8();
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_at_75_octets_between_characters() {
        let line = format!("SUMMARY:{}", "\u{0646}\u{1F333}a ".repeat(60));
        let folded = folded(&format!("BEGIN:VCALENDAR\r\n{line}\r\nEND:VCALENDAR\r\n"));
        assert!(folded.split("\r\n").all(|line| line.len() <= LINE), "{folded}");
        assert!(folded.split("\r\n").filter(|line| line.starts_with(' ')).count() > 5);
        assert!(folded.replace("\r\n ", "").contains(&line));
        assert!(folded.ends_with("END:VCALENDAR\r\n"));
    }
}
