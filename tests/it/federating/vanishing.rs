//! Nobody in the middle: an alliance's server goes away for good, and its members lose nothing.

use folkmoot_domain::moments::{DAY, HOUR};
use folkmoot_tests::database::Database;

use super::{ally, both_count, five, reader, shown, shows};

on_both_databases!(
    an_alliance_that_vanishes_takes_nothing_along_and_another_takes_its_place,
    a_member_that_is_away_for_a_while_catches_up,
);

async fn an_alliance_that_vanishes_takes_nothing_along_and_another_takes_its_place(database: Database) {
    let world = five(database).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let mill = world.instance("beck.test").found("mill").await;
    ally(&world, &alliance, &[&park, &food, &mill]).await;
    let before = park.call("Plant forty trees").await.seen.item;
    world.settle().await;

    world.network.cut("leeds.test");
    let alone = food.event("Soup for all").await.seen.item;
    world.pass(DAY).await;
    assert!(shows(park.instance, &before.uri).await && shows(food.instance, &alone.uri).await);

    // What they were to each other they know from each other and themselves: another alliance is one afternoon's work.
    let next = world.instance("armley.test").found_alliance("again").await;
    let ana = reader(&world, "ana", &next).await;
    ally(&world, &next, &[&park, &food, &mill]).await;
    let after = mill.project("Mend the wheel").await.seen.item;
    world.pass(HOUR).await;
    assert_eq!(shown(&ana, &after.uri), 1);
    assert!(shows(next.instance, &after.uri).await);

    // Nobody can say yes or no there any more; after some days of silence the old tie counts no more.
    world.pass(10 * DAY).await;
    let old = (park.actor.uri.to_string(), alliance.actor.uri.to_string());
    assert!(!park.ties().await.contains(&old), "a tie counts only while both list it");
    assert!(both_count(&next, &park).await);
}

/// Its server was off; what was said meanwhile waited, and comes once.
async fn a_member_that_is_away_for_a_while_catches_up(database: Database) {
    let world = five(database).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    ally(&world, &alliance, &[&park, &food]).await;
    let ana = reader(&world, "ana", &alliance).await;
    world.network.cut("leeds.test");
    let call = park.call("Plant forty trees").await.seen.item;
    park.edit(call.id, "Plant fifty trees", "").await;
    let gone = park.call("Plant no trees").await.seen.item;
    park.delete(gone.id).await;
    world.pass(HOUR).await;
    world.network.mend("leeds.test");
    world.pass(DAY).await;
    assert_eq!((shown(&ana, &call.uri), shown(&ana, &gone.uri)), (1, 0));
    assert_eq!(super::title(alliance.instance, &call.uri).await.as_deref(), Some("Plant fifty trees"));
    assert!(both_count(&alliance, &park).await);
}
