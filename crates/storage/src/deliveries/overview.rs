//! The queue as operators see it, and what they can do with it. Start at [`by_host`] and [`retry_now`].

use folkmoot_domain::{ActivityId, DeliveryId, Moment, deliveries::LONGEST_WAIT};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait,
};

use super::skipping_locked;
use crate::{Result, Rows, StorageError, Tx, entities::deliveries, hosts, read, statement};

/// How many rows are forgotten in one go.
const BROOM: usize = 500;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Never tried.
    New,
    /// Tried, or being tried.
    Again,
    /// Given up.
    Failed,
}

impl State {
    /// As it is stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Again => "again",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::New, Self::Again, Self::Failed].into_iter().find(|state| state.word() == word)
    }
}

/// One delivery, for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: DeliveryId,
    /// What is said.
    pub activity: ActivityId,
    /// The server of the inbox.
    pub host: String,
    /// Where it goes; may name a person.
    pub inbox: String,
    /// What it is about.
    pub object: String,
    /// Where it stands.
    pub state: State,
    /// Attempts so far.
    pub attempts: u32,
    /// When it is tried next, until when it is claimed, or when it was given up.
    pub next: Moment,
    /// Is it claimed, or was it when its worker died?
    pub claimed: bool,
    /// Since when it is tried.
    pub since: Moment,
    /// The HTTP status of the last attempt that failed, if there was an answer.
    pub last_status: Option<u16>,
    /// What went wrong then.
    pub last_problem: Option<String>,
}

impl TryFrom<deliveries::Model> for Listed {
    type Error = StorageError;

    fn try_from(row: deliveries::Model) -> Result<Self> {
        Ok(Self {
            id: DeliveryId(row.id),
            activity: ActivityId(row.activity_id),
            host: row.host,
            inbox: row.inbox,
            object: row.object_uri,
            state: read::word("state of a delivery", &row.state, State::parse)?,
            attempts: u32::try_from(row.attempts).unwrap_or_default(),
            next: Moment(row.next_at),
            claimed: row.token.is_some(),
            since: Moment(row.created_at),
            last_status: row.last_status.and_then(|status| u16::try_from(status).ok()),
            last_problem: row.last_problem,
        })
    }
}

/// What waits for one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// The server.
    pub host: String,
    /// How many deliveries wait or are under way.
    pub waiting: u64,
    /// How many were given up.
    pub failed: u64,
    /// Since when the oldest of those that wait has been tried.
    pub oldest: Option<Moment>,
    /// Until when the server is left alone.
    pub left_alone_until: Option<Moment>,
    /// Its last failure in words.
    pub last_problem: Option<String>,
}

/// The queue in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Waiting or under way.
    pub waiting: u64,
    /// Of those, how many could be claimed now if nothing else held them up.
    pub due: u64,
    /// Given up.
    pub failed: u64,
}

/// Which deliveries an operator means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// One.
    One(DeliveryId),
    /// Everything for one server.
    Host(String),
    /// Everything.
    All,
}

