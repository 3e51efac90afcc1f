//! Claiming: who may send what now. The claim is committed before anything is sent, so that a crash
//! counts as an attempt.
//!
//! A row that cannot go yet is put off to the moment when it can be looked at again, so that the front of the
//! queue holds only what can go, and a claim costs the same however much waits. Start at [`claim`].

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use folkmoot_domain::{
    ActivityId, ActorId, DeliveryId, Moment,
    deliveries::{Breaker, LEASE, MOST_ATTEMPTS},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryResult, QuerySelect};
use uuid::Uuid;

use super::{RUN, State, ids, list_of, skipping_locked};
use crate::{Result, Tx, entities::activities, hosts, read, statement};

/// How often one claim looks further when what it found cannot go.
const LOOKS: usize = 4;

/// What a worker asks for.
#[derive(Debug)]
pub struct Claim<'a> {
    /// The moment.
    pub now: Moment,
    /// How many rows at most.
    pub limit: usize,
    /// Hosts that have enough to do.
    pub busy: &'a [String],
    /// Fences this claim: never used before.
    pub token: Uuid,
}

/// A delivery that is ours until its lease ends.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its id.
    pub id: DeliveryId,
    /// The token of the claim.
    pub token: Uuid,
    /// What is said.
    pub activity: ActivityId,
    /// Who signs it.
    pub sender: ActorId,
    /// The server of the inbox.
    pub host: String,
    /// Where it goes.
    pub inbox: String,
    /// How many attempts there were, counting the one that this claim is for.
    pub attempts: u32,
    /// Since when it is tried.
    pub since: Moment,
    /// Is it sent to look whether its host is back?
    pub probe: bool,
    /// The bytes to post; deliveries of one activity share them.
    pub body: Arc<str>,
}

/// Claims what is due: at most [`RUN`] rows of one host, one if it failed last time, none of a busy host or one
/// that is left alone, and none whose inbox still waits for something earlier about the same object. No two workers get the same row.
pub async fn claim(tx: &Tx, asked: &Claim<'_>) -> Result<Vec<Claimed>> {
    let mut turn = Turn::new(asked);
    let (mut news, mut retries) = (Reading::default(), Reading::default());
    // A quarter is for what was tried before: old trouble never holds up news, nor news it.
    turn.fill(tx, State::Again, &mut retries, asked.limit / 4).await?;
    turn.fill(tx, State::New, &mut news, asked.limit).await?;
    turn.fill(tx, State::Again, &mut retries, asked.limit).await?;
    turn.give_up_exhausted(tx).await?;
    turn.take_probes(tx).await?;
    turn.lease(tx).await
}

/// How far the rows of one state were read, by `next_at` and id.
struct Reading {
    last: (i64, Uuid),
    more: bool,
}

impl Default for Reading {
    fn default() -> Self {
        Self { last: (i64::MIN, Uuid::nil()), more: true }
    }
}

/// A due row, with what decides whether it can go.
struct Candidate {
    row: Claimed,
    next: i64,
    /// When the earlier one that it waits for is due, if there is one.
    waits_for: Option<i64>,
    breaker: Breaker,
}

struct Turn<'a> {
    asked: &'a Claim<'a>,
    chosen: Vec<Candidate>,
    taken: HashSet<DeliveryId>,
    exhausted: Vec<DeliveryId>,
    /// Hosts of which no more is taken.
    full: HashSet<String>,
    per_host: HashMap<String, usize>,
    probes: BTreeMap<String, Breaker>,
}

impl<'a> Turn<'a> {
    fn new(asked: &'a Claim<'a>) -> Self {
        Self {
            asked,
            chosen: Vec::new(),
            taken: HashSet::new(),
            exhausted: Vec::new(),
            full: asked.busy.iter().cloned().collect(),
            per_host: HashMap::new(),
            probes: BTreeMap::new(),
        }
    }

    async fn fill(&mut self, tx: &Tx, state: State, reading: &mut Reading, most: usize) -> Result<()> {
        for _ in 0..LOOKS {
            let wanted = most.saturating_sub(self.chosen.len());
            if wanted == 0 || !reading.more {
                break;
            }
            let found = self.candidates(tx, state, reading.last, wanted).await?;
            reading.more = found.len() == wanted;
            if let Some(candidate) = found.last() {
                reading.last = (candidate.next, candidate.row.id.0);
            }
            if self.sort_out(tx, found).await? {
                *reading = Reading::default();
            }
        }
        Ok(())
    }

    /// Due rows of hosts that are not full, behind the `last` one looked at.
    async fn candidates(
        &self,
        tx: &Tx,
        state: State,
        last: (i64, Uuid),
        limit: usize,
    ) -> Result<Vec<Candidate>> {
        let lock = match tx.0.get_database_backend() {
            DbBackend::Postgres => " FOR UPDATE OF d SKIP LOCKED",
            _ => "",
        };
        let sql = due_rows(self.full.len(), limit, lock);
        let values = [state.word().into(), self.asked.now.0.into(), last.0.into(), read::id(last.1)]
            .into_iter()
            .chain(self.full.iter().map(|host| host.as_str().into()));
        let found = tx.0.query_all_raw(statement(&tx.0, &sql, values)).await?;
        found.iter().map(|row| self.candidate(row)).collect()
    }

