//! invite, people, mails; and what check says of mail.

use super::*;

#[tokio::test]
async fn whoever_sets_a_place_up_looks_after_it_and_asks_others_in() {
    let place = Place::new().await;
    let [ruth] = place.objects(&["people", "list"]).await.try_into().unwrap();
    assert_eq!((&ruth["email"], &ruth["steward"]), (&"ruth@hyde.example".into(), &true.into()));
    assert!(ruth["roles"].as_array().unwrap().contains(&"organiser of @park-friends".into()), "{ruth}");
    let off = place.objects(&["people", "unsteward", "Ruth@hyde.example"]).await;
    assert_eq!(off[0]["steward"], false);
    assert!(place.say(&["people", "steward", "ruth@hyde.example"]).await.contains("steward of the board"));
    let unknown = place.refused(&["people", "steward", "nobody@hyde.example"]).await;
    assert!(unknown.contains("there is no such person"), "{unknown}");

    let line = ["invite", "sam@hyde.example", "--association", "park-friends", "--role", "steward"];
    let [invited] = place.objects(&line).await.try_into().unwrap();
    assert!(invited["link"].as_str().unwrap().starts_with("https://hyde.example/invitations/"), "{invited}");
    let said = place.say(&["invite", "eve@hyde.example"]).await;
    assert!(said.contains("once, within seven days"), "{said}");
    for wrong in [
        &["invite", "sam@hyde.example", "--role", "steward"][..],
        &["invite", "sam@hyde.example", "--association", "park-friends", "--role", "board"],
        &["invite", "sam@hyde.example", "--association", "nobody"],
        &["invite", "sam"],
    ] {
        place.refused(wrong).await;
    }
}

#[tokio::test]
async fn letters_that_wait_can_be_read_and_sent_again() {
    let place = Place::new().await;
    assert!(place.say(&["mails", "list"]).await.contains("Nothing waits"));
    place.say(&["invite", "sam@hyde.example", "--association", "park-friends"]).await;
    let [letter] = place.objects(&["mails", "list"]).await.try_into().unwrap();
    assert_eq!((&letter["kind"], &letter["state"]), (&"invitation".into(), &"waiting".into()));
    let id = letter["id"].as_str().unwrap().to_owned();
    let shown = place.say(&["mails", "show", &id]).await;
    for expected in
        ["To: sam@hyde.example", "an organiser of Park Friends", "https://hyde.example/invitations/"]
    {
        assert!(shown.contains(expected), "no {expected:?} in:\n{shown}");
    }
    assert!(place.say(&["mails", "retry", &id]).await.contains("1 letter is sent again"));
    assert!(place.say(&["mails", "retry", "--all"]).await.contains("1 letter is sent again"));
    let none = place.refused(&["mails", "show", "0190b1b0-0000-7000-8000-000000000000"]).await;
    assert!(none.contains("there is no letter"), "{none}");
}

#[tokio::test]
async fn check_looks_at_mail_too() {
    let place = Place::new().await;
    assert!(place.say(&["check"]).await.contains("No mail server is named"));
    let file = place.folder.path().join("folkmoot.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let with = |mail: &str| format!("{text}\n[mail]\n{mail}\n");
    std::fs::write(&file, with("server = \"smtps://folkmoot:secret@mail.example\"")).unwrap();
    let said = place.say(&["check"]).await;
    assert!(
        said.contains("Letters go out through smtps://folkmoot:***@mail.example") && !said.contains("secret"),
        "{said}"
    );
    std::fs::write(&file, with("server = \"smtps://mail.example\"\nfrom = \"no address\"")).unwrap();
    let refused = place.refused(&["check"]).await;
    assert!(refused.contains("One thing is wrong"), "{refused}");
}