/// Is there anything to claim? Asked often, so it reads only the front of the queue.
pub async fn is_due(rows: &Rows<'_>, now: Moment) -> Result<bool> {
    for state in [State::New, State::Again] {
        let first = deliveries::Entity::find()
            .select_only()
            .column(deliveries::Column::Id)
            .filter(deliveries::Column::State.eq(state.word()))
            .filter(deliveries::Column::NextAt.lte(now.0))
            .limit(1)
            .into_tuple::<uuid::Uuid>()
            .one(&rows.0)
            .await?;
        if first.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// One delivery. `None` once it was delivered.
pub async fn find(rows: &Rows<'_>, id: DeliveryId) -> Result<Option<Listed>> {
    deliveries::Entity::find_by_id(id.0).one(&rows.0).await?.map(Listed::try_from).transpose()
}

/// Deliveries in their order, of one server or all, in one state or all.
pub async fn list(
    rows: &Rows<'_>,
    host: Option<&str>,
    state: Option<State>,
    limit: u64,
) -> Result<Vec<Listed>> {
    let found = deliveries::Entity::find()
        .apply_if(host, |select, host| select.filter(deliveries::Column::Host.eq(host)))
        .apply_if(state, |select, state| select.filter(deliveries::Column::State.eq(state.word())))
        .order_by_asc(deliveries::Column::NextAt)
        .order_by_asc(deliveries::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Listed::try_from).collect()
}

/// What waits for each server, most first. Reads the whole queue: for people, not for workers.
pub async fn by_host(rows: &Rows<'_>, limit: u64) -> Result<Vec<Queue>> {
    let sql = format!(
        "SELECT d.host, SUM(CASE WHEN d.state = 'failed' THEN 0 ELSE 1 END) AS waiting,
                SUM(CASE WHEN d.state = 'failed' THEN 1 ELSE 0 END) AS failed,
                MIN(CASE WHEN d.state = 'failed' THEN NULL ELSE d.created_at END) AS oldest,
                MAX(h.open_until) AS open_until, MAX(h.last_problem) AS last_problem
         FROM deliveries d LEFT JOIN hosts h ON h.host = d.host
         GROUP BY d.host ORDER BY 2 DESC, 1 LIMIT {limit}"
    );
    let found = rows.0.query_all_raw(statement(&rows.0, &sql, [])).await?;
    found.iter().map(queue).collect()
}

fn queue(row: &QueryResult) -> Result<Queue> {
    let count = |name| row.try_get::<i64>("", name).map(|count| u64::try_from(count).unwrap_or_default());
    Ok(Queue {
        host: row.try_get("", "host")?,
        waiting: count("waiting")?,
        failed: count("failed")?,
        oldest: read::moment(row.try_get("", "oldest")?),
        left_alone_until: read::moment(row.try_get("", "open_until")?),
        last_problem: row.try_get("", "last_problem")?,
    })
}

/// The queue in numbers. Reads the whole queue's index.
pub async fn counts(rows: &Rows<'_>, now: Moment) -> Result<Counts> {
    let waiting = deliveries::Entity::find().filter(deliveries::Column::State.ne(State::Failed.word()));
    let failed = deliveries::Entity::find().filter(deliveries::Column::State.eq(State::Failed.word()));
    Ok(Counts {
        due: waiting.clone().filter(deliveries::Column::NextAt.lte(now.0)).count(&rows.0).await?,
        waiting: waiting.count(&rows.0).await?,
        failed: failed.count(&rows.0).await?,
    })
}

/// An operator wants these tried now, with all patience anew: what waits, what was given up, and hosts that
/// were left alone. What is being sent goes on; what was deleted since stays untold. Returns how many.
pub async fn retry_now(tx: &Tx, which: &Which, now: Moment) -> Result<u64> {
    let (chosen, value) = match which {
        Which::One(id) => ("d.id = $2", Some(read::id(id.0))),
        Which::Host(host) => ("d.host = $2", Some(host.as_str().into())),
        Which::All => ("1 = 1", None),
    };
    let sql = format!(
        "UPDATE deliveries
         SET next_at = $1, token = NULL,
             attempts = CASE WHEN state = 'failed' THEN 0 ELSE attempts END,
             created_at = CASE WHEN state = 'failed' THEN $1 ELSE created_at END,
             state = CASE WHEN state = 'failed' THEN 'again' ELSE state END
         WHERE id IN (SELECT d.id FROM deliveries d
                      WHERE {chosen} AND (d.token IS NULL OR d.next_at <= $1)
                        AND NOT (d.state = 'failed' AND EXISTS (
                            SELECT 1 FROM activities a WHERE a.object_uri = d.object_uri
                              AND a.sequence > d.sequence AND a.verb = 'Delete')){})",
        skipping_locked(tx),
    );
    let values = [now.0.into()].into_iter().chain(value);
    let retried = tx.0.execute_raw(statement(&tx.0, &sql, values)).await?.rows_affected();
    match which {
        Which::Host(host) => hosts::forgive(tx, Some(host)).await?,
        Which::All => hosts::forgive(tx, None).await?,
        Which::One(id) => {
            if let Some(one) = find(&tx.rows(), *id).await? {
                hosts::forgive(tx, Some(&one.host)).await?;
            }
        }
    }
    Ok(retried)
}

/// A server is back: what waits for it may be claimed now.
pub async fn bring_forward(tx: &Tx, host: &str, now: Moment) -> Result<()> {
    let sql = format!(
        "UPDATE deliveries SET next_at = $1
         WHERE id IN (SELECT id FROM deliveries
                      WHERE host = $2 AND state <> 'failed' AND token IS NULL AND next_at > $1{})",
        skipping_locked(tx),
    );
    tx.0.execute_raw(statement(&tx.0, &sql, [now.0.into(), host.into()])).await?;
    Ok(())
}

/// Forgets deliveries given up before this, some at a time. Returns whether there may be more.
pub async fn forget(tx: &Tx, before: Moment) -> Result<bool> {
    let sql = format!(
        "DELETE FROM deliveries
         WHERE id IN (SELECT id FROM deliveries WHERE state = 'failed' AND next_at < $1 LIMIT {BROOM}{})",
        skipping_locked(tx),
    );
    let gone = tx.0.execute_raw(statement(&tx.0, &sql, [before.0.into()])).await?.rows_affected();
    Ok(usize::try_from(gone).is_ok_and(|gone| gone >= BROOM))
}

/// A wait longer than any rule allows comes from a clock that was wrong when it began; it ends now.
pub async fn unstick(tx: &Tx, now: Moment) -> Result<()> {
    let longest = now.plus(LONGEST_WAIT);
    for state in [State::New, State::Again] {
        let sql = "UPDATE deliveries SET next_at = $1, token = NULL WHERE state = $2 AND next_at > $3";
        let values = [now.0.into(), state.word().into(), longest.0.into()];
        tx.0.execute_raw(statement(&tx.0, sql, values)).await?;
    }
    hosts::unstick(tx, longest, now).await
}
