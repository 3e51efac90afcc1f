//! What an association publishes reaches its followers, each server once, and so does what becomes of it.

use folkmoot_app::{By, calls, events, items, projects};
use folkmoot_domain::moments::{DAY, HOUR, MINUTE};
use folkmoot_tests::{
    associations::{Association, words},
    database::Database,
    peers::Stranger,
    world::World,
};
use serde_json::{Value, json};
use url::Url;

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

on_both_databases!(
    every_noun_reaches_a_follower,
    a_server_with_a_shared_inbox_hears_everything_once,
    an_edit_is_later_than_publishing_and_may_be_explained,
    what_is_deleted_leaves_a_tombstone,
    a_call_waits_for_another_day_and_is_taken_up_again,
    a_project_goes_from_idea_to_outcome,
    an_event_moves_and_is_called_off,
    a_project_can_be_nobodys_yet,
    what_was_never_published_is_like_what_never_was,
);

async fn follows(world: &World, ana: &Stranger, park: &Association<'_>) {
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    world.settle().await;
}

/// The Notes for everyone among what came.
fn notes(ana: &Stranger) -> Vec<Value> {
    let created = ana.heard("Create").into_iter().map(|create| create["object"].clone());
    created
        .filter(|note| note["type"] == "Note" && note["to"] == json!([PUBLIC]) && note["civ:kind"].is_null())
        .collect()
}

fn time(value: &Value) -> folkmoot_domain::Moment {
    folkmoot_domain::Moment::parse(value.as_str().unwrap()).unwrap()
}

async fn every_noun_reaches_a_follower(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    follows(&world, &ana, &park).await;

    let project = park.project("A pond").await;
    let call = park.call("Plant forty trees").await;
    let event = park.event("Open day").await;
    let update = park.update(project.seen.item.id, "The pond has water").await;
    world.settle().await;

    let created = ana.heard("Create");
    let objects: Vec<_> = created.iter().map(|create| &create["object"]).collect();
    assert_eq!(
        objects.iter().map(|object| object["type"].as_str().unwrap()).collect::<Vec<_>>(),
        ["Note", "Question", "Event", "Note"]
    );
    for (object, item) in objects.iter().zip([&project.seen, &call.seen, &event.seen, &update.seen]) {
        assert_eq!(object["id"], item.item.uri.as_str());
        assert_eq!(object["attributedTo"], park.actor.uri.as_str());
        assert_eq!(object["url"], item.item.page.as_str());
        assert_eq!(object["to"], json!([PUBLIC]));
        assert!(object.get("updated").is_none(), "nothing was edited yet");
        let content = object["content"].as_str().unwrap();
        assert!(
            content.contains(&item.item.title),
            "the title stands in the text, where everyone shows it: {content}"
        );
        let fetched = ana.fetches(&item.item.uri).await.json();
        assert_eq!(fetched["content"], object["content"], "whoever fetches it sees what was sent");
    }
    let question = objects[1];
    let options: Vec<_> =
        question["anyOf"].as_array().unwrap().iter().map(|option| option["name"].clone()).collect();
    assert_eq!(options, ["I can dig", "I can bring a spade"]);
    assert_eq!(time(&question["endTime"]), call.call.closes);
    assert!(question.get("closed").is_none());
    assert_eq!(objects[3]["inReplyTo"], project.seen.item.uri.as_str());
}

async fn a_server_with_a_shared_inbox_hears_everything_once(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let (mastodon, snac) = (world.server("mastodon.test"), world.small_server("snac.test"));
    let everyone = [mastodon.person("ana"), mastodon.person("ben"), snac.person("cleo"), snac.person("dan")];
    for stranger in &everyone {
        follows(&world, stranger, &park).await;
    }

    park.project("A pond").await;
    world.settle().await;

    let inboxes = |server: &folkmoot_tests::peers::Server| {
        let received = server.received().into_iter().filter(|one| one.body["type"] == "Create");
        received.map(|one| one.inbox).collect::<Vec<_>>()
    };
    assert_eq!(inboxes(&mastodon), ["/inbox"]);
    let mut at_snac = inboxes(&snac);
    at_snac.sort();
    assert_eq!(at_snac, ["/users/cleo/inbox", "/users/dan/inbox"]);
}

async fn an_edit_is_later_than_publishing_and_may_be_explained(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    follows(&world, &ana, &park).await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;

    // In the very same moment, as a script would: peers compare whole seconds.
    park.edit(call.seen.item.id, "Plant fifty trees", "").await;
    world.settle().await;
    park.edit(call.seen.item.id, "Plant sixty trees", "We got more saplings.").await;
    world.settle().await;

    let updates: Vec<_> = ana.heard("Update").into_iter().map(|update| update["object"].clone()).collect();
    assert_eq!(updates.len(), 2);
    assert!(updates[1]["content"].as_str().unwrap().contains("Plant sixty trees"));
    let times = [&updates[0]["published"], &updates[0]["updated"], &updates[1]["updated"]].map(time);
    assert!(times.is_sorted_by(|one, next| one < next), "{times:?}");
    assert_eq!(updates[0]["published"], updates[1]["published"]);
    let notes = notes(&ana);
    assert_eq!(notes.len(), 1, "only a change that is explained is a post of its own");
    assert!(notes[0]["content"].as_str().unwrap().contains("We got more saplings."));
    assert_eq!(notes[0]["inReplyTo"], call.seen.item.uri.as_str());
    assert_eq!(
        notes[0]["tag"][0]["href"],
        park.actor.uri.as_str(),
        "else Takahe keeps it out of the timeline"
    );
}

