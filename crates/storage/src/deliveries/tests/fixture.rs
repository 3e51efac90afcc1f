//! A database with one actor and two activities, and short words for what tests do to it.

use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use folkmoot_domain::{
    ActivityId, ActorId, Moment,
    actors::{Actor, ActorKind, Profile},
    ids::uuid_from,
};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

use crate::{
    Store,
    activities::{self, Activity},
    actors,
    deliveries::{Claim, Claimed, NewDelivery, Settled, Which, claim, give_back, insert, record, retry_now},
    statement,
};

/// The moment at which tests begin.
pub(crate) const NOW: Moment = Moment(1_800_000_000_000);
/// What every activity of a test is about.
pub(crate) const OBJECT: &str = "https://home.example/ap/calls/1";

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A fresh id; later ones are greater.
pub(crate) fn id() -> Uuid {
    let count = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let mut random = [0; 10];
    random[2..].copy_from_slice(&count);
    uuid_from(NOW.0, random)
}

/// One database.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) actor: ActorId,
    activities: Mutex<Vec<(i64, ActivityId)>>,
    _folder: Option<TempDir>,
}

/// Runs a test on every database there is; says so when PostgreSQL is not among them.
pub(crate) async fn everywhere(test: impl AsyncFn(World)) {
    test(World::on_sqlite().await).await;
    match std::env::var("FOLKMOOT_TEST_POSTGRES") {
        Ok(server) => test(World::on_postgres(&server).await).await,
        Err(_) => eprintln!("SQLite only: FOLKMOOT_TEST_POSTGRES names no PostgreSQL"),
    }
}

impl World {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("folkmoot.db").display());
        Self::on(&url, Some(folder)).await
    }

    async fn on_postgres(server: &str) -> Self {
        let name = format!("folkmoot_unit_{}_{}", std::process::id(), id().simple());
        let maintenance = Database::connect(server).await.unwrap();
        maintenance.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        maintenance.close().await.unwrap();
        let mut url = Url::parse(server).unwrap();
        url.set_path(&name);
        Self::on(url.as_str(), None).await
    }

    async fn on(url: &str, folder: Option<TempDir>) -> Self {
        let store = Store::open(url).await.unwrap();
        store.migrate().await.unwrap();
        let world = Self { store, actor: id().into(), activities: Mutex::default(), _folder: folder };
        let tx = world.store.begin().await.unwrap();
        actors::insert(&tx, &world.whoever(), None, NOW).await.unwrap();
        tx.commit().await.unwrap();
        world.say(1, "Create").await;
        world.say(2, "Update").await;
        world
    }

    fn whoever(&self) -> Actor {
        let url = |path: &str| Url::parse(&format!("https://home.example/{path}")).unwrap();
        Actor {
            id: self.actor,
            uri: url("ap/associations/1"),
            local: true,
            kind: ActorKind::Group,
            handle: "friends".to_owned(),
            host: "home.example".to_owned(),
            name: "Friends".to_owned(),
            summary: String::new(),
            page: url("@friends"),
            inbox: url("ap/associations/1/inbox"),
            shared_inbox: None,
            followers: None,
            key_id: "https://home.example/ap/associations/1#key".to_owned(),
            public_key: String::new(),
            fetched: NOW,
            gone: None,
            paper: None,
            profile: Profile::default(),
        }
    }

    /// Writes an activity about [`OBJECT`] to the log.
    pub(crate) async fn say(&self, sequence: i64, verb: &str) {
        let activity = self.activity(sequence, verb);
        let tx = self.store.begin().await.unwrap();
        activities::append(&tx, &activity).await.unwrap();
        tx.commit().await.unwrap();
        self.activities.lock().unwrap().push((sequence, activity.id));
    }

    pub(crate) fn activity(&self, sequence: i64, verb: &str) -> Activity {
        Activity {
            id: id().into(),
            actor: self.actor,
            item: None,
            note: None,
            object: OBJECT.to_owned(),
            sequence,
            verb: verb.to_owned(),
            public: true,
            body: format!("body {sequence}"),
            created: NOW,
        }
    }

    /// The activity of this sequence, on its way to an inbox.
    pub(crate) fn delivery(&self, sequence: i64, host: &str, inbox: &str) -> NewDelivery {
        let activities = self.activities.lock().unwrap();
        let (_, activity) = activities.iter().find(|(said, _)| *said == sequence).unwrap();
        NewDelivery {
            id: id().into(),
            activity: *activity,
            sender: self.actor,
            host: host.to_owned(),
            inbox: inbox.to_owned(),
            object: OBJECT.to_owned(),
            sequence,
        }
    }

    pub(crate) async fn insert(&self, deliveries: Vec<NewDelivery>) {
        self.insert_at(deliveries, NOW).await;
    }

    pub(crate) async fn insert_at(&self, deliveries: Vec<NewDelivery>, now: Moment) {
        let tx = self.store.begin().await.unwrap();
        insert(&tx, deliveries, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn claim(&self, now: Moment, limit: usize, busy: &[String]) -> Vec<Claimed> {
        let tx = self.store.begin().await.unwrap();
        let claimed = claim(&tx, &Claim { now, limit, busy, token: id() }).await.unwrap();
        tx.commit().await.unwrap();
        claimed
    }

    pub(crate) async fn record(&self, settled: &[Settled], now: Moment) -> u64 {
        let tx = self.store.begin().await.unwrap();
        let late = record(&tx, settled, now).await.unwrap();
        tx.commit().await.unwrap();
        late
    }

    pub(crate) async fn give_back(&self, claimed: &Claimed) {
        let tx = self.store.begin().await.unwrap();
        give_back(&tx, claimed.token, &[claimed.id], NOW).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn retry(&self, which: &Which, now: Moment) -> u64 {
        let tx = self.store.begin().await.unwrap();
        let retried = retry_now(&tx, which, now).await.unwrap();
        tx.commit().await.unwrap();
        retried
    }

    /// How SQLite would run a statement.
    pub(crate) async fn explain(&self, sql: &str) -> String {
        let rows = self.store.rows();
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let plan = rows.0.query_all_raw(statement(&rows.0, &sql, [])).await.unwrap();
        let lines: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        lines.join("\n")
    }
}
