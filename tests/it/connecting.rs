//! Connecting: one of ours listens to others, here, on another Folkmoot and on other programs, and hears what becomes of
//! what they publish.

use folkmoot_app::{By, blocks, calls, connections, events, projects, remote, streams};
use folkmoot_domain::{
    actors::Actor,
    calls::CallState,
    connections::{ConnectionSeen, Standing},
    events::EventState,
    items::ItemKind,
    moments::DAY,
    projects::ProjectState,
    streams::{NounSeen, StreamAsked, StreamEntry},
};
use folkmoot_tests::{
    associations::Association,
    corpus,
    database::Database,
    peers::{Page, Stranger},
    world::World,
};
use serde_json::{Value, json};

on_both_databases!(
    one_asks_the_other_says_yes_and_its_items_are_there,
    what_becomes_of_an_item_is_heard,
    a_stranger_approves_by_hand_or_says_no,
    who_blocks_us_is_heard_no_more,
    either_side_ends_it,
    a_connection_falls_silent,
    what_is_for_followers_stays_private,
    two_of_ours_are_connected_at_once,
    only_those_we_listen_to_are_heard,
    a_page_of_the_stream_leads_to_the_next,
    what_a_member_of_a_group_tells_is_looked_up,
    a_boost_and_a_quote_bring_the_item,
    captured_items_are_kept_and_shown,
);

async fn connect(seeker: &Association<'_>, what: &str) -> ConnectionSeen {
    let app = &seeker.instance.app;
    let target = remote::find(app, what).await.unwrap();
    connections::connect(app, &seeker.by, seeker.actor.id, target.id).await.unwrap()
}

async fn standing(seeker: &Association<'_>, target: &Actor) -> Standing {
    let app = &seeker.instance.app;
    let all = connections::list(app, &seeker.by, seeker.actor.id).await.unwrap();
    let seen = all.into_iter().find(|seen| seen.target.uri == target.uri).expect("a connection");
    seen.standing(app.now())
}

async fn stream(seeker: &Association<'_>) -> Vec<StreamEntry> {
    let asked = StreamAsked { seekers: vec![seeker.actor.id], limit: 50, ..StreamAsked::default() };
    streams::read(&seeker.instance.app, &seeker.by, &asked).await.unwrap().entries
}

async fn titles(seeker: &Association<'_>) -> Vec<String> {
    stream(seeker).await.iter().map(|entry| entry.noun.seen().item.title.clone()).collect()
}

async fn found(seeker: &Association<'_>, title: &str) -> NounSeen {
    let entries = stream(seeker).await;
    let names: Vec<_> = entries.iter().map(|entry| entry.noun.seen().item.title.clone()).collect();
    let found = entries.into_iter().find(|entry| entry.noun.seen().item.title == title);
    found.unwrap_or_else(|| panic!("{title} is not among {names:?}")).noun
}

async fn one_asks_the_other_says_yes_and_its_items_are_there(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkgate.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let cooks = world.instance("kirkgate.test").found("cooks").await;
    let project = cooks.project("A kitchen for all").await;
    cooks.call("Peel potatoes").await;
    cooks.event("Soup on Saturday").await;
    cooks.update(project.seen.item.id, "The stove is here").await;
    world.settle().await;

    let asked = connect(&park, "@cooks@kirkgate.test").await;
    assert_eq!(asked.standing(world.now()), Standing::Pending);
    world.settle().await;

    assert_eq!(standing(&park, &cooks.actor).await, Standing::Alive);
    let NounSeen::Call(call) = found(&park, "Peel potatoes").await else { panic!("no call") };
    let labels: Vec<_> = call.needs.iter().map(|need| (need.need.label.as_str(), need.need.wanted)).collect();
    assert_eq!(labels, [("I can dig", Some(2)), ("I can bring a spade", None)]);
    assert_eq!((call.call.why.as_str(), call.call.one_tap), ("Shade for all", true));
    assert!(!call.seen.item.text.html.contains("<strong>Peel"), "the title stands once");
    let NounSeen::Event(event) = found(&park, "Soup on Saturday").await else { panic!("no event") };
    assert_eq!((event.event.zone.as_str(), event.event.state), ("Europe/London", EventState::Planned));
    assert!(matches!(found(&park, "A kitchen for all").await, NounSeen::Project(_)));
    let NounSeen::Update(update) = found(&park, "The stove is here").await else { panic!("no update") };
    assert_eq!(update.about.unwrap().title, "A kitchen for all");

    // Twice is once, and nothing of it is on the board.
    connect(&park, "https://kirkgate.test/@cooks").await;
    world.settle().await;
    assert_eq!(titles(&park).await.iter().filter(|title| *title == "Peel potatoes").count(), 1);
    let board = park.instance.text_of(&park.instance.at("/calls")).await;
    assert!(!board.contains("Peel potatoes"));
    assert_eq!(park.instance.page(&park.instance.at(&format!("/calls/{}", call.call.id))).await.status, 404);

    cooks.call("Wash up").await;
    world.settle().await;
    assert_eq!(titles(&park).await[0], "Wash up");
}

