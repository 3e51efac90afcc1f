//! Passing on what another association publishes: to whom it comes, how it stays true, and how either side ends it.

use folkmoot_app::{By, blocks, calls, carries, connections, events, rules};
use folkmoot_domain::{
    ItemId,
    carries::{Carry, CarryState},
    items::ItemKind,
    moments::MINUTE,
    places::{Around, Point},
    rules::Near,
};
use folkmoot_storage::{carries as rows, items};
use folkmoot_tests::{
    associations::Association, database::Database, instance::Instance, peers::Stranger, world::World,
};
use url::Url;

on_both_databases!(
    a_reason_goes_along_and_the_item_stays_true,
    without_a_reason_it_is_a_boost_that_the_carrier_takes_down,
    the_home_has_the_last_word,
    rules_carry_and_others_follow_their_rules,
    two_who_carry_from_each_other_come_to_rest,
    a_blocked_server_vanishes_everywhere_at_once,
    what_is_not_for_everyone_is_never_carried,
    what_is_on_the_same_board_is_carried_too,
);

/// The carrier listens to the origin.
async fn listens(world: &World, carrier: &Association<'_>, origin: &Association<'_>) {
    let known = carrier.instance.knows(&origin.actor).await;
    connections::connect(&carrier.instance.app, &carrier.by, carrier.actor.id, known.id).await.unwrap();
    world.settle().await;
}

/// The item as it is kept on another instance.
async fn kept(instance: &Instance, uri: &Url) -> ItemId {
    items::by_uri(&instance.app.store.rows(), uri.as_str()).await.unwrap().expect("it is kept there").id
}

async fn carry(world: &World, carrier: &Association<'_>, uri: &Url, reason: &str) -> Carry {
    let item = kept(carrier.instance, uri).await;
    let app = &carrier.instance.app;
    let carry = carries::carry(app, &carrier.by, carrier.actor.id, item, reason).await.unwrap();
    world.settle().await;
    carry
}

/// What this one has to do with the item, if anything.
async fn state(carrier: &Association<'_>, uri: &Url) -> Option<CarryState> {
    let store = carrier.instance.app.store.rows();
    let item = items::by_uri(&store, uri.as_str()).await.unwrap()?.id;
    rows::of(&store, carrier.actor.id, item).await.unwrap().map(|carry| carry.state)
}

/// By how many it is carried, as this instance knows, when it shows it at all.
async fn shown(instance: &Instance, uri: &Url) -> Option<i64> {
    let store = instance.app.store.rows();
    let item = items::by_uri(&store, uri.as_str()).await.unwrap()?.id;
    items::seen(&store, item).await.unwrap().map(|seen| seen.carries)
}

async fn follows(world: &World, reader: &Stranger, whom: &Association<'_>) {
    reader.tells(&whom.actor, &reader.follow(&whom.actor)).await;
    world.settle().await;
    reader.received();
}

/// What the reader got: verb and what it is about, oldest first.
fn got(reader: &Stranger) -> Vec<(String, String)> {
    let said = reader.received().into_iter().map(|one| {
        let object = &one.body["object"];
        let about = object["quote"].as_str().or(object["object"].as_str()).or(object.as_str());
        let about = about.or(object["id"].as_str()).unwrap_or_default();
        (one.body["type"].as_str().unwrap_or_default().to_owned(), about.to_owned())
    });
    said.collect()
}

