//! Everything we say, as a snapshot, held against the rules that decide whether other servers can read it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rules;
mod samples;

use folkmoot_domain::{
    calls::CallState, events::EventState, items::AnotherDay, pledges::PledgeState, projects::ProjectState,
    rsvps::RsvpState,
};
use folkmoot_wire::{
    activities, actors, affiliations, calls, carries, collections, decisions, document, events, nodeinfo,
    notes, partnerships, pledges, projects, replies, rsvps, updates, webfinger,
};
use rules::obeys_the_rules;
use serde_json::{Value, json};

use samples::{activity, addresses, at, note};

/// Renders the document, holds it against the rules, and compares it with its snapshot.
fn said(name: &str, value: &Value) -> Value {
    let text = document(value);
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(obeys_the_rules(&document), Vec::<String>::new(), "{name}");
    assert_eq!(text, document.to_string(), "{name}: the bytes are the document, key by key");
    let mut shown = document.clone();
    shown["@context"] = json!(format!("{} bytes", document["@context"].to_string().len()));
    insta::assert_json_snapshot!(name, shown);
    document
}

/// What crosses between two: it is for one reader, lives where its actor lives, and leaves nothing empty.
fn crosses(name: &str, value: &Value) -> Value {
    let document = shown(name, value);
    assert_eq!(document["to"].as_array().map(Vec::len), Some(1), "{name}: for one reader");
    assert_eq!(document["cc"], json!([]), "{name}: and nobody else");
    assert!(document["actor"].is_string() && !document.as_object().unwrap().values().any(Value::is_null));
    let host = |url: &Value| url::Url::parse(url.as_str().unwrap()).unwrap().host_str().map(str::to_owned);
    assert_eq!(host(&document["id"]).as_deref(), Some("hyde.example"), "{name}");
    document
}

/// Renders the document and compares it with its snapshot.
fn shown(name: &str, value: &Value) -> Value {
    let text = document(value);
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(text, document.to_string(), "{name}: the bytes are the document, key by key");
    let mut shown = document.clone();
    shown["@context"] = json!(format!("{} bytes", document["@context"].to_string().len()));
    insta::assert_json_snapshot!(name, shown);
    document
}

/// The same for what goes to other associations alone: the rules are about what people's servers show.
fn between_us(name: &str, value: &Value) -> Value {
    let document: Value = serde_json::from_str(&document(value)).unwrap();
    let mut shown = document.clone();
    shown["@context"] = json!(format!("{} bytes", document["@context"].to_string().len()));
    insta::assert_json_snapshot!(name, shown);
    document
}

fn create(number: u8, object: Value) -> Value {
    activities::create(&activity(number), object)
}

#[test]
fn actors_introduce_themselves() {
    said("group", &actors::group(&samples::association(), &addresses()));
    let mut sample = samples::association();
    sample.association.sample = true;
    sample.association.place = None;
    sample.battles.clear();
    let sample = said("group_sample", &actors::group(&sample, &addresses()));
    assert!(sample["summary"].as_str().unwrap().contains("This is a sample"));
    said("application", &actors::application(&samples::instance(), &addresses(), at("2026-01-10T00:00:00Z")));
    said("person", &actors::person(&samples::ruth(), &addresses(), at("2026-01-10T00:00:00Z")));
    let group = actors::group(&samples::association(), &addresses());
    said("update_group", &activities::update(&activity(1), group, at("2026-06-01T00:00:00Z")));
}

