//! The lists of calls, projects and events: filters at the side, a page of rows, and the same list to take along.
//!
//! Start at [`page`]; what an address may say is in [`crate::filters`].

use askama::Template;
use folkmoot_domain::{
    items::ItemKind,
    lists::{Mark, Turn},
};
use folkmoot_storage::lists;

use crate::{
    Web,
    filters::{
        Listing, When,
        panel::{self, Group, Removable},
    },
    frame::{Answer, Frame, Section, draw},
    problems::Problem,
    rows::{self, Empty, Row},
};

/// How many rows are on a page.
const PAGE: usize = 20;

#[derive(Template)]
#[template(path = "lists/page.html")]
struct ListPage {
    frame: Frame,
    heading: &'static str,
    lead: String,
    groups: Vec<Group>,
    chosen: Vec<Removable>,
    /// "Show the 11 calls".
    done: String,
    rows: Vec<Row>,
    next: Option<String>,
    back: Option<String>,
    /// The list without filters, from its beginning.
    path: &'static str,
    /// The list from its beginning.
    start: String,
    whole: bool,
    turned: bool,
    map: String,
    files: Vec<(&'static str, String)>,
    empty: Empty,
}

/// A page of a list of one kind.
pub(crate) async fn page(web: &Web, kind: ItemKind, query: Option<&str>) -> Answer {
    let said = Said::of(kind);
    let listing = Listing::read(web, said.path, &[kind], query.unwrap_or_default()).await?;
    let panel = panel::panel(web, &listing, &[kind]).await?;
    let (marks, back, next) = turn(web, &listing, kind).await?;
    let lead = lead(kind, &listing, panel.count);
    let mut frame = Frame::new(web, said.heading)
        .describing(&lead)
        .under(said.section)
        .feeding(&listing.as_file("atom"), said.heading);
    if kind == ItemKind::Event {
        frame = frame.also("text/calendar", &listing.as_file("ics"), said.heading);
    }
    frame = frame.also("application/geo+json", &listing.as_file("geojson"), said.heading);
    frame.page = Some(address(web, &listing.turned(listing.turn)));
    let rows = rows::at(web, kind, &marks).await?;
    let done = match panel.count {
        Some(count) if count > 0 => format!("Show {}", counted(kind, count)),
        _ => "Show the list".to_owned(),
    };
    draw(&ListPage {
        frame,
        heading: said.heading,
        lead,
        groups: panel.groups,
        chosen: panel.chosen,
        done,
        next: next.map(|turn| listing.turned(turn)),
        back: back.map(|turn| listing.turned(turn)),
        path: said.path,
        start: listing.address(),
        whole: listing.is_whole(),
        turned: listing.turn != Turn::Start,
        map: map(&listing, kind),
        files: files(&listing, kind),
        rows,
        empty: said.empty,
    })
}

/// An address of ours, of a path with its query.
pub(crate) fn address(web: &Web, path: &str) -> url::Url {
    let base = web.app.addresses.base();
    base.join(path).unwrap_or_else(|_| base.clone())
}

/// A page of marks, and how to turn to the one before and the one behind.
async fn turn(
    web: &Web,
    listing: &Listing,
    kind: ItemKind,
) -> Result<(Vec<Mark>, Option<Turn>, Option<Turn>), Problem> {
    let Some(asked) = listing.asked(kind) else { return Ok((Vec::new(), None, None)) };
    let mut marks = lists::marks(&web.rows(), kind, &asked, listing.turn, PAGE as u64 + 1).await?;
    let more = marks.len() > PAGE;
    let backwards = matches!(listing.turn, Turn::Before(_));
    if more && backwards {
        marks.remove(0);
    }
    marks.truncate(PAGE);
    let back = if backwards { more } else { listing.turn != Turn::Start };
    let next = more || backwards;
    let back = marks.first().filter(|_| back).map(|mark| Turn::Before(*mark));
    let next = marks.last().filter(|_| next).map(|mark| Turn::After(*mark));
    Ok((marks, back, next))
}

/// The marks of a list from its beginning, for its other forms.
pub(crate) async fn first(
    web: &Web,
    listing: &Listing,
    kind: ItemKind,
    most: u64,
) -> Result<Vec<Mark>, Problem> {
    match listing.asked(kind) {
        Some(asked) => Ok(lists::marks(&web.rows(), kind, &asked, listing.turn, most).await?),
        None => Ok(Vec::new()),
    }
}

fn map(listing: &Listing, kind: ItemKind) -> String {
    let mut chosen = listing.chosen.clone();
    chosen.kind = Some(kind);
    format!("/map{}", chosen.query())
}

fn files(listing: &Listing, kind: ItemKind) -> Vec<(&'static str, String)> {
    let mut files = vec![("feed", listing.as_file("atom"))];
    if kind == ItemKind::Event {
        files.push(("calendar", listing.as_file("ics")));
    }
    files.push(("map data", listing.as_file("geojson")));
    files
}

/// What a list says of itself.
pub(crate) struct Said {
    pub path: &'static str,
    pub section: Section,
    pub heading: &'static str,
    pub empty: Empty,
}

impl Said {
    pub(crate) fn of(kind: ItemKind) -> Self {
        let (path, section, heading, text) = match kind {
            ItemKind::Call => (
                "/calls",
                Section::Calls,
                "Calls",
                "Nothing is open just now. When an association needs hands, its call hangs here.",
            ),
            ItemKind::Event => (
                "/events",
                Section::Events,
                "Events",
                "Nothing is ahead just now. When an association invites people, its event hangs here.",
            ),
            ItemKind::Project | ItemKind::Update => (
                "/projects",
                Section::Projects,
                "Projects",
                "When an association begins something, or somebody has an idea that waits for one, it hangs here.",
            ),
        };
        let empty = Empty { text, href: "/associations", words: "See who is here" };
        Self { path, section, heading, empty }
    }
}

/// What is listed, and in which order.
fn lead(kind: ItemKind, listing: &Listing, count: Option<usize>) -> String {
    let over = listing.chosen.when == When::Over;
    let order = match kind {
        ItemKind::Call if over => "What ended last comes first.",
        ItemKind::Call => "What closes first comes first.",
        ItemKind::Event if over => "The latest comes first.",
        ItemKind::Event => "The soonest comes first.",
        ItemKind::Project | ItemKind::Update => "The newest comes first.",
    };
    let what = match (kind, count) {
        (_, Some(0)) => return "None just now.".to_owned(),
        (ItemKind::Call, Some(count)) if over => format!("{} that ended", counted(kind, count)),
        (ItemKind::Event, Some(count)) if over => format!("{} that were", counted(kind, count)),
        (_, Some(count)) => counted(kind, count),
        (ItemKind::Call, None) => "What associations need hands for".to_owned(),
        (ItemKind::Event, None) => "Where to come along".to_owned(),
        (ItemKind::Project | ItemKind::Update, None) => "What neighbours are making".to_owned(),
    };
    let mut letters = what.chars();
    let what: String =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    match count {
        Some(1) => format!("{what}."),
        _ => format!("{what}. {order}"),
    }
}

/// "one call", "eleven calls", "64 calls".
pub(crate) fn counted(kind: ItemKind, count: usize) -> String {
    const SMALL: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let noun = if count == 1 { kind.word() } else { kind.plural() };
    match SMALL.get(count) {
        Some(word) => format!("{word} {noun}"),
        None => format!("{count} {noun}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_said_in_words_while_they_are_small() {
        assert_eq!(counted(ItemKind::Call, 1), "one call");
        assert_eq!(counted(ItemKind::Event, 11), "eleven events");
        assert_eq!(counted(ItemKind::Project, 64), "64 projects");
    }
}
