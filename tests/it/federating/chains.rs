//! From hand to hand: what one publishes, a second passes on, a third passes that on, and a stranger reads at the end.

use folkmoot_domain::moments::HOUR;
use folkmoot_tests::{database::Database, world::World};

use super::{five, reader, shown, shows, taken_back, title};

on_both_databases!(
    a_chain_of_three_brings_it_once_and_follows_its_home,
    two_ways_to_one_reader_bring_it_once,
    a_ring_of_three_passes_it_round_once,
    a_reason_makes_it_a_quote_and_never_both,
);

/// Each of three listens only to the one before.
async fn a_chain_of_three_brings_it_once_and_follows_its_home(database: Database) {
    let world = five(database).await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let mill = world.instance("beck.test").found("mill").await;
    let town = world.instance("armley.test").found("town").await;
    for (carrier, source) in [(&food, &park), (&mill, &food), (&town, &mill)] {
        carrier.carries_all_from(&source.actor).await;
        world.settle().await;
    }
    let ana = reader(&world, "ana", &town).await;

    let call = park.call("Plant forty trees").await.seen.item;
    world.settle().await;
    assert_eq!(shown(&ana, &call.uri), 1);
    for one in [&food, &mill, &town] {
        assert!(one.is_carrying(&call.uri).await, "{}", one.actor.uri);
        let page = one.instance.text_of(&one.actor.page).await;
        assert!(page.contains("Plant forty trees"), "{page}");
    }
    assert!(!shows(world.instance("leeds.test"), &call.uri).await, "nobody in Leeds asked for it");
    // Whoever passes it on, its home is named: on the board at the end of the chain as well.
    let calls = town.instance.text_of(&town.instance.at("/calls")).await;
    assert!(calls.contains("Plant forty trees") && calls.contains("park"), "{calls}");

    park.edit(call.id, "Plant fifty trees", "We have more").await;
    world.pass(HOUR).await;
    for one in [&food, &mill, &town] {
        assert_eq!(
            title(one.instance, &call.uri).await.as_deref(),
            Some("Plant fifty trees"),
            "{}",
            one.actor.uri
        );
    }
    assert_eq!(shown(&ana, &call.uri), 1, "an edit is no new item");

    park.delete(call.id).await;
    world.pass(HOUR).await;
    for one in [&food, &mill, &town] {
        assert_eq!(title(one.instance, &call.uri).await, None, "{}", one.actor.uri);
    }
    assert_eq!(taken_back(&ana, &call.uri), 1, "the boost of what is gone is taken back");
}

/// The one at the end listens to two who both pass it on, and to its home besides.
async fn two_ways_to_one_reader_bring_it_once(database: Database) {
    let world = five(database).await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let mill = world.instance("beck.test").found("mill").await;
    let town = world.instance("leeds.test").found("town").await;
    for (carrier, source) in [(&food, &park), (&mill, &park), (&town, &food), (&town, &mill), (&town, &park)]
    {
        carrier.carries_all_from(&source.actor).await;
        world.settle().await;
    }
    let ana = reader(&world, "ana", &town).await;
    let mut items = Vec::new();
    for number in 0..3 {
        items.push(park.call(&format!("Plant {number} trees")).await.seen.item.uri);
        items.push(park.event(&format!("Morning {number}")).await.seen.item.uri);
        items.push(park.project(&format!("Street {number}")).await.seen.item.uri);
    }
    world.pass(HOUR).await;
    for item in &items {
        assert_eq!(shown(&ana, item), 1, "{item}");
    }
    // Its home sees all three of them, and each once.
    let carriers = park.carriers_of(&items[0]).await;
    assert_eq!(carriers, ["@food@holbeck.test", "@mill@beck.test", "@town@leeds.test"]);
    // One of the ways ends: it is still carried, and nobody is shown it again.
    food.takes_down(&items[0]).await;
    world.pass(HOUR).await;
    assert_eq!(park.carriers_of(&items[0]).await, ["@mill@beck.test", "@town@leeds.test"]);
    assert!(town.is_carrying(&items[0]).await);
    assert_eq!((shown(&ana, &items[0]), taken_back(&ana, &items[0])), (1, 0));
}

/// Everybody passes on whatever the one before does. It comes home, and ends there.
async fn a_ring_of_three_passes_it_round_once(database: Database) {
    let world = five(database).await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    let mill = world.instance("beck.test").found("mill").await;
    for (carrier, source) in [(&food, &park), (&mill, &food), (&park, &mill)] {
        carrier.carries_all_from(&source.actor).await;
        world.settle().await;
    }
    let (ana, bo, cy) = (
        reader(&world, "ana", &park).await,
        reader(&world, "bo", &food).await,
        reader(&world, "cy", &mill).await,
    );
    let trees = park.call("Plant forty trees").await.seen.item;
    let soup = food.event("Soup for all").await.seen.item;
    let wheel = mill.project("Mend the wheel").await.seen.item;
    world.pass(HOUR).await;
    for item in [&trees.uri, &soup.uri, &wheel.uri] {
        for one in [&ana, &bo, &cy] {
            assert_eq!(shown(one, item), 1, "{} and {item}", one.id);
        }
    }
    for (home, item) in [(&park, &trees.uri), (&food, &soup.uri), (&mill, &wheel.uri)] {
        assert!(!home.is_carrying(item).await, "nobody carries what is their own");
        assert_eq!(home.carriers_of(item).await.len(), 2);
    }
    let announced = announced(&world, &trees.uri);
    assert!(!announced.is_empty() && announced.iter().all(|(.., times)| *times == 1), "{announced:?}");
}

/// A reason and a boost at once would be the same thing twice.
async fn a_reason_makes_it_a_quote_and_never_both(database: Database) {
    let world = five(database).await;
    let park = world.instance("hyde.test").found("park").await;
    let food = world.instance("holbeck.test").found("food").await;
    food.connects(&park.actor).await;
    world.settle().await;
    let ana = reader(&world, "ana", &food).await;
    let call = park.call("Plant forty trees").await.seen.item;
    world.settle().await;
    assert_eq!(shown(&ana, &call.uri), 0, "listening is not passing on");
    food.carries(&call.uri, "Our own street has none").await;
    food.carries(&call.uri, "Our own street has none").await;
    world.pass(HOUR).await;
    assert_eq!((shown(&ana, &call.uri), ana.heard("Announce").len()), (1, 0));
    let quote =
        ana.heard("Create").into_iter().find(|one| one["object"]["quote"] == call.uri.as_str()).unwrap();
    assert!(quote["object"]["content"].as_str().unwrap().contains("Our own street has none"), "{quote:#}");
    // Others passing it on by rule changes nothing for who has it by hand.
    food.carries_all_from(&park.actor).await;
    world.pass(HOUR).await;
    assert_eq!((shown(&ana, &call.uri), ana.heard("Announce").len()), (1, 0));
}

/// Which server announced it to which, and how often.
fn announced(world: &World, item: &url::Url) -> Vec<(String, String, usize)> {
    let mut sent = std::collections::BTreeMap::new();
    for host in super::HOSTS {
        for passed in world.network.asked_by(host) {
            let activity: serde_json::Value = serde_json::from_slice(&passed.body).unwrap_or_default();
            let inner = &activity["object"];
            if activity["type"] == "Announce" && (inner == item.as_str() || inner["id"] == item.as_str()) {
                let to = passed.url.host_str().unwrap_or_default().to_owned();
                *sent.entry((host.to_owned(), to)).or_insert(0) += 1;
            }
        }
    }
    sent.into_iter().map(|((from, to), times)| (from, to, times)).collect()
}