async fn a_reason_goes_along_and_the_item_stays_true(database: Database) {
    let world = World::new(database, ["hyde.test", "moot.test"]).await;
    let (park, moor) =
        (world.instance("hyde.test").found("park").await, world.instance("moot.test").found("moor").await);
    let ana = world.server("mastodon.test").person("ana");
    follows(&world, &ana, &park).await;
    listens(&world, &park, &moor).await;
    let event = moor.event("Walk the moor").await;
    world.settle().await;
    let uri = event.seen.item.uri.clone();
    assert_eq!(shown(park.instance, &uri).await, None, "what only lies in a stream hangs on no board");
    let before = got(&ana).len();
    carry(&world, &park, &uri, "Our river begins on their moor").await;
    let said = ana.received();
    let quote = &said.last().unwrap().body["object"];
    assert_eq!(said.len(), before + 1);
    assert_eq!((&quote["type"], &quote["quote"]), (&"Note".into(), &uri.as_str().into()));
    assert!(quote["content"].as_str().unwrap().starts_with("<p>Our river begins on their moor</p>"));
    // Both sides see it, and the origin stands first.
    assert_eq!((shown(park.instance, &uri).await, shown(moor.instance, &uri).await), (Some(1), Some(1)));
    let there = park.instance.at(&format!("/events/{}", kept(park.instance, &uri).await));
    let page = park.instance.text_of(&there).await;
    assert!(page.contains("Read it where it was published") && page.contains("moot.test"), "{page}");
    assert!(page.contains("Our river begins on their moor") && page.contains("noindex"), "{page}");
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{}\">", event.seen.item.page)), "{page}");
    let list = park.instance.text_of(&park.instance.at("/events")).await;
    assert!(list.contains("Walk the moor") && list.contains("@moor@moot.test"), "{list}");
    let at_home = moor.instance.text_of(&event.seen.item.page).await;
    assert!(
        at_home.contains("Carried by one association") && at_home.contains("@park@hyde.test"),
        "{at_home}"
    );
    // The Note leads to our page, and is not ours to serve as the event itself.
    let id = park.instance.at(&format!("/ap/events/{}", kept(park.instance, &uri).await));
    assert_eq!(park.instance.page(&id).await.status.as_u16(), 404);
    // It stays true, and those who saw it second-hand hear what its home says about it.
    world.pass(MINUTE).await;
    moor.edit(event.event.id, "Walk the high moor", "We begin an hour later.").await;
    world.settle().await;
    assert!(park.instance.text_of(&there).await.contains("Walk the high moor"));
    events::cancel(&moor.instance.app, &moor.by, event.event.id, "Storm").await.unwrap();
    world.settle().await;
    assert!(park.instance.text_of(&there).await.contains("Storm"));
    let verbs: Vec<_> = got(&ana).into_iter().skip(before + 1).map(|(verb, _)| verb).collect();
    assert_eq!(verbs, ["Announce", "Announce"], "the change and the cancellation");
    moor.delete(event.event.id).await;
    world.settle().await;
    assert_eq!(shown(park.instance, &uri).await, None);
    assert_ne!(park.instance.page(&there).await.status.as_u16(), 200);
    let mut verbs: Vec<_> = got(&ana).into_iter().skip(before + 3).map(|(verb, _)| verb).collect();
    verbs.sort();
    assert_eq!(verbs, ["Delete", "Undo", "Undo"], "everything that was said of it is taken back");
}

async fn without_a_reason_it_is_a_boost_that_the_carrier_takes_down(database: Database) {
    let world = World::new(database, ["hyde.test", "moot.test"]).await;
    let (park, moor) =
        (world.instance("hyde.test").found("park").await, world.instance("moot.test").found("moor").await);
    let ana = world.server("mastodon.test").person("ana");
    follows(&world, &ana, &park).await;
    listens(&world, &park, &moor).await;
    let call = moor.call("Mend the wall").await;
    world.settle().await;
    let uri = call.seen.item.uri.clone();
    let before = got(&ana).len();
    let carried = carry(&world, &park, &uri, "").await;
    assert_eq!(got(&ana)[before..], [("Announce".to_owned(), uri.to_string())]);
    carry(&world, &park, &uri, "Twice is once").await;
    assert_eq!(got(&ana).len(), before + 1);
    calls::close(&moor.instance.app, &moor.by, call.call.id, "It stands again.", "Thank you").await.unwrap();
    world.settle().await;
    assert_eq!(got(&ana).len(), before + 2, "the outcome, once");
    let there = park.instance.at(&format!("/calls/{}", kept(park.instance, &uri).await));
    assert!(park.instance.text_of(&there).await.contains("It stands again."));
    carries::take_down(&park.instance.app, &park.by, carried.id).await.unwrap();
    world.settle().await;
    let undone = got(&ana)[before + 2..].to_vec();
    assert_eq!(undone.len(), 2, "{undone:?}");
    assert!(
        undone.iter().all(|(verb, _)| verb == "Undo")
            && undone.iter().any(|(_, about)| *about == uri.as_str())
    );
    assert_eq!((shown(park.instance, &uri).await, shown(moor.instance, &uri).await), (None, Some(0)));
    // What was taken back stands in no outbox, and nowhere else.
    let outbox = park.instance.at(&format!("{}/outbox?page=1", park.actor.uri.path()));
    let outbox = folkmoot_tests::peers::Request::get(&outbox, "application/activity+json");
    let outbox = outbox.send(&world.network).await.text();
    assert!(!outbox.contains("\"Announce\",\"actor\"") || outbox.contains("\"Undo\""), "{outbox}");
}

