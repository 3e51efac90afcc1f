//! What pages show.

use axum::http::StatusCode;
use folkmoot_app::{By, associations, items, pledges, projects, replies};
use folkmoot_domain::{
    ItemId,
    moments::{DAY, HOUR, MINUTE},
    pledges::PledgeState,
    replies::ReplyState,
    text::Handle,
};

use crate::house::{House, founding, words};

#[tokio::test]
async fn an_empty_board_says_what_to_do_next() {
    let house = House::new().await;
    insta::assert_snapshot!(house.get("/").await.main());
    for path in ["/calls", "/projects", "/events", "/associations", "/causes"] {
        let page = house.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let empty = page.body.split_once("class=\"empty\"").unwrap_or_else(|| panic!("{path} says nothing"));
        assert!(empty.1.contains("class=\"button second\""), "{path} does not say what to do next");
    }
}

#[tokio::test]
async fn home_shows_what_is_on() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let project = house.project(home, "A tree for every street").await;
    house.later(1_000);
    house.call(home, "Help plant 40 trees").await;
    house.later(1_000);
    house.event(home, "Tree planting morning", Some(project)).await;
    insta::assert_snapshot!(house.get("/").await.main());
}

#[tokio::test]
async fn a_call_shows_needs_and_what_was_said() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let project = house.project(home, "A tree for every street").await;
    let call = house.call_for(home, "Help plant 40 trees", Some(project)).await;
    let (jo, amna) = (house.stranger("jo", "Jo").await, house.stranger("amna", "").await);
    let (pledge, _) = house.vote(call, jo.id, "I can dig").await;
    pledges::answer(&house.app, &By::operator(), pledge, PledgeState::Accepted, "").await.unwrap();
    house.vote(call, amna.id, "I can dig").await;
    house.later(HOUR);
    house.update(call, "The pump works again.").await;
    house.later(HOUR);
    let shown = house.reply(&jo, call, "<p>Are there small cans?</p>", false).await;
    replies::judge(&house.app, &By::operator(), shown, ReplyState::Approved).await.unwrap();
    house.reply(&amna, call, "<p>Nobody has looked at this yet</p>", false).await;

    let page = house.get(&format!("/calls/{call}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("Nobody has looked at this yet"));
    insta::assert_snapshot!(page.main());
}

#[tokio::test]
async fn a_project_shows_the_calls_that_help_it() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let project = house.project(home, "A tree for every street").await;
    house.call_for(home, "Help plant 40 trees", Some(project)).await;
    let page = house.get(&format!("/projects/{project}")).await;
    insta::assert_snapshot!(page.main());
    let nobodys = items::nobody(&house.app).await.unwrap();
    let idea = house.project(nobodys, "A bench by the gate").await;
    let page = house.get(&format!("/projects/{idea}")).await;
    assert!(page.body.contains("Nobody runs this yet"));
    assert!(!page.body.contains("@instance@"));
}

#[tokio::test]
async fn an_event_says_when_where_and_how() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let project = house.project(home, "A tree for every street").await;
    let event = house.event(home, "Tree planting morning", Some(project)).await;
    insta::assert_snapshot!(house.get(&format!("/events/{event}")).await.main());
}

#[tokio::test]
async fn an_update_leads_to_what_it_is_about() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let update = house.update(call, "The pump works again.").await;
    insta::assert_snapshot!(house.get(&format!("/updates/{update}")).await.main());
    items::delete(&house.app, &By::operator(), call).await.unwrap();
    let page = house.get(&format!("/updates/{update}")).await;
    assert!(page.body.contains("a call that was taken down"));
}

#[tokio::test]
async fn an_association_shows_everything_it_has_pinned() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    house.project(home, "A tree for every street").await;
    house.later(1_000);
    let call = house.call(home, "Help plant 40 trees").await;
    house.later(1_000);
    house.update(call, "The pump works again.").await;
    insta::assert_snapshot!(house.get("/@park-friends").await.main());
}

#[tokio::test]
async fn a_closed_association_keeps_its_page() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    associations::close(&house.app, &By::operator(), home, "Our work is done.").await.unwrap();
    let page = house.get("/@park-friends").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("This association closed today") && page.body.contains("Our work is done."));
    assert!(!page.body.contains("press Follow"));
}