#[test]
fn an_association_moves() {
    let (mut old, mut new) = (samples::association(), samples::association());
    let there =
        url::Url::parse("https://new.example/ap/associations/0198c1f2-0000-7000-8000-000000000001").unwrap();
    old.actor.profile.moved_to = Some(there.clone());
    let moved = said("group_moved", &actors::group(&old, &addresses()));
    assert_eq!(moved["movedTo"], there.as_str());
    new.actor.profile.also_known_as = vec![there.clone()];
    let named = said("group_also_known_as", &actors::group(&new, &addresses()));
    assert_eq!(named["alsoKnownAs"], json!([there]));
    let at = at("2026-06-01T00:00:00Z");
    let said_so = said("move", &activities::moved(&activity(1), &old.actor, &there, at, &addresses()));
    assert_eq!((&said_so["actor"], &said_so["target"]), (&said_so["object"], &json!(there)));
    let mut call = calls::object(&samples::call(), &addresses());
    activities::lead_on(&mut call, &there);
    assert_eq!(said("call_moved", &call)["civ:movedTo"], there.as_str());
    said("moved_on", &note(54, |head| notes::moved_on(head, &samples::bob(), &samples::about(), &there)));
}

#[test]
fn contexts_are_inline_and_small() {
    let context =
        |value: &Value| serde_json::from_str::<Value>(&document(value)).unwrap()["@context"].clone();
    insta::assert_json_snapshot!("context_of_items", context(&calls::object(&samples::call(), &addresses())));
    insta::assert_json_snapshot!(
        "context_of_events",
        context(&events::object(&samples::event(), &addresses()))
    );
    insta::assert_json_snapshot!(
        "context_of_actors",
        context(&actors::group(&samples::association(), &addresses()))
    );
    let follow = activities::follow(&activity(1), &samples::group().uri, &samples::bob().uri);
    assert_eq!(context(&follow), json!("https://www.w3.org/ns/activitystreams"));
}

#[test]
fn projects_are_notes_with_a_title() {
    said("create_project", &create(10, projects::object(&samples::project(), &addresses())));
    let mut project = samples::project();
    project.nobodys = true;
    project.state = ProjectState::Idea;
    project.seen.home = samples::instance();
    project.seen.item.place = None;
    project.seen.causes.clear();
    project.need.clear();
    let idea = said("project_of_nobody", &projects::object(&project, &addresses()));
    assert!(idea["content"].as_str().unwrap().contains("Nobody runs this yet"));
    let mut project = samples::project();
    project.seen.item.edited = Some(at("2026-05-21T08:00:00Z"));
    project.state = ProjectState::AnotherDay(AnotherDay {
        reason: "no saplings".into(),
        wake: Some(at("2026-11-02T09:00:00Z")),
    });
    let parked = projects::object(&project, &addresses());
    said("update_project_parked", &activities::update(&activity(11), parked, at("2026-05-21T08:00:00Z")));
    project.state = ProjectState::Done { outcome: "40 trees stand".into(), at: at("2026-07-01T00:00:00Z") };
    said("project_done", &projects::object(&project, &addresses()));
}

#[test]
fn a_project_names_its_partners_and_the_idea_it_takes_up() {
    let object = projects::object(&samples::shared_project(), &addresses());
    let shared = said("project_with_partners_and_parent", &object);
    assert_eq!(shared["civ:partners"][0]["actor"], samples::growers().uri.as_str());
    assert_eq!(shared["cc"][1], samples::growers().uri.as_str(), "whoever had the idea hears of it");
    assert!(shared["content"].as_str().unwrap().contains("The idea is from: A wood for everyone"));
}

#[test]
fn a_role_in_a_project_is_offered_answered_and_ended() {
    let (theirs, ours) = (samples::partnership(false), samples::partnership(true));
    let offer = said("offer_partnership", &partnerships::offer(&theirs));
    let when = at("2026-05-21T09:00:00Z");
    said("accept_partnership", &partnerships::answer(&activity(3), &ours, true, when));
    said("reject_partnership", &partnerships::answer(&activity(3), &ours, false, when));
    said("undo_partnership", &partnerships::undo(&activity(4), &theirs, when));
    // What we say is what we understand.
    let read = folkmoot_wire::Envelope::read(offer).unwrap();
    let folkmoot_wire::Incoming::Proposed(read) = folkmoot_wire::understand(&read, &addresses()).unwrap()
    else {
        panic!("an offer of a tie")
    };
    assert_eq!((read.relationship, read.subject), (partnerships::part_in(), samples::group().uri));
    assert_eq!(
        (read.name.as_deref(), read.words.as_str()),
        (Some("host"), "We have a yard and <forty> pots.")
    );
    assert_eq!(read.published, Some(at("2026-05-20T09:00:00Z")));
}

