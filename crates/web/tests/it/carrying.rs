//! Carrying on the pages: whose it is, who passes it on, how an organiser does that and how they end it.

use axum::http::StatusCode;
use folkmoot_app::{By, carries, heard, rules};
use folkmoot_domain::{
    ActorId, ItemId,
    actors::{Actor, ActorKind},
    audiences::Reach,
    carries::CarryState,
    events::EventState,
    heard::{Heard, HeardNoun},
    moments::{DAY, HOUR},
    roles::Who,
};
use folkmoot_storage::carries as rows;
use url::Url;

use crate::{
    desk::{form, organiser},
    house::{House, place},
};

/// An association elsewhere.
async fn moor(house: &House) -> Actor {
    let mut moor = house.stranger("moor", "Friends of the Moor").await;
    moor.kind = ActorKind::Group;
    moor.profile.discoverable = true;
    folkmoot_app::actors::remember(&house.app, moor).await.unwrap()
}

/// What it published, as it is kept here.
async fn walk(house: &House, home: &Actor, title: &str, reach: Reach) -> ItemId {
    let uri = Url::parse(&format!("https://{}/events/{}", home.host, title.replace(' ', "-"))).unwrap();
    let told = Heard {
        page: uri.clone(),
        uri,
        title: title.to_owned(),
        html: "<p>Bring boots.</p>".to_owned(),
        language: None,
        place: Some(place()),
        causes: vec!["Moors".to_owned()],
        published: house.app.now(),
        edited: None,
        reach,
        carriable: true,
        noun: HeardNoun::Event {
            starts: house.app.now().plus(DAY),
            ends: house.app.now().plus(DAY + 2 * HOUR),
            zone: "Europe/London".to_owned(),
            capacity: None,
            online: None,
            state: EventState::Planned,
            project: None,
            going: 0,
        },
    };
    let by = By { who: Who::Remote(home.id), arrival: None };
    heard::take(&house.app, &by, home.id, &told).await.unwrap().unwrap()
}

async fn state(house: &House, carrier: ActorId, item: ItemId) -> Option<CarryState> {
    rows::of(&house.app.store.rows(), carrier, item).await.unwrap().map(|carry| carry.state)
}

#[tokio::test]
async fn the_origin_stands_first_and_then_who_carries_and_why() {
    let house = House::new().await;
    let (park, _) = organiser(&house).await;
    let moor = moor(&house).await;
    let item = walk(&house, &moor, "Walk the moor", Reach::Public).await;
    let path = format!("/events/{item}");
    assert_eq!(house.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!house.get("/events").await.body.contains("Walk the moor"));
    carries::carry(&house.app, &By::operator(), park, item, "Our river & <b>theirs</b>").await.unwrap();
    let page = house.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let main = page.main();
    let (origin, carrier) =
        (main.find("Friends of the Moor").unwrap(), main.find("carries it here").unwrap());
    assert!(origin < carrier, "{main}");
    for words in
        ["Read it where it was published", "Our river &#38; &#60;b&#62;theirs", "Carried by one association"]
    {
        assert!(main.contains(words), "{words}: {main}");
    }
    assert!(page.body.contains("<meta name=\"robots\" content=\"noindex\">"), "{}", page.body);
    assert!(page.body.contains(&format!("rel=\"canonical\" href=\"https://{}/", moor.host)), "{}", page.body);
    assert!(!main.contains("/poster"), "what hangs elsewhere has its own poster");
    for list in ["/events", "/causes/moors", "/@park-friends"] {
        assert!(house.get(list).await.body.contains("Walk the moor"), "{list}");
    }
    assert!(house.get("/events").await.body.contains("carried by"));
    assert!(house.get("/@park-friends").await.body.contains("What we pass on"));
    let feed = house.get("/events.atom").await.body;
    assert!(
        feed.contains("From Friends of the Moor") && feed.contains("<name>Friends of the Moor</name>"),
        "{feed}"
    );
    assert!(house.get("/events.ics").await.body.contains("Walk the moor"));
    let map = house.get("/events.geojson").await.body;
    assert!(map.contains("\"from\"") && map.contains("\"carried_by\":[\"Park Friends\"]"), "{map}");
}

