//! A whole neighbourhood in one process: instances of ours, servers of strangers, one network, one clock.
//!
//! Nothing happens by itself. A story lets somebody do something, then calls [`World::settle`], which lets every worker
//! of every instance work until nothing is due, or [`World::pass`], which lets time go by. A world that is dropped with
//! something still due fails its test. Start at [`World::new`].

use std::sync::Arc;

use anyhow::Result;
use folkmoot_app::ports::Clock;
use folkmoot_domain::Moment;

use crate::{
    clock::{BEGINNING, TestClock},
    database::{self, Database},
    instance::Instance,
    network::Network,
    peers::Server,
};

/// After so many rounds something goes in circles.
const MOST_ROUNDS: usize = 200;

/// What is due at a moment and was left undone.
const DUE: [(&str, &str); 5] = [
    ("changes", "SELECT kind FROM changes WHERE due_at <= "),
    ("deliveries", "SELECT 'to ' || inbox FROM deliveries WHERE state <> 'failed' AND next_at <= "),
    (
        "arrivals",
        "SELECT verb || ' from ' || actor_uri FROM arrivals WHERE state = 'waiting' AND next_at <= ",
    ),
    ("ties to look at", "SELECT uri FROM affiliations WHERE check_at <= "),
    ("letters", "SELECT kind || ' to ' || recipient FROM mails WHERE state = 'waiting' AND next_at <= "),
];

/// The world of one test.
#[must_use]
pub struct World {
    /// What leads from one host to another.
    pub network: Network,
    clock: Arc<TestClock>,
    instances: Vec<Instance>,
}

impl World {
    /// A world with these instances, on a Monday morning.
    pub async fn new<const N: usize>(database: Database, hosts: [&str; N]) -> Self {
        Self::beginning(database, hosts, BEGINNING).await
    }

    /// The same at another moment.
    pub async fn beginning<const N: usize>(database: Database, hosts: [&str; N], moment: Moment) -> Self {
        let mut world = Self::empty(moment);
        for host in hosts {
            world.add(database, host).await;
        }
        world
    }

    /// A world without instances; [`World::add`] them.
    pub fn empty(moment: Moment) -> Self {
        Self { network: Network::default(), clock: Arc::new(TestClock::at(moment)), instances: Vec::new() }
    }

    /// One more instance.
    pub async fn add(&mut self, database: Database, host: &str) {
        let instance = Instance::build(database, host, &self.network, &self.clock).await;
        self.instances.push(instance.unwrap_or_else(|error| panic!("{host} cannot be built: {error:#}")));
    }

    /// One of our instances.
    pub fn instance(&self, host: &str) -> &Instance {
        self.instances.iter().find(|instance| instance.host == host).expect("an instance of this world")
    }

    /// All of them, in the order in which they were added.
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// The only instance, or the first.
    pub fn home(&self) -> &Instance {
        &self.instances[0]
    }

    /// Ends an instance and starts it again.
    pub async fn restart(&mut self, host: &str) {
        let instance = self.instances.iter_mut().find(|instance| instance.host == host);
        instance.expect("an instance of this world").restart().await.unwrap();
    }

    /// A server of another program, with a shared inbox as Mastodon has.
    pub fn server(&self, host: &str) -> Server {
        Server::new(&self.network, &self.clock, host, true)
    }

    /// A server whose people have only inboxes of their own, as those of snac.
    pub fn small_server(&self, host: &str) -> Server {
        Server::new(&self.network, &self.clock, host, false)
    }

    /// What time it is.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Sets the clock, and does nothing else.
    pub fn set_clock(&self, moment: Moment) {
        self.clock.set(moment);
    }

    /// Lets every worker work until nothing is due any more.
    pub async fn settle(&self) {
        for _ in 0..MOST_ROUNDS {
            let mut moved = false;
            for instance in &self.instances {
                let worked = instance.work().await;
                moved |= worked.unwrap_or_else(|error| panic!("{} cannot work: {error:#}", instance.host));
            }
            if !moved {
                return;
            }
        }
        panic!("after {MOST_ROUNDS} rounds there is still something to do: {:?}", self.due().await);
    }