#[test]
fn calls_are_polls() {
    said("create_call", &create(20, calls::object(&samples::call(), &addresses())));
    let mut plain = samples::call();
    plain.call.one_tap = false;
    let plain = said("call_without_one_tap", &calls::object(&plain, &addresses()));
    assert_eq!((plain["type"].as_str(), plain.get("anyOf")), (Some("Note"), None));
    let mut single = samples::call();
    single.needs.truncate(1);
    single.call.needs.truncate(1);
    single.call.one_tap = false;
    let single = said("call_with_one_need", &calls::object(&single, &addresses()));
    assert!(single.get("civ:needs").is_none());
    let mut tallied = samples::call();
    tallied.needs[0].votes = 7;
    let before = calls::object(&samples::call(), &addresses());
    let after = calls::object(&tallied, &addresses());
    assert_eq!(before.get("updated"), after.get("updated"), "tallies are no edit");
    assert_eq!((&before["content"], &before["endTime"]), (&after["content"], &after["endTime"]));
    assert_eq!(after["anyOf"][0]["replies"]["totalItems"], 7);
}

#[test]
fn a_poll_ends_when_it_said() {
    let mut call = samples::call();
    call.ended = Some(at("2026-06-13T17:04:00Z"));
    let ended = said("call_ended_on_time", &calls::object(&call, &addresses()));
    assert_eq!(
        (&ended["closed"], &ended["endTime"]),
        (&json!("2026-06-13T17:00:00Z"), &json!("2026-06-13T17:00:00Z"))
    );
    assert!(ended.get("updated").is_none(), "ending on time is no edit");
    assert!(!ended["content"].as_str().unwrap().contains("Tick what"));

    call.ended = Some(at("2026-06-01T12:00:00Z"));
    call.seen.item.edited = call.ended;
    let (outcome, thanks) = ("40 trees stand\nAll of them <alive>".to_owned(), "Thank you all".to_owned());
    call.call.state = CallState::Closed { outcome, thanks, at: at("2026-06-01T12:00:00Z") };
    let early = said("call_closed_early", &calls::object(&call, &addresses()));
    assert_eq!(
        (&early["closed"], &early["endTime"]),
        (&json!("2026-06-01T12:00:00Z"), &json!("2026-06-01T12:00:00Z"))
    );

    call.call.state = CallState::Cancelled { reason: "storm".into(), at: at("2026-06-01T12:00:00Z") };
    assert!(
        said("call_cancelled", &calls::object(&call, &addresses()))["content"]
            .as_str()
            .unwrap()
            .contains("Called off: storm.")
    );
    call.call.state = CallState::AnotherDay(AnotherDay { reason: "no saplings".into(), wake: None });
    said("call_parked", &calls::object(&call, &addresses()));
    call.call.state = CallState::Filled;
    call.ended = None;
    said("call_filled", &calls::object(&call, &addresses()));
}

#[test]
fn pictures_say_what_is_on_them() {
    let with_picture = |mut seen: folkmoot_domain::items::ItemSeen| {
        seen.picture = Some(samples::picture());
        seen
    };
    let mut project = samples::project();
    project.seen = with_picture(project.seen);
    let project = said("project_with_picture", &projects::object(&project, &addresses()));
    let mut call = samples::call();
    call.seen = with_picture(call.seen);
    let call = said("call_with_picture", &calls::object(&call, &addresses()));
    let mut event = samples::event();
    event.seen = with_picture(event.seen);
    let event = said("event_with_picture", &events::object(&event, &addresses()));
    let mut update = samples::update();
    update.seen = with_picture(update.seen);
    let update = said("update_with_picture", &updates::object(&update, &addresses()));
    for post in [&project, &call, &event, &update] {
        assert_eq!(post["attachment"][0]["name"], "Two people plant a tree by the bandstand");
    }
    assert!(project.get("image").is_none(), "peers that read both would show it twice");
    assert_eq!(event["image"]["url"], event["attachment"][0]["url"], "calendars take the one or the other");
}

