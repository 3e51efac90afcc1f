//! Posters: an item on one sheet of A4, black on white, with a QR code and tabs to tear off; and the short addresses
//! that stand on them.
//!
//! A short address is the second in which something was published here, in letters that are hard to confuse. When two
//! were published in one second, the first has it, and the other goes by its long one.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_domain::{
    ItemId, Moment,
    calls::{CallState, NeedSeen},
    items::{ItemKind, ItemSeen},
    moments,
};
use folkmoot_storage::{calls, events, items, projects};
use jiff::tz::TimeZone;
use qrcode::{Color, EcLevel, QrCode};

use crate::{
    Web,
    assets::{Icon, Sheet},
    frame::{Answer, Frame, draw},
    items::{self as pages, Fact},
    lists,
    paths::Named,
    problems::Problem,
    rows::By,
    shapes, words,
};

/// Short addresses count seconds from here: the beginning of 2026.
const BEGINNING: i64 = 1_767_225_600;
/// Crockford's base 32: no letter that looks like a digit.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/calls/{id}/poster", get(call))
        .route("/events/{id}/poster", get(event))
        .route("/projects/{id}/poster", get(project))
        .route("/c/{code}", get(|web, code| short(ItemKind::Call, web, code)))
        .route("/e/{code}", get(|web, code| short(ItemKind::Event, web, code)))
        .route("/p/{code}", get(|web, code| short(ItemKind::Project, web, code)))
}

#[derive(Template)]
#[template(path = "posters/page.html")]
struct PosterPage {
    frame: Frame,
    by: By,
    icon: Icon,
    heading: &'static str,
    title: String,
    /// How large the title may be.
    size: &'static str,
    language: String,
    facts: Vec<Fact>,
    why: String,
    /// What the reader is asked.
    asked: &'static str,
    /// The address without its scheme.
    address: String,
    qr: Qr,
    /// What stands on the tabs, and when.
    tab: String,
    when: String,
    page: String,
    noun: &'static str,
    paper: &'static str,
}

async fn call(State(web): State<Web>, Named(id): Named<ItemId>) -> Answer {
    let rows = web.rows();
    let Some(seen) = calls::seen(&rows, id).await? else {
        return Err(pages::absent(&rows, ItemKind::Call, id).await);
    };
    if matches!(seen.call.state, CallState::Cancelled { .. } | CallState::Closed { .. }) {
        // Nobody is called any more; the page says how it ended.
        return Ok(Redirect::to(&format!("/calls/{id}")).into_response());
    }
    let zone = seen.seen.time_zone();
    let facts = vec![
        Fact::new("Needed", needed(&seen.needs)),
        Fact::new("Until", moments::in_words(seen.call.closes, &zone)),
    ];
    let tab = format!("until {}", on_paper(seen.call.closes, &zone));
    poster(&web, &seen.seen, facts, &seen.call.why, "Can you help?", &tab).await
}

async fn event(State(web): State<Web>, Named(id): Named<ItemId>) -> Answer {
    let rows = web.rows();
    let Some(seen) = events::seen(&rows, id).await? else {
        return Err(pages::absent(&rows, ItemKind::Event, id).await);
    };
    let (event, zone) = (&seen.event, seen.event.time_zone());
    let facts = vec![Fact::new("When", moments::span_in_words(event.starts, event.ends, &zone))];
    let tab = on_paper(event.starts, &zone);
    poster(&web, &seen.seen, facts, "", "Come along", &tab).await
}

async fn project(State(web): State<Web>, Named(id): Named<ItemId>) -> Answer {
    let rows = web.rows();
    let Some(seen) = projects::seen(&rows, id).await? else {
        return Err(pages::absent(&rows, ItemKind::Project, id).await);
    };
    let needs = (!seen.need.is_empty()).then(|| Fact::new("Needs", seen.need.clone()));
    poster(&web, &seen.seen, needs.into_iter().collect(), "", "Join in", "").await
}

/// "I can dig (3 wanted)". What is not counted is said only when nothing is.
fn needed(needs: &[NeedSeen]) -> String {
    let counted =
        |need: &NeedSeen| need.need.wanted.map(|wanted| format!("{} ({wanted} wanted)", need.need.label));
    let all: Vec<_> = needs.iter().filter_map(counted).collect();
    if all.is_empty() {
        needs.iter().map(|need| need.need.label.as_str()).collect::<Vec<_>>().join(", ")
    } else {
        all.join(", ")
    }
}

/// "Sat 13 June, 10 am". Paper hangs for days: nothing on it is tomorrow.
fn on_paper(at: Moment, zone: &TimeZone) -> String {
    let day = at.timestamp().to_zoned_datetime(zone.clone()).strftime("%a %-d %B");
    format!("{day}, {}", at.time_in_words(zone))
}

