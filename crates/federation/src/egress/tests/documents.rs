//! Documents are believed only where they say they live: ORI-05, ORI-07, and what surrounds them.

use serde_json::{Value, json};

use super::{
    NOW,
    network::{Canned, Network},
    url,
};
use crate::egress::{Document, FetchError};

async fn fetch(network: &Network, from: &str) -> Result<Document, FetchError> {
    network.egress().fetch_document(&url(from), None, NOW).await
}

fn note(id: &str) -> Canned {
    Canned::activity(&json!({"id": id, "type": "Note"}))
}

#[tokio::test]
async fn a_document_lives_at_its_id() {
    let network = Network::of([("https://a.example/notes/1", note("https://a.example/notes/1"))]);
    let document = fetch(&network, "https://a.example/notes/1").await.unwrap();
    assert_eq!(document.id.as_str(), "https://a.example/notes/1");
    assert_eq!(document.body["type"], "Note");
    let bare = Network::of([("https://a.example/", note("https://a.example"))]);
    assert_eq!(fetch(&bare, "https://a.example").await.unwrap().id.as_str(), "https://a.example");
}

/// A page or a stub such as a `/main-key` that names its real id is followed there, once.
#[tokio::test]
async fn another_id_of_the_same_origin_is_asked_once() {
    let network = Network::of([
        ("https://a.example/users/bob/main-key", note("https://a.example/users/bob")),
        (
            "https://a.example/users/bob",
            Canned::activity(&json!({"id": "https://a.example/users/bob", "whole": true})),
        ),
    ]);
    let document = fetch(&network, "https://a.example/users/bob/main-key").await.unwrap();
    assert_eq!(document.id.as_str(), "https://a.example/users/bob");
    assert_eq!(document.body["whole"], true);
    assert_eq!(network.seen().len(), 2);

    let evasive = Network::of([
        ("https://a.example/1", note("https://a.example/2")),
        ("https://a.example/2", note("https://a.example/3")),
    ]);
    assert!(matches!(fetch(&evasive, "https://a.example/1").await, Err(FetchError::OtherDocument)));
    assert_eq!(evasive.seen().len(), 2);

    let moved = Network::of([
        ("https://a.example/1", note("https://a.example/2")),
        ("https://a.example/2", Canned::redirect(302, "https://b.example/2")),
        ("https://b.example/2", note("https://a.example/2")),
    ]);
    assert!(matches!(fetch(&moved, "https://a.example/1").await, Err(FetchError::OtherDocument)));
}

/// ORI-05, ORI-11: an id of another origin is no reason to ask anybody.
#[tokio::test]
async fn another_origin_s_id_is_a_lie() {
    for id in [
        "https://victim.example/notes/1",
        "http://a.example/x",
        "https://a.example:8443/x",
        "https://hyde.example/ap/1",
    ] {
        let network = Network::of([("https://a.example/x", note(id)), (id, note(id))]);
        assert!(
            matches!(fetch(&network, "https://a.example/x").await, Err(FetchError::OtherDocument)),
            "{id}"
        );
        assert_eq!(network.seen().len(), 1, "{id}");
    }
}

/// After a redirect the document belongs to where it was found, not to where one began.
#[tokio::test]
async fn a_redirect_does_not_lend_its_name() {
    let borrowed = Network::of([
        ("https://a.example/x", Canned::redirect(302, "https://b.example/x")),
        ("https://b.example/x", note("https://a.example/x")),
    ]);
    assert!(matches!(fetch(&borrowed, "https://a.example/x").await, Err(FetchError::OtherDocument)));
    let honest = Network::of([
        ("https://a.example/x", Canned::redirect(302, "https://b.example/x")),
        ("https://b.example/x", note("https://b.example/x")),
    ]);
    assert_eq!(fetch(&honest, "https://a.example/x").await.unwrap().id.as_str(), "https://b.example/x");
}

/// ORI-07, ORI-18, ORI-19.
#[tokio::test]
async fn a_document_without_a_plain_id_is_nobody_s() {
    for id in [
        Value::Null,
        json!(7),
        json!({}),
        json!(["https://a.example/x"]),
        json!(""),
        json!("https://a.example/x#part"),
        json!("https://A.example/x"),
        json!("https://a.example/y/../x"),
        json!("acct:x@a.example"),
    ] {
        let network =
            Network::of([("https://a.example/x", Canned::activity(&json!({"id": id, "type": "Note"})))]);
        assert!(
            matches!(fetch(&network, "https://a.example/x").await, Err(FetchError::OtherDocument)),
            "{id}"
        );
        assert_eq!(network.seen().len(), 1, "{id}");
    }
    for body in [json!({"type": "Note"}), json!([]), json!("https://a.example/x")] {
        let network = Network::of([("https://a.example/x", Canned::activity(&body))]);
        assert!(
            matches!(fetch(&network, "https://a.example/x").await, Err(FetchError::OtherDocument)),
            "{body}"
        );
    }
}
