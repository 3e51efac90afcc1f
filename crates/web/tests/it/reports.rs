//! Reporting something, and what stewards make of it.

use axum::http::StatusCode;
use folkmoot_app::{By, people, reports};
use folkmoot_domain::{
    ActorId, ItemId,
    moments::DAY,
    people::Person,
    replies::ReplyState,
    reports::{Report, ReportState},
};
use folkmoot_storage::{items, mails, reports as report_rows};

use crate::house::House;

struct Board {
    house: House,
    park: ActorId,
    call: ItemId,
    /// A steward of the board.
    ruth: Person,
}

async fn board() -> Board {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let ruth = people::make_steward(&house.app, &By::operator(), &ruth.email, true).await.unwrap();
    let park = house.association("park-friends", None).await.actor.id;
    let call = house.call(park, "Plant trees").await;
    Board { house, park, call, ruth }
}

impl Board {
    async fn waiting(&self) -> Vec<Report> {
        reports::desk(&self.house.app, &self.ruth).await.unwrap().waiting
    }

    async fn letters(&self, kind: &str) -> Vec<String> {
        let found = mails::list(&self.house.app.store.rows(), None, 100).await.unwrap();
        found.into_iter().filter(|mail| mail.kind == kind).map(|mail| mail.recipient).collect()
    }
}

#[tokio::test]
async fn everything_leads_to_its_report_and_nothing_happens_on_the_way() {
    let board = board().await;
    let Board { house, park, call, .. } = &board;
    let bob = house.stranger("bob", "Bob").await;
    let reply = house.reply(&bob, *call, "<p>Cheap spades</p>", false).await;
    folkmoot_app::replies::judge(&house.app, &By::operator(), reply, ReplyState::Approved).await.unwrap();
    let page = house.get(&format!("/calls/{call}")).await.body;
    for link in [format!("/report?item={call}"), format!("/report?reply={reply}")] {
        assert!(page.contains(&format!("href=\"{link}\"")), "{link}");
        let form = house.get(&link).await;
        assert_eq!((form.status, form.header("x-robots-tag")), (StatusCode::OK, "noindex, nofollow"));
        assert!(
            form.main().contains("Plant trees") && form.main().contains("Park Friends"),
            "{}",
            form.main()
        );
    }
    assert!(house.get("/@park-friends").await.body.contains(&format!("/report?actor={park}")));
    assert!(board.waiting().await.is_empty());
    let held = house.reply(&bob, *call, "<p>Held</p>", false).await;
    for missing in ["/report", "/report?item=", "/report?item=nothing", &format!("/report?reply={held}")] {
        assert_eq!(house.get(missing).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
    let two = format!("/report?item={call}&actor={park}");
    assert_eq!(house.get(&two).await.status, StatusCode::NOT_FOUND, "one thing at a time");
}

#[tokio::test]
async fn anybody_reports_and_the_stewards_hear() {
    let board = board().await;
    let Board { house, call, .. } = &board;
    let form = format!("item={call}&category=unsafe&words=The+bridge+is+rotten&email=asha%40far.example");
    let sent = house.press(None, "/report", &form).await;
    let thanks = format!("/report/thanks?item={call}");
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, thanks.as_str()));
    let thanks = house.get(&thanks).await.main();
    assert!(thanks.contains("is not told that you reported it"), "{thanks}");
    assert_eq!(board.letters("reported").await, ["ruth@hyde.example"]);
    let report = board.waiting().await.remove(0);
    assert_eq!((report.reporter, report.email.as_deref()), (None, Some("asha@far.example")));
    let page = house.get(&format!("/calls/{call}")).await.body;
    assert!(!page.contains("rotten"), "nobody reads it but the stewards");
}

