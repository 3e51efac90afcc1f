//! What is known of ties, what is walked, and what is shown to whom.

use folkmoot_domain::{actors::Profile, moments::DAY};

use super::*;
use crate::{
    partnerships as deeds,
    projects::{self, ProjectDraft},
    tests::{House, words},
};

/// A group elsewhere that agrees to be found, and lists its ties.
async fn group(house: &House, name: &str) -> Actor {
    let mut actor = house.stranger(name).await;
    actor.kind = ActorKind::Group;
    actor.uri = Url::parse(&format!("https://{name}.test/g")).unwrap();
    actor.page = actor.uri.clone();
    actor.host = format!("{name}.test");
    actor.id = house.app.id();
    actor.profile = Profile {
        discoverable: true,
        affiliates: Some(Url::parse(&format!("https://{name}.test/g/affiliates")).unwrap()),
        ..Profile::default()
    };
    crate::actors::remember(&house.app, actor).await.unwrap()
}

/// One that takes part in a project of ours.
async fn partner(house: &House, name: &str) -> Actor {
    let actor = group(house, name).await;
    let (app, by) = (&house.app, By::operator());
    let draft = ProjectDraft { words: words(&format!("With {name}")), need: String::new(), active: true };
    let project = projects::publish(app, &by, house.park.actor.id, draft).await.unwrap();
    let (offer, tie) = (format!("https://{name}.test/offer"), format!("https://{name}.test/tie"));
    let afar = deeds::FromAfar {
        offer: &offer,
        tie: &tie,
        project: project.seen.item.id,
        role: "host",
        words: "",
        published: None,
    };
    deeds::offered(app, &house.arrival(&actor).await, &afar).await.unwrap();
    let known = partnerships::by_offer(&app.store.rows(), &offer).await.unwrap().unwrap();
    deeds::answer(app, &by, known.id, true, "").await.unwrap();
    actor
}

fn names(network: &Network) -> Vec<&str> {
    network.nodes.iter().map(|node| node.name.as_str()).collect()
}

#[tokio::test]
async fn lists_of_those_we_know_are_walked_two_steps_and_once_a_day() {
    let house = House::new().await;
    let app = &house.app;
    let growers = partner(&house, "growers").await;
    let (leeds, yorkshire) = (group(&house, "leeds").await, group(&house, "yorkshire").await);
    let due = walks_due(app).await.unwrap();
    assert_eq!(
        due.iter().map(|walk| (&walk.actor.name, walk.steps)).collect::<Vec<_>>(),
        [(&growers.name, 1)]
    );
    let unknown = Url::parse("https://unknown.test/g").unwrap();
    let listed = [
        (leeds.uri.clone(), Listed::Umbrella),
        (unknown, Listed::WorksWith),
        (growers.uri.clone(), Listed::Member),
    ];
    walked(app, &due[0], &listed).await.unwrap();
    let seen = known(app).await.unwrap();
    assert_eq!(names(&seen), ["growers", "leeds", "Park Friends"].map(|name| name));
    let tie = seen.ties.iter().find(|tie| tie.relation == Relation::Member).unwrap();
    assert!(!tie.is_confirmed() && tie.said.from, "only the member says so");

    let due = walks_due(app).await.unwrap();
    assert_eq!(due.iter().map(|walk| (&walk.actor.name, walk.steps)).collect::<Vec<_>>(), [(&leeds.name, 2)]);
    walked(app, &due[0], &[(growers.uri.clone(), Listed::Member), (yorkshire.uri.clone(), Listed::Umbrella)])
        .await
        .unwrap();
    let seen = known(app).await.unwrap();
    assert!(seen.ties.iter().find(|tie| tie.relation == Relation::Member).unwrap().is_confirmed());
    assert!(names(&seen).contains(&"yorkshire"));
    assert!(
        walks_due(app).await.unwrap().is_empty(),
        "three steps away is nobody's list read, and nothing twice a day"
    );

    house.pass(DAY);
    let due = walks_due(app).await.unwrap();
    assert_eq!(due.len(), 2);
    // A server that does not answer leaves what was known.
    for walk in &due {
        not_walked(app, walk, "no answer").await.unwrap();
    }
    assert_eq!(known(app).await.unwrap(), seen);
}

#[tokio::test]
async fn who_does_not_want_to_be_found_or_is_blocked_is_not_shown() {
    let house = House::new().await;
    let app = &house.app;
    let growers = partner(&house, "growers").await;
    let (mut shy, spam) = (group(&house, "shy").await, group(&house, "spam").await);
    shy.profile.discoverable = false;
    let shy = crate::actors::remember(app, shy).await.unwrap();
    let due = walks_due(app).await.unwrap();
    let listed = [(shy.uri.clone(), Listed::WorksWith), (spam.uri.clone(), Listed::WorksWith)];
    walked(app, &due[0], &listed).await.unwrap();
    blocks::block(app, &By::operator(), "spam.test", "").await.unwrap();
    assert_eq!(names(&known(app).await.unwrap()), ["growers", "Park Friends"]);
    assert!(walks_due(app).await.unwrap().is_empty(), "neither is their list read");
    // One of ours that is blamed for a tie it does not list is not tied by that.
    let blames = [(house.park.actor.uri.clone(), Listed::Umbrella)];
    let walk = Walk { actor: growers, steps: 1, walked: None, problem: None };
    walked(app, &walk, &blames).await.unwrap();
    let seen = known(app).await.unwrap();
    assert!(seen.ties.iter().all(|tie| tie.relation == Relation::TakesPart));
}

#[tokio::test]
async fn budgets_hold() {
    let house = House::new().await;
    let app = &house.app;
    let growers = partner(&house, "growers").await;
    let due = walks_due(app).await.unwrap();
    let many: Vec<(Url, Listed)> = (0..TIES + 50)
        .map(|n| (Url::parse(&format!("https://many.test/{n}")).unwrap(), Listed::WorksWith))
        .collect();
    walked(app, &due[0], &many).await.unwrap();
    let kept = network::sightings(&app.store.rows(), Some(growers.id)).await.unwrap();
    assert_eq!(kept.len(), TIES);
    let doing = app.begin(&By::operator()).await.unwrap();
    for n in 0..40 {
        let mut one = growers.clone();
        one.id = app.id();
        one.uri = Url::parse(&format!("https://many.test/{n}")).unwrap();
        one.host = "many.test".into();
        actors::insert(&doing.tx, &one, None, doing.now).await.unwrap();
        network::walk(&doing.tx, one.id, 2, doing.now).await.unwrap();
    }
    doing.done("forty on one server").await.unwrap();
    assert_eq!(walks_due(app).await.unwrap().len(), PER_HOST, "of one server only a few at once");
}