    fn candidate(&self, row: &QueryResult) -> Result<Candidate> {
        let open_until: Option<i64> = row.try_get("", "open_until")?;
        Ok(Candidate {
            row: Claimed {
                id: DeliveryId(row.try_get("", "id")?),
                token: self.asked.token,
                activity: ActivityId(row.try_get("", "activity_id")?),
                sender: ActorId(row.try_get("", "sender_id")?),
                host: row.try_get("", "host")?,
                inbox: row.try_get("", "inbox")?,
                attempts: u32::try_from(row.try_get::<i32>("", "attempts")?)
                    .unwrap_or_default()
                    .saturating_add(1),
                since: Moment(row.try_get("", "created_at")?),
                probe: open_until.is_some(),
                body: Arc::from(""),
            },
            next: row.try_get("", "next_at")?,
            waits_for: row.try_get("", "waits_for")?,
            breaker: Breaker {
                failures: u32::try_from(row.try_get::<Option<i32>>("", "failures")?.unwrap_or_default())
                    .unwrap_or_default(),
                first_failed: read::moment(row.try_get("", "first_failed_at")?),
                open_until: read::moment(open_until),
            },
        })
    }

    /// Takes what can go, and puts off what cannot. True when something else moved to the front instead.
    async fn sort_out(&mut self, tx: &Tx, found: Vec<Candidate>) -> Result<bool> {
        let now = self.asked.now;
        let (mut behind, mut held_up, mut left_alone) = (Vec::new(), Vec::new(), BTreeMap::new());
        for candidate in found {
            let row = &candidate.row;
            if self.full.contains(&row.host) || self.taken.contains(&row.id) {
                continue;
            }
            match (candidate.breaker.open_until, candidate.waits_for) {
                (Some(until), _) if until > now => {
                    left_alone.insert(row.host.clone(), until);
                    self.full.insert(row.host.clone());
                }
                (_, Some(earlier)) if earlier > now.0 => behind.push(row.id),
                (_, Some(earlier)) if earlier >= candidate.next => held_up.push((candidate.next, row.id)),
                (_, Some(_)) => {}
                _ if row.attempts > MOST_ATTEMPTS => self.exhausted.push(row.id),
                _ => self.choose(candidate),
            }
        }
        for (host, until) in left_alone {
            put_off(tx, &host, Uuid::nil(), until, now).await?;
        }
        put_behind(tx, &behind).await?;
        bring_ahead(tx, &held_up, now).await
    }

    fn choose(&mut self, candidate: Candidate) {
        let host = candidate.row.host.clone();
        self.taken.insert(candidate.row.id);
        let count = self.per_host.entry(host.clone()).or_default();
        *count += 1;
        if candidate.row.probe {
            self.probes.insert(host.clone(), candidate.breaker);
        }
        // A host that failed last time gets one at a time.
        if candidate.breaker.failures > 0 || candidate.row.probe || *count == RUN {
            self.full.insert(host);
        }
        self.chosen.push(candidate);
    }

    /// Never came to an end, however often it was tried: it may be what breaks its worker.
    async fn give_up_exhausted(&self, tx: &Tx) -> Result<()> {
        if self.exhausted.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "UPDATE deliveries SET state = 'failed', token = NULL, next_at = $1,
                    last_problem = 'no attempt ever came to an end'
             WHERE id IN ({})",
            list_of(2, self.exhausted.len()),
        );
        let values = [self.asked.now.0.into()].into_iter().chain(ids(&self.exhausted));
        tx.0.execute_raw(statement(&tx.0, &sql, values)).await?;
        Ok(())
    }

    /// One row of a host that was left alone goes to look; its others wait for what it finds.
    async fn take_probes(&mut self, tx: &Tx) -> Result<()> {
        for (host, breaker) in std::mem::take(&mut self.probes) {
            if hosts::probe(tx, &host, breaker, self.asked.now).await? {
                let probe = self.chosen.iter().find(|candidate| candidate.row.host == host);
                let probe = probe.map_or_else(Uuid::nil, |candidate| candidate.row.id.0);
                let until = breaker.after_failed_probe(self.asked.now);
                put_off(tx, &host, probe, until, self.asked.now).await?;
            } else {
                self.chosen.retain(|candidate| candidate.row.host != host);
            }
        }
        Ok(())
    }

    async fn lease(self, tx: &Tx) -> Result<Vec<Claimed>> {
        if self.chosen.is_empty() {
            return Ok(Vec::new());
        }
        let mut claimed: Vec<Claimed> = self.chosen.into_iter().map(|candidate| candidate.row).collect();
        let rows: Vec<DeliveryId> = claimed.iter().map(|row| row.id).collect();
        let sql = format!(
            "UPDATE deliveries SET state = 'again', attempts = attempts + 1, next_at = $1, token = $2
             WHERE id IN ({})",
            list_of(3, rows.len()),
        );
        let lease_ends = self.asked.now.plus(LEASE).0;
        let values = [lease_ends.into(), read::id(self.asked.token)].into_iter().chain(ids(&rows));
        tx.0.execute_raw(statement(&tx.0, &sql, values)).await?;
        let bodies = bodies(tx, &claimed).await?;
        for row in &mut claimed {
            if let Some(body) = bodies.get(&row.activity.0) {
                row.body = Arc::clone(body);
            }
        }
        Ok(claimed)
    }
}

