//! What is published, at its id: projects, calls, events, updates, causes, Notes that are no noun, and activities.
//!
//! What is hidden and what never was look the same. What was deleted says so, without its words. Start at
//! [`item`].

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use folkmoot_app::App;
use folkmoot_domain::{
    ActivityId, AffiliationId, CauseId, ItemId, NoteId, ReplyId,
    actors::ActorKind,
    affiliations::{Affiliation, TieState},
    items::{Item, ItemKind},
    replies::ReplyState,
};
use folkmoot_storage::{
    activities, activities::Activity, actors, affiliations, calls, causes, events, items, projects, replies,
    tombstones, updates,
};
use folkmoot_wire as wire;
use serde_json::{Value, json};
use url::Url;

use crate::{door::Here, negotiation, problem::Problem};

type Answer = Result<Response, Problem>;

/// A project, call, event or update.
pub(crate) async fn item(
    kind: ItemKind,
    State(here): State<Here>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let item = published(&here.app, kind, &id).await?;
    if negotiation::prefers_page(&headers) {
        return Ok(negotiation::see_page(&item.page));
    }
    if let Some(at) = item.deleted {
        let one_tap = calls::is_one_tap(&here.app.store.rows(), item.id).await?;
        let tombstone =
            wire::activities::tombstone(&item.uri, wire::activities::former_type(kind, one_tap), at);
        return Ok(negotiation::gone(&tombstone));
    }
    Ok(negotiation::document(&object(&here.app, &item).await?))
}

/// The item with this id and kind that is published here, deleted or not.
pub(crate) async fn published(app: &App, kind: ItemKind, id: &str) -> Result<Item, Problem> {
    let id: ItemId = id.parse().map_err(|_| Problem::not_found())?;
    let found = items::find(&app.store.rows(), id).await?;
    let ours = found.filter(|item| item.kind == kind && app.addresses.is_ours(&item.uri));
    ours.ok_or_else(Problem::not_found)
}

async fn object(app: &App, item: &Item) -> Result<Value, Problem> {
    let (rows, addresses) = (app.store.rows(), &app.addresses);
    let object = match item.kind {
        ItemKind::Project => {
            projects::seen(&rows, item.id).await?.map(|seen| wire::projects::object(&seen, addresses))
        }
        ItemKind::Call => {
            calls::seen(&rows, item.id).await?.map(|seen| wire::calls::object(&seen, addresses))
        }
        ItemKind::Event => {
            events::seen(&rows, item.id).await?.map(|seen| wire::events::object(&seen, addresses))
        }
        ItemKind::Update => {
            updates::seen(&rows, item.id).await?.map(|seen| wire::updates::object(&seen, addresses))
        }
    };
    let mut object = object.ok_or_else(Problem::not_found)?;
    if let Some(to) = &item.moved {
        wire::activities::lead_on(&mut object, to);
    }
    Ok(object)
}

/// A Note that is no noun, out of the `Create` that carried it.
pub(crate) async fn note(State(here): State<Here>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let id: NoteId = id.parse().map_err(|_| Problem::not_found())?;
    let said = activities::by_note(&here.app.store.rows(), id).await?;
    let said = readable(&here.app, said).await?;
    let note = said.as_ref().and_then(said_object).ok_or_else(Problem::not_found)?;
    let page = note.get("url").and_then(Value::as_str).and_then(|page| Url::parse(page).ok());
    match page {
        Some(page) if negotiation::prefers_page(&headers) => Ok(negotiation::see_page(&page)),
        _ => Ok(negotiation::document(&note)),
    }
}

/// What somebody here wrote back. Under what is ours it is for everyone once it is approved.
pub(crate) async fn reply(State(here): State<Here>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let id: ReplyId = id.parse().map_err(|_| Problem::not_found())?;
    let (rows, addresses) = (here.app.store.rows(), &here.app.addresses);
    let uri = addresses.reply(id);
    if let Some(at) = tombstones::since(&rows, uri.as_str()).await? {
        return Ok(negotiation::gone(&wire::activities::tombstone(&uri, "Note", at)));
    }
    let seen = replies::seen(&rows, id).await?.filter(|seen| seen.author.local && !seen.reply.direct);
    let seen = seen.ok_or_else(Problem::not_found)?;
    let item = items::find(&rows, seen.reply.item).await?.filter(|item| item.deleted.is_none());
    let item = item.ok_or_else(Problem::not_found)?;
    if addresses.is_ours(&item.uri) && seen.reply.state != ReplyState::Approved {
        return Err(Problem::not_found());
    }
    if negotiation::prefers_page(&headers) {
        return Ok(negotiation::see_page(&item.page));
    }
    let home = actors::find(&rows, item.home).await?.ok_or_else(Problem::not_found)?;
    Ok(negotiation::document(&wire::replies::object(&seen, &home, &item.language, addresses)))
}

