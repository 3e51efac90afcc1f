//! What buttons do, and that nothing happens without them.

use axum::http::StatusCode;
use folkmoot_app::people;
use folkmoot_domain::{PledgeId, ReplyId, pledges::PledgeState, replies::ReplyState};
use folkmoot_storage::{pledges, replies};

use crate::house::House;

async fn pledge_state(house: &House, id: PledgeId) -> PledgeState {
    pledges::find(&house.app.store.rows(), id).await.unwrap().unwrap().state
}

async fn reply_state(house: &House, id: ReplyId) -> ReplyState {
    replies::find(&house.app.store.rows(), id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn a_link_signs_in_once_and_only_by_its_button() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    house.association("park-friends", Some(ruth.id)).await;
    let link = house.sign_in_link(&ruth).await;
    for _ in 0..3 {
        let page = house.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(&format!("<form class=\"sheet\" method=\"post\" action=\"{link}\">")));
        assert!(page.headers.get("set-cookie").is_none());
    }
    let signed_in = house.press(None, &link, "").await;
    assert_eq!((signed_in.status, signed_in.header("location")), (StatusCode::SEE_OTHER, "/desk"));
    let cookie = signed_in.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("__Host-session=") && cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    let pair = cookie.split(';').next().unwrap();
    let me = house.get_as(pair, "/me").await;
    assert!(
        me.status == StatusCode::OK && me.body.contains("Ruth Okafor") && me.body.contains("/@park-friends")
    );

    for spent in [house.get(&link).await, house.press(None, &link, "").await] {
        assert_eq!(spent.status, StatusCode::GONE);
        assert!(spent.headers.get("set-cookie").is_none());
        assert!(spent.body.contains("This link has been used"));
    }
}

#[tokio::test]
async fn signing_in_always_makes_a_new_session() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let first = house.sign_in(&ruth).await;
    let link = house.sign_in_link(&ruth).await;
    let again = house.press(Some("__Host-session=chosen-by-somebody-else"), &link, "").await;
    let second = again.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(second != first && !second.contains("chosen-by-somebody-else"));
    assert_eq!(
        house.get_as("__Host-session=chosen-by-somebody-else", "/me").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let cookie = house.sign_in(&ruth).await;
    assert_eq!(house.get_as(&cookie, "/me").await.status, StatusCode::OK);
    let out = house.press(Some(&cookie), "/sign-out", "").await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(house.get_as(&cookie, "/me").await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.get("/me").await.status, StatusCode::FORBIDDEN);
    let secret = cookie.split_once('=').unwrap().1;
    assert_eq!(people::signed_in(&house.app, secret).await.unwrap(), None);
}