async fn what_becomes_of_an_item_is_heard(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkgate.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let cooks = world.instance("kirkgate.test").found("cooks").await;
    connect(&park, "@cooks@kirkgate.test").await;
    world.settle().await;
    let (app, by) = (&cooks.instance.app, &cooks.by);
    let (project, event) = (cooks.project("A kitchen").await, cooks.event("Soup").await);
    let (peel, wash, dry) = (cooks.call("Peel").await, cooks.call("Wash").await, cooks.call("Dry").await);
    world.settle().await;

    world.pass(60_000).await;
    cooks.edit(peel.seen.item.id, "Peel and chop", "").await;
    projects::park(app, by, project.seen.item.id, "no stove", None).await.unwrap();
    events::cancel(app, by, event.seen.item.id, "a flood").await.unwrap();
    calls::close(app, by, wash.seen.item.id, "all clean", "Thank you").await.unwrap();
    cooks.delete(dry.seen.item.id).await;
    world.settle().await;

    assert!(matches!(found(&park, "Peel and chop").await, NounSeen::Call(_)));
    let NounSeen::Project(kitchen) = found(&park, "A kitchen").await else { panic!("no project") };
    assert!(matches!(kitchen.state, ProjectState::AnotherDay(day) if day.reason == "no stove"));
    let NounSeen::Event(soup) = found(&park, "Soup").await else { panic!("no event") };
    assert!(matches!(soup.event.state, EventState::Cancelled { reason, .. } if reason == "a flood"));
    let NounSeen::Call(washed) = found(&park, "Wash").await else { panic!("no call") };
    assert!(matches!(washed.call.state, CallState::Closed { outcome, .. } if outcome == "all clean"));
    let names = titles(&park).await;
    assert!(!names.iter().any(|title| title == "Dry" || title == "Peel"), "{names:?}");
    let kept = park.instance.look("SELECT title || html FROM items WHERE deleted_at IS NOT NULL").await;
    assert_eq!(kept, [""], "the words of what is deleted are gone");
}

fn group(stranger: &Stranger, change: &Value) {
    let mut actor = stranger.actor();
    actor["type"] = json!("Group");
    for (key, value) in change.as_object().unwrap() {
        actor[key] = value.clone();
    }
    stranger.publishes(&actor);
}

/// The newest `Follow` that a stranger got.
fn asked(stranger: &Stranger) -> Value {
    stranger.heard("Follow").pop().expect("a follow")
}

