//! The table, case by case: what each activity means, and what must never be believed.

#![expect(clippy::needless_pass_by_value, reason = "json! makes values that nobody else holds")]

use serde_json::{Value, json};
use url::Url;

use super::*;
use folkmoot_domain::audiences::Reach;

fn ours() -> Addresses {
    Addresses::new(&Url::parse("https://sut.example/").unwrap())
}

fn read(value: Value) -> Result<Incoming, Refused> {
    understand(&Envelope::read(value)?, &ours())
}

fn bob(verb: &str, object: Value) -> Value {
    json!({"id": "https://b.example/act/1", "type": verb, "actor": "https://b.example/bob", "object": object})
}

fn note(change: Value) -> Value {
    let mut note = json!({
        "id": "https://b.example/notes/1", "type": "Note", "attributedTo": "https://b.example/bob",
        "inReplyTo": "https://sut.example/ap/calls/1", "to": "https://sut.example/ap/associations/1", "content": "<p>yes</p>",
    });
    for (key, value) in change.as_object().unwrap() {
        note[key] = value.clone();
    }
    note
}

fn vote(value: Value) -> Option<Vote> {
    match read(bob("Create", value)) {
        Ok(Incoming::Vote(vote)) => Some(vote),
        _ => None,
    }
}

#[test]
fn votes_are_told_from_replies() {
    let named = |change: Value| {
        let mut note = note(json!({"name": "I can give time", "content": null}));
        for (key, value) in change.as_object().unwrap() {
            note[key] = value.clone();
        }
        note
    };
    let id = "https://b.example/bob#01M8/votes/0";
    let plain = vote(named(json!({"id": id}))).unwrap();
    assert_eq!(
        (plain.id.as_deref(), plain.option.as_str(), plain.reply),
        (Some(id), "I can give time", None)
    );
    assert!(vote(named(json!({"content": "<br>"}))).unwrap().reply.is_none());
    assert!(vote(named(json!({"type": "Answer"}))).is_some());
    assert!(vote(named(json!({"id": null}))).unwrap().id.is_none());
    let wordy = vote(named(json!({"content": "<p>with my van</p>"}))).unwrap();
    assert_eq!(wordy.reply.unwrap().said.html, "<p>with my van</p>");

    for no_vote in [
        json!({"to": "as:Public"}),
        json!({"cc": "https://b.example/bob/followers"}),
        json!({"cc": "https://c.example/carol"}),
        json!({"inReplyTo": "https://c.example/poll"}),
        json!({"inReplyTo": null}),
        json!({"name": " "}),
    ] {
        assert_eq!(vote(named(no_vote.clone())), None, "{no_vote}");
    }
    assert_eq!(
        read(bob("Create", named(json!({"attributedTo": "https://b.example/eve"})))),
        Err(Refused::NotTheirs("attributedTo"))
    );
    assert_eq!(
        read(bob("Create", named(json!({"id": "https://c.example/v"})))),
        Err(Refused::OtherOrigin("object.id"))
    );
}

#[test]
fn a_reply_keeps_its_reach() {
    let reach = |change: Value| match read(bob("Create", note(change))).unwrap() {
        Incoming::Reply(reply) => reply.said.reach,
        other => panic!("{other:?}"),
    };
    assert_eq!(reach(json!({})), Reach::Direct);
    assert_eq!(reach(json!({"to": [], "cc": "https://sut.example/ap/associations/1"})), Reach::Direct);
    assert_eq!(reach(json!({"to": "as:Public"})), Reach::Public);
    assert_eq!(reach(json!({"cc": ["Public"]})), Reach::Unlisted);
    assert_eq!(reach(json!({"cc": "https://b.example/bob/followers"})), Reach::Followers);
    let mut wider = bob("Create", note(json!({})));
    wider["to"] = json!("as:Public");
    let Incoming::Reply(reply) = read(wider).unwrap() else { panic!() };
    assert_eq!(reply.said.reach, Reach::Direct, "the note decides, not the activity around it");
    assert_eq!(reply.said.ours, [Url::parse("https://sut.example/ap/associations/1").unwrap()]);
}