#[tokio::test]
async fn a_report_that_is_not_whole_comes_back_as_it_was_typed() {
    let board = board().await;
    let Board { house, call, .. } = &board;
    for (form, field) in [
        ("words=%3Cb%3Ewords&email=", "category"),
        ("category=nonsense&words=%3Cb%3Ewords", "category"),
        ("category=other&words=+", "words"),
        ("category=spam&words=%3Cb%3Ewords&email=nobody", "email"),
    ] {
        let answer = house.press(None, "/report", &format!("item={call}&{form}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        let main = answer.main();
        assert!(main.contains(&format!("href=\"#{field}\"")), "{form}: {main}");
        assert!(main.contains(&format!("id=\"{field}-why\"")), "{form}: {main}");
        if form.contains("words=%3Cb") {
            assert!(main.contains("&#60;b&#62;words</textarea>"), "{main}");
        }
    }
    let long = format!("item={call}&category=spam&words={}", "a".repeat(2_001));
    assert_eq!(house.press(None, "/report", &long).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let foreign = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    let forged = house.post(None, "/report", &format!("item={call}&category=spam"), &foreign).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert!(board.waiting().await.is_empty());
    for _ in 0..10 {
        house.press(None, "/report", &format!("item={call}&category=spam")).await;
    }
    let too_often = house.press(None, "/report", &format!("item={call}&category=spam")).await;
    assert_eq!(too_often.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(too_often.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(too_often.main().contains("too often") && board.waiting().await.len() == 10);
}

#[tokio::test]
async fn a_steward_decides_with_a_reason() {
    let board = board().await;
    let Board { house, call, .. } = &board;
    let form = format!("item={call}&category=unsafe&words=Rotten&email=asha%40far.example");
    house.press(None, "/report", &form).await;
    house.later(DAY);
    let cookie = house.sign_in(&board.ruth).await;
    let page = house.get_as(&cookie, "/stewards").await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let main = page.main();
    for words in
        ["One report waits", "Somebody could come to harm", "yesterday", "Rotten", "bandstand", "Plant trees"]
    {
        assert!(main.contains(words), "{words}: {main}");
    }
    let id = board.waiting().await[0].id;
    let path = format!("/stewards/reports/{id}");
    let again = house.press(Some(&cookie), &path, "verdict=take-down&reason=+").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.main().contains(&format!("href=\"#reason-{id}\"")), "{}", again.main());
    let done = house.press(Some(&cookie), &path, "verdict=take-down&reason=The+bridge+is+closed.").await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/stewards"));
    assert_eq!(house.get(&format!("/calls/{call}")).await.status, StatusCode::GONE);
    let main = house.get_as(&cookie, "/stewards").await.main();
    for words in ["Nothing waits", "Taken down", "The bridge is closed.", "Ruth Okafor, today", "Plant trees"]
    {
        assert!(main.contains(words), "{words}: {main}");
    }
    assert_eq!(board.letters("report-decided").await, ["asha@far.example"]);
    assert_eq!(house.press(Some(&cookie), &path, "verdict=nonsense&reason=a").await.status, 422);
}

#[tokio::test]
async fn stewards_of_an_association_see_and_decide_only_theirs() {
    let board = board().await;
    let Board { house, park, call, .. } = &board;
    let other = house.association("others", None).await.actor.id;
    let others = house.call(other, "Paint a fence").await;
    for about in [format!("item={call}"), format!("item={others}"), format!("actor={park}")] {
        house.press(None, "/report", &format!("{about}&category=spam")).await;
    }
    let waiting = board.waiting().await;
    assert_eq!(waiting.len(), 3);
    let warden = house.person("Wilf", "wilf").await;
    house.make_steward(warden.id, *park).await;
    let cookie = house.sign_in(&warden).await;
    let main = house.get_as(&cookie, "/stewards").await.main();
    assert!(
        main.contains("Plant trees") && !main.contains("Paint a fence") && !main.contains("Blocked servers")
    );
    for report in &waiting {
        let mine = report.association == Some(*park);
        let path = format!("/stewards/reports/{}", report.id);
        let judged = house.press(Some(&cookie), &path, "verdict=keep&reason=Fine.").await;
        assert_eq!(judged.status.as_u16(), if mine { 303 } else { 404 }, "{}", report.title);
        let now = report_rows::find(&house.app.store.rows(), report.id).await.unwrap().unwrap();
        assert_eq!(now.state, if mine { ReportState::Kept } else { ReportState::Open });
    }
    assert!(items::find(&house.app.store.rows(), *call).await.unwrap().unwrap().deleted.is_none());
    let nobody = house.person("Nobody", "nobody").await;
    let nobody = house.sign_in(&nobody).await;
    let path = format!("/stewards/reports/{}", waiting[1].id);
    for cookie in [Some(nobody.as_str()), None] {
        assert_ne!(house.press(cookie, &path, "verdict=take-down&reason=Mine.").await.status, 303);
    }
    assert_eq!(house.get_as(&nobody, "/stewards").await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.get("/stewards").await.status, StatusCode::FORBIDDEN);
}
