//! What one does at the desk with something that is pinned: change, park, take up, call off, close, delete, copy.

use axum::http::StatusCode;
use folkmoot_domain::{calls::CallState, events::EventState, projects::ProjectState};
use folkmoot_storage::{calls, events, items, projects};

use crate::{
    desk::{form, fresh, organiser},
    house::House,
};

#[tokio::test]
async fn words_change_and_what_is_frozen_stays() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let project = house.project(home, "A tree for every street").await;
    let call = house.call(home, "Help plant 40 trees").await;
    let path = format!("/desk/items/{call}/edit");
    let page = house.get_as(&cookie, &path).await;
    insta::assert_snapshot!(
        page.main().replace(&call.to_string(), "THE-CALL").replace(&project.to_string(), "THE-PROJECT")
    );
    assert!(
        page.body.contains("Two things stay as they were published") && !page.body.contains("closes-day")
    );

    let sent = form(&[
        ("title", "Help plant 50 trees"),
        ("text", "Bring **gloves**."),
        ("place", "By the bandstand"),
        ("why", "Ten more came."),
        ("causes", "StreetTrees"),
        ("project", &project.to_string()),
        ("note", "Ten more trees came."),
        // Nobody can reach these from the form.
        ("closes-day", "2030-01-01"),
        ("label-1", "I can do something else"),
    ]);
    let done = house.press(Some(&cookie), &path, &sent).await;
    assert_eq!(done.header("location"), format!("/desk/items/{call}"), "{}", done.main());
    let rows = house.app.store.rows();
    let seen = calls::seen(&rows, call).await.unwrap().unwrap();
    assert_eq!(
        (seen.seen.item.title.as_str(), seen.call.why.as_str()),
        ("Help plant 50 trees", "Ten more came.")
    );
    assert_eq!((seen.call.project, seen.needs[0].need.label.as_str()), (Some(project), "I can dig"));
    assert_eq!(seen.call.closes, crate::house::call_draft().closes);
    assert_eq!(seen.seen.causes.len(), 1);

    let bad = house.press(Some(&cookie), &path, &form(&[("title", ""), ("why", "Kept as typed")])).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("Kept as typed") && bad.body.contains("href=\"#title\""));
}

#[tokio::test]
async fn projects_events_and_updates_change_too() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let project = house.project(home, "A tree for every street").await;
    let event = house.event(home, "Tree planting morning", None).await;
    let update = house.update(project, "Nine stand.").await;
    for item in [project, event, update] {
        assert_eq!(house.get_as(&cookie, &format!("/desk/items/{item}")).await.status, StatusCode::OK);
        assert_eq!(house.get_as(&cookie, &format!("/desk/items/{item}/edit")).await.status, StatusCode::OK);
    }
    let change = |item| format!("/desk/items/{item}/edit");
    let sent = form(&[("title", "A tree for each street"), ("need", "A van")]);
    assert_eq!(house.press(Some(&cookie), &change(project), &sent).await.status, StatusCode::SEE_OTHER);
    let sent = form(&[
        ("title", "Tree planting afternoon"),
        ("starts-day", "2026-06-14"),
        ("starts-time", "14:00"),
        ("ends-time", "16:00"),
    ]);
    assert_eq!(house.press(Some(&cookie), &change(event), &sent).await.status, StatusCode::SEE_OTHER);
    let sent = form(&[("text", "Ten stand.")]);
    assert_eq!(house.press(Some(&cookie), &change(update), &sent).await.status, StatusCode::SEE_OTHER);
    let rows = house.app.store.rows();
    assert_eq!(projects::seen(&rows, project).await.unwrap().unwrap().need, "A van");
    let moved = events::seen(&rows, event).await.unwrap().unwrap();
    assert_eq!(moved.event.starts.rfc3339(), "2026-06-14T13:00:00Z");
    assert!(items::find(&rows, update).await.unwrap().unwrap().text.html.contains("Ten stand."));
    let sent = form(&[
        ("title", "x"),
        ("starts-day", "2026-06-14"),
        ("starts-time", "14:00"),
        ("ends-time", "13:00"),
    ]);
    let bad = house.press(Some(&cookie), &change(event), &sent).await;
    assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.body.contains("href=\"#ends\""));
}

#[tokio::test]
async fn another_day_comes_and_goes() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let (call, project) = (house.call(home, "Plant").await, house.project(home, "Nursery").await);
    for item in [call, project] {
        let path = format!("/desk/items/{item}/park");
        assert_eq!(house.get_as(&cookie, &path).await.status, StatusCode::OK);
        for (fields, at) in [
            (&[("reason", "")][..], "reason"),
            (&[("reason", "No saplings"), ("wake-day", "2026-06-01")], "wake"),
            (&[("reason", "No saplings"), ("wake-day", "soon")], "wake"),
        ] {
            let bad = house.press(Some(&cookie), &path, &form(fields)).await;
            assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(
                bad.body.contains(&format!("href=\"#{at}\"")) && bad.body.contains(&format!("id=\"{at}\""))
            );
        }
        let sent = form(&[("reason", "No saplings"), ("wake-day", "2026-11-02")]);
        assert_eq!(house.press(Some(&cookie), &path, &sent).await.status, StatusCode::SEE_OTHER);
        let page = house.get_as(&cookie, &format!("/desk/items/{item}")).await;
        assert!(page.body.contains("Take it up again"), "{}", page.main());
        let resumed = house.press(Some(&cookie), &format!("/desk/items/{item}/resume"), "").await;
        assert_eq!(resumed.status, StatusCode::SEE_OTHER);
    }
    let rows = house.app.store.rows();
    assert_eq!(calls::seen(&rows, call).await.unwrap().unwrap().call.state, CallState::Open);
    assert_eq!(projects::seen(&rows, project).await.unwrap().unwrap().state, ProjectState::Active);
}

