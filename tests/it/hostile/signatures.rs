//! Requests whose signature is missing, bent, carried elsewhere, or more than one.

use folkmoot_domain::{Moment, moments::HOUR};
use folkmoot_tests::{
    database::Database,
    keys,
    peers::{Request, http_date},
    world::World,
};
use serde_json::json;

use super::{Bend, Siege, each_is_refused};

on_both_databases!(
    sig_01_no_signature,
    sig_02_body_swapped_after_signing,
    sig_03_two_digests,
    sig_07_digest_not_covered,
    sig_09_request_target_not_covered,
    sig_10_host_not_covered,
    sig_11_signed_for_another_server,
    sig_13_query_smuggling,
    sig_14_no_time_covered,
    sig_16_from_the_future,
    sig_17_unparsable_date,
    sig_18_extreme_timestamps,
    sig_19_replay_inside_the_window,
    sig_20_two_signatures,
    sig_21_signature_in_authorization,
    sig_22_parameter_twice,
    sig_23_key_id_badly_quoted,
    sig_25_rfc_9421_that_covers_little,
    sig_26_rfc_9421_with_several_labels,
    sig_28_algorithm_confusion,
    sig_29_signatures_of_strange_lengths,
    sig_30_http_2_without_host,
);

/// Signs it anew by the attacker, with the digest of its body.
fn sign(siege: &Siege<'_>, request: &mut Request) {
    request.set_digest().sign(siege.eve.key);
}

fn covering(covered: &'static str) -> impl Fn(&Siege<'_>, &mut Request) {
    move |siege, request| {
        covered.clone_into(&mut request.covered);
        sign(siege, request);
    }
}

/// Signed over `(created)` (and `(expires)`) with these values instead of a date.
fn created(extra: &'static str) -> impl Fn(&Siege<'_>, &mut Request) {
    move |siege, request| {
        request.remove("date");
        request.algorithm = Some("hs2019".to_owned());
        extra.clone_into(&mut request.extra);
        let expires = if extra.contains("expires") { " (expires)" } else { "" };
        request.covered = format!("(request-target) (created){expires} host digest");
        sign(siege, request);
    }
}

async fn sig_01_no_signature(database: Database) {
    each_is_refused(
        database,
        &[401],
        &[("no signature", &|_, request| {
            request.remove("signature");
        })],
    )
    .await;
}

async fn sig_02_body_swapped_after_signing(database: Database) {
    let swap = |_: &Siege<'_>, request: &mut Request| {
        request.body =
            String::from_utf8(request.body.clone()).unwrap().replace("Hello", "Pwned").into_bytes();
    };
    each_is_refused(database, &[401], &[("another body under the signed digest", &swap)]).await;
}

async fn sig_03_two_digests(database: Database) {
    let first = |siege: &Siege<'_>, request: &mut Request| {
        let signed = ("digest".to_owned(), request.header("digest").to_owned());
        swap_body(siege, request);
        request.set_digest();
        request.headers.push(signed);
    };
    let last = |siege: &Siege<'_>, request: &mut Request| {
        let signed = request.header("digest").to_owned();
        swap_body(siege, request);
        request.set_digest();
        request.headers.insert(0, ("digest".to_owned(), signed));
    };
    each_is_refused(database, &[400], &[("the attacker's first", &first), ("the signed one first", &last)])
        .await;
}

fn swap_body(_: &Siege<'_>, request: &mut Request) {
    request.body = String::from_utf8(request.body.clone()).unwrap().replace("Hello", "Pwned").into_bytes();
}

async fn sig_07_digest_not_covered(database: Database) {
    let bend = covering("(request-target) host date");
    each_is_refused(database, &[401], &[("digest is not covered", &bend)]).await;
}

async fn sig_09_request_target_not_covered(database: Database) {
    let bend = covering("host date digest");
    each_is_refused(database, &[401], &[("(request-target) is not covered", &bend)]).await;
}

async fn sig_10_host_not_covered(database: Database) {
    let bend = covering("(request-target) date digest");
    each_is_refused(database, &[401], &[("host is not covered", &bend)]).await;
}

