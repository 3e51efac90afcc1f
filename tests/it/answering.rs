//! Answers that cross from one instance to another: somebody at aire.test helps with a call of hyde.test, comes to its
//! event and writes back, and both sides say the same.

use folkmoot_app::{By, actors, calls as call_steps, events as event_steps, offers, pledges, replies, rsvps};
use folkmoot_domain::{
    ItemId,
    actors::Actor,
    calls::{Call, CallSeen},
    events::{Event, EventSeen},
    items::{Item, ItemSeen},
    moments::{DAY, HOUR, MINUTE},
    people::Person,
    pledges::{Door, PledgeSeen, PledgeState},
    replies::ReplyState,
    rsvps::{RsvpSeen, RsvpState},
    text::Handle,
};
use folkmoot_storage::{
    Tx, calls, events, items, pledges as pledge_rows, replies as reply_rows, rsvps as rsvp_rows,
};
use folkmoot_tests::{
    associations::{Association, DIG, SPADE, words},
    database::Database,
    instance::Instance,
    world::World,
};
use serde_json::{Value, json};

on_both_databases!(
    help_goes_to_the_home_of_the_call_and_the_answer_comes_back,
    two_kinds_of_help_are_one_offer,
    help_is_taken_back_and_offered_again,
    what_comes_after_the_end_is_declined_kindly,
    nobody_but_the_home_answers_an_offer,
    who_comes_from_elsewhere_is_counted_and_waits_when_it_is_full,
    an_event_that_is_over_says_so,
    mobilizon_and_friendica_say_who_comes,
    a_reply_goes_to_the_home_and_can_be_deleted,
    who_has_no_account_is_shown_the_way,
    who_leaves_for_good_takes_everything_back,
);

const HOSTS: [&str; 2] = ["hyde.test", "aire.test"];

/// Somebody with an account at aire.test.
async fn ada(aire: &Instance) -> Person {
    somebody(aire, "ada").await
}

async fn somebody(aire: &Instance, name: &str) -> Person {
    let (handle, email) = (Handle::parse(name).unwrap(), format!("{name}@mail.test"));
    folkmoot_app::people::enrol(&aire.app, &By::operator(), name, &handle, &email).await.unwrap()
}

/// The item as aire.test keeps it, shown as if one of theirs carried it.
async fn kept(aire: &Instance, home: &Actor, seen: &ItemSeen) -> (Tx, Item) {
    let far = Actor { id: aire.app.id(), local: false, ..home.clone() };
    let home = actors::remember(&aire.app, far).await.unwrap();
    let item = Item { id: aire.app.id(), home: home.id, picture: None, ..seen.item.clone() };
    let tx = aire.app.store.begin().await.unwrap();
    items::insert(&tx, &item).await.unwrap();
    (tx, item)
}

async fn keeps_call(aire: &Instance, park: &Association<'_>, seen: &CallSeen) -> ItemId {
    let (tx, item) = kept(aire, &park.actor, &seen.seen).await;
    calls::insert(&tx, &Call { id: item.id, project: None, ..seen.call.clone() }).await.unwrap();
    items::show(&tx, item.id, true).await.unwrap();
    tx.commit().await.unwrap();
    item.id
}

async fn keeps_event(aire: &Instance, park: &Association<'_>, seen: &EventSeen) -> ItemId {
    let (tx, item) = kept(aire, &park.actor, &seen.seen).await;
    events::insert(&tx, &Event { id: item.id, project: None, ..seen.event.clone() }).await.unwrap();
    items::show(&tx, item.id, true).await.unwrap();
    tx.commit().await.unwrap();
    item.id
}

/// An event for so many.
async fn event_for(park: &Association<'_>, capacity: i32) -> EventSeen {
    let draft = folkmoot_domain::events::EventDraft { capacity: Some(capacity), ..park.event_draft(3 * DAY) };
    event_steps::publish(&park.instance.app, &park.by, park.actor.id, words("Planting day"), draft)
        .await
        .unwrap()
}

async fn given(aire: &Instance, person: &Person) -> PledgeSeen {
    pledge_rows::given_by(&aire.app.store.rows(), person.id).await.unwrap().remove(0)
}

