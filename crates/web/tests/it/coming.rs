//! "I will come": the button, the form, the letter's page, the receipt; what organisers see; and writing a reply.

use axum::http::StatusCode;
use folkmoot_app::{By, events, mails};
use folkmoot_domain::{ItemId, moments::DAY};
use folkmoot_storage::people;

use crate::house::{Answered, House};

async fn pinned(house: &House) -> ItemId {
    let home = house.association("park-friends", None).await.actor.id;
    house.event(home, "Planting day", None).await
}

/// The path in the newest letter.
async fn link(house: &House) -> String {
    let (_, letter) = mails::list(&house.app, None, 1).await.unwrap().remove(0);
    let letter = serde_json::to_value(letter.unwrap()).unwrap();
    letter.get("link").unwrap().as_str().unwrap().strip_prefix("https://hyde.example").unwrap().to_owned()
}

/// Where an answer leads.
fn led(answer: &Answered) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_visitor_comes_with_three_taps_and_one_letter() {
    let house = House::new().await;
    let event = pinned(&house).await;
    let path = format!("/events/{event}/come");
    let page = house.get(&format!("/events/{event}")).await;
    assert!(page.body.contains(&format!("<a class=\"button loud\" href=\"{path}\">I will come</a>")));
    assert!(page.body.contains("40 places left") && page.body.contains("No account needed"));
    let form = house.get(&path).await;
    assert!(form.body.contains("name=\"email\"") && form.body.contains("40 places left"));
    let sent = house.press(None, &path, "name=Jo&email=jo%40aire.example&note=With+a+pram.").await;
    assert!(sent.status == StatusCode::OK && sent.body.contains("jo@aire.example"));

    // Programs open links: nothing happens by that.
    let letter = link(&house).await;
    for _ in 0..2 {
        let page = house.get(&letter).await;
        assert!(page.body.contains("Yes, I will come"), "{}", page.body);
    }
    assert!(house.get(&format!("/events/{event}")).await.body.contains(">40 places left<"));
    let receipt = led(&house.press(None, &format!("{letter}/confirm"), "").await);
    let page = house.get(&receipt).await;
    assert!(page.body.contains("You are coming") && page.body.contains("Planting day"));
    assert_eq!(page.header("cache-control"), "no-store");
    let page = house.get(&format!("/events/{event}")).await;
    assert!(page.body.contains("1 is coming, 39 places left"));
    assert!(!page.body.contains("Jo<") && !page.body.contains("jo@aire.example"), "nobody sees who");
    assert_eq!(led(&house.press(None, &format!("{receipt}/take-back"), "").await), receipt);
    assert!(house.get(&receipt).await.body.contains("You are not coming"));
    assert!(house.get("/coming/nonsense").await.status.is_client_error());
}

#[tokio::test]
async fn a_form_says_what_is_missing_and_an_event_that_is_over_has_none() {
    let house = House::new().await;
    let event = pinned(&house).await;
    let path = format!("/events/{event}/come");
    let again = house.press(None, &path, "name=&email=jo%40aire.example").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("a first name will do") && again.body.contains("value=\"jo@aire.example\""));
    assert!(house.press(None, &path, "name=Jo&email=jo").await.body.contains("aria-invalid"));
    events::cancel(&house.app, &By::operator(), event, "Storm").await.unwrap();
    assert_eq!(led(&house.get(&path).await), format!("/events/{event}"));
    assert!(!house.get(&format!("/events/{event}")).await.body.contains("I will come"));
    let missing = house.get("/events/0198c0de-0000-7000-8000-000000000000/come").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_is_signed_in_comes_with_one_tap_and_organisers_see_who() {
    let house = House::new().await;
    let ruth = house.person("Ruth", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    let event = house.event(home, "Planting day", None).await;
    let ada = house.person("Ada", "ada").await;
    let cookie = house.sign_in(&ada).await;
    let page = house.get_as(&cookie, &format!("/events/{event}")).await;
    assert_eq!(page.header("cache-control"), "no-store", "what is for one reader is kept nowhere");
    let form = house.get_as(&cookie, &format!("/events/{event}/come")).await;
    assert!(!form.body.contains("name=\"email\"") && form.body.contains("I may come"));
    let receipt = led(&house.press(Some(&cookie), &format!("/events/{event}/come"), "answer=maybe").await);
    assert!(house.get(&receipt).await.body.contains("You may come"));
    led(&house.press(Some(&cookie), &format!("/events/{event}/come"), "note=I+bring+tea.").await);
    let page = house.get_as(&cookie, &format!("/events/{event}")).await;
    assert!(page.body.contains("You said that you come: coming.") && page.body.contains(&receipt));
    let me = house.get_as(&cookie, "/me").await;
    assert!(me.body.contains("Where you are going") && me.body.contains(&receipt));
    assert!(house.get_as(&cookie, "/me/data.json").await.body.contains("I bring tea."));

    let desk = house.get_as(&house.sign_in(&ruth).await, &format!("/desk/items/{event}")).await;
    assert!(
        desk.body.contains("Who comes") && desk.body.contains("Ada") && desk.body.contains("I bring tea.")
    );
    let other = house.get_as(&cookie, &format!("/desk/items/{event}")).await;
    assert!(other.status.is_client_error(), "the list is for the organisers");
    house.later(3 * DAY);
}

#[tokio::test]
async fn a_reply_is_for_its_author_until_it_is_approved() {
    let house = House::new().await;
    let event = pinned(&house).await;
    let ada = house.person("Ada", "ada").await;
    let cookie = house.sign_in(&ada).await;
    assert!(!house.get(&format!("/events/{event}")).await.body.contains("Write a reply"));
    let path = format!("/items/{event}/reply");
    assert!(house.get_as(&cookie, &format!("/events/{event}")).await.body.contains(&path));
    assert!(house.get(&path).await.body.contains("Sign in first"));
    let empty = house.press(Some(&cookie), &path, "words=+").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    led(&house.press(Some(&cookie), &path, "words=Is+there+**tea**%3F+%3Cscript%3E").await);
    assert!(!house.get(&format!("/events/{event}")).await.body.contains("Is there"));
    let mine = house.get_as(&cookie, &format!("/events/{event}")).await.body;
    assert!(mine.contains("Is there <strong>tea</strong>") && mine.contains("Only you see this so far"));
    assert!(!mine.contains("<script>"));
    let delete = mine.split("action=\"/replies/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let bob = house.person("Bob", "bob").await;
    let stolen = house.press(Some(&house.sign_in(&bob).await), &format!("/replies/{delete}"), "").await;
    assert!(stolen.status.is_client_error());
    led(&house.press(Some(&cookie), &format!("/replies/{delete}"), "").await);
    assert!(!house.get_as(&cookie, &format!("/events/{event}")).await.body.contains("Is there"));
    assert!(people::find(&house.app.store.rows(), ada.id).await.unwrap().is_some());
}
