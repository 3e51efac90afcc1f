//! What comes of each kind of activity, from the signed request to the row.

use folkmoot_app::{By, replies as app_replies};
use folkmoot_domain::{
    items::ItemSeen,
    moments::{DAY, MINUTE},
    pledges::PledgeSeen,
    replies::{ReplySeen, ReplyState},
};
use folkmoot_storage::{actors, calls, followers, items, pledges, replies, tombstones};
use serde_json::{Value, json};
use url::Url;

use crate::testing::{House, Stranger};

mod crossing;

const BOB: &str = "https://far.example/users/bob";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Delivers, takes up, and tells how it ended.
async fn ended(house: &House, from: &Stranger, activity: Value) -> (String, String) {
    house.pass(1_000);
    assert_eq!(house.deliver(from, &activity).await, 202, "{activity}");
    let (_, state, outcome) = house.settle().await.remove(0);
    (state, outcome)
}

async fn done(house: &House, from: &Stranger, activity: Value) {
    let (state, outcome) = ended(house, from, activity).await;
    assert_eq!(state, "done", "{outcome}");
}

async fn is_follower(house: &House) -> bool {
    let bob = actors::by_uri(&house.app.store.rows(), BOB).await.unwrap().unwrap();
    followers::find(&house.app.store.rows(), house.park.actor.id, bob.id).await.unwrap().is_some()
}

async fn seen(house: &House, item: &ItemSeen) -> ItemSeen {
    items::seen(&house.app.store.rows(), item.item.id).await.unwrap().unwrap()
}

async fn held(house: &House) -> Vec<ReplySeen> {
    replies::held(&house.app.store.rows(), house.park.actor.id, 10).await.unwrap()
}

fn note(bob: &Stranger, id: &str, change: &Value) -> Value {
    let mut note = json!({
        "id": format!("{}/{id}", bob.id), "type": "Note", "attributedTo": bob.id, "content": "<p>Count me in</p>",
        "to": PUBLIC, "published": "2026-11-23T18:20:00Z",
    });
    for (key, value) in change.as_object().unwrap() {
        note[key] = value.clone();
    }
    note
}

#[tokio::test]
async fn somebody_follows_and_leaves_and_follows_again() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    let follow = bob.says("follow", "Follow", &json!(house.park.actor.uri));
    for _ in 0..2 {
        // Byte for byte the same, as real servers send them.
        done(&house, &bob, follow.clone()).await;
        assert!(is_follower(&house).await);
        done(&house, &bob, bob.says("undo", "Undo", &follow)).await;
        assert!(!is_follower(&house).await);
    }
    done(&house, &bob, follow).await;
    done(&house, &bob, bob.says("undo/2", "Undo", &json!(format!("{BOB}/follow")))).await;
    assert!(!is_follower(&house).await);
    let (state, outcome) =
        ended(&house, &bob, bob.says("f", "Follow", &json!("https://hyde.example/ap/x"))).await;
    assert_eq!((state.as_str(), outcome.as_str()), ("refused", "there is no such actor"));
}

async fn offered(house: &House) -> Vec<PledgeSeen> {
    pledges::list(&house.app.store.rows(), house.park.actor.id, None, 10).await.unwrap()
}

