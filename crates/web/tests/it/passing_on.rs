//! What goes out from the page of an item: its poster, its short address, the way to the reader's own server, and where it
//! came from.

use axum::http::StatusCode;
use folkmoot_app::{By, calls, items};

use crate::house::House;

#[tokio::test]
async fn posters_are_printed_with_a_short_address_that_leads_back() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let page = house.get(&format!("/calls/{call}")).await;
    assert!(page.body.contains(&format!("/calls/{call}/poster")));
    let poster = house.get(&format!("/calls/{call}/poster")).await;
    assert_eq!(poster.status, StatusCode::OK);
    assert!(poster.body.contains("noindex") && !poster.body.contains("style="));
    let main = poster.main();
    let start = main.find("<path d=\"M0 0h7").unwrap();
    let end = start + main[start..].find("/></svg>").unwrap();
    insta::assert_snapshot!("poster", format!("{}[QR]{}", &main[..start], &main[end..]));
    let short = poster.body.split("hyde.example").nth(2).unwrap();
    let short: String = short.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
    assert!(short.starts_with("/c/") && short.len() <= 9, "{short}");
    for path in [short.clone(), short.to_uppercase().replace("/C/", "/c/")] {
        let answer = house.get(&path).await;
        assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT, "{path}");
        assert_eq!(answer.header("location"), format!("/calls/{call}"));
    }
    // Published in the same second: it goes by its long address.
    let twin = house.call(home, "And a second one").await;
    assert!(
        house
            .get(&format!("/calls/{twin}/poster"))
            .await
            .body
            .contains(&format!("hyde.example/calls/{twin}"))
    );
    let event = house.event(home, &"A very long name for a morning ".repeat(3), None).await;
    let poster = house.get(&format!("/events/{event}/poster")).await;
    assert!(poster.body.contains("<h1 class=\"longest\"") && poster.body.contains("Come along"));
    let project = house.project(home, "A tree for every street").await;
    assert!(house.get(&format!("/projects/{project}/poster")).await.body.contains("Join in"));
    for path in ["/c/", "/c/u", "/c/zzzzzz", "/c/..%2f", "/calls/x/poster", &format!("/events/{call}/poster")]
    {
        assert_eq!(house.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    calls::cancel(&house.app, &By::operator(), call, "rain").await.unwrap();
    assert_eq!(house.get(&format!("/calls/{call}/poster")).await.status, StatusCode::SEE_OTHER);
    items::delete(&house.app, &By::operator(), call).await.unwrap();
    assert_eq!(house.get(&format!("/calls/{call}/poster")).await.status, StatusCode::GONE);
    assert_eq!(house.get(&short).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn one_goes_on_from_ones_own_server() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let page = house.get(&format!("/calls/{call}")).await;
    assert!(page.body.contains(&format!("/away?item={call}")));
    let asked = format!("/away?item={call}&server=");
    assert!(house.get(&asked).await.body.contains("Your handle or your server"));
    let there = house.get(&format!("{asked}%40jo%40social.example")).await;
    assert_eq!(there.status, StatusCode::OK);
    let interact =
        "href=\"https://social.example/authorize_interaction?uri=https%3A%2F%2Fhyde.example%2Fap%2F";
    assert_eq!(there.body.matches(interact).count(), 2, "{}", there.main());
    assert!(there.body.contains("href=\"https://social.example/share?text=Help+plant+40+trees"));
    insta::assert_snapshot!("away", there.main());
    let follow = house.get("/away?by=park-friends&server=social.example").await;
    assert!(follow.body.contains("Follow Park Friends there"));
    let bytes = house.bytes();
    for bad in [
        "javascript:alert(1)",
        "%2F%2Fevil.example",
        "%5Cevil.example",
        "127.0.0.1",
        "localhost",
        "social.example%3A8443",
        "https%3A%2F%2Fgood.example%40evil.example%2F",
        "x%0D%0Alocation%3A%20https%3A%2F%2Fevil.example",
    ] {
        let answer = house.get(&format!("{asked}{bad}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(answer.headers.get("location").is_none(), "{bad}");
        assert!(
            !answer.main().contains("href=\"https://evil") && !answer.main().contains("href=\"javascript"),
            "{bad}"
        );
        assert!(answer.body.contains("aria-invalid=\"true\""), "{bad}");
    }
    assert_eq!(house.bytes(), bytes, "nothing is kept");
    let own = house.get(&format!("{asked}hyde.example")).await;
    assert_eq!(own.header("location"), format!("https://hyde.example/calls/{call}"));
    for nothing in ["/away", "/away?item=x", "/away?by=nobody", "/away?by=%00"] {
        assert_eq!(house.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn a_project_shows_what_helps_it_and_what_helps_leads_back() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let project = house.project(home, "A tree for every street").await;
    let call = house.call_for(home, "Help plant 40 trees", Some(project)).await;
    let event = house.event(home, "Tree planting morning", Some(project)).await;
    let page = house.get(&format!("/projects/{project}")).await;
    assert!(page.body.contains("Calls that help it") && page.body.contains("Events that belong to it"));
    for path in [format!("/calls/{call}"), format!("/events/{event}")] {
        let page = house.get(&path).await;
        assert!(page.body.contains("Where this came from"), "{path}");
        assert!(
            page.body.contains(&format!("<a href=\"/projects/{project}\">A tree for every street</a>")),
            "{path}"
        );
    }
    calls::close(&house.app, &By::operator(), call, "Forty trees stand.", "").await.unwrap();
    assert!(house.get(&format!("/calls/{call}")).await.body.contains("<b>Outcome</b>"));
}