async fn a_stranger_approves_by_hand_or_says_no(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let ana = world.server("mastodon.test").person("ana");
    let seen = connect(&park, "@ana@mastodon.test").await;
    world.settle().await;
    world.pass(2 * DAY).await;
    assert_eq!(standing(&park, &seen.target).await, Standing::Pending);

    ana.tells(&park.actor, &ana.activity("Reject", asked(&ana))).await;
    world.settle().await;
    assert_eq!(standing(&park, &seen.target).await, Standing::Refused);

    // Asking again is another question; the old answer is no answer to it.
    let first = asked(&ana);
    connect(&park, "@ana@mastodon.test").await;
    world.settle().await;
    assert_ne!(asked(&ana)["id"], first["id"]);
    ana.tells(&park.actor, &ana.activity("Accept", first)).await;
    world.settle().await;
    assert_eq!(standing(&park, &seen.target).await, Standing::Pending);

    ana.tells(&park.actor, &ana.activity("Accept", asked(&ana)["id"].clone())).await;
    world.settle().await;
    assert_eq!(standing(&park, &seen.target).await, Standing::Alive);
    // Her outbox answers 404: that is noted, and tried again, and stops nobody.
    let listed = connections::seen(&park.instance.app, park.actor.id, seen.target.id).await.unwrap();
    assert!(listed.connection.problem.is_some());

    let note = ana.create(ana.note(
        None,
        &park.actor,
        "Bake sale tomorrow",
        &["https://www.w3.org/ns/activitystreams#Public"],
    ));
    ana.tells(&park.actor, &note).await;
    world.settle().await;
    let entries = stream(&park).await;
    assert_eq!(entries.len(), 1);
    assert!(entries[0].noun.seen().item.text.html.contains("Bake sale"));
    assert_eq!(entries[0].noun.seen().item.kind, ItemKind::Update);
}

async fn who_blocks_us_is_heard_no_more(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let ana = world.server("mastodon.test").person("ana");
    let seen = connect(&park, "@ana@mastodon.test").await;
    world.settle().await;
    ana.tells(&park.actor, &ana.activity("Accept", asked(&ana))).await;
    world.settle().await;
    ana.tells(&park.actor, &ana.activity("Block", park.actor.uri.as_str())).await;
    world.settle().await;
    assert_eq!(standing(&park, &seen.target).await, Standing::Refused);

    blocks::block(&park.instance.app, &By::operator(), "mastodon.test", "spam").await.unwrap();
    let refused = remote::find(&park.instance.app, "@bob@mastodon.test").await.unwrap_err();
    assert!(refused.to_string().contains("blocked here"), "{refused}");
}

async fn either_side_ends_it(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkgate.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let cooks = world.instance("kirkgate.test").found("cooks").await;
    let seen = connect(&park, "@cooks@kirkgate.test").await;
    world.settle().await;

    connections::disconnect(&park.instance.app, &park.by, park.actor.id, seen.target.id).await.unwrap();
    world.settle().await;
    assert_eq!(cooks.instance.look("SELECT follow_uri FROM followers").await, Vec::<String>::new());
    cooks.call("Peel").await;
    world.settle().await;
    assert!(titles(&park).await.is_empty());

    // The other end: a later no is an end too.
    let ana = world.server("mastodon.test").person("ana");
    let seen = connect(&park, "@ana@mastodon.test").await;
    world.settle().await;
    let follow = asked(&ana);
    ana.tells(&park.actor, &ana.activity("Accept", follow.clone())).await;
    world.settle().await;
    ana.tells(&park.actor, &ana.activity("Reject", follow)).await;
    world.settle().await;
    assert_eq!(standing(&park, &seen.target).await, Standing::Refused);
}

async fn a_connection_falls_silent(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkgate.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let cooks = world.instance("kirkgate.test").found("cooks").await;
    connect(&park, "@cooks@kirkgate.test").await;
    world.settle().await;
    world.pass(61 * DAY).await;
    assert_eq!(standing(&park, &cooks.actor).await, Standing::Silent);
    cooks.project("Still here").await;
    world.settle().await;
    assert_eq!(standing(&park, &cooks.actor).await, Standing::Alive);
}

async fn what_is_for_followers_stays_private(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let other = world.home().found("other").await;
    let ana = world.server("mastodon.test").person("ana");
    connect(&park, "@ana@mastodon.test").await;
    world.settle().await;
    ana.tells(&park.actor, &ana.activity("Accept", asked(&ana))).await;
    world.settle().await;
    let followers = format!("{}/followers", ana.id);
    let note = ana.create(ana.note(None, &park.actor, "Only for you", &[&followers]));
    ana.tells(&park.actor, &note).await;
    world.settle().await;

    let entries = stream(&park).await;
    assert_eq!(entries.len(), 1);
    let item = entries[0].noun.seen().item.clone();
    assert!(!item.reach.may_be_carried());
    assert_eq!(park.instance.page(&park.instance.at(&format!("/updates/{}", item.id))).await.status, 404);
    assert!(stream(&other).await.is_empty());
}

