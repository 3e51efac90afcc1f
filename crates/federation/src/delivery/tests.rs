//! The worker over a network in the process and a real SQLite file.

mod place;

use std::time::Duration;

use folkmoot_domain::{
    deliveries::LEASE,
    moments::{HOUR, MINUTE},
};
use folkmoot_storage::deliveries::{Counts, State};

use super::*;
use crate::signatures::{RsaPublicKey, SignatureHeader, signing_string};
use place::{Peer, Place};

#[tokio::test]
async fn everything_due_arrives_once_and_signed() {
    let place = Place::new().await;
    for number in 0..20 {
        place.queue(1, &format!("https://h{}.example/inbox/{number}", number % 7)).await;
    }
    assert_eq!(place.deliver().await, 20);
    assert_eq!(place.counts().await, Counts::default());
    let mut seen = place.network.seen();
    assert_eq!(seen.len(), 20);
    seen.sort_by(|a, b| a.url.cmp(&b.url));
    seen.dedup_by(|a, b| a.url == b.url);
    assert_eq!(seen.len(), 20, "each inbox once");

    let request = &seen[0];
    assert_eq!(&*request.body, "body 1");
    assert_eq!(request.headers["content-type"], "application/activity+json");
    let header = SignatureHeader::parse(request.headers["signature"].to_str().unwrap()).unwrap();
    assert_eq!(header.key_id, "https://hyde.example/ap/instance#main-key");
    let values = ["host", "date", "digest"]
        .map(|name| (name.to_owned(), request.headers[name].to_str().unwrap().to_owned()));
    let signed = signing_string("post", request.url.path(), &header.covered, values.into()).unwrap();
    let key = RsaPublicKey::from_pem(include_str!("../../fixtures/keys/alice.public.pem")).unwrap();
    key.verify(header.algorithm, &signed, &header.signature).unwrap();

    assert_eq!(place.deliver().await, 0);
}

/// Invariant I11: no connection is kept to a host that has nothing more to take.
#[tokio::test]
async fn the_last_delivery_to_a_host_closes_the_connection() {
    let place = Place::new().await;
    for number in 0..3 {
        place.queue(1, &format!("https://a.example/{number}")).await;
    }
    place.deliver().await;
    let closing =
        |request: &place::Seen| request.headers.get("connection").is_some_and(|value| value == "close");
    assert_eq!(place.network.seen().iter().map(closing).collect::<Vec<_>>(), [false, false, true]);
}

/// Invariants I3 and I5.
#[tokio::test]
async fn a_retry_carries_the_same_bytes_with_a_new_date() {
    let place = Place::new().await;
    place.network.set("a.example", Peer::answers(503));
    place.queue(1, "https://a.example/inbox").await;
    assert_eq!(place.deliver().await, 1);
    assert_eq!(place.deliver().await, 0);
    assert_eq!(place.list().await[0].last_problem.as_deref(), Some("answered 503: as told"));
    place.network.set("a.example", Peer::answers(202));
    place.pass(2 * MINUTE);
    assert_eq!(place.deliver().await, 1);
    let seen = place.network.seen();
    assert_eq!(seen[0].body, seen[1].body);
    assert_eq!(seen[0].headers["digest"], seen[1].headers["digest"]);
    assert_ne!(seen[0].headers["date"], seen[1].headers["date"]);
    assert_eq!(place.counts().await, Counts::default());
}

/// Invariant I6.
#[tokio::test]
async fn what_is_said_about_one_thing_arrives_in_order() {
    let place = Place::new().await;
    for sequence in [3, 1, 2] {
        for host in 0..9 {
            place.queue(sequence, &format!("https://h{host}.example/inbox")).await;
        }
    }
    assert_eq!(place.deliver().await, 27);
    for host in 0..9 {
        let host = format!("h{host}.example");
        let seen = place.network.seen();
        let told = seen.iter().filter(|request| request.url.host_str() == Some(&host));
        assert_eq!(told.map(|request| &*request.body).collect::<Vec<_>>(), ["body 1", "body 2", "body 3"]);
    }
}

#[tokio::test]
async fn few_at_once_to_one_host_and_in_all() {
    let place = Place::new().await;
    for host in ["a.example", "b.example", "c.example"] {
        place.network.set(host, Peer::answers(202).after(Duration::from_millis(5)));
        for number in 0..40 {
            place.queue(1, &format!("https://{host}/{number}")).await;
        }
    }
    let settings = Settings { at_once: 10, per_host: 4 };
    assert_eq!(deliver_due(&place.app, &place.egress(), settings).await.unwrap(), 120);
    let (at_once, per_host) = place.network.most();
    assert!(at_once <= 10 && per_host <= 4, "{at_once}, {per_host}");
}

#[tokio::test]
async fn a_host_with_much_to_take_gets_several_at_once() {
    let place = Place::new().await;
    place.network.set("a.example", Peer::held());
    for number in 0..40 {
        place.queue(1, &format!("https://a.example/{number}")).await;
    }
    let worker = place.worker(Settings::default());
    place.until(|network| network.under_way() == 4).await;
    place.network.release();
    place.until(|network| network.answered() == 40).await;
    worker.stop().await;
    assert_eq!(place.network.most(), (4, 4));
}

