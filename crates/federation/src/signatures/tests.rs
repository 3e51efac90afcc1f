//! Signatures against real requests and against the field's own reading; `header` has the parser's tests.

mod header;

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use http_signature_normalization::Config;
use url::Url;

use super::*;
use crate::captured;

const ALICE: &str = include_str!("../../fixtures/keys/alice.private.pem");
const ALICE_PUBLIC: &str = include_str!("../../fixtures/keys/alice.public.pem");
const KEY_ID: &str = "https://hyde.example/ap/alice#main-key";
/// `Mon, 23 Nov 2026 18:21:06 GMT`.
const NOW: i64 = 1_795_458_066_000;

fn alice() -> SigningKey {
    SigningKey::from_pkcs8_pem(KEY_ID, ALICE).unwrap()
}

fn lower(headers: &axum::http::HeaderMap) -> BTreeMap<String, String> {
    headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
}

#[test]
fn a_post_is_signed_as_every_peer_knows_it() {
    let url = Url::parse("https://peer.example/inbox").unwrap();
    let headers = lower(&alice().sign_post(&url, b"{}", NOW).unwrap());
    assert_eq!(headers["host"], "peer.example");
    assert_eq!(headers["date"], "Mon, 23 Nov 2026 18:21:06 GMT");
    assert_eq!(headers["digest"], BodyDigest::of(b"{}").header());
    assert!(headers["signature"].starts_with(
        r#"keyId="https://hyde.example/ap/alice#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature=""#
    ));
    let read = SignatureHeader::parse(&headers["signature"]).unwrap();
    let signed = signing_string("POST", "/inbox", &read.covered, headers).unwrap();
    let key = RsaPublicKey::from_pem(ALICE_PUBLIC).unwrap();
    assert_eq!(key.verify(read.algorithm, &signed, &read.signature), Ok(()));
    assert_eq!(
        key.verify(read.algorithm, &signed.replace("/inbox", "/inbox?x"), &read.signature),
        Err(VerifyFault::Mismatch)
    );
}

#[test]
fn a_get_is_signed_without_a_digest_and_with_its_port_and_query() {
    let url = Url::parse("https://peer.example:8443/users/bob?page=true").unwrap();
    let headers = lower(&alice().sign_get(&url, NOW).unwrap());
    assert_eq!(headers["host"], "peer.example:8443");
    let read = SignatureHeader::parse(&headers["signature"]).unwrap();
    assert_eq!(read.covered, ["(request-target)", "host", "date"]);
    let signed = signing_string("GET", "/users/bob?page=true", &read.covered, headers).unwrap();
    assert!(signed.starts_with("(request-target): get /users/bob?page=true\nhost: peer.example:8443\n"));
    assert!(
        RsaPublicKey::from_pem(ALICE_PUBLIC)
            .unwrap()
            .verify(read.algorithm, &signed, &read.signature)
            .is_ok()
    );
}

/// The reading of the crate that most Rust servers verify with. It looks at the real clock.
#[test]
fn what_we_sign_is_read_by_the_field_as_we_meant_it() {
    let url = Url::parse("https://peer.example/inbox?x=1").unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    let headers = lower(&alice().sign_post(&url, b"{}", now).unwrap());
    let read =
        Config::new().mastodon_compat().require_digest().begin_verify("POST", "/inbox?x=1", headers).unwrap();
    assert_eq!(read.key_id(), KEY_ID);
    let key = RsaPublicKey::from_pem(ALICE_PUBLIC).unwrap();
    let verified = read.verify(|signature, signed| {
        key.verify(Algorithm::RsaSha256, signed, &STANDARD.decode(signature).unwrap())
    });
    assert_eq!(verified, Ok(()));
}

/// A key pair made by the field's library works for us on both sides.
#[test]
fn keys_of_the_field_are_our_keys() {
    let pair = activitypub_federation::http_signatures::generate_actor_keypair().unwrap();
    let key = SigningKey::from_pkcs8_pem(KEY_ID, &pair.private_key).unwrap();
    let url = Url::parse("https://peer.example/x").unwrap();
    let headers = lower(&key.sign_get(&url, NOW).unwrap());
    let read = SignatureHeader::parse(&headers["signature"]).unwrap();
    let signed = signing_string("GET", "/x", &read.covered, headers).unwrap();
    assert!(
        RsaPublicKey::from_pem(&pair.public_key)
            .unwrap()
            .verify(read.algorithm, &signed, &read.signature)
            .is_ok()
    );
}

