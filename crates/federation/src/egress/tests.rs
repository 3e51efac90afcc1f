//! The rules of the one client: first over a network in the process, then over real sockets.

mod documents;
mod network;
mod sockets;

use std::time::Duration;

use axum::{body::Bytes, http::HeaderMap};
use serde_json::json;
use url::Url;

use super::*;
use crate::signatures::{RsaPublicKey, SignatureHeader, SigningKey, signing_string};
use network::{Canned, Network};

/// `Mon, 23 Nov 2026 18:21:06 GMT`.
const NOW: i64 = 1_795_458_066_000;
const KEY_ID: &str = "https://hyde.example/ap/actor#main-key";

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_pkcs8_pem(KEY_ID, include_str!("../../fixtures/keys/alice.private.pem")).unwrap()
}

fn inbox() -> Url {
    url("https://a.example/inbox")
}

async fn post(network: &Network, to: &Url) -> Result<Answer, SendError> {
    let body = Bytes::from_static(b"{}");
    network.egress().post(to, body.clone(), key().sign_post(to, &body, NOW).unwrap()).await
}

#[tokio::test]
async fn a_fetch_names_itself_and_signs_each_hop() {
    let network = Network::of([
        ("https://a.example/u?x=1", Canned::redirect(301, "https://b.example/u")),
        ("https://b.example/u", Canned::activity(&json!({"id": "https://b.example/u"}))),
    ]);
    let found = network
        .egress()
        .get_json(&url("https://a.example/u?x=1#f"), Accept::Activity, Some(&key()), NOW)
        .await;
    let found = found.unwrap();
    assert_eq!(found.final_url.as_str(), "https://b.example/u");
    assert_eq!(found.media_type.essence, "application/activity+json");
    assert_eq!(found.body, json!({"id": "https://b.example/u"}));
    let seen = network.seen();
    assert_eq!(seen.len(), 2);
    for (request, host, target) in [(&seen[0], "a.example", "/u?x=1"), (&seen[1], "b.example", "/u")] {
        assert_eq!(request.headers["user-agent"], "folkmoot/0.1.0 (+https://hyde.example/)");
        assert_eq!(request.headers["host"], host);
        assert!(request.headers["accept"].to_str().unwrap().starts_with("application/activity+json, "));
        assert!(!request.headers.contains_key("accept-encoding"));
        let read = SignatureHeader::parse(request.headers["signature"].to_str().unwrap()).unwrap();
        let values = request
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let signed = signing_string("GET", target, &read.covered, values.collect()).unwrap();
        let public = RsaPublicKey::from_pem(include_str!("../../fixtures/keys/alice.public.pem")).unwrap();
        assert_eq!(public.verify(read.algorithm, &signed, &read.signature), Ok(()));
    }
}

#[tokio::test]
async fn without_a_key_nothing_is_signed() {
    let network = Network::of([("https://a.example/n", Canned::new(200, "application/json", "{}"))]);
    network.egress().get_json(&url("https://a.example/n"), Accept::NodeInfo, None, NOW).await.unwrap();
    assert!(!network.seen()[0].headers.contains_key("signature"));
}

/// ORI-08, ORI-09: the name of a document decides whether it is one.
#[tokio::test]
async fn media_types_are_exact() {
    for (media_type, accept, fine) in [
        ("application/activity+json", Accept::Activity, true),
        ("application/activity+json; charset=utf-8", Accept::Activity, true),
        ("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", Accept::Activity, true),
        ("application/ld+json", Accept::Activity, false),
        ("application/json", Accept::Activity, false),
        ("text/plain", Accept::Activity, false),
        ("text/html; x=application/activity+json", Accept::Activity, false),
        ("application/jrd+json", Accept::WebFinger, true),
        ("application/json", Accept::WebFinger, true),
        ("text/html", Accept::WebFinger, false),
        ("application/activity+json", Accept::WebFinger, false),
        ("application/json; profile=\"x\"", Accept::NodeInfo, true),
    ] {
        let network = Network::of([("https://a.example/x", Canned::new(200, media_type, "{}"))]);
        let found = network.egress().get_json(&url("https://a.example/x"), accept, None, NOW).await;
        assert_eq!(found.is_ok(), fine, "{media_type}");
        if let Err(error) = found {
            assert!(matches!(error, FetchError::MediaType), "{media_type}: {error}");
        }
    }
    let mut unnamed = Canned::new(200, "application/activity+json", "{}");
    unnamed.headers.clear();
    let mut twice = Canned::activity(&json!({}));
    twice.headers.append("content-type", "text/html".parse().unwrap());
    let mut packed = Canned::activity(&json!({}));
    packed.headers.insert("content-encoding", "gzip".parse().unwrap());
    for canned in [unnamed, twice, packed] {
        let network = Network::of([("https://a.example/x", canned)]);
        let found = network.egress().get_json(&url("https://a.example/x"), Accept::Activity, None, NOW).await;
        assert!(matches!(found, Err(FetchError::MediaType)));
    }
}

