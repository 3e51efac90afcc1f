//! "I can help" for anyone: the form, the letter's page, the receipt, and what must not happen.

use axum::http::StatusCode;
use folkmoot_app::{By, calls, items, mails, pledges as steps};
use folkmoot_domain::{
    ItemId,
    moments::{DAY, HOUR},
    pledges::{PledgeSeen, PledgeState},
};

use crate::house::{Answered, House, call_draft, words};

const JO: &str = "need=0&name=Jo&email=jo%40aire.example&phone=&note=I+come+by+bike.&once=form";
const PRIYA: &str = "need=0&need=1&name=Priya&email=&phone=0113+496+0123&note=&once=form";

async fn pinned(house: &House) -> (ItemId, String) {
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    (call, format!("/calls/{call}/help"))
}

/// The path in the newest letter.
async fn link(house: &House) -> String {
    let (_, letter) = mails::list(&house.app, None, 1).await.unwrap().remove(0);
    let letter = serde_json::to_value(letter.unwrap()).unwrap();
    letter.get("link").unwrap().as_str().unwrap().strip_prefix("https://hyde.example").unwrap().to_owned()
}

async fn letters(house: &House) -> usize {
    mails::list(&house.app, None, 1_000).await.unwrap().len()
}

async fn pledge(house: &House, receipt: &str) -> PledgeSeen {
    steps::by_receipt(&house.app, receipt.strip_prefix("/pledges/").unwrap()).await.unwrap()
}

/// Where an answer leads.
fn led(answer: &Answered) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").to_owned()
}

/// Sends the form and presses the button of the letter: the path of the receipt.
async fn helps(house: &House, path: &str, form: &str) -> String {
    assert_eq!(house.press(None, path, form).await.status, StatusCode::OK);
    led(&house.press(None, &link(house).await, "").await)
}

#[tokio::test]
async fn from_the_call_to_the_receipt_are_three_taps_and_one_letter() {
    let house = House::new().await;
    let (call, path) = pinned(&house).await;
    // One: the button on the page of the call.
    let page = house.get(&format!("/calls/{call}")).await;
    let button = page.body.find(&format!("<a class=\"button loud\" href=\"{path}\">I can help</a>")).unwrap();
    assert!(button < page.body.find("Or answer from your own server").unwrap());
    let form = house.get(&path).await;
    let once = form.body.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(once.len() > 20 && form.body.matches(" checked").count() == 1);
    insta::assert_snapshot!("form", form.main().replace(once, "ONCE").replace(&call.to_string(), "CALL"));

    // Two: the button of the form.
    let sent = house.press(None, &path, JO).await;
    assert_eq!(sent.status, StatusCode::OK);
    insta::assert_snapshot!("sent", sent.main().replace(&call.to_string(), "CALL"));
    let confirm = link(&house).await;
    let before = house.bytes();
    for _ in 0..3 {
        let page = house.get(&confirm).await;
        assert_eq!((page.status, page.body.matches("<button").count()), (StatusCode::OK, 1));
        assert!(page.body.contains("I can dig") && page.body.contains("Help plant 40 trees"));
    }
    assert_eq!(before, house.bytes(), "looking at a letter confirms nothing");

    // Three: the button behind the letter.
    let receipt = led(&house.press(None, &confirm, "").await);
    let page = house.get(&receipt).await;
    assert!(page.body.contains("You offered to help") && page.body.contains("I come by bike."));
    assert!(page.body.contains("<dd>Jo</dd>") && !page.main().contains('@'), "a visitor has no address");
    assert_eq!(letters(&house).await, 2, "one to confirm, and the receipt");
    assert_eq!(link(&house).await, receipt);
    // Whoever opens the letter again finds the pledge.
    assert_eq!(led(&house.get(&confirm).await), receipt);
    assert_eq!(led(&house.press(None, &confirm, "").await), receipt);
    assert!(house.get(&format!("/calls/{call}")).await.body.contains("1 more offered"));

    let undone = house.press(None, &format!("{receipt}/withdraw"), "").await;
    assert_eq!(led(&undone), receipt);
    assert!(house.get(&receipt).await.body.contains("offer it again on the page of the call"));
    assert_eq!(pledge(&house, &receipt).await.pledge.state, PledgeState::Withdrawn);
}