#[test]
fn events_suit_every_calendar() {
    said("create_event", &create(30, events::object(&samples::event(), &addresses())));
    let mut event = samples::event();
    event.event.online = Some(url::Url::parse("https://meet.example/room").unwrap());
    event.event.capacity = None;
    event.event.ends = at("2026-06-14T12:00:00+01:00");
    event.seen.item.place = None;
    event.project_uri = None;
    said("event_online", &events::object(&event, &addresses()));
    event.event.state =
        EventState::Cancelled { reason: "storm warning".into(), at: at("2026-06-01T12:00:00Z") };
    event.seen.item.edited = Some(at("2026-06-01T12:00:00Z"));
    let cancelled = events::object(&event, &addresses());
    said("update_event_cancelled", &activities::update(&activity(31), cancelled, at("2026-06-01T12:00:00Z")));
    let uri = &samples::event().seen.item.uri;
    let boost = activities::announce(
        &activity(32),
        &samples::instance(),
        uri,
        Some(&samples::group().uri),
        at("2026-05-20T08:00:00Z"),
        &addresses(),
    );
    said("announce_event", &boost);
    said("undo_announce", &activities::undo(&activity(33), boost, at("2026-05-22T08:00:00Z")));
}

#[test]
fn updates_answer_what_they_are_about() {
    said("create_update", &create(40, updates::object(&samples::update(), &addresses())));
    let mut titled = samples::update();
    titled.seen.item.title = "Half way".into();
    said("update_with_title", &updates::object(&titled, &addresses()));
}

#[test]
fn notes_for_one_are_for_nobody_else() {
    use PledgeState::{Accepted, Declined, Kept, Offered, Withdrawn};
    said("create_receipt", &create(50, note(50, |head| notes::receipt(head, &samples::pledge(Offered, "")))));
    let answer = |state, words: &str| note(51, |head| notes::answer(head, &samples::pledge(state, words)));
    said("answer_accepted", &answer(Accepted, "Come at ten.\nBring <gloves>."));
    said("answer_declined", &answer(Declined, ""));
    said("answer_kept", &answer(Kept, "You were great."));
    said("answer_withdrawn", &answer(Withdrawn, ""));
    assert_eq!(answer(Offered, ""), note(51, |head| notes::receipt(head, &samples::pledge(Offered, ""))));
    said("voted_late", &note(52, |head| notes::voted_late(head, &samples::bob(), &samples::about())));
    said(
        "thanks",
        &note(53, |head| notes::thanks(head, &samples::pledge(Kept, ""), "40 trees stand", "Thank you!")),
    );
}

#[test]
fn help_crosses_as_an_agreement() {
    use PledgeState::{Accepted, Declined, Kept, Offered};
    let offer_id = activity(80);
    let mut given = samples::pledge(Offered, "");
    given.pledge.needs = vec![0];
    given.pledge.note = "Two of us,\nwith a trailer.".into();
    let offer = pledges::offer(&offer_id, &given);
    let alone = crosses("offer", &offer);
    assert_eq!(alone["object"]["stipulates"]["satisfies"], format!("{}#primary", given.call.uri));
    crosses("undo_offer", &activities::undo(&activity(81), offer, at("2026-06-01T08:00:00Z")));
    given.pledge.needs = vec![0, 2];
    let several = crosses("offer_of_two", &pledges::offer(&offer_id, &given));
    assert_eq!(several["object"]["stipulates"][1]["satisfies"], format!("{}#need-3", given.call.uri));
    let answer = |state, words: &str| {
        pledges::answer(&activity(82), offer_id.as_str(), &samples::pledge(state, words), &addresses())
    };
    let accepted = crosses("accept_offer", &answer(Accepted, "Come at ten.").unwrap());
    assert_eq!(accepted["object"], offer_id.as_str(), "FEP-0837: the id of the offer");
    assert_eq!(accepted["result"]["attributedTo"], accepted["actor"]);
    crosses("reject_offer", &answer(Declined, "").unwrap());
    crosses("agreement_kept", &answer(Kept, "You were <great>.").unwrap());
    assert_eq!(answer(Offered, ""), None);
    let (home, giver) = (samples::group().uri, samples::bob().uri);
    crosses(
        "offer_too_late",
        &pledges::too_late(&activity(83), offer_id.as_str(), &home, &giver, "Plant 40 trees"),
    );
}