/// The front of the queue in one state, without so many hosts; and whether something earlier about the same
/// object is still to reach the same inbox. What is under way there hides a row, so that it costs nothing.
pub(super) fn due_rows(full: usize, limit: usize, lock: &str) -> String {
    let others = if full == 0 { String::new() } else { format!("AND d.host NOT IN ({})", list_of(5, full)) };
    format!(
        "SELECT d.id, d.activity_id, d.sender_id, d.host, d.inbox, d.attempts, d.next_at, d.created_at,
                h.failures, h.first_failed_at, h.open_until,
                (SELECT MAX(e.next_at) FROM deliveries e
                 WHERE e.inbox = d.inbox AND e.object_uri = d.object_uri AND e.sequence < d.sequence
                   AND e.state <> 'failed') AS waits_for
         FROM deliveries d LEFT JOIN hosts h ON h.host = d.host
         WHERE d.state = $1 AND d.next_at <= $2 AND (d.next_at, d.id) > ($3, $4) {others}
           AND NOT EXISTS (SELECT 1 FROM deliveries e
                 WHERE e.inbox = d.inbox AND e.object_uri = d.object_uri AND e.sequence < d.sequence
                   AND e.state <> 'failed' AND e.token IS NOT NULL)
         ORDER BY d.next_at, d.id LIMIT {limit}{lock}"
    )
}

/// Each body once, however many deliveries carry it.
async fn bodies(tx: &Tx, claimed: &[Claimed]) -> Result<HashMap<Uuid, Arc<str>>> {
    let distinct: HashSet<Uuid> = claimed.iter().map(|row| row.activity.0).collect();
    let found: Vec<(Uuid, String)> = activities::Entity::find()
        .select_only()
        .columns([activities::Column::Id, activities::Column::Body])
        .filter(activities::Column::Id.is_in(distinct))
        .into_tuple()
        .all(&tx.0)
        .await?;
    Ok(found.into_iter().map(|(id, body)| (id, Arc::from(body))).collect())
}

/// Nothing of this host is looked at before the moment, `except` for one row; what is being sent goes on.
async fn put_off(tx: &Tx, host: &str, except: Uuid, until: Moment, now: Moment) -> Result<()> {
    let sql = format!(
        "UPDATE deliveries SET next_at = $1, token = NULL
         WHERE id IN (SELECT id FROM deliveries
                      WHERE host = $2 AND id <> $3 AND state <> 'failed' AND next_at < $1
                        AND (token IS NULL OR next_at <= $4){})",
        skipping_locked(tx),
    );
    let values = [until.0.into(), host.into(), read::id(except), now.0.into()];
    tx.0.execute_raw(statement(&tx.0, &sql, values)).await?;
    Ok(())
}

/// Moves rows behind the earlier ones that they wait for.
async fn put_behind(tx: &Tx, rows: &[DeliveryId]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE deliveries SET next_at = COALESCE(
             (SELECT MAX(e.next_at) FROM deliveries e
              WHERE e.inbox = deliveries.inbox AND e.object_uri = deliveries.object_uri
                AND e.sequence < deliveries.sequence AND e.state <> 'failed'), next_at)
         WHERE id IN ({})",
        list_of(1, rows.len()),
    );
    tx.0.execute_raw(statement(&tx.0, &sql, ids(rows))).await?;
    Ok(())
}

/// Moves what due rows wait for ahead of them, so that they do not hide it. True when anything moved.
async fn bring_ahead(tx: &Tx, held_up: &[(i64, DeliveryId)], now: Moment) -> Result<bool> {
    let Some((front, _)) = held_up.iter().min() else {
        return Ok(false);
    };
    let lock = if skipping_locked(tx).is_empty() { "" } else { " FOR UPDATE OF e SKIP LOCKED" };
    let sql = format!(
        "UPDATE deliveries SET next_at = $1
         WHERE id IN (SELECT e.id FROM deliveries d JOIN deliveries e
                      ON e.inbox = d.inbox AND e.object_uri = d.object_uri AND e.sequence < d.sequence
                      WHERE e.state <> 'failed' AND e.next_at <= $2 AND d.id IN ({}){lock})",
        list_of(3, held_up.len()),
    );
    let values = [(front - 1).into(), now.0.into()];
    let values = values.into_iter().chain(held_up.iter().map(|(_, id)| read::id(id.0)));
    Ok(tx.0.execute_raw(statement(&tx.0, &sql, values)).await?.rows_affected() > 0)
}
