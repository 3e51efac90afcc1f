//! association, pledges, replies, blocks, deliveries.

use super::*;

#[tokio::test]
async fn associations_are_founded_shown_changed_and_closed() {
    let place = Place::new().await;
    let found = [
        "association",
        "found",
        "--name",
        "Repair Caf\u{e9}",
        "--handle",
        "repair-cafe",
        "--kind",
        "club",
        "--cause",
        "RightToRepair",
        "--place",
        "Cardigan Road",
        "--latitude",
        "53.81",
        "--longitude=-1.57",
        "--organiser",
        "Imran Shah",
        "--email",
        "imran@hyde.example",
    ];
    let said = place.say(&found).await;
    assert!(said.contains("@repair-cafe@hyde.example") && said.contains("#RightToRepair"), "{said}");
    let refused = place.refused(&found).await;
    assert_eq!(refused, "the handle \u{201c}repair-cafe\u{201d} is already taken here");
    let listed = place.objects(&["association", "list"]).await;
    let handles: Vec<_> = listed.iter().map(|one| one["handle"].as_str().unwrap()).collect();
    assert_eq!(handles, ["park-friends", "repair-cafe"]);
    let change = [
        "association",
        "change",
        "repair-cafe",
        "--new-handle",
        "menders",
        "--about",
        "We **mend**.",
        "--cause",
        "LessWaste",
    ];
    let changed = place.objects(&change).await.remove(0);
    assert_eq!((&changed["handle"], &changed["about"]), (&"menders".into(), &"We **mend**.".into()));
    assert_eq!(changed["causes"], serde_json::json!(["#LessWaste"]));
    assert_eq!(changed["place"], "Cardigan Road", "what is not named stays");
    let old = place.objects(&["association", "show", "repair-cafe"]).await.remove(0);
    assert_eq!(old["handle"], "menders", "the old handle leads there");
    let close = ["association", "close", "menders", "--farewell", "All is mended."];
    assert!(place.refused(&close).await.contains("--yes"));
    let closed = place.objects(&[&close[..], &["--yes"]].concat()).await;
    assert!(closed[0]["closed"].is_string());
    assert_eq!(place.objects(&["association", "list"]).await.len(), 1);
    let refused = place.refused(&[&close[..], &["--yes"]].concat()).await;
    assert_eq!(refused, "this is closed and cannot be changed any more");
}

#[tokio::test]
async fn nobody_gets_an_account_for_an_association_that_cannot_be() {
    let place = Place::new().await;
    let found = [
        "association",
        "found",
        "--name",
        "Too Many",
        "--handle",
        "too-many",
        "--organiser",
        "Eve",
        "--email",
        "eve@hyde.example",
        "--cause",
        "A1",
        "--cause",
        "B1",
        "--cause",
        "C1",
        "--cause",
        "D1",
    ];
    let refused = place.refused(&found).await;
    assert!(refused.contains("at most three"), "{refused}");
    assert_eq!(place.refused(&["sign-in-link", "eve@hyde.example"]).await, "there is no such person");
}

#[tokio::test]
async fn servers_are_shut_out_and_let_in() {
    let place = Place::new().await;
    assert_eq!(place.say(&["blocks", "list"]).await, "Nobody is shut out.\n");
    place.say(&["blocks", "add", "Spam.Example", "--reason", "3 reports"]).await;
    let listed = place.objects(&["blocks", "list"]).await;
    assert_eq!((&listed[0]["domain"], &listed[0]["reason"]), (&"spam.example".into(), &"3 reports".into()));
    let own = place.refused(&["blocks", "add", "hyde.example"]).await;
    assert_eq!(own, "domain: is this server itself");
    place.say(&["blocks", "remove", "spam.example"]).await;
    assert_eq!(place.refused(&["blocks", "remove", "spam.example"]).await, "spam.example was not shut out");
}

#[tokio::test]
async fn empty_lists_say_so_to_people_and_nothing_to_programs() {
    let place = Place::new().await;
    for line in [
        ["pledges", "list"],
        ["replies", "list"],
        ["deliveries", "list"],
        ["blocks", "list"],
        ["causes", "list"],
    ] {
        assert_eq!(place.say(&line).await.lines().count(), 1, "{line:?}");
        assert!(place.objects(&line).await.is_empty(), "{line:?}");
    }
    let nothing = place.objects(&["deliveries", "retry", "--host", "leeds.example"]).await;
    assert_eq!(nothing[0]["retried"], 0);
    let id = "0198c2a4-7d1e-7c3a-9b1f-3f6a5d2e8c40";
    assert_eq!(place.refused(&["pledges", "accept", id]).await, "there is no such pledge");
    assert_eq!(place.refused(&["replies", "approve", id]).await, "there is no such reply");
}
