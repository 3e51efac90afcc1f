//! What a place says of itself: true to what the software does, and found from every page.

use crate::house::House;

#[tokio::test]
async fn a_place_says_who_looks_after_it_and_what_it_will_not_do() {
    let house = House::new().await;
    let empty = house.get("/about").await.main();
    assert!(empty.contains("No association is here yet"), "{empty}");
    house.association("park-friends", None).await;
    let page = house.get("/about").await.main();
    for said in [
        "Ruth Okafor",
        "mailto:ruth@hyde.example",
        "<a href=\"/@park-friends\"><bdi>Park Friends</bdi></a>",
        "Take payments",
        "private messages",
        concat!("Folkmoot ", env!("CARGO_PKG_VERSION")),
        "id=\"report\"",
        "id=\"software\"",
        "ask for an invitation",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
}

#[tokio::test]
async fn privacy_names_the_times_that_the_software_keeps() {
    let house = House::new().await;
    let page = house.get("/privacy").await.main();
    for said in [
        "within 48 hours",
        "90 days after the call or the event ends",
        "14 days without a visit",
        "asks anyone else for anything. This",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("The map has its ground from"), "no tiles are set, so nobody is asked for any");
}

#[tokio::test]
async fn every_page_leads_to_what_the_place_says_of_itself() {
    let house = House::new().await;
    for path in ["/", "/accessibility", "/nothing"] {
        let body = house.get(path).await.body;
        for link in ["/about", "/privacy", "/accessibility", "/map", "/about#report"] {
            assert!(body.contains(&format!("href=\"{link}\"")), "{link} on {path}");
        }
    }
}