/// Invariant I10: dead hosts cost five attempts and hold nobody up.
#[tokio::test]
async fn a_dead_host_is_left_alone() {
    let place = Place::new().await;
    place.network.set("dead.example", Peer::dead());
    for number in 0..30 {
        place.queue(1, &format!("https://dead.example/{number}")).await;
        place.queue(1, &format!("https://h{number}.example/inbox")).await;
    }
    assert_eq!(place.deliver().await, 35);
    assert_eq!(place.counts().await.waiting, 30);
    let problem = place.list().await.into_iter().find_map(|row| row.last_problem).unwrap();
    assert!(problem.contains("no such host"), "{problem}");

    place.network.set("dead.example", Peer::answers(202));
    place.pass(HOUR / 2);
    assert_eq!(place.deliver().await, 30, "one looked, and then all went");
    assert_eq!(place.counts().await, Counts::default());
}

/// Invariant I10: as many slow hosts as there are places and more, and still the live ones are served.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_hosts_move_aside() {
    let place = Place::new().await;
    for number in 0..4 {
        let host = format!("slow{number}.example");
        place.network.set(&host, Peer::held());
        place.queue(1, &format!("https://{host}/inbox")).await;
    }
    for number in 0..30 {
        place.queue(1, &format!("https://h{number}.example/inbox")).await;
    }
    let worker = place.worker(Settings { at_once: 2, per_host: 4 });
    place.until(|network| network.answered() == 30).await;
    assert_eq!(place.network.under_way(), 4, "the slow ones still are");
    place.network.release();
    worker.stop().await;
    assert_eq!(place.counts().await, Counts::default(), "and they ended too");
}

/// Invariant I13.
#[tokio::test]
async fn stopping_ends_what_is_under_way_and_gives_back_the_rest() {
    let place = Place::new().await;
    place.network.set("a.example", Peer::held());
    for number in 0..5 {
        place.queue(1, &format!("https://a.example/{number}")).await;
    }
    let worker = place.worker(Settings::default());
    place.until(|network| network.under_way() == 1).await;
    worker.tell();
    place.network.release();
    worker.stop().await;
    assert_eq!(place.network.seen().len(), 1);
    let rest = place.list().await;
    assert_eq!(rest.len(), 4);
    assert!(rest.iter().all(|row| row.state == State::New && row.attempts == 0 && !row.claimed));
}

/// A worker that nobody rings for looks once an hour in tests.
#[tokio::test]
async fn the_worker_wakes_when_the_bell_rings() {
    let place = Place::new().await;
    let worker = place.worker(Settings::default());
    for number in 0..3 {
        place.queue(1, &format!("https://a.example/{number}")).await;
        place.app.bells.deliveries.notify_one();
        place.until(|network| network.answered() == number + 1).await;
    }
    worker.stop().await;
    assert_eq!(place.counts().await, Counts::default());
}

/// However the moment falls, a worker that is told to stop stops.
#[tokio::test]
async fn stopping_at_any_moment_stops() {
    let place = Place::new().await;
    for turns in 0..40 {
        place.queue(1, &format!("https://a.example/{turns}")).await;
        let worker = place.worker(Settings::default());
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        worker.stop().await;
    }
    place.deliver().await;
    assert_eq!(place.network.answered(), 40, "each arrived once");
    assert_eq!(place.counts().await, Counts::default());
}

#[tokio::test]
async fn without_a_key_nothing_leaves_and_no_host_is_blamed() {
    let mut place = Place::new().await;
    place.lose_keys();
    place.queue(1, "https://a.example/inbox").await;
    assert_eq!(place.deliver().await, 1);
    assert!(place.network.seen().is_empty());
    let [row] = place.list().await.try_into().unwrap();
    assert_eq!(row.state, State::Again);
    assert!(row.last_problem.unwrap().contains("key"));
    let rows = place.app.store.rows();
    assert!(folkmoot_storage::hosts::find(&rows, "a.example").await.unwrap().is_none());
}

#[tokio::test]
async fn an_address_we_do_not_talk_to_is_given_up() {
    let place = Place::new().await;
    place.queue(1, "http://a.example/inbox").await;
    place.queue(1, "https://127.0.0.1/inbox").await;
    assert_eq!(place.deliver().await, 2);
    assert!(place.network.seen().is_empty());
    assert!(place.list().await.iter().all(|row| row.state == State::Failed));
}

/// Fault F-24: whatever breaks one lane leaves the others alone, and the row is tried again after its lease.
#[tokio::test]
async fn a_lane_that_breaks_off_stops_nobody() {
    let place = Place::new().await;
    place.network.set("poison.example", Peer::panics());
    place.queue(1, "https://poison.example/inbox").await;
    place.queue(1, "https://a.example/inbox").await;
    assert_eq!(place.deliver().await, 1);
    let [row] = place.list().await.try_into().unwrap();
    assert_eq!((&*row.host, row.attempts, row.claimed), ("poison.example", 1, true));
    place.network.set("poison.example", Peer::answers(202));
    assert_eq!(place.deliver().await, 0);
    place.pass(LEASE);
    assert_eq!(place.deliver().await, 1);
    assert_eq!(place.counts().await, Counts::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_never_tell_twice() {
    let place = Place::new().await;
    for number in 0..200 {
        place.queue(1, &format!("https://h{}.example/{number}", number % 50)).await;
    }
    let (first, second) = (place.egress(), place.egress());
    let settings = Settings { at_once: 8, per_host: 4 };
    let (first, second) =
        tokio::join!(deliver_due(&place.app, &first, settings), deliver_due(&place.app, &second, settings));
    assert_eq!(first.unwrap() + second.unwrap(), 200);
    let mut seen: Vec<_> = place.network.seen().into_iter().map(|request| request.url).collect();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), place.network.seen().len()), (200, 200));
}
