//! What others publish, in their own shapes, and the noun that is read out of it.

use folkmoot_domain::{addresses::Addresses, audiences::Reach};
use serde_json::{Value, json};

use super::*;
use crate::{Audience, PUBLIC};

#[expect(clippy::needless_pass_by_value, reason = "json! makes values that nobody else holds")]
fn read(change: Value) -> ForeignItem {
    let mut object = json!({
        "id": "https://b.example/1", "type": "Note", "attributedTo": "https://b.example/u", "to": [PUBLIC],
        "content": "<p>Words</p>", "published": "2026-06-13T09:00:00Z",
    });
    for (key, value) in change.as_object().unwrap() {
        object[key] = value.clone();
    }
    let author = Url::parse("https://b.example/u").unwrap();
    let ours = Addresses::new(&Url::parse("https://hyde.example").unwrap());
    ForeignItem::read(object.as_object().unwrap(), &author, &Audience::default(), &ours).unwrap()
}

fn heard(change: Value) -> Heard {
    read(change).heard(Moment(7))
}

#[test]
fn a_plain_note_is_news() {
    let note =
        heard(json!({"tag": [{"type": "Hashtag", "name": "#Food"}, {"type": "Hashtag", "name": "#food"}]}));
    assert_eq!(note.noun, HeardNoun::Update { about: None });
    assert_eq!(
        (note.title.as_str(), note.html.as_str(), note.causes.as_slice()),
        ("", "<p>Words</p>", &["Food".to_owned()][..])
    );
    assert_eq!((note.reach, note.carriable, note.edited), (Reach::Public, true, None));
    let answer = heard(json!({"inReplyTo": "https://b.example/0"}));
    assert_eq!(answer.noun, HeardNoun::Update { about: Some(Url::parse("https://b.example/0").unwrap()) });
    let poll = heard(json!({"type": "Question", "oneOf": [{"type": "Note", "name": "yes"}]}));
    assert_eq!(poll.noun, HeardNoun::Update { about: None });
}

#[test]
fn a_proposal_that_asks_is_a_call() {
    let intent = json!({"type": "Intent", "action": "transfer", "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "3"}});
    let proposal = json!({"type": "Proposal", "purpose": "request", "name": "Saplings", "publishes": intent});
    let HeardNoun::Call { needs, one_tap, closes, .. } = heard(proposal.clone()).noun else {
        panic!("no call")
    };
    let [need] = needs.as_slice() else { panic!("{needs:?}") };
    assert_eq!(
        (need.kind, need.label.as_str(), need.wanted, one_tap),
        (HelpKind::Thing, "Saplings", Some(3), false)
    );
    assert_eq!(closes, Moment::parse("2026-09-11T09:00:00Z").unwrap());
    let mut offer = proposal;
    offer["purpose"] = json!("offer");
    assert_eq!(heard(offer).noun, HeardNoun::Update { about: None });
}

#[test]
fn an_event_without_a_time_is_news_and_one_without_an_end_lasts_an_hour() {
    assert_eq!(heard(json!({"type": "Event", "name": "x"})).noun, HeardNoun::Update { about: None });
    let event = json!({"type": "Event", "name": "x", "startTime": "2026-06-13T09:00:00Z", "timezone": "Mars/Olympus",
        "maximumAttendeeCapacity": 1.5, "participantCount": -3});
    let HeardNoun::Event { starts, ends, zone, capacity, going, .. } = heard(event).noun else {
        panic!("no event")
    };
    assert_eq!((ends.0 - starts.0, zone.as_str(), capacity, going), (HOUR, "UTC", None, 0));
}

#[test]
fn who_leaves_the_public_out_is_not_carried() {
    let policy = |policy: Value| heard(json!({"interactionPolicy": policy})).carriable;
    assert!(policy(json!({"canQuote": {"automaticApproval": []}})));
    assert!(policy(json!({"canAnnounce": {"automaticApproval": "as:Public"}})));
    assert!(policy(json!({"canAnnounce": {"always": [PUBLIC], "approvalRequired": []}})));
    assert!(!policy(json!({"canAnnounce": {"automaticApproval": ["https://b.example/u/followers"]}})));
    assert!(!policy(json!({"canAnnounce": {}})));
}

#[test]
fn a_title_stands_once() {
    let call = heard(json!({"name": "Plant & water", "type": "Article",
        "content": "<p><strong>Plant &amp; water</strong></p><p>More</p>"}));
    assert_eq!((call.title.as_str(), call.html.as_str()), ("Plant & water", "<p>More</p>"));
    let other =
        heard(json!({"name": "Plant", "type": "Article", "content": "<p><strong>Water</strong></p>"}));
    assert_eq!(other.html, "<p><strong>Water</strong></p>");
}

#[test]
fn places_say_street_and_town_once() {
    let at = |location: Value| heard(json!({"location": location})).place.map(|place| place.name);
    let full = json!({"type": "Place", "name": "The Hall", "address": {"streetAddress": "1 High Street", "addressLocality": "Leeds"}});
    assert_eq!(at(full).as_deref(), Some("The Hall, 1 High Street, Leeds"));
    assert_eq!(
        at(json!({"type": "Place", "name": "Hall, Leeds", "address": "Leeds"})).as_deref(),
        Some("Hall, Leeds")
    );
    assert_eq!(at(json!("Somewhere")).as_deref(), Some("Somewhere"));
    assert_eq!(at(json!({"type": "VirtualLocation", "url": "https://meet.example"})), None);
}

#[test]
fn what_is_quoted_is_an_address_or_nothing() {
    let quoted = |change: Value| read(change).quotes.map(String::from);
    assert_eq!(quoted(json!({"quoteUri": "https://c.example/1"})).as_deref(), Some("https://c.example/1"));
    assert_eq!(
        quoted(json!({"quote": {"id": "https://c.example/2"}})).as_deref(),
        Some("https://c.example/2")
    );
    assert_eq!(quoted(json!({"quote": "javascript:alert(1)"})), None);
}