#[tokio::test]
async fn a_tick_is_a_pledge_and_two_ticks_are_one() {
    let house = House::new().await;
    let (bob, call) = (house.stranger(BOB), house.call().await);
    let vote = |id: &str, option: &str| {
        let vote = json!({
            "id": format!("{BOB}#votes/{id}"), "type": "Note", "attributedTo": BOB, "name": option,
            "inReplyTo": call.seen.item.uri, "to": house.park.actor.uri,
        });
        bob.says(&format!("votes/{id}"), "Create", &vote)
    };
    done(&house, &bob, vote("1", "I can plant")).await;
    done(&house, &bob, vote("2", "I have a spade")).await;
    done(&house, &bob, vote("3", "I can plant")).await;
    let given = offered(&house).await;
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].labels, ["I can plant", "I have a spade"]);
    let tallies = calls::seen(&house.app.store.rows(), call.call.id).await.unwrap().unwrap();
    assert_eq!((tallies.voters, tallies.needs[0].votes, tallies.needs[1].votes), (1, 1, 1));

    let (state, outcome) = ended(&house, &bob, vote("4", "I can sing")).await;
    assert_eq!(state, "refused");
    assert!(outcome.contains("I can sing"), "{outcome}");
    let mut elsewhere = vote("5", "I can plant");
    elsewhere["object"]["inReplyTo"] =
        json!("https://hyde.example/ap/calls/0198c0de-0000-7000-8000-000000000000");
    assert_eq!(ended(&house, &bob, elsewhere).await, ("refused".into(), "there is no such poll".into()));

    // A name that is no option, with words beside it, was a message.
    let mut wordy = vote("6", "My answer");
    wordy["object"]["content"] = json!("<p>I know a gardener</p>");
    wordy["object"]["id"] = json!(format!("{BOB}/notes/6"));
    done(&house, &bob, wordy).await;
    let messages = held(&house).await;
    assert_eq!((messages.len(), messages[0].reply.direct), (1, true));

    house.pass(3 * DAY);
    let carol = house.stranger("https://far.example/users/carol");
    let mut late = vote("7", "I can plant");
    late["id"] = json!(format!("{}/votes/1", carol.id));
    late["actor"] = json!(carol.id);
    late["object"]["id"] = json!(format!("{}#votes/1", carol.id));
    late["object"]["attributedTo"] = json!(carol.id);
    done(&house, &carol, late).await;
    assert_eq!(offered(&house).await.len(), 1);
}

/// Takahe and snac use one id, and Takahe the very same bytes, for every like of a thing.
#[tokio::test]
async fn likes_and_boosts_are_state() {
    let house = House::new().await;
    let (bob, call) = (house.stranger(BOB), house.call().await);
    for (verb, likes, boosts) in [("Like", 1, 0), ("Announce", 0, 1), ("EmojiReact", 1, 0)] {
        let act = bob.says("act", verb, &json!(call.seen.item.uri));
        for _ in 0..2 {
            done(&house, &bob, act.clone()).await;
            done(&house, &bob, act.clone()).await;
            let now = seen(&house, &call.seen).await;
            assert_eq!((now.likes, now.boosts), (likes, boosts), "{verb}");
            done(&house, &bob, bob.says("act/undo", "Undo", &act)).await;
            let now = seen(&house, &call.seen).await;
            assert_eq!((now.likes, now.boosts), (0, 0), "{verb}");
        }
        done(&house, &bob, act.clone()).await;
        done(&house, &bob, bob.says("bare", "Undo", &act["id"])).await;
        assert_eq!(seen(&house, &call.seen).await.likes, 0);
    }
    // A captured request is a replay, whatever has happened since.
    let act = bob.says("act", "Like", &json!(call.seen.item.uri));
    let captured = house.signed("/ap/inbox", &bob, act.to_string());
    let (parts, headers) = (captured.uri().clone(), captured.headers().clone());
    let again = || {
        let mut request = axum::http::Request::post(parts.clone()).body(act.to_string().into()).unwrap();
        *request.headers_mut() = headers.clone();
        request
    };
    assert_eq!(house.send(again()).await.status, 202);
    house.settle().await;
    done(&house, &bob, bob.says("act/undo", "Undo", &act)).await;
    assert_eq!(house.send(again()).await.status, 202);
    house.settle().await;
    assert_eq!(seen(&house, &call.seen).await.likes, 0);
}

