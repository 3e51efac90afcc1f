//! What stewards of the board do besides: blocked servers, and projects that were proposed.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use folkmoot_app::{By, blocks, nominations, people};
use folkmoot_domain::people::Person;
use folkmoot_storage::{blocks::Block, mails};

use crate::house::{Answered, House};

async fn steward(house: &House) -> (Person, String) {
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let ruth = people::make_steward(&house.app, &By::operator(), &ruth.email, true).await.unwrap();
    let cookie = house.sign_in(&ruth).await;
    (ruth, cookie)
}

async fn blocked(house: &House) -> Vec<(String, String)> {
    let found = blocks::list(&house.app).await.unwrap();
    found.into_iter().map(|Block { domain, reason, .. }| (domain, reason)).collect()
}

async fn bring(house: &House, cookie: &str, list: &str) -> Answered {
    let body = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\ncontent-type: \
         text/csv\r\n\r\n{list}\r\n--edge\r\ncontent-disposition: form-data; name=\"list\"\r\n\r\n\r\n--edge--\r\n"
    );
    let request = Request::builder()
        .method(Method::POST)
        .uri("/stewards/blocks/bring")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie);
    house.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_server_is_blocked_with_a_reason_and_let_in_again() {
    let house = House::new().await;
    let (_, cookie) = steward(&house).await;
    assert!(house.get_as(&cookie, "/stewards/blocks").await.main().contains("None so far"));
    let form = "domain=Spam.Example&reason=%3Cb%3ESpam";
    assert_eq!(house.press(Some(&cookie), "/stewards/blocks", form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(blocked(&house).await, [("spam.example".to_owned(), "<b>Spam".to_owned())]);
    let main = house.get_as(&cookie, "/stewards/blocks").await.main();
    assert!(
        main.contains("spam.example") && main.contains("&#60;b&#62;Spam") && main.contains("today"),
        "{main}"
    );
    for (form, field) in [("domain=no+domain&reason=Why", "domain"), ("domain=hyde.example", "domain")] {
        let wrong = house.press(Some(&cookie), "/stewards/blocks", form).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.main().contains(&format!("href=\"#{field}\"")), "{}", wrong.main());
    }
    house.press(Some(&cookie), "/stewards/blocks/lift", "domain=spam.example").await;
    assert!(blocked(&house).await.is_empty());
}

#[tokio::test]
async fn a_list_is_brought_in_and_taken_along() {
    let house = House::new().await;
    let (_, cookie) = steward(&house).await;
    house.press(Some(&cookie), "/stewards/blocks", "domain=known.example&reason=Ours").await;
    let list = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\r\n\
                bad.example,suspend,false,false,\"Spam, and more\",false\r\nloud.example,silence,false,false,,false\r\n\
                known.example,suspend,false,false,Theirs,false\r\nhyde.example,suspend,false,false,,false\r\n";
    let brought = bring(&house, &cookie, list).await;
    assert_eq!(
        (brought.status, brought.header("location")),
        (StatusCode::SEE_OTHER, "/stewards/blocks?new=1&left=2")
    );
    let both =
        [("bad.example".to_owned(), "Spam, and more".to_owned()), ("known.example".into(), "Ours".into())];
    assert_eq!(
        blocked(&house).await,
        both,
        "what is known keeps its reason; who is only limited elsewhere stays in"
    );
    let page = house.get_as(&cookie, "/stewards/blocks?new=1&left=2").await.main();
    assert!(page.contains("One server more is blocked.") && page.contains("2 lines were left out"), "{page}");
    let csv = house.get_as(&cookie, "/stewards/blocks.csv").await;
    assert!(csv.header("content-disposition").starts_with("attachment"));
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let expected = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n\
                    bad.example,suspend,true,true,\"Spam, and more\",false\nknown.example,suspend,true,true,Ours,false\n";
    assert_eq!(csv.body, expected);
    assert_eq!(house.get_as(&cookie, "/stewards/blocks.txt").await.body, "bad.example\nknown.example\n");
    let empty = bring(&house, &cookie, "# nothing\r\n").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.main().contains("href=\"#list\""));
}