#[test]
fn others_words_are_read_once_and_safely() {
    let Incoming::Reply(reply) = read(bob(
        "Create",
        note(json!({
            "content": null, "contentMap": {"pl": "<p onclick=x>tak<script>x</script></p>"}, "summary": "<b>CW</b>",
            "tag": {"type": "Mention", "href": "https://sut.example/ap/associations/1", "name": "@a"},
            "url": "https://victim.example/1", "published": "2026-11-23T18:32:32Z", "updated": "2026-11-23T18:32:34+00:00",
        })),
    ))
    .unwrap() else {
        panic!()
    };
    let said = reply.said;
    assert_eq!(said.html, "<p>tak</p>");
    assert_eq!(said.language.unwrap().as_str(), "pl");
    assert_eq!(said.summary.as_deref(), Some("CW"));
    assert_eq!(said.page, reply.uri, "a page elsewhere is no page of theirs");
    assert_eq!(said.mentions.len(), 1);
    assert_eq!(said.updated.unwrap().0 - said.published.unwrap().0, 2_000);
}

#[test]
fn undo_tells_what_it_undoes() {
    let inner = |kind: &str| json!({"id": "https://b.example/f/1", "type": kind, "actor": "https://b.example/bob", "object": "https://sut.example/x"});
    let act = Act {
        id: Some("https://b.example/f/1".to_owned()),
        actor: Url::parse("https://b.example/bob").unwrap(),
        object: Url::parse("https://sut.example/x").unwrap(),
    };
    assert_eq!(read(bob("Undo", inner("Follow"))), Ok(Incoming::UndoFollow(act.clone())));
    assert_eq!(read(bob("Undo", inner("EmojiReact"))), Ok(Incoming::UndoLike(act.clone())));
    assert_eq!(read(bob("Undo", inner("Announce"))), Ok(Incoming::UndoAnnounce(act.clone())));
    assert_eq!(read(bob("Undo", inner("Block"))), Ok(Incoming::UndoBlock(act)));
    assert!(matches!(read(bob("Undo", inner("Undo"))), Ok(Incoming::NotUnderstood { .. })));
    assert!(
        matches!(read(bob("Undo", json!("https://b.example/bob#like/1"))), Ok(Incoming::UndoById { undone, .. }) if undone.ends_with("#like/1"))
    );
    assert_eq!(read(bob("Undo", json!("https://c.example/like/1"))), Err(Refused::OtherOrigin("object")));
    let mut forged = inner("Follow");
    forged["actor"] = json!("https://b.example/eve");
    assert_eq!(read(bob("Undo", forged)), Err(Refused::NotTheirs("object.actor")));
    let mut lacking = inner("Like");
    lacking["object"] = Value::Null;
    assert_eq!(read(bob("Undo", lacking)), Err(Refused::Missing("object")));
}

#[test]
fn only_what_is_theirs_can_be_deleted_or_changed() {
    assert!(matches!(read(bob("Delete", json!("https://b.example/bob"))), Ok(Incoming::DeleteActor { .. })));
    let tomb = json!({"type": "Tombstone", "id": "https://b.example/notes/1", "formerType": "Note"});
    assert!(
        matches!(read(bob("Delete", tomb)), Ok(Incoming::Delete { former_type: Some(kind), .. }) if kind == "Note")
    );
    assert_eq!(read(bob("Delete", json!("https://victim.example/1"))), Err(Refused::OtherOrigin("object")));
    assert_eq!(
        read(bob("Delete", json!("https://sut.example/ap/calls/1"))),
        Err(Refused::OtherOrigin("object"))
    );
    assert_eq!(
        read(bob("Delete", note(json!({"attributedTo": "https://b.example/eve"})))),
        Err(Refused::NotTheirs("attributedTo"))
    );
    assert!(matches!(read(bob("Update", note(json!({})))), Ok(Incoming::UpdateObject(_))));
    assert_eq!(
        read(bob("Update", note(json!({"id": "https://sut.example/ap/calls/1"})))),
        Err(Refused::OtherOrigin("object.id"))
    );
    assert_eq!(
        read(bob(
            "Update",
            note(json!({"attributedTo": ["https://b.example/bob", "https://b.example/eve"]}))
        )),
        Err(Refused::Several("attributedTo"))
    );
    let profile = |id: &str| json!({"id": id, "type": "Person", "preferredUsername": "x", "inbox": format!("{id}/inbox")});
    assert!(matches!(read(bob("Update", profile("https://b.example/bob"))), Ok(Incoming::UpdateActor(_))));
    assert_eq!(read(bob("Update", profile("https://b.example/eve"))), Err(Refused::NotTheirs("object")));
    assert_eq!(read(bob("Move", json!("https://b.example/eve"))), Err(Refused::NotTheirs("object")));
}