/// An activity in the bytes in which it was said.
pub(crate) async fn activity(State(here): State<Here>, Path(id): Path<String>) -> Answer {
    let id: ActivityId = id.parse().map_err(|_| Problem::not_found())?;
    let said = activities::find(&here.app.store.rows(), id).await?;
    let said = readable(&here.app, said).await?.ok_or_else(Problem::not_found)?;
    Ok(negotiation::said(said.body))
}

/// What everyone may read of the log: what was said to everyone, but not the words of what was deleted since, nor a boost
/// or a Note that was taken back.
pub(crate) async fn readable(app: &App, said: Option<Activity>) -> Result<Option<Activity>, Problem> {
    let Some(said) = said.filter(|said| said.public) else { return Ok(None) };
    let passed_on = said.verb == "Announce" || (said.verb == "Create" && said.note.is_some());
    if passed_on && activities::is_taken_back(&app.store.rows(), &said.object).await? {
        return Ok(None);
    }
    let Some(about) = said.item.filter(|_| said.verb != "Delete") else { return Ok(Some(said)) };
    let item = items::find(&app.store.rows(), about).await?;
    Ok(item.is_some_and(|item| item.deleted.is_none()).then_some(said))
}

/// The thing inside a logged activity.
pub(crate) fn said_object(said: &Activity) -> Option<Value> {
    let mut said: Value = serde_json::from_str(&said.body).ok()?;
    said.get_mut("object").map(Value::take).filter(Value::is_object)
}

/// A tie that one of ours proposed, for as long as both sides want it.
pub(crate) async fn affiliation(State(here): State<Here>, Path(id): Path<String>) -> Answer {
    let id: AffiliationId = id.parse().map_err(|_| Problem::not_found())?;
    let rows = here.app.store.rows();
    let tie = affiliations::find(&rows, id).await?.filter(|tie| tie.state == TieState::Accepted);
    let ours = tie.filter(|tie| here.app.addresses.is_ours(&tie.uri));
    let seen = affiliations::seen(&rows, ours.into_iter().collect()).await?.pop();
    Ok(negotiation::document(&wire::affiliations::object(&seen.ok_or_else(Problem::not_found)?)))
}

/// The consent of one of ours to stand in the collection of somebody it is tied to (FEP-7aa9).
pub(crate) async fn stamp(State(here): State<Here>, Path((one, tie)): Path<(String, String)>) -> Answer {
    let one = crate::actors::living_here(&here.app, ActorKind::Group, &one).await?;
    let id: AffiliationId = tie.parse().map_err(|_| Problem::not_found())?;
    let rows = here.app.store.rows();
    let tie = affiliations::find(&rows, id).await?;
    let stands = |tie: &Affiliation| tie.state == TieState::Accepted && tie.is_of(one.id);
    let tie = tie.filter(stands);
    let seen = affiliations::seen(&rows, tie.into_iter().collect()).await?.pop();
    Ok(negotiation::document(&wire::affiliations::stamp(&one, &seen.ok_or_else(Problem::not_found)?)))
}

/// A cause: what its hashtag means.
pub(crate) async fn cause(State(here): State<Here>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let id: CauseId = id.parse().map_err(|_| Problem::not_found())?;
    let found = causes::find(&here.app.store.rows(), id).await?;
    let cause =
        found.filter(|cause| here.app.addresses.is_ours(&cause.uri)).ok_or_else(Problem::not_found)?;
    if negotiation::prefers_page(&headers) {
        return Ok(negotiation::see_page(&cause.page));
    }
    Ok(negotiation::document(&json!({
        "id": cause.uri, "type": "Hashtag", "name": cause.hashtag(), "href": cause.page, "url": cause.page,
    })))
}
