//! Somebody without an account helps: a form, a letter, a button, and the organisers know. Nothing of it leaves the
//! board, and what was known of them is forgotten in time.

use axum::http::StatusCode;
use folkmoot_app::keeping;
use folkmoot_domain::{
    calls::CallSeen,
    moments::{DAY, HOUR, MINUTE},
    pledges::{Door, PledgeState},
};
use folkmoot_tests::{
    associations::{Association, DIG, SPADE},
    database::Database,
    letters::path_in,
    world::World,
};
use url::Url;

on_both_databases!(
    a_form_a_letter_and_a_button_are_a_pledge,
    the_organisers_call_back_who_leaves_a_number,
    everybody_who_counts_on_it_hears_how_it_ended,
    nothing_about_visitors_leaves_the_board,
    what_is_not_confirmed_is_gone_after_two_days,
    who_helped_is_forgotten_ninety_days_after_the_end,
    two_buttons_pressed_at_once_are_one_pledge,
);

const JO: &str = "need=0&name=Jo&email=jo%40aire.test&note=I+come+by+bike.&once=one";
const PRIYA: &str = "need=1&name=Priya&phone=0113+496+0123&once=two";

/// Where the form of a call is.
fn form(park: &Association<'_>, call: &CallSeen) -> Url {
    park.instance.at(&format!("/calls/{}/help", call.call.id))
}