async fn what_is_deleted_leaves_a_tombstone(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    follows(&world, &ana, &park).await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;

    park.delete(call.seen.item.id).await;
    world.settle().await;

    let delete = &ana.heard("Delete")[0];
    assert_eq!(delete["object"]["type"], "Tombstone");
    assert_eq!(delete["object"]["formerType"], "Question");
    assert_eq!(delete["object"]["id"], call.seen.item.uri.as_str());
    let gone = ana.fetches(&call.seen.item.uri).await;
    assert_eq!(gone.status, 410);
    assert_eq!(gone.json()["type"], "Tombstone");
    let page = park.instance.page(&call.seen.item.page).await;
    assert_eq!(page.status, 410);
    assert!(!page.text().contains("Plant forty trees"));
    // When its time would have been over, nothing more is said about it.
    let heard = ana.received().len();
    world.pass(8 * DAY).await;
    assert_eq!(ana.received().len(), heard);
}

async fn a_call_waits_for_another_day_and_is_taken_up_again(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    follows(&world, &ana, &park).await;
    let id = park.call("Plant forty trees").await.seen.item.id;
    world.settle().await;
    let app = &park.instance.app;

    let wake = Some(world.now().plus(2 * DAY));
    calls::park(app, &park.by, id, "No saplings to be had", wake).await.unwrap();
    world.settle().await;
    let parked = ana.heard("Update").pop().unwrap()["object"].clone();
    assert_eq!(parked["civ:state"], "another-day");
    assert!(
        notes(&ana)[0]["content"].as_str().unwrap().contains("Left for another day: No saplings to be had.")
    );

    world.pass(2 * DAY).await;
    calls::resume(app, &park.by, id).await.unwrap();
    world.settle().await;
    let resumed = ana.heard("Update").pop().unwrap()["object"].clone();
    assert_eq!(resumed["civ:state"], "open");
    assert_eq!(notes(&ana).len(), 2);
    for unchanged in ["type", "endTime"] {
        assert_eq!(resumed[unchanged], parked[unchanged], "changing it would delete votes elsewhere");
    }
}

async fn a_project_goes_from_idea_to_outcome(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    follows(&world, &ana, &park).await;
    let (app, by) = (&park.instance.app, &park.by);
    let draft = projects::ProjectDraft { words: words("A pond"), need: String::new(), active: false };
    let id = projects::publish(app, by, park.actor.id, draft).await.unwrap().seen.item.id;
    world.settle().await;

    projects::start(app, by, id).await.unwrap();
    projects::park(app, by, id, "Frozen ground", None).await.unwrap();
    projects::start(app, by, id).await.unwrap();
    projects::finish(app, by, id, "Frogs moved in.").await.unwrap();
    world.settle().await;

    assert_eq!(ana.heard("Create")[0]["object"]["civ:state"], "idea");
    let updates = ana.heard("Update");
    assert_eq!(updates.last().unwrap()["object"]["civ:state"], "done");
    let outcome = notes(&ana).pop().unwrap();
    assert!(outcome["content"].as_str().unwrap().contains("Frogs moved in."), "{outcome}");
    assert!(projects::start(app, by, id).await.is_err(), "what is done is done");
}

async fn an_event_moves_and_is_called_off(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    follows(&world, &ana, &park).await;
    let event = park.event("Open day").await;
    world.settle().await;
    let (app, id) = (&park.instance.app, event.seen.item.id);

    let draft = park.event_draft(4 * DAY);
    events::change(app, &park.by, id, words("Open day"), draft, "A day later.").await.unwrap();
    world.settle().await;
    let moved = ana.heard("Update").pop().unwrap()["object"].clone();
    assert_eq!(time(&moved["startTime"]), world.now().plus(4 * DAY));
    assert!(notes(&ana)[0]["content"].as_str().unwrap().contains("A day later."));

    world.pass(MINUTE).await;
    events::cancel(app, &park.by, id, "Storm warning").await.unwrap();
    world.settle().await;
    let cancelled = ana.heard("Update").pop().unwrap()["object"].clone();
    assert!(cancelled["ical:status"] == "CANCELLED" || cancelled["status"] == "CANCELLED", "{cancelled}");
    let note = notes(&ana).pop().unwrap();
    assert!(note["content"].as_str().unwrap().contains("Called off: Open day"), "{note}");
    let page = park.instance.text_of(&event.seen.item.page).await;
    assert!(page.contains("Storm warning"), "what is called off stays in view");
}

async fn a_project_can_be_nobodys_yet(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (hyde, ana) = (world.home(), world.server("mastodon.test").person("ana"));
    let nobody = items::nobody(&hyde.app).await.unwrap();
    let draft = projects::ProjectDraft { words: words("A pond"), need: String::new(), active: false };

    let project = projects::publish(&hyde.app, &By::operator(), nobody, draft).await.unwrap();
    world.settle().await;

    assert!(project.nobodys);
    let note = ana.fetches(&project.seen.item.uri).await.json();
    assert_eq!(note["attributedTo"], "https://hyde.test/ap/instance");
    assert!(hyde.text_of(&project.seen.item.page).await.contains("A pond"));
}

async fn what_was_never_published_is_like_what_never_was(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    ana.tells(&park.actor, &ana.vote(&call.seen.item.uri, &park.actor, "I can dig")).await;
    world.pass(HOUR).await;

    // A receipt is a Note, but for one person: whoever asks for its address learns nothing.
    let receipt = Url::parse(ana.letters()[0]["id"].as_str().unwrap()).unwrap();
    let hidden = ana.fetches(&receipt).await;
    let missing = ana.fetches(&park.instance.at("/ap/notes/0199b3a0-0000-7000-8000-000000000000")).await;
    assert_eq!((hidden.status.as_u16(), missing.status.as_u16()), (404, 404));
    assert_eq!(hidden.body, missing.body, "one answer for what is hidden and what is not there");
}