async fn the_home_has_the_last_word(database: Database) {
    let world = World::new(database, ["hyde.test", "moot.test"]).await;
    let (park, moor) =
        (world.instance("hyde.test").found("park").await, world.instance("moot.test").found("moor").await);
    listens(&world, &park, &moor).await;
    let (first, second) = (moor.call("Mend the wall").await, moor.call("Count the birds").await);
    world.settle().await;
    let (first, second) = (first.seen.item, second.seen.item);
    for (item, reason) in [(&first, ""), (&second, "We count, too")] {
        carry(&world, &park, &item.uri, reason).await;
        let there = kept(moor.instance, &item.uri).await;
        let found = rows::of_item(&moor.instance.app.store.rows(), there, CarryState::Carried).await.unwrap();
        carries::refuse(&moor.instance.app, &moor.by, found[0].id).await.unwrap();
        world.settle().await;
        assert_eq!(state(&park, &item.uri).await, Some(CarryState::Refused), "{reason}");
        assert_eq!(shown(park.instance, &item.uri).await, None);
        assert_eq!(shown(moor.instance, &item.uri).await, Some(0));
    }
    let kept_id = kept(park.instance, &first.uri).await;
    let again = carries::carry(&park.instance.app, &park.by, park.actor.id, kept_id, "").await;
    assert!(again.unwrap_err().to_string().contains("asked you not to"));
    // Consent withdrawn for everybody: it is said with the item itself.
    let third = moor.call("Plant heather").await.seen.item;
    world.settle().await;
    carry(&world, &park, &third.uri, "").await;
    world.pass(MINUTE).await;
    carries::let_be_carried(&moor.instance.app, &moor.by, third.id, false).await.unwrap();
    world.settle().await;
    assert_eq!(state(&park, &third.uri).await, Some(CarryState::Ended));
    assert_eq!(
        (shown(park.instance, &third.uri).await, shown(moor.instance, &third.uri).await),
        (None, Some(0))
    );
    world.pass(MINUTE).await;
    carries::let_be_carried(&moor.instance.app, &moor.by, third.id, true).await.unwrap();
    world.settle().await;
    carry(&world, &park, &third.uri, "").await;
    assert_eq!(shown(moor.instance, &third.uri).await, Some(1));
}

