//! Who comes to events. One row for each goer and event.

use folkmoot_domain::{
    ActorId, ItemId, Moment, RsvpId,
    rsvps::{Entry, Heads, Rsvp, RsvpSeen, RsvpState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Expr,
};

use crate::{Result, Rows, StorageError, Tx, actors, entities::rsvps, items, read, visitors};

impl TryFrom<rsvps::Model> for Rsvp {
    type Error = StorageError;

    fn try_from(row: rsvps::Model) -> Result<Self> {
        Ok(Self {
            id: RsvpId(row.id),
            event: ItemId(row.event_id),
            goer: ActorId(row.goer_id),
            state: read::word("state of RSVP", &row.state, RsvpState::parse)?,
            entry: read::word("door of RSVP", &row.door, Entry::parse)?,
            note: row.note,
            answer: row.answer,
            receipt: row.receipt,
            join: row.join_uri,
            asked: Moment(row.asked_at),
            answered: read::moment(row.answered_at),
        })
    }
}

fn row(rsvp: &Rsvp) -> rsvps::ActiveModel {
    rsvps::ActiveModel {
        id: Set(rsvp.id.0),
        event_id: Set(rsvp.event.0),
        goer_id: Set(rsvp.goer.0),
        state: Set(rsvp.state.word().to_owned()),
        door: Set(rsvp.entry.word().to_owned()),
        note: Set(rsvp.note.clone()),
        answer: Set(rsvp.answer.clone()),
        receipt: Set(rsvp.receipt.clone()),
        join_uri: Set(rsvp.join.clone()),
        asked_at: Set(rsvp.asked.0),
        answered_at: Set(rsvp.answered.map(|at| at.0)),
    }
}

/// One RSVP.
pub async fn find(rows: &Rows<'_>, id: RsvpId) -> Result<Option<Rsvp>> {
    rsvps::Entity::find_by_id(id.0).one(&rows.0).await?.map(Rsvp::try_from).transpose()
}

/// What somebody said about one event.
pub async fn of(rows: &Rows<'_>, event: ItemId, goer: ActorId) -> Result<Option<Rsvp>> {
    rsvps::Entity::find()
        .filter(rsvps::Column::EventId.eq(event.0))
        .filter(rsvps::Column::GoerId.eq(goer.0))
        .one(&rows.0)
        .await?
        .map(Rsvp::try_from)
        .transpose()
}

/// The RSVP whose receipt carries this secret.
pub async fn by_receipt(rows: &Rows<'_>, secret: &str) -> Result<Option<Rsvp>> {
    let found = rsvps::Entity::find().filter(rsvps::Column::Receipt.eq(secret)).one(&rows.0).await?;
    found.map(Rsvp::try_from).transpose()
}

/// The RSVP that was said with this `Join`, theirs or ours.
pub async fn by_join(rows: &Rows<'_>, join: &str) -> Result<Option<Rsvp>> {
    let found = rsvps::Entity::find().filter(rsvps::Column::JoinUri.eq(join)).one(&rows.0).await?;
    found.map(Rsvp::try_from).transpose()
}

/// Stores a new one.
pub async fn insert(tx: &Tx, rsvp: &Rsvp) -> Result<()> {
    rsvps::Entity::insert(row(rsvp)).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores what changed.
pub async fn update(tx: &Tx, rsvp: &Rsvp) -> Result<()> {
    rsvps::Entity::update(row(rsvp)).exec(&tx.0).await?;
    Ok(())
}

/// Takes one away, as if it had never been said.
pub async fn remove(tx: &Tx, id: RsvpId) -> Result<()> {
    rsvps::Entity::delete_by_id(id.0).exec(&tx.0).await?;
    Ok(())
}

/// How many come, and how many wait for a place.
pub async fn heads(rows: &Rows<'_>, event: ItemId) -> Result<Heads> {
    let count = async |state: RsvpState| -> Result<i64> {
        let number = rsvps::Entity::find()
            .filter(rsvps::Column::EventId.eq(event.0))
            .filter(rsvps::Column::State.eq(state.word()))
            .count(&rows.0)
            .await?;
        Ok(i64::try_from(number).unwrap_or(i64::MAX))
    };
    Ok(Heads { going: count(RsvpState::Going).await?, waiting: count(RsvpState::Waiting).await? })
}

/// Who waits for a place, the first in front.
pub async fn waiting(rows: &Rows<'_>, event: ItemId, limit: u64) -> Result<Vec<Rsvp>> {
    let found = rsvps::Entity::find()
        .filter(rsvps::Column::EventId.eq(event.0))
        .filter(rsvps::Column::State.eq(RsvpState::Waiting.word()))
        .order_by_asc(rsvps::Column::AskedAt)
        .order_by_asc(rsvps::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Rsvp::try_from).collect()
}

/// The states of those who count on an event, or on whom it counts.
fn living() -> impl Iterator<Item = &'static str> {
    RsvpState::ALL.into_iter().filter(|state| state.lives()).map(RsvpState::word)
}

/// Everything that somebody said and that stands.
pub async fn by_goer(rows: &Rows<'_>, goer: ActorId) -> Result<Vec<Rsvp>> {
    let found = rsvps::Entity::find()
        .filter(rsvps::Column::GoerId.eq(goer.0))
        .filter(rsvps::Column::State.is_in(living()))
        .all(&rows.0)
        .await?;
    found.into_iter().map(Rsvp::try_from).collect()
}

/// Who wants to come to an event, in the order in which they said so: what stands, or all that was ever said.
pub async fn of_event(rows: &Rows<'_>, event: ItemId, all: bool) -> Result<Vec<RsvpSeen>> {
    let mut select = rsvps::Entity::find().filter(rsvps::Column::EventId.eq(event.0));
    select = if all {
        select.filter(rsvps::Column::State.ne(RsvpState::Unconfirmed.word()))
    } else {
        select.filter(rsvps::Column::State.is_in(living()))
    };
    let found = select
        .order_by_asc(rsvps::Column::AskedAt)
        .order_by_asc(rsvps::Column::Id)
        .limit(500)
        .all(&rows.0)
        .await?;
    complete(rows, found).await
}

/// What somebody said about events, newest first, at most two hundred.
pub async fn said_by(rows: &Rows<'_>, goer: ActorId) -> Result<Vec<RsvpSeen>> {
    let found = rsvps::Entity::find()
        .filter(rsvps::Column::GoerId.eq(goer.0))
        .filter(rsvps::Column::State.ne(RsvpState::Unconfirmed.word()))
        .order_by_desc(rsvps::Column::AskedAt)
        .limit(200)
        .all(&rows.0)
        .await?;
    complete(rows, found).await
}

/// The reading shape of one.
pub async fn seen(rows: &Rows<'_>, id: RsvpId) -> Result<Option<RsvpSeen>> {
    match rsvps::Entity::find_by_id(id.0).one(&rows.0).await? {
        Some(row) => Ok(complete(rows, vec![row]).await?.pop()),
        None => Ok(None),
    }
}

async fn complete(rows: &Rows<'_>, found: Vec<rsvps::Model>) -> Result<Vec<RsvpSeen>> {
    let goers = actors::many(rows, found.iter().map(|row| ActorId(row.goer_id))).await?;
    let mut seen = Vec::with_capacity(found.len());
    for row in found {
        let (goer, event) = (ActorId(row.goer_id), ItemId(row.event_id));
        let missing = || StorageError::unreadable("RSVP", &row.id.to_string());
        let item = items::find(rows, event).await?.ok_or_else(missing)?;
        let home = actors::find(rows, item.home).await?.ok_or_else(missing)?;
        let goer = goers.get(&goer).cloned().ok_or_else(missing)?;
        let event = items::about(rows, event).await?.ok_or_else(missing)?;
        let rsvp = Rsvp::try_from(row)?;
        let lives = rsvp.state.lives() && goer.local;
        let reach = if lives { visitors::reach(rows, goer.id).await? } else { None };
        seen.push(RsvpSeen { rsvp, goer, home, event, reach });
    }
    Ok(seen)
}

/// Forgets what nobody confirmed that was said before this moment.
pub async fn sweep(tx: &Tx, before: Moment) -> Result<u64> {
    let swept = rsvps::Entity::delete_many()
        .filter(rsvps::Column::State.eq(RsvpState::Unconfirmed.word()))
        .filter(rsvps::Column::AskedAt.lte(before.0))
        .exec(&tx.0)
        .await?;
    Ok(swept.rows_affected)
}

/// Forgets what a visitor wrote. That somebody came stays counted.
pub(crate) async fn forget_goer(tx: &Tx, goer: ActorId) -> Result<()> {
    rsvps::Entity::update_many()
        .col_expr(rsvps::Column::Note, Expr::value(""))
        .filter(rsvps::Column::GoerId.eq(goer.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}
