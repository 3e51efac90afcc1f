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

use super::{RUN, ids, list_of, skipping_locked};
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

/// Claims what is due: at most [`RUN`] rows of one host, none of a busy host or one that is left alone, and
/// none whose inbox still waits for something earlier about the same object. No two workers get the same row.
pub async fn claim(tx: &Tx, asked: &Claim<'_>) -> Result<Vec<Claimed>> {
    let mut turn = Turn::new(asked);
    // A quarter is kept for what was tried before: old trouble never holds up news, nor news it.
    turn.fill(tx, "new", asked.limit - asked.limit / 4).await?;
    turn.fill(tx, "again", asked.limit).await?;
    turn.give_up_exhausted(tx).await?;
    turn.take_probes(tx).await?;
    turn.lease(tx).await
}

/// A due row, with what decides whether it can go.
struct Candidate {
    row: Claimed,
    next: i64,
    /// When the earlier one that it waits for is due, if there is one.
    after: Option<i64>,
    breaker: Breaker,
}

struct Turn<'a> {
    asked: &'a Claim<'a>,
    chosen: Vec<Candidate>,
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
            exhausted: Vec::new(),
            full: asked.busy.iter().cloned().collect(),
            per_host: HashMap::new(),
            probes: BTreeMap::new(),
        }
    }

    async fn fill(&mut self, tx: &Tx, state: &str, most: usize) -> Result<()> {
        let mut last = (i64::MIN, Uuid::nil());
        for _ in 0..LOOKS {
            let wanted = most.saturating_sub(self.chosen.len());
            if wanted == 0 {
                break;
            }
            let found = self.candidates(tx, state, last, wanted).await?;
            match found.last() {
                Some(candidate) if found.len() == wanted => last = (candidate.next, candidate.row.id.0),
                _ => return self.sort_out(tx, found).await,
            }
            self.sort_out(tx, found).await?;
        }
        Ok(())
    }

    /// Due rows of hosts that are not full, behind the `last` one looked at.
    async fn candidates(
        &self,
        tx: &Tx,
        state: &str,
        last: (i64, Uuid),
        limit: usize,
    ) -> Result<Vec<Candidate>> {
        let lock = match tx.0.get_database_backend() {
            DbBackend::Postgres => " FOR UPDATE OF d SKIP LOCKED",
            _ => "",
        };
        let full = match self.full.len() {
            0 => String::new(),
            count => format!("AND d.host NOT IN ({})", list_of(5, count)),
        };
        let sql = format!(
            "SELECT d.id, d.activity_id, d.sender_id, d.host, d.inbox, d.attempts, d.next_at, d.created_at,
                    h.failures, h.first_failed_at, h.open_until,
                    (SELECT MAX(e.next_at) FROM deliveries e
                     WHERE e.inbox = d.inbox AND e.object_uri = d.object_uri AND e.sequence < d.sequence
                       AND e.state <> 'failed') AS waits_for
             FROM deliveries d LEFT JOIN hosts h ON h.host = d.host
             WHERE d.state = $1 AND d.next_at <= $2 AND (d.next_at, d.id) > ($3, $4) {full}
               AND NOT EXISTS (SELECT 1 FROM deliveries e
                     WHERE e.inbox = d.inbox AND e.object_uri = d.object_uri AND e.sequence < d.sequence
                       AND e.state <> 'failed' AND e.token IS NOT NULL)
             ORDER BY d.next_at, d.id LIMIT {limit}{lock}"
        );
        let values = [state.into(), self.asked.now.0.into(), last.0.into(), read::id(last.1)]
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
                attempts: u32::try_from(row.try_get::<i32>("", "attempts")?).unwrap_or_default().saturating_add(1),
                since: Moment(row.try_get("", "created_at")?),
                probe: open_until.is_some(),
                body: Arc::from(""),
            },
            next: row.try_get("", "next_at")?,
            after: row.try_get("", "waits_for")?,
            breaker: Breaker {
                failures: u32::try_from(row.try_get::<Option<i32>>("", "failures")?.unwrap_or_default())
                    .unwrap_or_default(),
                first_failed: read::moment(row.try_get("", "first_failed_at")?),
                open_until: read::moment(open_until),
            },
        })
    }

    /// Takes what can go, and puts off what cannot.
    async fn sort_out(&mut self, tx: &Tx, found: Vec<Candidate>) -> Result<()> {
        let mut behind = Vec::new();
        let mut hosts_put_off = BTreeMap::new();
        for candidate in found {
            let row = &candidate.row;
            if self.full.contains(&row.host) {
                continue;
            }
            match (candidate.breaker.open_until, candidate.after) {
                (Some(until), _) if until > self.asked.now => {
                    hosts_put_off.insert(row.host.clone(), until);
                    self.full.insert(row.host.clone());
                }
                (_, Some(after)) => {
                    if candidate.next < after {
                        behind.push(row.id);
                    }
                }
                _ if row.attempts > MOST_ATTEMPTS => self.exhausted.push(row.id),
                _ => self.choose(candidate),
            }
        }
        for (host, until) in hosts_put_off {
            put_off(tx, &host, Uuid::nil(), until, self.asked.now).await?;
        }
        put_behind(tx, &behind).await
    }

    fn choose(&mut self, candidate: Candidate) {
        let host = candidate.row.host.clone();
        let count = self.per_host.entry(host.clone()).or_default();
        *count += 1;
        if candidate.row.probe {
            self.probes.insert(host.clone(), candidate.breaker);
        }
        if candidate.row.probe || *count == RUN {
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
