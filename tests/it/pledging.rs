//! Somebody elsewhere ticks an option of a poll, and that is a pledge: the organisers see it, answer it, and whoever
//! gave it has a receipt with a way back.

use folkmoot_domain::{
    calls::CallState,
    moments::{HOUR, MINUTE},
    pledges::PledgeState,
};
use folkmoot_tests::{
    associations::{Association, DIG, SPADE},
    database::Database,
    peers::Stranger,
    world::World,
};
use serde_json::{Value, json};
use url::Url;

on_both_databases!(
    one_tick_is_a_pledge_with_a_receipt,
    two_ticks_within_a_minute_are_one_pledge_and_one_receipt,
    the_same_tick_again_changes_nothing,
    what_is_taken_back_within_the_minute_is_not_thanked_for,
    the_organisers_answer_and_the_giver_hears_of_it,
    a_no_is_said_kindly,
    the_receipt_is_the_way_back,
    who_took_a_pledge_back_can_offer_again,
    tallies_go_to_voters_and_not_too_often,
    how_far_we_are_is_told_at_most_hourly,
    a_word_that_is_no_option_is_a_message,
    a_vote_is_nobody_elses_business,
);

async fn votes(ana: &Stranger, park: &Association<'_>, call: &Url, option: &str) {
    ana.tells(&park.actor, &ana.vote(call, &park.actor, option)).await;
}

/// The link of a receipt.
fn link(letter: &Value) -> Url {
    let content = letter["content"].as_str().unwrap();
    let start = content.find("https://hyde.test/pledges/").expect("a receipt has a link");
    let link = content[start..].split(['"', '<']).next().unwrap();
    Url::parse(link).unwrap()
}

fn text(letter: &Value) -> &str {
    letter["content"].as_str().unwrap()
}

async fn one_tick_is_a_pledge_with_a_receipt(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    world.settle().await;

    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.settle().await;
    let pledges = park.pledges().await;
    assert_eq!(pledges.len(), 1);
    assert_eq!(pledges[0].giver.uri.as_str(), ana.id);
    assert_eq!(pledges[0].pledge.state, PledgeState::Offered);
    assert_eq!(pledges[0].labels, [DIG]);
    assert!(ana.letters().is_empty(), "more ticks may come");

    world.pass(MINUTE).await;
    let letters = ana.letters();
    assert_eq!(letters.len(), 1);
    let receipt = &letters[0];
    assert_eq!(receipt["attributedTo"], park.actor.uri.as_str());
    assert_eq!(receipt["tag"][0]["type"], "Mention");
    assert_eq!(receipt["tag"][0]["href"], ana.id.as_str(), "without a Mention nobody tells her");
    assert_eq!(receipt["inReplyTo"], call.seen.item.uri.as_str());
    assert!(text(receipt).contains("Plant forty trees") && text(receipt).contains(DIG));
    let page = park.instance.text_of(&link(receipt)).await;
    assert!(page.contains("You offered to help") && page.contains(DIG));
}

async fn two_ticks_within_a_minute_are_one_pledge_and_one_receipt(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    world.settle().await;

    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.pass(MINUTE / 2).await;
    votes(&ana, &park, &call.seen.item.uri, SPADE).await;
    world.pass(5 * MINUTE).await;

    let pledges = park.pledges().await;
    assert_eq!(pledges.len(), 1);
    assert_eq!(pledges[0].labels, [DIG, SPADE]);
    let letters = ana.letters();
    assert_eq!(letters.len(), 1);
    assert!(text(&letters[0]).contains(DIG) && text(&letters[0]).contains(SPADE));
    let seen = park.see(call.seen.item.id).await;
    assert_eq!(seen.voters, 1);
    assert_eq!(
        seen.needs.iter().map(|need| (need.votes, need.offered)).collect::<Vec<_>>(),
        [(1, 1), (1, 1)]
    );
}

async fn the_same_tick_again_changes_nothing(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.pass(HOUR).await;
    let (before, heard) = (park.see(call.seen.item.id).await, ana.received().len());
    let apart = |tables: folkmoot_tests::tables::Tables| tables.without_traces();
    let stored = apart(park.instance.tables().await);

    // Once with another id, once with the very same words.
    let vote = ana.vote(&call.seen.item.uri, &park.actor, DIG);
    ana.tells(&park.actor, &vote).await;
    world.settle().await;
    ana.tells(&park.actor, &vote).await;
    world.pass(HOUR).await;

    assert_eq!(park.see(call.seen.item.id).await, before);
    assert_eq!(stored.changes(&apart(park.instance.tables().await)), Vec::<String>::new());
    assert_eq!(ana.received().len(), heard);
}

