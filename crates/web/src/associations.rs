//! Associations: who is here, and the page of each with what it has pinned. The pages of people are private.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use folkmoot_domain::associations::{Association, AssociationKind, AssociationSeen};
use folkmoot_storage::{associations, items::Filter};

use crate::{
    Web,
    causes::Tag,
    frame::{Answer, Frame, Section, draw},
    paths::{Before, Named, moved},
    problems::Problem,
    rows::{self, By, Paged},
    words,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/associations", get(list)).route("/@{handle}", get(page))
}

/// An association in a list.
pub(crate) struct AssociationRow {
    pub by: By,
    pub line: String,
    pub sample: bool,
}

impl AssociationRow {
    pub(crate) fn new(seen: &AssociationSeen) -> Self {
        let about = words::excerpt(&seen.actor.summary, 140);
        Self {
            by: By::new(&seen.actor),
            line: if about.is_empty() { kind(seen.association.kind).to_owned() } else { about },
            sample: seen.association.sample,
        }
    }
}

#[derive(Template)]
#[template(path = "associations/list.html")]
struct ListPage {
    frame: Frame,
    associations: Vec<AssociationRow>,
    contact_email: String,
}

async fn list(State(web): State<Web>) -> Answer {
    let seen = associations::list(&web.rows()).await?;
    draw(&ListPage {
        frame: Frame::new(&web, "Associations")
            .describing("The associations and groups that pin their notices here.")
            .under(Section::Associations),
        associations: seen.iter().map(AssociationRow::new).collect(),
        contact_email: web.settings.contact.email.clone(),
    })
}

#[derive(Template)]
#[template(path = "associations/page.html")]
struct AssociationPage {
    frame: Frame,
    by: By,
    kind: &'static str,
    place: Option<String>,
    language: String,
    /// Safe HTML, made by `app` from what the organisers wrote.
    summary: String,
    battles: Vec<Tag>,
    /// When it closed, and its last words.
    farewell: Option<(String, String)>,
    sample: bool,
    list: Paged,
    later: bool,
}

async fn page(State(web): State<Web>, Named(handle): Named<String>, Before(before): Before) -> Answer {
    let seen = associations::seen_by_handle(&web.rows(), &handle).await?.ok_or(Problem::Missing)?;
    let path = format!("/@{}", seen.actor.handle);
    if handle != seen.actor.handle {
        return Ok(moved(&path));
    }
    let filter = Filter { home: Some(seen.actor.id), ..rows::page(before) };
    let mut list = rows::mixed(&web, filter, &path).await?;
    for row in &mut list.rows {
        row.by_shown = false;
    }
    let (actor, association) = (&seen.actor, &seen.association);
    draw(&AssociationPage {
        frame: Frame::new(&web, &actor.name)
            .describing(&words::excerpt(&actor.summary, 200))
            .under(Section::Associations)
            .of(&actor.page, &actor.uri),
        by: By::new(actor),
        kind: kind(association.kind),
        place: association.place.as_ref().map(|place| place.name.clone()),
        language: association.language.as_str().to_owned(),
        summary: actor.summary.clone(),
        battles: seen.battles.iter().map(|cause| Tag::new(&web, cause)).collect(),
        farewell: farewell(association, &web),
        sample: association.sample,
        list,
        later: before.is_some(),
    })
}

fn farewell(association: &Association, web: &Web) -> Option<(String, String)> {
    let farewell = association.closed.as_ref()?;
    let when = words::day(farewell.at, web.now(), &association.time_zone());
    Some((when, farewell.words.clone()))
}

/// What kind of group it is, in words.
pub(crate) fn kind(kind: AssociationKind) -> &'static str {
    match kind {
        AssociationKind::Residents => "Residents\u{2019} group",
        AssociationKind::Charity => "Charity",
        AssociationKind::MutualAid => "Mutual aid group",
        AssociationKind::Club => "Club",
        AssociationKind::Trust => "Trust",
        AssociationKind::Campaign => "Campaign",
        AssociationKind::PublicBody => "Public body",
        AssociationKind::Alliance => "Alliance of associations",
    }
}
