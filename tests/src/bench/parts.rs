//! The parts that are played in processes of their own, so that their work is not counted as the server's.
//!
//! Each is this very program with the name of the part as its first word; it says its port in one line when it is ready,
//! and ends with whoever started it. Start at [`start`].

use std::{
    collections::HashSet,
    io::{self, Write as _},
    net::{Ipv4Addr, SocketAddr},
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    routing::get,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, ChildStdin, Command},
    time::Instant,
};

/// Every part.
pub const ALL: [&str; 3] = ["neighbours", "bare", "readers"];
/// Connections that ask at the same time.
const READERS: usize = 4;

/// A part that is being played.
pub struct Part {
    /// Where it listens on loopback; 0 when it does not.
    pub port: u16,
    /// What it said first, whole.
    said: Value,
    child: Child,
    /// It ends when this closes, however this process ends.
    _leash: ChildStdin,
}

/// Starts a part and waits for its first line.
pub async fn start(part: &str, words: &[String]) -> Result<Part> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg(part)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let leash = child.stdin.take().context("it has no standard input")?;
    let mut said = BufReader::new(child.stdout.take().context("it has no standard output")?).lines();
    let line = said.next_line().await?.with_context(|| format!("{part} ended before it was ready"))?;
    let said: Value = serde_json::from_str(&line)?;
    let port = said["port"].as_u64().and_then(|port| u16::try_from(port).ok()).unwrap_or_default();
    Ok(Part { port, said, child, _leash: leash })
}

impl Part {
    /// Its process.
    pub fn process(&self) -> Result<String> {
        Ok(self.child.id().context("it has ended")?.to_string())
    }
}

/// Plays one, for `main`.
pub async fn play(part: &str, words: &[String]) -> Result<()> {
    match part {
        "neighbours" => serve(neighbours()).await,
        "bare" => serve(bare(words.first().context("bare needs a file")?)?).await,
        "readers" => readers(words.first().context("readers need a task")?).await,
        other => bail!("there is no part {other}"),
    }
}

async fn serve(router: Router) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    say(&json!({ "port": listener.local_addr()?.port() }))?;
    tokio::select! {
        ended = axum::serve(listener, router) => Ok(ended?),
        () = nobody_is_left() => Ok(()),
    }
}

fn say(object: &Value) -> Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{object}")?;
    Ok(out.flush()?)
}

/// Standard input ends when whoever started this has ended.
async fn nobody_is_left() {
    let (ended, wait) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _all_of_it = io::read_to_string(io::stdin());
        drop(ended);
    });
    let _dropped = wait.await;
}

/// What reached the neighbours.
#[derive(Default)]
struct Heard {
    posts: AtomicU64,
    unsigned: AtomicU64,
    inboxes: Mutex<HashSet<String>>,
}

/// A thousand servers at one socket: they take everything, and count.
fn neighbours() -> Router {
    async fn take(State(heard): State<Arc<Heard>>, uri: Uri, headers: HeaderMap, _: Bytes) -> StatusCode {
        heard.posts.fetch_add(1, Ordering::Relaxed);
        heard.unsigned.fetch_add(u64::from(!headers.contains_key("signature")), Ordering::Relaxed);
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        if let Ok(mut inboxes) = heard.inboxes.lock() {
            inboxes.insert(format!("{host}{}", uri.path()));
        }
        StatusCode::ACCEPTED
    }
    async fn count(State(heard): State<Arc<Heard>>) -> Json<Value> {
        let inboxes = heard.inboxes.lock().map(|inboxes| inboxes.len()).unwrap_or_default();
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        Json(json!({ "posts": count(&heard.posts), "unsigned": count(&heard.unsigned), "inboxes": inboxes }))
    }
    Router::new().route("/heard", get(count)).fallback(take).with_state(Arc::default())
}

/// An answer of the server, to be given again by a handler that does nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Names and values, without those that HTTP itself puts there.
    pub headers: Vec<(String, String)>,
    /// The bytes, as text: everything that is measured is text.
    pub body: String,
}

type Given = (HeaderMap, Bytes);

/// A bare axum handler that returns the same bytes: what any answer costs at least.
fn bare(file: &str) -> Result<Router> {
    async fn give(
        State(all): State<Arc<Vec<Given>>>,
        Path(number): Path<usize>,
    ) -> Result<Given, StatusCode> {
        all.get(number).cloned().ok_or(StatusCode::NOT_FOUND)
    }
    let answers: Vec<Answer> = serde_json::from_slice(&std::fs::read(file)?)?;
    let all: Vec<Given> = answers.into_iter().map(given).collect::<Result<_>>()?;
    Ok(Router::new().route("/{number}", get(give)).with_state(Arc::new(all)))
}

fn given(answer: Answer) -> Result<Given> {
    let mut headers = HeaderMap::new();
    for (name, value) in &answer.headers {
        headers.append(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(value)?);
    }
    Ok((headers, Bytes::from(answer.body)))
}

/// What the readers are to ask for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Where the server listens.
    pub address: SocketAddr,
    /// The host it is known by.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// The media type.
    pub accept: String,
    /// For how long, in milliseconds.
    pub milliseconds: u64,
    /// How long every answer must be, in bytes.
    pub bytes: usize,
}

/// Asks a server for one thing, again and again, from a process of its own. How often it was answered.
pub async fn ask(task: &Task) -> Result<u64> {
    let readers = start("readers", &[serde_json::to_string(task)?]).await?;
    let (right, wrong) = (readers.said["right"].as_u64(), readers.said["wrong"].as_u64());
    ensure!(
        wrong == Some(0),
        "{} was answered otherwise {wrong:?} times: {}",
        task.path,
        readers.said["first_wrong"]
    );
    right.filter(|right| *right > 0).with_context(|| format!("{} was never answered", task.path))
}

async fn readers(task: &str) -> Result<()> {
    let task: Task = serde_json::from_str(task)?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let until = Instant::now() + Duration::from_millis(task.milliseconds);
    let mut reading = tokio::task::JoinSet::new();
    for _ in 0..READERS {
        reading.spawn(read(client.clone(), task.clone(), until));
    }
    let (mut right, mut wrong, mut first_wrong) = (0_u64, 0_u64, None);
    while let Some(read) = reading.join_next().await {
        let (more_right, problem) = read?;
        right += more_right;
        wrong += u64::from(problem.is_some());
        first_wrong = first_wrong.or(problem);
    }
    say(&json!({ "right": right, "wrong": wrong, "first_wrong": first_wrong }))
}

/// One reader: how often it got what it should, and what it got otherwise, at which it stops.
async fn read(client: reqwest::Client, task: Task, until: Instant) -> (u64, Option<String>) {
    let url = format!("http://{}{}", task.address, task.path);
    let mut right = 0;
    while Instant::now() < until {
        match once(&client, &task, &url).await {
            Ok(()) => right += 1,
            Err(problem) => return (right, Some(format!("{problem:#}"))),
        }
    }
    (right, None)
}

async fn once(client: &reqwest::Client, task: &Task, url: &str) -> Result<()> {
    let request = client.get(url).header(header::HOST, &task.host).header(header::ACCEPT, &task.accept);
    let answer = request.send().await?;
    let status = answer.status();
    let body = answer.bytes().await?;
    ensure!(
        status == StatusCode::OK && body.len() == task.bytes,
        "{status}, {} bytes, not {}",
        body.len(),
        task.bytes
    );
    Ok(())
}