async fn coming(aire: &Instance, person: &Person) -> RsvpSeen {
    rsvp_rows::said_by(&aire.app.store.rows(), person.id).await.unwrap().remove(0)
}

async fn comers(park: &Association<'_>, event: ItemId) -> Vec<(String, RsvpState)> {
    let all = rsvp_rows::of_event(&park.instance.app.store.rows(), event, true).await.unwrap();
    all.into_iter().map(|seen| (seen.goer.name, seen.rsvp.state)).collect()
}

async fn going(park: &Association<'_>, event: ItemId) -> i64 {
    event_steps::seen(&park.instance.app, event).await.unwrap().going
}

/// What the wire said with this verb, newest first, out of the log of an instance.
async fn said(instance: &Instance, verb: &str) -> Vec<Value> {
    let sql = format!("SELECT body FROM activities WHERE verb = '{verb}' ORDER BY id DESC");
    instance.look(&sql).await.iter().map(|body| serde_json::from_str(body).unwrap()).collect()
}

async fn help_goes_to_the_home_of_the_call_and_the_answer_comes_back(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;
    let (ada, here) = (ada(aire).await, keeps_call(aire, &park, &call).await);

    let receipt =
        offers::help(&aire.app, &By::person(ada.id), here, &[0], "I bring my own spade.").await.unwrap();
    let again = offers::help(&aire.app, &By::person(ada.id), here, &[0], "").await.unwrap();
    assert_eq!(receipt, again, "what stands is not said twice");
    world.pass(5 * MINUTE).await;
    assert_eq!(said(aire, "Offer").await.len(), 1);
    let pledge = park.pledges().await.remove(0);
    assert_eq!((pledge.pledge.state, pledge.pledge.door), (PledgeState::Offered, Door::Offer));
    assert_eq!(pledge.labels, [DIG]);
    assert_eq!(pledge.pledge.note, "I bring my own spade.");
    assert_eq!(pledge.giver.uri.host_str(), Some("aire.test"));
    assert_eq!(park.see(call.call.id).await.needs[0].offered, 1);
    assert_eq!(park.see(call.call.id).await.voters, 0, "help, and no vote");
    let told = hyde.letters_to("park-friends@hyde.test");
    assert!(
        told.iter().any(|letter| letter.text.contains("I bring my own spade.")),
        "the organisers hear of it"
    );
    assert_eq!(
        said(hyde, "Create").await.iter().filter(|said| said["to"][0] == ada_uri(aire, &ada)).count(),
        0
    );

    let page = aire.text_of(&aire.at(&format!("/pledges/{receipt}"))).await;
    assert!(page.contains("It is on its way to") && page.contains("hyde.test"), "{page}");
    park.answer(&pledge, PledgeState::Accepted, "Come at ten.").await;
    world.settle().await;
    let accepted = given(aire, &ada).await.pledge;
    assert_eq!((accepted.state, accepted.answer.as_str()), (PledgeState::Accepted, "Come at ten."));
    assert_eq!(accepted.agreement, Some(format!("https://hyde.test/ap/agreements/{}", pledge.pledge.id)));
    let letters = aire.letters_to("ada@mail.test");
    assert!(letters.last().unwrap().text.contains("Come at ten."));
    let page = aire.text_of(&aire.at(&format!("/pledges/{receipt}"))).await;
    assert!(page.contains("They said yes") && page.contains("Come at ten."), "{page}");

    let pledge = park.pledges().await.remove(0);
    park.answer(&pledge, PledgeState::Kept, "You were grand.").await;
    world.pass(2 * HOUR).await;
    let kept = given(aire, &ada).await.pledge;
    assert_eq!((kept.state, kept.answer.as_str()), (PledgeState::Kept, "You were grand."));
}

fn ada_uri(aire: &Instance, ada: &Person) -> String {
    aire.app.addresses.person(ada.id).to_string()
}

async fn two_kinds_of_help_are_one_offer(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    let (ada, here) = (ada(aire).await, keeps_call(aire, &park, &call).await);
    offers::help(&aire.app, &By::person(ada.id), here, &[0, 1], "").await.unwrap();
    world.pass(5 * MINUTE).await;
    assert_eq!(said(aire, "Offer").await.len(), 1);
    let pledge = park.pledges().await.remove(0);
    assert_eq!(pledge.labels, [DIG, SPADE]);
    park.answer(&pledge, PledgeState::Declined, "Next year perhaps.").await;
    world.settle().await;
    let declined = given(aire, &ada).await.pledge;
    assert_eq!((declined.state, declined.answer.as_str()), (PledgeState::Declined, "Next year perhaps."));
}