/// What every poster has. `facts` stand before and after the place: when, where, what is needed.
async fn poster(
    web: &Web,
    seen: &ItemSeen,
    mut facts: Vec<Fact>,
    why: &str,
    asked: &'static str,
    tab: &str,
) -> Answer {
    let item = &seen.item;
    let place = item.place.as_ref().map(|place| Fact::new("Where", place.name.clone()));
    let after = usize::from(item.kind == ItemKind::Event);
    facts.splice(after..after, place);
    let length = item.title.chars().count();
    let (size, room) = match length {
        0..=40 => ("", 420),
        41..=70 => ("long", 320),
        _ => ("longest", 260),
    };
    let begins = words::excerpt(&item.text.html, room);
    let address = short_address(web, seen).await?;
    let paper = seen.home.paper().word();
    let frame = Frame::new(web, &format!("Poster: {}", item.title)).with(Sheet::Poster).secret();
    draw(&PosterPage {
        frame,
        by: By::new(&seen.home),
        icon: shapes::icon(item.kind),
        heading: shapes::heading(item.kind),
        title: item.title.clone(),
        size,
        language: item.language.as_str().to_owned(),
        facts,
        why: if why.is_empty() { begins } else { words::excerpt(why, room) },
        asked,
        qr: Qr::of(&address)?,
        address: address.split_once("://").map_or(address.as_str(), |(_, rest)| rest).to_owned(),
        tab: words::excerpt(&item.title, 30),
        when: tab.to_owned(),
        page: format!("/{}/{}", item.kind.plural(), item.id),
        noun: item.kind.word(),
        paper,
    })
}

/// A QR code as the path of an SVG, one run of dark squares after the other.
struct Qr {
    path: String,
    /// With two squares of white around it.
    side: usize,
}

impl Qr {
    fn of(address: &str) -> Result<Self, Problem> {
        let code = QrCode::with_error_correction_level(address, EcLevel::M);
        let code = code.map_err(|error| Problem::broken(&error))?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    let length = run.len();
                    path.extend([format!("M{x} {y}h{length}v1h-{length}z")]);
                }
                x += run.len();
            }
        }
        Ok(Self { path, side: width + 4 })
    }
}

/// The shortest address that leads to an item: `https://hyde.example/c/gq0p2`.
pub(crate) async fn short_address(web: &Web, seen: &ItemSeen) -> Result<String, Problem> {
    let item = &seen.item;
    let letter = match item.kind {
        ItemKind::Call => 'c',
        ItemKind::Event => 'e',
        ItemKind::Project => 'p',
        ItemKind::Update => return Ok(item.page.to_string()),
    };
    if let Some(code) = code(item.published)
        && items::published_in(&web.rows(), item.kind, second(item.published)).await? == Some(item.id)
    {
        return Ok(lists::address(web, &format!("/{letter}/{code}")).to_string());
    }
    Ok(item.page.to_string())
}

/// Leads from a short address to the page.
async fn short(kind: ItemKind, State(web): State<Web>, Named(code): Named<String>) -> Answer {
    let second = read(&code).ok_or(Problem::Missing)?;
    let id = items::published_in(&web.rows(), kind, second).await?.ok_or(Problem::Missing)?;
    Ok(Redirect::temporary(&format!("/{}/{id}", kind.plural())).into_response())
}

fn second(at: Moment) -> Moment {
    Moment(at.0.div_euclid(1_000) * 1_000)
}

/// The second as letters; none before the beginning.
fn code(at: Moment) -> Option<String> {
    let mut left = usize::try_from(at.0.div_euclid(1_000) - BEGINNING).ok()?;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(*LETTERS.get(left % 32)?));
        left /= 32;
        if left == 0 {
            return Some(letters.into_iter().rev().collect());
        }
    }
}

/// Reads the letters as people copy them: capitals, and `o` for zero.
fn read(code: &str) -> Option<Moment> {
    if !(1..=8).contains(&code.len()) {
        return None;
    }
    let seconds = code.bytes().try_fold(0i64, |seconds, letter| {
        let letter = match letter.to_ascii_lowercase() {
            b'o' => b'0',
            b'i' | b'l' => b'1',
            other => other,
        };
        let digit = LETTERS.iter().position(|known| *known == letter)?;
        Some(seconds * 32 + i64::try_from(digit).ok()?)
    })?;
    Some(Moment((seconds + BEGINNING) * 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_addresses_come_back_however_they_are_copied() {
        let at = Moment(1_781_164_800_123);
        let code = code(at).unwrap();
        assert!(code.len() <= 6, "{code}");
        assert_eq!(read(&code), Some(second(at)));
        assert_eq!(read(&code.to_uppercase()), Some(second(at)));
        assert_eq!(read("O1l"), read("011"));
        assert_eq!(super::code(Moment(0)), None);
        for odd in ["", "u", "a/b", "123456789", "-1", "\u{661}"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_qr_code_is_one_path() {
        let qr = Qr::of("https://hyde.example/c/gq0p2").unwrap();
        assert!(qr.path.starts_with("M0 0h7v1h-7z") && qr.side < 35, "{}", qr.side);
    }
}
