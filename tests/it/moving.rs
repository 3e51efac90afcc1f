//! Moving: an association goes to another server. Followers go along, nothing is lost, and old addresses lead on.

use std::io::Cursor;

use axum::http::StatusCode;
use folkmoot_app::{
    By,
    affiliations::{self, Asked, Wish},
    connections,
    moves::{self, Unpacked},
    pledges,
};
use folkmoot_domain::{
    actors::Actor,
    affiliations::{Affiliation, TieState},
    connections::ConnectionState,
    moments::{DAY, MINUTE},
    moves::MoveState,
    pledges::PledgeState,
};
use folkmoot_storage::affiliations as ties;
use folkmoot_tests::{
    associations::{Association, DIG, SPADE},
    database::Database,
    instance::Instance,
    peers::Stranger,
    world::World,
};
use serde_json::json;
use url::Url;

on_both_databases!(
    followers_go_along_and_old_addresses_lead_on,
    who_answers_at_the_old_place_is_told_kindly,
    a_move_is_undone,
    an_association_here_follows_along,
    a_restart_in_the_middle_loses_nothing,
    ties_and_listeners_go_along,
);

const HOSTS: [&str; 3] = ["old.test", "new.test", "third.test"];

pub(super) async fn packed(park: &Association<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let app = &park.instance.app;
    moves::pack(app, &By::operator(), park.actor.id, &mut out, &mut |_, _| {}).await.unwrap();
    out
}

pub(super) async fn unpacked(there: &Instance, archive: &[u8], again: bool) -> Unpacked {
    let mut archive = Cursor::new(archive);
    moves::unpack(&there.app, &By::operator(), &mut archive, None, again, &mut |_, _| Ok(())).await.unwrap()
}

/// The whole way but for telling.
pub(super) async fn points(park: &Association<'_>, there: &Instance) -> (Unpacked, Actor) {
    let brought = unpacked(there, &packed(park).await, false).await;
    let new = park.instance.looks_at(&brought.actor.uri).await;
    moves::point(&park.instance.app, &By::operator(), park.actor.id, &new).await.unwrap();
    (brought, new)
}

pub(super) async fn tells(park: &Association<'_>, new: &Actor, brought: &Unpacked) {
    let (app, by) = (&park.instance.app, By::operator());
    moves::tell(app, &by, park.actor.id, new, &brought.pairs).await.unwrap();
}

/// What a server does that honours a move: it looks at both ends, and its people follow the new one.
async fn honours(ana: &Stranger, new: &Actor) {
    let said = ana.heard("Move").pop().expect("a Move");
    assert_eq!((&said["actor"], &said["target"]), (&said["object"], &json!(new.uri)));
    let old = ana.fetches(&Url::parse(said["object"].as_str().unwrap()).unwrap()).await.json();
    let there = ana.fetches(&new.uri).await.json();
    assert_eq!(old["movedTo"], there["id"]);
    assert_eq!(there["alsoKnownAs"], json!([old["id"]]));
    ana.tells(new, &ana.follow(new)).await;
}

async fn votes(world: &World, ana: &Stranger, poll: &Url, author: &Actor, option: &str) {
    ana.tells(author, &ana.vote(poll, author, option)).await;
    world.pass(2 * MINUTE).await;
}

async fn leads(from: &Instance, path: &Url) -> Url {
    let page = from.page(path).await;
    assert!(page.status.is_redirection(), "{path}: {} {}", page.status, page.text());
    path.join(page.headers["location"].to_str().unwrap()).unwrap()
}