/// SSRF-09: each hop is checked before it is asked.
#[tokio::test]
async fn a_redirect_cannot_lead_where_we_do_not_go() {
    for (location, why) in [
        ("http://169.254.169.254/latest/meta-data", NotAllowed::Scheme),
        ("https://169.254.169.254/latest/meta-data", NotAllowed::Host),
        ("https://[::1]/", NotAllowed::Host),
        ("//127.0.0.1/x", NotAllowed::Host),
        ("http://b.example/", NotAllowed::Scheme),
        ("https://b.example:8443/", NotAllowed::Port),
        ("https://user@b.example/", NotAllowed::UserName),
        ("file:///etc/passwd", NotAllowed::Host),
        ("https://hyde.example/ap/actor", NotAllowed::Ourselves),
    ] {
        let network = Network::of([("https://a.example/x", Canned::redirect(302, location))]);
        let found = network.egress().get_json(&url("https://a.example/x"), Accept::Activity, None, NOW).await;
        assert!(matches!(found, Err(FetchError::NotAllowed(found)) if found == why), "{location}: {found:?}");
        assert_eq!(network.seen().len(), 1, "{location}");
    }
}

/// SSRF-10.
#[tokio::test]
async fn chains_and_loops_end() {
    let chain: Vec<(String, Canned)> = (0..6)
        .map(|hop| (format!("https://a.example/{hop}"), Canned::redirect(307, &format!("/{}", hop + 1))))
        .collect();
    let network = Network::of(chain.iter().map(|(url, canned)| (url.as_str(), canned.clone())));
    let there_and_back = Network::of([
        ("https://a.example/0", Canned::redirect(302, "https://b.example/")),
        ("https://b.example/", Canned::redirect(302, "https://a.example/0")),
    ]);
    let itself = Network::of([("https://a.example/0", Canned::redirect(302, "https://a.example/0#x"))]);
    for (network, requests) in [(network, 3), (there_and_back, 3), (itself, 1)] {
        let found = network.egress().get_json(&url("https://a.example/0"), Accept::Activity, None, NOW).await;
        assert!(matches!(found, Err(FetchError::Redirects)), "{found:?}");
        assert_eq!(network.seen().len(), requests);
    }
    let mut nowhere = Canned::redirect(302, "x");
    nowhere.headers.clear();
    let network = Network::of([("https://a.example/0", nowhere)]);
    let found = network.egress().get_json(&url("https://a.example/0"), Accept::Activity, None, NOW).await;
    assert!(matches!(found, Err(FetchError::Location)));
}

#[tokio::test]
async fn too_much_is_not_read() {
    let fits = format!("{{\"a\":\"{}\"}}", "x".repeat(LARGEST_DOCUMENT - 8));
    for (body, fine) in [(fits.clone(), true), (format!("{fits} "), false)] {
        let network =
            Network::of([("https://a.example/x", Canned::new(200, "application/activity+json", &body))]);
        let found = network.egress().get_json(&url("https://a.example/x"), Accept::Activity, None, NOW).await;
        assert_eq!(found.is_ok(), fine);
        assert!(fine || matches!(found, Err(FetchError::TooLarge)));
    }
}

