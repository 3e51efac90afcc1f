//! The verdicts as they reach the database, on a real SQLite file.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use folkmoot_domain::{
    ActivityId, ActorId,
    actors::{Actor, ActorKind, Profile},
    addresses::Addresses,
    moments::{HOUR, MINUTE},
};
use folkmoot_storage::{
    Store,
    activities::{self, Activity},
    actors,
    deliveries::{Counts, NewDelivery, State},
    followers as follower_rows,
};
use url::Url;

use super::*;
use crate::{
    instance,
    keys::Vault,
    ports::{Clock, KeyMaker, KeyPair, Randomness},
};

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
    fn make(&self) -> std::result::Result<KeyPair, String> {
        Ok(KeyPair { private: vec![1], public: "a key".to_owned() })
    }
}

struct Place {
    app: App,
    ports: Arc<Ports>,
    us: ActorId,
    said: ActivityId,
    _folder: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
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
        let said = app.id();
        let activity = Activity {
            id: said,
            actor: us,
            item: None,
            note: None,
            object: "https://hyde.example/ap/calls/1".to_owned(),
            sequence: 1,
            verb: "Create".to_owned(),
            public: true,
            body: "{}".to_owned(),
            created: app.now(),
        };
        let tx = app.store.begin().await.unwrap();
        activities::append(&tx, &activity).await.unwrap();
        tx.commit().await.unwrap();
        Self { app, ports, us, said, _folder: folder }
    }

    async fn queue(&self, inboxes: &[&str]) {
        let row = |inbox: &&str| NewDelivery {
            id: self.app.id(),
            activity: self.said,
            sender: self.us,
            host: Url::parse(inbox).unwrap().host_str().unwrap().to_owned(),
            inbox: (*inbox).to_owned(),
            object: "https://hyde.example/ap/calls/1".to_owned(),
            sequence: 1,
        };
        let tx = self.app.store.begin().await.unwrap();
        deliveries::insert(&tx, inboxes.iter().map(row).collect(), self.app.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn claim(&self) -> Vec<Claimed> {
        claim(&self.app, 100, &[]).await.unwrap()
    }

    async fn answer(&self, claimed: Vec<Claimed>, answer: Answer) -> u64 {
        let outcome = |claimed| Outcome { claimed, answer, problem: "as said".to_owned() };
        record(&self.app, &claimed.into_iter().map(outcome).collect::<Vec<_>>()).await.unwrap()
    }

    async fn counts(&self) -> Counts {
        deliveries::counts(&self.app.store.rows(), self.app.now()).await.unwrap()
    }

    fn pass(&self, milliseconds: i64) {
        self.ports.now.fetch_add(milliseconds, Ordering::SeqCst);
    }

    async fn follower(&self, inbox: &str, shared: Option<&str>) -> ActorId {
        let url = |text: &str| Url::parse(text).unwrap();
        let id: ActorId = self.app.id();
        let actor = Actor {
            id,
            uri: url(&format!("https://a.example/users/{id}")),
            local: false,
            kind: ActorKind::Person,
            handle: "someone".to_owned(),
            host: "a.example".to_owned(),
            name: "Someone".to_owned(),
            summary: String::new(),
            page: url("https://a.example/@someone"),
            inbox: url(inbox),
            shared_inbox: shared.map(url),
            followers: None,
            key_id: format!("https://a.example/users/{id}#main-key"),
            public_key: String::new(),
            fetched: self.app.now(),
            gone: None,
            paper: None,
            profile: Profile::default(),
        };
        let tx = self.app.store.begin().await.unwrap();
        actors::insert(&tx, &actor, None, self.app.now()).await.unwrap();
        let follow = url("https://a.example/follows/1");
        follower_rows::insert(&tx, self.us, id, &follow, self.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn follows(&self, follower: ActorId) -> bool {
        follower_rows::find(&self.app.store.rows(), self.us, follower).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn what_arrived_is_gone_from_the_queue() {
    let place = Place::new().await;
    place.queue(&["https://a.example/inbox", "https://b.example/inbox"]).await;
    let claimed = place.claim().await;
    assert_eq!(claimed.len(), 2);
    assert_eq!(place.answer(claimed.clone(), Answer::status(202)).await, 0);
    assert_eq!(place.counts().await, Counts::default());
    assert_eq!(place.answer(claimed, Answer::status(202)).await, 2, "a second result comes too late");
    let host = hosts::find(&place.app.store.rows(), "a.example").await.unwrap().unwrap();
    assert_eq!(host.last_success, Some(place.app.now()));
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_is_final_is_not() {
    let place = Place::new().await;
    place.queue(&["https://a.example/inbox"]).await;
    place.answer(place.claim().await, Answer::status(401)).await;
    assert!(place.claim().await.is_empty());
    place.pass(5 * MINUTE / 4);
    place.answer(place.claim().await, Answer::status(400)).await;
    assert_eq!(place.counts().await, Counts { failed: 1, ..Counts::default() });
    let rows = place.app.store.rows();
    let failed = deliveries::list(&rows, None, Some(State::Failed), 10).await.unwrap();
    assert_eq!((failed[0].attempts, failed[0].last_status), (2, Some(400)));

    let by = By::operator();
    assert_eq!(retry(&place.app, &by, &Which::All).await.unwrap(), 1);
    assert_eq!(place.claim().await.len(), 1);
}

#[tokio::test]
async fn a_follower_goes_only_when_its_own_inbox_is_gone() {
    let place = Place::new().await;
    let inbox = "https://a.example/users/1/inbox";
    let alone = place.follower(inbox, None).await;
    let sharing = place.follower("https://a.example/users/2/inbox", Some("https://a.example/inbox")).await;
    place.queue(&[inbox, "https://a.example/inbox"]).await;
    place.answer(place.claim().await, Answer::status(410)).await;
    assert!(!place.follows(alone).await);
    assert!(place.follows(sharing).await);
    assert_eq!(place.counts().await.failed, 2);
}

#[tokio::test]
async fn a_dead_server_is_left_alone_until_it_answers() {
    let place = Place::new().await;
    let inboxes: Vec<String> = (0..8).map(|number| format!("https://a.example/{number}")).collect();
    place.queue(&inboxes.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let claimed = place.claim().await;
    place.answer(claimed[..5].to_vec(), Answer::Silence).await;
    give_back(&place.app, &claimed[5..]).await.unwrap();
    assert_eq!(place.counts().await.due, 3);
    assert!(place.claim().await.is_empty());
    assert_eq!(place.counts().await.due, 0, "its rows are out of the way");
    place.pass(HOUR / 2);
    let probe = place.claim().await;
    assert!(probe.len() == 1 && probe[0].probe);
    place.answer(probe, Answer::status(404)).await;
    assert_eq!(place.claim().await.len(), 7, "it lives, and everything else goes");
}

#[tokio::test]
async fn a_server_that_asks_for_a_pause_gets_it() {
    let place = Place::new().await;
    place.queue(&["https://a.example/1", "https://a.example/2"]).await;
    let claimed = place.claim().await;
    let busy = Answer::Status { code: 429, retry_after: Some(20 * MINUTE) };
    place.answer(claimed[..1].to_vec(), busy).await;
    give_back(&place.app, &claimed[1..]).await.unwrap();
    assert!(place.claim().await.is_empty());
    place.pass(19 * MINUTE);
    assert!(place.claim().await.is_empty());
    place.pass(MINUTE);
    assert_eq!(place.claim().await.len(), 1);
}

#[tokio::test]
async fn nothing_is_told_to_a_server_blocked_since() {
    let place = Place::new().await;
    place.queue(&["https://a.example/inbox", "https://b.example/inbox"]).await;
    blocks::block(&place.app, &By::operator(), "a.example", "spam").await.unwrap();
    let claimed = place.claim().await;
    assert_eq!(claimed.iter().map(|row| &*row.host).collect::<Vec<_>>(), ["b.example"]);
    assert_eq!(place.counts().await, Counts { waiting: 1, due: 0, failed: 1 });
}

#[tokio::test]
async fn old_failures_are_swept() {
    let place = Place::new().await;
    place.queue(&["https://a.example/inbox"]).await;
    place.answer(place.claim().await, Answer::Forbidden).await;
    place.pass(KEPT);
    tidy(&place.app).await.unwrap();
    assert_eq!(place.counts().await.failed, 1);
    place.pass(1);
    tidy(&place.app).await.unwrap();
    assert_eq!(place.counts().await.failed, 0);
}
