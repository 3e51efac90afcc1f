//! Where things stand, in words.

use folkmoot_app::{By, calls, events, pledges, projects};
use folkmoot_domain::{
    ItemId, Moment,
    moments::{DAY, HOUR},
    pledges::PledgeState,
};

use crate::house::{House, NOW};

async fn says(house: &House, path: &str, said: &[&str]) {
    let page = house.get(path).await;
    for words in said {
        assert!(page.body.contains(words), "{path} does not say {words}:\n{}", page.main());
    }
}

async fn call(house: &House) -> (ItemId, String) {
    let home = house.association("park-friends", None).await.actor.id;
    let id = house.call(home, "Help plant 40 trees").await;
    (id, format!("/calls/{id}"))
}

#[tokio::test]
async fn a_call_is_open_until_it_closes() {
    let house = House::new().await;
    let (_, path) = call(&house).await;
    says(&house, &path, &["open until tomorrow, 6 pm<", "0 of 3 found", "any number helps"]).await;
    says(&house, &path, &["Or answer from your own server", "Tick what you can do"]).await;
    says(&house, "/", &["Help plant 40 trees"]).await;
    house.later(2 * DAY);
    says(&house, &path, &["answers ended yesterday, 6 pm<"]).await;
    assert!(!house.get(&path).await.body.contains("nswer from your own server"));
    assert!(!house.get("/").await.main().contains("Help plant 40 trees"));
}

#[tokio::test]
async fn a_call_is_filled_by_what_is_accepted() {
    let house = House::new().await;
    let (id, path) = call(&house).await;
    for name in ["jo", "amna", "tom"] {
        let giver = house.stranger(name, name).await;
        let (pledge, _) = house.vote(id, giver.id, "I can dig").await;
        pledges::answer(&house.app, &By::operator(), pledge, PledgeState::Accepted, "").await.unwrap();
    }
    says(&house, &path, &["filled: enough is found; open until tomorrow", "3 of 3 found"]).await;
    assert!(!house.get("/").await.main().contains("Help plant 40 trees"));
    assert_eq!(house.get(&path).await.body.matches("<i class=\"gone\"></i>").count(), 3);
}

#[tokio::test]
async fn a_call_is_left_for_another_day() {
    let house = House::new().await;
    let (id, path) = call(&house).await;
    let wake = Some(Moment(NOW + 30 * DAY));
    calls::park(&house.app, &By::operator(), id, "No saplings to be had.", wake).await.unwrap();
    let said = ["we look again on Saturday 11 July 2026", "No saplings to be had.", "left for another day"];
    says(&house, &path, &said).await;
    assert!(!house.get(&path).await.body.contains("nswer from your own server"));
}

#[tokio::test]
async fn a_call_is_cancelled_and_stays_in_view() {
    let house = House::new().await;
    let (id, path) = call(&house).await;
    calls::cancel(&house.app, &By::operator(), id, "Storm <warning>.").await.unwrap();
    says(&house, &path, &["cancelled", "Storm &#60;warning&#62;."]).await;
    says(&house, "/calls", &["<del>Help plant 40 trees</del>"]).await;
}

#[tokio::test]
async fn a_call_closes_with_outcome_and_thanks() {
    let house = House::new().await;
    let (id, path) = call(&house).await;
    calls::close(&house.app, &By::operator(), id, "40 trees stand.", "Thank you, all nine.").await.unwrap();
    says(&house, &path, &["closed today", "What came of it", "40 trees stand.", "Thank you, all nine."])
        .await;
}

#[tokio::test]
async fn a_project_is_an_idea_then_active_then_done() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let id = house.project(home, "A tree for every street").await;
    let path = format!("/projects/{id}");
    says(&house, &path, &["active", "Two people who know how to talk to Highways"]).await;
    projects::finish(&house.app, &By::operator(), id, "Every street has one.").await.unwrap();
    says(&house, &path, &["Done today: what came of it", "Every street has one."]).await;
}

#[tokio::test]
async fn an_event_is_ahead_then_on_then_over() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let id = house.event(home, "Tree planting morning", None).await;
    let path = format!("/events/{id}");
    says(&house, &path, &["Saturday 13 June 2026, 10 am to noon, UK time"]).await;
    assert!(!house.get(&path).await.body.contains("class=\"state"));
    house.later(2 * DAY + 2 * HOUR);
    says(&house, &path, &["on now"]).await;
    house.later(DAY);
    says(&house, &path, &[">over</span>"]).await;
}

#[tokio::test]
async fn an_event_is_cancelled_and_stays_in_view() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let id = house.event(home, "Tree planting morning", None).await;
    events::cancel(&house.app, &By::operator(), id, "Storm warning.").await.unwrap();
    says(&house, &format!("/events/{id}"), &["This event was cancelled", "Storm warning."]).await;
    says(&house, "/", &["<del>Tree planting morning</del>", "Cancelled"]).await;
}
