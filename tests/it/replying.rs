//! Replies from elsewhere wait until somebody has looked at them; what was said to the organisers stays with them.

use folkmoot_domain::{moments::MINUTE, replies::ReplyState};
use folkmoot_tests::{associations::DIG, database::Database, peers::Stranger, world::World};
use serde_json::{Value, json};
use url::Url;

on_both_databases!(
    a_reply_waits_to_be_shown,
    a_declined_reply_stays_hidden,
    a_direct_reply_is_never_shown,
    what_is_for_followers_only_is_never_shown,
    an_edited_reply_waits_again,
    of_two_edits_the_newer_counts_in_whatever_order_they_come,
    a_deleted_reply_is_gone_and_stays_gone,
    only_its_author_changes_a_reply,
    a_reply_to_a_note_of_ours_is_a_reply_to_what_it_is_about,
    a_script_in_a_reply_does_no_harm,
);

const HELLO: &str = "Count me in";

async fn shown(ana: &Stranger, item: &Url) -> Vec<Value> {
    let item = ana.fetches(item).await.json();
    let inline = item["replies"]["first"]["items"].as_array().unwrap().clone();
    let collection = ana.fetches(&Url::parse(item["replies"]["id"].as_str().unwrap()).unwrap()).await.json();
    assert_eq!(collection["totalItems"], inline.len());
    inline
}

async fn a_reply_waits_to_be_shown(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    let reply = ana.reply(&item.uri, &park.actor, HELLO);
    ana.tells(&park.actor, &reply).await;
    world.settle().await;

    let held = park.held().await;
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].author.uri.as_str(), held[0].reply.direct), (ana.id.as_str(), false));
    assert!(!park.instance.text_of(&item.page).await.contains(HELLO));
    assert!(shown(&ana, &item.uri).await.is_empty());

    park.judge(&held[0], ReplyState::Approved).await;
    world.settle().await;

    assert!(park.held().await.is_empty());
    let page = park.instance.text_of(&item.page).await;
    assert!(page.contains(HELLO) && page.contains("@ana@mastodon.test"));
    assert_eq!(shown(&ana, &item.uri).await, [reply["object"]["id"].clone()]);
}

async fn a_declined_reply_stays_hidden(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    ana.tells(&park.actor, &ana.reply(&item.uri, &park.actor, HELLO)).await;
    world.settle().await;

    park.judge(&park.held().await[0], ReplyState::Declined).await;
    world.settle().await;

    assert!(park.held().await.is_empty());
    assert!(!park.instance.text_of(&item.page).await.contains(HELLO));
    assert!(shown(&ana, &item.uri).await.is_empty());
}

async fn a_direct_reply_is_never_shown(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    ana.tells(&park.actor, &ana.direct_reply(&item.uri, &park.actor, "My number is 0113")).await;
    world.settle().await;

    let held = park.held().await;
    assert!(held[0].reply.direct);
    let refused =
        folkmoot_app::replies::judge(&park.instance.app, &park.by, held[0].reply.id, ReplyState::Approved)
            .await;
    assert!(refused.is_err());
    assert!(!park.instance.text_of(&item.page).await.contains("0113"));
    assert!(shown(&ana, &item.uri).await.is_empty());

    // Even when its author makes it public later: the organisers were told in confidence, and what they hold is that.
    world.pass(MINUTE).await;
    let public = ana.reply(&item.uri, &park.actor, "My number is 0113");
    let mut edit = ana.edit(&public, "My number is 0113");
    edit["object"]["id"] = json!(held[0].reply.uri.as_str());
    ana.tells(&park.actor, &edit).await;
    world.settle().await;
    let refused =
        folkmoot_app::replies::judge(&park.instance.app, &park.by, held[0].reply.id, ReplyState::Approved)
            .await;
    assert!(refused.is_err(), "an audience never grows by remote input");
}

async fn what_is_for_followers_only_is_never_shown(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    let followers = format!("{}/followers", ana.id);
    let note = ana.note(Some(&item.uri), &park.actor, "Among us", &[&followers]);
    ana.tells(&park.actor, &ana.create(note)).await;
    world.settle().await;

    let held = park.held().await;
    assert!(held[0].reply.direct, "whoever is not everyone did not speak to everyone");
}