#[tokio::test]
async fn a_body_is_plain_json() {
    for body in ["", "<html>", "{\"a\":1,\"a\":2}", "{\"@graph\":[]}", &"[".repeat(40)] {
        let network =
            Network::of([("https://a.example/x", Canned::new(200, "application/activity+json", body))]);
        let found = network.egress().get_json(&url("https://a.example/x"), Accept::Activity, None, NOW).await;
        assert!(matches!(found, Err(FetchError::Json(_))), "{body}");
    }
}

#[tokio::test]
async fn statuses_say_what_to_do_next() {
    for (status, gone, may_pass) in [
        (404, true, false),
        (410, true, false),
        (400, false, false),
        (401, false, false),
        (408, false, true),
        (429, false, true),
        (500, false, true),
        (503, false, true),
        (206, false, false),
        (304, false, false),
    ] {
        let network =
            Network::of([("https://a.example/x", Canned::new(status, "application/activity+json", "{}"))]);
        let error = network
            .egress()
            .get_json(&url("https://a.example/x"), Accept::Activity, None, NOW)
            .await
            .unwrap_err();
        assert_eq!(matches!(error, FetchError::Gone(_)), gone, "{status}");
        assert_eq!(error.may_pass(), may_pass, "{status}");
    }
    let error =
        Network::default().egress().get_json(&inbox(), Accept::Activity, None, NOW).await.unwrap_err();
    assert!(matches!(error, FetchError::Unreachable(_)) && error.may_pass());
}

#[tokio::test(start_paused = true)]
async fn nothing_waits_for_ever() {
    let mut slow = Canned::activity(&json!({}));
    slow.delay = Duration::from_secs(60 * 60);
    let network = Network::of([("https://a.example/inbox", slow)]);
    let before = tokio::time::Instant::now();
    let found = network.egress().get_json(&inbox(), Accept::Activity, None, NOW).await;
    assert!(matches!(found, Err(FetchError::TooSlow)), "{found:?}");
    assert_eq!(before.elapsed(), TOTAL);
    assert!(matches!(post(&network, &inbox()).await, Err(SendError::TooSlow)));
}

#[tokio::test]
async fn a_delivery_reports_what_the_peer_said() {
    let mut busy = Canned::new(429, "text/plain", "slow down\n\u{0} please  ");
    busy.headers.insert("retry-after", "120".parse().unwrap());
    let network = Network::of([("https://a.example/inbox", busy)]);
    let answer = post(&network, &inbox()).await.unwrap();
    assert_eq!(answer.status, 429);
    assert_eq!(answer.retry_after, Some(RetryAfter::Seconds(120)));
    assert_eq!(answer.excerpt, "slow down please");
    let seen = network.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].body.as_slice()), ("POST", &b"{}"[..]));
    assert_eq!(seen[0].headers["user-agent"], "folkmoot/0.1.0 (+https://hyde.example/)");
    assert!(seen[0].headers["signature"].to_str().unwrap().contains("host date digest"));
}

#[tokio::test]
async fn a_delivery_is_never_redirected_nor_read_to_the_end() {
    let mut elsewhere = Canned::redirect(307, "https://b.example/inbox");
    elsewhere.body = "x".repeat(1 << 22).into_bytes();
    let network = Network::of([("https://a.example/inbox", elsewhere)]);
    let answer = post(&network, &inbox()).await.unwrap();
    assert_eq!((answer.status, answer.excerpt.len()), (307, 300));
    assert_eq!(network.seen().len(), 1);
    for bad in [
        "http://a.example/inbox",
        "https://127.0.0.1/inbox",
        "https://a.example:22/",
        "https://hyde.example/ap/inbox",
    ] {
        assert!(matches!(post(&network, &url(bad)).await, Err(SendError::NotAllowed(_))), "{bad}");
    }
    assert_eq!(network.seen().len(), 1);
    let unreachable = Network::default().egress().post(&inbox(), Bytes::new(), HeaderMap::new()).await;
    assert!(matches!(unreachable, Err(SendError::Unreachable(_))));
}
