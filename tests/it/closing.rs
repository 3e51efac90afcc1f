//! How a call ends: on time, early with outcome and thanks, called off, or with a vote that comes too late.

use folkmoot_app::calls;
use folkmoot_domain::{
    calls::CallState,
    moments::{DAY, HOUR, MINUTE},
    pledges::PledgeState,
};
use folkmoot_tests::{
    associations::{Association, DIG, SPADE},
    database::Database,
    peers::Stranger,
    world::World,
};
use serde_json::{Value, json};
use url::Url;

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

on_both_databases!(
    a_poll_ends_on_time_without_being_edited,
    closing_early_tells_outcome_and_thanks,
    a_call_is_called_off,
    a_vote_that_comes_too_late_is_answered_once,
    what_was_closed_early_does_not_end_again,
);

async fn votes(ana: &Stranger, park: &Association<'_>, call: &Url, option: &str) {
    ana.tells(&park.actor, &ana.vote(call, &park.actor, option)).await;
}

fn last_update(ana: &Stranger) -> Value {
    ana.heard("Update").pop().expect("an update came")["object"].clone()
}

async fn a_poll_ends_on_time_without_being_edited(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.pass(7 * DAY - MINUTE).await;
    assert!(last_update(&ana).get("closed").is_none());

    world.pass(2 * MINUTE).await;
    let ended = last_update(&ana);
    assert_eq!(ended["closed"], ended["endTime"]);
    assert_eq!(ended["endTime"], json!(call.call.closes.rfc3339()));
    assert!(
        ended.get("updated").is_none(),
        "only so is the vote kept, and the voter told that the poll has ended"
    );
    assert_eq!(ended["anyOf"][0]["replies"]["totalItems"], 1);
    let ends = |body: &Value| body["object"].get("closed").is_some();
    assert_eq!(ana.heard("Update").iter().filter(|update| ends(update)).count(), 1);
    let fetched = ana.fetches(&call.seen.item.uri).await.json();
    assert_eq!(fetched["closed"], ended["closed"]);
}

async fn closing_early_tells_outcome_and_thanks(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let (ana, ben) = (world.server("mastodon.test").person("ana"), world.server("snac.test").person("ben"));
    let reader = world.server("gts.test").person("dan");
    reader.tells(&park.actor, &reader.follow(&park.actor)).await;
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    votes(&ben, &park, &call.seen.item.uri, SPADE).await;
    world.pass(HOUR).await;
    for pledge in park.pledges().await {
        let next =
            if pledge.giver.uri.as_str() == ana.id { PledgeState::Accepted } else { PledgeState::Declined };
        park.answer(&pledge, next, "").await;
    }
    world.pass(DAY).await;

    let app = &park.instance.app;
    calls::close(app, &park.by, call.seen.item.id, "Forty trees stand.", "Thank you, all of you.")
        .await
        .unwrap();
    world.settle().await;

    let closed = last_update(&reader);
    assert_eq!(closed["civ:state"], "closed");
    assert_eq!(closed["closed"], json!(world.now().rfc3339()));
    assert_eq!(closed["endTime"], closed["closed"], "Takahe looks at the one, the others at the other");
    let outcome = reader.heard("Create").pop().unwrap()["object"].clone();
    assert_eq!((&outcome["type"], &outcome["to"]), (&json!("Note"), &json!([PUBLIC])));
    let said = outcome["content"].as_str().unwrap();
    assert!(said.contains("Forty trees stand.") && said.contains("Thank you, all of you."), "{said}");

    let thanks = ana.letters().pop().unwrap();
    assert!(thanks["content"].as_str().unwrap().contains("Forty trees stand."));
    assert_eq!(thanks["tag"][0]["href"], ana.id.as_str());
    let to_ben = ben.letters().pop().unwrap();
    assert!(
        !to_ben["content"].as_str().unwrap().contains("Forty trees stand."),
        "his help was not needed: {to_ben}"
    );
    assert_eq!(outcome["inReplyTo"], call.seen.item.uri.as_str());
    let page = park.instance.text_of(&call.seen.item.page).await;
    assert!(page.contains("Forty trees stand.") && page.contains("Thank you, all of you."));
}

async fn a_call_is_called_off(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;

    calls::cancel(&park.instance.app, &park.by, call.seen.item.id, "The saplings froze").await.unwrap();
    world.settle().await;

    let cancelled = last_update(&ana);
    assert_eq!(
        (&cancelled["civ:state"], &cancelled["closed"]),
        (&json!("cancelled"), &json!(world.now().rfc3339()))
    );
    let note = ana.heard("Create").pop().unwrap()["object"].clone();
    assert!(note["content"].as_str().unwrap().contains("Called off: Plant forty trees"), "{note}");
    let cancelled = park.see(call.seen.item.id).await.call.state;
    assert!(matches!(cancelled, CallState::Cancelled { .. }));
    assert!(park.instance.text_of(&call.seen.item.page).await.contains("The saplings froze"));
}

async fn a_vote_that_comes_too_late_is_answered_once(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    world.pass(8 * DAY).await;
    let before = park.see(call.seen.item.id).await;

    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    votes(&ana, &park, &call.seen.item.uri, SPADE).await;
    world.pass(HOUR).await;

    let letters = ana.letters();
    assert_eq!(letters.len(), 1, "one kind word, however many ticks");
    let said = letters[0]["content"].as_str().unwrap();
    assert!(said.contains("had stopped taking answers"), "{said}");
    assert!(park.pledges().await.is_empty());
    assert_eq!(park.see(call.seen.item.id).await, before, "tallies do not move");
}

async fn what_was_closed_early_does_not_end_again(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.pass(DAY).await;
    calls::close(&park.instance.app, &park.by, call.seen.item.id, "Forty trees stand.", "").await.unwrap();
    world.settle().await;
    let heard = ana.received().len();

    world.pass(30 * DAY).await;

    assert_eq!(ana.received().len(), heard);
}
