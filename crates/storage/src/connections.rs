//! Connections: whom one of ours listens to. Private: nothing public reads these rows.

use std::collections::HashMap;

use folkmoot_domain::{
    ActivityId, ActorId, Moment,
    actors::Actor,
    connections::{Connection, ConnectionSeen, ConnectionState},
    moments::HOUR,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, prelude::Expr, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    Result, Rows, StorageError, Tx, actors,
    entities::{actors as actor_rows, connections, hosts, items},
    read,
};

/// That we heard from somebody is written down again only when the last time is older than this.
const FRESH: i64 = HOUR;

impl TryFrom<connections::Model> for Connection {
    type Error = StorageError;

    fn try_from(row: connections::Model) -> Result<Self> {
        Ok(Self {
            seeker: ActorId(row.seeker_id),
            target: ActorId(row.target_id),
            state: read::word("state of connection", &row.state, ConnectionState::parse)?,
            follow: row.follow_id.map(ActivityId),
            asked: Moment(row.asked_at),
            answered: read::moment(row.answered_at),
            filled: read::moment(row.filled_at),
            heard: read::moment(row.heard_at),
            problem: row.problem,
        })
    }
}

/// Stores a connection, new or changed. `fill` is when to fetch their newest items.
pub async fn store(tx: &Tx, connection: &Connection, fill: Option<Moment>) -> Result<()> {
    use connections::Column as C;

    let row = connections::ActiveModel {
        seeker_id: Set(connection.seeker.0),
        target_id: Set(connection.target.0),
        state: Set(connection.state.word().to_owned()),
        follow_id: Set(connection.follow.map(|id| id.0)),
        asked_at: Set(connection.asked.0),
        answered_at: Set(connection.answered.map(|at| at.0)),
        filled_at: Set(connection.filled.map(|at| at.0)),
        heard_at: Set(connection.heard.map(|at| at.0)),
        problem: Set(connection.problem.clone()),
        fill_at: Set(fill.map(|at| at.0)),
        fill_tries: Set(0),
    };
    let mut clash = OnConflict::columns([C::SeekerId, C::TargetId]);
    clash.update_columns([
        C::State,
        C::FollowId,
        C::AskedAt,
        C::AnsweredAt,
        C::FilledAt,
        C::HeardAt,
        C::Problem,
        C::FillAt,
        C::FillTries,
    ]);
    connections::Entity::insert(row).on_conflict(clash).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Removes a connection.
pub async fn remove(tx: &Tx, seeker: ActorId, target: ActorId) -> Result<()> {
    connections::Entity::delete_by_id((seeker.0, target.0)).exec(&tx.0).await?;
    Ok(())
}

/// One connection.
pub async fn find(rows: &Rows<'_>, seeker: ActorId, target: ActorId) -> Result<Option<Connection>> {
    let found = connections::Entity::find_by_id((seeker.0, target.0)).one(&rows.0).await?;
    found.map(Connection::try_from).transpose()
}

/// The connection that was asked for with the `Follow` of this id.
pub async fn by_follow(rows: &Rows<'_>, follow: ActivityId) -> Result<Option<Connection>> {
    let found =
        connections::Entity::find().filter(connections::Column::FollowId.eq(follow.0)).one(&rows.0).await?;
    found.map(Connection::try_from).transpose()
}

/// How many one of ours has, of any state.
pub async fn count(rows: &Rows<'_>, seeker: ActorId) -> Result<u64> {
    Ok(connections::Entity::find().filter(connections::Column::SeekerId.eq(seeker.0)).count(&rows.0).await?)
}

/// Every connection of these.
pub async fn of_seekers(rows: &Rows<'_>, seekers: &[ActorId]) -> Result<Vec<Connection>> {
    let ids: Vec<Uuid> = seekers.iter().map(|id| id.0).collect();
    let found = connections::Entity::find()
        .filter(connections::Column::SeekerId.is_in(ids))
        .order_by_asc(connections::Column::AskedAt)
        .order_by_asc(connections::Column::TargetId)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Connection::try_from).collect()
}

/// Every connection to somebody.
pub async fn to(rows: &Rows<'_>, target: ActorId) -> Result<Vec<Connection>> {
    let found =
        connections::Entity::find().filter(connections::Column::TargetId.eq(target.0)).all(&rows.0).await?;
    found.into_iter().map(Connection::try_from).collect()
}

/// Does anybody here listen to them?
pub async fn is_heard(rows: &Rows<'_>, target: ActorId) -> Result<bool> {
    let found = connections::Entity::find()
        .filter(connections::Column::TargetId.eq(target.0))
        .filter(connections::Column::State.eq(ConnectionState::Connected.word()))
        .one(&rows.0)
        .await?;
    Ok(found.is_some())
}

/// Does anybody here listen to somebody of this server?
pub async fn is_host_heard(rows: &Rows<'_>, host: &str) -> Result<bool> {
    let there = sea_orm::sea_query::Query::select()
        .column(actor_rows::Column::Id)
        .from(actor_rows::Entity)
        .and_where(actor_rows::Column::Host.eq(host))
        .to_owned();
    let found = connections::Entity::find()
        .filter(connections::Column::State.eq(ConnectionState::Connected.word()))
        .filter(connections::Column::TargetId.in_subquery(there))
        .one(&rows.0)
        .await?;
    Ok(found.is_some())
}