#[tokio::test]
async fn an_organiser_passes_it_on_in_three_clicks_and_takes_it_down() {
    let house = House::new().await;
    let (park, cookie) = organiser(&house).await;
    let moor = moor(&house).await;
    let item = walk(&house, &moor, "Walk the moor", Reach::Public).await;
    let path = format!("/desk/carry?item={item}");
    let asked = house.get(&path).await;
    assert_ne!(asked.status, StatusCode::OK, "only for organisers");
    let page = house.get_as(&cookie, &path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.main().contains("boosted") && page.main().contains("Friends of the Moor"));
    let (id, too_long) = (item.to_string(), "x".repeat(301));
    let typed =
        |act, reason| form(&[("item", &id), ("for", "park-friends"), ("reason", reason), ("do", act)]);
    let look = house.press(Some(&cookie), "/desk/carry", &typed("look", "Our river begins there")).await;
    assert!(look.main().contains("<p>Our river begins there</p>"), "{}", look.main());
    assert_eq!(state(&house, park, item).await, None, "looking says nothing to anybody");
    let long = house.press(Some(&cookie), "/desk/carry", &typed("carry", &too_long)).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.main().contains("At most 300") || long.main().contains("at most 300"), "{}", long.main());
    let done = house.press(Some(&cookie), "/desk/carry", &typed("carry", "Our river begins there")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let carrying = house.get_as(&cookie, done.header("location")).await;
    assert!(carrying.main().contains("is passed on") && carrying.main().contains("Our river begins there"));
    let carry = rows::of(&house.app.store.rows(), park, item).await.unwrap().unwrap().id;
    let nobody = house.sign_in(&house.person("Imran Shah", "imran").await).await;
    let end = format!("/desk/carrying/{carry}/end");
    assert_eq!(house.press(Some(&nobody), &end, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.press(Some(&cookie), &end, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&house, park, item).await, Some(CarryState::Ended));
    assert_eq!(house.get(&format!("/events/{item}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_for_followers_is_nobodys_to_look_at() {
    let house = House::new().await;
    let (_, cookie) = organiser(&house).await;
    let moor = moor(&house).await;
    let item = walk(&house, &moor, "A quiet walk", Reach::Followers).await;
    for path in [format!("/desk/carry?item={item}"), format!("/events/{item}")] {
        let answer = house.get_as(&cookie, &path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("A quiet walk"));
    }
}

#[tokio::test]
async fn what_rules_find_waits_on_the_desk() {
    let house = House::new().await;
    let (park, cookie) = organiser(&house).await;
    let moor = moor(&house).await;
    let (first, second) = (
        walk(&house, &moor, "Walk the moor", Reach::Public).await,
        walk(&house, &moor, "Swim in the beck", Reach::Public).await,
    );
    let made = form(&[
        ("for", "park-friends"),
        ("from", &moor.id.to_string()),
        ("kind", "event"),
        ("cause", "#moors"),
    ]);
    let page = house.get_as(&cookie, &format!("/desk/carrying/rules/new?from={}", moor.id)).await;
    assert!(page.main().contains("Friends of the Moor"), "{}", page.main());
    let done = house.press(Some(&cookie), "/desk/carrying/rules/new", &made).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(
        desk.main().contains("Things to carry") && desk.main().contains("Swim in the beck"),
        "{}",
        desk.main()
    );
    assert!(desk.main().contains("wo things are to carry"), "{}", desk.main());
    for (item, answer) in [(first, "carry"), (second, "leave")] {
        let carry = rows::of(&house.app.store.rows(), park, item).await.unwrap().unwrap().id;
        let path = format!("/desk/carrying/{carry}/look");
        let looked = house.press(Some(&cookie), &path, &form(&[("answer", answer), ("back", "desk")])).await;
        assert_eq!(looked.header("location"), "/desk");
    }
    assert_eq!(state(&house, park, first).await, Some(CarryState::Carried));
    assert_eq!(state(&house, park, second).await, Some(CarryState::Ended));
    let carrying = house.get_as(&cookie, "/desk/carrying").await.main();
    assert!(carrying.contains("Events from Friends of the Moor about #moors; you look first"), "{carrying}");
    let rule = rules::list(&house.app, park).await.unwrap().remove(0).rule.id;
    house.press(Some(&cookie), &format!("/desk/carrying/rules/{rule}/end"), "carries=yes").await;
    assert_eq!(state(&house, park, first).await, Some(CarryState::Ended));
}

#[tokio::test]
async fn organisers_see_who_carries_what_is_theirs_and_can_end_it() {
    let house = House::new().await;
    let (park, cookie) = organiser(&house).await;
    let call = house.call(park, "Water forty trees").await;
    let moor = moor(&house).await;
    let by = By { who: Who::Remote(moor.id), arrival: None };
    let boost = Some("https://far.example/boosts/1");
    heard::notice(&house.app, &by, moor.id, call, boost, None).await.unwrap();
    let page = house.get(&format!("/calls/{call}")).await.main();
    assert!(page.contains("Carried by one association") && page.contains("Friends of the Moor"), "{page}");
    let carrying = house.get_as(&cookie, "/desk/carrying").await.main();
    assert!(
        carrying.contains("Yours, passed on by others") && carrying.contains("Ask them to stop"),
        "{carrying}"
    );
    let carry = rows::of(&house.app.store.rows(), moor.id, call).await.unwrap().unwrap().id;
    house.press(Some(&cookie), &format!("/desk/carrying/{carry}/refuse"), "").await;
    assert_eq!(state(&house, moor.id, call).await, Some(CarryState::Refused));
    assert!(!house.get(&format!("/calls/{call}")).await.main().contains("Carried by"));
    let path = format!("/desk/carrying/items/{call}");
    house.press(Some(&cookie), &path, "carriable=no").await;
    let item = folkmoot_storage::items::find(&house.app.store.rows(), call).await.unwrap().unwrap();
    assert!(!item.carriable);
}