async fn what_is_taken_back_within_the_minute_is_not_thanked_for(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.settle().await;

    let pledge = park.pledges().await.remove(0);
    folkmoot_app::pledges::withdraw(&park.instance.app, &pledge.pledge.receipt).await.unwrap();
    world.pass(HOUR).await;

    assert_eq!(ana.letters(), Vec::<Value>::new());
}

async fn the_organisers_answer_and_the_giver_hears_of_it(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.pass(2 * MINUTE).await;
    let pledge = park.pledges().await.remove(0);

    park.answer(&pledge, PledgeState::Accepted, "Saturday at ten, by the bandstand.").await;
    world.settle().await;
    park.answer(&pledge, PledgeState::Kept, "").await;
    world.settle().await;

    let letters = ana.letters();
    assert_eq!(letters.len(), 3, "receipt, yes, thanks");
    assert!(text(&letters[1]).contains("glad of your help") && text(&letters[1]).contains("Saturday at ten"));
    assert!(text(&letters[2]).contains("You did what you offered"));
    let seen = park.see(call.seen.item.id).await;
    assert_eq!((seen.needs[0].offered, seen.needs[0].taken), (0, 1));
    assert!(park.instance.text_of(&link(&letters[0])).await.contains("You helped"));
    world.pass(HOUR).await;
}

async fn a_no_is_said_kindly(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, SPADE).await;
    world.pass(2 * MINUTE).await;

    park.answer(&park.pledges().await[0], PledgeState::Declined, "We have spades enough.").await;
    world.settle().await;

    let letter = ana.letters().pop().unwrap();
    assert!(
        text(&letter).contains("Thank you for offering") && text(&letter).contains("We have spades enough.")
    );
    let seen = park.see(call.seen.item.id).await;
    assert_eq!((seen.needs[1].votes, seen.needs[1].offered, seen.needs[1].taken), (1, 0, 0));
}

async fn the_receipt_is_the_way_back(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.pass(2 * MINUTE).await;
    let receipt = link(&ana.letters()[0]);

    // Servers fetch links to show a preview: nothing may come of that.
    for _ in 0..3 {
        ana.fetches(&receipt).await;
        park.instance.page(&receipt).await;
    }
    assert_eq!(park.pledges().await[0].pledge.state, PledgeState::Offered);

    let button = Url::parse(&format!("{receipt}/withdraw")).unwrap();
    for _ in 0..2 {
        let answer = park.instance.submit(&button, "").await;
        assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.text());
    }
    assert_eq!(park.pledges().await[0].pledge.state, PledgeState::Withdrawn);
    assert!(park.instance.text_of(&receipt).await.contains("You took it back"));
    let seen = park.see(call.seen.item.id).await;
    assert_eq!(
        (seen.needs[0].votes, seen.needs[0].offered),
        (1, 0),
        "nobody can un-vote; the offer is gone all the same"
    );
    let another = park.instance.at("/pledges/AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(park.instance.page(&another).await.status, 404);
}

async fn who_took_a_pledge_back_can_offer_again(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.pass(2 * MINUTE).await;
    let pledge = park.pledges().await.remove(0);
    folkmoot_app::pledges::withdraw(&park.instance.app, &pledge.pledge.receipt).await.unwrap();

    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.pass(2 * MINUTE).await;

    let pledges = park.pledges().await;
    assert_eq!(pledges.len(), 1);
    assert_eq!(pledges[0].pledge.state, PledgeState::Offered);
    let seen = park.see(call.seen.item.id).await;
    assert_eq!((seen.voters, seen.needs[0].votes, seen.needs[0].offered), (1, 1, 1));
    assert_eq!(ana.letters().len(), 2, "each offer has its receipt");
}

