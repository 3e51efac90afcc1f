//! The guard against real requests and against every way to bend one; `support` builds the requests.

mod bent;
mod origins;
mod support;

use axum::{body::to_bytes, http::StatusCode, response::IntoResponse};

use super::*;
use crate::captured;
use support::{NOW, Request, guard, key};

#[test]
fn a_plain_delivery_passes_and_verifies() {
    let checked = Request::honest().check().unwrap();
    assert_eq!(checked.envelope.kind, "Follow");
    assert_eq!(checked.envelope.actor.as_str(), support::ACTOR);
    assert_eq!(checked.envelope.object_id(), Some("https://hyde.example/ap/actors/1"));
    assert_eq!(checked.key_id.as_str(), support::KEY_ID);
    assert_eq!(checked.verify(&key()), Ok(()));
}

/// What GoToSocial, snac and Takahe really sent passes when it came, and not two hours later.
#[test]
fn real_deliveries_pass_and_verify() {
    let sut = OwnHosts::of(&url::Url::parse("https://sut.test").unwrap());
    let guard = Guard::new(sut, Arc::default());
    for request in captured::requests() {
        let checked = guard.check(&request.parts, &request.body, request.received);
        let checked = checked.unwrap_or_else(|refused| panic!("{}: {refused}", request.name));
        let key = keys::named(&request.actor, &checked.envelope.actor, &checked.key_id).unwrap();
        assert_eq!(checked.verify(&key), Ok(()), "{}", request.name);
        let late = guard.check(&request.parts, &request.body, request.received + 2 * WINDOW_MS);
        assert_eq!(late.unwrap_err().status, 401, "{}", request.name);
    }
}

/// SIG-30: HTTP/2 has `:authority`, which arrives in the address, and no Host header.
#[test]
fn http2_without_a_host_header_passes() {
    let mut request = Request::honest();
    request.target = "https://hyde.example/ap/inbox".to_owned();
    request.drop_header("host");
    assert_eq!(request.check().unwrap().verify(&key()), Ok(()));
    request.set("host", "hyde.example");
    assert!(request.check().is_ok());
    request.set("host", "other.example");
    assert_eq!(request.status(), 400);
    request.drop_header("host");
    request.target = "https://other.example/ap/inbox".to_owned();
    assert_eq!(request.status(), 421);
}

/// Routers nested under a path shorten the address; what was signed is the whole one.
#[test]
fn nested_routers_do_not_change_what_was_signed() {
    let request = Request::honest();
    let (mut parts, body) = request.parts();
    parts.extensions.insert(axum::extract::OriginalUri(parts.uri.clone()));
    parts.uri = "/inbox".parse().unwrap();
    assert_eq!(guard().check(&parts, &body, NOW).unwrap().verify(&key()), Ok(()));
}

/// Lemmy and others sign `(created)` with hs2019 instead of a Date.
#[test]
fn created_may_stand_for_date() {
    let mut request = Request::honest();
    request.drop_header("date");
    request.algorithm = Some("hs2019");
    request.covered = "(request-target) (created) (expires) host digest";
    request.extra = format!(",created={},expires=\"{}\"", NOW / 1000 - 60, NOW / 1000 + 60);
    assert_eq!(request.sign().check().unwrap().verify(&key()), Ok(()));
    request.algorithm = None;
    assert_eq!(request.sign().check().unwrap().verify(&key()), Ok(()));
}

#[test]
fn further_headers_may_be_covered_and_are_joined() {
    let mut request = Request::honest();
    request.headers.push(("accept".to_owned(), "a".to_owned()));
    request.headers.push(("accept".to_owned(), "b".to_owned()));
    request.covered = "(request-target) host date digest content-type accept";
    let checked = request.sign().check().unwrap();
    assert!(checked.signing_string.ends_with("\naccept: a, b"));
    assert_eq!(checked.verify(&key()), Ok(()));
}

/// SIG-19, KEY-06: a replay of the same bytes is told by its digest; the key decides each time anew.
#[test]
fn only_the_key_of_the_actor_makes_a_claim_true() {
    let checked = Request::honest().check().unwrap();
    assert_eq!(checked.digest, Request::honest().check().unwrap().digest);
    let other = PublicKey { pem: support::MALLORY_PUBLIC.to_owned(), ..key() };
    let unusable = PublicKey { pem: "PEM".to_owned(), ..key() };
    let of_another = PublicKey { owner: "https://a.example/users/eve".to_owned(), ..key() };
    let another = PublicKey { id: format!("{}-2", support::KEY_ID), ..key() };
    for wrong in [other, unusable, of_another, another] {
        assert_eq!(checked.verify(&wrong).unwrap_err().status, 401, "{wrong:?}");
    }
}

/// KEY-10: told apart before anybody is asked for a key.
#[test]
fn the_end_of_an_actor_is_recognised() {
    for (object, is_end) in [
        (format!("\"{}\"", support::ACTOR), true),
        (format!("{{\"type\":\"Person\",\"id\":\"{}\"}}", support::ACTOR), true),
        ("\"https://a.example/notes/1\"".to_owned(), false),
        (format!("[\"{}\"]", support::ACTOR), false),
    ] {
        let mut request = Request::honest();
        request.body = format!(
            r#"{{"id":"https://a.example/d#1","type":"Delete","actor":"{}","object":{object}}}"#,
            support::ACTOR
        );
        assert_eq!(request.sign().check().unwrap().envelope.deletes_its_actor(), is_end, "{object}");
    }
}

#[tokio::test]
async fn a_refusal_is_a_problem_document() {
    let response = Request::unsigned().check().unwrap_err().into_response();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Signature "));
    let body = to_bytes(response.into_body(), 1000).await.unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        problem,
        serde_json::json!({"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "the request is not signed"})
    );
    let mut wrong = Request::honest();
    wrong.method = "GET";
    let response = wrong.check().unwrap_err().into_response();
    assert_eq!((response.status().as_u16(), response.headers()["allow"].to_str().unwrap()), (405, "POST"));
}