#[tokio::test]
async fn a_pledge_is_taken_back_by_its_button_alone() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let jo = house.stranger("jo", "Jo").await;
    let (pledge, receipt) = house.vote(call, jo.id, "I can dig").await;
    let button = format!("{receipt}/withdraw");
    assert!(house.get(&receipt).await.body.contains(&format!("action=\"{button}\"")));
    let fetched = house.get(&button).await;
    assert_eq!(fetched.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(pledge_state(&house, pledge).await, PledgeState::Offered);
    for _ in 0..2 {
        let answer = house.press(None, &button, "").await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, receipt.as_str()));
        assert_eq!(pledge_state(&house, pledge).await, PledgeState::Withdrawn);
    }
    let page = house.get(&receipt).await;
    assert!(page.body.contains("You took it back") && !page.body.contains(&button));
    assert_eq!(house.press(None, "/pledges/guessed/withdraw", "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_kept_cannot_be_taken_back() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let jo = house.stranger("jo", "Jo").await;
    let (pledge, receipt) = house.vote(call, jo.id, "I can dig").await;
    for next in [PledgeState::Accepted, PledgeState::Kept] {
        let by = folkmoot_app::By::operator();
        folkmoot_app::pledges::answer(&house.app, &by, pledge, next, "").await.unwrap();
    }
    let answer = house.press(None, &format!("{receipt}/withdraw"), "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("a pledge that is kept cannot become withdrawn"));
    assert_eq!(pledge_state(&house, pledge).await, PledgeState::Kept);
}

#[tokio::test]
async fn an_organiser_answers_what_waits() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let (jo, amna) = (house.stranger("jo", "Jo").await, house.stranger("amna", "Amna").await);
    let (yes, receipt) = house.vote(call, jo.id, "I can dig").await;
    let (no, _) = house.vote(call, amna.id, "I can dig").await;
    let shown = house.reply(&jo, call, "<p>Are there small cans?</p>", false).await;
    let hidden = house.reply(&amna, call, "<p>Buy my cans</p>", false).await;
    let direct = house.reply(&amna, call, "<p>Ring me</p>", true).await;
    let cookie = house.sign_in(&ruth).await;
    insta::assert_snapshot!(house.get_as(&cookie, "/desk").await.main());

    for (path, form) in [
        (format!("/desk/pledges/{yes}"), "answer=accepted&words=Bring+gloves."),
        (format!("/desk/pledges/{no}"), "answer=declined&words="),
        (format!("/desk/replies/{shown}"), "answer=approved"),
        (format!("/desk/replies/{hidden}"), "answer=declined"),
    ] {
        let answer = house.press(Some(&cookie), &path, form).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk"), "{path}");
    }
    assert_eq!(pledge_state(&house, yes).await, PledgeState::Accepted);
    assert_eq!(pledge_state(&house, no).await, PledgeState::Declined);
    assert!(house.get(&receipt).await.body.contains("Bring gloves."));
    let page = house.get(&format!("/calls/{call}")).await;
    assert!(page.body.contains("Are there small cans?") && page.body.contains("@jo@aire.example"));
    assert!(!page.body.contains("Buy my cans") && page.body.contains("1 of 3 found"));

    let never = house.press(Some(&cookie), &format!("/desk/replies/{direct}"), "answer=approved").await;
    assert_eq!(never.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reply_state(&house, direct).await, ReplyState::Held);
}

#[tokio::test]
async fn nobody_answers_for_others() {
    let house = House::new().await;
    let (ruth, tom, sam) = (
        house.person("Ruth Okafor", "ruth").await,
        house.person("Tom Lee", "tom").await,
        house.person("Sam Steward", "sam").await,
    );
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    house.association("other-friends", Some(tom.id)).await;
    house.make_steward(sam.id, home).await;
    let call = house.call(home, "Help plant 40 trees").await;
    let jo = house.stranger("jo", "Jo").await;
    let (pledge, _) = house.vote(call, jo.id, "I can dig").await;
    let reply = house.reply(&jo, call, "<p>Are there small cans?</p>", false).await;
    house.reply(&jo, call, "<p>Ring me at home</p>", true).await;
    let (pledge_path, reply_path) = (format!("/desk/pledges/{pledge}"), format!("/desk/replies/{reply}"));

    let (tom, sam) = (house.sign_in(&tom).await, house.sign_in(&sam).await);
    let before = house.bytes();
    for (cookie, path, form) in [
        (None, &pledge_path, "answer=accepted"),
        (None, &reply_path, "answer=approved"),
        (Some(tom.as_str()), &pledge_path, "answer=accepted"),
        (Some(tom.as_str()), &reply_path, "answer=approved"),
        (Some(sam.as_str()), &pledge_path, "answer=declined"),
    ] {
        let refused = if cookie.is_some() { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
        assert_eq!(house.press(cookie, path, form).await.status, refused, "{cookie:?} {path}");
    }
    for form in ["answer=offered", "answer=withdrawn", "", "words=x", "answer=accepted&answer=declined"] {
        let answer = house.press(Some(&tom), &pledge_path, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
    }
    assert_eq!(before, house.bytes());

    let (others, stewards) = (house.get_as(&tom, "/desk").await, house.get_as(&sam, "/desk").await);
    assert!(!others.body.contains("I can dig") && !others.body.contains("small cans"));
    assert!(!stewards.body.contains("I can dig") && !stewards.body.contains("Ring me at home"));
    assert!(stewards.body.contains("small cans"));
}

#[tokio::test]
async fn looking_changes_nothing() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    let project = house.project(home, "A tree for every street").await;
    let call = house.call_for(home, "Help plant 40 trees", Some(project)).await;
    let event = house.event(home, "Tree planting morning", None).await;
    let update = house.update(call, "The pump works again.").await;
    let jo = house.stranger("jo", "Jo").await;
    let (pledge, receipt) = house.vote(call, jo.id, "I can dig").await;
    let reply = house.reply(&jo, call, "<p>Are there small cans?</p>", false).await;
    let (cookie, link) = (house.sign_in(&ruth).await, house.sign_in_link(&ruth).await);
    let before = house.bytes();
    for path in [
        "/",
        "/calls",
        "/projects",
        "/events",
        "/associations",
        "/causes",
        "/about",
        "/health",
        "/me",
        "/sign-out",
        "/@park-friends",
        "/@ruth",
        "/causes/streettrees",
        "/nothing",
        &receipt,
        &format!("{receipt}/withdraw"),
        &link,
        &format!("/calls/{call}"),
        &format!("/projects/{project}"),
        &format!("/events/{event}"),
        &format!("/updates/{update}"),
        &format!("/desk/pledges/{pledge}?answer=accepted"),
        &format!("/desk/replies/{reply}?answer=approved"),
    ] {
        let answer = house.get_as(&cookie, path).await;
        assert!(answer.status.as_u16() < 500, "{path}");
    }
    assert_eq!(before, house.bytes());
}