#[test]
fn things_that_could_deceive_are_refused() {
    let create = |change: Value| read(bob("Create", note(change))).unwrap_err();
    assert_eq!(create(json!({"id": "https://victim.example/notes/1"})), Refused::OtherOrigin("object.id"));
    assert_eq!(create(json!({"id": "https://b.example:8443/notes/1"})), Refused::OtherOrigin("object.id"));
    assert_eq!(create(json!({"id": "http://b.example/notes/1"})), Refused::OtherOrigin("object.id"));
    assert_eq!(create(json!({"id": "https://b.example/notes/1#frag"})), Refused::Malformed("object.id"));
    assert_eq!(create(json!({"id": null})), Refused::Missing("object.id"));
    assert_eq!(create(json!({"id": {}})), Refused::Missing("object.id"));
    assert_eq!(create(json!({"type": ["Note", "Delete"]})), Refused::Several("type"));
    assert_eq!(create(json!({"attributedTo": "https://b.example/eve"})), Refused::NotTheirs("attributedTo"));
    assert_eq!(
        create(json!({"content": "x".repeat(102_401)})),
        Refused::TooMuch { what: "content", most: 102_400 }
    );
    assert_eq!(create(json!({"tag": vec![json!({}); 101]})), Refused::TooMuch { what: "tag", most: 100 });
    let crowd = vec![json!({"type": "Mention", "href": "https://c.example/"}); 51];
    assert_eq!(create(json!({"tag": crowd})), Refused::TooMuch { what: "tag", most: 50 });
    assert_eq!(
        create(json!({"@context": {"attributedTo": "ex:x"}})),
        Refused::Context("attributedTo".to_owned())
    );
}

#[test]
fn what_is_wrapped_is_not_believed() {
    let inner = bob("Delete", json!("https://b.example/notes/1"));
    assert!(
        matches!(read(bob("Announce", inner)), Ok(Incoming::Forwarded(act)) if act.object.path() == "/notes/1"),
        "only that there is something to look at"
    );
    let liked = bob("Like", json!("https://b.example/notes/1"));
    assert!(
        matches!(read(bob("Announce", liked)), Ok(Incoming::NotUnderstood { why, .. }) if why.contains("forwarded"))
    );
    let mut of_the_group = json!({"id": "https://b.example/events/1", "type": "Event", "name": "x", "attributedTo": "https://b.example/club"});
    let told = read(bob("Create", of_the_group.clone()));
    assert!(matches!(told, Ok(Incoming::Forwarded(act)) if act.object.path() == "/events/1"));
    of_the_group["attributedTo"] = json!("https://victim.example/club");
    assert_eq!(read(bob("Create", of_the_group)), Err(Refused::NotTheirs("attributedTo")));
    let shown = json!({"id": "https://c.example/1", "type": "Note", "content": "not believed"});
    assert!(
        matches!(read(bob("Announce", shown)), Ok(Incoming::Announce(act)) if act.object.host_str() == Some("c.example"))
    );
}

#[test]
fn the_rest_is_named_and_counted() {
    let ok = |value| read(value).unwrap();
    let report =
        bob("Flag", json!(["https://sut.example/ap/calls/1", "https://sut.example/ap/associations/1", 7]));
    assert!(matches!(ok(report), Incoming::Flag { objects, .. } if objects.len() == 2));
    let follow = json!({"id": "https://sut.example/ap/activities/1", "type": "Follow", "actor": "https://sut.example/ap/associations/1", "object": "https://b.example/bob"});
    let Incoming::Accept(yes) = ok(bob("Accept", follow)) else { panic!() };
    assert_eq!(
        (yes.kind.as_deref(), yes.asker.unwrap().path(), yes.about.unwrap().path()),
        (Some("Follow"), "/ap/associations/1", "/bob")
    );
    assert!(
        matches!(ok(bob("Reject", json!("https://sut.example/ap/activities/1"))), Incoming::Reject(no) if no.kind.is_none())
    );
    assert!(matches!(ok(bob("Offer", json!({"type": "Book"}))), Incoming::Offer { kind: Some(_), .. }));
    assert!(matches!(ok(bob("Join", json!("https://sut.example/ap/events/1"))), Incoming::Join(_)));
    let odd = bob(&"Frob".repeat(40), json!({"type": "Thing"}));
    assert!(matches!(ok(odd), Incoming::NotUnderstood { verb, .. } if verb.len() == 40));
    for empty in
        [Value::Null, json!([]), json!(7), json!({}), json!(["https://a.example/1", "https://a.example/2"])]
    {
        assert!(read(bob("Follow", empty.clone())).is_err(), "{empty}");
    }
}