#[tokio::test]
async fn handles_lead_to_associations_alone() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    let changes =
        associations::Changes { handle: Some(Handle::parse("moor-friends").unwrap()), ..Default::default() };
    associations::change(&house.app, &By::operator(), home, changes).await.unwrap();
    for old in ["/@park-friends", "/@Park-Friends", "/@Moor-Friends"] {
        let answer = house.get(old).await;
        assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{old}");
        assert_eq!(answer.header("location"), "/@moor-friends", "{old}");
    }
    assert_eq!(house.get("/@moor-friends").await.status, StatusCode::OK);
    for nobody in ["/@ruth", "/@instance", "/@nobody", "/@", "/@%00", "/@%ff"] {
        assert_eq!(house.get(nobody).await.status, StatusCode::NOT_FOUND, "{nobody}");
    }
}

#[tokio::test]
async fn a_cause_shows_who_fights_for_it() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    house.call(home, "Help plant 40 trees").await;
    let moved = house.get("/causes/StreetTrees").await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (StatusCode::MOVED_PERMANENTLY, "/causes/streettrees")
    );
    let page = house.get("/causes/streettrees").await;
    assert!(page.body.contains("#StreetTrees") && page.body.contains("Help plant 40 trees"));
    assert!(page.body.contains("Who fights for it"));
    let list = house.get("/causes").await;
    assert!(list.body.contains("href=\"/causes/coolerleeds\""));
    assert_eq!(house.get("/causes/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn lists_show_each_thing_once() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    for number in 0..45 {
        // Several at one moment: a page may break between them.
        if number % 9 == 0 {
            house.later(MINUTE);
        }
        house.project(home, &format!("Project number {number}.")).await;
    }
    for first in ["/projects", "/@park-friends"] {
        let mut next = Some(first.to_owned());
        let mut seen = Vec::new();
        let mut pages = 0;
        while let Some(path) = next {
            let page = house.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            let main = page.main();
            seen.extend((0..45).filter(|number| main.contains(&format!(">Project number {number}.<"))));
            next = main
                .split_once("\" rel=\"next\"")
                .map(|(before, _)| before.rsplit('"').next().unwrap().replace("&#38;", "&"));
            pages += 1;
        }
        assert_eq!(pages, 3, "{first}");
        seen.sort_unstable();
        assert_eq!(seen, (0..45).collect::<Vec<_>>(), "{first}");
    }
    assert!(
        house
            .get("/projects?after=1.00000000-0000-0000-0000-000000000000")
            .await
            .body
            .contains("there is nothing further")
    );
    assert!(house.get("/projects?after=soon").await.body.contains("Project number 44."));
}

#[tokio::test]
async fn what_is_gone_is_gone_and_what_never_was_is_not_there() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let project = house.project(home, "A tree for every street").await;
    let call = house.call(home, "Help plant 40 trees").await;
    items::delete(&house.app, &By::operator(), call).await.unwrap();
    let gone = house.get(&format!("/calls/{call}")).await;
    assert_eq!(gone.status, StatusCode::GONE);
    insta::assert_snapshot!("deleted", gone.main());
    let unknown = house.app.id::<ItemId>();
    for path in [
        format!("/projects/{call}"),
        format!("/calls/{project}"),
        format!("/updates/{unknown}"),
        format!("/events/{unknown}"),
        "/calls/not-an-id".to_owned(),
        "/calls/%2e%2e%2fetc".to_owned(),
        "/nothing/here".to_owned(),
        "/pledges/unknown".to_owned(),
    ] {
        assert_eq!(house.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    insta::assert_snapshot!("missing", house.get("/nothing/here").await.main());
}

#[tokio::test]
async fn the_head_serves_those_who_share_and_those_who_search() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let body = house.get(&format!("/calls/{call}")).await.body;
    for part in [
        format!(
            "<link rel=\"alternate\" type=\"application/activity+json\" href=\"https://hyde.example/ap/calls/{call}\">"
        ),
        format!("<link rel=\"canonical\" href=\"https://hyde.example/calls/{call}\">"),
        "<title>Help plant 40 trees – Hyde Park, Leeds</title>".to_owned(),
        "<meta property=\"og:title\" content=\"Help plant 40 trees\">".to_owned(),
        "<meta property=\"og:description\" content=\"The storm took a third of our trees.\">".to_owned(),
    ] {
        assert!(body.contains(&part), "{part}");
    }
    let association = house.get("/@park-friends").await.body;
    assert!(association.contains(&format!("href=\"https://hyde.example/ap/associations/{home}\"")));
    assert!(association.contains("content=\"We look after Woodhouse Moor.\""));
}

