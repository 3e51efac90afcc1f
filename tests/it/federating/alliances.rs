//! Standing together: an alliance brings what its members publish, alliances stand in alliances, and members leave.

use folkmoot_domain::moments::{DAY, HOUR};
use folkmoot_tests::database::Database;

use super::{ally, both_count, five, neither_counts, reader, shown, shows, taken_back};

on_both_databases!(
    following_the_alliance_brings_all_of_its_members,
    whoever_leaves_is_not_passed_on_any_more,
    alliances_in_alliances_bring_it_once,
    three_alliances_in_a_ring_bring_it_once,
    an_alliance_that_lets_a_member_go_stops_too,
);

async fn following_the_alliance_brings_all_of_its_members(database: Database) {
    let world = five(database).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let mill = world.instance("beck.test").found("mill").await;
    let ana = reader(&world, "ana", &alliance).await;
    ally(&world, &alliance, &[&park, &food, &mill]).await;

    let items = [
        park.call("Plant forty trees").await.seen.item,
        food.event("Soup for all").await.seen.item,
        mill.project("Mend the wheel").await.seen.item,
    ];
    world.pass(HOUR).await;
    for item in &items {
        assert_eq!(shown(&ana, &item.uri), 1, "{}", item.title);
        assert!(shows(alliance.instance, &item.uri).await, "{} is not on the alliance's board", item.title);
    }
    let board = alliance.instance.text_of(&alliance.actor.page).await;
    assert!(items.iter().all(|item| board.contains(&item.title)), "{board}");
    // The alliance owns nothing: its organisers cannot touch what members publish.
    let taken = alliance.item(&items[0].uri).await;
    let theirs = Box::pin(folkmoot_app::items::delete(&alliance.instance.app, &alliance.by, taken)).await;
    assert!(theirs.is_err(), "an alliance deleted what a member published");
    assert!(shows(park.instance, &items[0].uri).await);
}

async fn whoever_leaves_is_not_passed_on_any_more(database: Database) {
    let world = five(database).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let ana = reader(&world, "ana", &alliance).await;
    ally(&world, &alliance, &[&park, &food]).await;
    let before = park.call("Plant forty trees").await.seen.item;
    world.settle().await;
    assert_eq!(shown(&ana, &before.uri), 1);

    park.leaves(&alliance.actor).await;
    world.settle().await;
    assert!(neither_counts(&alliance, &park).await);
    assert!(both_count(&alliance, &food).await, "the others stay");
    assert!(!shows(alliance.instance, &before.uri).await, "leaving stops carrying at once");
    assert_eq!(taken_back(&ana, &before.uri), 1);

    let after = park.call("Plant fifty trees").await.seen.item;
    let soup = food.event("Soup for all").await.seen.item;
    world.pass(DAY).await;
    assert_eq!((shown(&ana, &after.uri), shown(&ana, &soup.uri)), (0, 1));
    assert!(shows(park.instance, &before.uri).await, "who leaves keeps what is theirs");
    // Coming back is a new tie, and nobody is shown the old things twice.
    ally(&world, &alliance, &[&park]).await;
    let again = park.call("Plant sixty trees").await.seen.item;
    world.pass(HOUR).await;
    assert_eq!(shown(&ana, &again.uri), 1);
}

async fn an_alliance_that_lets_a_member_go_stops_too(database: Database) {
    let world = five(database).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let ana = reader(&world, "ana", &alliance).await;
    ally(&world, &alliance, &[&park, &food]).await;
    alliance.leaves(&park.actor).await;
    world.settle().await;
    assert!(neither_counts(&alliance, &park).await);
    let call = park.call("Plant forty trees").await.seen.item;
    world.pass(DAY).await;
    assert_eq!(shown(&ana, &call.uri), 0);
}

/// A neighbourhood's alliance stands in the city's, and one association in both.
async fn alliances_in_alliances_bring_it_once(database: Database) {
    let world = five(database).await;
    let south = world.instance("armley.test").found_alliance("south").await;
    let city = world.instance("leeds.test").found_alliance("city").await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let mill = world.instance("beck.test").found("mill").await;
    ally(&world, &south, &[&food, &mill]).await;
    ally(&world, &city, &[&park, &south, &mill]).await;
    let (ana, bo) = (reader(&world, "ana", &city).await, reader(&world, "bo", &south).await);

    let trees = park.call("Plant forty trees").await.seen.item.uri;
    let soup = food.event("Soup for all").await.seen.item.uri;
    let wheel = mill.project("Mend the wheel").await.seen.item.uri;
    world.pass(HOUR).await;
    let seen = |uri| (shown(&ana, uri), shown(&bo, uri));
    assert_eq!([seen(&trees), seen(&soup), seen(&wheel)], [(1, 0), (1, 1), (1, 1)]);

    // The alliance in the middle leaves: only who is in the city's alliance by themselves is heard there.
    south.leaves(&city.actor).await;
    world.settle().await;
    assert!(neither_counts(&city, &south).await && both_count(&south, &food).await);
    let stew = food.event("Stew for all").await.seen.item.uri;
    let sluice = mill.project("Mend the sluice").await.seen.item.uri;
    world.pass(HOUR).await;
    let seen = |uri| (shown(&ana, uri), shown(&bo, uri));
    assert_eq!([seen(&stew), seen(&sluice)], [(0, 1), (1, 1)]);
}

async fn three_alliances_in_a_ring_bring_it_once(database: Database) {
    let world = five(database).await;
    let east = world.instance("beck.test").found_alliance("east").await;
    let south = world.instance("armley.test").found_alliance("south").await;
    let city = world.instance("leeds.test").found_alliance("city").await;
    let park = world.instance("hyde.test").found("park").await;
    ally(&world, &east, &[&park, &city]).await;
    ally(&world, &south, &[&east]).await;
    ally(&world, &city, &[&south]).await;
    let readers = [
        reader(&world, "ana", &east).await,
        reader(&world, "bo", &south).await,
        reader(&world, "cy", &city).await,
    ];
    let call = park.call("Plant forty trees").await.seen.item;
    world.pass(DAY).await;
    for one in &readers {
        assert_eq!(shown(one, &call.uri), 1, "{}", one.id);
    }
    park.delete(call.id).await;
    world.pass(DAY).await;
    for one in &readers {
        assert_eq!((shown(one, &call.uri), taken_back(one, &call.uri)), (1, 1), "{}", one.id);
    }
}