#[tokio::test]
async fn things_end_with_words() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let (project, event) = (house.project(home, "Nursery").await, house.event(home, "Planting", None).await);
    let call = house.call(home, "Plant").await;
    let path = format!("/desk/items/{call}/close");
    let bad =
        house.press(Some(&cookie), &path, &form(&[("outcome", " "), ("thanks", "Kept as typed")])).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("href=\"#outcome\"") && bad.body.contains("Kept as typed"));
    for (item, step, fields) in [
        (call, "cancel", form(&[("reason", "Storm warning")])),
        (project, "close", form(&[("outcome", "Four hundred saplings.")])),
        (event, "cancel", form(&[("reason", "Storm warning")])),
    ] {
        let done = house.press(Some(&cookie), &format!("/desk/items/{item}/{step}"), &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{step}");
        let page = house.get_as(&cookie, &format!("/desk/items/{item}")).await;
        assert!(!page.body.contains("/park\"") && !page.body.contains("/cancel\""), "{step}: it is over");
        // What is over stays over, and says so.
        let again = house.press(Some(&cookie), &format!("/desk/items/{item}/{step}"), &fields).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{step}");
    }
    let rows = house.app.store.rows();
    assert!(matches!(
        calls::seen(&rows, call).await.unwrap().unwrap().call.state,
        CallState::Cancelled { .. }
    ));
    assert!(matches!(
        projects::seen(&rows, project).await.unwrap().unwrap().state,
        ProjectState::Done { .. }
    ));
    let event = events::seen(&rows, event).await.unwrap().unwrap();
    assert!(matches!(event.event.state, EventState::Cancelled { .. }));
}

#[tokio::test]
async fn deleting_asks_first() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let call = house.call(home, "Plant").await;
    let path = format!("/desk/items/{call}/delete");
    let before = house.bytes();
    let page = house.get_as(&cookie, &path).await;
    assert!(page.body.contains("Delete it for good") && page.body.contains("Leave it as it is"));
    assert_eq!(before, house.bytes());
    let done = house.press(Some(&cookie), &path, "").await;
    assert_eq!(done.header("location"), "/desk");
    assert_eq!(house.get(&format!("/calls/{call}")).await.status, StatusCode::GONE);
    assert_eq!(house.get_as(&cookie, &path).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn another_like_it_has_everything_but_the_day() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let call = house.call(home, "Help plant 40 trees").await;
    let path = fresh(&house, &cookie, &format!("?like={call}")).await;
    let page = house.get_as(&cookie, &path).await;
    for typed in [
        "Help plant 40 trees",
        "value=\"I can dig\"",
        "value=\"3\"",
        "The storm took a third",
        "value=\"18:00\"",
    ] {
        assert!(page.body.contains(typed), "{typed}: {}", page.main());
    }
    assert!(!page.body.contains("2026-06-12"));
}

#[tokio::test]
async fn what_others_pinned_is_not_there() {
    let house = House::new().await;
    organiser(&house).await;
    let (tom, sam) = (house.person("Tom Lee", "tom").await, house.person("Sam Steward", "sam").await);
    let home = house.association("other-friends", Some(tom.id)).await.actor.id;
    house.make_steward(sam.id, home).await;
    let call = house.call(home, "Mend the hand pump").await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let (ruth, sam) = (house.sign_in(&ruth).await, house.sign_in(&sam).await);
    let before = house.bytes();
    for cookie in [&ruth, &sam] {
        for path in
            ["", "/edit", "/close", "/park", "/cancel", "/delete", "/published", "/picture", "/nonsense"]
        {
            let path = format!("/desk/items/{call}{path}");
            let got = house.get_as(cookie, &path).await;
            assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&got.status), "{path}");
            assert!(!got.body.contains("hand pump"), "{path}");
        }
        for (step, fields) in [
            ("edit", "title=Mine"),
            ("close", "outcome=Mine"),
            ("park", "reason=Mine"),
            ("cancel", "reason=Mine"),
            ("delete", ""),
            ("resume", ""),
        ] {
            let answer = house.press(Some(cookie), &format!("/desk/items/{call}/{step}"), fields).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{step}");
        }
    }
    assert_eq!(before, house.bytes());
    assert_eq!(
        house.press(None, &format!("/desk/items/{call}/delete"), "").await.status,
        StatusCode::FORBIDDEN
    );
}