    /// Lets so many milliseconds go by; whatever falls due on the way happens at its moment.
    pub async fn pass(&self, milliseconds: i64) {
        let end = self.now().plus(milliseconds);
        self.settle().await;
        while let Some(next) = self.next_due().await.filter(|next| *next <= end) {
            self.clock.set(next.max(self.now()));
            let before = self.now();
            self.settle().await;
            let stuck = self.next_due().await.is_some_and(|next| next <= before);
            assert!(!stuck, "something due is never done: {:?}", self.due().await);
        }
        self.clock.set(end);
    }

    async fn next_due(&self) -> Option<Moment> {
        let mut next: Option<i64> = None;
        for instance in &self.instances {
            let due = instance.next_due().await.unwrap();
            next = next.into_iter().chain(due).min();
        }
        next.map(Moment)
    }

    /// What is due and not done, in words.
    async fn due(&self) -> Vec<String> {
        let urls: Vec<String> =
            self.instances.iter().map(|instance| instance.database_url().to_owned()).collect();
        due(urls, self.now()).await.unwrap()
    }
}

impl Drop for World {
    /// # Panics
    /// When something is due: a test that forgot to settle has not seen what it claims to have seen.
    fn drop(&mut self) {
        self.network.end();
        if std::thread::panicking() {
            return;
        }
        let now = self.now();
        let urls: Vec<String> =
            self.instances.iter().map(|instance| instance.database_url().to_owned()).collect();
        // A runtime of its own: dropping happens inside the test's, where nothing can be waited for.
        let looking = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(due(urls, now))
        });
        let due = looking.join().expect("looking does not panic").expect("the databases are still there");
        assert!(due.is_empty(), "the world ends with something left to do: {due:#?}");
    }
}

async fn due(urls: Vec<String>, now: Moment) -> Result<Vec<String>> {
    let mut due = Vec::new();
    for url in urls {
        let connection = database::connect(&url).await?;
        for (table, sql) in DUE {
            let rows = database::rows(&connection, &format!("{sql}{}", now.0)).await?;
            due.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
        }
        connection.close().await?;
    }
    Ok(due)
}

#[cfg(test)]
mod tests {
    use folkmoot_domain::moments::{DAY, MINUTE};

    use super::*;

    #[tokio::test]
    #[should_panic(expected = "the world ends with something left to do")]
    async fn a_world_that_is_left_in_the_middle_fails() {
        let world = World::new(Database::Sqlite, ["hyde.test"]).await;
        world.home().found("park-friends").await.project("A pond").await;
    }

    #[tokio::test]
    async fn what_is_due_later_is_no_leftover_and_happens_at_its_moment() {
        let world = World::new(Database::Sqlite, ["hyde.test"]).await;
        let (park, ana) =
            (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
        ana.tells(&park.actor, &ana.follow(&park.actor)).await;
        let call = park.call("Plant forty trees").await;
        world.pass(8 * DAY).await;
        assert_eq!(world.now(), BEGINNING.plus(8 * DAY));
        let ended = ana.received().into_iter().find(|one| one.body["type"] == "Update").unwrap();
        assert_eq!(ended.at, call.call.closes.0);
        park.call("Plant fifty trees").await;
        world.pass(MINUTE).await;
    }

    #[tokio::test]
    async fn two_worlds_say_the_same_words() {
        let mut said = Vec::new();
        for _ in 0..2 {
            let world = World::new(Database::Sqlite, ["hyde.test"]).await;
            let (park, ana) =
                (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
            ana.tells(&park.actor, &ana.follow(&park.actor)).await;
            park.call("Plant forty trees").await;
            world.settle().await;
            said.push(ana.received().into_iter().map(|one| one.bytes).collect::<Vec<_>>());
        }
        assert_eq!(said[0], said[1]);
    }
}
