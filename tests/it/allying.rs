//! Alliances: founded, joined, left, overlapping, one in another, and gone; and who may not do any of it.

use folkmoot_app::{
    By,
    affiliations::{self, Asked, Wish},
    alliances,
};
use folkmoot_domain::{
    ActorId,
    actors::Actor,
    affiliations::{Affiliation, TieState},
    associations::{AssociationKind, Founding},
    text::{Handle, Language},
};
use folkmoot_storage::affiliations as ties;
use folkmoot_tests::{associations::Association, database::Database, world::World};
use serde_json::Value;

on_both_databases!(
    three_associations_on_three_instances_found_an_alliance,
    a_member_may_say_no_and_be_asked_again,
    either_side_ends_it,
    proposals_that_cross_are_one_tie,
    partners_list_each_other,
);

const THREE: [&str; 3] = ["hyde.test", "headingley.test", "armley.test"];

fn founding(handle: &str) -> Founding {
    Founding {
        handle: Handle::parse(handle).unwrap(),
        name: "Leeds Together".to_owned(),
        about: "Associations of Leeds.".to_owned(),
        kind: AssociationKind::Alliance,
        language: Language::english(),
        zone: "Europe/London".to_owned(),
        place: None,
        battles: Vec::new(),
        paper: None,
        joining: String::new(),
        safeguarding: String::new(),
        sample: false,
    }
}

/// An alliance beside this association, with the same organiser, that asks these others in.
async fn found<'a>(beside: &Association<'a>, handle: &str, members: &[&Actor]) -> Association<'a> {
    let mut known: Vec<ActorId> = Vec::new();
    for member in members {
        known.push(beside.instance.knows(member).await.id);
    }
    let app = &beside.instance.app;
    let founded =
        alliances::found(app, &beside.by, founding(handle), None, &known, "Trees for all").await.unwrap();
    Association { instance: beside.instance, actor: founded.seen.actor, by: beside.by }
}

/// How it stands between these two, as the first sees it.
async fn tie(one: &Association<'_>, other: &Actor) -> Option<Affiliation> {
    let other = one.instance.knows(other).await;
    ties::between(&one.instance.app.store.rows(), one.actor.id, other.id).await.unwrap().pop()
}

async fn state(one: &Association<'_>, other: &Actor) -> Option<TieState> {
    tie(one, other).await.map(|tie| tie.state)
}

async fn answer(one: &Association<'_>, other: &Actor, yes: bool) {
    let tie = tie(one, other).await.unwrap();
    affiliations::answer(&one.instance.app, &one.by, tie.id, yes).await.unwrap();
}

async fn end(one: &Association<'_>, other: &Actor) {
    let tie = tie(one, other).await.unwrap();
    affiliations::end(&one.instance.app, &one.by, one.actor.id, tie.id).await.unwrap();
}

async fn propose(one: &Association<'_>, other: &Actor, wish: Wish) {
    let with = one.instance.knows(other).await.id;
    let asked = Asked { side: one.actor.id, with, wish, mandate: "Trees for all".to_owned() };
    affiliations::propose(&one.instance.app, &one.by, &asked).await.unwrap();
}

/// What an association lists as its ties, for everyone: who is what to whom.
async fn listed(world: &World, one: &Actor) -> Vec<(String, String, String)> {
    let reader = world.server("reader.test").person("reader");
    let actor = reader.fetches(&one.uri).await.json();
    let list = actor["civ:affiliates"].as_str().unwrap().parse().unwrap();
    let list: Value = reader.fetches(&list).await.json();
    let word = |tie: &Value, key: &str| tie[key].as_str().unwrap().to_owned();
    let ties = list["items"].as_array().unwrap();
    ties.iter().map(|tie| (word(tie, "subject"), word(tie, "relationship"), word(tie, "object"))).collect()
}

async fn three_associations_on_three_instances_found_an_alliance(database: Database) {
    let world = World::new(database, THREE).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    let bridge = world.instance("armley.test").found("bridge-club").await;

    let leeds = found(&park, "leeds", &[&park.actor, &trees.actor, &bridge.actor]).await;
    // Who founds it organises the first member too: nobody else is to be asked.
    assert_eq!(state(&leeds, &park.actor).await, Some(TieState::Accepted));
    assert_eq!(state(&leeds, &trees.actor).await, Some(TieState::Proposed));
    world.settle().await;
    let letters = trees.instance.letters_to("tree-wardens@headingley.test");
    assert!(letters.iter().any(|mail| mail.text.contains("Trees for all")), "{letters:?}");
    assert!(listed(&world, &trees.actor).await.is_empty(), "nothing is listed before it is accepted");

    for member in [&trees, &bridge] {
        answer(member, &leeds.actor, true).await;
        world.settle().await;
        assert!(tie(member, &leeds.actor).await.unwrap().counts());
        let seen = tie(&leeds, &member.actor).await.unwrap();
        assert!(seen.counts() && seen.checked.is_some(), "it was looked up at once: {seen:?}");
    }
    let member_of = "https://w3id.org/folkmoot/ns#memberOf".to_owned();
    let line = (trees.actor.uri.to_string(), member_of, leeds.actor.uri.to_string());
    assert_eq!(listed(&world, &trees.actor).await, std::slice::from_ref(&line));
    let all = listed(&world, &leeds.actor).await;
    assert!(all.contains(&line) && all.len() == 3, "{all:?}");
    world.pass(folkmoot_domain::moments::DAY * 3).await;
    assert!(tie(&trees, &leeds.actor).await.unwrap().checked.is_some(), "it is looked up again and again");
}

