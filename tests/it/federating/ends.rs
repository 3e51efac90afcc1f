//! Whatever is passed on can end: its home wants it back, changes its mind for all, or its server is shut out.

use folkmoot_app::{By, associations, blocks};
use folkmoot_domain::moments::{DAY, HOUR};
use folkmoot_tests::database::Database;

use super::{ally, five, reader, shown, shows, taken_back};

on_both_databases!(
    consent_taken_back_from_one_ends_there_and_nowhere_else,
    an_item_that_may_not_be_carried_goes_from_everywhere,
    a_blocked_server_vanishes_at_once_and_the_others_stay,
    an_association_that_closes_takes_its_items_along,
);

async fn consent_taken_back_from_one_ends_there_and_nowhere_else(database: Database) {
    let world = five(database).await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let mill = world.instance("beck.test").found("mill").await;
    for carrier in [&food, &mill] {
        carrier.carries_all_from(&park.actor).await;
    }
    world.settle().await;
    let (ana, bo) = (reader(&world, "ana", &food).await, reader(&world, "bo", &mill).await);
    let call = park.call("Plant forty trees").await.seen.item;
    world.settle().await;
    assert_eq!(park.carriers_of(&call.uri).await, ["@food@holbeck.test", "@mill@beck.test"]);

    park.refuses(&food.actor, &call.uri).await;
    world.settle().await;
    assert!(!shows(food.instance, &call.uri).await && shows(mill.instance, &call.uri).await);
    assert_eq!((taken_back(&ana, &call.uri), taken_back(&bo, &call.uri)), (1, 0));
    assert_eq!(park.carriers_of(&call.uri).await, ["@mill@beck.test"]);
    // No rule takes up again what was refused, whatever becomes of the item.
    park.edit(call.id, "Plant fifty trees", "").await;
    world.pass(DAY).await;
    assert!(!food.is_carrying(&call.uri).await);
    assert_eq!(shown(&ana, &call.uri), 1);
    // It was about this item: the next one comes.
    let next = park.call("Plant sixty trees").await.seen.item;
    world.settle().await;
    assert_eq!((shown(&ana, &next.uri), shown(&bo, &next.uri)), (1, 1));
}

async fn an_item_that_may_not_be_carried_goes_from_everywhere(database: Database) {
    let world = five(database).await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let mill = world.instance("beck.test").found("mill").await;
    food.carries_all_from(&park.actor).await;
    mill.carries_all_from(&food.actor).await;
    world.settle().await;
    let ana = reader(&world, "ana", &mill).await;
    let call = park.call("Plant forty trees").await.seen.item;
    world.settle().await;
    assert_eq!(shown(&ana, &call.uri), 1);
    park.lets_be_carried(&call.uri, false).await;
    world.pass(HOUR).await;
    for one in [&food, &mill] {
        assert!(
            !shows(one.instance, &call.uri).await && !one.is_carrying(&call.uri).await,
            "{}",
            one.actor.uri
        );
    }
    assert_eq!(taken_back(&ana, &call.uri), 1);
    assert!(shows(park.instance, &call.uri).await, "at home it stays");
}

async fn a_blocked_server_vanishes_at_once_and_the_others_stay(database: Database) {
    let world = five(database).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    ally(&world, &alliance, &[&park, &food]).await;
    let ana = reader(&world, "ana", &alliance).await;
    let trees = park.call("Plant forty trees").await.seen.item;
    let soup = food.event("Soup for all").await.seen.item;
    world.settle().await;
    assert_eq!((shown(&ana, &trees.uri), shown(&ana, &soup.uri)), (1, 1));

    let leeds = world.instance("leeds.test");
    let why = "They sell places on their lists";
    Box::pin(blocks::block(&leeds.app, &By::operator(), "hyde.test", why)).await.unwrap();
    // Before any worker has run.
    assert!(!shows(leeds, &trees.uri).await, "blocked, and still on the board");
    let board = leeds.text_of(&leeds.at("/calls")).await;
    assert!(!board.contains("Plant forty trees"), "{board}");
    world.pass(HOUR).await;
    assert_eq!((taken_back(&ana, &trees.uri), taken_back(&ana, &soup.uri)), (1, 0));
    assert!(shows(leeds, &soup.uri).await && shows(food.instance, &soup.uri).await);
    let more = park.call("Plant fifty trees").await.seen.item;
    world.pass(DAY).await;
    assert!(!shows(leeds, &more.uri).await && shown(&ana, &more.uri) == 0);
}

async fn an_association_that_closes_takes_its_items_along(database: Database) {
    let world = five(database).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    ally(&world, &alliance, &[&park, &food]).await;
    let ana = reader(&world, "ana", &alliance).await;
    let call = park.call("Plant forty trees").await.seen.item;
    world.settle().await;
    assert_eq!(shown(&ana, &call.uri), 1);
    let farewell = "We have done our part.";
    Box::pin(associations::close(&park.instance.app, &By::operator(), park.actor.id, farewell))
        .await
        .unwrap();
    world.pass(DAY).await;
    assert!(!shows(alliance.instance, &call.uri).await);
    assert_eq!(taken_back(&ana, &call.uri), 1);
    let tie = (park.actor.uri.to_string(), alliance.actor.uri.to_string());
    assert!(!alliance.ties().await.contains(&tie), "the tie of one that is gone still counts");
}
