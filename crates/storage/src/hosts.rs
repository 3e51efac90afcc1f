//! What we know of each server we tell things to: whether it is left alone for now, and why.
//!
//! The rule is [`folkmoot_domain::deliveries::Breaker`]; here are its rows. Start at [`answered`] and [`failed`].

use std::collections::BTreeSet;

use folkmoot_domain::{
    Moment,
    deliveries::{Answer, Breaker},
    moments::HOUR,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, prelude::Expr,
};

use crate::{Result, Rows, Tx, deliveries::placeholders, entities::hosts, read, statement};

/// A success is written down again only when the one before is older than this, in milliseconds.
const FRESH: i64 = HOUR;

/// One server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its name, with the port if it is not the scheme's own.
    pub host: String,
    /// Whether it is left alone.
    pub breaker: Breaker,
    /// When it last took something, within the hour.
    pub last_success: Option<Moment>,
    /// When it last failed.
    pub last_failure: Option<Moment>,
    /// The HTTP status of that failure, if it answered.
    pub last_status: Option<u16>,
    /// That failure in words.
    pub last_problem: Option<String>,
}

impl From<hosts::Model> for Host {
    fn from(row: hosts::Model) -> Self {
        let breaker = Breaker {
            failures: u32::try_from(row.failures).unwrap_or_default(),
            first_failed: read::moment(row.first_failed_at),
            open_until: read::moment(row.open_until),
        };
        Self {
            host: row.host,
            breaker,
            last_success: read::moment(row.last_success_at),
            last_failure: read::moment(row.last_failure_at),
            last_status: row.last_status.and_then(|status| u16::try_from(status).ok()),
            last_problem: row.last_problem,
        }
    }
}

/// One server. `None` when we have told it nothing yet.
pub async fn find(rows: &Rows<'_>, host: &str) -> Result<Option<Host>> {
    Ok(hosts::Entity::find_by_id(host).one(&rows.0).await?.map(Host::from))
}

/// Servers that are left alone, those for longest first.
pub async fn left_alone(rows: &Rows<'_>, limit: u64) -> Result<Vec<Host>> {
    let found = hosts::Entity::find()
        .filter(hosts::Column::OpenUntil.is_not_null())
        .order_by_desc(hosts::Column::OpenUntil)
        .limit(limit)
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(Host::from).collect())
}

/// These servers answered: they live. Returns those that were left alone until now, for
/// [`crate::deliveries::bring_forward`].
pub async fn answered(tx: &Tx, hosts: &BTreeSet<String>, now: Moment) -> Result<Vec<String>> {
    if hosts.is_empty() {
        return Ok(Vec::new());
    }
    let back = hosts::Entity::find()
        .select_only()
        .column(hosts::Column::Host)
        .filter(hosts::Column::Host.is_in(hosts))
        .filter(hosts::Column::OpenUntil.is_not_null())
        .into_tuple()
        .all(&tx.0)
        .await?;
    let sql = format!(
        "INSERT INTO hosts (host, failures, last_success_at) VALUES {}
         ON CONFLICT (host) DO UPDATE
         SET failures = 0, first_failed_at = NULL, open_until = NULL, last_success_at = excluded.last_success_at
         WHERE hosts.failures > 0 OR hosts.open_until IS NOT NULL OR hosts.last_success_at IS NULL
            OR hosts.last_success_at < excluded.last_success_at - {FRESH}",
        placeholders(3, "", hosts.len()),
    );
    let values = hosts.iter().flat_map(|host| [host.as_str().into(), 0.into(), now.0.into()]);
    tx.0.execute_raw(statement(&tx.0, &sql, values)).await?;
    Ok(back)
}

/// One failure of a server.
#[derive(Debug, Clone)]
pub struct Failure<'a> {
    /// The server.
    pub host: &'a str,
    /// What it answered, if anything.
    pub answer: Answer,
    /// The failure in words, without personal data.
    pub problem: &'a str,
    /// Was this the delivery that was sent to look whether it is back?
    pub probe: bool,
}

