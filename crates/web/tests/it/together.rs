//! Doing things together: roles in projects, ideas that are taken up, and the network as a list, a drawing and data.

use axum::http::StatusCode;
use folkmoot_app::{By, partnerships};
use folkmoot_domain::items::ItemKind;
use serde_json::Value;

use crate::house::House;

async fn json(house: &House, path: &str) -> Value {
    let answer = house.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn a_role_is_offered_answered_and_shown_on_both_pages() {
    let house = House::new().await;
    let (priya, owen) = (house.person("Priya", "priya").await, house.person("Owen", "owen").await);
    let park = house.association("park-friends", Some(priya.id)).await;
    house.association("growers", Some(owen.id)).await;
    let project = house.project(park.actor.id, "Street breakfast").await;
    let (hers, his) = (house.sign_in(&priya).await, house.sign_in(&owen).await);

    let page = house.get(&format!("/projects/{project}")).await;
    let join = format!("/desk/partners/new?project={project}");
    assert!(page.body.contains(&join));
    let form = house.get_as(&his, &join).await;
    assert!(form.body.contains("As what"), "{}", form.main());
    let wrong =
        house.press(Some(&his), "/desk/partners/new", &format!("project={project}&for=growers&role=")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = format!("project={project}&for=growers&role=host&words=We+have+a+%3Cyard%3E.");
    let done = house.press(Some(&his), "/desk/partners/new", &fields).await;
    assert_eq!(done.header("location"), "/desk/partners");
    let theirs = house.press(Some(&hers), "/desk/partners/new", &fields).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND, "she does not organise the growers");

    let desk = house.get_as(&hers, "/desk/partners").await;
    assert!(
        desk.body.contains("Would take part in your projects") && desk.body.contains("&#60;yard&#62;"),
        "{}",
        desk.main()
    );
    let id = partnerships::of(&house.app, &By::operator(), park.actor.id).await.unwrap()[0].partnership.id;
    let answer = format!("/desk/partners/{id}");
    let stranger = house.press(Some(&his), &answer, "answer=accepted").await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND, "nobody says yes to themselves");
    let said = house.press(Some(&hers), &answer, "answer=accepted&words=Wonderful.").await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert_eq!(
        house.press(Some(&hers), &answer, "answer=accepted").await.status,
        StatusCode::SEE_OTHER,
        "twice is once"
    );

    assert!(house.get(&format!("/projects/{project}")).await.body.contains("Together with"));
    let partner = house.get("/@growers").await;
    assert!(partner.body.contains("Takes part in") && partner.body.contains("Street breakfast"));
    let network = house.get("/network").await;
    assert!(
        network.body.contains("role=\"img\"") && network.body.contains("Takes part in"),
        "{}",
        network.main()
    );
    let data = json(&house, "/network.json").await;
    assert_eq!(data["ties"][0]["relation"], "takesPartIn");
    assert_eq!(data["ties"][0]["confirmed"], true);
    assert_eq!(data["ties"][0]["project"]["title"], "Street breakfast");
    let around = json(&house, "/network.json?around=@growers@hyde.example").await;
    assert_eq!(around["associations"].as_array().unwrap().len(), 2);
    assert_eq!(house.get("/network?around=@nobody@far.example").await.status, StatusCode::NOT_FOUND);

    // A partner publishes under the project, and it stands on its page.
    let growers = folkmoot_storage::associations::seen_by_handle(&house.app.store.rows(), "growers")
        .await
        .unwrap()
        .unwrap();
    house.call_for(growers.actor.id, "Bring chairs", Some(project)).await;
    assert!(house.get(&format!("/projects/{project}")).await.body.contains("Bring chairs"));
    let ended = house.press(Some(&his), &answer, "answer=ended").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.body);
    let page = house.get(&format!("/projects/{project}")).await;
    assert!(!page.body.contains("Together with"), "{}", page.main());
    assert!(!page.body.contains("Bring chairs"), "{}", page.main());
    assert!(house.get_as(&his, "/desk/partners").await.body.contains("What is over"));
}

#[tokio::test]
async fn an_idea_is_taken_up_from_its_page() {
    let house = House::new().await;
    let (priya, owen) = (house.person("Priya", "priya").await, house.person("Owen", "owen").await);
    let park = house.association("park-friends", Some(priya.id)).await;
    house.association("growers", Some(owen.id)).await;
    let idea = house.project(park.actor.id, "Street breakfast").await;
    let (hers, his) = (house.sign_in(&priya).await, house.sign_in(&owen).await);
    let begun = house.get_as(&his, &format!("/desk/adopt?project={idea}")).await;
    let begun = house.get_as(&his, begun.header("location")).await;
    let path = begun.header("location").to_owned();
    assert!(path.contains(&format!("parent={idea}")), "{path}");
    let form = house.get_as(&his, &path).await;
    assert!(form.body.contains("You take up an idea"), "{}", form.main());
    let draft = path.split('?').next().unwrap();
    let fields = format!(
        "for=growers&kind=project&parent={idea}&title=Breakfast+here&text=On+our+street.&state=active&do=preview"
    );
    assert_eq!(house.press(Some(&his), draft, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(house.get_as(&his, &format!("{draft}/preview")).await.body.contains("The idea is from"));
    let done = house.press(Some(&his), &format!("{draft}/publish"), "").await;
    let child = done.header("location").split('/').nth(3).unwrap().to_owned();
    let page = house.get(&format!("/projects/{child}")).await;
    assert!(
        page.body.contains("Whose idea it was") && page.body.contains("Street breakfast"),
        "{}",
        page.main()
    );
    assert!(!house.get(&format!("/projects/{idea}")).await.body.contains("Who took up this idea"));
    assert!(house.get_as(&hers, "/desk/partners").await.body.contains("Took up an idea of yours"));
    assert_eq!(
        house.press(Some(&his), &format!("/desk/adoptions/{child}"), "answer=shown").await.status,
        StatusCode::NOT_FOUND
    );
    house.press(Some(&hers), &format!("/desk/adoptions/{child}"), "answer=shown").await;
    let page = house.get(&format!("/projects/{idea}")).await;
    assert!(page.body.contains("Who took up this idea") && page.body.contains("Breakfast here"));
    let call = house.call(park.actor.id, "Plant trees").await;
    assert_eq!(
        house.get_as(&his, &format!("/desk/adopt?project={call}")).await.status,
        StatusCode::NOT_FOUND
    );
    let _ = ItemKind::Call;
}

#[tokio::test]
async fn the_network_is_calm_when_nothing_is_known() {
    let house = House::new().await;
    assert!(house.get("/network").await.body.contains("No ties are known yet"));
    house.association("park-friends", None).await;
    let page = house.get("/network").await;
    assert!(page.body.contains("tied to nobody yet") && !page.body.contains("role=\"img\""));
    assert_eq!(json(&house, "/network.json").await["ties"], serde_json::json!([]));
    let desk = house.get("/desk/network").await;
    assert_eq!(desk.status, StatusCode::FORBIDDEN, "the desk is for those who sign in");
}
