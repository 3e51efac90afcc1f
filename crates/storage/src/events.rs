//! Events: when they are, and where they stand.

use folkmoot_domain::{
    ItemId, Moment,
    events::{Event, EventSeen, EventState},
    items::{ItemKind, ItemSeen},
    lists::{Asked, Mark, Standing, Time, Turn},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr,
};
use url::Url;

use crate::{Result, Rows, StorageError, Tx, entities::events, items, lists, read};

impl TryFrom<&events::Model> for Event {
    type Error = StorageError;

    fn try_from(row: &events::Model) -> Result<Self> {
        let state = match row.state.as_str() {
            "planned" => EventState::Planned,
            "cancelled" => EventState::Cancelled {
                reason: row.reason.clone().unwrap_or_default(),
                at: Moment(row.over_at.unwrap_or_default()),
            },
            other => return Err(StorageError::unreadable("state of event", other)),
        };
        Ok(Self {
            id: ItemId(row.id),
            project: row.project_id.map(ItemId),
            starts: Moment(row.starts_at),
            ends: Moment(row.ends_at),
            zone: row.zone.clone(),
            capacity: row.capacity,
            online: read::optional_url(row.online.as_ref())?,
            state,
        })
    }
}

fn row(event: &Event) -> events::ActiveModel {
    let (reason, over) = match &event.state {
        EventState::Planned => (None, None),
        EventState::Cancelled { reason, at } => (Some(reason.clone()), Some(at.0)),
    };
    events::ActiveModel {
        id: Set(event.id.0),
        project_id: Set(event.project.map(|id| id.0)),
        starts_at: Set(event.starts.0),
        ends_at: Set(event.ends.0),
        zone: Set(event.zone.clone()),
        capacity: Set(event.capacity),
        online: Set(event.online.as_ref().map(Url::to_string)),
        state: Set(event.state.word().to_owned()),
        reason: Set(reason),
        over_at: Set(over),
        ..Default::default()
    }
}

/// Stores a new event; its item must be stored already.
pub async fn insert(tx: &Tx, event: &Event) -> Result<()> {
    let row = events::ActiveModel { going_count: Set(0), ..row(event) };
    events::Entity::insert(row).exec_without_returning(&tx.0).await?;
    lists::stand(tx, event.id, Standing::of_event(event)).await
}

/// Stores what changed.
pub async fn update(tx: &Tx, event: &Event) -> Result<()> {
    events::Entity::update(row(event)).exec(&tx.0).await?;
    lists::stand(tx, event.id, Standing::of_event(event)).await
}

/// Stores how many come.
pub async fn set_going(tx: &Tx, id: ItemId, going: i64) -> Result<()> {
    events::Entity::update_many()
        .col_expr(events::Column::GoingCount, Expr::value(going))
        .filter(events::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The reading shape of one event.
pub async fn seen(rows: &Rows<'_>, id: ItemId) -> Result<Option<EventSeen>> {
    match items::seen(rows, id).await? {
        Some(seen) => Ok(complete(rows, vec![seen]).await?.pop()),
        None => Ok(None),
    }
}

/// The reading shapes of a list, by time of publishing.
pub async fn list(rows: &Rows<'_>, filter: items::Filter) -> Result<Vec<EventSeen>> {
    complete(rows, items::list(rows, items::Filter { kind: Some(ItemKind::Event), ..filter }).await?).await
}

/// What is on at a moment or later, soonest first.
pub async fn upcoming(rows: &Rows<'_>, from: Moment, limit: u64) -> Result<Vec<EventSeen>> {
    let asked = Asked::at(Time::Ahead { from, until: None });
    at(rows, &lists::marks(rows, ItemKind::Event, &asked, Turn::Start, limit).await?).await
}

/// The events of its home and of its partners that belong to a project, soonest first, at most a hundred.
pub async fn of_project(rows: &Rows<'_>, project: ItemId) -> Result<Vec<EventSeen>> {
    let mut found = events::Entity::find()
        .filter(events::Column::ProjectId.eq(project.0))
        .order_by_desc(events::Column::Id)
        .limit(100)
        .all(&rows.0)
        .await?;
    found.sort_by_key(|row| (row.starts_at, row.id));
    let ids: Vec<_> = found.iter().map(|row| row.id).collect();
    complete(rows, items::under(rows, project, &ids).await?).await
}

/// The reading shapes of what stands at these marks, in their order.
pub async fn at(rows: &Rows<'_>, marks: &[Mark]) -> Result<Vec<EventSeen>> {
    complete(rows, items::many(rows, &lists::ids(marks)).await?).await
}

/// The reading shapes of these visible ones, in the order given.
pub(crate) async fn many(rows: &Rows<'_>, ids: &[uuid::Uuid]) -> Result<Vec<EventSeen>> {
    complete(rows, items::many(rows, ids).await?).await
}

/// The reading shapes of these, in the order given.
pub(crate) async fn complete(rows: &Rows<'_>, seen: Vec<ItemSeen>) -> Result<Vec<EventSeen>> {
    let ids: Vec<_> = seen.iter().map(|seen| seen.item.id.0).collect();
    let found = events::Entity::find().filter(events::Column::Id.is_in(ids)).all(&rows.0).await?;
    let projects = items::addresses(rows, found.iter().filter_map(|row| row.project_id)).await?;
    seen.into_iter()
        .filter_map(|seen| found.iter().find(|row| row.id == seen.item.id.0).map(|row| (seen, row)))
        .map(|(seen, row)| {
            let project_uri = row.project_id.and_then(|id| projects.get(&id).cloned());
            Ok(EventSeen { event: Event::try_from(row)?, project_uri, going: row.going_count, seen })
        })
        .collect()
}
