//! Activities whose parts do not belong together: the cases KEY-01 to KEY-11 and ORI-01 to ORI-19.

use super::support::{ACTOR, KEY_ID, Request, activity};

fn body(text: impl Into<String>) -> u16 {
    Request::with_body(text).status()
}

/// The status before any key is looked at.
fn actor_and_key(actor: &str, key_id: &str) -> u16 {
    let mut request = Request::unsigned();
    request.body = activity(&format!("{actor}/follows/1"), actor);
    request.key_id = key_id.to_owned();
    request.sign().check().map_or_else(|refused| refused.status.as_u16(), |_| 0)
}

#[test]
fn key_01_key_of_another_host() {
    assert_eq!(actor_and_key(ACTOR, KEY_ID), 0);
    assert_eq!(actor_and_key(ACTOR, "https://a.example/users/bob/main-key"), 0);
    for (actor, key_id) in [
        ("https://victim.example/users/bob", KEY_ID),
        ("https://a.example:8443/users/bob", KEY_ID),
        ("http://a.example/users/bob", KEY_ID),
        ("https://a.example/users/eve", KEY_ID),
        (ACTOR, "https://attacker.example/u#main-key"),
        (ACTOR, "https://a.example/users/bobby#main-key"),
        (ACTOR, "https://a.example/uploads/key.json"),
    ] {
        assert_eq!(actor_and_key(actor, key_id), 401, "{actor} {key_id}");
    }
}

/// KEY-04, and SSRF by way of a keyId (SSRF-02 to SSRF-05): refused before anybody is asked.
#[test]
fn key_04_key_ids_that_are_no_public_address() {
    for key_id in [
        "acct:bob@a.example",
        "did:key:z6Mk",
        "a.example/users/bob",
        "http://a.example/users/bob#main-key",
        "https://a.example:8443/users/bob#main-key",
        "https://user@a.example/users/bob#main-key",
        "https://a.example./users/bob#main-key",
        "https://A.example/users/bob#main-key",
        "https://127.0.0.1/u#main-key",
        "https://0.0.0.0/u#main-key",
        "https://[::1]/u#main-key",
        "https://[::ffff:127.0.0.1]/u#main-key",
        "https://169.254.169.254/latest/meta-data",
        "https://1.1.1.1/u#main-key",
        "file:///etc/passwd",
    ] {
        let actor = key_id.split('#').next().unwrap();
        // An actor that lies there, too, is no actor (ORI-12).
        assert!(matches!(actor_and_key(actor, key_id), 400 | 401), "{key_id}");
        assert_eq!(actor_and_key(ACTOR, key_id), 401, "{key_id}");
    }
}

#[test]
fn key_11_our_own_actors() {
    let ours = "https://hyde.example/users/admin";
    assert_eq!(actor_and_key(ours, &format!("{ours}#main-key")), 401);
    assert_eq!(actor_and_key(ours, KEY_ID), 401);
}

#[test]
fn ori_01_11_12_id_of_another_origin() {
    for id in [
        "https://victim.example/1",
        "http://a.example/1",
        "https://a.example:8443/1",
        "https://sub.a.example/1",
        "https://hyde.example/ap/1",
    ] {
        assert_eq!(body(activity(id, ACTOR)), 403, "{id}");
    }
}

/// ORI-11, ORI-12, ORI-19: another spelling is no id at all.
#[test]
fn ori_19_ids_in_disguise() {
    for id in [
        "https://user@a.example/1",
        "https://EXAMPLE.com/1",
        "https://a.example./1",
        "https://5.6.7.8/1",
        "https://[2001:db8::1]/1",
        "https://a.example/x/../1",
        "https://a.example/%2e%2e/1",
        "https://a.example\\\\@victim.example/1",
        "https:\\\\\\\\a.example/1",
        "https://a.example/\\t1",
        "https://a.example/\\n1",
        "https://a.example/\\u202e1",
        "https://a.example/\\u0000",
        "https://a.example:443/1",
        "/1",
        "",
    ] {
        assert_eq!(body(activity(id, ACTOR)), 400, "{id}");
        let as_actor = Request::with_body(activity("https://a.example/1", id)).check();
        assert_eq!(as_actor.unwrap_err().status, 400, "{id}");
    }
    assert_eq!(body(activity("https://1.2.3.4/a", "https://5.6.7.8/b")), 400);
}

/// A vote's id is a fragment of its voter; cutting it off would make all votes one.
#[test]
fn fragments_are_kept() {
    let mut request = Request::unsigned();
    request.body = activity("https://a.example/users/bob#votes/1/https://hyde.example/c/1", ACTOR);
    let checked = request.sign().check().unwrap();
    assert_eq!(checked.envelope.id.as_str(), "https://a.example/users/bob#votes/1/https://hyde.example/c/1");
}

#[test]
fn ori_15_rearranged_documents() {
    for keyword in ["@graph", "@included", "@reverse"] {
        assert_eq!(
            body(format!(
                r#"{{"id":"https://a.example/1","type":"Follow","actor":"{ACTOR}","{keyword}":[]}}"#
            )),
            400
        );
        assert_eq!(body(format!(r#"{{"{keyword}":[{}]}}"#, activity("https://a.example/1", ACTOR))), 400);
        let inside = format!(
            r#"{{"id":"https://a.example/1","type":"Create","actor":"{ACTOR}","object":{{"{keyword}":{{}}}}}}"#
        );
        assert_eq!(body(inside), 400);
    }
    assert_eq!(
        body(format!(
            r#"{{"id":"https://a.example/1","type":"Follow","actor":"{ACTOR}","actor":"https://v.example/"}}"#
        )),
        400
    );
    assert_eq!(body(format!("{}1{}", "{\"a\":".repeat(33), "}".repeat(33))), 400);
}

#[test]
fn ori_18_lists_and_objects_where_one_thing_stands() {
    let with = |id: &str, kind: &str, actor: &str| {
        body(format!(r#"{{"id":{id},"type":{kind},"actor":{actor},"object":"x"}}"#))
    };
    let (id, kind, actor) = ("\"https://a.example/1\"", "\"Follow\"", "\"https://a.example/users/bob\"");
    assert_eq!(with(id, kind, actor), 202);
    assert_eq!(with(id, kind, "{\"type\":\"Person\",\"id\":\"https://a.example/users/bob\"}"), 202);
    for bad in [
        "[\"https://a.example/users/bob\"]",
        "[\"https://a.example/users/bob\",\"https://v.example/\"]",
        "{}",
        "null",
        "7",
        "{\"id\":[]}",
    ] {
        assert_eq!(with(id, kind, bad), 400, "{bad}");
    }
    for bad in ["{}", "[]", "[\"https://a.example/1\"]", "null", "7"] {
        assert_eq!(with(bad, kind, actor), 400, "{bad}");
    }
    for bad in ["[\"Follow\",\"Delete\"]", "[\"Follow\"]", "\"\"", "null", "{}"] {
        assert_eq!(with(id, bad, actor), 400, "{bad}");
    }
    for bad in ["", "[]", "\"x\"", "null", "{}", "[{}]"] {
        assert_eq!(body(bad), 400, "{bad}");
    }
}
