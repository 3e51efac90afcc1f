//! The desk: what waits there, and the way from a need to something published.

use axum::http::StatusCode;
use folkmoot_app::{By, calls, pledges, projects};
use folkmoot_domain::{
    ActorId, ItemId, Moment,
    calls::CallState,
    items::ItemKind,
    moments::{DAY, HOUR},
    pledges::PledgeState,
};
use folkmoot_storage::{calls as call_rows, items, items::Filter};

use crate::house::{Answered, House, NOW};

/// A form as browsers send it.
pub fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The five answers of a call.
pub fn five_answers() -> Vec<(&'static str, &'static str)> {
    vec![
        ("for", "park-friends"),
        ("kind", "call"),
        ("title", "Water forty young trees"),
        ("kind-1", "time"),
        ("wanted-1", "4"),
        ("label-1", "I can carry water"),
        ("closes-day", "2026-06-13"),
        ("closes-time", "10:00"),
        ("place", "Woodhouse Moor, by the old pump house"),
        ("why", "It has not rained for nineteen days."),
        ("causes", "StreetTrees, CoolerLeeds"),
    ]
}

pub async fn organiser(house: &House) -> (ActorId, String) {
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    (home, house.sign_in(&ruth).await)
}

/// Where a fresh form is.
pub async fn fresh(house: &House, cookie: &str, query: &str) -> String {
    let begun = house.get_as(cookie, &format!("/desk/new{query}")).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.main());
    begun.header("location").to_owned()
}

pub async fn published(house: &House, kind: ItemKind) -> Vec<folkmoot_domain::items::ItemSeen> {
    let filter = Filter { kind: Some(kind), limit: 20, ..Filter::default() };
    items::list(&house.app.store.rows(), filter).await.unwrap()
}

/// The fields of a page that one can type into or choose from without unfolding anything.
fn fields_in_view(page: &Answered) -> usize {
    let main = page.main();
    let mut view = main.as_str();
    let mut seen = String::new();
    while let Some((before, rest)) = view.split_once("<details") {
        seen.push_str(before);
        view = rest.split_once("</details>").unwrap().1;
    }
    seen.push_str(view);
    let typed = ["type=\"text\"", "type=\"date\"", "type=\"time\"", "type=\"email\"", "<textarea"];
    let typed: usize = typed.iter().map(|kind| seen.matches(kind).count()).sum();
    typed + usize::from(seen.contains("type=\"radio\""))
}

#[tokio::test]
async fn a_secretary_publishes_a_call_in_four_screens() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    house.association("park-friends", Some(ruth.id)).await;
    let link = house.sign_in_link(&ruth).await;
    // Screen one: the link from the mail, and its button.
    let signed_in = house.press(None, &link, "").await;
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    // Screen two: the desk, and "Ask for something".
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(desk.body.contains("href=\"/desk/new?for=park-friends\""));
    // Screen three: five answers.
    let path = fresh(&house, &cookie, "?for=park-friends").await;
    let page = house.get_as(&cookie, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(fields_in_view(&page) <= 12, "{} fields", fields_in_view(&page));
    let path = path.split('?').next().unwrap();
    let sent = house.press(Some(&cookie), path, &form(&five_answers())).await;
    assert_eq!(sent.header("location"), format!("{path}/preview"), "{}", sent.main());
    // Screen four: as others will see it, and "Publish this call".
    let preview = house.get_as(&cookie, sent.header("location")).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(published(&house, ItemKind::Call).await.is_empty(), "nothing is out before the button");
    let button = format!("action=\"{path}/publish\"");
    assert!(preview.body.contains(&button) && preview.body.contains("Publish this call"));
    let done = house.press(Some(&cookie), &format!("{path}/publish"), "").await;
    let done = house.get_as(&cookie, done.header("location")).await;
    assert!(done.body.contains("<h1>Published</h1>"));

    let calls = published(&house, ItemKind::Call).await;
    let [call] = calls.as_slice() else { panic!("one call") };
    let seen = call_rows::seen(&house.app.store.rows(), call.item.id).await.unwrap().unwrap();
    assert_eq!(seen.call.closes, Moment(NOW + 2 * DAY + HOUR), "10 am in Leeds");
    assert_eq!(seen.call.why, "It has not rained for nineteen days.");
    assert_eq!(seen.needs.len(), 2);
    assert_eq!(call.causes.len(), 2);
    for path in [format!("/calls/{}", call.item.id), "/".to_owned()] {
        assert!(house.get(&path).await.body.contains("Water forty young trees"), "{path}");
    }
}

