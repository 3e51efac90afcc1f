//! Founding an association from a page, changing what it says of itself, and its end.

use axum::http::StatusCode;
use folkmoot_domain::papers::Paper;
use folkmoot_storage::associations;

use crate::{
    desk::{form, organiser},
    house::House,
};

fn fields() -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", "Moorside Tree Wardens"),
        ("handle", ""),
        ("kind", "charity"),
        ("about", "We plant street trees, and keep them **alive**."),
        ("battle-1", "Street trees"),
        ("battle-2", "#CoolerLeeds"),
        ("battle-3", "water in the first two summers"),
        ("place", "Hyde Park, Leeds"),
        ("paper", "mint"),
        ("joining", "Come to any watering day."),
        ("safeguarding", "Marion T., marion@hyde.example"),
        ("zone", "Europe/London"),
    ]
}

#[tokio::test]
async fn an_association_is_founded_with_its_battles_and_can_be_followed() {
    let house = House::new().await;
    let tom = house.person("Tom Lee", "tom").await;
    let cookie = house.sign_in(&tom).await;
    let page = house.get_as(&cookie, "/desk/found").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.matches("type=\"radio\" name=\"paper\"").count() == 12);
    assert!(fields().len() <= 12);
    let done = house.press(Some(&cookie), "/desk/found", &form(&fields())).await;
    assert_eq!(done.header("location"), "/@moorside-tree-wardens", "{}", done.main());
    let seen = associations::seen_by_handle(&house.app.store.rows(), "moorside-tree-wardens").await;
    let seen = seen.unwrap().unwrap();
    assert_eq!(seen.actor.paper, Some(Paper::Mint));
    let battles: Vec<_> = seen.battles.iter().map(|cause| cause.tag.as_str()).collect();
    assert_eq!(battles, ["StreetTrees", "CoolerLeeds", "WaterInTheFirstTwoSummers"]);
    let page = house.get("/@moorside-tree-wardens").await;
    insta::assert_snapshot!(page.main());
    assert!(house.get_as(&cookie, "/desk").await.body.contains("Moorside Tree Wardens"));

    // The name is taken: the next one gets a number.
    let done = house.press(Some(&cookie), "/desk/found", &form(&fields())).await;
    assert_eq!(done.header("location"), "/@moorside-tree-wardens-2");
}

#[tokio::test]
async fn what_cannot_be_founded_comes_back_with_what_was_typed() {
    let house = House::new().await;
    house.association("park-friends", None).await;
    let tom = house.person("Tom Lee", "tom").await;
    let cookie = house.sign_in(&tom).await;
    for (field, value, at) in [
        ("name", " ", "handle"),
        ("handle", "park-friends", "handle"),
        ("handle", "Park Friends!", "handle"),
        ("handle", "tom", "handle"),
        ("kind", "cabal", "kind"),
        ("battle-1", "2030", "battles"),
        ("zone", "Leeds", "zone"),
        ("joining", "x".repeat(1_001).leak(), "joining"),
    ] {
        let mut sent = fields();
        sent.retain(|(name, _)| *name != field);
        sent.push((field, value));
        let page = house.press(Some(&cookie), "/desk/found", &form(&sent)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert!(page.body.contains(&format!("href=\"#{at}\"")), "{field}: {}", page.main());
        assert!(page.body.contains(&format!("id=\"{at}\"")), "{field}");
        assert!(page.body.contains("We plant street trees"), "{field}");
    }
    assert_eq!(house.press(None, "/desk/found", &form(&fields())).await.status, StatusCode::FORBIDDEN);
    assert_eq!(associations::list(&house.app.store.rows()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn settings_change_everything_but_the_id() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let call = house.call(home, "Help plant 40 trees").await;
    let page = house.get_as(&cookie, "/desk/@park-friends/settings").await;
    assert!(page.body.contains("value=\"Park Friends\"") && page.body.contains("value=\"StreetTrees\""));
    let mut sent = fields();
    sent.retain(|(name, _)| !["handle", "paper", "battle-3"].contains(name));
    sent.extend([("handle", "tree-wardens"), ("paper", "lilac"), ("language", "pl")]);
    let done = house.press(Some(&cookie), "/desk/@park-friends/settings", &form(&sent)).await;
    assert_eq!(done.header("location"), "/@tree-wardens", "{}", done.main());
    let seen = associations::seen(&house.app.store.rows(), home).await.unwrap().unwrap();
    assert_eq!((seen.actor.name.as_str(), seen.battles.len()), ("Moorside Tree Wardens", 2));
    assert_eq!(seen.association.language.as_str(), "pl");
    assert!(house.get("/@park-friends").await.status.is_redirection());
    // The paper is chosen everywhere at once.
    for path in ["/@tree-wardens", "/calls", &format!("/calls/{call}"), "/associations", "/"] {
        assert!(house.get(path).await.body.contains("lilac"), "{path}");
    }
    let bad = form(&[("name", ""), ("handle", "tree-wardens"), ("kind", "club"), ("about", "Kept as typed")]);
    let bad = house.press(Some(&cookie), "/desk/@tree-wardens/settings", &bad).await;
    assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.body.contains("Kept as typed"));
}

#[tokio::test]
async fn an_association_closes_when_its_name_is_written() {
    let house = House::new().await;
    let (_, cookie) = organiser(&house).await;
    let path = "/desk/@park-friends/close";
    assert_eq!(house.get_as(&cookie, path).await.status, StatusCode::OK);
    let bad =
        house.press(Some(&cookie), path, &form(&[("farewell", "Our work is done."), ("sure", "yes")])).await;
    assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.body.contains("Our work is done."));
    let done = form(&[("farewell", "Our work is done."), ("sure", "park-friends")]);
    assert_eq!(house.press(Some(&cookie), path, &done).await.header("location"), "/@park-friends");
    let page = house.get("/@park-friends").await;
    assert!(page.body.contains("This association closed today") && !page.body.contains("href=\"#follow\""));
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(!desk.body.contains("Park Friends") && desk.body.contains("/desk/found"));
    for path in ["/desk/@park-friends/settings", path] {
        assert_eq!(house.get_as(&cookie, path).await.status, StatusCode::CONFLICT, "{path}");
    }
}

#[tokio::test]
async fn other_peoples_associations_have_no_settings() {
    let house = House::new().await;
    let (_, _) = organiser(&house).await;
    let (tom, sam) = (house.person("Tom Lee", "tom").await, house.person("Sam Steward", "sam").await);
    let home = house.association("other-friends", Some(tom.id)).await.actor.id;
    house.make_steward(sam.id, home).await;
    let (tom, sam) = (house.sign_in(&tom).await, house.sign_in(&sam).await);
    let before = house.bytes();
    for (cookie, handle) in [(&tom, "park-friends"), (&sam, "other-friends"), (&tom, "nobody")] {
        for page in ["settings", "close"] {
            let path = format!("/desk/@{handle}/{page}");
            assert_eq!(house.get_as(cookie, &path).await.status, StatusCode::NOT_FOUND, "{path}");
            let sent = form(&[("name", "Mine"), ("handle", handle), ("kind", "club"), ("sure", handle)]);
            let pressed = house.press(Some(cookie), &path, &sent).await;
            assert_eq!(pressed.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    assert_eq!(before, house.bytes());
}
