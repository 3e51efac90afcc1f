//! What the inbox takes and what it refuses, by effect: rows, and requests to others.

use axum::{body::Body, http::header};
use folkmoot_app::{By, blocks};
use folkmoot_domain::moments::MINUTE;
use folkmoot_storage::{actors, arrivals};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    Limits,
    testing::{House, MALLORY, NOW, Stranger},
};

const BOB: &str = "https://far.example/users/bob";

fn follow(house: &House, from: &Stranger) -> Value {
    from.says("follows/1", "Follow", &json!(house.park.actor.uri))
}

/// The same activity under another id, so that it is no replay.
fn other_follow(house: &House, from: &Stranger, n: usize) -> Value {
    from.says(&format!("follows/{n}"), "Follow", &json!(house.park.actor.uri))
}

async fn nothing_is_stored(house: &House) -> bool {
    let rows = house.app.store.rows();
    arrivals::waiting_count(&rows).await.unwrap() == 0
        && house.outcomes().await.is_empty()
        && actors::by_uri(&rows, BOB).await.unwrap().is_none()
}

#[tokio::test]
async fn what_is_answered_with_202_is_stored_and_once() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    for _ in 0..10 {
        assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 202);
    }
    assert_eq!(arrivals::waiting_count(&house.app.store.rows()).await.unwrap(), 1);
    let known = actors::by_uri(&house.app.store.rows(), BOB).await.unwrap().unwrap();
    assert_eq!(
        (known.handle.as_str(), known.host.as_str(), known.key_id),
        ("bob", "far.example", bob.key_id())
    );
    // The key was asked for once, signed by the instance.
    assert_eq!(house.network.asked().len(), 1);
    assert_eq!(house.settle().await.len(), 1);
    assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 202);
    assert_eq!(house.settle().await.len(), 1);
    assert!(house.network.asked().is_empty());
}

#[tokio::test]
async fn every_inbox_of_somebody_who_lives_here_takes_it() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    let own = house.park.actor.inbox.path().to_owned();
    for (n, path) in [own.as_str(), "/ap/instance/inbox"].into_iter().enumerate() {
        assert_eq!(house.deliver_to(path, &bob, &other_follow(&house, &bob, n)).await, 202, "{path}");
    }
    let nobody = "/ap/associations/0198c0de-0000-7000-8000-000000000000/inbox";
    let not_a_person = own.replace("associations", "people");
    for path in [nobody, "/ap/associations/x/inbox", &not_a_person] {
        assert_eq!(house.deliver_to(path, &bob, &other_follow(&house, &bob, 9)).await, 404, "{path}");
    }
}

/// SIG-02, SIG-28: what was not signed by the actor leaves nothing, not even its claim to exist.
#[tokio::test]
async fn a_wrong_signature_leaves_no_trace() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    let mallory = Stranger { key: MALLORY, ..bob.clone() };
    assert_eq!(house.deliver(&mallory, &follow(&house, &bob)).await, 401);
    assert!(nothing_is_stored(&house).await);
    let mut request = house.signed("/ap/inbox", &bob, follow(&house, &bob).to_string());
    *request.body_mut() = Body::from(other_follow(&house, &bob, 2).to_string());
    let answer = house.send(request).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
    assert!(nothing_is_stored(&house).await);
    // What was read then is believed as soon as a signature is right, without asking again.
    house.network.asked();
    assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 202);
    assert!(house.network.asked().is_empty());
}

/// KEY-07.
#[tokio::test]
async fn wrong_signatures_make_us_ask_twice_at_most() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    let mallory = Stranger { key: MALLORY, ..bob.clone() };
    for n in 0..30 {
        assert_eq!(house.deliver(&mallory, &other_follow(&house, &bob, n)).await, 401);
    }
    assert_eq!(house.network.asked().len(), 2);
    assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 202);
    for n in 0..30 {
        assert_eq!(house.deliver(&mallory, &other_follow(&house, &bob, 100 + n)).await, 401);
    }
    assert_eq!(house.network.asked().len(), 1);
    house.pass(5 * MINUTE);
    assert_eq!(house.deliver(&mallory, &other_follow(&house, &bob, 200)).await, 401);
    assert_eq!(house.network.asked().len(), 1);
    // Made-up key ids are no way around it.
    for n in 0..30 {
        let mut request = house.signed("/ap/inbox", &bob, other_follow(&house, &bob, 300 + n).to_string());
        let signature =
            request.headers()["signature"].to_str().unwrap().replace("#main-key", &format!("#k{n}"));
        request.headers_mut().insert("signature", signature.parse().unwrap());
        assert_eq!(house.send(request).await.status, 401);
    }
    assert!(house.network.asked().is_empty());
}

/// KEY-06.
#[tokio::test]
async fn a_new_key_is_read_when_the_old_one_fails() {
    let house = House::new().await;
    let mut bob = house.stranger(BOB);
    assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 202);
    bob.key = MALLORY;
    house.network.answers(BOB, 200, bob.document());
    house.network.asked();
    assert_eq!(house.deliver(&bob, &other_follow(&house, &bob, 2)).await, 202);
    assert_eq!(house.deliver(&bob, &other_follow(&house, &bob, 3)).await, 202);
    assert_eq!(house.network.asked().len(), 1);
    let known = actors::by_uri(&house.app.store.rows(), BOB).await.unwrap().unwrap();
    assert_eq!(known.public_key, MALLORY.1);
}