async fn sig_11_signed_for_another_server(database: Database) {
    let as_it_was = |siege: &Siege<'_>, request: &mut Request| {
        request.set("host", "attacker.example");
        sign(siege, request);
    };
    each_is_refused(database, &[421, 401], &[("with the host it was meant for", &as_it_was)]).await;

    // With our host put in its place only the key tells that this is not what was signed, so the key may be asked for.
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, false).await;
    let mut request = siege.honest();
    request.set("host", "attacker.example").sign(siege.eve.key).set("host", "hyde.test");
    siege.stores_nothing("with our host put in its place", &request, &[401]).await;
    assert!(siege.asked() <= 1);
}

async fn sig_13_query_smuggling(database: Database) {
    let added = |_: &Siege<'_>, request: &mut Request| request.target.push_str("?x=1");
    each_is_refused(database, &[401], &[("a query added on the way", &added)]).await;

    // A query taken away is told by the key alone.
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, false).await;
    let mut request = siege.honest();
    request.signed_target = Some(format!("{}?x=1", request.target));
    request.sign(siege.eve.key);
    siege.stores_nothing("a query taken away", &request, &[401]).await;
    assert!(siege.asked() <= 1);
}

async fn sig_14_no_time_covered(database: Database) {
    let bend = covering("(request-target) host digest");
    each_is_refused(database, &[401], &[("no time is covered", &bend)]).await;
}

async fn sig_16_from_the_future(database: Database) {
    let dated = |moment: fn(Moment) -> Moment| {
        move |siege: &Siege<'_>, request: &mut Request| {
            request.set("date", &http_date(moment(siege.world.now())));
            sign(siege, request);
        }
    };
    let (in_two_hours, in_2038) = (dated(|now| now.plus(2 * HOUR)), dated(|_| Moment(2_147_483_648_000)));
    let two_hours_ago = dated(|now| now.plus(-2 * HOUR));
    let created_2038 = created(",created=2147483648");
    each_is_refused(
        database,
        &[401],
        &[
            ("in two hours", &in_two_hours),
            ("in 2038", &in_2038),
            ("two hours ago", &two_hours_ago),
            ("created in 2038", &created_2038),
        ],
    )
    .await;
}

async fn sig_17_unparsable_date(database: Database) {
    let dates = ["2024-01-01T00:00:00Z", "yesterday", "", "1791190800", "Mon, 32 Oct 2026 09:00:00 GMT"];
    let bends: Vec<_> = dates
        .into_iter()
        .map(|date| {
            move |siege: &Siege<'_>, request: &mut Request| {
                request.set("date", date);
                sign(siege, request);
            }
        })
        .collect();
    let bends: Vec<Bend<'_>> = dates.into_iter().zip(&bends).map(|(date, bend)| (date, bend as _)).collect();
    each_is_refused(database, &[401], &bends).await;
}

async fn sig_18_extreme_timestamps(database: Database) {
    let values = [
        ",created=18446744073709551615",
        ",created=9223372036854775807",
        ",created=-1",
        ",created=1e9",
        ",created=",
        ",created=\"\"",
        ",created=1791190800,expires=18446744073709551615",
        ",created=1791190800,expires=9223372036854775807",
        ",created=1791190800,expires=-1",
        ",created=1791190800,expires=1e9",
        ",created=1791190800,expires=",
        ",created=1791190800,expires=0",
    ];
    let bends: Vec<_> = values.into_iter().map(created).collect();
    let bends: Vec<Bend<'_>> =
        values.into_iter().zip(&bends).map(|(value, bend)| (value, bend as _)).collect();
    each_is_refused(database, &[400, 401], &bends).await;
}

async fn sig_19_replay_inside_the_window(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let mut siege = Siege::lay(&world, false).await;
    let eve = siege.eve.clone();
    let (item, actor) = (siege.item.uri.clone(), siege.park.actor.clone());
    for activity in [eve.reply(&item, &actor, "Hello"), eve.like(&item), eve.boost(&item), eve.follow(&actor)]
    {
        let request = siege.by_eve(&activity);
        siege.takes(&request).await;
        let heard = eve.received().len();
        siege.count_anew();
        for _ in 0..9 {
            siege.refuses("a replay", &request, &[200, 202]).await;
        }
        assert_eq!(eve.received().len(), heard, "{}", activity["type"]);
    }
    assert_eq!(siege.park.held().await.len(), 1);

    // A like that was taken back is not put back by whoever kept the request.
    let (like, undo) = (siege.by_eve(&eve.like(&item)), siege.by_eve(&eve.undo(&eve.like(&item))));
    siege.takes(&like).await;
    siege.takes(&undo).await;
    siege.count_anew();
    siege.refuses("a replayed like", &like, &[200, 202]).await;
}

