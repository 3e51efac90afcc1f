//! People without an account who help, and how to reach them. Their names are with their actors.

use folkmoot_domain::{
    ActorId, ItemId, Moment,
    visitors::{Reach, Visitor},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Expr, sea_query::Query,
};

use crate::{
    Result, Rows, Tx, actors,
    entities::{actors as actor_rows, people, pledges, visitors},
    read, rsvps, statement,
};

/// When the last of the calls and events ended that somebody offered help for or wanted to come to, as far as that is
/// known: at its end, when it was taken down, or when its time is over.
const LAST_END: &str = "SELECT MAX(ended) AS last FROM (
    SELECT COALESCE(calls.over_at, items.deleted_at, calls.closes_at) AS ended
    FROM pledges JOIN calls ON calls.id = pledges.call_id JOIN items ON items.id = calls.id
    WHERE pledges.giver_id = $1
    UNION ALL SELECT COALESCE(items.deleted_at, events.ends_at) AS ended
    FROM rsvps JOIN events ON events.id = rsvps.event_id JOIN items ON items.id = events.id
    WHERE rsvps.goer_id = $1 AND rsvps.state <> 'unconfirmed') ends";

/// Stores a new visitor; the actor must be stored already. `forget` is when to look whether they can be forgotten.
pub async fn insert(tx: &Tx, visitor: &Visitor, forget: Moment) -> Result<()> {
    let row = visitors::ActiveModel {
        id: Set(visitor.id.0),
        email: Set(visitor.reach.email.clone()),
        phone: Set(visitor.reach.phone.clone()),
        created_at: Set(visitor.since.0),
        confirmed_at: Set(visitor.confirmed.map(|at| at.0)),
        forget_at: Set(forget.0),
    };
    visitors::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores the name and the ways to reach a visitor, as they were last said.
pub async fn update(tx: &Tx, visitor: &Visitor) -> Result<()> {
    let row = visitors::ActiveModel {
        id: Set(visitor.id.0),
        email: Set(visitor.reach.email.clone()),
        phone: Set(visitor.reach.phone.clone()),
        confirmed_at: Set(visitor.confirmed.map(|at| at.0)),
        ..Default::default()
    };
    visitors::Entity::update(row).exec(&tx.0).await?;
    rename(tx, visitor.id, &visitor.name).await
}

async fn rename(tx: &Tx, id: ActorId, name: &str) -> Result<()> {
    actor_rows::Entity::update_many()
        .col_expr(actor_rows::Column::Name, Expr::value(name))
        .filter(actor_rows::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The visitor who confirmed that this mail address is theirs.
pub async fn confirmed(rows: &Rows<'_>, email: &str) -> Result<Option<Visitor>> {
    let found = visitors::Entity::find()
        .filter(visitors::Column::Email.eq(email))
        .filter(visitors::Column::ConfirmedAt.is_not_null())
        .order_by_asc(visitors::Column::Id)
        .one(&rows.0)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let actor = actors::find(rows, ActorId(row.id)).await?;
    Ok(actor.map(|actor| Visitor {
        id: actor.id,
        name: actor.name,
        reach: Reach { email: row.email, phone: row.phone },
        since: Moment(row.created_at),
        confirmed: read::moment(row.confirmed_at),
    }))
}

/// How to reach somebody who lives here, visitor or person with an account; none when it was forgotten.
pub async fn reach(rows: &Rows<'_>, id: ActorId) -> Result<Option<Reach>> {
    if let Some(row) = visitors::Entity::find_by_id(id.0).one(&rows.0).await? {
        return Ok(Some(Reach { email: row.email, phone: row.phone }));
    }
    let person = people::Entity::find_by_id(id.0).one(&rows.0).await?;
    Ok(person.map(|row| Reach { email: Some(row.email), phone: None }))
}

/// When the last of the calls ended, or will, that a visitor offered help for.
pub async fn last_end(rows: &Rows<'_>, id: ActorId) -> Result<Option<Moment>> {
    let found = rows.0.query_one_raw(statement(&rows.0, LAST_END, [id.0.into()])).await?;
    let last: Option<i64> = found.map(|row| row.try_get("", "last")).transpose()?.flatten();
    Ok(last.map(Moment))
}

/// Looks at a visitor again at this moment, whether they can be forgotten.
pub async fn look_again(tx: &Tx, id: ActorId, at: Moment) -> Result<()> {
    visitors::Entity::update_many()
        .col_expr(visitors::Column::ForgetAt, Expr::value(at.0))
        .filter(visitors::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The same for everybody who offered help for a call.
pub async fn look_again_after(tx: &Tx, call: ItemId, at: Moment) -> Result<()> {
    let givers = Query::select()
        .column(pledges::Column::GiverId)
        .from(pledges::Entity)
        .and_where(pledges::Column::CallId.eq(call.0))
        .to_owned();
    visitors::Entity::update_many()
        .col_expr(visitors::Column::ForgetAt, Expr::value(at.0))
        .filter(visitors::Column::Id.in_subquery(givers))
        .filter(visitors::Column::ForgetAt.gt(at.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Visitors to look at, whether they can be forgotten.
pub async fn to_look_at(rows: &Rows<'_>, now: Moment, limit: u64) -> Result<Vec<ActorId>> {
    let found = visitors::Entity::find()
        .filter(visitors::Column::ForgetAt.lte(now.0))
        .order_by_asc(visitors::Column::ForgetAt)
        .limit(limit)
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(|row| ActorId(row.id)).collect())
}

/// Forgets a visitor: name, ways to reach them, and what they wrote. That somebody helped stays counted.
pub async fn forget(tx: &Tx, id: ActorId) -> Result<()> {
    visitors::Entity::delete_by_id(id.0).exec(&tx.0).await?;
    pledges::Entity::update_many()
        .col_expr(pledges::Column::Note, Expr::value(""))
        .filter(pledges::Column::GiverId.eq(id.0))
        .exec(&tx.0)
        .await?;
    rsvps::forget_goer(tx, id).await?;
    rename(tx, id, "").await
}