#[tokio::test]
async fn what_is_not_ours_is_left_alone_and_counted() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    let elsewhere = json!("https://far.example/notes/1");
    for (activity, counted) in [
        (bob.says("1", "Like", &elsewhere), "left alone: like"),
        (bob.says("2", "Announce", &elsewhere), "left alone: boost"),
        (
            bob.says("3", "Announce", &bob.says("x", "Delete", &json!(house.park.actor.uri))),
            "left alone: forwarded",
        ),
        (bob.says("4", "Create", &note(&bob, "n4", &json!({}))), "left alone: Create"),
        (bob.says("5", "Create", &note(&bob, "n5", &json!({"inReplyTo": elsewhere}))), "left alone: reply"),
        (bob.says("6", "Update", &note(&bob, "n6", &json!({}))), "left alone: Update"),
        (bob.says("7", "Undo", &json!(format!("{BOB}/never"))), "left alone: Undo"),
        (bob.says("8", "Flag", &json!([house.park.actor.uri])), "left alone: Flag"),
        (
            bob.says("9", "Frobnicate", &json!({"id": format!("{BOB}/t"), "type": "Thing"})),
            "not understood: other/other",
        ),
    ] {
        assert_eq!(house.counted(counted).await, 0);
        let (state, outcome) = ended(&house, &bob, activity).await;
        assert_eq!(state, "ignored", "{outcome}");
        assert!(!outcome.is_empty());
        assert_eq!(house.counted(counted).await, 1, "{counted}");
    }
}

/// ORI-02, ORI-03, AUT: what is somebody else's.
#[tokio::test]
async fn what_belongs_to_others_is_refused() {
    let house = House::new().await;
    let (bob, call) = (house.stranger(BOB), house.call().await);
    let about = &call.seen.item.uri;
    for activity in [
        bob.says(
            "1",
            "Create",
            &note(&bob, "1", &json!({"id": "https://victim.example/1", "inReplyTo": about})),
        ),
        bob.says(
            "2",
            "Create",
            &note(&bob, "2", &json!({"attributedTo": "https://far.example/users/eve", "inReplyTo": about})),
        ),
        bob.says("3", "Delete", &json!(about)),
        bob.says("4", "Update", &note(&bob, "4", &json!({"id": about}))),
        bob.says("5", "Undo", &json!("https://victim.example/follow")),
        bob.says("6", "Create", &note(&bob, "6", &json!({"type": ["Note", "Delete"]}))),
    ] {
        let (state, outcome) = ended(&house, &bob, activity.clone()).await;
        assert_eq!(state, "refused", "{activity} {outcome}");
    }
    assert!(held(&house).await.is_empty());
    assert_eq!(seen(&house, &call.seen).await.item.title, "Plant trees");

    // A reply of Bob's is only Bob's.
    let about = json!({"inReplyTo": about});
    done(&house, &bob, bob.says("7", "Create", &note(&bob, "7", &about))).await;
    let eve = house.stranger("https://far.example/users/eve");
    let uri = format!("{BOB}/7");
    let mut stolen = note(&eve, "x", &about);
    stolen["id"] = json!(uri);
    stolen["updated"] = json!("2026-11-24T00:00:00Z");
    for activity in [
        eve.says("1", "Delete", &json!(uri)),
        eve.says("2", "Update", &stolen),
        eve.says("3", "Create", &stolen),
    ] {
        let (state, outcome) = ended(&house, &eve, activity).await;
        assert_eq!(state, "refused", "{outcome}");
        assert!(outcome.contains("does not belong"), "{outcome}");
    }
    assert_eq!(held(&house).await[0].reply.html, "<p>Count me in</p>");
}

