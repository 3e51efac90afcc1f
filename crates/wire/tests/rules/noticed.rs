//! The other side of `said.rs`: what we say is understood, the rules can be broken, and nothing that an
//! organiser types becomes markup.

use folkmoot_domain::{
    calls::CallState, events::EventState, items::AnotherDay, pledges::PledgeState, projects::ProjectState,
};
use folkmoot_wire::{
    Envelope, Incoming, activities, actors, calls, document, events, foreign::ForeignKind, notes, projects,
    understand, updates,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{PUBLIC, obeys_the_rules};
use crate::samples::{self, activity, addresses, at, note};

fn create(number: u8, object: Value) -> Value {
    activities::create(&activity(number), object)
}

/// What we say, read as another instance of ours would read it.
#[test]
fn we_understand_ourselves() {
    let elsewhere =
        folkmoot_domain::addresses::Addresses::new(&url::Url::parse("https://other.example/").unwrap());
    let read = |value: Value| {
        understand(&Envelope::read(serde_json::from_str(&document(&value)).unwrap()).unwrap(), &elsewhere)
            .unwrap()
    };
    let (call, project, event) = (samples::call(), samples::project(), samples::event());
    for (object, kind, seen) in [
        (calls::object(&call, &addresses()), ForeignKind::Question, &call.seen),
        (projects::object(&project, &addresses()), ForeignKind::Note, &project.seen),
        (events::object(&event, &addresses()), ForeignKind::Event, &event.seen),
    ] {
        let Incoming::Item(item) = read(create(1, object)) else { panic!() };
        assert_eq!((item.kind, item.title.as_ref()), (kind, Some(&seen.item.title)));
        let heard = item.heard(at("2026-06-01T00:00:00Z"));
        assert_eq!(
            (&heard.title, heard.noun.kind(), heard.carriable),
            (&seen.item.title, seen.item.kind, true)
        );
        assert!(!heard.html.contains("<strong>"), "the title stands once");
        assert_eq!(
            (item.author, item.said.hashtags.as_slice()),
            (samples::group().uri, &["UrbanTrees".to_owned()][..])
        );
    }
    assert!(matches!(read(create(1, updates::object(&samples::update(), &addresses()))), Incoming::Reply(_)));
    let group = actors::group(&samples::association(), &addresses());
    let Incoming::UpdateActor(actor) =
        read(activities::update(&activity(1), group, at("2026-06-01T00:00:00Z")))
    else {
        panic!()
    };
    assert_eq!(
        (actor.keys.len(), actor.username.as_str(), actor.shared_inbox),
        (1, "park-friends", Some(addresses().shared_inbox()))
    );
}

/// What we say of a call is what another instance of ours knows of it.
#[test]
fn facts_come_through() {
    use folkmoot_domain::heard::HeardNoun;
    let elsewhere =
        folkmoot_domain::addresses::Addresses::new(&url::Url::parse("https://other.example/").unwrap());
    let heard = |object: Value| {
        let said: Value = serde_json::from_str(&document(&create(1, object))).unwrap();
        let Incoming::Item(item) = understand(&Envelope::read(said).unwrap(), &elsewhere).unwrap() else {
            panic!()
        };
        item.heard(at("2026-06-01T00:00:00Z"))
    };
    let call = samples::call();
    let HeardNoun::Call { why, closes, one_tap, needs, state, .. } =
        heard(calls::object(&call, &addresses())).noun
    else {
        panic!("no call")
    };
    assert_eq!((why, one_tap), (call.call.why.clone(), call.call.one_tap));
    assert_eq!(closes.rfc3339(), call.ends().rfc3339());
    assert_eq!(state.word(), call.call.state.word());
    for (heard, said) in needs.iter().zip(&call.needs) {
        assert_eq!(
            (heard.kind, &heard.label, heard.wanted),
            (said.need.kind, &said.need.label, said.need.wanted)
        );
        assert_eq!(heard.votes, said.votes);
    }
    assert_eq!(needs.len(), call.needs.len());
    let event = samples::event();
    let HeardNoun::Event { starts, ends, zone, capacity, online, state, .. } =
        heard(events::object(&event, &addresses())).noun
    else {
        panic!("no event")
    };
    assert_eq!(
        (starts.rfc3339(), ends.rfc3339()),
        (event.event.starts.rfc3339(), event.event.ends.rfc3339())
    );
    assert_eq!((zone, capacity, online), (event.event.zone, event.event.capacity, event.event.online));
    assert_eq!(state.word(), event.event.state.word());
    let project = samples::project();
    let HeardNoun::Project { need, state, .. } = heard(projects::object(&project, &addresses())).noun else {
        panic!("no project")
    };
    assert_eq!((need, state.word()), (project.need, project.state.word()));
}

/// The rules can be broken: each of these documents is a good one with one thing wrong.
#[test]
fn the_rules_notice() {
    let good: Value =
        serde_json::from_str(&document(&create(20, calls::object(&samples::call(), &addresses())))).unwrap();
    let event: Value =
        serde_json::from_str(&document(&create(30, events::object(&samples::event(), &addresses()))))
            .unwrap();
    let group: Value =
        serde_json::from_str(&document(&actors::group(&samples::association(), &addresses()))).unwrap();
    let receipt = note(50, |head| notes::receipt(head, &samples::pledge(PledgeState::Offered, "")));
    let receipt: Value = serde_json::from_str(&document(&receipt)).unwrap();
    let update: Value =
        serde_json::from_str(&document(&updates::object(&samples::update(), &addresses()))).unwrap();
    for (document, pointer, value, rule) in [
        (&good, "/type", json!(["Create"]), "1:"),
        (&good, "/object/type", json!(["Question", "civ:Call"]), "1:"),
        (&good, "/@context", json!("https://hyde.example/context"), "2:"),
        (&good, "/object/unheardOf", json!(1), "2:"),
        (&good, "/object/id", json!("https://hyde.example/ap/calls/1#call"), "4:"),
        (&good, "/id", json!("https://other.example/1"), "5:"),
        (&group, "/outbox", json!("https://other.example/outbox"), "5:"),
        (&group, "/publicKey", json!([{"id": "https://hyde.example/k"}]), "6:"),
        (&group, "/icon", json!([{"type": "Image", "url": "https://hyde.example/i"}]), "7, 12:"),
        (&group, "/endpoints", json!({}), "8:"),
        (&good, "/object/to", json!("https://www.w3.org/ns/activitystreams#Public"), "9:"),
        (&good, "/cc/0", json!("as:Public"), "9:"),
        (&good, "/object/cc", json!([PUBLIC]), "10:"),
        (&good, "/object/attachment", Value::Null, "11:"),
        (
            &event,
            "/object/attachment",
            json!([{"type": "Link", "href": "https://hyde.example", "name": "Website", "mediaType": "text/html"}]),
            "11:",
        ),
        (
            &good,
            "/object/attachment",
            json!([{"type": "Document", "mediaType": "image/jpeg", "url": "https://hyde.example/i", "name": " "}]),
            "11:",
        ),
        (&event, "/object/image", json!("https://hyde.example/i"), "7, 12:"),
        (&event, "/object/image", json!({"type": "Image", "url": "https://hyde.example/i"}), "12: the"),
        (
            &good,
            "/object/tag",
            json!({"type": "Hashtag", "name": "#a", "href": "https://hyde.example/a"}),
            "13:",
        ),
        (&good, "/object/tag/0", json!({"type": "Hashtag"}), "13:"),
        (&good, "/object/updated", json!("2026-05-20T08:00:00Z"), "14:"),
        (&good, "/object/published", json!("2026-05-19T08:00:00Z"), "15:"),
        (&good, "/object/name", json!("Plant trees"), "16:"),
        (&good, "/object/summary", json!("Plant trees"), "16:"),
        (&good, "/object/interactionPolicy", json!({}), "17:"),
        (&group, "/inbox", json!("https://hyde.example/inbox?x=1"), "20:"),
        (&good, "/object/endTime", Value::Null, "a poll always"),
        (&good, "/object/closed", json!("2026-06-01T17:00:00Z"), "closed equals"),
        (&good, "/object/anyOf", json!([]), "a poll has 2 to 5"),
        (&good, "/object/contentMap", json!({}), "contentMap"),
        (&good, "/object/content", json!("<p>Plant</p>"), "the content begins"),
        (&good, "/object/publishes/id", json!("https://hyde.example/x#primary"), "0837:"),
        (&good, "/object/replies", json!("https://hyde.example/replies"), "replies are inline"),
        (&event, "/object/feeAmount", Value::Null, ""),
        (&event, "/object/summary", json!("<p>Saturday</p>"), "the summary is plain"),
        (&event, "/object/location/latitude", json!(53), "a place has"),
        (&event, "/object/joinMode", json!("none"), "Mobilizon knows"),
        (&receipt, "/tag", json!([]), "what is for one mentions"),
        (&receipt, "/cc", json!(["https://hyde.example/followers"]), "what is for one is for nobody"),
        (&update, "/tag", json!([]), "an answer to our own"),
    ] {
        let mut broken = document.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = broken.pointer_mut(parent).unwrap();
        match parent.as_array_mut() {
            Some(list) => list[key.parse::<usize>().unwrap()] = value,
            None => parent[key] = value,
        }
        let wrong = obeys_the_rules(&broken);
        // PieFed takes null for every key but fails on a missing one.
        let noticed = if rule.is_empty() {
            wrong.is_empty()
        } else {
            wrong.iter().any(|found| found.starts_with(rule))
        };
        assert!(noticed, "{pointer}: {wrong:?}");
    }
    let mut event = event;
    event["object"].as_object_mut().unwrap().remove("feeAmount");
    assert!(obeys_the_rules(&event).iter().any(|wrong| wrong.contains("PieFed")));
}

/// Everything plain that an organiser or a stranger can type, put wherever it is said again.
fn typed(words: &str) -> Vec<Value> {
    let moment = at("2026-06-01T00:00:00Z");
    let words = || words.to_owned();
    let mut call = samples::call();
    call.seen.item.title = words();
    call.call.why = words();
    call.needs[0].need.label = words();
    call.seen.item.place.as_mut().unwrap().name = words();
    call.call.state = CallState::Closed { outcome: words(), thanks: words(), at: moment };
    let mut event = samples::event();
    event.seen.item.title = words();
    event.event.state = EventState::Cancelled { reason: words(), at: moment };
    let mut project = samples::project();
    project.need = words();
    project.state = ProjectState::Done { outcome: words(), at: moment };
    let mut pledge = samples::pledge(PledgeState::Accepted, &words());
    pledge.call.title = words();
    pledge.giver.handle = words();
    pledge.labels = vec![words()];
    let day = AnotherDay { reason: words(), wake: None };
    let utc = samples::event().event.time_zone();
    vec![
        calls::object(&call, &addresses()),
        events::object(&event, &addresses()),
        projects::object(&project, &addresses()),
        note(1, |head| notes::answer(head, &pledge)),
        note(2, |head| notes::outcome(head, &pledge.call, &words(), &words())),
        note(3, |head| notes::cancelled(head, &pledge.call, &words())),
        note(4, |head| notes::parked(head, &pledge.call, &day, &utc)),
        note(5, |head| notes::farewell(head, &words())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_typed_becomes_markup(words in "[a-z<>&\"'/=;#{}é\u{202e}-]{1,40}") {
        let tags = |value: &Value| value["content"].as_str().unwrap().matches('<').count();
        for (said, plain) in typed(&words).iter().zip(typed("x").iter()) {
            prop_assert_eq!(tags(said), tags(plain), "{}", said["content"]);
        }
    }
}
