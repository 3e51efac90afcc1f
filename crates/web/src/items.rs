//! What the pages of projects, calls, events and updates have in common; each noun adds its own facts and state.

use askama::Template;
use folkmoot_domain::{
    ItemId, Moment,
    items::{AnotherDay, ItemKind, ItemSeen},
};
use folkmoot_storage::{Rows, items, items::Bookmark};
use jiff::tz::TimeZone;

use crate::{
    Web,
    causes::Tag,
    frame::{Answer, Frame, Section, draw},
    problems::Problem,
    rows::{self, By, Empty, Paged},
    shapes::{self, State, Tone},
    thread::{self, Said},
    words,
};

/// One line under "when", "where" and so on.
pub(crate) struct Fact {
    pub term: &'static str,
    pub text: String,
    pub href: Option<String>,
    pub datetime: Option<String>,
}

impl Fact {
    pub(crate) fn new(term: &'static str, text: impl Into<String>) -> Self {
        Self { term, text: text.into(), href: None, datetime: None }
    }

    /// Where the words lead.
    pub(crate) fn to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// The moment for machines.
    pub(crate) fn at(mut self, at: Moment, zone: &TimeZone) -> Self {
        self.datetime = Some(at.rfc3339_in(zone));
        self
    }
}

/// Something everyone should know before reading on: cancelled, left for another day, what came of it.
pub(crate) struct Note {
    pub tone: Tone,
    pub title: String,
    pub text: String,
}

impl Note {
    pub(crate) fn new(tone: Tone, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: text.into() }
    }

    /// Left for another day.
    pub(crate) fn another_day(day: &AnotherDay, zone: &TimeZone) -> Self {
        let title = match day.wake {
            Some(wake) => format!("Left for another day: we look again on {}", wake.day_in_words(zone)),
            None => "Left for another day".to_owned(),
        };
        Self::new(Tone::Look, title, day.reason.clone())
    }
}

/// What an item's page shows, whichever noun it is.
pub(crate) struct Shown {
    pub kind: ItemKind,
    pub heading: &'static str,
    pub icon: &'static str,
    pub title: String,
    pub language: String,
    pub html: String,
    pub by: By,
    pub pinned: String,
    pub pinned_at: String,
    pub edited: Option<String>,
    pub causes: Vec<Tag>,
    pub thread: Vec<Said>,
    pub sample: bool,
    /// The ActivityPub id: what to search for from another server.
    pub id: String,
    /// False when the noun has said it already.
    pub with_address: bool,
    /// Where it stands; the noun says it.
    pub state: Option<State>,
    /// What to know first; the noun says it.
    pub notes: Vec<Note>,
    /// When, where and so on; the noun says it.
    pub facts: Vec<Fact>,
}

/// Reads what stands around the item: who, causes, updates and replies.
pub(crate) async fn show(web: &Web, seen: &ItemSeen) -> Result<Shown, Problem> {
    let (rows, zone, now) = (web.rows(), seen.time_zone(), web.now());
    let item = &seen.item;
    let causes = seen.causes.iter().map(|cause| Tag::new(web, cause));
    let sample = rows::samples(&rows, [item.home].into_iter()).await?.contains(&item.home);
    Ok(Shown {
        kind: item.kind,
        heading: shapes::heading(item.kind),
        icon: shapes::icon(item.kind),
        title: item.title.clone(),
        language: item.language.as_str().to_owned(),
        html: item.text.html.clone(),
        by: By::new(&seen.home),
        pinned: words::day(item.published, now, &zone),
        pinned_at: item.published.rfc3339_in(&zone),
        edited: item.edited.map(|at| words::day(at, now, &zone)),
        causes: causes.collect(),
        thread: thread::under(&rows, item.id, now, &zone).await?,
        sample,
        id: item.uri.to_string(),
        with_address: true,
        state: None,
        notes: Vec::new(),
        facts: item.place.iter().map(|place| Fact::new("Where", place.name.clone())).collect(),
    })
}

/// The frame of an item's page. `line` is said to those who share it, and when it is empty, how the text begins.
pub(crate) fn frame(web: &Web, seen: &ItemSeen, section: Section, line: &str) -> Frame {
    let item = &seen.item;
    let begins = words::excerpt(&item.text.html, 200);
    let title = if item.title.is_empty() { words::excerpt(&item.text.html, 60) } else { item.title.clone() };
    Frame::new(web, &title)
        .describing(if line.is_empty() { &begins } else { line })
        .under(section)
        .of(&item.page, &item.uri)
}

/// The link to a project that an item belongs to.
pub(crate) async fn project(
    rows: &Rows<'_>,
    id: Option<ItemId>,
    term: &'static str,
) -> Result<Option<Fact>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let about = items::find(rows, id).await?.filter(|item| item.deleted.is_none());
    Ok(about.map(|project| Fact::new(term, project.title).to(format!("/projects/{id}"))))
}

/// Why an item cannot be shown: it was deleted, or it never was.
pub(crate) async fn absent(rows: &Rows<'_>, kind: ItemKind, id: ItemId) -> Problem {
    match items::find(rows, id).await {
        Ok(Some(item)) if item.kind == kind && item.deleted.is_some() => Problem::Deleted(kind),
        Ok(_) => Problem::Missing,
        Err(error) => error.into(),
    }
}

#[derive(Template)]
#[template(path = "items/list.html")]
struct ListPage {
    frame: Frame,
    heading: &'static str,
    lead: &'static str,
    list: Paged,
    later: bool,
    path: &'static str,
    empty: Empty,
}

/// What a list says of itself.
pub(crate) struct Listing {
    pub kind: ItemKind,
    pub section: Section,
    pub path: &'static str,
    pub heading: &'static str,
    pub lead: &'static str,
    pub empty: Empty,
}

/// Draws a page of a list of one kind.
pub(crate) async fn list(web: &Web, listing: Listing, before: Option<Bookmark>) -> Answer {
    let list = rows::paged(web, listing.kind, before).await?;
    let frame = Frame::new(web, listing.heading).describing(listing.lead).under(listing.section);
    draw(&ListPage {
        frame,
        heading: listing.heading,
        lead: listing.lead,
        list,
        later: before.is_some(),
        path: listing.path,
        empty: listing.empty,
    })
}