async fn rules_carry_and_others_follow_their_rules(database: Database) {
    let world = World::new(database, ["hyde.test", "moot.test", "leeds.test"]).await;
    let (park, moor) =
        (world.instance("hyde.test").found("park").await, world.instance("moot.test").found("moor").await);
    let leeds = world.instance("leeds.test").found("leeds").await;
    let ana = world.server("mastodon.test").person("ana");
    follows(&world, &ana, &leeds).await;
    let known = park.instance.knows(&moor.actor).await;
    let near = |metres| Near {
        name: "Hyde Park".to_owned(),
        around: Around { point: Point { latitude: 53.8123, longitude: -1.5678 }, metres },
    };
    let draft = rules::Draft {
        kinds: vec![ItemKind::Call],
        cause: Some("#treesforleeds".to_owned()),
        near: Some(near(3_000)),
        review: true,
    };
    rules::make(&park.instance.app, &park.by, park.actor.id, known.id, draft).await.unwrap();
    let known = leeds.instance.knows(&park.actor).await;
    let every = rules::Draft::default();
    rules::make(&leeds.instance.app, &leeds.by, leeds.actor.id, known.id, every).await.unwrap();
    world.settle().await;
    let (call, event) = (moor.call("Mend the wall").await, moor.event("Walk").await);
    world.settle().await;
    let (uri, walk) = (call.seen.item.uri, event.seen.item.uri);
    assert_eq!((state(&park, &uri).await, state(&park, &walk).await), (Some(CarryState::Waiting), None));
    assert_eq!(shown(park.instance, &uri).await, None, "an organiser looks first");
    let store = park.instance.app.store.rows();
    let waiting = rows::list(&store, park.actor.id, CarryState::Waiting, None, 9).await.unwrap();
    carries::look(&park.instance.app, &park.by, waiting[0].id, Some("")).await.unwrap();
    world.settle().await;
    // Who carries what the carrier carries fetched it at its home, and shows it to its own followers once.
    assert_eq!(state(&leeds, &uri).await, Some(CarryState::Carried));
    assert_eq!(
        got(&ana).iter().filter(|(verb, about)| verb == "Announce" && *about == uri.as_str()).count(),
        1
    );
    assert_eq!(shown(moor.instance, &uri).await, Some(2));
    // The end goes the same way.
    let carried = rows::of(&store, park.actor.id, kept(park.instance, &uri).await).await.unwrap().unwrap();
    carries::take_down(&park.instance.app, &park.by, carried.id).await.unwrap();
    world.settle().await;
    assert_eq!(state(&leeds, &uri).await, Some(CarryState::Ended));
    assert_eq!((shown(leeds.instance, &uri).await, shown(moor.instance, &uri).await), (None, Some(0)));
}

async fn two_who_carry_from_each_other_come_to_rest(database: Database) {
    let world = World::new(database, ["hyde.test", "moot.test"]).await;
    let (park, moor) =
        (world.instance("hyde.test").found("park").await, world.instance("moot.test").found("moor").await);
    let (ana, ben) = (world.server("mastodon.test").person("ana"), world.server("other.test").person("ben"));
    follows(&world, &ana, &park).await;
    follows(&world, &ben, &moor).await;
    for (one, other) in [(&park, &moor), (&moor, &park)] {
        let known = one.instance.knows(&other.actor).await;
        let draft = rules::Draft::default();
        rules::make(&one.instance.app, &one.by, one.actor.id, known.id, draft).await.unwrap();
    }
    world.settle().await;
    let call = moor.call("Mend the wall").await.seen.item;
    world.settle().await;
    let shows = |reader: &Stranger| {
        got(reader)
            .iter()
            .filter(|(verb, about)| (verb == "Announce" || verb == "Create") && *about == call.uri.as_str())
            .count()
    };
    assert_eq!((shows(&ana), shows(&ben)), (1, 1));
    assert_eq!(
        (shown(park.instance, &call.uri).await, shown(moor.instance, &call.uri).await),
        (Some(1), Some(1))
    );
}

async fn a_blocked_server_vanishes_everywhere_at_once(database: Database) {
    let world = World::new(database, ["hyde.test", "moot.test", "leeds.test"]).await;
    let (park, moor) =
        (world.instance("hyde.test").found("park").await, world.instance("moot.test").found("moor").await);
    let leeds = world.instance("leeds.test").found("leeds").await;
    let ana = world.server("mastodon.test").person("ana");
    follows(&world, &ana, &park).await;
    listens(&world, &park, &moor).await;
    let known = leeds.instance.knows(&park.actor).await;
    rules::make(&leeds.instance.app, &leeds.by, leeds.actor.id, known.id, rules::Draft::default())
        .await
        .unwrap();
    world.settle().await;
    let call = moor.call("Mend the wall").await.seen.item;
    world.settle().await;
    carry(&world, &park, &call.uri, "").await;
    assert!(shown(leeds.instance, &call.uri).await.is_some());
    blocks::block(&park.instance.app, &By::operator(), "moot.test", "They shout").await.unwrap();
    assert_eq!(shown(park.instance, &call.uri).await, None, "before anything else happens");
    world.settle().await;
    assert_eq!(got(&ana).last().unwrap().0, "Undo");
    assert_eq!(
        state(&leeds, &call.uri).await,
        Some(CarryState::Ended),
        "and with those who had it from there"
    );
    let listening = connections::list(&park.instance.app, &park.by, park.actor.id).await.unwrap();
    assert!(listening.is_empty());
    moor.call("Count the birds").await;
    world.settle().await;
}