async fn an_edited_reply_waits_again(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    let reply = ana.reply(&item.uri, &park.actor, HELLO);
    ana.tells(&park.actor, &reply).await;
    world.settle().await;
    park.judge(&park.held().await[0], ReplyState::Approved).await;
    world.pass(MINUTE).await;

    ana.tells(&park.actor, &ana.edit(&reply, "Buy cheap watches")).await;
    world.settle().await;

    let held = park.held().await;
    assert!(held[0].reply.html.contains("Buy cheap watches"));
    let page = park.instance.text_of(&item.page).await;
    assert!(!page.contains(HELLO) && !page.contains("watches"), "what was approved is not what it says now");
    assert!(shown(&ana, &item.uri).await.is_empty());

    // Narrowed by its author, it can no longer be shown to everyone.
    world.pass(MINUTE).await;
    let mut narrowed = ana.edit(&reply, "Only for you");
    for part in ["/to", "/object/to"] {
        *narrowed.pointer_mut(part).unwrap() = json!([park.actor.uri.as_str()]);
    }
    for part in ["/cc", "/object/cc"] {
        *narrowed.pointer_mut(part).unwrap() = json!([]);
    }
    ana.tells(&park.actor, &narrowed).await;
    world.settle().await;
    let held = park.held().await;
    let refused =
        folkmoot_app::replies::judge(&park.instance.app, &park.by, held[0].reply.id, ReplyState::Approved)
            .await;
    assert!(refused.is_err(), "a direct reply is a message to the organisers, never public");
}

async fn of_two_edits_the_newer_counts_in_whatever_order_they_come(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    let reply = ana.reply(&item.uri, &park.actor, HELLO);
    ana.tells(&park.actor, &reply).await;
    world.pass(MINUTE).await;
    let mut older = ana.edit(&reply, "First thought");
    world.pass(MINUTE).await;
    let mut newer = ana.edit(&reply, "Second thought");
    // As GoToSocial and Takahe do: one id for every edit.
    for edit in [&mut older, &mut newer] {
        edit["id"] = json!(format!("{}#update", reply["object"]["id"].as_str().unwrap()));
    }

    ana.tells(&park.actor, &newer).await;
    world.settle().await;
    ana.tells(&park.actor, &older).await;
    world.settle().await;

    assert!(park.held().await[0].reply.html.contains("Second thought"));
}

async fn a_deleted_reply_is_gone_and_stays_gone(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    let (first, second) =
        (ana.reply(&item.uri, &park.actor, HELLO), ana.reply(&item.uri, &park.actor, "Late and dead"));
    ana.tells(&park.actor, &first).await;
    world.settle().await;
    park.judge(&park.held().await[0], ReplyState::Approved).await;

    ana.tells(&park.actor, &ana.delete(&first)).await;
    // The second is deleted before it ever comes.
    ana.tells(&park.actor, &ana.delete(&second)).await;
    world.settle().await;
    ana.tells(&park.actor, &second).await;
    world.settle().await;

    assert!(park.held().await.is_empty());
    assert!(!park.instance.text_of(&item.page).await.contains(HELLO));
    assert!(shown(&ana, &item.uri).await.is_empty());
}

async fn only_its_author_changes_a_reply(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, mastodon) = (world.home().found("park-friends").await, world.server("mastodon.test"));
    let (ana, eve) = (mastodon.person("ana"), mastodon.person("eve"));
    let item = park.project("A pond").await.seen.item;
    let reply = ana.reply(&item.uri, &park.actor, HELLO);
    ana.tells(&park.actor, &reply).await;
    world.pass(MINUTE).await;

    // Of the same server, so that only the owner tells them apart.
    let mut edit = eve.edit(&reply, "I take it back");
    edit["object"]["attributedTo"] = json!(eve.id);
    eve.tells(&park.actor, &edit).await;
    eve.tells(&park.actor, &eve.delete(&reply)).await;
    world.settle().await;

    let held = park.held().await;
    assert_eq!(held.len(), 1);
    assert!(held[0].reply.html.contains(HELLO));
}

async fn a_reply_to_a_note_of_ours_is_a_reply_to_what_it_is_about(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    ana.tells(&park.actor, &ana.vote(&call.seen.item.uri, &park.actor, DIG)).await;
    world.pass(2 * MINUTE).await;
    let receipt = Url::parse(ana.letters()[0]["id"].as_str().unwrap()).unwrap();

    ana.tells(&park.actor, &ana.direct_reply(&receipt, &park.actor, "See you on Saturday")).await;
    world.settle().await;

    let held = park.held().await;
    assert_eq!(held[0].about.uri, call.seen.item.uri);
    assert!(held[0].reply.direct);
}

async fn a_script_in_a_reply_does_no_harm(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let item = park.project("A pond").await.seen.item;
    let harmful = "hello <script>alert(1)</script><img src=x onerror=alert(2)><a href=\"javascript:alert(3)\">x</a>\
        <iframe src=\"https://evil.test\"></iframe><b onclick=alert(4)>bold</b>";
    ana.tells(&park.actor, &ana.reply(&item.uri, &park.actor, harmful)).await;
    world.settle().await;
    park.judge(&park.held().await[0], ReplyState::Approved).await;

    let page = park.instance.text_of(&item.page).await;
    assert!(page.contains("hello"));
    for bad in ["alert(1)", "alert(2)", "javascript:", "<iframe", "onclick", "onerror"] {
        assert!(!page.contains(bad), "{bad}");
    }
    let policy =
        park.instance.page(&item.page).await.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(!policy.contains("unsafe-inline") || !policy.contains("script-src 'unsafe-inline'"), "{policy}");
}
