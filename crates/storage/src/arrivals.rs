//! What came in: kept raw until it took effect, and a while after.

use folkmoot_domain::{ArrivalId, Moment};
use sea_orm::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Expr, sea_query::OnConflict,
};

use crate::{Result, Rows, Tx, entities::arrivals};

/// One activity that came in, signature checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Our id for it.
    pub id: ArrivalId,
    /// Its ActivityPub id as it was sent, fragment included. Peers use one id again for other bodies.
    pub activity: String,
    /// SHA-256 of the body: with the id, the key of a replay.
    pub digest: String,
    /// Who signed it.
    pub actor: String,
    /// Its type.
    pub verb: String,
    /// Its bytes.
    pub body: String,
    /// How often it was taken up.
    pub attempts: i32,
    /// When it came in.
    pub received: Moment,
}

/// Stores an arrival. False when the same id with the same body is there already.
pub async fn insert(tx: &Tx, arrival: &Arrival) -> Result<bool> {
    let row = arrivals::ActiveModel {
        id: Set(arrival.id.0),
        activity_uri: Set(arrival.activity.clone()),
        digest: Set(arrival.digest.clone()),
        actor_uri: Set(arrival.actor.clone()),
        verb: Set(arrival.verb.clone()),
        body: Set(arrival.body.clone()),
        state: Set("waiting".to_owned()),
        outcome: Set(None),
        attempts: Set(0),
        next_at: Set(arrival.received.0),
        received_at: Set(arrival.received.0),
    };
    let inserted = arrivals::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    Ok(inserted == 1)
}

/// Is the same id with the same body there already?
pub async fn is_known(rows: &Rows<'_>, activity: &str, digest: &str) -> Result<bool> {
    let found = arrivals::Entity::find()
        .filter(arrivals::Column::ActivityUri.eq(activity))
        .filter(arrivals::Column::Digest.eq(digest))
        .one(&rows.0)
        .await?;
    Ok(found.is_some())
}

/// What waits to take effect, oldest first.
pub async fn waiting(rows: &Rows<'_>, now: Moment, limit: u64) -> Result<Vec<Arrival>> {
    let found = arrivals::Entity::find()
        .filter(arrivals::Column::State.eq("waiting"))
        .filter(arrivals::Column::NextAt.lte(now.0))
        .order_by_asc(arrivals::Column::NextAt)
        .order_by_asc(arrivals::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    Ok(found
        .into_iter()
        .map(|row| Arrival {
            id: ArrivalId(row.id),
            activity: row.activity_uri,
            digest: row.digest,
            actor: row.actor_uri,
            verb: row.verb,
            body: row.body,
            attempts: row.attempts,
            received: Moment(row.received_at),
        })
        .collect())
}

/// How many wait to take effect.
pub async fn waiting_count(rows: &Rows<'_>) -> Result<u64> {
    Ok(arrivals::Entity::find().filter(arrivals::Column::State.eq("waiting")).count(&rows.0).await?)
}

/// It took effect, or was calmly left alone: `state` is `done`, `refused` or `ignored`, `outcome` a sentence.
/// False when it was finished already, and then nothing else in this transaction may count.
pub async fn finish(tx: &Tx, id: ArrivalId, state: &str, outcome: &str) -> Result<bool> {
    let finished = arrivals::Entity::update_many()
        .col_expr(arrivals::Column::State, Expr::value(state))
        .col_expr(arrivals::Column::Outcome, Expr::value(outcome))
        .filter(arrivals::Column::Id.eq(id.0))
        .filter(arrivals::Column::State.eq("waiting"))
        .exec(&tx.0)
        .await?;
    Ok(finished.rows_affected == 1)
}

/// It could not take effect yet; it is tried again.
pub async fn postpone(tx: &Tx, id: ArrivalId, until: Moment, problem: &str) -> Result<()> {
    arrivals::Entity::update_many()
        .col_expr(arrivals::Column::NextAt, Expr::value(until.0))
        .col_expr(arrivals::Column::Attempts, Expr::col(arrivals::Column::Attempts).add(1))
        .col_expr(arrivals::Column::Outcome, Expr::value(problem))
        .filter(arrivals::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Forgets what was finished and came in before this moment, at most so many at once. How many were forgotten.
pub async fn sweep(tx: &Tx, before: Moment, limit: u64) -> Result<u64> {
    let old = sea_orm::sea_query::Query::select()
        .column(arrivals::Column::Id)
        .from(arrivals::Entity)
        .and_where(arrivals::Column::ReceivedAt.lt(before.0))
        .and_where(arrivals::Column::State.ne("waiting"))
        .limit(limit)
        .to_owned();
    let swept =
        arrivals::Entity::delete_many().filter(arrivals::Column::Id.in_subquery(old)).exec(&tx.0).await?;
    Ok(swept.rows_affected)
}

/// How arrivals of the last while ended, with a sentence each, newest first.
pub async fn outcomes(rows: &Rows<'_>, limit: u64) -> Result<Vec<(String, String, String)>> {
    let found =
        arrivals::Entity::find().order_by_desc(arrivals::Column::Id).limit(limit).all(&rows.0).await?;
    Ok(found.into_iter().map(|row| (row.verb, row.state, row.outcome.unwrap_or_default())).collect())
}