async fn two_of_ours_are_connected_at_once(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, cooks) = (world.home().found("park-friends").await, world.home().found("cooks").await);
    cooks.call("Peel").await;
    let seen = connect(&park, "@cooks").await;
    assert_eq!(seen.standing(world.now()), Standing::Alive);
    assert_eq!(titles(&park).await, ["Peel"]);
    let app = &park.instance.app;
    assert!(connections::connect(app, &park.by, park.actor.id, park.actor.id).await.is_err());
    assert!(connections::connect(app, &park.by, cooks.actor.id, park.actor.id).await.is_err(), "not theirs");
    world.settle().await;
    let follows = park.instance.look("SELECT verb FROM activities WHERE verb = 'Follow'").await;
    assert!(follows.is_empty(), "no wire between two of ours");
}

async fn only_those_we_listen_to_are_heard(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let server = world.server("mastodon.test");
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    connect(&park, "@ana@mastodon.test").await;
    world.settle().await;
    ana.tells(&park.actor, &ana.activity("Accept", asked(&ana))).await;
    // An outsider says yes for her, and speaks without being asked.
    bob.tells(&park.actor, &bob.activity("Accept", asked(&ana))).await;
    let public = ["https://www.w3.org/ns/activitystreams#Public"];
    bob.tells(&park.actor, &bob.create(bob.note(None, &park.actor, "Buy", &public))).await;
    let note = ana.create(ana.note(None, &park.actor, "News", &public));
    ana.tells(&park.actor, &note).await;
    world.settle().await;
    assert_eq!(stream(&park).await.len(), 1);
    // Nor does he delete what is hers.
    let mut theft = bob.delete(&note);
    theft["object"] = note["object"]["id"].clone();
    server.serves(
        note["object"]["id"].as_str().unwrap().strip_prefix("https://mastodon.test").unwrap(),
        Page::activity(&note["object"]),
    );
    bob.tells(&park.actor, &theft).await;
    world.settle().await;
    assert_eq!(stream(&park).await.len(), 1);
    // A late copy of what is dead stays dead.
    ana.tells(&park.actor, &ana.delete(&note)).await;
    world.settle().await;
    world.pass(DAY).await;
    ana.tells(&park.actor, &note).await;
    world.settle().await;
    assert!(stream(&park).await.is_empty());
}

async fn a_page_of_the_stream_leads_to_the_next(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, cooks) = (world.home().found("park-friends").await, world.home().found("cooks").await);
    connect(&park, "@cooks").await;
    for number in 0..5 {
        cooks.project(&format!("Number {number}")).await;
        world.pass(1_000).await;
    }
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let seekers = vec![park.actor.id];
        let asked = StreamAsked {
            seekers,
            from: Some(cooks.actor.id),
            kind: Some(ItemKind::Project),
            before,
            limit: 2,
        };
        let page = streams::read(&park.instance.app, &park.by, &asked).await.unwrap();
        seen.extend(page.entries.iter().map(|entry| entry.noun.seen().item.title.clone()));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["Number 4", "Number 3", "Number 2", "Number 1", "Number 0"]);
}

fn event(id: &str, author: &str, name: &str) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Event", "name": name,
        "attributedTo": author, "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [],
        "content": "<p>Come along</p>", "published": "2026-01-05T08:00:00Z", "updated": "2026-01-05T08:00:00Z",
        "startTime": "2030-01-05T18:00:00Z", "endTime": "2030-01-05T20:00:00Z", "timezone": "Europe/Paris",
    })
}

