//! Likes and boosts count as state: who, what. Ids are used again by real servers, and count again after an undo.

use folkmoot_tests::{associations::Association, database::Database, peers::Stranger, world::World};
use serde_json::json;
use url::Url;

on_both_databases!(
    a_like_counts_once_and_can_be_undone,
    the_same_like_counts_again_after_an_undo,
    a_boost_counts_and_brings_the_news_to_whoever_boosted,
    an_undo_by_id_alone_is_understood,
    a_like_of_something_else_is_left_alone,
    nobody_undoes_the_like_of_another,
);

async fn likes(ana: &Stranger, item: &Url) -> i64 {
    ana.fetches(item).await.json()["likes"]["totalItems"].as_i64().unwrap()
}

async fn boosts(ana: &Stranger, item: &Url) -> i64 {
    ana.fetches(item).await.json()["shares"]["totalItems"].as_i64().unwrap()
}

async fn tells(world: &World, ana: &Stranger, park: &Association<'_>, said: &serde_json::Value) {
    ana.tells(&park.actor, said).await;
    world.settle().await;
}

async fn a_like_counts_once_and_can_be_undone(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;

    tells(&world, &ana, &park, &ana.like(&item.uri)).await;
    let like = ana.like(&item.uri);
    tells(&world, &ana, &park, &like).await;
    assert_eq!(likes(&ana, &item.uri).await, 1, "a second like is the same like");

    tells(&world, &ana, &park, &ana.undo(&like)).await;
    assert_eq!(likes(&ana, &item.uri).await, 0);
    tells(&world, &ana, &park, &ana.undo(&like)).await;
    assert_eq!(likes(&ana, &item.uri).await, 0, "and a second undo the same undo");
}

async fn the_same_like_counts_again_after_an_undo(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("takahe.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    // As Takahe does: the very same words under the same id, and the undo's id made of the like's.
    let like = ana.like(&item.uri);
    let mut undo = ana.undo(&like);
    undo["id"] = json!(format!("{}/undo", like["id"].as_str().unwrap()));

    for turn in 1..=3 {
        tells(&world, &ana, &park, &like).await;
        assert_eq!(likes(&ana, &item.uri).await, 1, "turn {turn}");
        world.pass(1_000).await;
        tells(&world, &ana, &park, &undo).await;
        assert_eq!(likes(&ana, &item.uri).await, 0, "turn {turn}");
        world.pass(1_000).await;
    }
}

async fn a_boost_counts_and_brings_the_news_to_whoever_boosted(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    world.settle().await;

    let boost = ana.boost(&item.uri);
    tells(&world, &ana, &park, &boost).await;
    assert_eq!(boosts(&ana, &item.uri).await, 1);

    park.edit(item.id, "A bigger pond", "").await;
    world.settle().await;
    assert_eq!(ana.heard("Update").len(), 1, "whoever passed it on hears what becomes of it");

    tells(&world, &ana, &park, &ana.undo(&boost)).await;
    assert_eq!(boosts(&ana, &item.uri).await, 0);
}

async fn an_undo_by_id_alone_is_understood(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    let (like, boost) = (ana.like(&item.uri), ana.boost(&item.uri));
    tells(&world, &ana, &park, &like).await;
    tells(&world, &ana, &park, &boost).await;

    for undone in [&like, &boost] {
        tells(&world, &ana, &park, &ana.activity("Undo", undone["id"].clone())).await;
    }

    assert_eq!((likes(&ana, &item.uri).await, boosts(&ana, &item.uri).await), (0, 0));
}

async fn a_like_of_something_else_is_left_alone(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let deleted = park.project("A pond").await.seen.item;
    park.delete(deleted.id).await;
    world.settle().await;
    let before = park.instance.tables().await.without_traces();

    for object in
        ["https://elsewhere.test/notes/1", "https://hyde.test/ap/projects/none", deleted.uri.as_str()]
    {
        tells(&world, &ana, &park, &ana.like(&Url::parse(object).unwrap())).await;
    }

    let after = park.instance.tables().await.without_traces();
    assert_eq!(before.changes(&after), Vec::<String>::new());
}

async fn nobody_undoes_the_like_of_another(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, mastodon) = (world.home().found("park-friends").await, world.server("mastodon.test"));
    let (ana, eve) = (mastodon.person("ana"), mastodon.person("eve"));
    let item = park.project("A pond").await.seen.item;
    let like = ana.like(&item.uri);
    tells(&world, &ana, &park, &like).await;

    tells(&world, &eve, &park, &eve.undo(&like)).await;
    tells(&world, &eve, &park, &eve.activity("Undo", like["id"].clone())).await;

    assert_eq!(likes(&ana, &item.uri).await, 1);
}