async fn sig_20_two_signatures(database: Database) {
    let garbage_first = |_: &Siege<'_>, request: &mut Request| {
        request.headers.insert(0, ("signature".to_owned(), "garbage".to_owned()));
    };
    let garbage_last = |_: &Siege<'_>, request: &mut Request| {
        request.add("signature", "garbage");
    };
    let twice = |_: &Siege<'_>, request: &mut Request| {
        let valid = request.header("signature").to_owned();
        request.add("signature", &valid);
    };
    each_is_refused(
        database,
        &[400],
        &[("garbage first", &garbage_first), ("garbage last", &garbage_last), ("the same twice", &twice)],
    )
    .await;
}

async fn sig_21_signature_in_authorization(database: Database) {
    let alone = |_: &Siege<'_>, request: &mut Request| {
        let value = format!("Signature {}", request.header("signature"));
        request.remove("signature").add("authorization", &value);
    };
    let besides = |_: &Siege<'_>, request: &mut Request| {
        let value = format!("Signature {}", request.header("signature"));
        request.add("authorization", &value);
    };
    each_is_refused(database, &[400, 401], &[("alone", &alone), ("besides a second one", &besides)]).await;
}

async fn sig_22_parameter_twice(database: Database) {
    let twice = |name: &'static str| {
        move |siege: &Siege<'_>, request: &mut Request| {
            let again = match name {
                "keyId" => format!(",keyId=\"{}\"", siege.victim.key_id),
                "headers" => ",headers=\"date\"".to_owned(),
                _ => ",signature=\"QUFBQQ==\"".to_owned(),
            };
            let value = format!("{}{again}", request.header("signature"));
            request.set("signature", &value);
        }
    };
    let (key_id, headers, signature) = (twice("keyId"), twice("headers"), twice("signature"));
    each_is_refused(
        database,
        &[400],
        &[("keyId", &key_id), ("headers", &headers), ("signature", &signature)],
    )
    .await;
}

async fn sig_23_key_id_badly_quoted(database: Database) {
    let spelt = |spelling: &'static str| {
        move |_: &Siege<'_>, request: &mut Request| {
            let honest = format!("keyId=\"{}\"", request.key_id);
            let value = request.header("signature").replace(&honest, spelling);
            assert_ne!(value, request.header("signature"));
            request.set("signature", &value);
        }
    };
    let bends = [
        ("unquoted", spelt("keyId=https://attacker.test/users/eve#main-key")),
        ("with a comma", spelt("keyId=\"https://attacker.test/users/eve,victim\"")),
        ("with an escaped quote", spelt("keyId=\"https://attacker.test/\\\"b\"")),
        ("empty", spelt("keyId=\"\"")),
    ];
    let bends: Vec<Bend<'_>> = bends.iter().map(|(what, bend)| (*what, bend as _)).collect();
    each_is_refused(database, &[400, 401], &bends).await;
}

/// RFC 9421 headers over these components, signed by the attacker for real.
fn rfc_9421(siege: &Siege<'_>, request: &mut Request, labels: &[(&str, &str, bool)]) {
    let (mut inputs, mut signatures) = (Vec::new(), Vec::new());
    for (label, components, valid) in labels {
        let parameters =
            format!("({components});created={};keyid=\"{}\"", siege.world.now().0 / 1000, siege.eve.key_id);
        let lines: Vec<String> = components
            .split(' ')
            .map(|name| {
                let bare = name.trim_matches('"');
                let value = match bare {
                    "@method" => "POST".to_owned(),
                    "@target-uri" => "https://hyde.test/ap/inbox".to_owned(),
                    _ => request.header(bare).to_owned(),
                };
                format!("{name}: {value}")
            })
            .collect();
        let key = if *valid { siege.eve.key } else { keys::of_stranger(7) };
        let signature = key.sign(&format!("{}\n\"@signature-params\": {parameters}", lines.join("\n")));
        inputs.push(format!("{label}={parameters}"));
        signatures.push(format!("{label}=:{signature}:"));
    }
    request.set("signature-input", &inputs.join(", ")).set("signature", &signatures.join(", "));
}