#[test]
fn who_comes_is_asked_and_answered_whole() {
    let join = activity(90);
    let mut rsvp = samples::rsvp(RsvpState::Asked, "");
    crosses("join", &rsvps::join(&join, &rsvp));
    rsvp.rsvp.note = "With a pram.".into();
    crosses("join_with_words", &rsvps::join(&join, &rsvp));
    crosses("leave", &rsvps::leave(&activity(91), &rsvp));
    let answer = |state, words: &str| {
        rsvps::answer(&activity(92), "https://mobilizon.example/join/7", &samples::rsvp(state, words))
    };
    let accepted = crosses("accept_join", &answer(RsvpState::Going, "").unwrap());
    assert_eq!(accepted["object"]["id"], "https://mobilizon.example/join/7");
    crosses("tentative_accept_join", &answer(RsvpState::Waiting, "").unwrap());
    crosses("reject_join", &answer(RsvpState::Refused, "The waiting list is full.").unwrap());
    assert_eq!((answer(RsvpState::Not, ""), answer(RsvpState::Asked, "")), (None, None));
    for (name, state) in [
        ("coming_waits", RsvpState::Waiting),
        ("coming_has_a_place", RsvpState::Going),
        ("coming_is_refused", RsvpState::Refused),
    ] {
        said(name, &note(93, |head| notes::coming(head, &samples::rsvp(state, ""))));
    }
}

#[test]
fn what_people_write_back_is_for_everyone_and_names_its_home() {
    let (seen, home, language) =
        (samples::reply(), samples::group(), folkmoot_domain::text::Language::english());
    let object = replies::object(&seen, &home, &language, &addresses());
    let object = shown("create_reply", &create(95, object))["object"].clone();
    assert_eq!(object["cc"], json!([home.uri]));
    let at = at("2026-06-03T08:00:00Z");
    shown("delete_reply", &replies::delete(&activity(96), &seen.author, &home, &seen.reply.uri, at));
}

#[test]
fn notes_for_everyone_answer_their_item() {
    let about = samples::about();
    said(
        "create_outcome",
        &create(60, note(60, |head| notes::outcome(head, &about, "40 trees stand", "Thank you all"))),
    );
    said("cancelled", &note(61, |head| notes::cancelled(head, &about, "storm warning")));
    let day = AnotherDay { reason: "no saplings".into(), wake: Some(at("2026-11-02T09:00:00Z")) };
    let london = samples::event().event.time_zone();
    said("parked", &note(62, |head| notes::parked(head, &about, &day, &london)));
    said("changed", &note(66, |head| notes::changed(head, &about, "The time has changed: <noon>.")));
    said("resumed", &note(63, |head| notes::resumed(head, &about)));
    let welcome = note(64, |head| notes::welcome(head, &samples::association()));
    said("welcome", &welcome);
    said("farewell", &note(65, |head| notes::farewell(head, "It was good.\nKeep planting.")));
    let featured = addresses().under(&samples::group().uri, "featured");
    said("featured", &collections::featured(&featured, vec![welcome]));
}