#[tokio::test]
async fn a_form_that_needs_another_look_comes_back_with_what_was_typed() {
    let house = House::new().await;
    let (_, path) = pinned(&house).await;
    for (form, field, why) in [
        (JO.replace("need=0&", ""), "needs", "Tick what you can do."),
        (JO.replace("name=Jo", "name=+"), "name", "Say what to call you; a first name will do."),
        (JO.replace("jo%40", ""), "email", "Write an address such as ruth@hyde.example."),
        (
            JO.replace("jo%40aire.example", ""),
            "email",
            "Leave an e-mail address, or a telephone number below.",
        ),
        (JO.replace("phone=", "phone=ask+Sam"), "phone", "Write a number such as 0113 496 0123."),
        (JO.replace("bike.", &"x".repeat(1_000)), "note", "Has 1010 characters; at most 1000 fit."),
    ] {
        let page = house.press(None, &path, &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        let main = page.main();
        assert!(main.contains(&format!("<a href=\"#{field}\">{why}</a>")), "{field}: {main}");
        assert!(
            main.contains(&format!("id=\"{field}-why\"")) && main.contains("aria-invalid=\"true\""),
            "{field}"
        );
        assert!(main.contains(&format!("id=\"{field}\"")), "{field}");
        assert!(main.contains("value=\"form\"") && main.contains("I come by") || field == "note", "{field}");
    }
    let page = house.press(None, &path, &JO.replace("jo%40aire.example", "jo")).await;
    assert!(page.body.contains("value=\"Jo\"") && page.body.contains("value=\"jo\""));
    assert_eq!(page.body.matches(" checked").count(), 1);
    assert_eq!(letters(&house).await, 0);
}

#[tokio::test]
async fn the_answer_is_the_same_whatever_is_known_of_the_address() {
    let house = House::new().await;
    let (_, path) = pinned(&house).await;
    house.person("Jo Okafor", "jo").await;
    helps(&house, &path, JO).await;
    let mut said = Vec::new();
    for email in ["jo@aire.example", "jo@hyde.example", "never@aire.example"] {
        let form = JO.replace("jo%40aire.example", &email.replace('@', "%40"));
        let page = house.press(None, &path, &form).await;
        said.push((page.status, page.main().replace(email, "EMAIL"), page.headers.len()));
    }
    assert!(said[0] == said[1] && said[1] == said[2]);
}

#[tokio::test]
async fn with_a_telephone_number_the_receipt_comes_at_once() {
    let house = House::new().await;
    let (call, path) = pinned(&house).await;
    let receipt = led(&house.press(None, &path, PRIYA).await);
    assert_eq!(led(&house.press(None, &path, PRIYA).await), receipt, "the button pressed twice");
    let page = house.get(&receipt).await;
    assert!(page.body.contains("will call you") && page.body.contains("0113 496 0123"));
    assert_eq!(letters(&house).await, 0);
    let shown = house.get(&format!("/calls/{call}")).await;
    assert!(shown.body.contains("1 more offered") && !shown.body.contains("Priya"));
}

#[tokio::test]
async fn who_is_signed_in_taps_twice() {
    let house = House::new().await;
    let (_, path) = pinned(&house).await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let cookie = house.sign_in(&ruth).await;
    let before = letters(&house).await;
    let form = house.get_as(&cookie, &path).await;
    assert!(!form.body.contains("name=\"name\"") && !form.body.contains("name=\"email\""));
    assert!(form.body.contains("<bdi>Ruth Okafor</bdi>") && form.body.contains("ruth@hyde.example"));
    let again = house.press(Some(&cookie), &path, "note=x").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    // What is typed for others counts for nothing.
    let receipt = led(&house.press(Some(&cookie), &path, JO).await);
    assert_eq!(pledge(&house, &receipt).await.giver.id, ruth.id);
    assert!(house.get(&receipt).await.body.contains("<dd>Ruth Okafor</dd>"));
    assert_eq!(led(&house.press(Some(&cookie), &path, "need=1").await), receipt);
    assert_eq!(letters(&house).await, before);
}

#[tokio::test]
async fn what_is_over_takes_no_offers() {
    let house = House::new().await;
    let (call, path) = pinned(&house).await;
    let home = pledge(&house, &helps(&house, &path, JO).await).await.home.id;
    let gone = house.call(home, "Water the trees").await;
    let gone_path = format!("/calls/{gone}/help");
    house.press(None, &path, &JO.replace("jo%40", "ben%40")).await;
    let late = link(&house).await;
    house.press(None, &gone_path, &JO.replace("jo%40", "amna%40")).await;
    let later = link(&house).await;
    house.press(None, &path, &JO.replace("jo%40", "eve%40")).await;
    calls::close(&house.app, &By::operator(), call, "Forty trees stand.", "").await.unwrap();
    items::delete(&house.app, &By::operator(), gone).await.unwrap();

    assert_eq!(led(&house.get(&path).await), format!("/calls/{call}"));
    let answer = house.press(None, &path, PRIYA).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("this call no longer takes answers"));
    assert!(!house.get(&format!("/calls/{call}")).await.body.contains(&path));
    for path in [&gone_path, &gone_path.replace(&gone.to_string(), &house.app.id::<ItemId>().to_string())] {
        let expected = if *path == gone_path { StatusCode::GONE } else { StatusCode::NOT_FOUND };
        assert_eq!(house.get(path).await.status, expected);
        assert_eq!(house.press(None, path, PRIYA).await.status, expected);
    }
    for (path, words) in [(&late, "Help plant 40 trees"), (&later, "This call is over")] {
        for page in
            [house.get(path).await, house.press(None, path, "").await, house.press(None, path, "").await]
        {
            assert_eq!(page.status, StatusCode::GONE);
            assert!(page.body.contains("This call is over") && page.body.contains(words));
        }
    }
    for page in [house.get("/offers/guessed").await, house.press(None, "/offers/guessed", "").await] {
        assert_eq!(page.status, StatusCode::GONE);
        assert!(page.body.contains("This letter is too old"));
    }
}

