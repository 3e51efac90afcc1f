//! Reading what only a project, a call, an event or an update says, as it travels.

use folkmoot_domain::{
    ItemId,
    calls::{CallSeen, CallState},
    events::EventState,
    projects::ProjectState,
};
use sea_orm::EntityTrait;

use crate::{
    Result, Rows,
    entities::{events as event_rows, updates as update_rows},
    events,
    moves::leaves::{NeedLeaf, NounLeaf, StateLeaf},
    projects,
};

pub(super) async fn project(rows: &Rows<'_>, id: ItemId) -> Result<Option<NounLeaf>> {
    let Some(seen) = projects::seen(rows, id).await? else { return Ok(None) };
    let mut state = StateLeaf { word: seen.state.word().to_owned(), ..StateLeaf::default() };
    match seen.state {
        ProjectState::AnotherDay(day) => {
            state.reason = day.reason;
            state.wake = day.wake.map(|at| at.0);
        }
        ProjectState::Done { outcome, at } => {
            state.outcome = outcome;
            state.at = Some(at.0);
        }
        ProjectState::Idea | ProjectState::Active => {}
    }
    let (parent, credit) = seen.credit.map(|credit| (credit.uri.to_string(), credit.words)).unzip();
    Ok(Some(NounLeaf::Project { need: seen.need, parent, credit: credit.unwrap_or_default(), state }))
}

pub(super) fn call(seen: CallSeen) -> NounLeaf {
    let needs = seen.call.needs.into_iter().map(|need| NeedLeaf {
        kind: need.kind.word().to_owned(),
        label: need.label,
        wanted: need.wanted,
    });
    let mut state = StateLeaf { word: seen.call.state.word().to_owned(), ..StateLeaf::default() };
    match seen.call.state {
        CallState::AnotherDay(day) => {
            state.reason = day.reason;
            state.wake = day.wake.map(|at| at.0);
        }
        CallState::Cancelled { reason, at } => {
            state.reason = reason;
            state.at = Some(at.0);
        }
        CallState::Closed { outcome, thanks, at } => {
            (state.outcome, state.thanks, state.at) = (outcome, thanks, Some(at.0));
        }
        CallState::Open | CallState::Filled => {}
    }
    NounLeaf::Call {
        why: seen.call.why,
        closes: seen.call.closes.0,
        one_tap: seen.call.one_tap,
        ended: seen.ended.map(|at| at.0),
        needs: needs.collect(),
        project: seen.project_uri.map(|uri| uri.to_string()),
        state,
    }
}

pub(super) async fn event(rows: &Rows<'_>, id: ItemId) -> Result<Option<NounLeaf>> {
    let Some(seen) = events::seen(rows, id).await? else { return Ok(None) };
    let row = event_rows::Entity::find_by_id(id.0).one(&rows.0).await?;
    let event = seen.event;
    let mut state = StateLeaf { word: event.state.word().to_owned(), ..StateLeaf::default() };
    if let EventState::Cancelled { reason, at } = event.state {
        (state.reason, state.at) = (reason, Some(at.0));
    }
    Ok(Some(NounLeaf::Event {
        starts: event.starts.0,
        ends: event.ends.0,
        zone: event.zone,
        capacity: event.capacity,
        online: event.online.map(|url| url.to_string()),
        project: seen.project_uri.map(|uri| uri.to_string()),
        going: row.map_or(0, |row| row.going_count),
        state,
    }))
}

pub(super) async fn update(rows: &Rows<'_>, id: ItemId) -> Result<Option<NounLeaf>> {
    let Some(row) = update_rows::Entity::find_by_id(id.0).one(&rows.0).await? else { return Ok(None) };
    let Some(about) = row.about_id else { return Ok(None) };
    let about = super::item_uri(rows, about).await?;
    Ok(Some(NounLeaf::Update { about }))
}