#[test]
fn follows_are_answered_whole() {
    let (bob, group) = (samples::bob(), samples::group());
    let follow = activities::FollowSaid {
        id: Some("https://social.example/users/bob#follow/7"),
        follower: &bob.uri,
        followed: &group.uri,
    };
    said("accept_follow", &activities::accept_follow(&activity(70), follow));
    said(
        "reject_follow",
        &activities::reject_follow(&activity(71), activities::FollowSaid { id: None, ..follow }),
    );
    said("follow", &activities::follow(&activity(72), &group.uri, &bob.uri));
}

#[test]
fn deletions_leave_a_tombstone() {
    let uri = &samples::call().seen.item.uri;
    let moment = at("2026-07-01T00:00:00Z");
    said(
        "delete_call",
        &activities::delete(&activity(80), &samples::group(), uri, "Question", moment, &addresses()),
    );
    said("tombstone", &activities::tombstone(uri, "Question", moment));
    said("delete_group", &activities::delete_actor(&activity(81), &samples::group(), moment, &addresses()));
}

#[test]
fn collections_say_how_many() {
    let group = samples::group().uri;
    let outbox = addresses().under(&group, "outbox");
    let first = url::Url::parse(&format!("{outbox}?page=1")).unwrap();
    let next = url::Url::parse(&format!("{outbox}?before=7")).unwrap();
    said("outbox", &collections::outbox(&outbox, 4, &first));
    let stored: Value =
        serde_json::from_str(&document(&create(20, calls::object(&samples::call(), &addresses())))).unwrap();
    let boost = activities::announce(
        &activity(32),
        &samples::group(),
        &group,
        None,
        at("2026-05-20T08:00:00Z"),
        &addresses(),
    );
    said("outbox_page", &collections::outbox_page(&first, &outbox, vec![stored, boost], Some(&next)));
    said("followers", &collections::followers(&addresses().under(&group, "followers"), 12));
    let seen = samples::call().seen;
    said(
        "replies",
        &collections::replies(&addresses().under(&seen.item.uri, "replies"), &seen.replies, seen.reply_count),
    );
}

#[test]
fn we_are_found() {
    let group = samples::group();
    let subject = "acct:park-friends@hyde.example";
    let answer = webfinger::answer(subject, &group.uri, &group.page, &addresses());
    insta::assert_json_snapshot!("webfinger_group", answer);
    let found = webfinger::Found::read(&answer).unwrap();
    assert_eq!((found.subject.as_str(), &found.actor), (subject, &group.uri));
    assert_eq!(found.subscribe.as_deref(), Some("https://hyde.example/interact?uri={uri}"));
    let item = samples::call().seen.item;
    insta::assert_json_snapshot!(
        "webfinger_call",
        webfinger::answer(item.uri.as_str(), &item.uri, &item.page, &addresses())
    );
    let links = nodeinfo::links(&addresses());
    insta::assert_json_snapshot!("nodeinfo_links", links);
    assert_eq!(nodeinfo::NodeLinks::read(&links).unwrap().application, Some(addresses().instance()));
    let facts =
        nodeinfo::NodeFacts { version: "0.1.0", name: "Hyde", actors: 3, items: 4, replies: 1, open: false };
    insta::assert_json_snapshot!("nodeinfo_2_1", nodeinfo::document("2.1", facts));
    assert_eq!(nodeinfo::Software::read(&nodeinfo::document("2.0", facts)).unwrap().name, "folkmoot");
}