/// KEY-10, ABU: a storm of farewells of strangers costs nothing.
#[tokio::test]
async fn a_stranger_that_is_gone_is_no_work() {
    let house = House::new().await;
    let bob = Stranger { id: BOB.to_owned(), key: MALLORY };
    assert_eq!(house.deliver(&bob, &bob.says("delete", "Delete", &json!(BOB))).await, 202);
    assert!(house.network.asked().is_empty());
    assert!(nothing_is_stored(&house).await);
}

/// KEY-05, KEY-09, KEY-11, ORI-07: documents that prove nothing.
#[tokio::test]
async fn documents_that_are_not_the_actor_s_give_no_key() {
    let bob = Stranger { id: BOB.to_owned(), key: crate::testing::ALICE };
    let with = |key: &str, value: Value| {
        let mut document = bob.document();
        document[key] = value;
        document
    };
    let own_key = bob.document()["publicKey"].clone();
    for (why, document) in [
        ("another id", with("id", json!("https://far.example/users/eve"))),
        ("another host", with("id", json!("https://victim.example/users/bob"))),
        ("ours", with("id", json!("https://hyde.example/ap/instance"))),
        ("no id", with("id", Value::Null)),
        ("a key alone", own_key.clone()),
        ("too many keys", with("publicKey", json!(vec![own_key; 10_000]))),
        ("no key", with("publicKey", Value::Null)),
        ("inbox elsewhere", with("inbox", json!("https://victim.example/inbox"))),
        ("no actor", with("type", json!("Note"))),
    ] {
        let house = House::new().await;
        house.network.answers(BOB, 200, document);
        for n in 0..3 {
            assert_eq!(house.deliver(&bob, &other_follow(&house, &bob, n)).await, 401, "{why}");
        }
        assert!(nothing_is_stored(&house).await, "{why}");
        assert!(house.network.asked().len() <= 2, "{why}");
    }
}

#[tokio::test]
async fn an_actor_that_cannot_be_reached_is_not_asked_again_for_a_while() {
    let house = House::new().await;
    let bob = Stranger { id: BOB.to_owned(), key: crate::testing::ALICE };
    let answer = house.send(house.signed("/ap/inbox", &bob, follow(&house, &bob).to_string())).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.headers[header::RETRY_AFTER], "601");
    assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 503);
    assert_eq!(house.network.asked().len(), 1);
    house.network.answers(BOB, 404, json!({}));
    house.pass(10 * MINUTE);
    assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 401);
    assert_eq!(house.network.asked().len(), 1);
    house.network.answers(BOB, 200, bob.document());
    assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 401);
    assert!(house.network.asked().is_empty() && nothing_is_stored(&house).await);
    house.pass(10 * MINUTE);
    assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 202);
}

#[tokio::test]
async fn two_votes_of_somebody_new_ask_once() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    let both: Vec<Value> = (0..8).map(|n| other_follow(&house, &bob, n)).collect();
    let answers = join_all(both.iter().map(|activity| house.deliver(&bob, activity))).await;
    assert_eq!(answers, [202; 8]);
    assert_eq!(house.network.asked().len(), 1);
    assert_eq!(arrivals::waiting_count(&house.app.store.rows()).await.unwrap(), 8);
}

#[tokio::test]
async fn a_blocked_server_is_not_heard_and_not_asked() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    blocks::block(&house.app, &By::operator(), "example", "all of it").await.unwrap();
    assert_eq!(house.deliver(&bob, &follow(&house, &bob)).await, 403);
    assert!(house.network.asked().is_empty() && nothing_is_stored(&house).await);
}

#[tokio::test]
async fn one_domain_cannot_take_everything() {
    let limits = Limits { arrivals_per_minute: 3, lookups_per_minute: 2 };
    let house = House::with(limits, NOW).await;
    for n in 0..4 {
        let one = house.stranger(&format!("https://h{n}.far.example/users/u"));
        let expected = if n < 2 { 202 } else { 429 };
        assert_eq!(house.deliver(&one, &follow(&house, &one)).await, expected, "{n}");
    }
    assert_eq!(house.network.asked().len(), 2);
    let known = house.stranger("https://h0.far.example/users/u");
    assert_eq!(house.deliver(&known, &other_follow(&house, &known, 5)).await, 202);
    let answer =
        house.send(house.signed("/ap/inbox", &known, other_follow(&house, &known, 6).to_string())).await;
    assert_eq!(answer.status, 429);
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    let other = house.stranger("https://near.example/users/u");
    assert_eq!(house.deliver(&other, &follow(&house, &other)).await, 202);
    house.pass(MINUTE);
    assert_eq!(house.deliver(&known, &other_follow(&house, &known, 6)).await, 202);
}

/// SIG-01, SIG-11, SIG-13, and requests that are no delivery.
#[tokio::test]
async fn what_is_no_delivery_is_told_so() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    let body = follow(&house, &bob).to_string();
    let bent = |change: fn(&mut axum::http::Request<Body>)| {
        let mut request = house.signed("/ap/inbox", &bob, body.clone());
        change(&mut request);
        request
    };
    for (expected, request) in [
        (401, bent(|request| drop(request.headers_mut().remove("signature")))),
        (421, bent(|request| drop(request.headers_mut().insert("host", "far.example".parse().unwrap())))),
        (401, bent(|request| *request.uri_mut() = "/ap/inbox?x=1".parse().unwrap())),
        (
            415,
            bent(|request| drop(request.headers_mut().insert("content-type", "text/plain".parse().unwrap()))),
        ),
        (405, bent(|request| *request.method_mut() = "GET".parse().unwrap())),
        (413, bent(|request| *request.body_mut() = Body::from(vec![b' '; (1 << 20) + 1]))),
    ] {
        assert_eq!(house.send(request).await.status, expected);
    }
    assert!(house.network.asked().is_empty() && nothing_is_stored(&house).await);
}