async fn help_is_taken_back_and_offered_again(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    let (ada, here) = (ada(aire).await, keeps_call(aire, &park, &call).await);
    let by = By::person(ada.id);
    let receipt = offers::help(&aire.app, &by, here, &[0], "").await.unwrap();
    world.settle().await;
    pledges::withdraw(&aire.app, &receipt).await.unwrap();
    world.settle().await;
    assert_eq!(park.pledges().await[0].pledge.state, PledgeState::Withdrawn);
    assert_eq!(park.see(call.call.id).await.needs[0].offered, 0);

    // Before the first is told, it is taken back and offered anew for something else.
    offers::help(&aire.app, &by, here, &[0], "").await.unwrap();
    pledges::withdraw(&aire.app, &receipt).await.unwrap();
    assert_eq!(offers::help(&aire.app, &by, here, &[1], "").await.unwrap(), receipt);
    world.pass(HOUR).await;
    let pledge = park.pledges().await.remove(0);
    assert_eq!(pledge.pledge.state, PledgeState::Offered);
    assert!(pledge.labels.contains(&SPADE.to_owned()));
    assert_eq!(said(aire, "Offer").await.len(), 2);
    park.answer(&pledge, PledgeState::Accepted, "").await;
    world.pass(2 * HOUR).await;
    assert_eq!(given(aire, &ada).await.pledge.state, PledgeState::Accepted);
}

async fn what_comes_after_the_end_is_declined_kindly(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    let (ada, here) = (ada(aire).await, keeps_call(aire, &park, &call).await);
    call_steps::close(&hyde.app, &park.by, call.call.id, "Forty trees stand.", "").await.unwrap();
    // What aire.test knows of it is older.
    offers::help(&aire.app, &By::person(ada.id), here, &[0], "").await.unwrap();
    world.settle().await;
    let declined = given(aire, &ada).await.pledge;
    assert_eq!(declined.state, PledgeState::Declined);
    assert!(declined.answer.contains("stopped taking answers"), "{}", declined.answer);
    assert!(park.pledges().await.is_empty());
}

async fn nobody_but_the_home_answers_an_offer(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    let (ada, here) = (ada(aire).await, keeps_call(aire, &park, &call).await);
    let mallory = world.server("evil.test").person("mallory");
    offers::help(&aire.app, &By::person(ada.id), here, &[0], "").await.unwrap();
    world.settle().await;
    let offer = said(aire, "Offer").await.remove(0);
    let agreement = json!({"type": "Agreement", "id": "https://evil.test/agreements/1"});
    for verb in ["Accept", "Reject"] {
        let mut answer = mallory.activity(verb, offer["id"].clone());
        answer["result"] = agreement.clone();
        let taken = mallory.posts(&aire.app.addresses.shared_inbox(), &answer).await;
        assert!(taken.status.is_success(), "it is signed well");
        world.settle().await;
        assert_eq!(given(aire, &ada).await.pledge.state, PledgeState::Offered);
    }
    // Somebody else takes back what Ada offered, and offers under her id.
    for lie in [
        mallory.activity("Undo", offer.clone()),
        mallory.activity("Undo", offer["id"].clone()),
        json!({"@context": "https://www.w3.org/ns/activitystreams", "id": offer["id"], "type": "Offer",
               "actor": mallory.id, "object": offer["object"]}),
    ] {
        mallory.posts(&hyde.app.addresses.shared_inbox(), &lie).await;
        world.settle().await;
        assert_eq!(park.pledges().await.len(), 1);
        assert_eq!(park.pledges().await[0].pledge.state, PledgeState::Offered);
    }
    world.pass(HOUR).await;
}

