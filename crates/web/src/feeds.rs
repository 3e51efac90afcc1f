//! Atom feeds (RFC 4287) of exactly the lists that pages show, and of what each association pins.
//!
//! An entry has the ActivityPub id of its item, which never changes. Words of strangers are text or safe HTML, and the
//! library escapes both.

use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
    routing::get,
};
use folkmoot_domain::{
    Moment,
    calls::{CallSeen, CallState},
    causes as cause_rules,
    events::{EventSeen, EventState},
    items::{ItemKind, ItemSeen},
    lists::{Asked, Time, Turn},
    moments::{self, DAY},
    projects::{ProjectSeen, ProjectState},
};
use folkmoot_storage::{
    associations, calls, carries, causes, events, items, items::Filter, lists as list_rows, projects,
};

use crate::{
    Web, carried,
    documents::{self, Document},
    filters::Listing,
    frame::Answer,
    lists::{self, Said},
    paths::Named,
    problems::Problem,
    shapes, words,
};

/// So many entries are in a feed.
const ENTRIES: usize = 50;
const ATOM: &str = "application/atom+xml; charset=utf-8";

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/calls.atom", get(|web, query, asked| list(ItemKind::Call, web, query, asked)))
        .route("/projects.atom", get(|web, query, asked| list(ItemKind::Project, web, query, asked)))
        .route("/events.atom", get(|web, query, asked| list(ItemKind::Event, web, query, asked)))
        .route("/causes/{tag}/feed.atom", get(cause))
        .route("/@{handle}/feed.atom", get(association))
}

/// What an entry says: an item, and the lines that stand over its text.
struct Told {
    seen: ItemSeen,
    lines: Vec<String>,
}

/// A list as its page shows it.
async fn list(kind: ItemKind, State(web): State<Web>, RawQuery(query): RawQuery, asked: HeaderMap) -> Answer {
    let said = Said::of(kind);
    let listing = Listing::read(&web, said.path, &[kind], query.as_deref().unwrap_or_default()).await?;
    let marks = lists::first(&web, &listing, kind, ENTRIES as u64 + 1).await?;
    let more = marks.len() > ENTRIES;
    let marks = marks.get(..marks.len().min(ENTRIES)).unwrap_or_default();
    let path = listing.as_file("atom");
    let title = format!("{} \u{2013} {}", said.heading, web.settings.place);
    let mut feed = Frame::new(&web, &title, &path, &listing.address());
    // RFC 5005 3
    let next = marks.last().filter(|_| more).map(|mark| listing.chosen.turned(Turn::After(*mark)));
    if let Some(next) = next {
        feed.link("next", ATOM, &format!("{}.atom{next}", said.path));
    }
    Ok(feed.answer(told(&web, kind, marks).await?, &asked))
}

async fn told(
    web: &Web,
    kind: ItemKind,
    marks: &[folkmoot_domain::lists::Mark],
) -> Result<Vec<Told>, Problem> {
    let rows = web.rows();
    let mut told: Vec<Told> = match kind {
        ItemKind::Call => calls::at(&rows, marks).await?.into_iter().map(call).collect(),
        ItemKind::Event => events::at(&rows, marks).await?.into_iter().map(event).collect(),
        ItemKind::Project => projects::at(&rows, marks).await?.into_iter().map(project).collect(),
        ItemKind::Update => items::at(&rows, marks).await?.into_iter().map(plain).collect(),
    };
    let here = carries::here(&rows, &told.iter().map(|told| told.seen.item.id).collect::<Vec<_>>()).await?;
    for told in &mut told {
        let here = here.get(&told.seen.item.id).map(Vec::as_slice).unwrap_or_default();
        if let Some(line) = carried::line(&told.seen, here) {
            told.lines.insert(0, line);
        }
    }
    Ok(told)
}

fn plain(seen: ItemSeen) -> Told {
    let place = seen.item.place.iter().map(|place| place.name.clone()).collect();
    Told { seen, lines: place }
}

fn call(found: CallSeen) -> Told {
    let zone = found.seen.time_zone();
    let closes = format!("Closes {}", moments::in_words(found.call.closes, &zone));
    let stands = match &found.call.state {
        CallState::Open => None,
        CallState::Filled => Some("Enough is found.".to_owned()),
        CallState::AnotherDay(day) => Some(format!("Left for another day: {}", day.reason)),
        CallState::Cancelled { reason, .. } => Some(format!("Cancelled: {reason}")),
        CallState::Closed { outcome, .. } => Some(format!("What came of it: {outcome}")),
    };
    let mut told = plain(found.seen);
    told.lines.push(closes);
    told.lines.extend(stands);
    if !found.call.why.is_empty() {
        told.lines.insert(0, found.call.why);
    }
    told
}

fn event(found: EventSeen) -> Told {
    let when = moments::span_in_words(found.event.starts, found.event.ends, &found.event.time_zone());
    let mut told = plain(found.seen);
    told.lines.insert(0, when);
    if let EventState::Cancelled { reason, .. } = found.event.state {
        told.lines.insert(0, format!("Cancelled: {reason}"));
    }
    told
}

fn project(found: ProjectSeen) -> Told {
    let stands = match found.state {
        ProjectState::Idea | ProjectState::Active => None,
        ProjectState::AnotherDay(day) => Some(format!("Left for another day: {}", day.reason)),
        ProjectState::Done { outcome, .. } => Some(format!("What came of it: {outcome}")),
    };
    let mut told = plain(found.seen);
    told.lines.extend(stands);
    if !found.need.is_empty() {
        told.lines.insert(0, format!("Needs {}", found.need));
    }
    told
}

