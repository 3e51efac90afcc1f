//! Requests bent in their headers, signature, time or body: the cases SIG-01 to SIG-31.

use proptest::prelude::*;

use super::support::{KEY_ID, NOW, Request, activity};
use crate::{
    guard::{LARGEST_ACTIVITY, WINDOW_MS},
    signatures::{BodyDigest, write_http_date},
};

fn bent(bend: impl FnOnce(&mut Request)) -> u16 {
    let mut request = Request::honest();
    bend(&mut request);
    request.status()
}

/// Bent first and then honestly signed, so that only the bend can be the reason.
fn signed_after(bend: impl FnOnce(&mut Request)) -> u16 {
    let mut request = Request::unsigned();
    bend(&mut request);
    request.sign().status()
}

#[test]
fn the_unbent_request_is_believed() {
    assert_eq!(bent(|_| {}), 202);
    assert_eq!(signed_after(|_| {}), 202);
}

#[test]
fn sig_01_no_signature() {
    assert_eq!(Request::unsigned().status(), 401);
}

#[test]
fn sig_02_body_swapped() {
    assert_eq!(
        bent(|request| request.body = activity("https://a.example/follows/2", super::support::ACTOR)),
        401
    );
    // With a digest of its own, the signature no longer fits.
    let swapped = bent(|request| {
        request.body = activity("https://a.example/follows/2", super::support::ACTOR);
        request.set("digest", &BodyDigest::of(request.body.as_bytes()).header());
    });
    assert_eq!(swapped, 401);
}

#[test]
fn sig_03_and_sig_20_two_of_a_header() {
    for name in ["digest", "signature", "date", "content-type"] {
        assert_eq!(
            bent(|request| request.headers.insert(0, (name.to_owned(), "garbage".to_owned()))),
            400,
            "{name} first"
        );
        assert_eq!(
            bent(|request| request.headers.push((name.to_owned(), "garbage".to_owned()))),
            400,
            "{name} last"
        );
        let again = Request::honest().header(name);
        assert_eq!(bent(|request| request.headers.push((name.to_owned(), again))), 400, "{name} again");
    }
    for name in ["content-digest", "signature-input", "content-length"] {
        let twice = bent(|request| {
            request.headers.extend([(name.to_owned(), "1".to_owned()), (name.to_owned(), "1".to_owned())]);
        });
        assert_eq!(twice, 400, "{name}");
    }
    assert_eq!(bent(|request| request.headers.push(("host".to_owned(), "hyde.example".to_owned()))), 400);
}

#[test]
fn sig_07_09_10_14_too_little_covered() {
    for covered in [
        "(request-target) host date",
        "host date digest",
        "(request-target) date digest",
        "(request-target) host digest",
        "(request-target) host digest (expires)",
        "date",
    ] {
        assert_eq!(signed_after(|request| request.covered = covered), 401, "{covered}");
    }
    // A moment that stands beside the signature proves nothing.
    let beside = signed_after(|request| {
        request.covered = "(request-target) host digest";
        request.algorithm = Some("hs2019");
        request.extra = format!(",created={}", NOW / 1000);
    });
    assert_eq!(beside, 401);
}

#[test]
fn sig_11_meant_for_another_host() {
    for host in
        ["attacker.example", "hyde.example.", "hyde.example:8443", "x@hyde.example", "", "sub.hyde.example"]
    {
        assert_eq!(signed_after(|request| request.set("host", host)), 421, "{host}");
    }
    assert_eq!(signed_after(|request| request.drop_header("host")), 400);
    // The capture sent on with our name on it.
    let mut request = Request::unsigned();
    request.set("host", "attacker.example");
    request.sign();
    request.set("host", "hyde.example");
    assert_eq!(request.status(), 401);
}

#[test]
fn sig_13_query_smuggled() {
    let to_query = bent(|request| request.target = "/ap/inbox?x=1".to_owned());
    let from_query = signed_after(|request| request.signed_target = Some("/ap/inbox?x=1".to_owned()));
    let both = signed_after(|request| request.target = "/ap/inbox?x=1".to_owned());
    let empty = signed_after(|request| request.target = "/ap/inbox?".to_owned());
    let another_path = bent(|request| request.target = "/ap/actors/1/inbox".to_owned());
    assert_eq!([to_query, from_query, both, empty, another_path], [401; 5]);
}