async fn who_comes_from_elsewhere_is_counted_and_waits_when_it_is_full(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let event = event_for(&park, 1).await;
    let id = event.event.id;
    let (ada, bea) = (ada(aire).await, somebody(aire, "bea").await);
    let here = keeps_event(aire, &park, &event).await;

    let receipt = rsvps::come(&aire.app, &By::person(ada.id), here, false, "").await.unwrap();
    world.settle().await;
    assert_eq!(coming(aire, &ada).await.rsvp.state, RsvpState::Going);
    assert_eq!(going(&park, id).await, 1);
    rsvps::come(&aire.app, &By::person(bea.id), here, false, "I come by bike.").await.unwrap();
    world.settle().await;
    assert_eq!(coming(aire, &bea).await.rsvp.state, RsvpState::Waiting);
    assert!(aire.letters_to("bea@mail.test").last().unwrap().text.contains("waiting list"));
    assert_eq!(
        comers(&park, id).await,
        [("ada".to_owned(), RsvpState::Going), ("bea".to_owned(), RsvpState::Waiting)]
    );
    let page = hyde.text_of(&hyde.at(&format!("/events/{id}"))).await;
    assert!(page.contains("1 is coming, all places are taken"), "{page}");
    assert!(!page.contains("bea"), "names are for the organisers");

    rsvps::take_back(&aire.app, &receipt).await.unwrap();
    world.settle().await;
    assert_eq!(coming(aire, &ada).await.rsvp.state, RsvpState::Not);
    assert_eq!(coming(aire, &bea).await.rsvp.state, RsvpState::Going, "a place became free");
    assert_eq!(going(&park, id).await, 1);
    assert!(aire.letters_to("bea@mail.test").last().unwrap().text.contains("You have a place"));

    // Who comes is told to those who show the event, once in a while.
    world.pass(HOUR).await;
    let update = said(hyde, "Update").await.remove(0);
    assert_eq!(update["object"]["participantCount"], 1);
    assert_eq!(update["object"]["remainingAttendeeCapacity"], 0);
    assert_eq!(update["object"]["joinMode"], "free");
}

async fn an_event_that_is_over_says_so(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let event = park.event("Planting day").await;
    let (ada, here) = (ada(aire).await, keeps_event(aire, &park, &event).await);
    event_steps::cancel(&hyde.app, &park.by, event.event.id, "Storm").await.unwrap();
    rsvps::come(&aire.app, &By::person(ada.id), here, false, "").await.unwrap();
    world.settle().await;
    let refused = coming(aire, &ada).await.rsvp;
    assert_eq!(refused.state, RsvpState::Refused);
    assert!(refused.answer.contains("called off"), "{}", refused.answer);
    assert_eq!(going(&park, event.event.id).await, 0);
}

async fn mobilizon_and_friendica_say_who_comes(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let event = park.event("Planting day").await;
    let (id, uri) = (event.event.id, json!(event.seen.item.uri));
    let mona = world.server("mobilizon.test").person("mona");
    let join = mona.activity("Join", uri.clone());
    mona.tells(&park.actor, &join).await;
    world.settle().await;
    assert_eq!(going(&park, id).await, 1);
    let accept =
        mona.received().into_iter().map(|one| one.body).find(|body| body["type"] == "Accept").unwrap();
    assert_eq!(accept["object"]["id"], join["id"], "Mobilizon looks the participant up by this");
    assert_eq!(accept["actor"], json!(park.actor.uri));
    let heard = mona.received().len();
    mona.tells(&park.actor, &mona.activity("Leave", uri.clone())).await;
    world.settle().await;
    assert_eq!((going(&park, id).await, mona.received().len()), (0, heard), "a Leave is not answered");

    let fred = world.server("friendica.test").person("fred");
    for (verb, state) in [
        ("Accept", RsvpState::Going),
        ("TentativeAccept", RsvpState::Maybe),
        ("Accept", RsvpState::Going),
        ("Reject", RsvpState::Not),
    ] {
        fred.tells(&park.actor, &fred.activity(verb, uri.clone())).await;
        world.settle().await;
        let all = comers(&park, id).await;
        assert_eq!(all.last().map(|(_, state)| *state), Some(state), "{verb}");
        assert_eq!(going(&park, id).await, i64::from(state == RsvpState::Going));
    }
    world.pass(HOUR).await;
}

