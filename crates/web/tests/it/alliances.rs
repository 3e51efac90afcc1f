//! Alliances and decisions from the desk: founded in one form, answered with one press, asked and recorded.

use axum::http::StatusCode;
use folkmoot_domain::moments::DAY;
use folkmoot_storage::{actors, affiliations, decisions};

use crate::{desk::form, house::House};

/// Ruth has Trees, Ben has Bridge; Ruth founds an alliance of both.
async fn allied(house: &House) -> (String, String) {
    let (ruth, ben) = (house.person("Ruth", "ruth").await, house.person("Ben", "ben").await);
    house.association("trees", Some(ruth.id)).await;
    house.association("bridge", Some(ben.id)).await;
    let (ruth, ben) = (house.sign_in(&ruth).await, house.sign_in(&ben).await);
    let fields = [
        ("name", "Leeds Together"),
        ("members", "@trees@hyde.example\r\n@bridge"),
        ("mandate", "Trees for <all>"),
    ];
    let done = house.press(Some(&ruth), "/desk/alliances/new", &form(&fields)).await;
    assert_eq!(done.header("location"), "/desk/alliances", "{}", done.main());
    (ruth, ben)
}

async fn tie_of(house: &House, handle: &str) -> String {
    let rows = house.app.store.rows();
    let side = actors::by_handle(&rows, handle).await.unwrap().unwrap();
    affiliations::of(&rows, side.id).await.unwrap().pop().unwrap().id.to_string()
}

#[tokio::test]
async fn an_alliance_is_founded_in_one_form_and_joined_with_one_press() {
    let house = House::new().await;
    let (ruth, ben) = allied(&house).await;
    let desk = house.get_as(&ben, "/desk").await;
    assert!(desk.main().contains("Read and answer"), "{}", desk.main());
    let page = house.get_as(&ben, "/desk/alliances").await;
    assert!(page.body.contains("Trees for &#60;all&#62;") || page.body.contains("Trees for &lt;all&gt;"));
    let action = format!("/desk/alliances/{}", tie_of(&house, "bridge").await);
    // What waits at the desk of somebody else is nobody's business.
    assert_eq!(house.press(Some(&ruth), &action, "answer=yes").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.press(Some(&ben), &action, "answer=yes").await.header("location"), "/desk/alliances");
    let page = house.get("/@leeds-together").await;
    assert!(page.main().contains("Its members"), "{}", page.main());
    assert!(house.get("/@bridge").await.main().contains("Member of"));
    let ended = house.press(Some(&ben), &action, "answer=end&for=bridge").await;
    assert_eq!(ended.header("location"), "/desk/alliances");
    assert!(!house.get("/@bridge").await.main().contains("Member of"));
}

#[tokio::test]
async fn what_cannot_be_founded_says_which_line_it_was() {
    let house = House::new().await;
    let ruth = house.person("Ruth", "ruth").await;
    house.association("trees", Some(ruth.id)).await;
    let cookie = house.sign_in(&ruth).await;
    let filled = house.get_as(&cookie, "/desk/alliances/new?members=@a@x.example,@b@y.example").await;
    assert!(filled.body.contains("@a@x.example\n@b@y.example"), "{}", filled.main());
    let fields = [("name", "Leeds Together"), ("members", "@trees\n@nobody-at-all"), ("mandate", "")];
    let page = house.press(Some(&cookie), "/desk/alliances/new", &form(&fields)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.main().contains("nobody-at-all"), "{}", page.main());
    let page =
        house.press(Some(&cookie), "/desk/alliances/propose", "for=trees&with=@trees&wish=partner").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody is tied to itself");
}

#[tokio::test]
async fn members_vote_and_the_record_can_be_taken_along() {
    let house = House::new().await;
    let (ruth, ben) = allied(&house).await;
    let action = format!("/desk/alliances/{}", tie_of(&house, "bridge").await);
    house.press(Some(&ben), &action, "answer=yes").await;
    let fields = [
        ("for", "leeds-together"),
        ("title", "Shall we plant the Headrow?"),
        ("text", "It costs **nothing**."),
        ("rule", "consensus"),
        ("minus", "1"),
        ("days", "7"),
    ];
    let asked = house.press(Some(&ruth), "/desk/decisions/new", &form(&fields)).await;
    let path = asked.header("location").to_owned();
    assert!(path.starts_with("/desk/decisions/"), "{}", asked.main());
    let desk = house.get_as(&ben, "/desk").await;
    assert!(desk.body.contains(&path), "{}", desk.main());
    let stella = house.person("Stella", "stella").await;
    let stella = house.sign_in(&stella).await;
    assert_eq!(house.get_as(&stella, &path).await.status, StatusCode::NOT_FOUND, "for members alone");
    let forged = house.press(Some(&stella), &path, "for=bridge&choice=For").await;
    assert_eq!(forged.status, StatusCode::NOT_FOUND);

    let vote = form(&[("for", "bridge"), ("choice", "Against"), ("words", "=The bats")]);
    assert_eq!(house.press(Some(&ben), &path, &vote).await.header("location"), path);
    house.press(Some(&ruth), &path, &form(&[("for", "trees"), ("choice", "For")])).await;
    assert!(!house.get_as(&ruth, &path).await.main().contains("The bats"), "not before the end");
    house.later(8 * DAY);
    for change in folkmoot_app::changes::due(&house.app, 100).await.unwrap() {
        folkmoot_app::changes::tell(&house.app, &change, Vec::new()).await.unwrap();
    }
    let page = house.get_as(&ben, &path).await;
    assert!(page.main().contains("Agreed") && page.main().contains("The bats"), "{}", page.main());
    let csv = house.get_as(&ben, &format!("{path}/record.csv")).await;
    assert!(csv.body.contains("\"'=The bats\""), "no spreadsheet reckons with it: {}", csv.body);
    assert!(house.get_as(&ben, &format!("{path}/record.txt")).await.body.contains("Outcome: agreed"));
    let json = house.get_as(&ruth, &format!("{path}/record.json")).await;
    assert!(json.body.contains("\"outcome\":\"agreed\""), "{}", json.body);
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    assert!(decisions::find(&house.app.store.rows(), id).await.unwrap().unwrap().closed.is_some());
}