#[tokio::test]
async fn replies_are_held_edited_by_time_and_stay_dead() {
    let house = House::new().await;
    let (bob, call) = (house.stranger(BOB), house.call().await);
    let reply = |change: &Value| {
        let mut reply = note(&bob, "r", &json!({"inReplyTo": call.seen.item.uri}));
        for (key, value) in change.as_object().unwrap() {
            reply[key] = value.clone();
        }
        reply
    };
    done(&house, &bob, bob.says("c", "Create", &reply(&json!({})))).await;
    let first = held(&house).await.remove(0).reply;
    assert_eq!((first.direct, first.item), (false, call.call.id));
    assert_eq!(seen(&house, &call.seen).await.reply_count, 0);
    app_replies::judge(&house.app, &By::operator(), first.id, ReplyState::Approved).await.unwrap();
    assert_eq!(house.get(&format!("{}/replies", call.seen.item.uri.path())).await.json()["totalItems"], 1);

    // One id for every edit; only a later time counts.
    for (words, updated, shown) in [
        ("<p>Two of us</p>", "2026-11-23T18:21:00Z", "<p>Two of us</p>"),
        ("<p>An older edit</p>", "2026-11-23T18:20:30Z", "<p>Two of us</p>"),
        ("<p>Three of us</p>", "2026-11-23T18:22:00Z", "<p>Three of us</p>"),
    ] {
        done(&house, &bob, bob.says("u", "Update", &reply(&json!({"content": words, "updated": updated}))))
            .await;
        let held = held(&house).await;
        assert_eq!((held.len(), held[0].reply.html.as_str()), (1, shown));
    }
    // An answer to the reply belongs to the same call.
    let carol = house.stranger("https://near.example/users/carol");
    let answer = note(&carol, "a", &json!({"inReplyTo": format!("{BOB}/r"), "to": BOB, "content": "me too"}));
    done(&house, &carol, carol.says("c", "Create", &answer)).await;
    assert!(held(&house).await.iter().any(|held| held.reply.direct && held.reply.item == call.call.id));

    done(&house, &bob, bob.says("d", "Delete", &json!({"type": "Tombstone", "id": format!("{BOB}/r")})))
        .await;
    assert_eq!(held(&house).await.len(), 1);
    done(&house, &bob, bob.says("late", "Create", &reply(&json!({})))).await;
    assert_eq!(held(&house).await.len(), 1);
    assert!(tombstones::is_dead(&house.app.store.rows(), &format!("{BOB}/r")).await.unwrap());
}

#[tokio::test]
async fn an_answer_to_a_note_belongs_to_what_the_note_is_about() {
    let house = House::new().await;
    let (bob, call) = (house.stranger(BOB), house.call().await);
    folkmoot_app::calls::cancel(&house.app, &By::operator(), call.call.id, "Storm warning").await.unwrap();
    house.tell().await;
    let page = house.get(&format!("{}/outbox?page=1", house.park.actor.uri.path())).await.json();
    let notes =
        page["orderedItems"].as_array().unwrap().iter().filter_map(|said| said["object"]["id"].as_str());
    let cancelled =
        notes.into_iter().find(|id| id.contains("/ap/notes/") && page.to_string().contains("Storm warning"));
    let reply = note(&bob, "r", &json!({"inReplyTo": cancelled.unwrap()}));
    done(&house, &bob, bob.says("c", "Create", &reply)).await;
    assert_eq!(held(&house).await[0].reply.item, call.call.id);
}

#[tokio::test]
async fn an_actor_that_is_gone_takes_everything_along() {
    let house = House::new().await;
    let (bob, call) = (house.stranger(BOB), house.call().await);
    let uri = &call.seen.item.uri;
    done(&house, &bob, bob.says("f", "Follow", &json!(house.park.actor.uri))).await;
    done(&house, &bob, bob.says("l", "Like", &json!(uri))).await;
    done(&house, &bob, bob.says("c", "Create", &note(&bob, "r", &json!({"inReplyTo": uri})))).await;
    house.network.answers(BOB, 410, json!({}));
    done(&house, &bob, bob.says("d", "Delete", &json!(BOB))).await;
    assert!(!is_follower(&house).await);
    assert!(held(&house).await.is_empty());
    assert_eq!(seen(&house, &call.seen).await.likes, 0);
    // Again, as servers do: nothing is left that it could concern.
    assert_eq!(house.deliver(&bob, &bob.says("d2", "Delete", &json!(BOB))).await, 202);
    assert_eq!(house.settle().await.len(), 4);
    // A voice from the grave is not heard.
    assert_eq!(house.deliver(&bob, &bob.says("f2", "Follow", &json!(house.park.actor.uri))).await, 401);
}

