//! Keys that belong to somebody else, that change, that are asked for too often; actors that are not who they say.

use folkmoot_domain::moments::MINUTE;
use folkmoot_tests::{
    database::Database,
    keys,
    peers::{Page, Request},
    world::World,
};
use serde_json::{Value, json};
use url::Url;

use super::Siege;

on_both_databases!(
    key_01_key_of_another,
    key_04_acct_key_id,
    key_05_document_of_another,
    key_06_key_rotation,
    key_07_refetch_amplification,
    key_09_ten_thousand_keys,
    key_10_end_of_somebody_unknown,
    key_11_actor_that_claims_our_host,
    key_12_announce_of_what_a_third_party_said,
);

fn signed_with(siege: &Siege<'_>, activity: &Value, key_id: &str) -> Request {
    let mut request = siege.by_eve(activity);
    key_id.clone_into(&mut request.key_id);
    request.sign(siege.eve.key);
    request
}

async fn key_01_key_of_another(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let as_victim = siege.victim.reply(&siege.item.uri, &siege.park.actor, "Hello");
    let neighbour = siege.eve.server.person("neighbour");
    let as_neighbour = neighbour.reply(&siege.item.uri, &siege.park.actor, "Hello");

    siege
        .refuses(
            "the attacker's key, somebody else's host",
            &signed_with(&siege, &as_victim, &siege.eve.key_id),
            &[401],
        )
        .await;
    siege
        .refuses("a key of the same server", &signed_with(&siege, &as_neighbour, &siege.eve.key_id), &[401])
        .await;
    // The name of the right key with a signature by the wrong one: only the key itself tells.
    let forged = signed_with(&siege, &as_victim, &siege.victim.key_id);
    siege.stores_nothing("the victim's key, forged", &forged, &[401]).await;
}

async fn key_04_acct_key_id(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let found = json!({"subject": "acct:victim@victim.test", "links": [{"rel": "self", "type": "application/activity+json", "href": siege.eve.id}]});
    siege.victim.server.serves("/.well-known/webfinger", Page::activity(&found));

    for key_id in ["acct:victim@victim.test", "acct:eve@attacker.test"] {
        let as_victim = siege.victim.reply(&siege.item.uri, &siege.park.actor, "Hello");
        for activity in [as_victim, siege.eve.reply(&siege.item.uri, &siege.park.actor, "Hello")] {
            siege.refuses(key_id, &signed_with(&siege, &activity, key_id), &[401]).await;
        }
    }
}

async fn key_05_document_of_another(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, false).await;
    let mut actor = siege.eve.actor();
    for id in ["https://attacker.test/users/other", siege.victim.id.as_str()] {
        actor["id"] = json!(id);
        siege.eve.publishes(&actor);
        siege.stores_nothing("the document has another id", &siege.honest(), &[401]).await;
        // What could not be read is not asked for again for a while.
        world.set_clock(world.now().plus(30 * MINUTE));
    }

    // A document that is nothing but a key, for another owner.
    let key =
        json!({"id": siege.eve.key_id, "owner": siege.victim.id, "publicKeyPem": siege.eve.key.public_pem()});
    siege.eve.publishes(&key);
    siege.stores_nothing("a key on its own", &siege.honest(), &[401]).await;
    world.set_clock(world.now().plus(30 * MINUTE));

    let mut foreign = siege.eve.actor();
    foreign["publicKey"]["owner"] = json!(siege.victim.id);
    siege.eve.publishes(&foreign);
    siege.stores_nothing("a key of another owner", &siege.honest(), &[401]).await;
    world.set_clock(world.now().plus(30 * MINUTE));

    siege.eve.publishes_its_actor();
    siege.takes(&siege.honest()).await;
}

async fn key_06_key_rotation(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let renewed = siege.eve.with_key(keys::of_stranger(3));
    assert_ne!(renewed.key.public_pem(), siege.eve.key.public_pem());
    renewed.publishes_its_actor();

    let reply = renewed.reply(&siege.item.uri, &siege.park.actor, "With a new key");
    siege.takes(&renewed.delivery(&siege.park.actor.inbox, &reply)).await;

    assert_eq!(siege.park.held().await.len(), 1);
    assert!(siege.asked() <= 1, "{}", siege.asked());
    siege.takes(&renewed.delivery(&siege.park.actor.inbox, &renewed.like(&siege.item.uri))).await;
    assert!(siege.asked() <= 1, "the new key is remembered");
    let old = siege
        .eve
        .delivery(&siege.park.actor.inbox, &siege.eve.reply(&siege.item.uri, &siege.park.actor, "Old key"));
    assert_eq!(siege.sends(&old).await.status, 401, "the old key is worth nothing");
}

