//! Taking up each other's projects: a role offered, answered and ended across instances, an idea that is started elsewhere,
//! and what is then known of who works with whom.

use folkmoot_app::{By, adoptions, calls, network, partnerships, projects, projects::ProjectDraft};
use folkmoot_domain::{
    ItemId,
    adoptions::AdoptionState,
    calls::{CallDraft, HelpKind},
    moments::{DAY, HOUR},
    network::{Network, Relation},
    partnerships::{PartnershipSeen, PartnershipState},
    projects::ProjectSeen,
};
use folkmoot_storage::{items, projects as project_rows};
use folkmoot_tests::{
    associations::{Association, words},
    database::Database,
    world::World,
};
use serde_json::json;
use url::Url;

on_both_databases!(
    a_partner_elsewhere_takes_part_and_publishes_under_the_project,
    a_no_is_heard_and_either_side_ends_it,
    an_outsider_makes_no_partnership,
    an_idea_travels_and_its_outcome_comes_home,
    the_network_is_walked_and_survives_an_alliance_that_vanishes,
);

/// The project as it is kept at the instance of this association.
async fn kept(at: &Association<'_>, uri: &Url) -> ItemId {
    let found = items::by_uri(&at.instance.app.store.rows(), uri.as_str()).await.unwrap();
    found.expect("the project is kept there").id
}

async fn ties(of: &Association<'_>) -> Vec<PartnershipSeen> {
    partnerships::of(&of.instance.app, &of.by, of.actor.id).await.unwrap()
}

async fn state(of: &Association<'_>) -> Option<PartnershipState> {
    ties(of).await.first().map(|seen| seen.partnership.state)
}

/// Growers hear of a project of the park, and offer to be its host.
async fn offered(world: &World) -> (Association<'_>, Association<'_>, ProjectSeen) {
    let park = world.instance("hyde.test").found("park-friends").await;
    let growers = world.instance("kirkstall.test").found("growers").await;
    growers.connects(&park.actor).await;
    world.settle().await;
    let project = park.project("Street breakfast").await;
    world.settle().await;
    let here = kept(&growers, &project.seen.item.uri).await;
    let app = &growers.instance.app;
    partnerships::offer(app, &growers.by, growers.actor.id, here, "host", "We have a yard.").await.unwrap();
    world.settle().await;
    (park, growers, project)
}

async fn answer(park: &Association<'_>, yes: bool) {
    let id = ties(park).await[0].partnership.id;
    partnerships::answer(&park.instance.app, &park.by, id, yes, "Wonderful.").await.unwrap();
}

async fn a_partner_elsewhere_takes_part_and_publishes_under_the_project(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkstall.test"]).await;
    let (park, growers, project) = Box::pin(offered(&world)).await;
    assert_eq!(state(&park).await, Some(PartnershipState::Offered));
    assert_eq!(ties(&park).await[0].partnership.words, "We have a yard.");
    answer(&park, true).await;
    world.settle().await;
    assert_eq!(state(&growers).await, Some(PartnershipState::Accepted));
    assert_eq!(ties(&growers).await[0].partnership.answer, "Wonderful.");

    // Both pages say so.
    let page = park.instance.text_of(&project.seen.item.page).await;
    assert!(page.contains("Together with"), "{page}");
    assert!(growers.instance.text_of(&growers.actor.page).await.contains("Takes part in"));

    // A call of the partner belongs to the project, and its home hears it although it listens to nobody.
    let here = kept(&growers, &project.seen.item.uri).await;
    let draft = CallDraft {
        project: Some(here),
        why: "Forty guests".to_owned(),
        closes: world.now().plus(DAY),
        one_tap: true,
        needs: vec![(HelpKind::Thing, "I can bring a chair".to_owned(), Some(4))],
    };
    let app = &growers.instance.app;
    calls::publish(app, &growers.by, growers.actor.id, words("Bring chairs"), draft).await.unwrap();
    world.settle().await;
    assert!(park.instance.text_of(&project.seen.item.page).await.contains("Bring chairs"));

    let id = ties(&growers).await[0].partnership.id;
    partnerships::end(app, &growers.by, id).await.unwrap();
    world.settle().await;
    assert_eq!(state(&park).await, Some(PartnershipState::Ended));
    let page = park.instance.text_of(&project.seen.item.page).await;
    assert!(!page.contains("Together with") && !page.contains("Bring chairs"));
}

async fn a_no_is_heard_and_either_side_ends_it(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkstall.test"]).await;
    let (park, growers, project) = Box::pin(offered(&world)).await;
    answer(&park, false).await;
    world.settle().await;
    assert_eq!(state(&growers).await, Some(PartnershipState::Declined));
    // Another offer is another beginning, and this time the home ends it later.
    let here = kept(&growers, &project.seen.item.uri).await;
    let app = &growers.instance.app;
    world.pass(HOUR).await;
    partnerships::offer(app, &growers.by, growers.actor.id, here, "venue", "").await.unwrap();
    world.settle().await;
    assert_eq!(state(&park).await, Some(PartnershipState::Offered));
    answer(&park, true).await;
    world.settle().await;
    assert_eq!(state(&growers).await, Some(PartnershipState::Accepted));
    partnerships::end(&park.instance.app, &park.by, ties(&park).await[0].partnership.id).await.unwrap();
    world.settle().await;
    assert_eq!(state(&growers).await, Some(PartnershipState::Ended));
    assert_eq!(state(&park).await, Some(PartnershipState::Ended));
}