async fn followers_go_along_and_old_addresses_lead_on(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (old, new) = (world.instance("old.test"), world.instance("new.test"));
    let (park, ana) = (old.found("park-friends").await, world.server("mastodon.test").person("ana"));
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    let (call, project) = (park.call("Plant forty trees").await, park.project("A pond").await);
    park.update(project.seen.item.id, "We dug").await;
    world.settle().await;
    votes(&world, &ana, &call.seen.item.uri, &park.actor, DIG).await;
    let given = park.pledges().await.remove(0);
    park.answer(&given, PledgeState::Accepted, "Please come").await;
    world.settle().await;
    let before = ana.received().len();

    let (brought, there) = points(&park, new).await;
    world.settle().await;
    assert_eq!(ana.received().len(), before, "nobody hears of it yet, and nothing is published twice");
    assert_eq!(brought.left, Vec::<String>::new());
    assert_eq!(brought.pairs.len(), 3);

    tells(&park, &there, &brought).await;
    world.settle().await;
    honours(&ana, &brought.actor).await;
    world.settle().await;
    assert_eq!(ana.heard("Accept").len(), 2);
    let status = moves::status(&new.app, brought.actor.id).await.unwrap();
    assert_eq!(status.followers, 1);

    // Pages lead on, and ids still answer.
    assert_eq!(leads(old, &old.at("/@park-friends")).await, brought.actor.uri);
    assert_eq!(leads(new, &brought.actor.uri).await, new.at("/@park-friends"));
    let pair = brought.pairs.iter().find(|pair| pair.old == call.seen.item.uri).unwrap();
    assert_eq!(leads(old, &call.seen.item.page).await, pair.new);
    let page = leads(new, &pair.new).await;
    assert!(new.text_of(&page).await.contains("1 of 2 found"));
    let document = ana.fetches(&call.seen.item.uri).await.json();
    assert_eq!((&document["type"], &document["civ:movedTo"]), (&json!("Question"), &json!(pair.new)));
    let finger = old.at("/.well-known/webfinger?resource=acct:park-friends@old.test");
    assert_eq!(ana.fetches(&finger).await.json()["subject"], "acct:park-friends@old.test");

    // The receipt of before leads to the pledge that is there now.
    let receipt = old.at(&format!("/pledges/{}", given.pledge.receipt));
    let receipt = leads(old, &receipt).await;
    assert!(new.text_of(&receipt).await.contains("They said yes"));
    let taken = pledges::by_receipt(&new.app, &given.pledge.receipt).await.unwrap();
    assert_eq!(taken.pledge.state, PledgeState::Accepted);

    // Organisers are asked in where it lives now.
    world.settle().await;
    assert_eq!(new.letters_to("park-friends@old.test").len(), 1);
}

async fn who_answers_at_the_old_place_is_told_kindly(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (old, new) = (world.instance("old.test"), world.instance("new.test"));
    let (park, ana) = (old.found("park-friends").await, world.server("mastodon.test").person("ana"));
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;
    let (brought, there) = points(&park, new).await;
    tells(&park, &there, &brought).await;
    world.settle().await;

    votes(&world, &ana, &call.seen.item.uri, &park.actor, SPADE).await;
    let letters = ana.letters();
    assert_eq!(letters.len(), 1);
    let pair = &brought.pairs[0];
    let content = letters[0]["content"].as_str().unwrap();
    assert!(content.contains(pair.new.as_str()) && content.contains("lives on another server"), "{content}");
    assert!(park.pledges().await.is_empty());
    ana.tells(&park.actor, &ana.reply(&call.seen.item.uri, &park.actor, "Which spade?")).await;
    world.settle().await;
    assert_eq!(ana.letters().len(), 2, "a reply is answered too, and lies with nobody");
    assert!(park.held().await.is_empty());
    let bob = world.server("gotosocial.test").person("bob");
    bob.tells(&park.actor, &bob.follow(&park.actor)).await;
    world.settle().await;
    assert_eq!(bob.heard("Reject").len(), 1, "nobody begins to follow what has moved");
    // Where it lives now the same person is welcome.
    votes(&world, &ana, &pair.new, &brought.actor, SPADE).await;
    assert_eq!(ana.letters().len(), 3);
    let page = old.page(&old.at(&format!("/calls/{}/help", call.call.id))).await;
    assert_ne!(page.status, StatusCode::OK);
}

async fn a_move_is_undone(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (old, new) = (world.instance("old.test"), world.instance("new.test"));
    let (park, ana) = (old.found("park-friends").await, world.server("mastodon.test").person("ana"));
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;
    let (brought, there) = points(&park, new).await;
    // Undone before anybody was told: nobody hears anything.
    let heard = ana.received().len();
    moves::undo(&old.app, &By::operator(), park.actor.id).await.unwrap();
    world.settle().await;
    assert_eq!(ana.received().len(), heard);

    let again = unpacked(new, &packed(&park).await, true).await;
    assert_eq!(again.pairs, brought.pairs);
    moves::point(&old.app, &By::operator(), park.actor.id, &there).await.unwrap();
    tells(&park, &there, &brought).await;
    world.settle().await;
    let moved = moves::undo(&old.app, &By::operator(), park.actor.id).await.unwrap();
    assert_eq!(moved.state, MoveState::Undone);
    world.settle().await;
    let profile = ana.heard("Update").pop().unwrap();
    assert_eq!(profile["object"]["id"], park.actor.uri.as_str());
    assert!(profile["object"].get("movedTo").is_none());
    assert!(old.text_of(&call.seen.item.page).await.contains("Plant forty trees"));
    assert!(ana.fetches(&call.seen.item.uri).await.json().get("civ:movedTo").is_none());
    park.project("A pond").await;
    world.settle().await;
    assert!(
        ana.heard("Create")
            .iter()
            .any(|create| create["object"]["content"].as_str().unwrap().contains("A pond"))
    );
}

