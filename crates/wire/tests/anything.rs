//! Whatever strangers send, reading it never panics and never takes their word for somebody else's things.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use folkmoot_domain::addresses::Addresses;
use folkmoot_wire::{
    Envelope, Incoming, actors::ActorRead, foreign::ForeignItem, html, nodeinfo, same_origin, understand,
    webfinger,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use url::Url;

fn ours() -> Addresses {
    Addresses::new(&Url::parse("https://sut.example/").unwrap())
}

/// Words that steer the reader into every corner of it.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => proptest::sample::select(vec![
            "Create", "Update", "Delete", "Undo", "Follow", "Like", "EmojiReact", "Announce", "Accept", "Reject", "Block",
            "Move", "Flag", "Offer", "Join", "Note", "Answer", "Question", "Article", "Event", "Person", "Group",
            "Tombstone", "Mention", "Hashtag", "ChatMessage", "as:Public", "Public",
            "https://www.w3.org/ns/activitystreams#Public", "https://a.example/u", "https://a.example/u/followers",
            "https://a.example/1", "https://a.example:8443/1", "http://a.example/1", "https://b.example/1",
            "https://b.example/u#votes/1", "https://sut.example/ap/calls/1", "https://sut.example/ap/associations/1",
            "https://a.example/%2e%2e/", "2026-11-23T18:32:32Z", "<p>hi</p>", "bob", "",
        ]).prop_map(str::to_owned),
        1 => ".*",
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => proptest::sample::select(vec![
            "id", "type", "actor", "object", "attributedTo", "to", "cc", "inReplyTo", "content", "contentMap", "name", "tag",
            "href", "url", "summary", "published", "updated", "target", "inbox", "publicKey", "owner", "publicKeyPem",
            "preferredUsername", "endpoints", "sharedInbox", "icon", "location", "startTime", "latitude", "@context",
            "formerType", "subject", "links", "rel", "template", "software", "version", "mediaType", "language",
        ]).prop_map(str::to_owned),
        1 => ".*",
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => word().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 80, 12, |inner| {
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            4 => proptest::collection::vec((key(), inner), 0..12).prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// An activity that is nearly right, with anything at all in a few of its places.
fn nearly() -> impl Strategy<Value = Value> {
    let place =
        proptest::sample::select(vec!["id", "type", "actor", "object", "to", "cc", "@context", "target"]);
    let inner = proptest::sample::select(vec![
        "id",
        "type",
        "actor",
        "object",
        "attributedTo",
        "inReplyTo",
        "name",
        "to",
        "tag",
        "content",
    ]);
    let outer_edits =
        proptest::collection::vec((place, prop_oneof![word().prop_map(Value::from), anything()]), 0..3);
    let inner_edits =
        proptest::collection::vec((inner, prop_oneof![word().prop_map(Value::from), anything()]), 0..4);
    (word(), word(), outer_edits, inner_edits).prop_map(|(verb, kind, outer, inner)| {
        let mut activity = json!({
            "id": "https://a.example/act/1", "type": verb, "actor": "https://a.example/u", "to": "as:Public",
            "object": {
                "id": "https://a.example/1", "type": kind, "attributedTo": "https://a.example/u", "content": "<p>x</p>",
                "inReplyTo": "https://sut.example/ap/calls/1", "to": "https://sut.example/ap/associations/1",
                "preferredUsername": "u", "inbox": "https://a.example/u/inbox", "object": "https://sut.example/x",
            },
        });
        for (key, value) in inner {
            activity["object"][key] = value;
        }
        for (key, value) in outer {
            activity[key] = value;
        }
        activity
    })
}

/// The things an activity makes us believe, with who must own them.
fn believed(incoming: &Incoming, actor: &Url) -> Vec<Url> {
    match incoming {
        Incoming::Reply(reply) => vec![reply.uri.clone(), reply.actor.clone(), reply.said.page.clone()],
        Incoming::Item(item) | Incoming::UpdateObject(item) => {
            vec![item.uri.clone(), item.author.clone(), item.said.page.clone()]
        }
        Incoming::UpdateActor(read) => {
            let mut all = vec![read.id.clone(), read.inbox.clone(), read.page.clone()];
            all.extend(
                [&read.shared_inbox, &read.followers, &read.outbox, &read.featured]
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
            all.extend(read.keys.iter().map(|key| Url::parse(&key.id).unwrap()));
            all
        }
        Incoming::Delete { object, .. } => vec![object.clone()],
        Incoming::UndoById { undone, .. } => vec![Url::parse(undone).unwrap()],
        Incoming::Vote(vote) => {
            let id = vote.id.as_ref().map(|id| Url::parse(id).unwrap());
            let reply = vote.reply.as_ref().map(|reply| reply.uri.clone());
            [Some(vote.actor.clone()), id, reply].into_iter().flatten().collect()
        }
        Incoming::UndoFollow(act)
        | Incoming::UndoLike(act)
        | Incoming::UndoAnnounce(act)
        | Incoming::UndoBlock(act) => {
            act.id.iter().map(|id| Url::parse(id).unwrap()).chain([act.actor.clone()]).collect()
        }
        _ => vec![actor.clone()],
    }
}

fn check(value: Value) -> Result<bool, TestCaseError> {
    let Ok(envelope) = Envelope::read(value) else {
        return Ok(false);
    };
    if let Some(id) = &envelope.id {
        prop_assert!(same_origin(&Url::parse(id).unwrap(), &envelope.actor), "{id} by {}", envelope.actor);
    }
    let Ok(incoming) = understand(&envelope, &ours()) else {
        return Ok(false);
    };
    for thing in believed(&incoming, &envelope.actor) {
        prop_assert!(same_origin(&thing, &envelope.actor), "{thing} by {}: {incoming:?}", envelope.actor);
    }
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_json_makes_the_reader_panic(value in anything()) {
        let from = Url::parse("https://a.example/1").unwrap();
        let _ = ActorRead::fetched(&value, &from);
        let _ = ForeignItem::fetched(&value, &from, &ours());
        let _ = webfinger::Found::read(&value);
        let _ = nodeinfo::NodeLinks::read(&value);
        let _ = nodeinfo::Software::read(&value);
        check(value)?;
    }

    #[test]
    fn nobody_speaks_for_another_origin(value in nearly()) {
        check(value)?;
    }

    #[test]
    fn sanitising_is_safe_and_settles(text in "(<(p|a|b|svg|math|style|img|script|br|li|/p|/a|!--)( href=\"(javascript:|https:)x\"| onclick=x| style=x)?>|[a-z&<>\"']| ){0,40}") {
        let clean = html::safe(&text);
        prop_assert_eq!(&html::safe(&clean), &clean);
        for word in ["<svg", "<math", "<style", "<img", "<script", "onclick=x\"", "href=\"javascript"] {
            prop_assert!(!clean.contains(word), "{} in {}", word, clean);
        }
        let _ = html::words(&text);
    }
}

/// The property above would hold for a reader that refuses everything: this one does not.
#[test]
fn most_honest_activities_are_understood() {
    let mut understood = 0;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..400 {
        let value = proptest::strategy::ValueTree::current(&nearly().new_tree(&mut runner).unwrap());
        understood += usize::from(check(value).unwrap());
    }
    assert!(understood > 80, "{understood} of 400");
}