#[tokio::test]
async fn samples_are_marked_wherever_they_show() {
    let house = House::new().await;
    let sample = folkmoot_domain::associations::Founding { sample: true, ..founding("park-friends") };
    let home = associations::found(&house.app, &By::operator(), sample, None).await.unwrap().actor.id;
    let project = house.project(home, "A tree for every street").await;
    let call = house.call_for(home, "Help plant 40 trees", Some(project)).await;
    let event = house.event(home, "Tree planting morning", None).await;
    let update = house.update(call, "The pump works again.").await;
    for path in [
        format!("/calls/{call}"),
        format!("/projects/{project}"),
        format!("/events/{event}"),
        format!("/updates/{update}"),
        "/calls".to_owned(),
        "/projects".to_owned(),
        "/events".to_owned(),
        "/associations".to_owned(),
        "/@park-friends".to_owned(),
        "/causes/streettrees".to_owned(),
        "/".to_owned(),
    ] {
        assert!(house.get(&path).await.body.contains(">Sample<"), "{path}");
    }
    let real = house.association("real-friends", None).await.actor.id;
    let call = house.call(real, "Help plant 4 trees").await;
    assert!(!house.get(&format!("/calls/{call}")).await.body.contains("Sample"));
}

#[tokio::test]
async fn exact_points_stay_here() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    for path in [format!("/calls/{call}"), "/@park-friends".to_owned(), "/".to_owned()] {
        let body = house.get(&path).await.body;
        // Drawings are full of numbers.
        let undrawn =
            body.split("<svg").map(|part| part.split_once("</svg>").map_or(part, |(_, after)| after));
        let undrawn: String = undrawn.collect();
        assert!(!undrawn.contains("53.8") && !undrawn.contains("1.56"), "{path}");
    }
    assert!(house.get("/@park-friends").await.body.contains("Woodhouse Moor, by the bandstand"));
}

#[tokio::test]
async fn a_receipt_says_how_it_stands() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let jo = house.stranger("jo", "Jo").await;
    let (pledge, receipt) = house.vote(call, jo.id, "I can dig").await;
    house.vote(call, jo.id, "I can pass this on").await;
    insta::assert_snapshot!("receipt_offered", house.get(&receipt).await.main());
    let thanks = "Bring <gloves>, please.";
    pledges::answer(&house.app, &By::operator(), pledge, PledgeState::Accepted, thanks).await.unwrap();
    insta::assert_snapshot!("receipt_accepted", house.get(&receipt).await.main());
    pledges::answer(&house.app, &By::operator(), pledge, PledgeState::Kept, "").await.unwrap();
    let kept = house.get(&receipt).await;
    assert!(kept.body.contains("You helped") && !kept.body.contains("Take it back"));
    items::delete(&house.app, &By::operator(), call).await.unwrap();
    assert!(house.get(&receipt).await.body.contains("It was taken down."));
}

#[tokio::test]
async fn what_was_changed_says_so() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let project = house.project(home, "A tree for every street").await;
    house.later(3 * DAY);
    items::edit(&house.app, &By::operator(), project, words("A tree for each street"), "").await.unwrap();
    projects::park(&house.app, &By::operator(), project, "No saplings.", None).await.unwrap();
    let page = house.get(&format!("/projects/{project}")).await;
    assert!(page.body.contains("A tree for each street") && page.body.contains(", changed today"));
    assert!(page.body.contains("Left for another day") && page.body.contains("No saplings."));
}

#[tokio::test]
async fn whoever_comes_from_another_server_lands_on_the_page() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await;
    let call = house.call(home.actor.id, "Help plant 40 trees").await;
    let ours = [
        (
            format!("{}", house.app.addresses.item(folkmoot_domain::items::ItemKind::Call, call)),
            format!("/calls/{call}"),
        ),
        (home.actor.uri.to_string(), "/@park-friends".to_owned()),
        (format!("acct:park-friends@{}", house.app.addresses.host()), "/@park-friends".to_owned()),
    ];
    for (uri, page) in ours {
        let answer = house.get(&format!("/interact?uri={uri}")).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, page.as_str()),
            "{uri}"
        );
    }
    let theirs = house.get("/interact?uri=https://far.example/notes/1").await;
    assert!(theirs.status == StatusCode::OK && theirs.body.contains("Open it at far.example"));
    let hostile = house.get("/interact?uri=javascript:alert(1)").await;
    assert!(hostile.status == StatusCode::OK && !hostile.body.contains("href=\"javascript:"));
    assert_eq!(house.get("/interact").await.status, StatusCode::NOT_FOUND);
}