/// Something of theirs came in.
pub async fn heard_from(tx: &Tx, target: ActorId, now: Moment) -> Result<()> {
    let old = Condition::any()
        .add(connections::Column::HeardAt.is_null())
        .add(connections::Column::HeardAt.lt(now.plus(-FRESH).0));
    connections::Entity::update_many()
        .col_expr(connections::Column::HeardAt, Expr::value(now.0))
        .filter(connections::Column::TargetId.eq(target.0))
        .filter(old)
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// A connection whose newest items are to be filled in, and how often that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToFill {
    /// The connection.
    pub connection: Connection,
    /// How often it was tried already.
    pub tries: i32,
}

/// Connections that are due to be filled, longest due first.
pub async fn to_fill(rows: &Rows<'_>, now: Moment, limit: u64) -> Result<Vec<ToFill>> {
    let found = connections::Entity::find()
        .filter(connections::Column::FillAt.lte(now.0))
        .filter(connections::Column::State.eq(ConnectionState::Connected.word()))
        .order_by_asc(connections::Column::FillAt)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found
        .into_iter()
        .map(|row| Ok(ToFill { tries: row.fill_tries, connection: Connection::try_from(row)? }))
        .collect()
}

/// How a filling went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filling {
    /// It is done.
    Done(Moment),
    /// It is tried again at this moment, or never; with what was in the way.
    Failed(Option<Moment>, String),
}

/// Writes down how a filling went.
pub async fn filled(tx: &Tx, seeker: ActorId, target: ActorId, filling: &Filling) -> Result<()> {
    let update = match filling {
        Filling::Done(at) => connections::Entity::update_many()
            .col_expr(connections::Column::FilledAt, Expr::value(at.0))
            .col_expr(connections::Column::FillAt, Expr::value(None::<i64>))
            .col_expr(connections::Column::Problem, Expr::value(None::<String>)),
        Filling::Failed(again, problem) => connections::Entity::update_many()
            .col_expr(connections::Column::FillAt, Expr::value(again.map(|at| at.0)))
            .col_expr(
                connections::Column::FillTries,
                sea_orm::ExprTrait::add(Expr::col(connections::Column::FillTries), 1),
            )
            .col_expr(connections::Column::Problem, Expr::value(Some(problem.clone()))),
    };
    update
        .filter(connections::Column::SeekerId.eq(seeker.0))
        .filter(connections::Column::TargetId.eq(target.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The connections of these with both their ends, by the name of whom they listen to.
pub async fn seen(rows: &Rows<'_>, seekers: &[ActorId]) -> Result<Vec<ConnectionSeen>> {
    complete(rows, of_seekers(rows, seekers).await?).await
}

/// One connection with both its ends.
pub async fn seen_one(rows: &Rows<'_>, seeker: ActorId, target: ActorId) -> Result<Option<ConnectionSeen>> {
    let found = find(rows, seeker, target).await?;
    Ok(complete(rows, found.into_iter().collect()).await?.pop())
}

async fn complete(rows: &Rows<'_>, found: Vec<Connection>) -> Result<Vec<ConnectionSeen>> {
    let ends = found.iter().flat_map(|connection| [connection.seeker, connection.target]);
    let ends = actors::many(rows, ends).await?;
    let unreachable = unreachable(rows, ends.values()).await?;
    let newest = newest(rows, found.iter().map(|connection| connection.target.0).collect()).await?;
    let mut seen: Vec<_> = found
        .into_iter()
        .filter_map(|connection| {
            let (seeker, target) = (ends.get(&connection.seeker)?, ends.get(&connection.target)?);
            Some(ConnectionSeen {
                unreachable: unreachable.get(&server(target)).copied(),
                newest: newest.get(&target.id.0).copied(),
                seeker: seeker.clone(),
                target: target.clone(),
                connection,
            })
        })
        .collect();
    seen.sort_by_cached_key(|seen| (seen.target.name.to_lowercase(), seen.target.id));
    Ok(seen)
}

/// The name under which the queue knows an actor's server.
fn server(actor: &Actor) -> String {
    let inbox = actor.delivery_inbox();
    let host = inbox.host_str().unwrap_or_default();
    inbox.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Since when servers that are left alone have failed.
async fn unreachable(
    rows: &Rows<'_>,
    actors: impl Iterator<Item = &Actor>,
) -> Result<HashMap<String, Moment>> {
    let names: Vec<String> = actors.filter(|actor| !actor.local).map(server).collect();
    let found = hosts::Entity::find()
        .filter(hosts::Column::Host.is_in(names))
        .filter(hosts::Column::OpenUntil.is_not_null())
        .all(&rows.0)
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|row| Some((row.host, Moment(row.first_failed_at.or(row.last_failure_at)?))))
        .collect())
}

/// When the newest item of each was published.
async fn newest(rows: &Rows<'_>, homes: Vec<Uuid>) -> Result<HashMap<Uuid, Moment>> {
    let found: Vec<(Uuid, i64)> = items::Entity::find()
        .select_only()
        .column(items::Column::Home)
        .column_as(items::Column::PublishedAt.max(), "newest")
        .filter(items::Column::Home.is_in(homes))
        .filter(items::Column::DeletedAt.is_null())
        .group_by(items::Column::Home)
        .into_tuple()
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(|(home, at)| (home, Moment(at))).collect())
}