async fn an_outsider_makes_no_partnership(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkstall.test"]).await;
    let (park, growers, project) = Box::pin(offered(&world)).await;
    let mallory = world.server("mastodon.test").person("mallory");
    let known = ties(&park).await[0].partnership.clone();
    let tie = |id: &str, subject: &str| {
        json!({
            "id": id, "type": "Relationship", "subject": subject, "name": "host",
            "relationship": "https://w3id.org/folkmoot/ns#partnerIn", "object": project.seen.item.uri,
        })
    };
    // She offers for the growers, says yes to their offer, takes it back, and offers as a person.
    let for_others =
        mallory.activity("Offer", tie(&format!("{}/ties/1", mallory.id), growers.actor.uri.as_str()));
    mallory.tells(&park.actor, &for_others).await;
    let offer = json!({"id": known.offer, "type": "Offer", "actor": growers.actor.uri, "object": known.uri});
    mallory.tells(&growers.actor, &mallory.activity("Accept", offer.clone())).await;
    mallory.tells(&park.actor, &mallory.activity("Accept", offer)).await;
    let herself = mallory.activity("Offer", tie(&format!("{}/ties/2", mallory.id), &mallory.id));
    mallory.tells(&park.actor, &herself).await;
    world.settle().await;
    assert_eq!(ties(&park).await.len(), 1);
    assert_eq!(state(&park).await, Some(PartnershipState::Offered));
    assert_eq!(state(&growers).await, Some(PartnershipState::Offered));
    assert!(!park.instance.text_of(&project.seen.item.page).await.contains("Together with"));
}

async fn an_idea_travels_and_its_outcome_comes_home(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkstall.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let growers = world.instance("kirkstall.test").found("growers").await;
    growers.connects(&park.actor).await;
    world.settle().await;
    let idea = park.project("Street breakfast").await;
    world.settle().await;

    let parent = kept(&growers, &idea.seen.item.uri).await;
    let draft = ProjectDraft { words: words("Breakfast in Kirkstall"), need: String::new(), active: true };
    let app = &growers.instance.app;
    let child = adoptions::start(app, &growers.by, growers.actor.id, draft, parent).await.unwrap();
    world.settle().await;
    let waiting = adoptions::of(&park.instance.app, &park.by, park.actor.id).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].state), (1, AdoptionState::Told));
    adoptions::judge(&park.instance.app, &park.by, waiting[0].child.item.unwrap(), true).await.unwrap();
    projects::finish(app, &growers.by, child.seen.item.id, "Sixty came.").await.unwrap();
    world.settle().await;

    let origin = park.instance.text_of(&idea.seen.item.page).await;
    assert!(origin.contains("Breakfast in Kirkstall") && origin.contains("Sixty came."), "{origin}");
    let adopter = growers.instance.text_of(&child.seen.item.page).await;
    assert!(adopter.contains("Whose idea it was") && adopter.contains("Street breakfast"));
    // The credit outlives the idea.
    park.delete(idea.seen.item.id).await;
    world.settle().await;
    let child = project_rows::seen(&app.store.rows(), child.seen.item.id).await.unwrap().unwrap();
    assert!(child.credit.unwrap().words.starts_with("Street breakfast, by"));
    assert!(growers.instance.text_of(&child.seen.item.page).await.contains("Street breakfast"));
}

async fn known(at: &Association<'_>) -> Network {
    network::known(&at.instance.app).await.unwrap()
}

async fn the_network_is_walked_and_survives_an_alliance_that_vanishes(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkstall.test", "leeds.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let growers = world.instance("kirkstall.test").found("growers").await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    for member in [&park, &growers] {
        alliance.invites(&member.actor).await;
        world.settle().await;
        member.agrees_with(&alliance.actor).await;
        world.settle().await;
    }
    world.pass(DAY + HOUR).await;
    let seen = known(&park).await;
    let members =
        seen.ties.iter().filter(|tie| tie.relation == Relation::Member && tie.is_confirmed()).count();
    assert_eq!(members, 2, "the other member is known from the alliance's list: {:?}", seen.ties);
    let page = park.instance.text_of(&Url::parse("https://hyde.test/network").unwrap()).await;
    assert!(page.contains(&growers.actor.address()), "{page}");

    world.network.cut("leeds.test");
    world.pass(2 * DAY).await;
    let mine = network::alliances_of(&park.instance.app, &[park.actor.id]).await.unwrap();
    assert_eq!(mine.len(), 1);
    assert!(mine[0].problem.is_some());
    let founding = mine[0].founding();
    assert!(founding.starts_with("/desk/alliances/new?members="), "{founding}");
    for member in [&park, &growers] {
        let address = member.actor.address().replace('@', "%40");
        assert!(founding.contains(&address), "{address} in {founding}");
    }
    let _ = By::operator();
}