#[tokio::test]
async fn only_stewards_of_the_board_see_or_change_blocks() {
    let house = House::new().await;
    let (_, steward) = steward(&house).await;
    house.press(Some(&steward), "/stewards/blocks", "domain=spam.example&reason=Spam").await;
    let sam = house.person("Sam", "sam").await;
    house.association("park-friends", Some(sam.id)).await;
    let organiser = house.sign_in(&sam).await;
    for path in ["/stewards/blocks", "/stewards/blocks.csv", "/stewards/blocks.txt"] {
        let seen = house.get_as(&organiser, path).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN, "{path}");
        assert!(!seen.body.contains("spam.example"), "{path}");
        assert_eq!(house.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/stewards/blocks", "/stewards/blocks/lift"] {
        let pressed = house.press(Some(&organiser), path, "domain=spam.example&reason=Mine").await;
        assert_eq!(pressed.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(bring(&house, &organiser, "good.example").await.status, StatusCode::FORBIDDEN);
    assert_eq!(blocked(&house).await, [("spam.example".to_owned(), "Spam".to_owned())]);
}

const PROPOSAL: &str = "title=A+bench+at+the+stop&text=People+wait+in+the+rain.&place=Hyde+Park+Corner&name=Asha&\
                        email=asha%40far.example";

#[tokio::test]
async fn a_project_is_proposed_and_put_up() {
    let house = House::new().await;
    let (ruth, cookie) = steward(&house).await;
    assert_eq!(house.get("/projects/nominate").await.status, StatusCode::OK);
    let sent = house.press(None, "/projects/nominate", PROPOSAL).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/projects/nominate/thanks"));
    assert_eq!(house.get("/projects/nominate/thanks").await.status, StatusCode::OK);
    assert!(!house.get("/projects").await.main().contains("A bench"), "not before a steward read it");
    let main = house.get_as(&cookie, "/stewards").await.main();
    for words in ["one project was proposed", "A bench at the stop", "Hyde Park Corner", "asha@far.example"] {
        assert!(main.contains(words), "{words}: {main}");
    }
    let (waiting, _) = nominations::desk(&house.app, &ruth).await.unwrap();
    let path = format!("/stewards/nominations/{}", waiting[0].id);
    let sam = house.person("Sam", "sam").await;
    house.association("park-friends", Some(sam.id)).await;
    let organiser = house.sign_in(&sam).await;
    assert_eq!(house.press(Some(&organiser), &path, "answer=put-up").await.status, StatusCode::FORBIDDEN);
    let no_reason = house.press(Some(&cookie), &path, "answer=decline&reason=").await;
    assert_eq!(no_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.press(Some(&cookie), &path, "answer=put-up").await.status, StatusCode::SEE_OTHER);
    let (_, decided) = nominations::desk(&house.app, &ruth).await.unwrap();
    let project = house.get(&format!("/projects/{}", decided[0].item.unwrap())).await;
    assert_eq!(project.status, StatusCode::OK);
    assert!(
        project.main().contains("Nobody runs this yet") && !project.body.contains("Asha"),
        "{}",
        project.main()
    );
    let main = house.get_as(&cookie, "/stewards").await.main();
    assert!(main.contains("Put up") && !main.contains("asha@far.example"), "{main}");
    let letters = mails::list(&house.app.store.rows(), None, 100).await.unwrap();
    let told = |kind: &str| letters.iter().find(|mail| mail.kind == kind).map(|mail| mail.recipient.as_str());
    assert_eq!(told("nominated"), Some("ruth@hyde.example"));
    assert_eq!(told("nomination-decided"), Some("asha@far.example"));
}

#[tokio::test]
async fn a_proposal_that_is_not_whole_comes_back_as_it_was_typed() {
    let house = House::new().await;
    for (left_out, field) in
        [("title=A+bench+at+the+stop&", "title"), ("text=People+wait+in+the+rain.&", "text")]
    {
        let answer = house.press(None, "/projects/nominate", &PROPOSAL.replace(left_out, "")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        let main = answer.main();
        assert!(
            main.contains(&format!("href=\"#{field}\"")) && main.contains(&format!("id=\"{field}-why\"")),
            "{main}"
        );
        assert!(main.contains("value=\"Asha\"") && main.contains("aria-invalid=\"true\""), "{main}");
    }
    let wrong = PROPOSAL.replace("asha%40far.example", "asha");
    assert!(house.press(None, "/projects/nominate", &wrong).await.main().contains("href=\"#email\""));
    for _ in 0..5 {
        assert_eq!(house.press(None, "/projects/nominate", PROPOSAL).await.status, StatusCode::SEE_OTHER);
    }
    let too_often = house.press(None, "/projects/nominate", PROPOSAL).await;
    assert_eq!(too_often.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(too_often.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(too_often.main().contains("too often"));
}
