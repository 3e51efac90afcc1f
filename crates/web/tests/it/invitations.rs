//! Coming in by invitation, and who looks after an association.

use axum::http::StatusCode;
use folkmoot_app::{By, mails::Letter, people};
use folkmoot_domain::people::Person;
use folkmoot_storage::people as rows;

use crate::house::House;

async fn link_to(house: &House, address: &str) -> String {
    let Some(Letter::Invitation { link, .. }) = house.letters_to(address).await.pop() else {
        panic!("no letter")
    };
    link.trim_start_matches("https://hyde.example").to_owned()
}

async fn park(house: &House) -> (Person, String) {
    let ruth = house.person("Ruth Okafor", "ruth").await;
    house.association("park-friends", Some(ruth.id)).await;
    let cookie = house.sign_in(&ruth).await;
    (ruth, cookie)
}

#[tokio::test]
async fn an_organiser_asks_a_steward_in() {
    let house = House::new().await;
    let (_, ruth) = park(&house).await;
    let went =
        house.press(Some(&ruth), "/desk/@park-friends/people", "email=Sam%40hyde.example&role=steward").await;
    assert_eq!(went.status, StatusCode::OK);
    insta::assert_snapshot!("people", went.main());
    let link = link_to(&house, "sam@hyde.example").await;
    let page = house.get(&link).await;
    insta::assert_snapshot!("invitation", page.main());
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));

    for (typed, id) in [
        ("name=&handle=sam", "name"),
        ("name=Sam&handle=ru%CC%88th", "handle"),
        ("name=Sam&handle=ruth", "handle"),
    ] {
        let again = house.press(None, &link, typed).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            again.body.contains(&format!("id=\"{id}-why\""))
                && again.body.contains(&format!("href=\"#{id}\""))
        );
        assert!(again.headers.get("set-cookie").is_none());
    }
    let come_in = house.press(None, &link, "name=Sam+Lee&handle=Sam").await;
    assert_eq!((come_in.status, come_in.header("location")), (StatusCode::SEE_OTHER, "/desk"));
    let sam = come_in.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(house.get_as(&sam, "/me").await.body.contains("You are its steward"));
    for spent in [house.get(&link).await, house.press(None, &link, "name=Eve&handle=eve").await] {
        assert_eq!(spent.status, StatusCode::GONE);
    }
}

/// WEB-18: no form data makes more of an invitation, and nobody acts above their role.
#[tokio::test]
async fn nobody_comes_in_higher_than_they_were_asked() {
    let house = House::new().await;
    let (ruth_person, ruth) = park(&house).await;
    house.press(Some(&ruth), "/desk/@park-friends/people", "email=sam%40hyde.example&role=steward").await;
    let link = link_to(&house, "sam@hyde.example").await;
    let form = "name=Sam&handle=sam&role=organiser&steward=true&association=other&email=eve%40evil.example";
    let come_in = house.press(None, &link, form).await;
    let sam = come_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let found = house.app.store.rows();
    let person = rows::by_email(&found, "sam@hyde.example").await.unwrap().unwrap();
    assert!(!person.steward);
    let roles = rows::associations_of(&found, person.id).await.unwrap();
    assert_eq!(roles.iter().map(|(_, role)| role.word()).collect::<Vec<_>>(), ["steward"]);

    let people = "/desk/@park-friends/people";
    let before = house.bytes();
    assert!(!house.get_as(&sam, people).await.body.contains("Ask somebody in"));
    for (path, form) in [
        (people.to_owned(), "email=eve%40evil.example&role=organiser"),
        (format!("{people}/{}/organiser/take", ruth_person.id), ""),
        (format!("{people}/{}/organiser/give", person.id), ""),
        ("/stewards/invitations".to_owned(), "email=eve%40evil.example"),
    ] {
        assert_eq!(house.press(Some(&sam), &path, form).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in
        [format!("{people}/{}/board/give", person.id), format!("{people}/{}/organiser/keep", person.id)]
    {
        assert_eq!(house.press(Some(&ruth), &path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(before, house.bytes());
    for stranger in [None, Some(house.sign_in(&house.person("Tom Lee", "tom").await).await)] {
        let page = match &stranger {
            Some(cookie) => house.get_as(cookie, people).await,
            None => house.get(people).await,
        };
        let expected = if stranger.is_some() { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
        assert_eq!(page.status, expected);
        assert!(!page.body.contains("Ruth Okafor"));
    }
}

#[tokio::test]
async fn invitations_are_taken_back_and_roles_handed_over() {
    let house = House::new().await;
    let (ruth_person, ruth) = park(&house).await;
    let people_page = "/desk/@park-friends/people";
    house.press(Some(&ruth), people_page, "email=sam%40hyde.example&role=steward").await;
    let page = house.get_as(&ruth, people_page).await;
    let withdraw = page.body.split("action=\"").find(|part| part.contains("/withdraw")).unwrap();
    let withdraw = withdraw.split('"').next().unwrap().to_owned();
    assert_eq!(house.press(Some(&ruth), &withdraw, "").await.header("location"), people_page);
    assert_eq!(house.get(&link_to(&house, "sam@hyde.example").await).await.status, StatusCode::GONE);

    house.press(Some(&ruth), people_page, "email=sam%40hyde.example&role=steward").await;
    house.press(None, &link_to(&house, "sam@hyde.example").await, "name=Sam&handle=sam").await;
    let sam = rows::by_email(&house.app.store.rows(), "sam@hyde.example").await.unwrap().unwrap();
    let take = format!("{people_page}/{}/organiser/take", ruth_person.id);
    assert_eq!(house.press(Some(&ruth), &take, "").await.status, StatusCode::CONFLICT, "the last organiser");
    let give = format!("{people_page}/{}/organiser/give", sam.id);
    assert_eq!(house.press(Some(&ruth), &give, "").await.header("location"), people_page);
    assert_eq!(house.press(Some(&ruth), &take, "").await.header("location"), "/me");
    assert_eq!(house.get_as(&ruth, people_page).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_steward_of_the_board_asks_people_onto_it() {
    let house = House::new().await;
    let (_, ruth) = park(&house).await;
    assert_eq!(house.get_as(&ruth, "/stewards/invitations").await.status, StatusCode::FORBIDDEN);
    people::make_steward(&house.app, &By::operator(), "ruth@hyde.example", true).await.unwrap();
    let went = house.press(Some(&ruth), "/stewards/invitations", "email=sam%40hyde.example").await;
    assert!(
        went.status == StatusCode::OK && went.body.contains("A letter is on its way to sam@hyde.example.")
    );
    let wrong = house.press(Some(&ruth), "/stewards/invitations", "email=sam").await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("id=\"email-why\""));
    let link = link_to(&house, "sam@hyde.example").await;
    let come_in = house.press(None, &link, "name=Sam&handle=sam").await;
    let sam = come_in.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(house.get_as(&sam, "/me").await.body.contains("No association yet"));
}