/// A server failed. Returns until when it is left alone, if that begins (or goes on) with this failure.
pub async fn failed(tx: &Tx, failure: &Failure<'_>, now: Moment) -> Result<Option<Moment>> {
    let before = lock(tx, failure.host).await?;
    let after = before.failed(now, failure.probe);
    let after = match failure.answer.pause() {
        Some(pause) => after.asked_to_pause(now, pause),
        None => after,
    };
    let row = hosts::ActiveModel {
        host: Set(failure.host.to_owned()),
        failures: Set(i32::try_from(after.failures).unwrap_or(i32::MAX)),
        first_failed_at: Set(after.first_failed.map(|at| at.0)),
        open_until: Set(after.open_until.map(|at| at.0)),
        last_failure_at: Set(Some(now.0)),
        last_status: Set(failure.answer.code().map(i32::from)),
        last_problem: Set(Some(failure.problem.to_owned())),
        ..Default::default()
    };
    hosts::Entity::update(row).exec(&tx.0).await?;
    Ok(after.open_until.filter(|_| after.open_until != before.open_until))
}

/// A living server asks to be left alone so long, in milliseconds (429 with `Retry-After`).
pub async fn pause(tx: &Tx, host: &str, pause: i64, now: Moment) -> Result<()> {
    let until = lock(tx, host).await?.asked_to_pause(now, pause).open_until;
    set_open_until(tx, host, until).await
}

/// A server spoke to us in a way we could verify: it lives. True when it had been left alone; then
/// its deliveries are brought forward.
pub async fn revive(tx: &Tx, host: &str, now: Moment) -> Result<bool> {
    let sql = "UPDATE hosts SET failures = 0, first_failed_at = NULL, open_until = NULL
               WHERE host = $1 AND open_until IS NOT NULL";
    let revived = tx.0.execute_raw(statement(&tx.0, sql, [host.into()])).await?.rows_affected() == 1;
    if revived {
        crate::deliveries::bring_forward(tx, host, now).await?;
    }
    Ok(revived)
}

/// An operator wants one server, or every one, to be tried again: none of them is left alone any more.
pub(crate) async fn forgive(tx: &Tx, host: Option<&str>) -> Result<()> {
    hosts::Entity::update_many()
        .col_expr(hosts::Column::OpenUntil, Expr::value(None::<i64>))
        .col_expr(hosts::Column::FirstFailedAt, Expr::value(None::<i64>))
        .col_expr(hosts::Column::Failures, Expr::value(0))
        .filter(hosts::Column::OpenUntil.is_not_null())
        .apply_if(host, |update, host| update.filter(hosts::Column::Host.eq(host)))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Takes the turn to look whether a server is back, if nobody took it since `seen` was read.
pub(crate) async fn probe(tx: &Tx, host: &str, seen: Breaker, now: Moment) -> Result<bool> {
    let sql = "UPDATE hosts SET open_until = $1 WHERE host = $2 AND open_until = $3";
    let values = [
        seen.probing(now).open_until.map(|at| at.0).into(),
        host.into(),
        seen.open_until.map(|at| at.0).into(),
    ];
    Ok(tx.0.execute_raw(statement(&tx.0, sql, values)).await?.rows_affected() == 1)
}

/// Pauses longer than any rule allows were made by a clock that was wrong; they end now.
pub(crate) async fn unstick(tx: &Tx, longest: Moment, now: Moment) -> Result<()> {
    let sql = "UPDATE hosts SET open_until = $1 WHERE open_until > $2";
    tx.0.execute_raw(statement(&tx.0, sql, [now.0.into(), longest.0.into()])).await?;
    Ok(())
}

async fn set_open_until(tx: &Tx, host: &str, until: Option<Moment>) -> Result<()> {
    let row = hosts::ActiveModel {
        host: Set(host.to_owned()),
        open_until: Set(until.map(|at| at.0)),
        ..Default::default()
    };
    hosts::Entity::update(row).exec(&tx.0).await?;
    Ok(())
}

/// The breaker of a server, made if it is new, and held until the transaction ends.
async fn lock(tx: &Tx, host: &str) -> Result<Breaker> {
    let sql = "INSERT INTO hosts (host, failures) VALUES ($1, 0) ON CONFLICT (host) DO NOTHING";
    tx.0.execute_raw(statement(&tx.0, sql, [host.into()])).await?;
    let found = hosts::Entity::find_by_id(host).lock_exclusive().one(&tx.0).await?;
    Ok(found.map(Host::from).map(|host| host.breaker).unwrap_or_default())
}

#[cfg(test)]
mod tests;