/// Everything that fights for a cause.
async fn cause(State(web): State<Web>, Named(tag): Named<String>, asked: HeaderMap) -> Answer {
    let cause = causes::by_tag(&web.rows(), &tag).await?.ok_or(Problem::Missing)?;
    let question = Asked { cause: Some(cause.id), ..Asked::at(Time::Any) };
    let mut all = Vec::new();
    for kind in ItemKind::ALL {
        let marks = list_rows::marks(&web.rows(), kind, &question, Turn::Start, ENTRIES as u64).await?;
        all.extend(told(&web, kind, &marks).await?);
    }
    all.sort_by_key(|told| std::cmp::Reverse((told.seen.item.published, told.seen.item.id)));
    all.truncate(ENTRIES);
    let title = format!("{} \u{2013} {}", cause.hashtag(), web.settings.place);
    let page = crate::causes::path(&web, &cause.tag);
    Ok(Frame::new(&web, &title, &format!("{page}/feed.atom"), &page).answer(all, &asked))
}

/// Everything that an association pins.
async fn association(State(web): State<Web>, Named(handle): Named<String>, asked: HeaderMap) -> Answer {
    let seen = associations::seen_by_handle(&web.rows(), &handle).await?.ok_or(Problem::Missing)?;
    let filter = Filter { home: Some(seen.actor.id), limit: ENTRIES as u64, ..Filter::default() };
    let all = items::list(&web.rows(), filter).await?.into_iter().map(plain).collect();
    let page = format!("/@{}", seen.actor.handle);
    let mut frame = Frame::new(&web, &seen.actor.name, &format!("{page}/feed.atom"), &page);
    frame.feed.subtitle = Some(Text::plain(documents::one_line(&words::excerpt(&seen.actor.summary, 200))));
    Ok(frame.answer(all, &asked))
}

/// What stands around the entries.
struct Frame<'a> {
    web: &'a Web,
    feed: Feed,
}

impl<'a> Frame<'a> {
    fn new(web: &'a Web, title: &str, path: &str, page: &str) -> Self {
        let mut frame = Self {
            web,
            feed: Feed {
                title: Text::plain(documents::one_line(title)),
                id: lists::address(web, path).to_string(),
                generator: Some(Generator { value: "Folkmoot".to_owned(), ..Generator::default() }),
                ..Feed::default()
            },
        };
        frame.link("self", ATOM, path);
        frame.link("alternate", "text/html", page);
        frame
    }

    fn link(&mut self, rel: &str, kind: &str, path: &str) {
        let href = lists::address(self.web, path).to_string();
        let kind = kind.split(';').next().map(str::to_owned);
        self.feed.links.push(Link { href, rel: rel.to_owned(), mime_type: kind, ..Link::default() });
    }

    /// The entries, what was changed last in front.
    fn answer(mut self, mut told: Vec<Told>, asked: &HeaderMap) -> Response {
        let changed = |told: &Told| told.seen.item.edited.unwrap_or(told.seen.item.published);
        told.sort_by_key(|told| std::cmp::Reverse((changed(told), told.seen.item.id)));
        let last = told.first().map(changed);
        // An empty feed has changed, for all one can tell, when the day began.
        let now = self.web.now().0;
        self.feed.updated = date(last.unwrap_or(Moment(now - now.rem_euclid(DAY))));
        self.feed.entries = told.iter().map(entry).collect();
        let document = Document { kind: ATOM, body: self.feed.to_string(), changed: last, name: None };
        document.answer(asked)
    }
}

fn entry(told: &Told) -> Entry {
    let (item, home) = (&told.seen.item, &told.seen.home);
    let title = if item.title.is_empty() { words::excerpt(&item.text.html, 60) } else { item.title.clone() };
    let lines = told.lines.iter().map(|line| format!("<p>{}</p>\n", escaped(line)));
    let html = format!("{}{}", lines.collect::<String>(), item.text.html);
    let term = |term: &str, label: &str| Category {
        term: term.to_owned(),
        label: Some(label.to_owned()),
        ..Category::default()
    };
    let causes = told.seen.causes.iter().map(|cause| term(&cause_rules::key(&cause.tag), &cause.hashtag()));
    let author = if home.name.trim().is_empty() { &home.handle } else { &home.name };
    Entry {
        title: Text::plain(documents::one_line(&title)),
        id: item.uri.to_string(),
        updated: date(item.edited.unwrap_or(item.published)),
        published: Some(date(item.published)),
        authors: vec![Person {
            name: documents::one_line(author),
            uri: words::web_link(&home.page),
            ..Person::default()
        }],
        categories: std::iter::once(term(item.kind.word(), shapes::heading(item.kind)))
            .chain(causes)
            .collect(),
        links: vec![Link {
            href: item.page.to_string(),
            rel: "alternate".to_owned(),
            mime_type: Some("text/html".to_owned()),
            ..Link::default()
        }],
        content: Some(Content {
            lang: Some(item.language.as_str().to_owned()),
            content_type: Some("html".to_owned()),
            value: Some(documents::lines(&html)),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

/// Text as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn date(at: Moment) -> FixedDateTime {
    at.rfc3339().parse().unwrap_or_default()
}
