//! Calls, their needs and tallies.

use folkmoot_domain::{
    ItemId, Moment,
    calls::{Call, CallSeen, CallState, HelpKind, Need, NeedSeen},
    items::{AnotherDay, ItemKind, ItemSeen},
    lists::{Asked, Mark, Standing, Time, Turn},
};
use sea_orm::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr,
};
use uuid::Uuid;

use crate::{
    Result, Rows, StorageError, Tx,
    entities::{calls, needs},
    items, lists, read,
};

fn state(row: &calls::Model) -> Result<CallState> {
    let reason = row.reason.clone().unwrap_or_default();
    let at = Moment(row.over_at.unwrap_or_default());
    match row.state.as_str() {
        "open" => Ok(CallState::Open),
        "filled" => Ok(CallState::Filled),
        "another-day" => Ok(CallState::AnotherDay(AnotherDay { reason, wake: row.wake_at.map(Moment) })),
        "cancelled" => Ok(CallState::Cancelled { reason, at }),
        "closed" => Ok(CallState::Closed {
            outcome: row.outcome.clone().unwrap_or_default(),
            thanks: row.thanks.clone().unwrap_or_default(),
            at,
        }),
        other => Err(StorageError::unreadable("state of call", other)),
    }
}

fn set_state(row: &mut calls::ActiveModel, state: &CallState) {
    row.state = Set(state.word().to_owned());
    row.reason = Set(match state {
        CallState::AnotherDay(day) => Some(day.reason.clone()),
        CallState::Cancelled { reason, .. } => Some(reason.clone()),
        _ => None,
    });
    row.wake_at = Set(match state {
        CallState::AnotherDay(day) => day.wake.map(|at| at.0),
        _ => None,
    });
    if let CallState::Closed { outcome, thanks, .. } = state {
        row.outcome = Set(Some(outcome.clone()));
        row.thanks = Set(Some(thanks.clone()));
    }
    row.over_at = Set(match state {
        CallState::Cancelled { at, .. } | CallState::Closed { at, .. } => Some(at.0),
        _ => None,
    });
}

fn need(row: &needs::Model) -> Result<NeedSeen> {
    Ok(NeedSeen {
        need: Need {
            position: row.position,
            kind: read::word("kind of help", &row.kind, HelpKind::parse)?,
            label: row.label.clone(),
            wanted: row.wanted,
        },
        votes: row.vote_count,
        offered: row.offered_count,
        taken: row.taken_count,
    })
}

/// Stores a new call; its item must be stored already.
pub async fn insert(tx: &Tx, call: &Call) -> Result<()> {
    let mut row = calls::ActiveModel {
        id: Set(call.id.0),
        project_id: Set(call.project.map(|id| id.0)),
        why: Set(call.why.clone()),
        closes_at: Set(call.closes.0),
        one_tap: Set(call.one_tap),
        voter_count: Set(0),
        ..Default::default()
    };
    set_state(&mut row, &call.state);
    calls::Entity::insert(row).exec_without_returning(&tx.0).await?;
    let wanted = call.needs.iter().map(|need| needs::ActiveModel {
        call_id: Set(call.id.0),
        position: Set(need.position),
        kind: Set(need.kind.word().to_owned()),
        label: Set(need.label.clone()),
        wanted: Set(need.wanted),
        vote_count: Set(0),
        offered_count: Set(0),
        taken_count: Set(0),
        due_at: Set(call.closes.0),
    });
    needs::Entity::insert_many(wanted).exec_without_returning(&tx.0).await?;
    lists::stand(tx, call.id, Standing::of_call(call)).await
}

/// Stores why it matters, the project it helps and where it stands; the rest of a call is frozen.
pub async fn update(tx: &Tx, call: &Call) -> Result<()> {
    let mut row = calls::ActiveModel {
        id: Set(call.id.0),
        why: Set(call.why.clone()),
        project_id: Set(call.project.map(|id| id.0)),
        ..Default::default()
    };
    set_state(&mut row, &call.state);
    calls::Entity::update(row).exec(&tx.0).await?;
    lists::stage(tx, call.id, call.state.word()).await
}

/// Answers end at this moment.
pub async fn mark_ended(tx: &Tx, id: ItemId, at: Moment) -> Result<()> {
    set_time(tx, id, calls::Column::EndedAt, at).await
}

/// Tallies were told at this moment.
pub async fn mark_tallied(tx: &Tx, id: ItemId, at: Moment) -> Result<()> {
    set_time(tx, id, calls::Column::TalliedAt, at).await
}

/// How far the need is met was told at this moment.
pub async fn mark_progressed(tx: &Tx, id: ItemId, at: Moment) -> Result<()> {
    set_time(tx, id, calls::Column::ProgressedAt, at).await
}

