//! What was said arrives: in order, in the same bytes, once per inbox, over failures, restarts and bad days.

use folkmoot_domain::moments::{DAY, HOUR, MINUTE};
use folkmoot_tests::{
    associations::Association,
    database::Database,
    network::Passed,
    peers::{Mood, Stranger},
    world::World,
};
use serde_json::Value;
use url::Url;

on_both_databases!(
    order_is_kept_although_the_first_delivery_failed,
    retries_carry_the_same_bytes,
    a_restart_loses_nothing_and_repeats_nothing,
    a_dead_server_slows_nobody_down_and_is_given_up,
    a_busy_server_is_given_the_time_it_asks_for,
    the_outbox_can_be_read_page_by_page_without_gaps,
    every_activity_can_be_fetched_in_the_bytes_it_was_sent,
    two_instances_do_not_disturb_each_other,
);

async fn follower(world: &World, park: &Association<'_>, host: &str) -> Stranger {
    let ana = world.server(host).person("ana");
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    world.settle().await;
    ana
}

/// What was posted to this host.
fn posted(world: &World, host: &str) -> Vec<Passed> {
    let to_host = |passed: &Passed| passed.method == "POST" && passed.url.host_str() == Some(host);
    world.network.asked_by("hyde.test").into_iter().filter(to_host).collect()
}

