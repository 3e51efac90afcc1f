//! What waits on the desk of an association: what is on, what is owed, and whose day has come. At most fifty of each.

use folkmoot_domain::{
    ActorId, ItemId, Moment,
    calls::{CallSeen, CallState},
    events::{EventSeen, EventState},
    items::ItemSeen,
    pledges::PledgeState,
    projects::{ProjectSeen, ProjectState},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::SelectStatement,
};
use uuid::Uuid;

use crate::{
    Result, Rows, calls as call_seen,
    entities::{calls, events, items as item_rows, pledges, projects},
    events as event_seen, items, projects as project_seen,
};

const AT_ONCE: u64 = 50;

/// The ids of what an association has published and not deleted.
fn items_of(home: ActorId) -> SelectStatement {
    sea_orm::sea_query::Query::select()
        .column(item_rows::Column::Id)
        .from(item_rows::Entity)
        .and_where(item_rows::Column::Home.eq(home.0))
        .and_where(item_rows::Column::DeletedAt.is_null())
        .to_owned()
}

/// Calls that are neither over nor left for another day.
fn running() -> Condition {
    Condition::all().add(calls::Column::State.is_in([CallState::Open.word(), CallState::Filled.word()]))
}

/// Calls whose answers end after the first moment and not after the second, soonest first.
pub async fn calls_closing(
    rows: &Rows<'_>,
    home: ActorId,
    from: Moment,
    to: Moment,
) -> Result<Vec<CallSeen>> {
    let closing = running().add(calls::Column::ClosesAt.gt(from.0)).add(calls::Column::ClosesAt.lte(to.0));
    calls_where(rows, home, closing, calls::Column::ClosesAt).await
}

/// Calls whose answers have ended and that say nothing yet of what came of it, longest ago first.
pub async fn calls_owing_an_outcome(rows: &Rows<'_>, home: ActorId, now: Moment) -> Result<Vec<CallSeen>> {
    calls_where(rows, home, running().add(calls::Column::ClosesAt.lte(now.0)), calls::Column::ClosesAt).await
}

/// Calls that were left for a day that has come.
pub async fn calls_waking(rows: &Rows<'_>, home: ActorId, now: Moment) -> Result<Vec<CallSeen>> {
    let woken =
        Condition::all().add(calls::Column::State.eq("another-day")).add(calls::Column::WakeAt.lte(now.0));
    calls_where(rows, home, woken, calls::Column::WakeAt).await
}

async fn calls_where(
    rows: &Rows<'_>,
    home: ActorId,
    condition: Condition,
    order: calls::Column,
) -> Result<Vec<CallSeen>> {
    let found = calls::Entity::find()
        .filter(calls::Column::Id.in_subquery(items_of(home)))
        .filter(condition)
        .order_by_asc(order)
        .limit(AT_ONCE)
        .all(&rows.0)
        .await?;
    call_seen::many(rows, &found.into_iter().map(|row| row.id).collect::<Vec<_>>()).await
}

/// Projects that were left for a day that has come.
pub async fn projects_waking(rows: &Rows<'_>, home: ActorId, now: Moment) -> Result<Vec<ProjectSeen>> {
    let found = projects::Entity::find()
        .filter(projects::Column::Id.in_subquery(items_of(home)))
        .filter(projects::Column::State.eq("another-day"))
        .filter(projects::Column::WakeAt.lte(now.0))
        .order_by_asc(projects::Column::WakeAt)
        .limit(AT_ONCE)
        .all(&rows.0)
        .await?;
    project_seen::many(rows, &found.into_iter().map(|row| row.id).collect::<Vec<_>>()).await
}

/// Projects that are neither done nor left for another day, newest first: what a call can help.
pub async fn projects_going(rows: &Rows<'_>, home: ActorId) -> Result<Vec<ProjectSeen>> {
    let going = [ProjectState::Idea.word(), ProjectState::Active.word()];
    let found = projects::Entity::find()
        .filter(projects::Column::Id.in_subquery(items_of(home)))
        .filter(projects::Column::State.is_in(going))
        .order_by_desc(projects::Column::Id)
        .limit(AT_ONCE)
        .all(&rows.0)
        .await?;
    project_seen::many(rows, &found.into_iter().map(|row| row.id).collect::<Vec<_>>()).await
}

/// Events that are on between two moments, soonest first.
pub async fn events_between(
    rows: &Rows<'_>,
    home: ActorId,
    from: Moment,
    to: Moment,
) -> Result<Vec<EventSeen>> {
    let found = events::Entity::find()
        .filter(events::Column::Id.in_subquery(items_of(home)))
        .filter(events::Column::State.eq(EventState::Planned.word()))
        .filter(events::Column::StartsAt.lt(to.0))
        .filter(events::Column::EndsAt.gt(from.0))
        .order_by_asc(events::Column::StartsAt)
        .limit(AT_ONCE)
        .all(&rows.0)
        .await?;
    event_seen::many(rows, &found.into_iter().map(|row| row.id).collect::<Vec<_>>()).await
}

/// How many people were accepted, and not thanked yet, by calls whose answers have ended: the call and the number.
pub async fn thanks_owed(rows: &Rows<'_>, home: ActorId, now: Moment) -> Result<Vec<(ItemId, i64)>> {
    let ended = Condition::any()
        .add(calls::Column::State.eq("closed"))
        .add(running().add(calls::Column::ClosesAt.lte(now.0)));
    let over = calls::Entity::find()
        .select_only()
        .column(calls::Column::Id)
        .filter(calls::Column::Id.in_subquery(items_of(home)))
        .filter(ended);
    let counted: Vec<(Uuid, i64)> = pledges::Entity::find()
        .select_only()
        .column(pledges::Column::CallId)
        .column_as(pledges::Column::Id.count(), "owed")
        .filter(pledges::Column::State.eq(PledgeState::Accepted.word()))
        .filter(pledges::Column::CallId.in_subquery(sea_orm::QueryTrait::into_query(over)))
        .group_by(pledges::Column::CallId)
        .order_by_asc(pledges::Column::CallId)
        .limit(AT_ONCE)
        .into_tuple()
        .all(&rows.0)
        .await?;
    Ok(counted.into_iter().map(|(call, owed)| (ItemId(call), owed)).collect())
}

/// Calls and projects that were left for another day, whether one was named or not: newest first.
pub async fn parked(rows: &Rows<'_>, home: ActorId) -> Result<Vec<ItemSeen>> {
    let calls: Vec<Uuid> = calls::Entity::find()
        .select_only()
        .column(calls::Column::Id)
        .filter(calls::Column::Id.in_subquery(items_of(home)))
        .filter(calls::Column::State.eq("another-day"))
        .order_by_desc(calls::Column::Id)
        .limit(AT_ONCE)
        .into_tuple()
        .all(&rows.0)
        .await?;
    let projects: Vec<Uuid> = projects::Entity::find()
        .select_only()
        .column(projects::Column::Id)
        .filter(projects::Column::Id.in_subquery(items_of(home)))
        .filter(projects::Column::State.eq("another-day"))
        .order_by_desc(projects::Column::Id)
        .limit(AT_ONCE)
        .into_tuple()
        .all(&rows.0)
        .await?;
    items::many(rows, &[calls, projects].concat()).await
}
