//! What holds for those who hear of something from somebody else than its home: they hear of its end, they are told who
//! passed it on, what is private stays private, and nobody's word but its home's takes it away.

use folkmoot_app::{connections, remote, rules, streams};
use folkmoot_domain::{
    carries::CarryState,
    streams::{NounSeen, StreamAsked, StreamEntry},
};
use folkmoot_storage::{carries as rows, items};
use folkmoot_tests::{associations::Association, database::Database, peers::Stranger, world::World};
use serde_json::json;
use url::Url;

on_both_databases!(
    who_carried_with_a_reason_hears_of_the_end,
    a_quote_that_was_said_before_we_asked_is_a_carry,
    news_for_followers_alone_stays_theirs,
    a_stranger_does_not_make_a_private_post_vanish,
    a_rule_about_somebody_who_cannot_be_heard_is_none,
);

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

async fn stream(seeker: &Association<'_>) -> Vec<StreamEntry> {
    let asked = StreamAsked { seekers: vec![seeker.actor.id], limit: 50, ..StreamAsked::default() };
    streams::read(&seeker.instance.app, &seeker.by, &asked).await.unwrap().entries
}

/// Ana is listened to, and has said yes.
async fn listens_to(world: &World, park: &Association<'_>, ana: &Stranger) {
    let app = &park.instance.app;
    let target = remote::find(app, "@ana@mastodon.test").await.unwrap().id;
    connections::connect(app, &park.by, park.actor.id, target).await.unwrap();
    world.settle().await;
    let asked = ana.heard("Follow").pop().expect("we ask before we listen");
    ana.tells(&park.actor, &ana.activity("Accept", asked)).await;
    world.settle().await;
}

async fn who_carried_with_a_reason_hears_of_the_end(database: Database) {
    let world = World::new(database, ["hyde.test", "moot.test"]).await;
    let (park, moor) =
        (world.instance("hyde.test").found("park").await, world.instance("moot.test").found("moor").await);
    park.connects(&moor.actor).await;
    world.settle().await;
    let (swim, walk) = (moor.event("A swim").await.seen.item, moor.event("A walk").await.seen.item);
    world.settle().await;
    for item in [&swim, &walk] {
        park.carries(&item.uri, "Come with us").await;
    }
    // It follows them no more; what it passed on it passes on still.
    park.disconnects(&moor.actor).await;
    world.settle().await;
    assert!(park.is_carrying(&swim.uri).await && park.is_carrying(&walk.uri).await);

    moor.delete(swim.id).await;
    moor.lets_be_carried(&walk.uri, false).await;
    world.settle().await;

    let store = park.instance.app.store.rows();
    for item in [&swim, &walk] {
        let kept = items::by_uri(&store, item.uri.as_str()).await.unwrap().unwrap();
        let carry = rows::of(&store, park.actor.id, kept.id).await.unwrap().unwrap();
        assert_eq!(carry.state, CarryState::Ended, "{}", item.title);
        assert!(items::seen(&store, kept.id).await.unwrap().is_none(), "it hangs on no board any more");
    }
}

async fn a_quote_that_was_said_before_we_asked_is_a_carry(database: Database) {
    let world = World::new(database, ["hyde.test", "moot.test", "late.test"]).await;
    let (park, moor) =
        (world.instance("hyde.test").found("park").await, world.instance("moot.test").found("moor").await);
    let late = world.instance("late.test").found("late").await;
    park.connects(&moor.actor).await;
    world.settle().await;
    let swim = moor.event("A swim").await.seen.item;
    world.settle().await;
    park.carries(&swim.uri, "Come with us").await;
    world.settle().await;

    late.connects(&park.actor).await;
    world.settle().await;

    let entries = stream(&late).await;
    let swims: Vec<_> = entries.iter().filter(|entry| entry.noun.seen().item.uri == swim.uri).collect();
    assert_eq!(swims.len(), 1, "{entries:#?}");
    assert_eq!(swims[0].noun.seen().home.uri, moor.actor.uri, "the origin stands first");
    assert_eq!(swims[0].via.iter().map(|via| &via.uri).collect::<Vec<_>>(), [&park.actor.uri]);
    let mut news = entries.iter().filter(|entry| matches!(entry.noun, NounSeen::Update(_)));
    assert!(news.all(|entry| !entry.noun.seen().item.text.html.contains("Come with us")));
}

async fn news_for_followers_alone_stays_theirs(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park").await;
    let ana = world.server("mastodon.test").person("ana");
    listens_to(&world, &park, &ana).await;
    let post = ana.create(ana.note(None, &park.actor, "We have found a pond", &[PUBLIC]));
    ana.tells(&park.actor, &post).await;
    world.settle().await;
    let uri = Url::parse(post["object"]["id"].as_str().unwrap()).unwrap();
    park.carries(&uri, "").await;
    world.settle().await;

    let followers = format!("{}/followers", ana.id);
    let secret = ana.create(ana.note(Some(&uri), &park.actor, "The key is under the mat", &[&followers]));
    ana.tells(&park.actor, &secret).await;
    world.settle().await;

    let store = park.instance.app.store.rows();
    let kept = items::by_uri(&store, secret["object"]["id"].as_str().unwrap()).await.unwrap().unwrap();
    assert!(items::seen(&store, kept.id).await.unwrap().is_none());
    let page = park.instance.page(&park.instance.at(&format!("/updates/{}", kept.id))).await;
    assert_eq!(page.status, 404);
    let carried = items::by_uri(&store, uri.as_str()).await.unwrap().unwrap();
    let page = park.instance.text_of(&park.instance.at(&format!("/updates/{}", carried.id))).await;
    assert!(!page.contains("under the mat"), "{page}");
}

async fn a_stranger_does_not_make_a_private_post_vanish(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park").await;
    let ana = world.server("mastodon.test").person("ana");
    let eve = world.server("evil.test").person("eve");
    listens_to(&world, &park, &ana).await;
    let followers = format!("{}/followers", ana.id);
    let mut told = Vec::new();
    for (text, to) in [("For you alone", followers.as_str()), ("For all", PUBLIC)] {
        let post = ana.create(ana.note(None, &park.actor, text, &[to]));
        ana.tells(&park.actor, &post).await;
        told.push(post["object"]["id"].as_str().unwrap().to_owned());
    }
    world.settle().await;

    // Neither stands at its home for us to fetch, and a stranger tells us to look.
    for uri in &told {
        let inner = json!({"id": format!("{uri}/delete"), "type": "Delete", "actor": ana.id, "object": uri});
        eve.tells(&park.actor, &eve.activity("Announce", inner)).await;
    }
    world.settle().await;

    let store = park.instance.app.store.rows();
    let private = items::by_uri(&store, &told[0]).await.unwrap().unwrap();
    assert!(private.deleted.is_none(), "who may not see it is told that there is none");
    let public = items::by_uri(&store, &told[1]).await.unwrap().unwrap();
    assert!(public.deleted.is_some(), "its home says so");
}

async fn a_rule_about_somebody_who_cannot_be_heard_is_none(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park").await;
    let dale = world.home().found("dale").await;
    let app = &park.instance.app;
    folkmoot_app::associations::close(app, &dale.by, dale.actor.id, "Farewell").await.unwrap();
    world.settle().await;
    let made = rules::make(app, &park.by, park.actor.id, dale.actor.id, rules::Draft::default()).await;
    assert!(made.is_err(), "it would never find anything");
    assert!(rules::list(app, park.actor.id).await.unwrap().is_empty());
}
