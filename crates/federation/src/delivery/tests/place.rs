//! One instance with one actor, and peers that answer as they are told.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::{self, Extensions, HeaderMap};
use base64::{Engine, engine::general_purpose::STANDARD};
use folkmoot_app::{
    App, instance,
    keys::Vault,
    ports::{Clock, KeyMaker, KeyPair, Randomness},
};
use folkmoot_domain::{ActivityId, ActorId, Moment, addresses::Addresses};
use folkmoot_storage::{
    Store,
    activities::{self, Activity},
    deliveries::{self, Counts, Listed, NewDelivery},
};
use reqwest::{Request, Response};
use reqwest_middleware::{ClientBuilder, Error, Middleware, Next};
use tokio::{sync::watch, task::JoinHandle};
use url::Url;

use super::Settings;
use crate::{
    delivery::{deliver_due, run},
    egress::{Egress, user_agent},
};

const OBJECT: &str = "https://hyde.example/ap/calls/1";

/// How one host answers.
#[derive(Clone, Copy)]
pub(super) struct Peer {
    status: u16,
    after: Duration,
    held: bool,
    panics: bool,
}

impl Peer {
    pub(super) fn answers(status: u16) -> Self {
        Self { status, after: Duration::ZERO, held: false, panics: false }
    }

    pub(super) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    /// Answers when the test releases it.
    pub(super) fn held() -> Self {
        Self { held: true, ..Self::answers(202) }
    }

    pub(super) fn dead() -> Self {
        Self::answers(0)
    }

    pub(super) fn panics() -> Self {
        Self { panics: true, ..Self::answers(202) }
    }
}

/// One request, as it arrived.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

#[derive(Default)]
struct Record {
    peers: HashMap<String, Peer>,
    seen: Vec<Seen>,
    under_way: HashMap<String, usize>,
    most: (usize, usize),
    answered: usize,
}

/// All peers; a host that nobody set answers 202.
#[derive(Clone)]
pub(super) struct Network(Arc<Mutex<Record>>, watch::Sender<bool>);

impl Default for Network {
    fn default() -> Self {
        Self(Arc::default(), watch::Sender::new(false))
    }
}

impl Network {
    fn record(&self) -> std::sync::MutexGuard<'_, Record> {
        self.0.lock().unwrap()
    }

    pub(super) fn set(&self, host: &str, peer: Peer) {
        self.record().peers.insert(host.to_owned(), peer);
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.record().seen.clone()
    }

    pub(super) fn answered(&self) -> usize {
        self.record().answered
    }

    pub(super) fn under_way(&self) -> usize {
        self.record().under_way.values().sum()
    }

    /// The most requests at once: in all, and to one host.
    pub(super) fn most(&self) -> (usize, usize) {
        self.record().most
    }

    /// Those that are held answer.
    pub(super) fn release(&self) {
        self.1.send_replace(true);
    }

    fn begin(&self, host: &str, seen: Seen) -> Peer {
        let mut record = self.record();
        record.seen.push(seen);
        *record.under_way.entry(host.to_owned()).or_default() += 1;
        let (all, one) = (record.under_way.values().sum(), record.under_way[host]);
        record.most = (record.most.0.max(all), record.most.1.max(one));
        record.peers.get(host).copied().unwrap_or_else(|| Peer::answers(202))
    }
}

/// A request that is under way until this is dropped.
struct UnderWay<'a>(&'a Network, String);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(count) = self.0.record().under_way.get_mut(&self.1) {
            *count -= 1;
        }
    }
}

#[async_trait::async_trait]
impl Middleware for Network {
    async fn handle(
        &self,
        request: Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        let host = request.url().host_str().unwrap().to_owned();
        let body = request.body().and_then(|body| body.as_bytes()).unwrap().to_vec();
        let (url, headers) = (request.url().clone(), request.headers().clone());
        let peer = self.begin(&host, Seen { url, headers, body: String::from_utf8(body).unwrap() });
        let under_way = UnderWay(self, host);
        tokio::time::sleep(peer.after).await;
        if peer.held {
            self.1.subscribe().wait_for(|released| *released).await.unwrap();
        }
        drop(under_way);
        assert!(!peer.panics, "told to panic");
        self.record().answered += 1;
        if peer.status == 0 {
            return Err(Error::middleware(std::io::Error::other("no such host")));
        }
        let mut response = http::Response::new("as told".to_owned());
        *response.status_mut() = peer.status.try_into().unwrap();
        Ok(response.into())
    }
}

struct Ports {
    now: AtomicI64,
    count: AtomicU64,
}

impl Clock for Ports {
    fn now(&self) -> Moment {
        Moment(self.now.load(Ordering::SeqCst))
    }
}

impl Randomness for Ports {
    fn fill(&self, buffer: &mut [u8]) {
        let count = self.count.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        buffer.iter_mut().rev().zip(count.iter().rev()).for_each(|(byte, next)| *byte = *next);
    }
}