async fn a_member_may_say_no_and_be_asked_again(database: Database) {
    let world = World::new(database, ["hyde.test", "headingley.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    let leeds = found(&park, "leeds", &[&park.actor, &trees.actor]).await;
    world.settle().await;
    answer(&trees, &leeds.actor, false).await;
    world.settle().await;
    assert_eq!(state(&leeds, &trees.actor).await, Some(TieState::Declined));
    assert!(listed(&world, &trees.actor).await.is_empty());

    propose(&trees, &leeds.actor, Wish::Join).await;
    world.settle().await;
    answer(&leeds, &trees.actor, true).await;
    world.settle().await;
    assert_eq!(state(&leeds, &trees.actor).await, Some(TieState::Accepted));
    assert_eq!(state(&trees, &leeds.actor).await, Some(TieState::Accepted));
    world.pass(5 * folkmoot_domain::moments::MINUTE).await;
    assert!(tie(&leeds, &trees.actor).await.unwrap().checked.is_some());
}

async fn either_side_ends_it(database: Database) {
    let world = World::new(database, ["hyde.test", "headingley.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    let leeds = found(&park, "leeds", &[&park.actor, &trees.actor]).await;
    for leaver in [&leeds, &trees] {
        world.settle().await;
        let proposed = tie(&leeds, &trees.actor).await.unwrap();
        if proposed.proposer == leeds.actor.id {
            answer(&trees, &leeds.actor, true).await;
        } else {
            answer(&leeds, &trees.actor, true).await;
        }
        world.settle().await;
        end(leaver, if leaver.actor.id == trees.actor.id { &leeds.actor } else { &trees.actor }).await;
        world.settle().await;
        for (one, other) in [(&leeds, &trees.actor), (&trees, &leeds.actor)] {
            assert_eq!(state(one, other).await, Some(TieState::Ended));
            assert!(listed(&world, other).await.iter().all(|line| line.0 != trees.actor.uri.as_str()));
        }
        propose(&trees, &leeds.actor, Wish::Join).await;
    }
    world.settle().await;
    assert_eq!(state(&leeds, &trees.actor).await, Some(TieState::Proposed));
}

async fn proposals_that_cross_are_one_tie(database: Database) {
    let world = World::new(database, ["hyde.test", "headingley.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    let leeds = found(&park, "leeds", &[&park.actor, &trees.actor]).await;
    propose(&trees, &leeds.actor, Wish::Join).await;
    world.settle().await;
    let (here, there) = (tie(&leeds, &trees.actor).await.unwrap(), tie(&trees, &leeds.actor).await.unwrap());
    assert!(here.counts() && there.counts());
    assert_eq!(here.uri, there.uri, "both call it the same");
    assert_eq!(listed(&world, &trees.actor).await.len(), 1);
    end(&trees, &leeds.actor).await;
    world.settle().await;
    assert_eq!(state(&leeds, &trees.actor).await, Some(TieState::Ended));
    assert_eq!(state(&trees, &leeds.actor).await, Some(TieState::Ended));
}

async fn partners_list_each_other(database: Database) {
    let world = World::new(database, ["hyde.test", "headingley.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    propose(&park, &trees.actor, Wish::Partner).await;
    propose(&trees, &park.actor, Wish::Partner).await;
    world.settle().await;
    assert_eq!(state(&park, &trees.actor).await, Some(TieState::Accepted));
    assert_eq!(listed(&world, &park.actor).await, listed(&world, &trees.actor).await);
    let refused = {
        let with = park.instance.knows(&trees.actor).await.id;
        let asked = Asked { side: park.actor.id, with, wish: Wish::Join, mandate: String::new() };
        affiliations::propose(&park.instance.app, &park.by, &asked).await
    };
    assert!(refused.is_err(), "only an alliance has members");
    let (outsider, tie) = (By::person(ActorId(uuid::Uuid::nil())), tie(&park, &trees.actor).await.unwrap());
    let ended = affiliations::end(&park.instance.app, &outsider, park.actor.id, tie.id).await;
    assert!(ended.is_err(), "only its organisers end it");
}