#[tokio::test]
async fn a_changed_profile_is_read_again_at_home() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    done(&house, &bob, bob.says("f", "Follow", &json!(house.park.actor.uri))).await;
    let mut renamed = bob.document();
    renamed["name"] = json!("Robert");
    house.network.answers(BOB, 200, renamed);
    let mut claimed = bob.document();
    claimed["name"] = json!("Not what is at home");
    house.network.asked();
    assert_eq!(ended(&house, &bob, bob.says("u", "Update", &claimed)).await.0, "ignored");
    let name = || async { actors::by_uri(&house.app.store.rows(), BOB).await.unwrap().unwrap().name };
    assert_eq!(name().await, "Robert");
    assert_eq!(house.network.asked(), [Url::parse(BOB).unwrap()]);

    // A day later it is read again when they next speak, and gone for good means forgotten.
    house.network.answers(BOB, 410, json!({}));
    house.pass(DAY);
    done(&house, &bob, bob.says("f", "Follow", &json!(house.park.actor.uri))).await;
    assert!(!is_follower(&house).await);
    assert_eq!(name().await, "");
}

/// F-24: a poison job stops nobody else, and is given up in the end.
#[tokio::test]
async fn a_panic_stops_nobody_else() {
    let house = House::new().await;
    let (bob, call) = (house.stranger(BOB), house.call().await);
    done(&house, &bob, bob.says("f", "Follow", &json!(house.park.actor.uri))).await;
    let reply = note(&bob, "r", &json!({"inReplyTo": call.seen.item.uri}));
    assert_eq!(house.deliver(&bob, &bob.says("c", "Create", &reply)).await, 202);
    let like = bob.says("l", "Like", &json!(call.seen.item.uri));
    assert_eq!(house.deliver(&bob, &like).await, 202);
    house.break_randomness(true);
    house.settle().await;
    assert_eq!(seen(&house, &call.seen).await.likes, 1);
    assert!(held(&house).await.is_empty());
    let states: Vec<String> = house.outcomes().await.into_iter().map(|(_, state, _)| state).collect();
    assert_eq!(states, ["done", "waiting", "done"]);
    house.break_randomness(false);
    house.settle().await;
    assert!(held(&house).await.is_empty(), "not before its time");
    house.pass(MINUTE);
    house.settle().await;
    assert_eq!(held(&house).await.len(), 1);
}

#[tokio::test]
async fn who_is_blocked_since_has_no_effect() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    assert_eq!(house.deliver(&bob, &bob.says("f", "Follow", &json!(house.park.actor.uri))).await, 202);
    folkmoot_app::blocks::block(&house.app, &By::operator(), "far.example", "spam").await.unwrap();
    let (_, state, outcome) = house.settle().await.remove(0);
    assert_eq!((state.as_str(), outcome.as_str()), ("refused", "the server far.example is blocked here"));
    assert!(!is_follower(&house).await);
}

#[tokio::test]
async fn the_worker_is_woken_and_stops_when_told() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(crate::arrivals::run(house.app.clone(), house.door.clone(), stopped));
    assert_eq!(house.deliver(&bob, &bob.says("f", "Follow", &json!(house.park.actor.uri))).await, 202);
    let taken_up = async {
        while house.outcomes().await.iter().any(|(_, state, _)| state == "waiting") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), taken_up).await.unwrap();
    assert!(is_follower(&house).await);
    stop.send(true).unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(20), worker).await.unwrap().unwrap();
}