#[test]
fn sig_16_17_dates_out_of_the_window() {
    let at = |moment: i64| signed_after(|request| request.set("date", &write_http_date(moment).unwrap()));
    for inside in [NOW, NOW - WINDOW_MS, NOW + WINDOW_MS] {
        assert_eq!(at(inside), 202, "{inside}");
    }
    for outside in [NOW - WINDOW_MS - 1000, NOW + WINDOW_MS + 1000, NOW + 2 * WINDOW_MS, 2_155_000_000_000, 0]
    {
        assert_eq!(at(outside), 401, "{outside}");
    }
    for text in ["2024-01-01T00:00:00Z", "2026-11-23T18:21:06Z", "", "now", "Mon, 23 Nov 2026 18:21:06 +0000"]
    {
        assert_eq!(signed_after(|request| request.set("date", text)), 401, "{text}");
    }
    assert_eq!(bent(|request| request.drop_header("date")), 401);
}

#[test]
fn sig_18_extreme_moments() {
    let with = |algorithm, covered, extra: String| {
        signed_after(|request| {
            request.algorithm = Some(algorithm);
            request.covered = covered;
            request.extra = extra;
        })
    };
    let covered = "(request-target) host digest (created) (expires)";
    let good = |created: i64, expires: i64| format!(",created={created},expires={expires}");
    let now = NOW / 1000;
    assert_eq!(with("hs2019", covered, good(now, now + 60)), 202);
    for (created, expires) in [
        (now - 3601, now + 60),
        (now + 3601, now + 7200),
        (now, now - 1),
        (now - 60, now - 3601),
        (1_000_000_000, now + 60),
    ] {
        assert_eq!(with("hs2019", covered, good(created, expires)), 401, "{created} {expires}");
    }
    for bad in ["18446744073709551615", "9223372036854775807", "99999999999", "-1", "1e9", "", "\"\""] {
        assert_eq!(
            with("hs2019", covered, format!(",created={bad},expires={}", now + 60)),
            401,
            "created {bad}"
        );
    }
    for bad in ["18446744073709551615", "9223372036854775807", "-1", "1e9", "", "\"\"", "0"] {
        assert_eq!(with("hs2019", covered, format!(",created={now},expires={bad}")), 401, "expires {bad}");
    }
    // Also where they are not what the time is read from.
    let plain = "(request-target) host date digest";
    assert_eq!(with("rsa-sha256", plain, format!(",created={now}")), 202);
    for extra in
        [",created=18446744073709551615", ",expires=18446744073709551615", ",expires=1", ",created=-1"]
    {
        assert_eq!(with("rsa-sha256", plain, extra.to_owned()), 401, "{extra}");
    }
    // draft-cavage-12 2.3: rsa-sha256 does not know (created).
    assert_eq!(with("rsa-sha256", covered, good(now, now + 60)), 401);
    assert_eq!(with("hs2019", covered, format!(",created={now}")), 401);
}

#[test]
fn sig_21_signature_in_authorization() {
    let header = Request::honest().header("signature");
    for scheme in ["Signature", "signature", "SIGNATURE"] {
        let both = bent(|request| request.set("authorization", &format!("{scheme} {header}")));
        let alone = bent(|request| {
            request.drop_header("signature");
            request.set("authorization", &format!("{scheme} {header}"));
        });
        assert_eq!([both, alone], [401; 2], "{scheme}");
    }
    assert_eq!(bent(|request| request.set("authorization", "Basic eDp5")), 202);
}

#[test]
fn sig_22_parameter_twice() {
    for extra in [
        format!(",keyId=\"{KEY_ID}\""),
        ",headers=\"host\"".to_owned(),
        ",signature=\"QUJD\"".to_owned(),
        ",KEYID=\"x\"".to_owned(),
    ] {
        assert_eq!(signed_after(|request| request.extra = extra.clone()), 400, "{extra}");
    }
}

