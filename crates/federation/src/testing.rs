//! One house with its door, and strangers with names, keys and a network in the process. For tests only.
//!
//! Time stands still until a test moves it. Start at [`House::new`].

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{self, Extensions, HeaderMap, StatusCode, header},
};
use folkmoot_app::{
    App, By, associations, calls, instance,
    keys::Vault,
    ports::{Clock, KeyMaker, KeyPair, Randomness},
};
use folkmoot_domain::{
    Moment,
    addresses::Addresses,
    associations::{AssociationKind, AssociationSeen, Founding},
    calls::{CallDraft, CallSeen, HelpKind},
    items::Words,
    moments::HOUR,
    text::{Handle, Language},
};
use folkmoot_storage::{Store, arrivals as arrival_rows, counters};
use http_body_util::BodyExt;
use reqwest::ResponseBuilderExt;
use reqwest_middleware::{ClientBuilder, Error, Middleware, Next, Result};
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

use crate::{
    Door, Limits, arrivals,
    egress::{Egress, user_agent},
    guard::OwnHosts,
    routes,
    signatures::SigningKey,
};

/// `Mon, 23 Nov 2026 18:21:06 GMT`.
pub const NOW: i64 = 1_795_458_066_000;
pub const ALICE: (&str, &str) =
    (include_str!("../fixtures/keys/alice.private.pem"), include_str!("../fixtures/keys/alice.public.pem"));
pub const MALLORY: (&str, &str) = (
    include_str!("../fixtures/keys/mallory.private.pem"),
    include_str!("../fixtures/keys/mallory.public.pem"),
);

pub struct StoppedClock(AtomicI64);
impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

#[derive(Default)]
pub struct Counter {
    next: AtomicU64,
    broken: AtomicBool,
}
impl Randomness for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        assert!(!self.broken.load(Ordering::SeqCst), "randomness is broken, as the test wants it");
        let next = self.next.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        buffer.fill(0);
        for (byte, of) in buffer.iter_mut().rev().zip(next.iter().rev()) {
            *byte = *of;
        }
    }
}

struct OneKey;
impl KeyMaker for OneKey {
    fn make(&self) -> std::result::Result<KeyPair, String> {
        let body: String = ALICE.0.lines().filter(|line| !line.starts_with("-----")).collect();
        let private = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, body).unwrap();
        Ok(KeyPair { private, public: ALICE.1.to_owned() })
    }
}

/// What strangers answer, by address, and what they were asked.
#[derive(Clone, Default)]
pub struct Network(Arc<Mutex<Wires>>);

#[derive(Default)]
struct Wires {
    answers: BTreeMap<String, (u16, Value)>,
    asked: Vec<Url>,
}

impl Network {
    /// From now on this address answers so.
    pub fn answers(&self, url: &str, status: u16, body: Value) {
        self.0.lock().unwrap().answers.insert(url.to_owned(), (status, body));
    }

    /// What was asked since the last look.
    pub fn asked(&self) -> Vec<Url> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }
}

#[async_trait::async_trait]
impl Middleware for Network {
    async fn handle(
        &self,
        request: reqwest::Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> Result<reqwest::Response> {
        let found = {
            let mut wires = self.0.lock().unwrap();
            wires.asked.push(request.url().clone());
            wires.answers.get(request.url().as_str()).cloned()
        };
        let (status, body) = found.ok_or_else(|| Error::middleware(std::io::Error::other("no such host")))?;
        let mut response = http::Response::new(body.to_string());
        *response.status_mut() = status.try_into().unwrap();
        response.headers_mut().insert(header::CONTENT_TYPE, "application/activity+json".parse().unwrap());
        Ok(response.into())
    }
}

/// The way of another program to our door, whatever name it asks for.
pub struct Loopback(pub Router);

#[async_trait::async_trait]
impl Middleware for Loopback {
    async fn handle(
        &self,
        request: reqwest::Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> Result<reqwest::Response> {
        let url = request.url().clone();
        let host = url.host_str().unwrap().parse().unwrap();
        let request: http::Request<reqwest::Body> = request.try_into()?;
        let (mut parts, body) = request.into_parts();
        parts.uri = url[url::Position::BeforePath..url::Position::AfterQuery].parse().unwrap();
        parts.headers.entry(header::HOST).or_insert(host);
        let body = Body::from(body.collect().await?.to_bytes());
        let (parts, body) =
            self.0.clone().oneshot(http::Request::from_parts(parts, body)).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let mut back = http::Response::builder().status(parts.status).url(url).body(body).unwrap();
        *back.headers_mut() = parts.headers;
        Ok(back.into())
    }
}

/// Somebody elsewhere.
#[derive(Clone)]
pub struct Stranger {
    pub id: String,
    pub key: (&'static str, &'static str),
}

impl Stranger {
    pub fn key_id(&self) -> String {
        format!("{}#main-key", self.id)
    }

    pub fn document(&self) -> Value {
        let (_, name) = self.id.rsplit_once('/').unwrap();
        json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": self.id, "type": "Person",
            "preferredUsername": name, "name": name, "inbox": format!("{}/inbox", self.id),
            "publicKey": {"id": self.key_id(), "owner": self.id, "publicKeyPem": self.key.1},
        })
    }

    pub fn says(&self, id: &str, verb: &str, object: &Value) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{}/{id}", self.id), "type": verb, "actor": self.id, "object": object,
        })
    }
}