/// Sends the form.
async fn offers(park: &Association<'_>, call: &CallSeen, text: &str) {
    let answer = park.instance.submit(&form(park, call), text).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

/// Presses a button that leads to a receipt.
async fn presses(park: &Association<'_>, url: &Url, text: &str) -> Url {
    let answer = park.instance.submit(url, text).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    url.join(answer.headers["location"].to_str().unwrap()).unwrap()
}

/// Where the newest letter to this address leads.
fn leads(park: &Association<'_>, address: &str) -> Url {
    let letters = park.instance.letters_to(address);
    park.instance.at(&path_in(letters.last().expect("a letter"), &park.instance.host))
}

/// Sends the form and presses the button behind the letter.
async fn helps(world: &World, park: &Association<'_>, call: &CallSeen) -> Url {
    offers(park, call, JO).await;
    world.settle().await;
    presses(park, &leads(park, "jo@aire.test"), "").await
}

async fn a_form_a_letter_and_a_button_are_a_pledge(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    offers(&park, &call, JO).await;
    world.settle().await;
    assert!(park.pledges().await.is_empty(), "nothing is promised yet");
    let letter = park.instance.letters_to("jo@aire.test").remove(0);
    assert!(letter.text.contains("Plant forty trees") && letter.text.contains(DIG), "{}", letter.text);

    let receipt = presses(&park, &leads(&park, "jo@aire.test"), "").await;
    world.settle().await;
    let pledge = park.pledges().await.remove(0);
    assert_eq!((pledge.pledge.state, pledge.pledge.door), (PledgeState::Offered, Door::Mail));
    assert_eq!((pledge.giver.name.as_str(), pledge.labels.as_slice()), ("Jo", [DIG.to_owned()].as_slice()));
    assert_eq!(leads(&park, "jo@aire.test"), receipt, "the receipt has the way back");
    assert!(park.instance.letters_to("park-friends@hyde.test").is_empty(), "more may come within the minute");
    world.pass(MINUTE).await;
    let told = park.instance.letters_to("park-friends@hyde.test");
    assert_eq!(told.len(), 1);
    assert!(told[0].text.contains("Jo") && told[0].text.contains("I come by bike."), "{}", told[0].text);

    park.answer(&pledge, PledgeState::Accepted, "Bring gloves.").await;
    world.settle().await;
    let letters = park.instance.letters_to("jo@aire.test");
    assert_eq!(letters.len(), 3);
    assert!(letters[2].text.contains("Bring gloves."), "{}", letters[2].text);
    let page = park.instance.text_of(&receipt).await;
    assert!(page.contains("They said yes") && page.contains("Bring gloves."));
    let seen = park.see(call.call.id).await;
    assert_eq!((seen.needs[0].taken, seen.needs[0].votes, seen.voters), (1, 0, 0), "help, and no vote");
}

async fn the_organisers_call_back_who_leaves_a_number(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    let receipt = presses(&park, &form(&park, &call), PRIYA).await;
    assert_eq!(presses(&park, &form(&park, &call), PRIYA).await, receipt, "pressed twice is once");
    let pledge = park.pledges().await.remove(0);
    assert_eq!((pledge.pledge.door, pledge.labels.as_slice()), (Door::Phone, [SPADE.to_owned()].as_slice()));
    assert_eq!(pledge.reach.unwrap().phone.as_deref(), Some("0113 496 0123"));
    assert!(park.instance.text_of(&receipt).await.contains("will call you"));
    presses(&park, &park.instance.at(&format!("{}/withdraw", receipt.path())), "").await;
    world.pass(HOUR).await;
    assert_eq!(park.pledges().await[0].pledge.state, PledgeState::Withdrawn);
    let letters = park.instance.letters_to("park-friends@hyde.test");
    assert!(letters.is_empty(), "what was taken back within the minute waits for nobody");
}

async fn everybody_who_counts_on_it_hears_how_it_ended(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    ana.tells(&park.actor, &ana.vote(&call.seen.item.uri, &park.actor, DIG)).await;
    helps(&world, &park, &call).await;
    presses(&park, &form(&park, &call), PRIYA).await;
    let off = JO.replace("jo%40", "off%40");
    offers(&park, &call, &off).await;
    world.settle().await;
    let receipt = presses(&park, &leads(&park, "off@aire.test"), "").await;
    presses(&park, &park.instance.at(&format!("{}/withdraw", receipt.path())), "").await;
    world.pass(HOUR).await;
    let (heard, letters) = (ana.letters().len(), park.instance.letters_to("jo@aire.test").len());
    let before_off = park.instance.letters_to("off@aire.test").len();
    folkmoot_app::calls::close(
        &world.home().app,
        &park.by,
        call.call.id,
        "Forty trees stand.",
        "You were grand.",
    )
    .await
    .unwrap();
    world.settle().await;
    let last = park.instance.letters_to("jo@aire.test").split_off(letters);
    assert_eq!(last.len(), 1);
    assert!(last[0].text.contains("Forty trees stand.") && last[0].text.contains("You were grand."));
    assert_eq!(park.instance.letters_to("off@aire.test").len(), before_off, "who took it back hears no more");
    assert!(ana.letters().len() > heard, "who voted hears it as ever");
    assert!(ana.letters().iter().all(|letter| !letter.to_string().contains("Jo")));
    // Too late is told, kindly, and nothing is kept.
    let answer = park.instance.submit(&form(&park, &call), JO).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
}

async fn nothing_about_visitors_leaves_the_board(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;
    let before = ana.received().len();
    helps(&world, &park, &call).await;
    presses(&park, &form(&park, &call), PRIYA).await;
    world.pass(2 * HOUR).await;
    assert_eq!(ana.received().len(), before, "an offer is nobody else's business");
    let deliveries = park.instance.look("SELECT inbox FROM deliveries WHERE inbox LIKE '%hyde.test%'").await;
    assert!(deliveries.is_empty(), "{deliveries:?}");
    let said = park.instance.look("SELECT body FROM activities").await;
    for pledge in park.pledges().await {
        let visitor = &pledge.giver;
        assert!(visitor.is_visitor());
        assert!(said.iter().all(|body| !body.contains(&visitor.id.to_string())), "{said:?}");
        for path in [format!("/ap/visitors/{}", visitor.id), format!("/ap/people/{}", visitor.id)] {
            for suffix in ["", "/inbox", "/outbox", "/followers"] {
                let url = park.instance.at(&format!("{path}{suffix}"));
                let fetched = ana.fetches(&url).await;
                assert!(
                    [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&fetched.status),
                    "{url}: {}",
                    fetched.status
                );
                assert_eq!(park.instance.page(&url).await.status, fetched.status, "{url} in a browser");
            }
            let url = park.instance.at(&path);
            let asked = park.instance.at("/.well-known/webfinger");
            let asked = Url::parse_with_params(asked.as_str(), [("resource", url.as_str())]).unwrap();
            assert_eq!(ana.fetches(&asked).await.status, StatusCode::NOT_FOUND, "{asked}");
            // Following somebody who is not there is no follow, and is answered by nobody.
            let mut follow = ana.follow(visitor);
            follow["object"] = url.as_str().into();
            ana.tells(&park.actor, &follow).await;
        }
    }
    world.settle().await;
    assert_eq!(ana.received().len(), before);
    assert!(park.instance.look("SELECT problem FROM changes WHERE problem IS NOT NULL").await.is_empty());
    // How far the need is met is for everyone; who helps is not.
    let jo = park.pledges().await.into_iter().find(|pledge| pledge.giver.name == "Jo").unwrap();
    park.answer(&jo, PledgeState::Accepted, "Bring gloves.").await;
    world.pass(2 * HOUR).await;
    let heard: Vec<_> =
        ana.received().split_off(before).into_iter().map(|one| one.body.to_string()).collect();
    assert_eq!(heard.len(), 1);
    assert!(!heard[0].contains("Jo") && !heard[0].contains("gloves") && heard[0].contains("Update"));
}

/// What is stored about people, as one text.
async fn stored(park: &Association<'_>) -> String {
    let tables = park.instance.tables().await;
    ["actors", "mails", "offers", "pledges", "visitors"].map(|name| tables.rows(name).join("\n")).join("\n")
}

async fn what_is_not_confirmed_is_gone_after_two_days(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;
    let before = park.instance.tables().await;
    offers(&park, &call, JO).await;
    world.settle().await;
    assert!(stored(&park).await.contains("jo@aire.test"));
    let letter = leads(&park, "jo@aire.test");
    world.pass(48 * HOUR).await;
    assert_eq!(park.instance.page(&letter).await.status, StatusCode::GONE);
    assert_eq!(park.instance.submit(&letter, "").await.status, StatusCode::GONE);
    keeping::sweep(&park.instance.app, 30).await.unwrap();
    assert_eq!(before.changes(&park.instance.tables().await), Vec::<String>::new(), "nothing is left");
}

async fn who_helped_is_forgotten_ninety_days_after_the_end(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    let receipt = helps(&world, &park, &call).await;
    presses(&park, &form(&park, &call), PRIYA).await;
    world.pass(MINUTE).await;
    let jo = park.pledges().await.into_iter().find(|pledge| pledge.giver.name == "Jo").unwrap();
    park.answer(&jo, PledgeState::Accepted, "Bring gloves.").await;
    folkmoot_app::calls::close(&world.home().app, &park.by, call.call.id, "Forty trees stand.", "")
        .await
        .unwrap();
    world.pass(90 * DAY - MINUTE).await;
    keeping::sweep(&park.instance.app, 30).await.unwrap();
    assert!(stored(&park).await.contains("jo@aire.test") && stored(&park).await.contains("0113 496 0123"));
    world.pass(MINUTE).await;
    keeping::sweep(&park.instance.app, 30).await.unwrap();
    let known = stored(&park).await;
    for words in ["jo@aire.test", "0113 496 0123", "Priya", "I come by bike."] {
        assert!(!known.contains(words), "{words}");
    }
    let page = park.instance.text_of(&receipt).await;
    assert!(page.contains("a neighbour"), "{page}");
    let seen = park.see(call.call.id).await;
    assert_eq!((seen.needs[0].taken, seen.needs[1].offered), (1, 1), "that they helped stays counted");
}

async fn two_buttons_pressed_at_once_are_one_pledge(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    let mut letters = Vec::new();
    for need in ["need=0", "need=1"] {
        offers(&park, &call, &JO.replace("need=0", need)).await;
        world.settle().await;
        letters.push(leads(&park, "jo@aire.test"));
    }
    let presses = |letter: &Url| {
        let letter = letter.clone();
        let instance = park.instance;
        async move { instance.submit(&letter, "").await }
    };
    let (first, second, same) =
        tokio::join!(presses(&letters[0]), presses(&letters[1]), presses(&letters[0]));
    for answer in [&first, &second, &same] {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert_eq!(answer.headers["location"], first.headers["location"]);
    }
    let twice = form(&park, &call);
    let (one, other) = tokio::join!(park.instance.submit(&twice, PRIYA), park.instance.submit(&twice, PRIYA));
    assert_eq!(one.headers["location"], other.headers["location"]);
    world.pass(MINUTE).await;
    assert_eq!(park.pledges().await.len(), 2);
    let seen = park.see(call.call.id).await;
    assert_eq!(seen.needs.iter().map(|need| need.offered).collect::<Vec<_>>(), [1, 2]);
}
