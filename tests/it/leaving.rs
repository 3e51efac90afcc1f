//! Whoever is gone leaves nothing behind, and whoever is blocked is neither heard nor told anything.

use folkmoot_app::{By, associations, blocks};
use folkmoot_domain::{
    moments::{HOUR, MINUTE},
    pledges::PledgeState,
    replies::ReplyState,
};
use folkmoot_tests::{
    associations::DIG,
    database::Database,
    peers::{Mood, Page},
    world::World,
};

on_both_databases!(
    whoever_deletes_their_account_leaves_nothing,
    a_blocked_server_is_not_heard,
    a_blocked_server_is_told_nothing,
    an_inbox_that_is_gone_loses_its_follower,
    an_association_says_farewell,
);

async fn whoever_deletes_their_account_leaves_nothing(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, mastodon) = (world.home().found("park-friends").await, world.server("mastodon.test"));
    let ana = mastodon.person("ana");
    let call = park.call("Plant forty trees").await;
    let item = &call.seen.item;
    let said = [
        ana.follow(&park.actor),
        ana.vote(&item.uri, &park.actor, DIG),
        ana.like(&item.uri),
        ana.boost(&item.uri),
        ana.reply(&item.uri, &park.actor, "Count me in"),
    ];
    for one in &said {
        ana.tells(&park.actor, one).await;
    }
    world.pass(HOUR).await;
    park.judge(&park.held().await[0], ReplyState::Approved).await;
    park.answer(&park.pledges().await[0], PledgeState::Accepted, "").await;
    world.pass(2 * HOUR).await;

    let goodbye = ana.delete_self();
    mastodon.serves("/users/ana", Page::status(410));
    ana.tells(&park.actor, &goodbye).await;
    world.pass(2 * HOUR).await;

    let seen = park.see(item.id).await;
    assert_eq!((seen.seen.likes, seen.seen.boosts, seen.seen.reply_count), (0, 0, 0));
    assert_eq!(seen.needs[0].taken, 0);
    assert_eq!(park.pledges().await[0].pledge.state, PledgeState::Withdrawn);
    assert!(!park.instance.text_of(&item.page).await.contains("Count me in"));
    let heard = ana.received().len();
    park.project("A pond").await;
    park.edit(item.id, "Plant fifty trees", "").await;
    world.pass(MINUTE).await;
    assert_eq!(ana.received().len(), heard, "nothing is sent to whoever is gone");
}

async fn a_blocked_server_is_not_heard(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let item = park.project("A pond").await.seen.item;
    let (ana, sub) = (world.server("spam.test").person("ana"), world.server("x.spam.test").person("ben"));
    world.settle().await;
    blocks::block(&park.instance.app, &By::operator(), "spam.test", "Spam").await.unwrap();
    let before = park.instance.tables().await;

    for eve in [&ana, &sub] {
        let answer = eve.posts(&park.actor.inbox, &eve.reply(&item.uri, &park.actor, "Buy!")).await;
        assert_eq!(answer.status, 403);
    }
    world.settle().await;

    assert_eq!(before.changes(&park.instance.tables().await), Vec::<String>::new());
    assert!(world.network.asked_by("hyde.test").is_empty(), "not even its key is asked for");
}

async fn a_blocked_server_is_told_nothing(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let (ana, ben) = (world.server("spam.test").person("ana"), world.server("mastodon.test").person("ben"));
    for stranger in [&ana, &ben] {
        stranger.tells(&park.actor, &stranger.follow(&park.actor)).await;
    }
    world.settle().await;

    // What is queued already does not go out either.
    park.project("A pond").await;
    blocks::block(&park.instance.app, &By::operator(), "spam.test", "Spam").await.unwrap();
    park.project("A bridge").await;
    world.pass(HOUR).await;

    assert_eq!((ana.heard("Create").len(), ben.heard("Create").len()), (0, 2));

    blocks::unblock(&park.instance.app, &By::operator(), "spam.test").await.unwrap();
    park.project("A swing").await;
    world.settle().await;
    assert_eq!(ana.heard("Create").len(), 1, "a block can be lifted, and what was missed is missed");
}

async fn an_inbox_that_is_gone_loses_its_follower(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let (snac, mastodon) = (world.small_server("snac.test"), world.server("mastodon.test"));
    for stranger in [snac.person("ana"), mastodon.person("ben")] {
        stranger.tells(&park.actor, &stranger.follow(&park.actor)).await;
    }
    world.settle().await;

    for server in [&snac, &mastodon] {
        server.is(Mood::Answers(410));
    }
    park.project("A pond").await;
    world.settle().await;

    let followers =
        park.instance.look("SELECT a.host FROM followers f JOIN actors a ON a.id = f.follower_id").await;
    assert_eq!(followers, ["mastodon.test"], "a shared inbox speaks for nobody in particular");
}

async fn an_association_says_farewell(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    world.settle().await;

    associations::close(&park.instance.app, &park.by, park.actor.id, "It was a good time.").await.unwrap();
    world.settle().await;

    let farewell = ana.heard("Create").pop().unwrap()["object"].clone();
    assert!(farewell["content"].as_str().unwrap().contains("It was a good time."));
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    world.settle().await;
    assert_eq!(ana.heard("Reject").len(), 1, "who is closed cannot be followed any more");
}