impl KeyMaker for Ports {
    fn make(&self) -> Result<KeyPair, String> {
        let armour = include_str!("../../../fixtures/keys/alice.private.pem");
        let body: String = armour.lines().filter(|line| !line.starts_with('-')).collect();
        let public = include_str!("../../../fixtures/keys/alice.public.pem").to_owned();
        Ok(KeyPair { private: STANDARD.decode(body).unwrap(), public })
    }
}

pub(super) struct Place {
    pub(super) app: App,
    pub(super) network: Network,
    ports: Arc<Ports>,
    us: ActorId,
    said: Vec<ActivityId>,
    _folder: tempfile::TempDir,
}

impl Place {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}/folkmoot.db", folder.path().display())).await.unwrap();
        store.migrate().await.unwrap();
        let ports = Arc::new(Ports { now: AtomicI64::new(1_800_000_000_000), count: AtomicU64::new(1) });
        let app = App {
            store,
            clock: ports.clone(),
            random: ports.clone(),
            key_maker: ports.clone(),
            vault: Arc::new(Vault::new([7; 32]).unwrap()),
            addresses: Addresses::new(&Url::parse("https://hyde.example").unwrap()),
            bells: Arc::default(),
            remote: Arc::default(),
            ids: Arc::default(),
            blobs: folkmoot_storage::blobs::Blobs::in_memory(),
            limits: Arc::default(),
        };
        let us = instance::establish(&app).await.unwrap().id;
        let mut said = Vec::new();
        for (sequence, verb) in [(1, "Create"), (2, "Update"), (3, "Update")] {
            said.push(say(&app, us, sequence, verb).await);
        }
        Self { app, network: Network::default(), ports, us, said, _folder: folder }
    }

    pub(super) fn egress(&self) -> Egress {
        let _already_set = rustls::crypto::ring::default_provider().install_default();
        let client = ClientBuilder::new(reqwest::Client::new()).with(self.network.clone()).build();
        Egress::new(client, Arc::default(), user_agent("0.1.0", self.app.addresses.base()).unwrap())
    }

    /// Queues what was said at this place of the order.
    pub(super) async fn queue(&self, sequence: i64, inbox: &str) {
        let row = NewDelivery {
            id: self.app.id(),
            activity: self.said[usize::try_from(sequence - 1).unwrap()],
            sender: self.us,
            host: Url::parse(inbox).unwrap().host_str().unwrap().to_owned(),
            inbox: inbox.to_owned(),
            object: OBJECT.to_owned(),
            sequence,
        };
        let tx = self.app.store.begin().await.unwrap();
        deliveries::insert(&tx, vec![row], self.app.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) async fn deliver(&self) -> usize {
        deliver_due(&self.app, &self.egress(), Settings::default()).await.unwrap()
    }

    pub(super) fn worker(&self, settings: Settings) -> Running {
        let (stopping, stop) = watch::channel(false);
        Running { stopping, worker: tokio::spawn(run(self.app.clone(), self.egress(), settings, stop)) }
    }

    /// Waits until the network has seen what the test waits for; the runner of tests ends a wait that never ends.
    pub(super) async fn until(&self, seen: impl Fn(&Network) -> bool) {
        while !seen(&self.network) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    pub(super) async fn counts(&self) -> Counts {
        deliveries::counts(&self.app.store.rows(), self.app.now()).await.unwrap()
    }

    pub(super) async fn list(&self) -> Vec<Listed> {
        deliveries::list(&self.app.store.rows(), None, None, 1000).await.unwrap()
    }

    pub(super) fn pass(&self, milliseconds: i64) {
        self.ports.now.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// The vault does not open any more.
    pub(super) fn lose_keys(&mut self) {
        self.app.vault = Arc::new(Vault::new([8; 32]).unwrap());
    }
}

/// A worker in the background.
pub(super) struct Running {
    stopping: watch::Sender<bool>,
    worker: JoinHandle<()>,
}

impl Running {
    /// Tells it to stop, and does not wait.
    pub(super) fn tell(&self) {
        self.stopping.send_replace(true);
    }

    /// Tells it to stop, and waits until it has.
    pub(super) async fn stop(self) {
        self.tell();
        self.worker.await.unwrap();
    }
}

async fn say(app: &App, actor: ActorId, sequence: i64, verb: &str) -> ActivityId {
    let activity = Activity {
        id: app.id(),
        actor,
        item: None,
        note: None,
        object: OBJECT.to_owned(),
        sequence,
        verb: verb.to_owned(),
        public: true,
        body: format!("body {sequence}"),
        created: app.now(),
    };
    let tx = app.store.begin().await.unwrap();
    activities::append(&tx, &activity).await.unwrap();
    tx.commit().await.unwrap();
    activity.id
}
