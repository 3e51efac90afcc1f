//! Deliveries: what the worker and the operator can do with the queue, each in one transaction.
//!
//! Nothing is sent here. What follows from an answer is judged by [`folkmoot_domain::deliveries`]; this module
//! writes down the verdicts of many attempts at once. Start at [`claim`] and [`record`].

use std::collections::{BTreeMap, BTreeSet, HashSet};

use folkmoot_domain::{
    DeliveryId, Moment,
    deliveries::{Answer, Attempt, Verdict, judge},
    moments::DAY,
    roles::Act,
};
use folkmoot_storage::{
    Tx,
    deliveries::{self, Claim, Claimed, Ending, Settled, Which},
    followers, hosts,
};
use uuid::Uuid;

use crate::{App, By, Result, blocks, items};

/// How long deliveries that were given up can be looked at, in milliseconds.
const KEPT: i64 = 30 * DAY;

/// What became of one claimed delivery.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The delivery.
    pub claimed: Claimed,
    /// What came back.
    pub answer: Answer,
    /// What went wrong, in words for operators; empty when nothing did.
    pub problem: String,
}

/// Claims deliveries that are due, none of a busy host. The attempts are on record when this returns: send
/// them now, then [`record`] or [`give_back`]. An empty answer means that nothing can go at the moment.
pub async fn claim(app: &App, limit: usize, busy: &[String]) -> Result<Vec<Claimed>> {
    if !deliveries::is_due(&app.store.rows(), app.now()).await? {
        return Ok(Vec::new());
    }
    let tx = app.store.begin().await?;
    let now = app.now();
    let claimed = deliveries::claim(&tx, &Claim { now, limit, busy, token: app.id() }).await?;
    let inboxes = claimed.iter().map(|row| row.inbox.clone()).collect();
    let open: HashSet<String> = blocks::without_blocked(app, inboxes).await?.into_iter().collect();
    let (open, blocked): (Vec<_>, Vec<_>) = claimed.into_iter().partition(|row| open.contains(&row.inbox));
    let blocked: Vec<Settled> = blocked.iter().map(never_told).collect();
    deliveries::record(&tx, &blocked, now).await?;
    tx.commit().await?;
    Ok(open)
}

/// Blocked since it was queued.
fn never_told(row: &Claimed) -> Settled {
    let problem = Some("the server is blocked here".to_owned());
    Settled { id: row.id, token: row.token, ending: Ending::Failed, answer: Answer::Forbidden, problem }
}

/// Writes down what became of claimed deliveries and what it tells about their servers. Returns how many came
/// too late to count.
pub async fn record(app: &App, outcomes: &[Outcome]) -> Result<u64> {
    let tx = app.store.begin().await?;
    let now = app.now();
    let settled: Vec<(Settled, bool)> = outcomes.iter().map(|outcome| settle(app, outcome, now)).collect();
    let (settled, gone): (Vec<Settled>, Vec<bool>) = settled.into_iter().unzip();
    // First the servers: when one is back, what waits for it comes forward, but not what just failed.
    let left_alone = judge_servers(&tx, outcomes, now).await?;
    let late = deliveries::record(&tx, &settled, now).await?;
    for (outcome, _) in outcomes.iter().zip(gone).filter(|(_, gone)| *gone) {
        followers::remove_by_inbox(&tx, &outcome.claimed.inbox).await?;
    }
    tx.commit().await?;
    for (outcome, settled) in outcomes.iter().zip(&settled) {
        report(outcome, settled.ending);
    }
    for (host, until) in left_alone {
        tracing::warn!(host, until = until.rfc3339(), "a server does not answer and is left alone");
    }
    Ok(late)
}

/// What follows for one delivery, and whether its inbox is gone for good.
fn settle(app: &App, outcome: &Outcome, now: Moment) -> (Settled, bool) {
    let Outcome { claimed, answer, problem } = outcome;
    let mut chance = [0; 4];
    app.random.fill(&mut chance);
    let attempt = Attempt { answer: *answer, attempts: claimed.attempts, since: claimed.since };
    let (ending, gone) = match judge(attempt, now, u32::from_le_bytes(chance)) {
        Verdict::Delivered => (Ending::Delivered, false),
        Verdict::Again { at } => (Ending::Again(at), false),
        Verdict::GivenUp { gone } => (Ending::Failed, gone),
    };
    let problem = Some(problem.clone()).filter(|words| !words.is_empty());
    (Settled { id: claimed.id, token: claimed.token, ending, answer: *answer, problem }, gone)
}