#[test]
fn real_requests_verify_with_the_keys_of_their_actors() {
    let requests = captured::requests();
    assert_eq!(requests.len(), 13);
    for request in requests {
        let headers = lower(&request.parts.headers);
        let read = SignatureHeader::parse(&headers["signature"]).unwrap();
        let signed =
            signing_string("POST", request.parts.uri.path(), &read.covered, headers.clone()).unwrap();
        let key =
            RsaPublicKey::from_pem(request.actor["publicKey"]["publicKeyPem"].as_str().unwrap()).unwrap();
        assert_eq!(key.verify(read.algorithm, &signed, &read.signature), Ok(()), "{}", request.name);
        assert!(BodyDigest::check(&headers["digest"], &request.body).is_ok(), "{}", request.name);
    }
}

/// SIG-28: the word in the request never chooses how the key is used.
#[test]
fn only_rsa_keys_of_honest_length_verify_anything() {
    let ed25519 = include_str!("../../fixtures/keys/ed25519.public.pem");
    let short = include_str!("../../fixtures/keys/short.public.pem");
    let pkcs1 = include_str!("../../fixtures/keys/alice.public.pkcs1.pem");
    assert_eq!(RsaPublicKey::from_pem(ed25519), Err(VerifyFault::Key));
    assert_eq!(RsaPublicKey::from_pem(pkcs1), RsaPublicKey::from_pem(ALICE_PUBLIC));
    assert_eq!(
        RsaPublicKey::from_pem(&ALICE_PUBLIC.replace('\n', "\r\n")),
        RsaPublicKey::from_pem(ALICE_PUBLIC)
    );
    let short = RsaPublicKey::from_pem(short).unwrap();
    assert_eq!(short.verify(Algorithm::Hs2019, "x", &[0; 128]), Err(VerifyFault::Mismatch));
    for bad in
        ["", "x", ALICE, "-----BEGIN PUBLIC KEY-----", &ALICE_PUBLIC.replace('M', "!"), &"A".repeat(1 << 20)]
    {
        assert_eq!(RsaPublicKey::from_pem(bad), Err(VerifyFault::Key));
    }
    let key = RsaPublicKey::from_pem(ALICE_PUBLIC).unwrap();
    for signature in [&[][..], &[0], &[0; 64], &[0; 256], &[255; 256], &[0; 1024]] {
        assert_eq!(key.verify(Algorithm::Hs2019, "x", signature), Err(VerifyFault::Mismatch));
        assert_eq!(key.verify(Algorithm::RsaSha256, "x", signature), Err(VerifyFault::Mismatch));
    }
}

#[test]
fn hs2019_may_mean_sha_512_but_rsa_sha256_may_not() {
    let signature = STANDARD.decode(include_str!("../../fixtures/keys/alice.sha512.txt").trim()).unwrap();
    let key = RsaPublicKey::from_pem(ALICE_PUBLIC).unwrap();
    assert_eq!(key.verify(Algorithm::Hs2019, "date: today", &signature), Ok(()));
    assert_eq!(key.verify(Algorithm::RsaSha256, "date: today", &signature), Err(VerifyFault::Mismatch));
}

#[test]
fn private_keys_are_checked_once_and_never_shown() {
    let ed25519 = include_str!("../../fixtures/keys/ed25519.private.pem");
    assert_eq!(SigningKey::from_pkcs8_pem(KEY_ID, ed25519).unwrap_err(), SignFault::Key);
    assert_eq!(SigningKey::from_pkcs8_pem(KEY_ID, ALICE_PUBLIC).unwrap_err(), SignFault::Key);
    assert_eq!(SigningKey::from_pkcs8_pem("https://a.example/\"x", ALICE).unwrap_err(), SignFault::KeyId);
    assert_eq!(SigningKey::from_pkcs8_pem("", ALICE).unwrap_err(), SignFault::KeyId);
    assert_eq!(
        format!("{:?}", alice()),
        r#"SigningKey { key_id: "https://hyde.example/ap/alice#main-key", .. }"#
    );
    let nowhere = Url::parse("data:x").unwrap();
    assert_eq!(alice().sign_get(&nowhere, NOW).unwrap_err(), SignFault::Request);
    let url = Url::parse("https://a.example/").unwrap();
    assert_eq!(alice().sign_get(&url, i64::MAX).unwrap_err(), SignFault::Request);
}