#[tokio::test]
async fn a_letter_is_good_for_two_days() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let mut draft = call_draft();
    draft.closes = draft.closes.plus(30 * DAY);
    let call = calls::publish(&house.app, &By::operator(), home, words("Dig"), draft).await.unwrap().call.id;
    house.press(None, &format!("/calls/{call}/help"), JO).await;
    let letter = link(&house).await;
    house.later(48 * HOUR - 1);
    assert_eq!(house.get(&letter).await.status, StatusCode::OK);
    house.later(1);
    for page in [house.get(&letter).await, house.press(None, &letter, "").await] {
        assert_eq!(page.status, StatusCode::GONE);
    }
}

#[tokio::test]
async fn what_visitors_write_is_text_and_organisers_alone_read_it() {
    const HOSTILE: &str = "<script>alert(1)</script>";
    let house = House::new().await;
    let (ruth, tom) = (house.person("Ruth Okafor", "ruth").await, house.person("Tom Lee", "tom").await);
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    house.association("other-friends", Some(tom.id)).await;
    let call = house.call(home, "Help plant 40 trees").await;
    let path = format!("/calls/{call}/help");
    let form = JO.replace("name=Jo", &format!("name={HOSTILE}")).replace("bike.", HOSTILE);
    house.press(None, &path, &form).await;
    let letter = link(&house).await;
    let confirm = house.get(&letter).await;
    let receipt = led(&house.press(None, &letter, "").await);
    let (ruth, tom) = (house.sign_in(&ruth).await, house.sign_in(&tom).await);
    let wrong = house.press(None, &path, &form.replace("need=0&", "")).await;
    for page in [confirm, wrong, house.get(&receipt).await, house.get_as(&ruth, "/desk").await] {
        assert!(!page.body.contains(HOSTILE));
    }
    for page in [house.get(&format!("/calls/{call}")).await, house.get_as(&tom, "/desk").await] {
        assert!(!page.body.contains("alert(1)") && !page.body.contains("jo@aire.example"));
    }
    // The receipt is known by its secret, and by nothing that others can see.
    let id = pledge(&house, &receipt).await.pledge.id;
    for guess in [format!("/pledges/{id}"), receipt[..receipt.len() - 1].to_owned()] {
        assert_eq!(house.get(&guess).await.status, StatusCode::NOT_FOUND);
        assert_eq!(house.press(None, &format!("{guess}/withdraw"), "").await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(pledge(&house, &receipt).await.pledge.state, PledgeState::Offered);
}

#[tokio::test]
async fn nothing_happens_for_strangers_and_not_too_often() {
    let house = House::new().await;
    let (_, path) = pinned(&house).await;
    house.press(None, &path, JO).await;
    let letter = link(&house).await;
    let before = house.bytes();
    for (path, form) in [(&path, JO), (&path, PRIYA), (&letter, "")] {
        for said in [&[][..], &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]] {
            assert_eq!(house.post(None, path, form, said).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    assert_eq!(before, house.bytes());
    for page in [house.get(&path).await, house.get(&letter).await, house.get("/offers/guessed").await] {
        assert_eq!(
            (page.header("cache-control"), page.header("referrer-policy")),
            ("no-store", "no-referrer")
        );
        assert!(page.body.contains("noindex"));
    }
    for number in 0..4 {
        let form = JO.replace("jo%40", &format!("jo{number}%40"));
        assert_eq!(house.press(None, &path, &form).await.status, StatusCode::OK);
    }
    let page = house.press(None, &path, JO).await;
    assert!(
        page.status == StatusCode::TOO_MANY_REQUESTS && page.body.contains("asked too often in a short time"),
        "{}",
        page.body
    );
    assert!(page.body.contains("value=\"jo@aire.example\""), "what was typed is not lost");
    house.later(HOUR);
    assert_eq!(house.press(None, &path, JO).await.status, StatusCode::OK);
}