async fn tallies_go_to_voters_and_not_too_often(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let (voter, second) =
        (world.server("mastodon.test").person("ana"), world.server("akkoma.test").person("ben"));
    let (third, reader) = (world.server("snac.test").person("cleo"), world.server("gts.test").person("dan"));
    reader.tells(&park.actor, &reader.follow(&park.actor)).await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;
    let began = world.now();

    votes(&voter, &park, &call.seen.item.uri, DIG).await;
    world.pass(2 * MINUTE).await;
    votes(&second, &park, &call.seen.item.uri, DIG).await;
    world.pass(2 * MINUTE).await;
    votes(&third, &park, &call.seen.item.uri, SPADE).await;
    world.pass(HOUR).await;

    let received: Vec<_> = voter.received().into_iter().filter(|one| one.body["type"] == "Update").collect();
    let tallies: Vec<_> = received
        .iter()
        .map(|one| {
            let question = &one.body["object"];
            assert!(question.get("updated").is_none(), "a tally is no edit");
            let counts = question["anyOf"]
                .as_array()
                .unwrap()
                .iter()
                .map(|option| option["replies"]["totalItems"].as_i64().unwrap());
            (
                (one.at - began.0) / MINUTE,
                question["votersCount"].as_i64().unwrap(),
                counts.collect::<Vec<_>>(),
            )
        })
        .collect();
    assert_eq!(tallies, [(1, 1, vec![1, 0]), (16, 3, vec![2, 1])]);
    assert!(reader.heard("Update").is_empty(), "servers without a voter show no tally");
}

async fn how_far_we_are_is_told_at_most_hourly(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let reader = world.server("gts.test").person("dan");
    reader.tells(&park.actor, &reader.follow(&park.actor)).await;
    let helpers = [world.server("mastodon.test").person("ana"), world.server("akkoma.test").person("ben")];
    let call = park.call("Plant forty trees").await;
    for helper in &helpers {
        votes(helper, &park, &call.seen.item.uri, DIG).await;
    }
    world.pass(2 * MINUTE).await;
    let began = world.now();

    for pledge in park.pledges().await {
        park.answer(&pledge, PledgeState::Accepted, "").await;
        world.pass(5 * MINUTE).await;
    }
    world.pass(3 * HOUR).await;

    let told: Vec<_> = reader
        .received()
        .into_iter()
        .filter(|one| one.body["type"] == "Update")
        .map(|one| {
            let question = one.body["object"].clone();
            assert!(question.get("updated").is_some(), "the words changed");
            let far =
                ["0 of 2", "1 of 2", "2 of 2"].into_iter().find(|far| text(&question).contains(far)).unwrap();
            ((one.at - began.0) / MINUTE, far, question["civ:state"].clone())
        })
        .collect();
    assert_eq!(told, [(1, "1 of 2", json!("open")), (61, "2 of 2", json!("filled"))]);
    assert_eq!(park.see(call.seen.item.id).await.call.state, CallState::Filled);
}

async fn a_word_that_is_no_option_is_a_message(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;

    let mut vote = ana.vote(&call.seen.item.uri, &park.actor, "I can fly");
    ana.tells(&park.actor, &vote).await;
    vote["id"] = json!(format!("{}/2", ana.id));
    vote["object"]["id"] = json!(format!("{}/statuses/2", ana.id));
    vote["object"]["content"] = json!("<p>I can lend a cart</p>");
    ana.tells(&park.actor, &vote).await;
    world.pass(HOUR).await;

    assert!(park.pledges().await.is_empty());
    let held = park.held().await;
    assert_eq!(held.len(), 1, "what says something is kept for the organisers");
    assert!(held[0].reply.direct && held[0].reply.html.contains("I can lend a cart"));
}

async fn a_vote_is_nobody_elses_business(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let (ana, ben) = (world.server("mastodon.test").person("ana"), world.server("akkoma.test").person("ben"));
    ben.tells(&park.actor, &ben.follow(&park.actor)).await;
    let call = park.call("Plant forty trees").await;
    votes(&ana, &park, &call.seen.item.uri, DIG).await;
    world.pass(HOUR).await;
    park.answer(&park.pledges().await[0], PledgeState::Accepted, "").await;
    world.pass(2 * HOUR).await;

    for one in ben.received() {
        let said = one.body.to_string();
        assert!(!said.contains("mastodon.test"), "{said}");
    }
    for page in [&call.seen.item.page, &park.actor.page] {
        assert!(!park.instance.text_of(page).await.contains("mastodon.test"));
    }
    let outbox =
        ana.fetches(&park.instance.at(&format!("{}/outbox?page=1", park.actor.uri.path()))).await.text();
    assert!(!outbox.contains("mastodon.test"), "{outbox}");
}