async fn key_07_refetch_amplification(database: Database) {
    for known in [false, true] {
        let world = World::new(database, ["hyde.test"]).await;
        let siege = Siege::lay(&world, known).await;
        for number in 0..1_000 {
            let mut request = siege.by_eve(&siege.eve.like(&siege.item.uri));
            let forged = request.with_signature(&keys::of_stranger(number).sign("something else"));
            request.set("signature", &forged);
            let answer = request.send(&world.network).await;
            assert!([401, 429].contains(&answer.status.as_u16()), "{}", answer.status);
        }
        world.settle().await;
        assert!(siege.asked() <= 2, "{} requests", siege.asked());
        assert_eq!(siege.before.changes(&siege.park.instance.tables().await), Vec::<String>::new());
    }
}

async fn key_09_ten_thousand_keys(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, false).await;
    let mut actor = siege.eve.actor();
    let key = actor["publicKey"].clone();
    let many: Vec<Value> = (0..10_000).map(|number| if number == 9_999 { key.clone() } else { json!({"id": format!("{}{number}", siege.eve.key_id), "owner": siege.eve.id, "publicKeyPem": "x"}) }).collect();
    actor["publicKey"] = Value::Array(many);
    siege.eve.publishes(&actor);

    siege.stores_nothing("10 000 keys", &siege.honest(), &[401, 400]).await;
    assert!(siege.asked() <= 1);
}

async fn key_10_end_of_somebody_unknown(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, false).await;
    siege.eve.server.serves("/users/eve", Page::status(410));

    siege.refuses("the end of somebody unknown", &siege.by_eve(&siege.eve.delete_self()), &[200, 202]).await;
}

async fn key_11_actor_that_claims_our_host(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, false).await;
    let ours = "https://hyde.test/users/admin";
    let mut activity = siege.eve.reply(&siege.item.uri, &siege.park.actor, "I am the admin");
    activity["id"] = json!(format!("{ours}/1"));
    activity["actor"] = json!(ours);
    activity["object"]["attributedTo"] = json!(ours);
    activity["object"]["id"] = json!(format!("{ours}/2"));
    siege
        .refuses(
            "an actor of ours",
            &signed_with(&siege, &activity, &format!("{ours}#main-key")),
            &[401, 400],
        )
        .await;
    siege
        .refuses(
            "an actor of ours by another's key",
            &signed_with(&siege, &activity, &siege.eve.key_id),
            &[401, 400],
        )
        .await;

    // An actor of theirs whose document turns out to be one of ours.
    let mut claimed = siege.eve.actor();
    claimed["id"] = json!(ours);
    siege.eve.publishes(&claimed);
    siege.stores_nothing("a document with an id of ours", &siege.honest(), &[401, 400]).await;
    world.set_clock(world.now().plus(30 * MINUTE));
    let real = siege.park.actor.uri.as_str();
    siege.eve.server.serves("/users/eve", Page::leads_to(real));
    siege.stores_nothing("a document that leads to us", &siege.honest(), &[401, 400]).await;
}

async fn key_12_announce_of_what_a_third_party_said(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let relay = siege.eve.server.actor("relay", "https://attacker.test/actor", "#main-key");
    let inner = siege.victim.reply(&siege.item.uri, &siege.park.actor, "I never said this");
    let inners = [
        inner.clone(),
        siege.victim.like(&siege.item.uri),
        siege.victim.vote(&siege.item.uri, &siege.park.actor, "I can dig"),
        siege.victim.delete_self(),
        siege.victim.undo(&siege.victim.follow(&siege.park.actor)),
        inner["object"].clone(),
    ];
    for inner in inners {
        let mut announce = relay.activity("Announce", inner.clone());
        announce["to"] = json!(["https://www.w3.org/ns/activitystreams#Public"]);
        let request = relay.delivery(&siege.park.instance.at("/ap/inbox"), &announce);
        siege.changes_nothing(&inner["type"].to_string(), &request, &[200, 202]).await;
    }
    let by_id = relay.activity("Announce", inner["id"].clone());
    siege
        .changes_nothing(
            "by id",
            &relay.delivery(&Url::parse("https://hyde.test/ap/inbox").unwrap(), &by_id),
            &[200, 202],
        )
        .await;
}
