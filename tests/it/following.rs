//! Following: asked, answered, and undone.

use folkmoot_app::{instance, people};
use folkmoot_domain::text::Handle;
use folkmoot_tests::{associations::Association, database::Database, peers::Stranger, world::World};
use serde_json::json;

on_both_databases!(
    a_follow_is_accepted,
    whoever_unfollows_hears_no_more,
    a_second_follow_is_answered_again,
    the_instance_itself_can_be_followed,
    a_person_cannot_be_followed,
    one_stranger_follows_two_instances,
    an_undo_may_name_the_follow_by_its_id,
);

async fn followers(ana: &Stranger, park: &Association<'_>) -> i64 {
    let followers = park.actor.followers.as_ref().unwrap();
    let collection = ana.fetches(followers).await.json();
    assert!(
        collection.get("first").is_none() && collection.get("orderedItems").is_none(),
        "who follows is nobody's business"
    );
    collection["totalItems"].as_i64().unwrap()
}

async fn a_follow_is_accepted(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));

    let follow = ana.follow(&park.actor);
    ana.tells(&park.actor, &follow).await;
    world.settle().await;

    let accepts = ana.heard("Accept");
    assert_eq!(accepts.len(), 1);
    assert_eq!(accepts[0]["actor"], park.actor.uri.as_str());
    assert_eq!(accepts[0]["object"]["type"], "Follow");
    for field in ["id", "actor", "object"] {
        assert_eq!(accepts[0]["object"][field], follow[field], "{field}");
    }
    let received = &ana.received()[0];
    assert_eq!(received.from, park.actor.uri.as_str());
    assert_eq!(received.inbox, "/users/ana/inbox");
    assert_eq!(followers(&ana, &park).await, 1);
}

async fn whoever_unfollows_hears_no_more(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let follow = ana.follow(&park.actor);
    ana.tells(&park.actor, &follow).await;
    world.settle().await;
    let heard = ana.received().len();

    ana.tells(&park.actor, &ana.undo(&follow)).await;
    park.project("A pond").await;
    world.settle().await;

    assert_eq!(ana.received().len(), heard);
    assert_eq!(followers(&ana, &park).await, 0);
}

async fn a_second_follow_is_answered_again(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));

    let (first, second) = (ana.follow(&park.actor), ana.follow(&park.actor));
    for follow in [&first, &second] {
        ana.tells(&park.actor, follow).await;
        world.settle().await;
    }

    let answered: Vec<_> = ana.heard("Accept").iter().map(|accept| accept["object"]["id"].clone()).collect();
    assert_eq!(answered, [first["id"].clone(), second["id"].clone()]);
    assert_eq!(followers(&ana, &park).await, 1);
}

async fn the_instance_itself_can_be_followed(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) =
        (world.home().found("park-friends").await, world.server("mobilizon.test").person("ana"));
    let application = instance::actor(&park.instance.app).await.unwrap();

    ana.tells(&application, &ana.follow(&application)).await;
    world.settle().await;
    assert_eq!(ana.heard("Accept")[0]["actor"], application.uri.as_str());

    let event = park.event("Open day").await;
    park.project("A pond").await;
    world.settle().await;
    let announced = ana.heard("Announce");
    assert_eq!(announced.len(), 1, "the instance passes on events and nothing else");
    assert_eq!(announced[0]["object"], event.seen.item.uri.as_str());
    assert_eq!(announced[0]["actor"], application.uri.as_str());
    assert!(ana.heard("Create").is_empty());
}

async fn a_person_cannot_be_followed(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (hyde, ana) = (world.home(), world.server("mastodon.test").person("ana"));
    let person = people::enrol(
        &hyde.app,
        &folkmoot_app::By::operator(),
        "Ruth",
        &Handle::parse("ruth").unwrap(),
        "ruth@hyde.test",
    )
    .await
    .unwrap();
    let actor = folkmoot_storage::actors::find(&hyde.app.store.rows(), person.id).await.unwrap().unwrap();

    let follow = ana.follow(&actor);
    ana.tells(&actor, &follow).await;
    world.settle().await;

    assert_eq!(ana.heard("Reject")[0]["object"]["id"], follow["id"]);
    assert!(ana.heard("Accept").is_empty());
}

async fn one_stranger_follows_two_instances(database: Database) {
    let world = World::new(database, ["hyde.test", "chapel.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let hall = world.instance("chapel.test").found("village-hall").await;
    let ana = world.server("mastodon.test").person("ana");
    for association in [&park, &hall] {
        ana.tells(&association.actor, &ana.follow(&association.actor)).await;
    }
    world.settle().await;
    assert_eq!(ana.heard("Accept").len(), 2);

    let project = park.project("A pond").await;
    let event = hall.event("Open day").await;
    world.settle().await;

    let mut heard: Vec<_> = ana.heard("Create").iter().map(|create| create["object"]["id"].clone()).collect();
    heard.sort_by_key(ToString::to_string);
    assert_eq!(heard, [json!(event.seen.item.uri), json!(project.seen.item.uri)]);
}

async fn an_undo_may_name_the_follow_by_its_id(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let follow = ana.follow(&park.actor);
    ana.tells(&park.actor, &follow).await;
    world.settle().await;

    let undo = ana.activity("Undo", follow["id"].clone());
    ana.tells(&park.actor, &undo).await;
    world.settle().await;

    assert_eq!(followers(&ana, &park).await, 0);
}