async fn set_time(tx: &Tx, id: ItemId, column: calls::Column, at: Moment) -> Result<()> {
    calls::Entity::update_many()
        .col_expr(column, Expr::value(at.0))
        .filter(calls::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// When tallies, and how far the need is met, were last told.
pub async fn told(rows: &Rows<'_>, id: ItemId) -> Result<(Option<Moment>, Option<Moment>)> {
    let row = calls::Entity::find_by_id(id.0).one(&rows.0).await?;
    Ok(row.map_or((None, None), |row| (row.tallied_at.map(Moment), row.progressed_at.map(Moment))))
}

/// Did this call go out as a poll? Tells also of deleted calls; anything else did not.
pub async fn is_one_tap(rows: &Rows<'_>, id: ItemId) -> Result<bool> {
    Ok(calls::Entity::find_by_id(id.0).one(&rows.0).await?.is_some_and(|row| row.one_tap))
}

/// Counts one more account that voted.
pub async fn count_voter(tx: &Tx, id: ItemId) -> Result<()> {
    calls::Entity::update_many()
        .col_expr(calls::Column::VoterCount, Expr::col(calls::Column::VoterCount).add(1))
        .filter(calls::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// How the counts of one need move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Votes from the fediverse.
    pub votes: i64,
    /// Pledges that wait for an answer.
    pub offered: i64,
    /// Pledges accepted or kept.
    pub taken: i64,
}

/// Moves the counts of one need.
pub async fn count_need(tx: &Tx, id: ItemId, position: i16, moved: Moved) -> Result<()> {
    needs::Entity::update_many()
        .col_expr(needs::Column::VoteCount, Expr::col(needs::Column::VoteCount).add(moved.votes))
        .col_expr(needs::Column::OfferedCount, Expr::col(needs::Column::OfferedCount).add(moved.offered))
        .col_expr(needs::Column::TakenCount, Expr::col(needs::Column::TakenCount).add(moved.taken))
        .filter(needs::Column::CallId.eq(id.0))
        .filter(needs::Column::Position.eq(position))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The reading shape of one call.
pub async fn seen(rows: &Rows<'_>, id: ItemId) -> Result<Option<CallSeen>> {
    match items::seen(rows, id).await? {
        Some(seen) => Ok(complete(rows, vec![seen]).await?.pop()),
        None => Ok(None),
    }
}

/// The reading shapes of a list.
pub async fn list(rows: &Rows<'_>, filter: items::Filter) -> Result<Vec<CallSeen>> {
    complete(rows, items::list(rows, items::Filter { kind: Some(ItemKind::Call), ..filter }).await?).await
}

/// What wants hands at a moment, what closes first in front.
pub async fn wanting(rows: &Rows<'_>, now: Moment, limit: u64) -> Result<Vec<CallSeen>> {
    let stage = Some(CallState::Open.word());
    let asked = Asked { stage, ..Asked::at(Time::Ahead { from: now, until: None }) };
    at(rows, &lists::marks(rows, ItemKind::Call, &asked, Turn::Start, limit).await?).await
}

/// The reading shapes of what stands at these marks, in their order.
pub async fn at(rows: &Rows<'_>, marks: &[Mark]) -> Result<Vec<CallSeen>> {
    complete(rows, items::many(rows, &lists::ids(marks)).await?).await
}

/// The calls of its home and of its partners that help a project, newest first, at most a hundred.
pub async fn of_project(rows: &Rows<'_>, project: ItemId) -> Result<Vec<CallSeen>> {
    let ids: Vec<Uuid> = calls::Entity::find()
        .filter(calls::Column::ProjectId.eq(project.0))
        .order_by_desc(calls::Column::Id)
        .limit(100)
        .all(&rows.0)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    complete(rows, items::under(rows, project, &ids).await?).await
}

/// The reading shapes of these visible ones, in the order given.
pub(crate) async fn many(rows: &Rows<'_>, ids: &[uuid::Uuid]) -> Result<Vec<CallSeen>> {
    complete(rows, items::many(rows, ids).await?).await
}

/// The reading shapes of these, in the order given.
pub(crate) async fn complete(rows: &Rows<'_>, seen: Vec<ItemSeen>) -> Result<Vec<CallSeen>> {
    let ids: Vec<_> = seen.iter().map(|seen| seen.item.id.0).collect();
    let found = calls::Entity::find().filter(calls::Column::Id.is_in(ids.clone())).all(&rows.0).await?;
    let wanted = needs::Entity::find()
        .filter(needs::Column::CallId.is_in(ids))
        .order_by_asc(needs::Column::Position)
        .all(&rows.0)
        .await?;
    let projects = items::addresses(rows, found.iter().filter_map(|row| row.project_id)).await?;
    seen.into_iter()
        .filter_map(|seen| found.iter().find(|row| row.id == seen.item.id.0).map(|row| (seen, row)))
        .map(|(seen, row)| {
            let needs =
                wanted.iter().filter(|need| need.call_id == row.id).map(need).collect::<Result<Vec<_>>>()?;
            Ok(CallSeen {
                call: call(row, &needs)?,
                voters: row.voter_count,
                ended: row.ended_at.map(Moment),
                project_uri: row.project_id.and_then(|id| projects.get(&id).cloned()),
                needs,
                seen,
            })
        })
        .collect()
}

fn call(row: &calls::Model, needs: &[NeedSeen]) -> Result<Call> {
    Ok(Call {
        id: ItemId(row.id),
        project: row.project_id.map(ItemId),
        why: row.why.clone(),
        closes: Moment(row.closes_at),
        one_tap: row.one_tap,
        needs: needs.iter().map(|need| need.need.clone()).collect(),
        state: state(row)?,
    })
}
