//! What became of claimed deliveries. Results count only with the token of the claim: whoever comes late, after
//! somebody else claimed the row, changes nothing.

use std::collections::BTreeMap;

use folkmoot_domain::{
    DeliveryId, Moment,
    deliveries::{Answer, PATIENCE},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{ids, list_of, skipping_locked};
use crate::{Result, Tx, read, statement};

/// How one attempt ended, as the rules of the domain judged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Which delivery.
    pub id: DeliveryId,
    /// The token of the claim.
    pub token: Uuid,
    /// What follows.
    pub ending: Ending,
    /// What came back.
    pub answer: Answer,
    /// What went wrong, in words without personal data.
    pub problem: Option<String>,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done: the row goes.
    Delivered,
    /// It is tried again, not before this.
    Again(Moment),
    /// It is kept for a while to be seen, and not tried again.
    Failed,
}

/// Writes down what became of claimed rows, all in this transaction. Returns how many came too late.
pub async fn record(tx: &Tx, settled: &[Settled], now: Moment) -> Result<u64> {
    let mut delivered: BTreeMap<Uuid, Vec<DeliveryId>> = BTreeMap::new();
    let mut taken = 0;
    for one in settled {
        match one.ending {
            Ending::Delivered => delivered.entry(one.token).or_default().push(one.id),
            Ending::Again(at) => taken += set_aside(tx, one, "again", at).await?,
            Ending::Failed => taken += set_aside(tx, one, "failed", now).await?,
        }
    }
    for (token, rows) in delivered {
        let sql = format!("DELETE FROM deliveries WHERE token = $1 AND id IN ({})", list_of(2, rows.len()));
        let values = [read::id(token)].into_iter().chain(ids(&rows));
        taken += tx.0.execute_raw(statement(&tx.0, &sql, values)).await?.rows_affected();
    }
    Ok(u64::try_from(settled.len()).unwrap_or_default().saturating_sub(taken))
}

async fn set_aside(tx: &Tx, settled: &Settled, state: &str, next: Moment) -> Result<u64> {
    let sql =
        "UPDATE deliveries SET state = $1, next_at = $2, token = NULL, last_status = $3, last_problem = $4
               WHERE id = $5 AND token = $6";
    let values = [
        state.into(),
        next.0.into(),
        settled.answer.code().map(i32::from).into(),
        settled.problem.clone().into(),
        read::id(settled.id.0),
        read::id(settled.token),
    ];
    Ok(tx.0.execute_raw(statement(&tx.0, sql, values)).await?.rows_affected())
}

/// Gives back rows that were claimed under this token and never sent: the attempt does not count, and anyone
/// may claim them now.
pub async fn give_back(tx: &Tx, token: Uuid, rows: &[DeliveryId], now: Moment) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE deliveries SET state = CASE WHEN attempts > 1 THEN 'again' ELSE 'new' END,
                attempts = attempts - 1, next_at = $1, token = NULL
         WHERE token = $2 AND id IN ({})",
        list_of(3, rows.len()),
    );
    let values = [now.0.into(), read::id(token)].into_iter().chain(ids(rows));
    tx.0.execute_raw(statement(&tx.0, &sql, values)).await?;
    Ok(())
}

/// A host is left alone (again): what has waited for it longer than we are patient is given up, since only
/// one row at a time would be tried and the others would wait for ever. Returns how many.
pub async fn give_up_old(tx: &Tx, host: &str, now: Moment) -> Result<u64> {
    let sql = format!(
        "UPDATE deliveries SET state = 'failed', next_at = $1, token = NULL,
                last_problem = COALESCE(last_problem, 'the server was left alone all the time')
         WHERE id IN (SELECT id FROM deliveries
                      WHERE host = $2 AND state <> 'failed' AND created_at < $3
                        AND (token IS NULL OR next_at <= $1){})",
        skipping_locked(tx),
    );
    let values = [now.0.into(), host.into(), now.plus(-PATIENCE).0.into()];
    Ok(tx.0.execute_raw(statement(&tx.0, &sql, values)).await?.rows_affected())
}