async fn a_reply_goes_to_the_home_and_can_be_deleted(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    let (ada, here) = (ada(aire).await, keeps_call(aire, &park, &call).await);
    let by = By::person(ada.id);
    let reply = replies::write(&aire.app, &by, here, "Is there **tea**? <script>").await.unwrap();
    world.settle().await;
    let held = park.held().await.remove(0);
    assert_eq!(held.reply.uri.as_str(), format!("https://aire.test/ap/replies/{reply}"));
    assert!(held.reply.html.contains("<strong>tea</strong>") && !held.reply.html.contains("<script"));
    assert_eq!((held.author.uri.to_string(), held.reply.direct), (ada_uri(aire, &ada), false));
    assert!(reply_rows::shown(&aire.app.store.rows(), here).await.unwrap().is_empty(), "not for others here");
    let asked = folkmoot_tests::peers::Request::get(&held.reply.uri, "application/activity+json");
    let note = asked.send(&world.network).await.json();
    assert_eq!((&note["type"], &note["inReplyTo"]), (&json!("Note"), &json!(call.seen.item.uri)));

    park.judge(&held, ReplyState::Approved).await;
    assert!(hyde.text_of(&hyde.at(&format!("/calls/{}", call.call.id))).await.contains("Is there"));
    replies::take_back(&aire.app, &by, reply).await.unwrap();
    world.settle().await;
    assert!(!hyde.text_of(&hyde.at(&format!("/calls/{}", call.call.id))).await.contains("Is there"));
    let gone = folkmoot_tests::peers::Request::get(&held.reply.uri, "application/activity+json")
        .send(&world.network)
        .await;
    assert_eq!(gone.status.as_u16(), 410);
    world.pass(2 * HOUR).await;
}

async fn who_has_no_account_is_shown_the_way(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let (call, event) = (park.call("Plant forty trees").await, park.event("Planting day").await);
    let (here, there) = (keeps_call(aire, &park, &call).await, keeps_event(aire, &park, &event).await);
    world.settle().await;
    for (path, form) in [
        (format!("/calls/{here}"), format!("https://hyde.test/calls/{}/help", call.call.id)),
        (format!("/calls/{here}/help"), format!("https://hyde.test/calls/{}/help", call.call.id)),
        (format!("/events/{there}"), format!("https://hyde.test/events/{}/come", event.event.id)),
        (format!("/events/{there}/come"), format!("https://hyde.test/events/{}/come", event.event.id)),
    ] {
        let page = aire.page(&aire.at(&path)).await;
        let html = String::from_utf8(page.body.to_vec()).unwrap();
        assert!(html.contains(&format!("href=\"{form}\"")), "{path}: {html}");
        assert!(html.contains("lives at <") && html.contains(">hyde.test</"), "{path}");
        assert!(!html.contains("name=\"email\""), "{path}");
    }
    let before = aire.tables().await;
    let form = "need=0&name=Jo&email=jo%40aire.test&once=one";
    let refused = aire.submit(&aire.at(&format!("/calls/{here}/help")), form).await;
    assert!(refused.status.is_client_error(), "{}", refused.text());
    let refused =
        aire.submit(&aire.at(&format!("/events/{there}/come")), "name=Jo&email=jo%40aire.test").await;
    assert!(refused.status.is_client_error(), "{}", refused.text());
    assert_eq!(before.changes(&aire.tables().await), Vec::<String>::new(), "nothing is kept of who tried");
}

async fn who_leaves_for_good_takes_everything_back(database: Database) {
    let world = World::new(database, HOSTS).await;
    let (hyde, aire) = (world.instance("hyde.test"), world.instance("aire.test"));
    let park = hyde.found("park-friends").await;
    let (call, event) = (park.call("Plant forty trees").await, park.event("Planting day").await);
    let (here, there) = (keeps_call(aire, &park, &call).await, keeps_event(aire, &park, &event).await);
    let ada = ada(aire).await;
    offers::help(&aire.app, &By::person(ada.id), here, &[0], "").await.unwrap();
    rsvps::come(&aire.app, &By::person(ada.id), there, false, "").await.unwrap();
    world.settle().await;
    assert_eq!(going(&park, event.event.id).await, 1);
    folkmoot_app::people::leave(&aire.app, &ada).await.unwrap();
    world.pass(2 * HOUR).await;
    assert_eq!(park.pledges().await[0].pledge.state, PledgeState::Withdrawn);
    assert_eq!(going(&park, event.event.id).await, 0);
}