async fn sig_25_rfc_9421_that_covers_little(database: Database) {
    let little = |siege: &Siege<'_>, request: &mut Request| {
        rfc_9421(siege, request, &[("sig1", "\"content-type\"", true)]);
    };
    let no_digest = |siege: &Siege<'_>, request: &mut Request| {
        rfc_9421(siege, request, &[("sig1", "\"@method\" \"@target-uri\"", true)]);
    };
    each_is_refused(database, &[401], &[("the content type alone", &little), ("no digest", &no_digest)])
        .await;
}

async fn sig_26_rfc_9421_with_several_labels(database: Database) {
    let harmless = |siege: &Siege<'_>, request: &mut Request| {
        let full = "\"@method\" \"@target-uri\" \"digest\" \"date\"";
        rfc_9421(siege, request, &[("sig1", "\"date\"", true), ("sig2", full, false)]);
    };
    each_is_refused(database, &[401], &[("only a harmless one valid", &harmless)]).await;
}

async fn sig_28_algorithm_confusion(database: Database) {
    let named = |algorithm: &'static str| {
        move |siege: &Siege<'_>, request: &mut Request| {
            request.algorithm = Some(algorithm.to_owned());
            sign(siege, request);
        }
    };
    let hmac = |siege: &Siege<'_>, request: &mut Request| {
        request.algorithm = Some("hmac-sha256".to_owned());
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, siege.eve.key.public_pem().as_bytes());
        let tag = ring::hmac::sign(&key, request.signing_string().as_bytes());
        let value = request.with_signature(&base64(tag.as_ref()));
        request.set("signature", &value);
    };
    let other_kind = |_: &Siege<'_>, request: &mut Request| {
        request.algorithm = Some("hs2019".to_owned());
        let key = ring::signature::Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let value = request.with_signature(&base64(key.sign(request.signing_string().as_bytes()).as_ref()));
        request.set("signature", &value);
    };
    let (sha1, ed25519, none) = (named("rsa-sha1"), named("ed25519"), named("none"));
    each_is_refused(
        database,
        &[401],
        &[
            ("HMAC keyed with the public key", &hmac),
            ("an Ed25519 signature for an RSA key", &other_kind),
            ("rsa-sha1", &sha1),
            ("ed25519", &ed25519),
            ("none", &none),
        ],
    )
    .await;
}

async fn sig_29_signatures_of_strange_lengths(database: Database) {
    let value = |signature: String| {
        move |_: &Siege<'_>, request: &mut Request| {
            let value = request.with_signature(&signature);
            request.set("signature", &value);
        }
    };
    let (empty, one, large) = (value(String::new()), value("A".to_owned()), value("A".repeat(1 << 20)));
    let (no_base64, line) = (value("not base64!".to_owned()), value("QUFB QUFB".to_owned()));
    each_is_refused(
        database,
        &[400, 401],
        &[
            ("empty", &empty),
            ("one letter", &one),
            ("1 MiB", &large),
            ("no base64", &no_base64),
            ("with a blank", &line),
        ],
    )
    .await;
}

async fn sig_30_http_2_without_host(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, false).await;
    let mut request = siege.honest();
    // As the web server hands on `:authority`: in the address, and no Host header.
    request.remove("host");
    request.target = format!("https://hyde.test{}", request.target);
    siege.takes(&request).await;
    assert_eq!(siege.park.held().await.len(), 1);

    let mut other = siege.by_eve(&json!({"id": "https://attacker.test/1", "type": "Like", "actor": siege.eve.id, "object": siege.item.uri}));
    other.remove("host");
    other.target = format!("https://victim.test{}", other.target);
    assert_eq!(siege.sends(&other).await.status, 421);
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}
