//! A server of another program: it serves the pages it is given, and writes down what its inboxes receive.
//!
//! Signatures are checked before anything is taken. Start at [`Server::new`].

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use anyhow::ensure;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{self, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use folkmoot_app::ports::Clock;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::{Stranger, verifying};
use crate::{clock::TestClock, keys, network::Network};

/// The media type in which this server serves its actors and objects.
const ACTIVITY: &str = "application/activity+json";

/// One host with its pages and inboxes. Cheap to clone; every clone is the same server.
#[derive(Clone)]
pub struct Server(Arc<House>);

struct House {
    host: String,
    network: Network,
    clock: Arc<TestClock>,
    shared_inbox: bool,
    state: Mutex<Stored>,
}

#[derive(Default)]
struct Stored {
    pages: BTreeMap<String, Page>,
    received: Vec<Received>,
    refused: Vec<String>,
    mood: Mood,
    people: usize,
}

/// What a server answers to a GET.
#[derive(Clone, Debug)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// What it says the body is.
    pub media_type: String,
    /// Where it sends on to, if anywhere.
    pub location: Option<String>,
    /// The body.
    pub body: String,
}

/// How a server treats what is posted to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Takes whatever is signed well.
    #[default]
    Well,
    /// Answers with this status, and takes nothing.
    Answers(u16),
    /// The same, with `Retry-After` in seconds.
    Busy(u16, u32),
}

/// What an inbox received.
#[derive(Clone, Debug)]
pub struct Received {
    /// The inbox, as a path.
    pub inbox: String,
    /// Who signed it.
    pub from: String,
    /// The activity.
    pub body: Value,
    /// Its bytes.
    pub bytes: Bytes,
    /// When, in epoch milliseconds.
    pub at: i64,
}

impl Page {
    /// An ActivityPub document.
    pub fn activity(body: &Value) -> Self {
        Self { status: 200, media_type: ACTIVITY.to_owned(), location: None, body: body.to_string() }
    }

    /// Nothing but a status.
    pub fn status(status: u16) -> Self {
        Self { status, media_type: "text/plain".to_owned(), location: None, body: String::new() }
    }

    /// A redirect.
    pub fn leads_to(location: &str) -> Self {
        Self { location: Some(location.to_owned()), ..Self::status(302) }
    }
}

impl Server {
    /// Puts a server on the network. With a shared inbox, its actors name it.
    pub fn new(network: &Network, clock: &Arc<TestClock>, host: &str, shared_inbox: bool) -> Self {
        let house = House {
            host: host.to_owned(),
            network: network.clone(),
            clock: Arc::clone(clock),
            shared_inbox,
            state: Mutex::default(),
        };
        let server = Self(Arc::new(house));
        network.serve(host, Router::new().fallback(answer).with_state(server.clone()));
        server
    }

    /// Its name.
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// Somebody who lives here, with a key, an actor document and a WebFinger answer.
    pub fn person(&self, name: &str) -> Stranger {
        self.actor(name, &format!("https://{}/users/{name}", self.host()), "#main-key")
    }

    /// The same under an id, and with an end of the key's id, as another program would write them.
    pub fn actor(&self, name: &str, id: &str, key: &str) -> Stranger {
        let number = {
            let mut state = self.state();
            state.people += 1;
            // Servers start at different places, so that neighbours have different keys.
            state.people + self.host().len()
        };
        let stranger = Stranger::new(self.clone(), name, id, key, keys::of_stranger(number));
        stranger.publishes_its_actor();
        let webfinger = format!("/.well-known/webfinger?resource=acct:{name}@{}", self.host());
        let links = json!([{"rel": "self", "type": ACTIVITY, "href": id}]);
        let found = json!({"subject": format!("acct:{name}@{}", self.host()), "links": links});
        self.serves(
            &webfinger,
            Page { media_type: "application/jrd+json".to_owned(), ..Page::activity(&found) },
        );
        stranger
    }

    /// Serves this page at this path (with its query, if it has one).
    pub fn serves(&self, path: &str, page: Page) {
        self.state().pages.insert(path.to_owned(), page);
    }

    /// Treats what is posted to it in this way from now on.
    pub fn is(&self, mood: Mood) {
        self.state().mood = mood;
    }

    /// The path of its shared inbox, when it has one.
    pub fn shared_inbox(&self) -> Option<String> {
        self.0.shared_inbox.then(|| format!("https://{}/inbox", self.host()))
    }

    /// Everything its inboxes took, in order.
    ///
    /// # Panics
    /// When something came whose signature was not good: no story may overlook that.
    pub fn received(&self) -> Vec<Received> {
        let state = self.state();
        assert!(state.refused.is_empty(), "{} refused: {:?}", self.host(), state.refused);
        state.received.clone()
    }

    /// The network it is on.
    pub fn network(&self) -> &Network {
        &self.0.network
    }

    /// The clock it goes by.
    pub fn clock(&self) -> &TestClock {
        &self.0.clock
    }

    fn state(&self) -> MutexGuard<'_, Stored> {
        self.0.state.lock().expect("nobody panics while holding the state")
    }

    fn page(&self, target: &str) -> Response {
        let state = self.state();
        let path = target.split('?').next().unwrap_or_default();
        let Some(page) = state.pages.get(target).or_else(|| state.pages.get(path)).cloned() else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let status = StatusCode::from_u16(page.status).expect("a status");
        let headers = [(header::CONTENT_TYPE, page.media_type)];
        match page.location {
            Some(location) => (status, [(header::LOCATION, location)], headers, page.body).into_response(),
            None => (status, headers, page.body).into_response(),
        }
    }

    async fn receive(&self, parts: http::request::Parts, body: Bytes) -> Response {
        let mood = self.state().mood.clone();
        match mood {
            Mood::Well => {}
            Mood::Answers(status) => return StatusCode::from_u16(status).expect("a status").into_response(),
            Mood::Busy(status, wait) => {
                let status = StatusCode::from_u16(status).expect("a status");
                return (status, [(header::RETRY_AFTER, wait.to_string())]).into_response();
            }
        }
        let at = self.clock().now().0;
        let signer = verifying::signer(&parts, &body, self.network(), at).await;
        let read = signer.and_then(|from| {
            let activity: Value = serde_json::from_slice(&body)?;
            ensure!(activity["actor"] == from, "{} is signed by {from}", activity["actor"]);
            Ok((from, activity))
        });
        let mut state = self.state();
        match read {
            Ok((from, activity)) => {
                let inbox = parts.uri.path().to_owned();
                state.received.push(Received { inbox, from, body: activity, bytes: body, at });
                StatusCode::ACCEPTED.into_response()
            }
            Err(problem) => {
                state.refused.push(format!("{problem:#}"));
                StatusCode::UNAUTHORIZED.into_response()
            }
        }
    }
}

async fn answer(State(server): State<Server>, request: http::Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    match parts.method {
        Method::GET => {
            let asked = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
            // An `acct:` may come escaped or not (RFC 7033 4.1).
            server.page(&asked.replace("%3A", ":").replace("%40", "@"))
        }
        Method::POST => {
            let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            server.receive(parts, body).await
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}
