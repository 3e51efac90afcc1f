//! What comes in: stored before it is answered with 202, then taken up once.

use folkmoot_domain::{ArrivalId, Moment, moments::MINUTE};
use folkmoot_storage::{
    arrivals::{self, Arrival},
    counters, tombstones,
};

use crate::{App, By, Result};

/// How often an arrival is tried before it is given up with what went wrong.
const ATTEMPTS: i32 = 8;

/// Stores an activity whose signature was checked. False when the same one is here already.
pub async fn store(app: &App, arrival: &Arrival) -> Result<bool> {
    if arrivals::is_known(&app.store.rows(), &arrival.activity, &arrival.digest).await? {
        return Ok(false);
    }
    let doing = app.begin(&By::operator()).await?;
    let new = arrivals::insert(&doing.tx, arrival).await?;
    doing.done("an activity came in").await?;
    app.bells.arrivals.notify_one();
    Ok(new)
}

/// What waits to be taken up, oldest first.
pub async fn waiting(app: &App, limit: u64) -> Result<Vec<Arrival>> {
    Ok(arrivals::waiting(&app.store.rows(), app.now(), limit).await?)
}

/// It was calmly left alone, and counted: `name` says what, `outcome` why in a sentence.
pub async fn ignore(app: &App, id: ArrivalId, name: &str, outcome: &str) -> Result<()> {
    end(app, id, "ignored", Some(name), outcome).await
}

/// A rule said no.
pub async fn refuse(app: &App, id: ArrivalId, outcome: &str) -> Result<()> {
    end(app, id, "refused", None, outcome).await
}

async fn end(app: &App, id: ArrivalId, state: &str, name: Option<&str>, outcome: &str) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    if arrivals::finish(&doing.tx, id, state, outcome).await?
        && let Some(name) = name
    {
        counters::count(&doing.tx, name).await?;
    }
    doing.done("an arrival ended").await
}

/// Somebody takes back what they did, and it has not come yet: should it come late, it is dead already.
pub async fn bury(app: &App, by: &By, act: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    doing.remote()?;
    tombstones::insert(&doing.tx, act, doing.now).await?;
    doing.done("something was taken back before it came").await
}

/// It could not be taken up now; it is tried again later, and given up after a while.
pub async fn postpone(app: &App, arrival: &Arrival, problem: &str) -> Result<()> {
    if arrival.attempts + 1 >= ATTEMPTS {
        return refuse(app, arrival.id, problem).await;
    }
    let doing = app.begin(&By::operator()).await?;
    let until: Moment = doing.now.plus(MINUTE << arrival.attempts.clamp(0, 8));
    arrivals::postpone(&doing.tx, arrival.id, until, problem).await?;
    doing.done("an arrival waits").await
}