#[tokio::test]
async fn a_preview_is_what_goes_out() {
    let house = House::new().await;
    let (_, cookie) = organiser(&house).await;
    let path = fresh(&house, &cookie, "").await;
    let path = path.split('?').next().unwrap();
    house.press(Some(&cookie), path, &form(&five_answers())).await;
    let before = house.bytes();
    let preview = house.get_as(&cookie, &format!("{path}/preview")).await;
    assert_eq!(before, house.bytes(), "a rehearsal leaves nothing");
    house.press(Some(&cookie), &format!("{path}/publish"), "").await;
    let call = published(&house, ItemKind::Call).await.remove(0).item.id;
    let seen = call_rows::seen(&house.app.store.rows(), call).await.unwrap().unwrap();
    let post = folkmoot_domain::posts::call(&seen, &house.app.addresses);
    // All but the address, which is given when it is published.
    let (begins, _) = post.split_once("<a href=\"https://hyde.example/calls/").unwrap();
    assert!(begins.contains("How far we are") && preview.body.contains(begins), "{}", preview.main());
    let main = preview.main();
    let at = main.find("/calls/").unwrap() + 7;
    insta::assert_snapshot!(main.replace(&main[at..at + 36], "THE-CALL").replace(path, "THE-DRAFT"));
}