async fn an_association_here_follows_along(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (old, new, third) =
        (world.instance("old.test"), world.instance("new.test"), world.instance("third.test"));
    let park = old.found("park-friends").await;
    // Somebody on the third server is what follows, and moves to the second one in turn.
    let ana = world.server("mastodon.test").person("ana");
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    world.settle().await;
    let (brought, there) = points(&park, new).await;
    tells(&park, &there, &brought).await;
    world.settle().await;
    honours(&ana, &brought.actor).await;
    world.settle().await;

    // From there it moves on to a third server: a chain, each link of it said by whom it concerns.
    let middle = Association { instance: new, actor: brought.actor.clone(), by: By::operator() };
    let (last, there) = points(&middle, third).await;
    assert_eq!(last.actor.profile.also_known_as, std::slice::from_ref(&brought.actor.uri));
    tells(&middle, &there, &last).await;
    world.settle().await;
    assert_eq!(ana.heard("Move").len(), 2);
    honours(&ana, &last.actor).await;
    world.settle().await;
    assert_eq!(leads(old, &old.at("/@park-friends")).await, brought.actor.uri);
    let follows = moves::status(&third.app, last.actor.id).await.unwrap().followers;
    assert_eq!(follows, 1);
}

async fn a_restart_in_the_middle_loses_nothing(database: Database) {
    let mut world = World::new(database, HOSTS).await;
    let (archive, expected) = {
        let park = world.instance("old.test").found("park-friends").await;
        for number in 0..60 {
            park.project(&format!("Idea {number}")).await;
        }
        world.settle().await;
        let archive = packed(&park).await;
        let first = world.instance("new.test");
        let mut breaks = |_, _| Err(folkmoot_app::Error::Broken("the power went".into()));
        let mut reading = Cursor::new(&archive);
        let broken = moves::unpack(&first.app, &By::operator(), &mut reading, None, false, &mut breaks).await;
        assert!(broken.is_err());
        world.settle().await;
        (archive, 60)
    };
    world.restart("new.test").await;
    let there = world.instance("new.test");
    let brought = unpacked(there, &archive, true).await;
    assert_eq!(brought.pairs.len(), expected);
    let count = there.look("SELECT CAST(COUNT(*) AS TEXT) FROM items").await;
    assert_eq!(count, ["60"]);
    world.settle().await;
}

async fn tie(one: &Association<'_>, other: &Actor) -> Option<Affiliation> {
    let other = one.instance.knows(other).await;
    ties::between(&one.instance.app.store.rows(), one.actor.id, other.id).await.unwrap().pop()
}

async fn ties_and_listeners_go_along(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (new, third) = (world.instance("new.test"), world.instance("third.test"));
    let park = world.instance("old.test").found("park-friends").await;
    let mill = third.found("mill").await;
    let with = third.knows(&park.actor).await.id;
    let asked = Asked { side: mill.actor.id, with, wish: Wish::Partner, mandate: "Trees for all".to_owned() };
    affiliations::propose(&third.app, &mill.by, &asked).await.unwrap();
    connections::connect(&third.app, &mill.by, mill.actor.id, with).await.unwrap();
    world.settle().await;
    let proposed = tie(&park, &mill.actor).await.unwrap();
    affiliations::answer(&park.instance.app, &park.by, proposed.id, true).await.unwrap();
    world.settle().await;
    assert!(tie(&mill, &park.actor).await.unwrap().counts());

    let (brought, there) = points(&park, new).await;
    world.settle().await;
    assert!(tie(&mill, &park.actor).await.unwrap().counts(), "nothing has changed yet");
    tells(&park, &there, &brought).await;
    world.settle().await;
    world.pass(2 * DAY).await;

    let here = tie(&mill, &brought.actor).await.expect("the tie leads to the new one");
    assert!(here.state == TieState::Accepted && here.counts(), "{here:?}");
    let moved = Association { instance: new, actor: brought.actor.clone(), by: By::operator() };
    let there = tie(&moved, &mill.actor).await.expect("and it came along");
    assert!(there.state == TieState::Accepted && there.counts(), "{there:?}");
    let heard = connections::list(&third.app, &mill.by, mill.actor.id).await.unwrap();
    let heard: Vec<_> = heard.iter().map(|one| (one.target.uri.clone(), one.connection.state)).collect();
    assert!(heard.contains(&(brought.actor.uri.clone(), ConnectionState::Connected)), "{heard:?}");
    assert!(heard.iter().all(|(uri, _)| *uri != park.actor.uri), "{heard:?}");
    // What it publishes there arrives.
    moved.project("A pond").await;
    world.settle().await;
    let arrived = third.look("SELECT title FROM items").await;
    assert!(arrived.contains(&"A pond".to_owned()), "{arrived:?}");
}
