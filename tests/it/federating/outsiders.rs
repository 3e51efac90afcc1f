//! No sequence by an outsider makes a tie, or ends one.
//!
//! Eve signs well and says whatever fits: answers to what was asked of others, offers in others' names, what was really
//! said, again and bent. Only the two sides of a tie can make it.

use folkmoot_domain::moments::HOUR;
use folkmoot_tests::{associations::Association, database::Database, peers::Stranger, world::World};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ally, both_count};

const VERBS: [&str; 14] = [
    "Offer",
    "Accept",
    "Reject",
    "Undo",
    "Add",
    "Remove",
    "Create",
    "Update",
    "Delete",
    "Announce",
    "Follow",
    "Join",
    "Invite",
    "TentativeAccept",
];

/// What she says: a verb, about what, of whom, to whom; numbers are counted round.
type Said = (usize, usize, usize, usize);

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_by_an_outsider_makes_or_ends_a_tie(said in said()) {
        live(Database::Sqlite, said);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, failure_persistence: None, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_by_an_outsider_makes_or_ends_a_tie_on_postgres(said in said()) {
        live(Database::Postgres, said);
    }
}

fn said() -> impl Strategy<Value = Vec<Said>> {
    proptest::collection::vec(any::<Said>(), 1..12)
}

fn live(database: Database, said: Vec<Said>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Box::pin(story(database, said)));
}

async fn story(database: Database, said: Vec<Said>) {
    let world = World::new(database, ["hyde.test", "holbeck.test", "leeds.test"]).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let food = world.instance("holbeck.test").found("food").await;
    let park = world.instance("hyde.test").found("park").await;
    let mill = world.instance("hyde.test").found("mill").await;
    ally(&world, &alliance, &[&food]).await;
    // This one is asked and has not answered, the other was never asked.
    alliance.invites(&park.actor).await;
    world.settle().await;
    let before = standing(&world).await;
    assert_eq!(before.len(), 4, "one tie that both have, one that both know is open: {before:?}");

    let eve = world.server("evil.test").person("eve");
    let mut group = eve.actor();
    group["type"] = json!("Group");
    eve.publishes(&group);
    let all = [&alliance, &food, &park, &mill];
    let objects = objects(&world, &eve, &all);
    for (verb, object, subject, inbox) in said {
        let mut activity = eve.activity(VERBS[verb % VERBS.len()], objects[object % objects.len()].clone());
        let about = &all[subject % all.len()].actor.uri;
        activity["target"] = json!(about.as_str());
        activity["to"] = json!([about.as_str()]);
        let whom = all[inbox % all.len()];
        eve.posts(&whom.actor.inbox, &activity).await;
        world.settle().await;
    }
    world.pass(HOUR).await;
    let mut after = standing(&world).await;
    // She may ask for herself, and nobody has said yes.
    after.retain(|row| !row.contains("evil.test") || row.contains("accepted"));
    assert_eq!(after, before);
    assert!(both_count(&alliance, &food).await);
}

/// Every offer of a tie on every board that is open or was accepted.
async fn standing(world: &World) -> Vec<String> {
    let mut standing = Vec::new();
    for instance in world.instances() {
        let sql = "SELECT f.state || ' ' || m.uri || ' in ' || u.uri FROM affiliations f \
                   JOIN actors m ON m.id = f.member_id JOIN actors u ON u.id = f.umbrella_id \
                   WHERE f.state IN ('accepted', 'proposed') ORDER BY 1";
        let rows = instance.look(sql).await;
        standing.extend(rows.into_iter().map(|row| format!("{}: {row}", instance.host)));
    }
    standing
}

/// What she may speak of: everything that was really said between them, whole and by name; ties between any two of them
/// and herself; all of them.
fn objects(world: &World, eve: &Stranger, all: &[&Association<'_>]) -> Vec<Value> {
    let mut objects = Vec::new();
    for instance in world.instances() {
        for passed in world.network.asked_by(&instance.host) {
            let Ok(activity) = serde_json::from_slice::<Value>(&passed.body) else { continue };
            if ["Offer", "Accept", "Follow"].iter().any(|verb| activity["type"] == *verb) {
                objects.extend([activity["id"].clone(), activity["object"].clone()]);
                let mut hers = activity.clone();
                hers["actor"] = json!(eve.id);
                objects.extend([activity, hers]);
            }
        }
    }
    let mut names: Vec<String> = all.iter().map(|one| one.actor.uri.to_string()).collect();
    names.push(eve.id.clone());
    for subject in &names {
        for object in &names {
            let id = format!("{}/ties/{}", eve.id, objects.len());
            for relationship in ["https://w3id.org/folkmoot/ns#memberOf", "civ:memberOf"] {
                let tie = json!({"id": id, "type": "Relationship", "subject": subject, "relationship": relationship, "object": object});
                objects.push(json!({"id": format!("{id}#offer"), "type": "Offer", "actor": object, "object": tie.clone()}));
                objects.push(tie);
            }
        }
        objects.push(json!(subject));
    }
    objects
}
