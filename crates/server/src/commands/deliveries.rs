//! `folkmoot deliveries`: what is on its way to other servers, and sending it again.

use folkmoot_app::App;
use folkmoot_domain::Moment;
use folkmoot_storage::deliveries::{self, Listed, Queue, State, Which};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Answers;
use crate::cli::{Deliveries, Retry};

/// Most lines of one list.
const MOST: u64 = 1_000;

/// Does what was asked.
pub async fn run(what: Deliveries, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    match what {
        Deliveries::List { host: None, each: false } => by_host(app, answers).await,
        Deliveries::List { host, .. } => each(app, host.as_deref(), answers).await,
        Deliveries::Retry(retry) => again(retry, app, answers).await,
    }
}

async fn by_host(app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let queues = deliveries::by_host(&app.store.rows(), MOST).await?;
    if queues.is_empty() {
        answers.word("Nothing waits: everything has arrived.")?;
    }
    for queue in queues {
        answers.thing(words(&queue, app.now()), &queue_object(&queue))?;
    }
    Ok(())
}

async fn each(app: &App, host: Option<&str>, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let listed = deliveries::list(&app.store.rows(), host, None, MOST).await?;
    if listed.is_empty() {
        answers.word("Nothing waits there: everything has arrived.")?;
    }
    for one in listed {
        answers.thing(line(&one), &listed_object(&one))?;
    }
    Ok(())
}

async fn again(retry: Retry, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let which: Vec<Which> = match (retry.all, retry.host) {
        (true, _) => vec![Which::All],
        (false, Some(host)) => vec![Which::Host(host)],
        (false, None) => retry.deliveries.into_iter().map(Which::One).collect(),
    };
    let mut count = 0;
    for which in which {
        count += folkmoot_app::deliveries::retry(app, &folkmoot_app::By::operator(), &which).await?;
    }
    let words = match count {
        0 => "Nothing of that waits.".to_owned(),
        1 => "1 delivery is sent again, by the server that runs.".to_owned(),
        count => format!("{count} deliveries are sent again, by the server that runs."),
    };
    answers.thing(words, &json!({ "retried": count }))?;
    Ok(())
}

/// "leeds.example: 3 posts wait, the oldest since Tuesday 24 November 2026, 10 am. …"
fn words(queue: &Queue, now: Moment) -> String {
    let mut sentences = Vec::new();
    if queue.waiting > 0 {
        let since = queue.oldest.map(|at| format!(", the oldest since {}", in_words(at))).unwrap_or_default();
        sentences.push(format!("{} wait{since}.", posts(queue.waiting)));
    }
    if queue.failed > 0 {
        sentences.push(format!("{} could not be delivered and are no longer tried.", posts(queue.failed)));
    }
    if let Some(until) = queue.left_alone_until.filter(|until| *until > now) {
        sentences.push(format!("It is left alone until {}.", in_words(until)));
    }
    if let Some(problem) = &queue.last_problem {
        sentences.push(format!("What went wrong last: {problem}."));
    }
    format!("{}: {}", queue.host, sentences.join(" "))
}

fn posts(count: u64) -> String {
    if count == 1 { "1 post".to_owned() } else { format!("{count} posts") }
}

fn in_words(at: Moment) -> String {
    let zone = TimeZone::system();
    format!("{}, {}", at.day_in_words(&zone), at.time_in_words(&zone))
}

fn line(one: &Listed) -> String {
    let what = match one.state {
        State::New => "not tried yet".to_owned(),
        State::Again => format!("tried {} times, next at {}", one.attempts, one.next.rfc3339()),
        State::Failed => format!("given up after {} attempts", one.attempts),
    };
    let problem = one.last_problem.as_ref().map(|problem| format!(": {problem}")).unwrap_or_default();
    format!("{}  {}  {}  {what}{problem}", one.id, one.host, one.object)
}

fn queue_object(queue: &Queue) -> Value {
    json!({
        "host": queue.host,
        "waiting": queue.waiting,
        "failed": queue.failed,
        "oldest": queue.oldest.map(Moment::rfc3339),
        "left_alone_until": queue.left_alone_until.map(Moment::rfc3339),
        "last_problem": queue.last_problem,
    })
}

fn listed_object(one: &Listed) -> Value {
    json!({
        "id": one.id.to_string(),
        "host": one.host,
        "object": one.object,
        "state": one.state.word(),
        "attempts": one.attempts,
        "next": one.next.rfc3339(),
        "since": one.since.rfc3339(),
        "last_status": one.last_status,
        "last_problem": one.last_problem,
    })
}