fn agreement(stipulates: Value) -> Value {
    json!({"type": "Agreement", "stipulates": stipulates, "content": "<p>We bring a trailer.</p>"})
}

fn commitment(satisfies: &str) -> Value {
    json!({"type": "Commitment", "satisfies": satisfies, "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "2"}})
}

#[test]
fn an_offer_of_help_names_one_call_and_what_it_answers() {
    const CALL: &str = "https://sut.example/ap/calls/1";
    let offered = |stipulates: Value| match read(bob("Offer", agreement(stipulates))) {
        Ok(Incoming::Offered(offered)) => Ok(*offered),
        Ok(other) => panic!("{other:?}"),
        Err(refused) => Err(refused),
    };
    let one = offered(commitment(&format!("{CALL}#primary"))).unwrap();
    assert_eq!((one.call.as_str(), one.needs.as_slice()), (CALL, ["primary".to_owned()].as_slice()));
    assert_eq!((one.words.as_str(), one.id.as_str()), ("We bring a trailer.", "https://b.example/act/1"));
    let two = json!([commitment(&format!("{CALL}#need-1")), commitment(&format!("{CALL}#need-3"))]);
    assert_eq!(offered(two).unwrap().needs, ["need-1", "need-3"]);
    assert!(offered(commitment(CALL)).unwrap().needs.is_empty());
    // One answer to two calls, to nothing, and too much of it.
    let torn =
        json!([commitment(&format!("{CALL}#primary")), commitment("https://sut.example/ap/calls/2#primary")]);
    assert_eq!(offered(torn), Err(Refused::Several("object.stipulates")));
    assert_eq!(offered(json!([])), Err(Refused::Missing("object.stipulates")));
    assert!(offered(json!(vec![commitment(CALL); 21])).is_err());
    // In the name of somebody else, or without an id that could be answered.
    let mut theirs = agreement(commitment(CALL));
    theirs["attributedTo"] = json!("https://c.example/carol");
    assert!(read(bob("Offer", theirs)).is_err());
    let mut nameless = bob("Offer", agreement(commitment(CALL)));
    nameless.as_object_mut().unwrap().remove("id");
    assert_eq!(read(nameless), Err(Refused::Missing("id")));
    // Taking it back whole names the call, though an agreement that is only offered has no id.
    let undo = bob("Undo", bob("Offer", agreement(commitment(&format!("{CALL}#primary")))));
    match read(undo).unwrap() {
        Incoming::UndoOffer(act) => {
            assert_eq!((act.object.as_str(), act.id.as_deref()), (CALL, Some("https://b.example/act/1")));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_agreement_is_changed_by_its_own_server_alone() {
    let agreement = |id: &str, state: &str| json!({"type": "Agreement", "id": id, "civ:state": state});
    let kept =
        |value: Value| matches!(read(bob("Update", value)), Ok(Incoming::Agreed(Agreed { kept: true, .. })));
    assert!(kept(agreement("https://b.example/agreements/1", "kept")));
    assert!(!kept(agreement("https://b.example/agreements/1", "broken")));
    assert!(read(bob("Update", agreement("https://c.example/agreements/1", "kept"))).is_err());
}

#[test]
fn who_comes_says_so_in_several_ways() {
    const EVENT: &str = "https://sut.example/ap/events/1";
    let mut join = bob("Join", json!(EVENT));
    join["participationMessage"] = json!("<p>With a <b>pram</b></p>");
    match read(join.clone()).unwrap() {
        Incoming::Join(joined) => {
            assert_eq!((joined.act.object.as_str(), joined.words.as_str()), (EVENT, "With a pram"));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(read(bob("Undo", join)), Ok(Incoming::Leave(act)) if act.object.as_str() == EVENT));
    assert!(matches!(
        read(bob("TentativeAccept", json!(EVENT))),
        Ok(Incoming::TentativeAccept(answer)) if answer.id.as_deref() == Some(EVENT)
    ));
    assert!(matches!(read(bob("TentativeReject", json!(EVENT))), Ok(Incoming::Reject(_))));
}
