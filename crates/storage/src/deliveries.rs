//! The queue of deliveries: one row for each activity on its way to one inbox.
//!
//! A row is `new` (never tried), `again` (tried, or being tried) or `failed` (given up); what was delivered is
//! deleted. `next_at` says from when on a row may be claimed, and while it is claimed, how long: a claim
//! pushes it ahead by the lease and writes its `token`, and only a result that carries the token counts.
//! Nothing here decides what follows from an attempt; that is [`folkmoot_domain::deliveries`].
//!
//! Start at [`insert`]; then follow a row through [`claim`], [`record`] or [`give_back`].

mod claims;
mod outcomes;
mod overview;

use folkmoot_domain::{ActivityId, ActorId, DeliveryId, Moment};
use sea_orm::{ConnectionTrait, DbBackend, Value};

pub use claims::{Claim, Claimed, claim};
pub use outcomes::{Ending, Settled, give_back, give_up_old, record};
pub use overview::{
    Counts, Listed, Queue, State, Which, bring_forward, by_host, counts, find, forget, is_due, list,
    retry_now, unstick,
};

use crate::{Result, Tx, read, statement};

/// How many deliveries to one host stand next to each other in the queue, so that they can share a
/// connection, before the next host has its turn. A claim takes no more than this of one host.
pub const RUN: usize = 16;

/// How many rows one statement inserts. Not more: SQLite looks up the name of each value among all of them.
const CHUNK: usize = 40;

/// An activity that is to go to an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// A fresh id.
    pub id: DeliveryId,
    /// What is said.
    pub activity: ActivityId,
    /// Who says and signs it.
    pub sender: ActorId,
    /// The server of the inbox, with the port if it is not the scheme's own.
    pub host: String,
    /// Where it goes.
    pub inbox: String,
    /// [`crate::activities::Activity::object`].
    pub object: String,
    /// [`crate::activities::Activity::sequence`].
    pub sequence: i64,
}

/// Queues deliveries, in the transaction that wrote their activity to the log. Hosts take turns.
pub async fn insert(tx: &Tx, deliveries: Vec<NewDelivery>, now: Moment) -> Result<()> {
    for chunk in taking_turns(deliveries).chunks(CHUNK) {
        let sql = format!(
            "INSERT INTO deliveries
             (id, activity_id, sender_id, host, inbox, object_uri, sequence, next_at, created_at, attempts, state)
             VALUES {}",
            placeholders(9, ", 0, 'new'", chunk.len()),
        );
        let values = chunk.iter().flat_map(|delivery| {
            [
                read::id(delivery.id.0),
                read::id(delivery.activity.0),
                read::id(delivery.sender.0),
                delivery.host.as_str().into(),
                delivery.inbox.as_str().into(),
                delivery.object.as_str().into(),
                delivery.sequence.into(),
                now.0.into(),
                now.0.into(),
            ]
        });
        tx.0.execute_raw(statement(&tx.0, &sql, values)).await?;
    }
    Ok(())
}

/// Orders rows so that no host waits for all of another's, and gives them their ids in that order, since the
/// queue goes by id.
fn taking_turns(mut deliveries: Vec<NewDelivery>) -> Vec<NewDelivery> {
    let mut ids: Vec<DeliveryId> = deliveries.iter().map(|delivery| delivery.id).collect();
    ids.sort_unstable();
    deliveries.sort_by(|a, b| a.host.cmp(&b.host));
    let same_host = deliveries.chunk_by(|a, b| a.host == b.host);
    let turns: Vec<usize> = same_host.flat_map(|same| (0..same.len()).map(|place| place / RUN)).collect();
    let mut ordered: Vec<_> = turns.into_iter().zip(deliveries).collect();
    ordered.sort_by_key(|(turn, _)| *turn);
    ordered.into_iter().zip(ids).map(|((_, delivery), id)| NewDelivery { id, ..delivery }).collect()
}

/// `($1, $2, now), ($3, $4, now)` for so many rows of so many values, with the same ending in each.
pub(crate) fn placeholders(columns: usize, ending: &str, rows: usize) -> String {
    let rows = (0..rows).map(|row| format!("({}{ending})", list_of(1 + row * columns, columns)));
    rows.collect::<Vec<_>>().join(", ")
}

/// `$3, $4, $5` for an `IN (…)` of so many values, counted from `first`.
fn list_of(first: usize, count: usize) -> String {
    (first..first + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// Makes a `SELECT` leave alone what another worker holds. SQLite has one writer: nobody else holds anything.
fn skipping_locked(tx: &Tx) -> &'static str {
    match tx.0.get_database_backend() {
        DbBackend::Postgres => " FOR UPDATE SKIP LOCKED",
        _ => "",
    }
}

/// The values of an `IN (…)` of ids.
fn ids(deliveries: &[DeliveryId]) -> impl Iterator<Item = Value> {
    deliveries.iter().map(|id| read::id(id.0))
}

#[cfg(test)]
pub(crate) mod tests;
