//! The worker for what came in: each stored activity is taken up in order, once, and ends with a sentence.
//!
//! What it means is [`folkmoot_wire::incoming`]'s to say, what it does one use case of `app`. A rule that says no
//! is an end, a database that does not answer is a delay, and a panic stops nobody but the activity that
//! caused it. Start at [`take_up_due`]; what each kind of activity does stands in `handlers.rs`.

use std::{collections::BTreeSet, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use folkmoot_app::{App, Error, Result, arrivals, blocks, changes::host_and_port, hosts};
use folkmoot_domain::{ArrivalId, Refusal};
use folkmoot_storage::arrivals::Arrival;
use folkmoot_wire::{Envelope, Refused, understand};
use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::watch;
use url::Url;

use crate::{
    door::Door,
    fetch::{self, Allowance},
    handlers::{self, Ended, Job},
    strict_json,
};

/// How many arrivals are taken up at once.
const BATCH: u64 = 100;
/// How often the worker looks by itself, when nobody rings.
const LOOK: Duration = Duration::from_secs(2);
/// How many actors are read again at the same time.
const READ_AGAIN: usize = 4;

/// Takes up arrivals until `stop` says so.
pub async fn run(app: App, door: Arc<Door>, stop: watch::Receiver<bool>) {
    tokio::join!(take_up_until(&app, &door, stop.clone()), read_again_until(&app, &door, stop));
}

/// Takes up everything that is due, and reads again whoever changed meanwhile. How many arrivals were taken up.
pub async fn take_up_due(app: &App, door: &Door) -> Result<usize> {
    let taken = take_up_all(app, door).await?;
    read_again(app, door).await;
    Ok(taken)
}

async fn take_up_until(app: &App, door: &Door, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = take_up_all(app, door).await {
            tracing::error!(%error, "what came in could not be taken up; it waits");
        }
        tokio::select! {
            () = app.bells.arrivals.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Apart from the arrivals, since a slow server must not hold up what others sent.
async fn read_again_until(app: &App, door: &Door, mut stop: watch::Receiver<bool>) {
    let work = async {
        loop {
            door.stale.added().await;
            read_again(app, door).await;
        }
    };
    tokio::select! {
        () = work => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

async fn read_again(app: &App, door: &Door) {
    let read = |actor: Url| async move {
        if let Err(fault) = fetch::refresh(app, door, &actor).await {
            tracing::debug!(host = actor.host_str(), %fault, "an actor could not be read again");
        }
    };
    stream::iter(door.stale.take()).for_each_concurrent(READ_AGAIN, read).await;
}

async fn take_up_all(app: &App, door: &Door) -> Result<usize> {
    let (mut taken, mut last) = (0, BTreeSet::<ArrivalId>::new());
    loop {
        let due = arrivals::waiting(app, BATCH).await?;
        // Whatever was taken up has ended or waits for later. Should one come back at once, stop and look later.
        if due.is_empty() || due.iter().any(|arrival| last.contains(&arrival.id)) {
            return Ok(taken);
        }
        for arrival in &due {
            take_up(app, door, arrival).await?;
            taken += 1;
        }
        last = due.into_iter().map(|arrival| arrival.id).collect();
    }
}

/// Takes up one arrival, and writes down how it ended when its use case did not.
async fn take_up(app: &App, door: &Door, arrival: &Arrival) -> Result<()> {
    let ended = AssertUnwindSafe(Box::pin(ended(app, door, arrival))).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(arrival = %arrival.id, verb = arrival.verb, "an arrival made this program fail; it is tried again");
        Ok(Ended::Later("a fault of ours while it was taken up".to_owned()))
    });
    match ended {
        Ok(Ended::Done) => Ok(()),
        Ok(Ended::Ignored { name, why }) => arrivals::ignore(app, arrival.id, &name, &why).await,
        Ok(Ended::Later(problem)) => arrivals::postpone(app, arrival, &problem).await,
        Err(Error::Refused(refusal)) => arrivals::refuse(app, arrival.id, &refusal.to_string()).await,
        Err(error) => {
            tracing::error!(verb = arrival.verb, %error, "an arrival could not be taken up; it is tried again");
            arrivals::postpone(app, arrival, &error.to_string()).await
        }
    }
}

async fn ended(app: &App, door: &Door, arrival: &Arrival) -> Result<Ended> {
    let envelope = open(arrival).map_err(|refused| not_believed(&refused))?;
    let host = envelope.actor.host_str().unwrap_or_default();
    if blocks::is_blocked(app, host).await? {
        return Err(Refusal::Blocked(host.to_owned()).into());
    }
    hosts::heard_from(app, &host_and_port(&envelope.actor)).await?;
    let incoming = understand(&envelope, &app.addresses).map_err(|refused| not_believed(&refused))?;
    let job = Job { app, door, arrival, actor: &envelope.actor, allowance: Allowance::whole() };
    // In a box: the futures of all that can be done are too large together for a small stack.
    Box::pin(handlers::handle(&job, incoming)).await
}

/// Opens what was stored. Whoever signed it must be who says it.
fn open(arrival: &Arrival) -> std::result::Result<Envelope, Refused> {
    let value = strict_json::read(arrival.body.as_bytes(), arrival.body.len());
    let envelope = Envelope::read(value.map_err(|_| Refused::NotAnObject)?)?;
    if envelope.actor.as_str() == arrival.actor { Ok(envelope) } else { Err(Refused::NotTheirs("actor")) }
}

fn not_believed(refused: &Refused) -> Error {
    Refusal::field("activity", refused.to_string()).into()
}