async fn what_is_not_for_everyone_is_never_carried(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park").await;
    let app = &park.instance.app;
    let (ana, bob) = (world.server("other.test").person("ana"), world.server("mastodon.test").person("bob"));
    follows(&world, &ana, &park).await;
    let looked_at = park.instance.looks_at(&Url::parse(&bob.id).unwrap()).await;
    let known = park.instance.knows(&looked_at).await;
    rules::make(app, &park.by, park.actor.id, known.id, rules::Draft::default()).await.unwrap();
    world.settle().await;
    let follow = bob.heard("Follow").pop().expect("a rule listens to its source");
    bob.tells(&park.actor, &bob.activity("Accept", follow)).await;
    let before = got(&ana).len();
    let (public, followers) =
        ("https://www.w3.org/ns/activitystreams#Public", format!("{}/followers", bob.id));
    let mut said = Vec::new();
    for (text, to, cc) in [
        ("for everyone", public, followers.as_str()),
        ("for who finds it", followers.as_str(), public),
        ("for followers", followers.as_str(), park.actor.uri.as_str()),
        ("for you alone", park.actor.uri.as_str(), ""),
    ] {
        let mut note = bob.note(None, &park.actor, text, &[to]);
        note["cc"] = serde_json::json!([cc]);
        said.push(Url::parse(note["id"].as_str().unwrap()).unwrap());
        bob.tells(&park.actor, &bob.create(note)).await;
    }
    world.settle().await;
    assert_eq!(got(&ana)[before..], [("Announce".to_owned(), said[0].to_string())]);
    for hidden in &said[1..] {
        assert_eq!((state(&park, hidden).await, shown(park.instance, hidden).await), (None, None));
    }
    let kept_id = kept(park.instance, &said[2]).await;
    let refused = carries::carry(app, &park.by, park.actor.id, kept_id, "").await.unwrap_err();
    assert!(refused.to_string().contains("not for everyone"));
    // It is narrowed afterwards: it vanishes, and comes back by no later widening.
    world.pass(MINUTE).await;
    for (to, text) in [(followers.as_str(), "now for followers"), (public, "for everyone again")] {
        let mut note = bob.note(None, &park.actor, text, &[to]);
        note["id"] = said[0].as_str().into();
        note["cc"] = serde_json::json!([]);
        note["updated"] = world.now().rfc3339().into();
        let create = bob.create(note);
        let mut update = bob.activity("Update", create["object"].clone());
        update["to"] = serde_json::json!([to]);
        bob.tells(&park.actor, &update).await;
        world.pass(MINUTE).await;
        assert_eq!(state(&park, &said[0]).await, Some(CarryState::Ended), "{text}");
        assert_eq!(shown(park.instance, &said[0]).await, None, "{text}");
    }
}

async fn what_is_on_the_same_board_is_carried_too(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, mill) = (world.home().found("park").await, world.home().found("mill").await);
    let ana = world.server("mastodon.test").person("ana");
    follows(&world, &ana, &mill).await;
    let call = park.call("Plant forty trees").await.seen.item;
    world.settle().await;
    carry(&world, &mill, &call.uri, "They are our neighbours").await;
    assert_eq!(got(&ana).last().unwrap(), &("Create".to_owned(), call.uri.to_string()));
    let page = park.instance.text_of(&call.page).await;
    assert!(
        page.contains("Carried by one association") && page.contains("They are our neighbours"),
        "{page}"
    );
    assert!(!page.contains("noindex"));
    park.delete(call.id).await;
    world.settle().await;
    assert!(got(&ana).iter().any(|(verb, _)| verb == "Delete"));
}
