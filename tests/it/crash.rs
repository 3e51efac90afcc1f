//! `kill -9` of the real binary at 25 random moments, under load, on SQLite: what was accepted is not lost.
//!
//! Servers at real sockets, all in this process, send it follows, votes and likes, and take what it delivers; the
//! command line publishes, edits and deletes meanwhile. When it is over and all is drained, [`evidence`] compares what
//! was accepted with what there is. The moments come from a seed that is printed; `FOLKMOOT_TEST_SEED` repeats it.

mod database;
mod evidence;
mod load;
mod neighbours;

use std::{sync::Arc, time::Duration};

use folkmoot_tests::process::{Place, Program, Server, free_port};
use tokio::time::{Instant, sleep};

use database::Database;
use evidence::Evidence;
use load::Load;
use neighbours::{HOSTS, Neighbours};

/// How often it is killed.
const KILLS: u32 = 25;
/// How long it lives, from its start on, in milliseconds: from before it listens to well under way.
const LIFE: std::ops::Range<u64> = 20..1_300;
/// After so many kills it comes back only when all leases have ended, else at once.
const LONG_PAUSE_EVERY: u32 = 5;
/// How long it may take until nothing waits any more that is due.
const DRAIN: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_accepted_survives_25_kills() {
    folkmoot_server::install_ring();
    let seed = seed();
    println!("FOLKMOOT_TEST_SEED={seed}");
    let mut chance = Chance(seed);
    let folder = tempfile::tempdir().unwrap();
    let neighbours = Neighbours::settle(chance.next()).await;
    let place = Arc::new(set_up(folder.path(), &neighbours).await);
    let database = Database::of(&place);
    let load = Load::prepare(Arc::clone(&place), neighbours.clone()).await;

    let mut evidence = Evidence::new(place.clone(), neighbours.clone());
    let working = load.begin(chance.next());
    for kill in 1..=KILLS {
        let server = place.start().unwrap();
        let began = Instant::now();
        sleep(Duration::from_millis(chance.below(LIFE))).await;
        server.kill().await.unwrap_or_else(|error| panic!("{error:#}\n{}", place.end_of_log()));
        evidence.killed(began, database.leased().await);
        if kill % LONG_PAUSE_EVERY == 0 {
            database.let_three_minutes_pass().await;
        }
    }
    let server = place.serve().await.unwrap();
    let accepted = working.finish().await;
    let server = drain(&place, &database, server).await;

    database.assert_whole().await;
    evidence.compare(&accepted).await;
    assert!(server.stop().await.unwrap().success());
}

/// An instance whose neighbours live on this machine.
async fn set_up(folder: &std::path::Path, neighbours: &Neighbours) -> Place {
    let base_url = format!("http://moot.localhost:{}", free_port().unwrap());
    let place = Place::set_up(Program::built().unwrap(), folder, &base_url).await.unwrap();
    let hosts: Vec<String> = (0..HOSTS)
        .map(|host| format!("\"{}\" = \"{}\"", neighbours::name(host), neighbours.address))
        .collect();
    place
        .configure(&format!(
            "[federation]\ndelivery_workers = 16\n\n[federation.hosts]\n{}\n\n[limits]\ninbox_per_minute = 1000000",
            hosts.join("\n")
        ))
        .unwrap();
    place
}

/// Until nothing waits: what a dead server had claimed, what came in last, and what follows from it after a minute.
async fn drain(place: &Place, database: &Database, mut server: Server) -> Server {
    for _ in 0..3 {
        let ended = server.stop().await.unwrap_or_else(|error| panic!("{error:#}\n{}", place.end_of_log()));
        assert!(ended.success(), "asked to end, it ended with {ended}:\n{}", place.end_of_log());
        database.let_three_minutes_pass().await;
        server = place.serve().await.unwrap();
        let began = Instant::now();
        while let Some(waits) = database.waits().await {
            assert!(began.elapsed() < DRAIN, "still waiting: {waits}\n{}", place.end_of_log());
            sleep(Duration::from_millis(50)).await;
        }
    }
    server
}

fn seed() -> u64 {
    let named = std::env::var("FOLKMOOT_TEST_SEED").ok();
    named.map_or_else(
        || u64::from(std::process::id()) << 20 | u64::from(free_port().unwrap()),
        |seed| seed.parse().expect("FOLKMOOT_TEST_SEED is a number"),
    )
}

/// Chance that can be repeated (`SplitMix64`).
#[derive(Clone, Copy)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, range: std::ops::Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }
}