/// An answer, read to its end.
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub struct House {
    pub app: App,
    pub door: Arc<Door>,
    pub router: Router,
    pub network: Network,
    pub park: AssociationSeen,
    clock: Arc<StoppedClock>,
    random: Arc<Counter>,
    _folder: tempfile::TempDir,
}

impl House {
    pub async fn new() -> Self {
        Self::with(Limits::default(), NOW).await
    }

    pub async fn with(limits: Limits, now: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store =
            Store::open(&format!("sqlite://{}/folkmoot.sqlite", folder.path().display())).await.unwrap();
        store.migrate().await.unwrap();
        let base = Url::parse("https://hyde.example").unwrap();
        let (clock, random) = (Arc::new(StoppedClock(now.into())), Arc::new(Counter::default()));
        let app = App {
            store,
            clock: clock.clone(),
            random: random.clone(),
            key_maker: Arc::new(OneKey),
            vault: Arc::new(Vault::new([7; 32]).unwrap()),
            addresses: Addresses::new(&base),
            bells: Arc::default(),
            remote: Arc::default(),
            ids: Arc::default(),
            blobs: folkmoot_storage::blobs::Blobs::in_memory(),
            limits: Arc::default(),
        };
        instance::establish(&app).await.unwrap();
        let park = associations::found(&app, &By::operator(), founding(), None).await.unwrap();
        let network = Network::default();
        let _already_set = rustls::crypto::ring::default_provider().install_default();
        let client = ClientBuilder::new(reqwest::Client::new()).with(network.clone()).build();
        let egress = Egress::new(client, Arc::default(), user_agent("0.1.0", &base).unwrap());
        let door = Arc::new(Door::new(egress, Arc::default(), OwnHosts::of(&base), limits));
        let router = routes(app.clone(), Arc::clone(&door));
        Self { app, door, router, network, park, clock, random, _folder: folder }
    }

    pub fn pass(&self, milliseconds: i64) {
        self.clock.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// From now on everything that draws a random number panics, or works again.
    pub fn break_randomness(&self, broken: bool) {
        self.random.broken.store(broken, Ordering::SeqCst);
    }

    /// Somebody whose document can be asked for.
    pub fn stranger(&self, id: &str) -> Stranger {
        let stranger = Stranger { id: id.to_owned(), key: ALICE };
        self.network.answers(id, 200, stranger.document());
        stranger
    }

    pub async fn call(&self) -> CallSeen {
        let draft = CallDraft {
            project: None,
            why: String::new(),
            closes: self.app.now().plus(48 * HOUR),
            one_tap: true,
            needs: vec![
                (HelpKind::Time, "I can plant".into(), Some(1)),
                (HelpKind::Thing, "I have a spade".into(), None),
            ],
        };
        let words = Words {
            title: "Plant trees".into(),
            text: "Bring gloves".into(),
            language: None,
            place: None,
            causes: vec!["Trees".into()],
        };
        calls::publish(&self.app, &By::operator(), self.park.actor.id, words, draft).await.unwrap()
    }

    /// Delivers an activity to the shared inbox, signed now; the status that came back.
    pub async fn deliver(&self, from: &Stranger, activity: &Value) -> u16 {
        self.deliver_to("/ap/inbox", from, activity).await
    }

    pub async fn deliver_to(&self, path: &str, from: &Stranger, activity: &Value) -> u16 {
        self.send(self.signed(path, from, activity.to_string())).await.status.as_u16()
    }

    /// A signed request that can be bent before it is sent.
    pub fn signed(&self, path: &str, from: &Stranger, body: String) -> http::Request<Body> {
        let url = self.app.addresses.at(path);
        let key = SigningKey::from_pkcs8_pem(&from.key_id(), from.key.0).unwrap();
        let signed = key.sign_post(&url, body.as_bytes(), self.app.now().0).unwrap();
        let mut request = http::Request::post(path).body(Body::from(body)).unwrap();
        *request.headers_mut() = signed;
        request.headers_mut().insert(header::CONTENT_TYPE, "application/activity+json".parse().unwrap());
        request
    }

    pub async fn send(&self, request: http::Request<Body>) -> Answered {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answered { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.get_as(path, "application/activity+json").await
    }

    pub async fn get_as(&self, path: &str, accept: &str) -> Answered {
        self.send(http::Request::get(path).header("accept", accept).body(Body::empty()).unwrap()).await
    }

    /// Takes up what came in; how each of the last arrivals ended, newest first.
    pub async fn settle(&self) -> Vec<(String, String, String)> {
        arrivals::take_up_due(&self.app, &self.door).await.unwrap();
        self.outcomes().await
    }

    pub async fn outcomes(&self) -> Vec<(String, String, String)> {
        arrival_rows::outcomes(&self.app.store.rows(), 100).await.unwrap()
    }

    pub async fn counted(&self, name: &str) -> i64 {
        let counted = counters::list(&self.app.store.rows()).await.unwrap();
        counted.into_iter().find(|(known, _)| known == name).map_or(0, |(_, value)| value)
    }

    /// Tells what became true, so that the log holds it.
    pub async fn tell(&self) {
        crate::outbox::tell_due(&self.app).await.unwrap();
    }
}

fn founding() -> Founding {
    Founding {
        kind: AssociationKind::Residents,
        handle: Handle::parse("park-friends").unwrap(),
        name: "Friends of Hyde Park".into(),
        about: "We look after the park.".into(),
        language: Language::english(),
        zone: "Europe/London".into(),
        place: None,
        battles: Vec::new(),
        paper: None,
        joining: String::new(),
        safeguarding: String::new(),
        sample: false,
    }
}
