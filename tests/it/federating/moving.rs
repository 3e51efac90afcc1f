//! A member goes to another server: half-way nothing has changed, and in the end it is heard from there, once.

use folkmoot_app::By;
use folkmoot_domain::moments::{DAY, HOUR};
use folkmoot_tests::{associations::Association, database::Database};

use super::{ally, both_count, five, reader, shown, shows};
use crate::moving::{packed, points, tells, unpacked};

on_both_databases!(a_member_that_moves_is_one_until_the_end_and_one_after_it);

async fn a_member_that_moves_is_one_until_the_end_and_one_after_it(database: Database) {
    let world = five(database).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    ally(&world, &alliance, &[&park, &food]).await;
    let ana = reader(&world, "ana", &alliance).await;
    let before = park.call("Plant forty trees").await.seen.item;
    world.settle().await;

    // Broken off before anybody was told: everything is as it was.
    let armley = world.instance("armley.test");
    let (_, new) = points(&park, armley).await;
    let between = park.call("Plant fifty trees").await.seen.item;
    world.pass(DAY).await;
    assert_eq!((shown(&ana, &before.uri), shown(&ana, &between.uri)), (1, 1));
    assert!(both_count(&alliance, &park).await && shows(alliance.instance, &before.uri).await);

    // Taken up again, with what came in meanwhile.
    let brought = unpacked(armley, &packed(&park).await, true).await;
    tells(&park, &new, &brought).await;
    world.pass(DAY).await;
    let there = Association { instance: armley, actor: brought.actor, by: By::operator() };
    assert!(both_count(&alliance, &there).await, "the tie has not come along");
    let after = there.call("Plant sixty trees").await.seen.item;
    world.pass(HOUR).await;
    assert_eq!(shown(&ana, &after.uri), 1);
    assert_eq!((shown(&ana, &before.uri), shown(&ana, &between.uri)), (1, 1), "what moved is shown again");
}
