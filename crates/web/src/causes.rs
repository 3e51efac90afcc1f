//! Causes: what groups here fight for, and everything that fights for one of them.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use folkmoot_domain::causes::{self as rules, Cause};
use folkmoot_storage::{associations, causes, items::Filter};

use crate::{
    Web,
    associations::AssociationRow,
    frame::{Answer, Frame, Section, draw},
    paths::{Before, Named, moved},
    problems::Problem,
    rows::{self, Paged},
};

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

fn path(web: &Web, tag: &str) -> String {
    web.app.addresses.cause_page(&rules::key(tag)).path().to_owned()
}

#[derive(Template)]
#[template(path = "causes/list.html")]
struct ListPage {
    frame: Frame,
    causes: Vec<Tag>,
}

async fn list(State(web): State<Web>) -> Answer {
    let causes = causes::list(&web.rows()).await?;
    draw(&ListPage {
        frame: Frame::new(&web, "Causes").describing("What groups here fight for.").under(Section::Causes),
        causes: causes.iter().map(|cause| Tag::new(&web, cause)).collect(),
    })
}

#[derive(Template)]
#[template(path = "causes/page.html")]
struct CausePage {
    frame: Frame,
    hashtag: String,
    /// Who counts it among their battles.
    associations: Vec<AssociationRow>,
    list: Paged,
    path: String,
    later: bool,
}

async fn page(State(web): State<Web>, Named(tag): Named<String>, Before(before): Before) -> Answer {
    let rows = web.rows();
    let cause = causes::by_tag(&rows, &tag).await?.ok_or(Problem::Missing)?;
    let path = path(&web, &cause.tag);
    if tag != rules::key(&cause.tag) {
        return Ok(moved(&path));
    }
    let fighting = associations::list(&rows).await?;
    let fighting = fighting.iter().filter(|seen| seen.battles.iter().any(|battle| battle.id == cause.id));
    let hashtag = cause.hashtag();
    draw(&CausePage {
        frame: Frame::new(&web, &hashtag)
            .describing(&format!("Everything here that fights for {hashtag}."))
            .under(Section::Causes)
            .of(&cause.page, &cause.uri),
        hashtag,
        associations: fighting.map(AssociationRow::new).collect(),
        list: rows::mixed(&web, Filter { cause: Some(cause.id), ..rows::page(before) }, &path).await?,
        path,
        later: before.is_some(),
    })
}
