//! Signatures against real requests, against the field's own reading, and against what attackers write.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use http_signature_normalization::Config;
use proptest::prelude::*;
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
    assert_eq!(key.verify(read.algorithm, &signed.replace("/inbox", "/inbox?x"), &read.signature), Err(VerifyFault::Mismatch));
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
    assert!(RsaPublicKey::from_pem(ALICE_PUBLIC).unwrap().verify(read.algorithm, &signed, &read.signature).is_ok());
}

/// The reading of the crate that most Rust servers verify with. It looks at the real clock.
#[test]
fn what_we_sign_is_read_by_the_field_as_we_meant_it() {
    let url = Url::parse("https://peer.example/inbox?x=1").unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    let headers = lower(&alice().sign_post(&url, b"{}", now).unwrap());
    let read = Config::new().mastodon_compat().require_digest().begin_verify("POST", "/inbox?x=1", headers).unwrap();
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
    assert!(RsaPublicKey::from_pem(&pair.public_key).unwrap().verify(read.algorithm, &signed, &read.signature).is_ok());
}

#[test]
fn real_requests_verify_with_the_keys_of_their_actors() {
    let requests = captured::requests();
    assert_eq!(requests.len(), 13);
    for request in requests {
        let headers = lower(&request.parts.headers);
        let read = SignatureHeader::parse(&headers["signature"]).unwrap();
        let signed = signing_string("POST", request.parts.uri.path(), &read.covered, headers.clone()).unwrap();
        let key = RsaPublicKey::from_pem(request.actor["publicKey"]["publicKeyPem"].as_str().unwrap()).unwrap();
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
    assert_eq!(RsaPublicKey::from_pem(&ALICE_PUBLIC.replace('\n', "\r\n")), RsaPublicKey::from_pem(ALICE_PUBLIC));
    let short = RsaPublicKey::from_pem(short).unwrap();
    assert_eq!(short.verify(Algorithm::Hs2019, "x", &[0; 128]), Err(VerifyFault::Mismatch));
    for bad in ["", "x", ALICE, "-----BEGIN PUBLIC KEY-----", &ALICE_PUBLIC.replace('M', "!"), &"A".repeat(1 << 20)] {
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
    assert_eq!(format!("{:?}", alice()), r#"SigningKey { key_id: "https://hyde.example/ap/alice#main-key", .. }"#);
    let nowhere = Url::parse("data:x").unwrap();
    assert_eq!(alice().sign_get(&nowhere, NOW).unwrap_err(), SignFault::Request);
    let url = Url::parse("https://a.example/").unwrap();
    assert_eq!(alice().sign_get(&url, i64::MAX).unwrap_err(), SignFault::Request);
}

fn header(parameters: &[(&str, &str)]) -> String {
    parameters.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
}

const GOOD: [(&str, &str); 4] = [
    ("keyId", "\"https://a.example/u#main-key\""),
    ("algorithm", "\"rsa-sha256\""),
    ("headers", "\"(request-target) host date digest\""),
    ("signature", "\"QUJD\""),
];

fn with(name: &str, value: &str) -> Result<SignatureHeader, HeaderFault> {
    let mut parameters: Vec<_> = GOOD.into_iter().filter(|(known, _)| *known != name).collect();
    parameters.push((name, value));
    SignatureHeader::parse(&header(&parameters))
}

fn without(name: &str) -> Result<SignatureHeader, HeaderFault> {
    SignatureHeader::parse(&header(&GOOD.into_iter().filter(|(known, _)| *known != name).collect::<Vec<_>>()))
}

#[test]
fn an_honest_header_is_read_in_full() {
    let read = with("created", "1795458066").unwrap();
    assert_eq!(read.key_id, "https://a.example/u#main-key");
    assert_eq!(read.algorithm, Algorithm::RsaSha256);
    assert_eq!(read.signature, b"ABC");
    assert_eq!((read.created, read.expires), (Some(1_795_458_066), None));
    assert!(read.covers("digest") && !read.covers("(created)"));
    assert_eq!(with("created", "\"1795458066\"").unwrap().created, Some(1_795_458_066));
    assert_eq!(without("algorithm").unwrap().algorithm, Algorithm::Hs2019);
    assert_eq!(with("headers", "\"Host DATE\"").unwrap().covered, ["host", "date"]);
    assert!(with("opaque", "\"of some later draft\"").is_ok());
    assert!(SignatureHeader::parse(&header(&GOOD).replace(',', " , ")).is_ok());
}

/// SIG-18.
#[test]
fn absurd_moments_are_refused() {
    for bad in ["18446744073709551615", "9223372036854775807", "-1", "1e9", "\"1e9\"", "\"\"", "", "1.5", "\"-1\"", "\" 1\"", "0x10"] {
        for name in ["created", "expires"] {
            assert!(with(name, bad).is_err(), "{name}={bad}");
        }
    }
}

/// SIG-22: also when the second one hides behind another spelling or an unknown name.
#[test]
fn a_parameter_may_stand_once() {
    for (name, value) in GOOD {
        for again in [name.to_owned(), name.to_ascii_uppercase()] {
            let text = format!("{},{again}={value}", header(&GOOD));
            assert_eq!(SignatureHeader::parse(&text), Err(HeaderFault::Repeated), "{text}");
        }
    }
    let text = format!("{},x=\"1\",x=\"2\"", header(&GOOD));
    assert_eq!(SignatureHeader::parse(&text), Err(HeaderFault::Repeated));
}

/// SIG-23.
#[test]
fn an_untidy_key_id_is_refused() {
    for bad in [
        "https://a.example/u",
        "\"https://a/u,v\"",
        "\"https://a/\\\"b\"",
        "\"https://a/u",
        "\"\"",
        "\"https://a/u v\"",
        "'https://a/u'",
        "\"https://a/\u{202e}\"",
        "\"https://a/\t\"",
        "\"https://a/u\"x",
    ] {
        assert!(with("keyId", bad).is_err(), "{bad}");
    }
    assert!(with("keyId", &format!("\"https://a/{}\"", "u".repeat(2048))).is_err());
}

/// SIG-28, SIG-29 and what is left of the grammar.
#[test]
fn the_rest_of_the_grammar_is_strict_too() {
    for algorithm in ["hmac-sha256", "rsa-sha1", "rsa-sha512", "ed25519", "RSA-SHA256", "none", ""] {
        assert_eq!(with("algorithm", &format!("\"{algorithm}\"")), Err(HeaderFault::Algorithm), "{algorithm}");
    }
    for (signature, why) in [
        ("\"\"", HeaderFault::Base64),
        ("\"A\"", HeaderFault::Base64),
        ("\"QUJ\"", HeaderFault::Base64),
        ("\"QUJD=\"", HeaderFault::Base64),
        ("\"QU JD\"", HeaderFault::Base64),
        ("\"QUJ_\"", HeaderFault::Base64),
    ] {
        assert_eq!(with("signature", signature), Err(why), "{signature}");
    }
    assert_eq!(with("signature", &format!("\"{}\"", "A".repeat(1 << 20))), Err(HeaderFault::TooLong));
    assert_eq!(with("signature", &format!("\"{}\"", "A".repeat(4096))), Err(HeaderFault::TooLong));
    for headers in ["", "host host", "host  date", " host", "host ", "host,date", "host HOST", "h\u{f6}st", "\\host"] {
        assert!(with("headers", &format!("\"{headers}\"")).is_err(), "{headers}");
    }
    let many = (0..33).map(|number| format!("x{number}")).collect::<Vec<_>>().join(" ");
    assert_eq!(with("headers", &format!("\"{many}\"")), Err(HeaderFault::Covered));
    for name in ["keyId", "headers", "signature"] {
        assert_eq!(without(name), Err(HeaderFault::Missing), "{name}");
    }
    for text in ["", ",", "keyId", "=\"x\"", "Signature keyId=\"x\"", &format!("{},", header(&GOOD)), &header(&GOOD).replace(',', ";")] {
        assert_eq!(SignatureHeader::parse(text), Err(HeaderFault::Grammar), "{text}");
    }
    // An RFC 9421 value is not one of ours.
    assert!(SignatureHeader::parse("sig1=:QUJD:").is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = SignatureHeader::parse(&text);
        let _ = read_http_date(&text);
        let _ = BodyDigest::check(&text, b"");
        let _ = RsaPublicKey::from_pem(&text);
    }

    #[test]
    fn nor_does_what_looks_almost_right(
        parts in proptest::collection::vec(
            (prop::sample::select(vec!["keyId", "keyid", "headers", "signature", "created", "expires", "algorithm", "x"]),
             prop::sample::select(vec!["=", "=\"", "\"", "=:"]), "[ -~]{0,12}", prop::sample::select(vec!["\"", "", "\","])),
            0..9,
        )
    ) {
        let text: String = parts.iter().map(|(name, open, value, close)| format!("{name}{open}{value}{close},")).collect();
        if let Ok(read) = SignatureHeader::parse(&text) {
            let _ = signing_string("POST", "/inbox", &read.covered, BTreeMap::new());
        }
    }

    /// What is read is what was written: nothing in a value can leak into another parameter.
    #[test]
    fn a_header_is_read_as_it_was_written(key_id in "https://[!-~&&[^\",\\\\]]{1,40}", moment in 0i64..99_999_999_999) {
        let text = format!("keyId=\"{key_id}\",headers=\"host date\",signature=\"QUJD\",created={moment}");
        let read = SignatureHeader::parse(&text).unwrap();
        prop_assert_eq!(read.key_id, key_id);
        prop_assert_eq!(read.created, Some(moment));
        prop_assert_eq!(read.covered, ["host", "date"]);
    }
}
