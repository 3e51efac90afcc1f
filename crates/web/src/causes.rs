//! Causes: what groups here fight for, with everyone who shares each; and everything that fights for one of them.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    routing::get,
};
use folkmoot_domain::{
    causes::{self as rules, Cause},
    items::ItemKind,
    lists::{Asked, Time, Turn},
};
use folkmoot_storage::{actors, associations, causes, lists as list_rows};
use serde::Deserialize;

use crate::{
    Web,
    associations::AssociationRow,
    frame::{Answer, Frame, Section, draw},
    lists::Said,
    paths::{Named, moved},
    problems::Problem,
    rows::{self, By, Row},
};

/// How many causes are on a page.
const PAGE: usize = 30;
/// So many associations are named beside a cause.
const NAMED: usize = 4;
/// So many calls, events and projects are on the page of a cause; the lists have the rest.
const SOME: usize = 5;
/// So many associations are on it.
const MANY: usize = 20;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/causes", get(list)).route("/causes/{tag}", get(page))
}

/// A cause as a hashtag that leads to its page here.
pub(crate) struct Tag {
    pub hashtag: String,
    pub path: String,
}

impl Tag {
    pub(crate) fn new(web: &Web, cause: &Cause) -> Self {
        Self { hashtag: cause.hashtag(), path: path(web, &cause.tag) }
    }
}

/// Where the page of a cause is.
pub(crate) fn path(web: &Web, tag: &str) -> String {
    web.app.addresses.cause_page(&rules::key(tag)).path().to_owned()
}

#[derive(Template)]
#[template(path = "causes/list.html")]
struct ListPage {
    frame: Frame,
    /// Each cause and who fights for it.
    causes: Vec<(Tag, Vec<By>, bool)>,
    later: bool,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Paging {
    after: Option<String>,
}

async fn list(State(web): State<Web>, paging: Result<Query<Paging>, QueryRejection>) -> Answer {
    let after = paging.ok().and_then(|Query(paging)| paging.after).map(|after| rules::key(&after));
    let after = after.filter(|after| !after.chars().any(char::is_control));
    let rows = web.rows();
    let mut causes = causes::page(&rows, after.as_deref(), PAGE as u64 + 1).await?;
    let more = causes.len() > PAGE;
    causes.truncate(PAGE);
    let ids: Vec<_> = causes.iter().map(|cause| cause.id).collect();
    let fighting = causes::fighting(&rows, &ids, NAMED + 1).await?;
    let known = actors::many(&rows, fighting.values().flatten().copied()).await?;
    let shown = causes.iter().map(|cause| {
        let who = fighting.get(&cause.id).into_iter().flatten();
        let who: Vec<_> = who.filter_map(|id| known.get(id)).map(By::new).collect();
        let many = who.len() > NAMED;
        (Tag::new(&web, cause), who.into_iter().take(NAMED).collect(), many)
    });
    draw(&ListPage {
        frame: Frame::new(&web, "Causes").describing("What groups here fight for.").under(Section::Causes),
        causes: shown.collect(),
        later: after.is_some(),
        next: causes
            .last()
            .filter(|_| more)
            .map(|last| format!("/causes?after={}", encoded(&rules::key(&last.tag)))),
    })
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Some things of one kind, and the list that has all of them.
struct Shelf {
    heading: &'static str,
    id: &'static str,
    rows: Vec<Row>,
    all: Option<String>,
}

#[derive(Template)]
#[template(path = "causes/page.html")]
struct CausePage {
    frame: Frame,
    hashtag: String,
    /// Who counts it among their battles.
    associations: Vec<AssociationRow>,
    all_associations: Option<String>,
    shelves: Vec<Shelf>,
    feed: String,
    map: String,
}

async fn page(State(web): State<Web>, Named(tag): Named<String>) -> Answer {
    let rows = web.rows();
    let cause = causes::by_tag(&rows, &tag).await?.ok_or(Problem::Missing)?;
    let (path, key) = (path(&web, &cause.tag), rules::key(&cause.tag));
    if tag != key {
        return Ok(moved(&path));
    }
    let asked = associations::Asked { cause: Some(cause.id), limit: MANY as u64 + 1, ..Default::default() };
    let mut fighting = associations::page(&rows, &asked).await?;
    let more = fighting.len() > MANY;
    fighting.truncate(MANY);
    let hashtag = cause.hashtag();
    let feed = format!("{path}/feed.atom");
    draw(&CausePage {
        frame: Frame::new(&web, &hashtag)
            .describing(&format!("Everything here that fights for {hashtag}."))
            .under(Section::Causes)
            .feeding(&feed, &hashtag)
            .of(&cause.page, &cause.uri),
        hashtag,
        associations: fighting.iter().map(AssociationRow::new).collect(),
        all_associations: more.then(|| format!("/associations?cause={}", encoded(&key))),
        shelves: shelves(&web, &cause).await?,
        feed,
        map: format!("/map?cause={}", encoded(&key)),
    })
}

async fn shelves(web: &Web, cause: &Cause) -> Result<Vec<Shelf>, Problem> {
    let ahead = Time::Ahead { from: web.now(), until: None };
    let mut shelves = Vec::new();
    for (kind, heading, id, time) in [
        (ItemKind::Call, "Calls", "calls", ahead),
        (ItemKind::Event, "Events", "events", ahead),
        (ItemKind::Project, "Projects", "projects", Time::Any),
    ] {
        let asked = Asked { cause: Some(cause.id), ..Asked::at(time) };
        let mut marks = list_rows::marks(&web.rows(), kind, &asked, Turn::Start, SOME as u64 + 1).await?;
        let more = marks.len() > SOME;
        marks.truncate(SOME);
        if marks.is_empty() {
            continue;
        }
        let all = format!("{}?cause={}", Said::of(kind).path, encoded(&rules::key(&cause.tag)));
        shelves.push(Shelf {
            heading,
            id,
            rows: rows::at(web, kind, &marks).await?,
            all: more.then_some(all),
        });
    }
    Ok(shelves)
}
