//! `get`: what is read most, beside a bare handler that returns the same bytes, and whether it costs more when much more
//! is stored.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use axum::http::header;
use serde_json::Value;
use url::Url;

use super::{
    Figure, Report, Size, name,
    parts::{self, Answer, Part, Task},
    seed,
    site::Site,
};
use crate::{database::Database, process::Server, process::processor_time};

const ACTIVITY: &str = "application/activity+json";
const HTML: &str = "text/html";
/// Headers that HTTP itself puts on every answer.
const OF_HTTP: [&str; 4] = ["date", "content-length", "connection", "transfer-encoding"];

/// Something to read.
struct Target {
    name: &'static str,
    url: Url,
    accept: &'static str,
}

/// Measures it on one database.
pub(super) async fn run(database: Database, size: Size, report: &mut Report<'_>) -> Result<()> {
    let site = Site::found(database, &BTreeMap::new()).await?;
    let [few, many] = size.items;
    let call = seed::items(&site, 0..few).await?;
    let targets = with_server(&site, async |_| targets(&site, &call).await).await?;
    let of_few = with_server(&site, async |server| read(&site, server, &targets, size).await).await?;
    seed::items(&site, few..many).await?;
    let of_many = with_server(&site, async |server| read(&site, server, &targets, size).await).await?;
    let unit = "\u{b5}s CPU / request";
    for ((target, few), many) in targets.iter().zip(of_few).zip(of_many) {
        let database = name(database);
        report.add(&Figure {
            bench: format!("get {}", target.name),
            database,
            value: many.ours,
            unit,
            baseline: many.bare,
            ratio: many.bare / many.ours,
        })?;
        report.add(&Figure {
            bench: format!("grow {}", target.name),
            database,
            value: many.ours,
            unit,
            baseline: few.ours,
            ratio: many.ours / few.ours,
        })?;
    }
    Ok(())
}

async fn with_server<T>(site: &Site, act: impl AsyncFnOnce(&Server) -> Result<T>) -> Result<T> {
    let server = site.serve().await?;
    let outcome = act(&server).await?;
    ensure!(server.stop().await?.success(), "the server did not end well");
    Ok(outcome)
}

/// What is read: each once before, to learn where it is.
async fn targets(site: &Site, call: &Url) -> Result<Vec<Target>> {
    let moor = &site.moor;
    let base = &moor.uri;
    let resource: String =
        url::form_urlencoded::byte_serialize(format!("acct:{}@{}", moor.handle, moor.host).as_bytes())
            .collect();
    let actor: Value = serde_json::from_str(&answer(site, base, ACTIVITY).await?.body)?;
    let outbox: Url = actor["outbox"].as_str().context("the actor has no outbox")?.parse()?;
    let outbox: Value = serde_json::from_str(&answer(site, &outbox, ACTIVITY).await?.body)?;
    let page = outbox["first"].as_str().context("the outbox has no first page of its own")?;
    let target = |name, url, accept| Target { name, url, accept };
    Ok(vec![
        target("actor", base.clone(), ACTIVITY),
        target("object", call.clone(), ACTIVITY),
        target(
            "webfinger",
            base.join(&format!("/.well-known/webfinger?resource={resource}"))?,
            "application/jrd+json",
        ),
        target("outbox page", page.parse()?, ACTIVITY),
        target("home page", base.join("/")?, HTML),
        target("list page", base.join("/calls")?, HTML),
    ])
}

/// Processor time for each request, in microseconds.
struct Cost {
    ours: f64,
    bare: f64,
}

async fn read(site: &Site, server: &Server, targets: &[Target], size: Size) -> Result<Vec<Cost>> {
    let mut answers = Vec::new();
    for target in targets {
        answers.push(answer(site, &target.url, target.accept).await?);
    }
    let file = site.place.write("answers.json", &serde_json::to_string(&answers)?)?;
    let bare = parts::start("bare", &[file]).await?;
    let mut costs = Vec::new();
    for (number, (target, answer)) in targets.iter().zip(&answers).enumerate() {
        costs.push(compare(site, server, &bare, (number, target, answer), size).await?);
    }
    Ok(costs)
}

/// Both in turn, so that what disturbs one disturbs the other.
async fn compare(
    site: &Site,
    server: &Server,
    bare: &Part,
    (number, target, answer): (usize, &Target, &Answer),
    size: Size,
) -> Result<Cost> {
    let query = target.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let ours = Task {
        address: site.place.listen,
        host: host(&target.url)?,
        path: format!("{}{query}", target.url.path()),
        accept: target.accept.to_owned(),
        milliseconds: size.sample,
        bytes: answer.body.len(),
    };
    let theirs =
        Task { address: ([127, 0, 0, 1], bare.port).into(), path: format!("/{number}"), ..ours.clone() };
    let (mut of_ours, mut of_theirs) = (Sum::default(), Sum::default());
    for _ in 0..size.rounds {
        of_ours.add(&server.id()?.to_string(), &ours).await?;
        of_theirs.add(&bare.process()?, &theirs).await?;
    }
    Ok(Cost { ours: of_ours.cost(), bare: of_theirs.cost() })
}

/// Requests, and the seconds of processor time that they took.
#[derive(Default)]
struct Sum {
    requests: u64,
    seconds: f64,
}

impl Sum {
    async fn add(&mut self, process: &str, task: &Task) -> Result<()> {
        let before = processor_time(process)?;
        self.requests += parts::ask(task).await?;
        self.seconds += processor_time(process)?.saturating_sub(before).as_secs_f64();
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn cost(&self) -> f64 {
        // The clock of processor time ticks in hundredths: nothing is ever free.
        self.seconds.max(0.01) * 1e6 / self.requests.max(1) as f64
    }
}

/// One answer, as the bare handler will give it.
async fn answer(site: &Site, url: &Url, accept: &str) -> Result<Answer> {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let request = client.get(format!("http://{}{}{query}", site.place.listen, url.path()));
    let answer = request.header(header::HOST, host(url)?).header(header::ACCEPT, accept).send().await?;
    ensure!(answer.status() == 200, "{url}: {}", answer.status());
    let headers = answer.headers().iter().filter(|(name, _)| !OF_HTTP.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| Ok((name.to_string(), value.to_str()?.to_owned())));
    Ok(Answer { headers: headers.collect::<Result<_>>()?, body: answer.text().await? })
}

/// The host, with its port.
fn host(url: &Url) -> Result<String> {
    let host = url.host_str().context("an address without a host")?;
    Ok(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}