#[test]
fn what_is_anothers_is_passed_on_with_credit() {
    let moor = samples::moor();
    let walk = samples::walk();
    let boost = activities::announce(
        &activity(80),
        &samples::group(),
        &walk.uri,
        Some(&moor.uri),
        at("2026-06-14T08:00:00Z"),
        &addresses(),
    );
    said("carry", &boost);
    said("carry_ended", &activities::undo(&activity(81), boost, at("2026-06-15T08:00:00Z")));
    let quote =
        note(82, |head| carries::quote(head, &walk, &moor, "Our river begins on their moor & we drink it."));
    let said_quote = said("carry_with_reason", &create(83, quote));
    let object = &said_quote["object"];
    assert!(
        object["content"]
            .as_str()
            .unwrap()
            .starts_with("<p>Our river begins on their moor &amp; we drink it.</p>")
    );
    for key in ["quote", "quoteUri", "quoteUrl", "_misskey_quote"] {
        assert_eq!(object[key], json!(walk.uri));
    }
    let id = addresses()
        .note(folkmoot_domain::NoteId(folkmoot_domain::ids::uuid_from(1_780_000_000_000, [82; 10])));
    let gone = activities::delete(
        &activity(84),
        &samples::group(),
        &id,
        "Note",
        at("2026-06-15T08:00:00Z"),
        &addresses(),
    );
    said("carry_with_reason_ended", &gone);
    insta::assert_json_snapshot!(
        "context_of_quotes",
        serde_json::from_str::<Value>(&document(&said_quote)).unwrap()["@context"]
    );
}

#[test]
fn whoever_published_it_can_say_no() {
    let (ours, moor) = (samples::call(), samples::moor());
    let said_so = |boost: Option<&'static str>, note: Option<&'static str>| {
        let item = &ours.seen.item.uri;
        let said = carries::CarrySaid { carrier: &moor.uri, item, activity: boost, note };
        carries::reject(&activity(85), &samples::group(), said)
    };
    said("carry_refused", &said_so(Some("https://moot.example/ap/activities/1"), None));
    said(
        "carry_with_reason_refused",
        &said_so(Some("https://moot.example/1"), Some("https://moot.example/ap/notes/1")),
    );
    let mut call = samples::call();
    call.seen.item.carriable = false;
    let document = calls::object(&call, &addresses());
    let policy = &document["interactionPolicy"];
    for act in ["canQuote", "canAnnounce"] {
        assert_eq!(policy[act]["automaticApproval"], json!([samples::group().uri]));
    }
}

#[test]
fn ties_are_offered_answered_ended_and_listed() {
    let seen = samples::tie();
    between_us("tie_offer", &affiliations::offer(&seen));
    let (yes, no) = (at("2026-06-02T10:00:00Z"), at("2026-07-01T10:00:00Z"));
    between_us("tie_accept", &affiliations::answer(&activity(91), true, &seen, yes));
    between_us("tie_reject", &affiliations::answer(&activity(92), false, &seen, no));
    between_us("tie_undo", &affiliations::undo(&activity(93), &seen, no));
    let id = addresses().under(&seen.umbrella.uri, "affiliates");
    let list = between_us("tie_affiliates", &affiliations::collection(&id, std::slice::from_ref(&seen)));
    let (listed, next) = affiliations::Listed::read(&list, &id).unwrap();
    assert!(listed.len() == 1 && listed[0].is(&seen) && next.is_none());
    between_us("tie_featured", &affiliations::featured(&seen.umbrella, std::slice::from_ref(&seen)));
    between_us("tie_stamp", &affiliations::stamp(&seen.umbrella, &seen));
}

#[test]
fn an_alliance_asks_and_a_member_votes() {
    let seen = samples::decision();
    let asked = between_us("decision_asked", &create(94, decisions::question(&seen, None, None)));
    let read = decisions::DecisionRead::inside(&asked).unwrap();
    assert_eq!((read.title.as_str(), read.rule), (seen.decision.title.as_str(), seen.decision.rule));
    let ballot = &seen.ballots[0];
    let (member, choice) = (&seen.electors[0], ballot.choice);
    let vote = decisions::vote(
        &addresses().note(note(95, |head| head.id)),
        member,
        &seen,
        choice,
        &ballot.words,
        ballot.at,
    );
    between_us("decision_vote", &create(95, vote));
    let (record, closed) = (seen.counted(), at("2026-06-16T10:00:00Z"));
    let question = decisions::question(&seen, Some(&record), Some(closed));
    let told = between_us("decision_closed", &activities::update(&activity(96), question, closed));
    assert_eq!(decisions::DecisionRead::inside(&told).unwrap().record, Some(record));
}