#[tokio::test]
async fn what_needs_another_look_comes_back_with_what_was_typed() {
    let house = House::new().await;
    let (_, cookie) = organiser(&house).await;
    let path = fresh(&house, &cookie, "").await;
    let path = path.split('?').next().unwrap();
    for (field, value, at) in [
        ("title", " ", "title"),
        ("wanted-1", "a few", "needs"),
        ("kind-1", "", "needs"),
        ("label-1", "I can carry more water than fits into an option of a poll", "needs"),
        ("label-1", "I can pass this on", "needs"),
        ("closes-day", "", "closes"),
        ("closes-day", "2026-06-01", "closes"),
        ("closes-time", "noon", "closes"),
        ("causes", "one,two,three,four,five,six,seven,eight,nine,ten,eleven", "causes"),
        ("causes", "2026", "causes"),
        ("latitude", "53.8", "latitude"),
        ("project", "nothing", "project"),
    ] {
        let mut fields = five_answers();
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let page = house.press(Some(&cookie), path, &form(&fields)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert!(page.body.contains(&format!("<a href=\"#{at}\">")), "{field}: {}", page.main());
        assert!(page.body.contains(&format!("id=\"{at}\"")), "{field} has nowhere to go to");
        assert!(page.body.contains(&format!("id=\"{at}-why\"")), "{field} does not say why");
        assert!(page.body.contains("It has not rained for nineteen days."), "{field} lost what was typed");
    }
    assert!(published(&house, ItemKind::Call).await.is_empty());
    // What was typed is kept all the while, and the preview of it is the form again.
    let kept = house.get_as(&cookie, path).await;
    assert!(kept.body.contains("It has not rained for nineteen days."));
    let preview = house.get_as(&cookie, &format!("{path}/preview")).await;
    assert_eq!(preview.status, StatusCode::UNPROCESSABLE_ENTITY);
    let publish = house.press(Some(&cookie), &format!("{path}/publish"), "").await;
    assert_eq!(publish.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_draft_is_kept_gone_on_with_and_thrown_away() {
    let house = House::new().await;
    let (_, cookie) = organiser(&house).await;
    let path = fresh(&house, &cookie, "").await;
    let path = path.split('?').next().unwrap().to_owned();
    let nothing = form(&[("for", "park-friends"), ("kind", "call"), ("do", "keep")]);
    let kept = house.press(Some(&cookie), &path, &nothing).await;
    assert_eq!(kept.header("location"), "/desk");
    assert!(house.get_as(&cookie, "/desk").await.body.contains("Without a title yet"));
    let mut fields = five_answers();
    fields.push(("do", "keep"));
    house.press(Some(&cookie), &path, &form(&fields)).await;
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(desk.body.contains("Water forty young trees") && !desk.body.contains("Without a title yet"));
    let page = house.get_as(&cookie, &path).await;
    for typed in ["Water forty young trees", "value=\"2026-06-13\"", "I can carry water", "nineteen days"] {
        assert!(page.body.contains(typed), "{typed}");
    }
    for _ in 0..2 {
        let gone = house.press(Some(&cookie), &format!("{path}/throw-away"), "").await;
        assert_eq!(gone.header("location"), "/desk");
    }
    assert!(!house.get_as(&cookie, "/desk").await.body.contains("Water forty young trees"));
}

#[tokio::test]
async fn pressing_twice_publishes_once() {
    let house = House::new().await;
    let (_, cookie) = organiser(&house).await;
    let path = fresh(&house, &cookie, "").await;
    let path = path.split('?').next().unwrap();
    house.press(Some(&cookie), path, &form(&five_answers())).await;
    let first = house.press(Some(&cookie), &format!("{path}/publish"), "").await;
    let second = house.press(Some(&cookie), &format!("{path}/publish"), "").await;
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(published(&house, ItemKind::Call).await.len(), 1);
    // Back, and once more: it is out already.
    assert_eq!(house.get_as(&cookie, path).await.header("location"), first.header("location"));
    house.press(Some(&cookie), path, &form(&five_answers())).await;
    house.press(Some(&cookie), &format!("{path}/throw-away"), "").await;
    assert_eq!(published(&house, ItemKind::Call).await.len(), 1);
}

#[tokio::test]
async fn every_kind_can_be_written() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let project = house.project(home, "A tree for every street").await.to_string();
    for (kind, fields) in [
        (
            "event",
            vec![
                ("title", "Tree planting morning"),
                ("starts-day", "2026-06-13"),
                ("starts-time", "10:00"),
                ("ends-time", "13:00"),
                ("place", "Woodhouse Moor"),
                ("text", "Come for an hour."),
                ("capacity", "40"),
                ("project", project.as_str()),
            ],
        ),
        ("project", vec![("title", "A nursery in the coal yard"), ("need", "A key"), ("state", "idea")]),
        ("update", vec![("about", project.as_str()), ("text", "The first nine trees stand.")]),
    ] {
        let path = fresh(&house, &cookie, &format!("?kind={kind}")).await;
        let page = house.get_as(&cookie, &path).await;
        assert!(page.body.contains(&format!("name=\"kind\" value=\"{kind}\"")), "{kind}");
        let path = path.split('?').next().unwrap();
        let mut sent = vec![("for", "park-friends"), ("kind", kind)];
        sent.extend(fields);
        let shown = house.press(Some(&cookie), path, &form(&sent)).await;
        assert_eq!(shown.status, StatusCode::SEE_OTHER, "{kind}: {}", shown.main());
        let preview = house.get_as(&cookie, shown.header("location")).await;
        assert!(preview.body.contains(&format!("Publish this {kind}")), "{kind}");
        let done = house.press(Some(&cookie), &format!("{path}/publish"), "").await;
        assert!(done.header("location").ends_with("/published"), "{kind}: {}", done.main());
    }
    assert_eq!(published(&house, ItemKind::Event).await.len(), 1);
    assert_eq!(published(&house, ItemKind::Project).await.len(), 2);
    assert_eq!(published(&house, ItemKind::Update).await.len(), 1);
}

#[tokio::test]
async fn whoever_organises_several_chooses_first() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    house.association("park-friends", Some(ruth.id)).await;
    house.association("other-friends", Some(ruth.id)).await;
    let cookie = house.sign_in(&ruth).await;
    let choose = house.get_as(&cookie, "/desk/new?kind=event").await;
    assert!(choose.body.contains("href=\"/desk/new?for=park-friends&#38;kind=event\""), "{}", choose.main());
    assert!(fresh(&house, &cookie, "?for=other-friends").await.contains("for=other-friends"));
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(desk.body.contains("id=\"park-friends\"") && desk.body.contains("id=\"other-friends\""));
}

#[tokio::test]
async fn an_empty_desk_says_what_to_do_next() {
    let house = House::new().await;
    let tom = house.person("Tom Lee", "tom").await;
    let cookie = house.sign_in(&tom).await;
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(desk.body.contains("Nothing waits for you today.") && desk.body.contains("href=\"/desk/found\""));
    assert_eq!(house.get_as(&cookie, "/desk/new").await.header("location"), "/desk");
    house.association("park-friends", Some(tom.id)).await;
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(desk.body.contains("Nothing waits here") && desk.body.contains("/desk/new?for=park-friends"));
    assert_eq!(house.get("/desk").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_desk_shows_what_is_on_and_what_is_owed() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let by = By::operator();
    let call = house.call(home, "Help plant 40 trees").await;
    let event = house.event(home, "Tree planting morning", None).await;
    let parked = house.project(home, "A nursery in the coal yard").await;
    let wake = Some(Moment(NOW + DAY));
    projects::park(&house.app, &by, parked, "No acorns yet", wake).await.unwrap();
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(desk.body.contains("Answers end") && !desk.body.contains("Another day</b>"), "{}", desk.main());
    assert!(!desk.body.contains("Tree planting morning"));

    let jo = house.stranger("jo", "Jo").await;
    let (pledge, _) = house.vote(call, jo.id, "I can dig").await;
    pledges::answer(&house.app, &by, pledge, PledgeState::Accepted, "").await.unwrap();
    house.later(2 * DAY);
    let desk = house.get_as(&cookie, "/desk").await;
    insta::assert_snapshot!(desk.main());
    assert!(desk.body.contains(&format!("/desk/items/{event}/cancel")));

    // Closed without thanks: thanks are owed still.
    calls::close(&house.app, &by, call, "Forty trees stand.", "").await.unwrap();
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(desk.body.contains("One person said they would help. Did they?"));
    pledges::answer(&house.app, &by, pledge, PledgeState::Kept, "").await.unwrap();
    assert!(!house.get_as(&cookie, "/desk").await.body.contains("Did they?"));
}

#[tokio::test]
async fn an_organiser_accepts_thanks_and_closes_in_six_presses() {
    let house = House::new().await;
    let (home, cookie) = organiser(&house).await;
    let call = house.call(home, "Help plant 40 trees").await;
    let jo = house.stranger("jo", "Jo").await;
    let (pledge, _) = house.vote(call, jo.id, "I can dig").await;
    // One: accept, at the desk.
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(desk.body.contains(&format!("action=\"/desk/pledges/{pledge}\"")));
    house.press(Some(&cookie), &format!("/desk/pledges/{pledge}"), "answer=accepted").await;
    house.later(2 * DAY);
    // Two: what is owed leads to the call. Three: thank. Four: to the outcome. Five: close.
    let desk = house.get_as(&cookie, "/desk").await;
    assert!(desk.body.contains(&format!("href=\"/desk/items/{call}\"")));
    let page = house.get_as(&cookie, &format!("/desk/items/{call}")).await;
    assert!(page.body.contains("Thank them: they helped") && page.body.contains("You count on them"));
    let thanked = form(&[("answer", "kept"), ("words", "You dug like two."), ("back", &call.to_string())]);
    let thanked = house.press(Some(&cookie), &format!("/desk/pledges/{pledge}"), &thanked).await;
    assert_eq!(thanked.header("location"), format!("/desk/items/{call}#pledges"));
    let page = house.get_as(&cookie, &format!("/desk/items/{call}")).await;
    assert!(page.body.contains(&format!("href=\"/desk/items/{call}/close\"")));
    let outcome = form(&[("outcome", "Forty trees stand."), ("thanks", "To all of you.")]);
    let closed = house.press(Some(&cookie), &format!("/desk/items/{call}/close"), &outcome).await;
    assert_eq!(closed.header("location"), format!("/desk/items/{call}"));
    let seen = call_rows::seen(&house.app.store.rows(), call).await.unwrap().unwrap();
    assert!(matches!(seen.call.state, CallState::Closed { .. }));
    assert!(house.get_as(&cookie, "/desk").await.body.contains("Nothing waits here"));
}

#[tokio::test]
async fn other_peoples_drafts_are_not_there() {
    let house = House::new().await;
    let (_, ruth) = organiser(&house).await;
    let tom = house.person("Tom Lee", "tom").await;
    house.association("other-friends", Some(tom.id)).await;
    let tom = house.sign_in(&tom).await;
    let path = fresh(&house, &ruth, "").await;
    let path = path.split('?').next().unwrap();
    house.press(Some(&ruth), path, &form(&five_answers())).await;
    let theirs = form(&[("for", "other-friends"), ("kind", "call"), ("title", "Mine now")]);
    let before = house.bytes();
    for (target, sent) in [
        (path.to_owned(), form(&five_answers())),
        (path.to_owned(), theirs),
        (format!("{path}/publish"), String::new()),
    ] {
        assert_eq!(house.press(Some(&tom), &target, &sent).await.status, StatusCode::NOT_FOUND, "{target}");
        assert_eq!(house.press(None, &target, &sent).await.status, StatusCode::FORBIDDEN, "{target}");
    }
    for target in [path.to_owned(), format!("{path}/preview"), "/desk/new?for=park-friends".to_owned()] {
        assert_eq!(house.get_as(&tom, &target).await.status, StatusCode::NOT_FOUND, "{target}");
    }
    house.press(Some(&tom), &format!("{path}/throw-away"), "").await;
    assert_eq!(before, house.bytes());
    assert!(!house.get_as(&tom, "/desk").await.body.contains("Water forty"));
    // News belongs to what the same association pinned.
    let ours = published(&house, ItemKind::Call).await;
    assert!(ours.is_empty());
}

#[tokio::test]
async fn news_is_about_ones_own() {
    let house = House::new().await;
    let (_, ruth) = organiser(&house).await;
    let other = house.association("other-friends", None).await.actor.id;
    let call: ItemId = house.call(other, "Mend the hand pump").await;
    let path = fresh(&house, &ruth, "?kind=update").await;
    let path = path.split('?').next().unwrap();
    let about = call.to_string();
    let sent =
        form(&[("for", "park-friends"), ("kind", "update"), ("about", &about), ("text", "It is mended.")]);
    let answer = house.press(Some(&ruth), path, &sent).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(published(&house, ItemKind::Update).await.is_empty());
    assert_eq!(house.get_as(&ruth, &format!("/desk/new?about={call}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get_as(&ruth, &format!("/desk/new?like={call}")).await.status, StatusCode::NOT_FOUND);
}