async fn order_is_kept_although_the_first_delivery_failed(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let ana = follower(&world, &park, "mastodon.test").await;

    ana.server.is(Mood::Answers(503));
    let item = park.project("A pond").await.seen.item;
    world.settle().await;
    ana.server.is(Mood::Well);
    park.edit(item.id, "A bigger pond", "").await;
    world.settle().await;
    park.edit(item.id, "A lake", "").await;
    world.settle().await;
    park.delete(item.id).await;
    let other = park.project("A bridge").await.seen.item;
    world.settle().await;
    let heard: Vec<_> = ana.heard("Create").iter().map(|create| create["object"]["id"].clone()).collect();
    assert_eq!(heard, [other.uri.as_str()], "only what is about the same thing waits");
    world.pass(2 * HOUR).await;

    let about = |body: &Value| body["object"]["id"] == item.uri.as_str();
    let verbs: Vec<_> = ana
        .received()
        .into_iter()
        .filter(|one| about(&one.body))
        .map(|one| one.body["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(verbs, ["Create", "Update", "Update", "Delete"]);
}

async fn retries_carry_the_same_bytes(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let ana = follower(&world, &park, "mastodon.test").await;
    let before = posted(&world, "mastodon.test").len();

    ana.server.is(Mood::Answers(500));
    let item = park.project("A pond").await.seen.item;
    world.pass(10 * MINUTE).await;
    // What the item says has changed since; what was said about it has not.
    park.edit(item.id, "A bigger pond", "").await;
    ana.server.is(Mood::Well);
    world.pass(2 * HOUR).await;

    let tries: Vec<_> = posted(&world, "mastodon.test").into_iter().skip(before).collect();
    let creates: Vec<_> =
        tries.iter().filter(|one| String::from_utf8_lossy(&one.body).contains("\"Create\"")).collect();
    assert!(creates.len() >= 3, "{}", creates.len());
    assert!(creates.iter().all(|one| one.body == creates[0].body));
    let received = ana.received().into_iter().find(|one| one.body["type"] == "Create").unwrap();
    assert_eq!(received.bytes, creates[0].body);
}

async fn a_restart_loses_nothing_and_repeats_nothing(database: Database) {
    let mut world = World::new(database, ["hyde.test"]).await;
    let (actor, by, follow, ana) = {
        let park = world.home().found("park-friends").await;
        let ana = world.server("mastodon.test").person("ana");
        world.settle().await;
        let follow = ana.follow(&park.actor);
        // Taken with 202, and then the lights go out before anybody has looked at it.
        ana.tells(&park.actor, &follow).await;
        (park.actor.clone(), park.by, follow, ana)
    };
    world.restart("hyde.test").await;
    world.settle().await;
    assert_eq!(ana.heard("Accept")[0]["object"]["id"], follow["id"]);

    let park = Association { instance: world.home(), actor: actor.clone(), by };
    let item = park.project("A pond").await.seen.item;
    world.restart("hyde.test").await;
    world.settle().await;
    world.restart("hyde.test").await;
    world.pass(HOUR).await;

    let created: Vec<_> = ana.heard("Create").iter().map(|create| create["object"]["id"].clone()).collect();
    assert_eq!(created, [item.uri.as_str()]);
    ana.tells(&actor, &ana.like(&item.uri)).await;
    world.settle().await;
}

async fn a_dead_server_slows_nobody_down_and_is_given_up(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let dead = follower(&world, &park, "dead.test").await;
    let alive = follower(&world, &park, "mastodon.test").await;
    world.network.cut("dead.test");
    let before = posted(&world, "dead.test").len();

    for title in ["A pond", "A bridge", "A swing"] {
        park.project(title).await;
    }
    world.settle().await;
    assert_eq!(alive.heard("Create").len(), 3);
    world.pass(DAY).await;
    let first_day = posted(&world, "dead.test").len() - before;
    assert!((3..=15).contains(&first_day), "{first_day} requests on the first day");

    world.pass(8 * DAY).await;
    assert!(dead.heard("Create").is_empty());
    let waiting = park.instance.look("SELECT state FROM deliveries WHERE state <> 'failed'").await;
    assert!(waiting.is_empty(), "after seven days it is given up: {waiting:?}");

    // When it speaks to us it lives, and hears what is new.
    world.network.mend("dead.test");
    dead.tells(&park.actor, &dead.follow(&park.actor)).await;
    world.pass(HOUR).await;
    park.project("A hut").await;
    world.pass(DAY).await;
    assert_eq!(dead.heard("Create").len(), 1);
}

async fn a_busy_server_is_given_the_time_it_asks_for(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let ana = follower(&world, &park, "mastodon.test").await;
    ana.server.is(Mood::Busy(429, 30 * 60));
    park.project("A pond").await;
    world.settle().await;
    let asked = posted(&world, "mastodon.test").len();

    world.pass(29 * MINUTE).await;
    assert_eq!(posted(&world, "mastodon.test").len(), asked);
    ana.server.is(Mood::Well);
    world.pass(HOUR).await;
    assert_eq!(ana.heard("Create").len(), 1);
}

async fn the_outbox_can_be_read_page_by_page_without_gaps(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let ana = follower(&world, &park, "mastodon.test").await;
    for number in 0..45 {
        park.project(&format!("Project {number}")).await;
        if number % 10 == 0 {
            world.settle().await;
        }
    }
    world.settle().await;

    let outbox = ana.fetches(&park.instance.at(&format!("{}/outbox", park.actor.uri.path()))).await.json();
    assert_eq!(outbox["type"], "OrderedCollection");
    let mut next = outbox["first"].as_str().map(str::to_owned);
    let mut read: Vec<Value> = Vec::new();
    let mut pages = 0;
    while let Some(url) = next {
        let page = ana.fetches(&Url::parse(&url).unwrap()).await.json();
        assert_eq!(page["partOf"], outbox["id"]);
        read.extend(page["orderedItems"].as_array().unwrap().iter().cloned());
        // Something new while somebody reads shifts nothing.
        park.project(&format!("Meanwhile {pages}")).await;
        world.settle().await;
        next = page["next"].as_str().map(str::to_owned);
        pages += 1;
        assert!(pages < 20);
    }

    assert!(pages > 1, "one page is no paging");
    let mut ids: Vec<_> = read.iter().map(|activity| activity["id"].as_str().unwrap().to_owned()).collect();
    let titles = read.iter().filter(|activity| {
        activity["object"]["civ:name"].as_str().is_some_and(|name| name.starts_with("Project"))
    });
    assert_eq!(titles.count(), 45);
    assert_eq!(ids.len(), 46, "45 projects and the welcome");
    assert!(ids.is_sorted_by(|one, next| one > next), "newest first");
    ids.dedup();
    assert_eq!(ids.len(), 46);
    let sent: Vec<_> = ana.heard("Create").iter().map(|create| create["id"].clone()).collect();
    assert!(
        read.iter()
            .filter(|one| one["object"]["civ:kind"] == "civ:Project")
            .all(|one| sent.contains(&one["id"]))
    );
}

async fn every_activity_can_be_fetched_in_the_bytes_it_was_sent(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let ana = follower(&world, &park, "mastodon.test").await;
    let item = park.project("A pond").await.seen.item;
    park.edit(item.id, "A lake", "Wider.").await;
    world.settle().await;

    for received in ana.received().iter().filter(|one| one.body["type"] != "Accept") {
        let id = Url::parse(received.body["id"].as_str().unwrap()).unwrap();
        assert_eq!(ana.fetches(&id).await.body, received.bytes, "{id}");
    }
    let accept = Url::parse(ana.heard("Accept")[0]["id"].as_str().unwrap()).unwrap();
    assert_eq!(ana.fetches(&accept).await.status, 404, "what was said to one is not for everyone");

    park.delete(item.id).await;
    world.settle().await;
    for received in ana.received().iter().filter(|one| one.body["object"]["id"] == item.uri.as_str()) {
        let id = Url::parse(received.body["id"].as_str().unwrap()).unwrap();
        let text = ana.fetches(&id).await.text();
        assert!(!text.contains("A pond") && !text.contains("A lake"), "the words are gone: {text}");
    }
}

async fn two_instances_do_not_disturb_each_other(database: Database) {
    let world = World::new(database, ["hyde.test", "chapel.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let hall = world.instance("chapel.test").found("park-friends").await;
    let ana = follower(&world, &park, "mastodon.test").await;
    let before = hall.instance.tables().await;

    let item = park.call("Plant forty trees").await.seen.item;
    ana.tells(&park.actor, &ana.vote(&item.uri, &park.actor, "I can dig")).await;
    // Brought to the wrong door.
    ana.posts(&hall.actor.inbox, &ana.vote(&item.uri, &park.actor, "I can dig")).await;
    world.pass(HOUR).await;

    let after = hall.instance.tables().await;
    assert_eq!(before.without_traces().changes(&after.without_traces()), Vec::<String>::new());
    assert_eq!(park.pledges().await.len(), 1);
}