#[test]
fn sig_23_untidy_key_ids() {
    for key_id in ["https://a.example/u,v", "https://a.example/\\\"b", "https://a.example/ u", ""] {
        assert_eq!(signed_after(|request| request.key_id = key_id.to_owned()), 401, "{key_id}");
    }
    let unquoted = Request::honest().header("signature").replacen(&format!("\"{KEY_ID}\""), KEY_ID, 1);
    assert_eq!(bent(|request| request.set("signature", &unquoted)), 401);
}

/// SIG-25, SIG-26: refused so that the peer falls back, also when a good signature stands beside it.
#[test]
fn sig_25_26_the_other_dialect() {
    for input in [
        "sig1=(\"content-type\");created=1;keyid=\"x\"",
        "sig1=(\"date\"), sig2=(\"@method\" \"@target-uri\")",
    ] {
        assert_eq!(bent(|request| request.set("signature-input", input)), 401);
        let alone = bent(|request| {
            request.set("signature-input", input);
            request.set("signature", "sig1=:QUJD:");
        });
        assert_eq!(alone, 401);
    }
}

#[test]
fn sig_28_29_algorithms_and_signatures_of_no_worth() {
    for algorithm in ["hmac-sha256", "rsa-sha1", "ed25519", "none"] {
        assert_eq!(signed_after(|request| request.algorithm = Some(algorithm)), 401, "{algorithm}");
    }
    let good = Request::honest().header("signature");
    let (before, _) = good.rsplit_once("signature=").unwrap();
    for signature in ["", "A", "QUJD", "!!!!", &"A".repeat(344), &"A".repeat(1 << 20)] {
        assert_eq!(
            bent(|request| request.set("signature", &format!("{before}signature=\"{signature}\""))),
            401
        );
    }
}

/// SIG-31: what of it is left to see behind the web server.
#[test]
fn sig_31_two_ways_to_say_the_length() {
    assert_eq!(bent(|request| request.set("transfer-encoding", "chunked")), 400);
}

#[test]
fn what_is_no_delivery_is_said_so() {
    for method in ["GET", "PUT", "HEAD", "DELETE"] {
        assert_eq!(signed_after(|request| request.method = method), 405, "{method}");
    }
    for media_type in
        ["application/json", "text/html; x=application/activity+json", "application/ld+json", ""]
    {
        assert_eq!(signed_after(|request| request.set("content-type", media_type)), 415, "{media_type}");
    }
    assert_eq!(signed_after(|request| request.drop_header("content-type")), 415);
    assert_eq!(signed_after(|request| request.set("content-encoding", "gzip")), 415);
    let ld = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
    assert_eq!(signed_after(|request| request.set("content-type", ld)), 202);
    let padding = |bytes: usize| {
        Request::with_body(activity("https://a.example/1", super::support::ACTOR) + &" ".repeat(bytes))
            .status()
    };
    let room = LARGEST_ACTIVITY - activity("https://a.example/1", super::support::ACTOR).len();
    assert_eq!(padding(room), 202);
    assert_eq!(padding(room + 1), 413);
}

#[test]
fn digests_are_one_sha_256() {
    let good = Request::honest().header("digest");
    for digest in [
        format!("{good},{good}"),
        format!("MD5=XUFAKrxLKna5cZ2REBfFkg==,{good}"),
        "SHA-256=".to_owned(),
        String::new(),
    ] {
        assert_eq!(bent(|request| request.set("digest", &digest)), 401, "{digest}");
    }
    assert_eq!(bent(|request| request.drop_header("digest")), 401);
}

proptest! {
    #[test]
    fn no_header_makes_the_guard_panic(name in "(signature|digest|date|host|content-type|authorization|signature-input|content-length)",
                                       value in "[ -~\u{80}-\u{ff}\t]{0,60}") {
        let mut request = Request::honest();
        let honest = request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        request.set(&name, &value);
        if name != "authorization" && name != "content-length" && honest.is_none_or(|honest| honest.trim() != value.trim()) {
            prop_assert_ne!(request.status(), 202);
        } else {
            request.status();
        }
    }

    #[test]
    fn no_body_makes_the_guard_panic(body in any::<String>()) {
        prop_assert_ne!(Request::with_body(body).status(), 202);
    }
}