/// Which servers live, which fail, which ask for a pause. Returns those that are left alone from now on.
async fn judge_servers(tx: &Tx, outcomes: &[Outcome], now: Moment) -> Result<Vec<(String, Moment)>> {
    let alive: BTreeSet<String> = outcomes
        .iter()
        .filter(|outcome| outcome.answer.server_lives() == Some(true))
        .map(|outcome| outcome.claimed.host.clone())
        .collect();
    for host in hosts::answered(tx, &alive, now).await? {
        deliveries::bring_forward(tx, &host, now).await?;
    }
    // In the order of names, as every worker does: nobody waits for another in a circle.
    let mut troubled: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        troubled.entry(&outcome.claimed.host).or_default().push(outcome);
    }
    let mut left_alone = Vec::new();
    for (host, of_host) in troubled {
        if alive.contains(host) {
            if let Some(pause) = of_host.iter().filter_map(|outcome| outcome.answer.pause()).max() {
                hosts::pause(tx, host, pause, now).await?;
            }
        } else if let Some(until) = fail(tx, host, &of_host, now).await? {
            left_alone.push((host.to_owned(), until));
        }
    }
    Ok(left_alone)
}

async fn fail(tx: &Tx, host: &str, outcomes: &[&Outcome], now: Moment) -> Result<Option<Moment>> {
    let mut left_alone = None;
    for outcome in outcomes.iter().filter(|outcome| outcome.answer.server_lives() == Some(false)) {
        let (answer, problem, probe) = (outcome.answer, outcome.problem.as_str(), outcome.claimed.probe);
        let failure = hosts::Failure { host, answer, problem, probe };
        left_alone = hosts::failed(tx, &failure, now).await?.or(left_alone);
    }
    if left_alone.is_some() {
        let given_up = deliveries::give_up_old(tx, host, now).await?;
        if given_up > 0 {
            tracing::warn!(host, given_up, "deliveries to a server that does not answer are given up");
        }
    }
    Ok(left_alone)
}

/// Says once what an operator may want to know; addresses of inboxes may name people and stay in the database.
fn report(outcome: &Outcome, ending: Ending) {
    let Outcome { claimed, answer, .. } = outcome;
    let (host, attempts, status) = (&claimed.host, claimed.attempts, answer.code());
    match ending {
        Ending::Delivered => tracing::debug!(host, attempts, "delivered"),
        Ending::Again(at) => tracing::debug!(host, attempts, status, next = at.rfc3339(), "a delivery waits"),
        Ending::Failed => {
            tracing::warn!(host, attempts, status, delivery = %claimed.id, "a delivery is given up");
        }
    }
}

/// Gives back deliveries that were claimed and never sent; the attempt does not count.
pub async fn give_back(app: &App, claimed: &[Claimed]) -> Result<()> {
    if claimed.is_empty() {
        return Ok(());
    }
    let mut by_claim: BTreeMap<Uuid, Vec<DeliveryId>> = BTreeMap::new();
    for row in claimed {
        by_claim.entry(row.token).or_default().push(row.id);
    }
    let tx = app.store.begin().await?;
    for (token, rows) in by_claim {
        deliveries::give_back(&tx, token, &rows, app.now()).await?;
    }
    Ok(tx.commit().await?)
}

/// Tries these now, those that were given up too, with all patience anew. Returns how many.
pub async fn retry(app: &App, by: &By, which: &Which) -> Result<u64> {
    let doing = app.begin(by).await?;
    doing.authorise(items::nobody(app).await?, Act::Operate).await?;
    let retried = deliveries::retry_now(&doing.tx, which, doing.now).await?;
    doing.done("deliveries are tried again").await?;
    app.bells.deliveries.notify_one();
    Ok(retried)
}

/// Forgets what was given up long ago, and mends waits that a wrong clock made too long.
pub async fn tidy(app: &App) -> Result<()> {
    loop {
        let tx = app.store.begin().await?;
        deliveries::unstick(&tx, app.now()).await?;
        let more = deliveries::forget(&tx, app.now().plus(-KEPT)).await?;
        tx.commit().await?;
        if !more {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;
