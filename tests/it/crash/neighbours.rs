//! Other servers, all at one socket of this process: they show their actors, take what is delivered, and write it down.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use folkmoot_tests::keys;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    time::{Instant, sleep},
};

use super::Chance;

/// How many hosts there are. Those with an even number have a shared inbox.
pub const HOSTS: usize = 6;

/// The name of a host.
pub fn name(host: usize) -> String {
    format!("peer-{host}.localhost")
}

/// Something that was delivered.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// When its last byte was here.
    pub at: Instant,
    /// The address it was posted to.
    pub inbox: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// The same, read.
    pub activity: Value,
}

/// All of them. Cheap to clone.
#[derive(Clone)]
pub struct Neighbours {
    /// Where they listen.
    pub address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    chance: Arc<Mutex<Chance>>,
}

impl Neighbours {
    /// Opens their socket.
    pub async fn settle(seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let neighbours = Self {
            address: listener.local_addr().unwrap(),
            arrived: Arc::default(),
            chance: Arc::new(Mutex::new(Chance(seed))),
        };
        let router = Router::new()
            .route("/.well-known/webfinger", get(webfinger))
            .route("/users/{number}", get(actor))
            .route("/users/{number}/inbox", post(inbox))
            .route("/inbox", post(inbox))
            .with_state(neighbours.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        neighbours
    }

    /// The host of an actor, with its port.
    fn host(&self, number: usize) -> String {
        format!("{}:{}", name(number % HOSTS), self.address.port())
    }

    /// The id of an actor.
    pub fn actor(&self, number: usize) -> String {
        format!("http://{}/users/{number}", self.host(number))
    }

    /// Where an actor hears what is for it alone.
    pub fn inbox(&self, number: usize) -> String {
        format!("{}/inbox", self.actor(number))
    }

    /// Where an actor hears what is for everyone.
    pub fn public_inbox(&self, number: usize) -> String {
        if (number % HOSTS).is_multiple_of(2) {
            format!("http://{}/inbox", self.host(number))
        } else {
            self.inbox(number)
        }
    }

    /// Everything that was delivered, in order.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

async fn webfinger(
    State(here): State<Neighbours>,
    Query(asked): Query<Vec<(String, String)>>,
) -> impl IntoResponse {
    let resource =
        asked.into_iter().find(|(key, _)| key == "resource").map(|(_, value)| value).unwrap_or_default();
    let number =
        resource.trim_start_matches("acct:user-").split('@').next().and_then(|number| number.parse().ok());
    let number: usize = number.unwrap_or_default();
    let link = json!({ "rel": "self", "type": "application/activity+json", "href": here.actor(number) });
    let subject = format!("acct:user-{number}@{}", here.host(number));
    (
        [(header::CONTENT_TYPE, "application/jrd+json")],
        json!({ "subject": subject, "links": [link] }).to_string(),
    )
}

async fn actor(State(here): State<Neighbours>, Path(number): Path<usize>) -> impl IntoResponse {
    let id = here.actor(number);
    let mut actor = json!({
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": id,
        "type": "Person",
        "preferredUsername": format!("user-{number}"),
        "inbox": here.inbox(number),
        "outbox": format!("{id}/outbox"),
        "followers": format!("{id}/followers"),
        "publicKey": {
            "id": format!("{id}#main-key"),
            "owner": id,
            "publicKeyPem": keys::of_stranger(number).public_pem(),
        },
    });
    if here.public_inbox(number) != here.inbox(number) {
        actor["endpoints"] = json!({ "sharedInbox": here.public_inbox(number) });
    }
    ([(header::CONTENT_TYPE, "application/activity+json")], actor.to_string())
}

async fn inbox(
    State(here): State<Neighbours>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    bytes: Bytes,
) -> StatusCode {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !headers.contains_key("signature") {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(activity) = serde_json::from_slice(&bytes) else { return StatusCode::BAD_REQUEST };
    let inbox = format!("http://{host}{}", uri.path());
    here.arrived.lock().unwrap().push(Arrived { at: Instant::now(), inbox, bytes, activity });
    // Nobody answers at once, so that a crash finds something on its way.
    let pause = here.chance.lock().unwrap().below(0..30);
    sleep(Duration::from_millis(pause)).await;
    StatusCode::ACCEPTED
}
