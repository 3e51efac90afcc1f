//! Alliances: founded, joined, left, overlapping, one in another, and gone; and who may not do any of it.

use folkmoot_app::{
    By,
    affiliations::{self, Asked, Wish},
    alliances, decisions,
};
use folkmoot_domain::{
    ActorId,
    actors::Actor,
    affiliations::{Affiliation, TieState},
    associations::{AssociationKind, Founding},
    decisions::{Choice, Outcome, Rule},
    text::{Handle, Language},
};
use folkmoot_storage::affiliations as ties;
use folkmoot_tests::{associations::Association, database::Database, peers::Stranger, world::World};
use serde_json::Value;

on_both_databases!(
    three_associations_on_three_instances_found_an_alliance,
    a_member_may_say_no_and_be_asked_again,
    either_side_ends_it,
    proposals_that_cross_are_one_tie,
    partners_list_each_other,
    members_items_reach_whoever_follows_the_alliance_until_they_leave,
    an_alliance_may_be_a_member_of_another,
    a_vanished_alliance_takes_nothing_along,
    members_decide_and_nobody_else,
    outsiders_make_no_tie,
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

/// A fediverse user who follows this association, and hears of everything from now on.
async fn follower(world: &World, host: &str, followed: &Association<'_>) -> Stranger {
    let ana = world.server(host).person("ana");
    ana.tells(&followed.actor, &ana.follow(&followed.actor)).await;
    world.settle().await;
    ana
}

async fn members_items_reach_whoever_follows_the_alliance_until_they_leave(database: Database) {
    let world = World::new(database, ["hyde.test", "headingley.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    let leeds = found(&park, "leeds", &[&park.actor, &trees.actor]).await;
    world.settle().await;
    answer(&trees, &leeds.actor, true).await;
    world.settle().await;
    let ana = follower(&world, "mastodon.test", &leeds).await;
    let announced = |ana: &Stranger| -> Vec<String> {
        let word = |said: &Value| said["object"].as_str().unwrap_or_default().to_owned();
        ana.heard("Announce").iter().map(word).collect()
    };

    let elsewhere = trees.project("An orchard").await;
    let here = park.project("A pond").await;
    world.settle().await;
    let heard = announced(&ana);
    for project in [&elsewhere, &here] {
        let uri = project.seen.item.uri.to_string();
        assert_eq!(heard.iter().filter(|one| **one == uri).count(), 1, "once: {heard:?}");
    }

    end(&trees, &leeds.actor).await;
    world.settle().await;
    let undone: Vec<Value> = ana.heard("Undo");
    let orchard = elsewhere.seen.item.uri.as_str();
    assert!(undone.iter().any(|undo| undo["object"]["object"] == orchard), "taken down at once: {undone:?}");
    trees.project("A second orchard").await;
    park.project("A second pond").await;
    world.settle().await;
    assert_eq!(announced(&ana).len(), heard.len() + 1, "only who is a member still is carried");
}

async fn an_alliance_may_be_a_member_of_another(database: Database) {
    let world = World::new(database, THREE).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    let bridge = world.instance("armley.test").found("bridge-club").await;
    let leeds = found(&park, "leeds", &[&park.actor, &trees.actor]).await;
    let trees_too = found(&bridge, "trees-united", &[&bridge.actor, &trees.actor]).await;
    world.settle().await;
    // They overlap: one association is a member of two.
    answer(&trees, &leeds.actor, true).await;
    answer(&trees, &trees_too.actor, true).await;
    propose(&leeds, &trees_too.actor, Wish::Join).await;
    world.settle().await;
    answer(&trees_too, &leeds.actor, true).await;
    world.settle().await;
    assert_eq!(state(&leeds, &trees_too.actor).await, Some(TieState::Accepted));
    let ana = follower(&world, "mastodon.test", &trees_too).await;
    let pond = park.project("A pond").await;
    let orchard = trees.project("An orchard").await;
    world.settle().await;
    for project in [pond, orchard] {
        let uri = project.seen.item.uri.to_string();
        let heard: Vec<Value> = ana.heard("Announce");
        let times = heard.iter().filter(|said| said["object"] == uri.as_str()).count();
        assert_eq!(times, 1, "through however many alliances, once: {heard:?}");
    }
}

async fn a_vanished_alliance_takes_nothing_along(database: Database) {
    let world = World::new(database, ["hyde.test", "headingley.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    let leeds = found(&park, "leeds", &[&park.actor, &trees.actor]).await;
    world.settle().await;
    answer(&trees, &leeds.actor, true).await;
    let orchard = trees.project("An orchard").await;
    world.pass(folkmoot_domain::moments::HOUR).await;
    world.network.cut("hyde.test");
    world.pass(5 * folkmoot_domain::moments::DAY).await;
    let tie = tie(&trees, &leeds.actor).await.unwrap();
    assert_eq!(
        (tie.state, tie.counts()),
        (TieState::Accepted, false),
        "silence ends nothing, and counts for nothing"
    );
    let page = trees.instance.text_of(&orchard.seen.item.page).await;
    assert!(page.contains("An orchard"));
    // They can leave although nobody answers.
    affiliations::end(&trees.instance.app, &trees.by, trees.actor.id, tie.id).await.unwrap();
    world.settle().await;
    assert!(listed(&world, &trees.actor).await.is_empty());
    world.network.mend("hyde.test");
    world.pass(8 * folkmoot_domain::moments::DAY).await;
}

async fn members_decide_and_nobody_else(database: Database) {
    let world = World::new(database, THREE).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    let bridge = world.instance("armley.test").found("bridge-club").await;
    let leeds = found(&park, "leeds", &[&park.actor, &trees.actor, &bridge.actor]).await;
    world.settle().await;
    for member in [&trees, &bridge] {
        answer(member, &leeds.actor, true).await;
    }
    world.settle().await;
    let ana = follower(&world, "mastodon.test", &leeds).await;
    let before = ana.received().len();

    let (app, now) = (&park.instance.app, world.now());
    let draft = decisions::Draft {
        title: "Shall we plant the Headrow?".to_owned(),
        text: "It costs **nothing**.".to_owned(),
        rule: Rule::TwoThirds,
        closes: now.plus(3 * folkmoot_domain::moments::DAY),
    };
    let asked = decisions::ask(app, &leeds.by, leeds.actor.id, draft).await.unwrap();
    world.settle().await;
    let theirs = |one: &Association<'_>| {
        let (app, by, id) = (one.instance.app.clone(), one.by, one.actor.id);
        async move { decisions::of(&app, &by, id).await.unwrap().pop().unwrap() }
    };
    let letters = trees.instance.letters_to("tree-wardens@headingley.test");
    assert!(letters.iter().any(|mail| mail.subject.contains("Headrow")), "{letters:?}");

    decisions::answer(app, &park.by, asked.id, park.actor.id, Choice::For, "").await.unwrap();
    let there = theirs(&trees).await;
    assert_eq!(there.rule, Rule::TwoThirds);
    let (tree_app, by) = (&trees.instance.app, &trees.by);
    decisions::answer(tree_app, by, there.id, trees.actor.id, Choice::For, "").await.unwrap();
    world.settle().await;
    // They think again.
    let why = "The bats would lose their roost.";
    decisions::answer(tree_app, by, there.id, trees.actor.id, Choice::Against, why).await.unwrap();
    decisions::answer(
        &bridge.instance.app,
        &bridge.by,
        theirs(&bridge).await.id,
        bridge.actor.id,
        Choice::For,
        "",
    )
    .await
    .unwrap();
    world.settle().await;
    // Somebody who was not asked votes all the same.
    let create = ana.vote(&asked.uri, &leeds.actor, "Against");
    ana.tells(&leeds.actor, &create).await;
    world.settle().await;
    assert_eq!(ana.received().len(), before, "it is nobody else's business");

    world.pass(4 * folkmoot_domain::moments::DAY).await;
    for (one, id) in [(&park, asked.id), (&trees, there.id), (&bridge, theirs(&bridge).await.id)] {
        let seen = decisions::seen(&one.instance.app, &one.by, id).await.unwrap();
        let record = seen.record.clone().unwrap();
        assert_eq!(record.outcome, Outcome::Agreed, "{record:?}");
        assert_eq!((record.tally().yes, record.tally().no, record.lines.len()), (2, 1, 3));
        assert_eq!(record.minority().next().unwrap().words, why);
        let text = decisions::text(&seen);
        assert!(text.contains("agreed") && text.contains(why), "{text}");
        assert!(decisions::csv(&seen).lines().count() == 4);
    }
    let late = decisions::answer(tree_app, by, there.id, trees.actor.id, Choice::For, "").await;
    assert!(late.is_err(), "what is closed is closed");
}

async fn outsiders_make_no_tie(database: Database) {
    let world = World::new(database, ["hyde.test", "headingley.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let trees = world.instance("headingley.test").found("tree-wardens").await;
    let leeds = found(&park, "leeds", &[&park.actor, &trees.actor]).await;
    world.settle().await;
    let waits = tie(&leeds, &trees.actor).await.unwrap();
    let eve = world.server("evil.test").person("eve");
    let member_of = "https://w3id.org/folkmoot/ns#memberOf";
    let offer = |tie: &str, subject: &str, object: &str, number: u8| {
        serde_json::json!({
            "id": format!("https://evil.test/offers/{number}"), "type": "Offer", "actor": eve.id,
            "to": [leeds.actor.uri], "object": {
                "id": tie, "type": "Relationship", "subject": subject, "relationship": member_of, "object": object,
            },
        })
    };
    let (trees_uri, leeds_uri) = (trees.actor.uri.as_str(), leeds.actor.uri.as_str());
    let answered = |kind: &str, number: u8| {
        serde_json::json!({
            "id": format!("https://evil.test/answers/{number}"), "type": kind, "actor": eve.id,
            "to": [leeds.actor.uri], "object": waits.offer,
        })
    };
    let said = [
        // For two others, with an id of its own and with one of somebody else.
        offer("https://evil.test/ties/1", trees_uri, leeds_uri, 1),
        offer("https://headingley.test/ties/1", trees_uri, leeds_uri, 2),
        // Somebody who is no association.
        offer("https://evil.test/ties/3", eve.id.as_str(), leeds_uri, 3),
        // Answers to what somebody else was asked.
        answered("Accept", 4),
        answered("Reject", 5),
    ];
    for one in &said {
        eve.posts(&leeds.actor.inbox, one).await;
        world.settle().await;
    }
    let now = tie(&leeds, &trees.actor).await.unwrap();
    assert_eq!(now, waits, "nothing has changed");
    let count = leeds.instance.look("SELECT CAST(COUNT(*) AS TEXT) FROM affiliations").await;
    assert_eq!(count, ["2"], "two offers: both of the alliance");
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