async fn what_a_member_of_a_group_tells_is_looked_up(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let server = world.server("mobilizon.test");
    let (club, member) = (server.person("club"), server.person("member"));
    group(&club, &json!({}));
    server.serves(
        "/users/club/outbox",
        Page::activity(
            &json!({"type": "OrderedCollection", "id": format!("{}/outbox", club.id), "orderedItems": []}),
        ),
    );
    connect(&park, "@club@mobilizon.test").await;
    world.settle().await;
    club.tells(&park.actor, &club.activity("Accept", asked(&club))).await;
    world.settle().await;

    let id = "https://mobilizon.test/events/1";
    server.serves("/events/1", Page::activity(&event(id, &club.id, "Dance")));
    // What came along is not what stands there.
    member.tells(&park.actor, &member.activity("Create", event(id, &club.id, "Bake"))).await;
    world.settle().await;
    let NounSeen::Event(dance) = found(&park, "Dance").await else { panic!("no event") };
    assert_eq!((dance.seen.home.uri.as_str(), dance.event.zone.as_str()), (club.id.as_str(), "Europe/Paris"));

    server.serves("/events/1", Page::status(410));
    member.tells(&park.actor, &member.activity("Delete", id)).await;
    world.settle().await;
    assert!(stream(&park).await.is_empty());
}

async fn a_boost_and_a_quote_bring_the_item(database: Database) {
    let world = World::new(database, ["hyde.test", "kirkgate.test"]).await;
    let park = world.instance("hyde.test").found("park-friends").await;
    let cooks = world.instance("kirkgate.test").found("cooks").await;
    let (peel, wash) = (cooks.call("Peel").await, cooks.call("Wash").await);
    let ana = world.server("mastodon.test").person("ana");
    connect(&park, "@ana@mastodon.test").await;
    world.settle().await;
    ana.tells(&park.actor, &ana.activity("Accept", asked(&ana))).await;
    world.settle().await;

    let boost = ana.boost(&peel.seen.item.uri);
    ana.tells(&park.actor, &boost).await;
    let public = ["https://www.w3.org/ns/activitystreams#Public"];
    let mut note = ana.note(None, &park.actor, "Lend a hand", &public);
    note["quote"] = json!(wash.seen.item.uri);
    let quote = ana.create(note);
    ana.tells(&park.actor, &quote).await;
    world.settle().await;

    let entries = stream(&park).await;
    assert_eq!(entries.len(), 2, "the quote is no news of its own");
    for entry in &entries {
        assert_eq!(entry.noun.seen().home.uri, cooks.actor.uri, "the origin stands first");
        let via: Vec<_> = entry.via.iter().map(Actor::address).collect();
        assert_eq!(via, ["@ana@mastodon.test"]);
    }
    ana.tells(&park.actor, &ana.undo(&boost)).await;
    ana.tells(&park.actor, &ana.delete(&quote)).await;
    world.settle().await;
    assert!(stream(&park).await.is_empty());
}

async fn captured_items_are_kept_and_shown(database: Database) {
    let Some(folder) = corpus::folder("items of other programs in the stream") else { return };
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let mut kept = super::connecting_corpus::keep_all(&park, &folder).await;
    kept.sort();
    let entries = stream(&park).await;
    // Some came in more than one activity.
    let ids: std::collections::BTreeSet<_> = kept.iter().map(|(_, id)| id).collect();
    assert_eq!(entries.len(), ids.len().min(50));
    for program in
        ["mobilizon", "wordpress", "lemmy", "mastodon", "friendica", "gancio", "gotosocial", "snac", "takahe"]
    {
        assert!(kept.iter().any(|(name, _)| name.contains(program)), "nothing of {program} among {kept:#?}");
    }
    let events = entries.iter().filter(|entry| matches!(entry.noun, NounSeen::Event(_))).count();
    assert!(events > 0, "an event of Mobilizon is an event here");
    for entry in &entries {
        let item = &entry.noun.seen().item;
        assert!(!item.text.html.contains("<script") && !item.text.html.contains("<img"), "{}", item.uri);
        assert!(matches!(entry.noun, NounSeen::Update(_)) || !item.title.is_empty(), "{}", item.uri);
    }
    // Nothing of it is on the board.
    assert!(!world.home().text_of(&world.home().at("/events")).await.contains("Paris"));
    // We ask servers that are not in this world; that they do not answer is no harm.
    world.settle().await;
}
