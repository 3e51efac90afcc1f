//! Five instances and what associations on them are to each other: they listen, pass on, stand together, part again.
//!
//! Whatever happens, a reader is shown an item once by whom they follow, its home stays its only master, and both sides of
//! a tie agree. Start at [`chains`]; [`orders`] has the properties behind the stories.

mod alliances;
mod chains;
mod ends;
mod moving;
mod orders;
mod outsiders;
mod vanishing;

use folkmoot_domain::moments::HOUR;
use folkmoot_tests::{
    associations::Association, database::Database, instance::Instance, peers::Stranger, world::World,
};
use serde_json::Value;
use url::Url;

/// The instances of these stories: four neighbourhoods and the city.
const HOSTS: [&str; 5] = ["hyde.test", "holbeck.test", "beck.test", "armley.test", "leeds.test"];

async fn five(database: Database) -> World {
    World::new(database, HOSTS).await
}

/// Somebody on another server who follows one association, and nobody else.
async fn reader(world: &World, name: &str, whom: &Association<'_>) -> Stranger {
    let reader = world.server(&format!("{name}.example")).person(name);
    reader.tells(&whom.actor, &reader.follow(&whom.actor)).await;
    world.settle().await;
    reader
}

/// They agree, each on their own board, that these are members of the alliance.
async fn ally(world: &World, alliance: &Association<'_>, members: &[&Association<'_>]) {
    for member in members {
        alliance.invites(&member.actor).await;
    }
    world.settle().await;
    for member in members {
        member.agrees_with(&alliance.actor).await;
    }
    // A tie is looked at soon after it was made.
    world.pass(HOUR).await;
    for member in members {
        assert!(both_count(alliance, member).await, "{} in {}", member.actor.uri, alliance.actor.uri);
    }
}

/// Both boards say that the one is in the other.
async fn both_count(alliance: &Association<'_>, member: &Association<'_>) -> bool {
    let tie = (member.actor.uri.to_string(), alliance.actor.uri.to_string());
    alliance.ties().await.contains(&tie) && member.ties().await.contains(&tie)
}

/// Neither board says so.
async fn neither_counts(alliance: &Association<'_>, member: &Association<'_>) -> bool {
    let tie = (member.actor.uri.to_string(), alliance.actor.uri.to_string());
    !alliance.ties().await.contains(&tie) && !member.ties().await.contains(&tie)
}

/// How often an item was put before a reader: as a new post, a boost, or a quote.
fn shown(reader: &Stranger, item: &Url) -> usize {
    let received = reader.received();
    let is_it = |value: &Value| value == item.as_str();
    let shows = |activity: &Value| match activity["type"].as_str() {
        Some("Create") => is_it(&activity["object"]["id"]) || is_it(&activity["object"]["quote"]),
        Some("Announce") => is_it(&activity["object"]) || is_it(&activity["object"]["id"]),
        _ => false,
    };
    received.iter().filter(|one| shows(&one.body)).count()
}

/// How often a reader was told that it is passed on no more.
fn taken_back(reader: &Stranger, item: &Url) -> usize {
    let announces: Vec<Value> = reader.heard("Announce").iter().map(|one| one["id"].clone()).collect();
    let of = |undo: &Value| {
        let announce = &undo["object"];
        let id = if announce.is_object() { &announce["id"] } else { announce };
        let known = announces.iter().position(|known| known == id);
        known.is_some_and(|at| {
            let object = &reader.heard("Announce")[at]["object"];
            object == item.as_str() || object["id"] == item.as_str()
        })
    };
    reader.heard("Undo").iter().filter(|undo| of(undo)).count()
}

/// Is it in the lists of this board?
async fn shows(instance: &Instance, item: &Url) -> bool {
    let shown = instance.look("SELECT uri FROM items WHERE shown AND deleted_at IS NULL").await;
    shown.iter().any(|uri| uri == item.as_str())
}

/// The title under which this board knows it, if it is there.
async fn title(instance: &Instance, item: &Url) -> Option<String> {
    let sql = format!("SELECT title FROM items WHERE deleted_at IS NULL AND uri = '{item}'");
    instance.look(&sql).await.into_iter().next()
}
