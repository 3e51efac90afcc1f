//! Signing in, one's own page, and what must not be had from them.

use std::time::{Duration, Instant};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use folkmoot_app::{limits::HERE, mails::Letter, people};
use folkmoot_storage::people as rows;
use folkmoot_web::Asker;

use crate::house::{Answered, House};

const STRONG: &str = "kettle marmalade otter nine";

fn form(pairs: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs).finish()
}

fn cookie(answer: &Answered) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn with_password(house: &House, email: &str, password: &str) -> Answered {
    house.press(None, "/sign-in/password", &form(&[("email", email), ("password", password)])).await
}

/// The path of the link in the last letter to this address.
async fn link_to(house: &House, address: &str) -> String {
    let link = match house.letters_to(address).await.pop().unwrap() {
        Letter::SignIn { link, .. } | Letter::NewAddress { link, .. } => link,
        other => panic!("another letter: {other:?}"),
    };
    link.trim_start_matches("https://hyde.example").to_owned()
}

#[tokio::test]
async fn a_link_comes_by_letter_and_leads_back_to_the_page_that_was_wanted() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let first = house.get("/desk").await;
    assert_eq!(first.status, StatusCode::FORBIDDEN);
    assert!(first.body.contains("href=\"/sign-in?next=%2Fdesk\""));
    let page = house.get("/sign-in?next=%2Fdesk%2Fnew%3Fkind%3Dcall").await;
    insta::assert_snapshot!("sign_in", page.main());
    assert!(page.body.contains("name=\"next\" value=\"/desk/new?kind=call\""));
    let sent =
        house.press(None, "/sign-in", "email=Ruth%40hyde.example&next=%2Fdesk%2Fnew%3Fkind%3Dcall").await;
    assert_eq!(sent.status, StatusCode::OK);
    insta::assert_snapshot!("sent", sent.main());
    let link = link_to(&house, &ruth.email).await;
    assert!(house.get(&link).await.body.contains("name=\"next\" value=\"/desk/new?kind=call\""));
    let (path, query) = link.split_once('?').unwrap();
    let signed_in = house.press(None, path, query).await;
    assert_eq!(
        (signed_in.status, signed_in.header("location")),
        (StatusCode::SEE_OTHER, "/desk/new?kind=call")
    );
    assert_eq!(house.get_as(&cookie(&signed_in), "/me").await.status, StatusCode::OK);
}

/// WEB-07: whatever is asked for, one goes on within this place or to the desk.
#[tokio::test]
async fn nobody_is_led_elsewhere() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    people::set_password(&house.app, HERE, &ruth, "", STRONG, "").await.unwrap();
    for next in [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "%2f%2fevil.example",
        "/%2f%2fevil.example",
        "/web//evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "/\t/evil.example",
        "@evil.example",
        ".evil.example",
    ] {
        let page = house.get(&format!("/sign-in?{}", form(&[("next", next)]))).await;
        assert!(!page.body.contains("evil.example") && !page.body.contains("name=\"next\""), "{next}");
        let link = house.sign_in_link(&ruth).await;
        let answers = [
            house.press(None, &link, &form(&[("next", next)])).await,
            house
                .press(
                    None,
                    "/sign-in/password",
                    &form(&[("email", &ruth.email), ("password", STRONG), ("next", next)]),
                )
                .await,
        ];
        for answer in answers {
            assert_eq!(
                (answer.status, answer.header("location")),
                (StatusCode::SEE_OTHER, "/desk"),
                "{next}"
            );
        }
        people::ask_for_link(&house.app, HERE, "nobody@hyde.example", None).await.ok();
        house.later(30 * 60 * 1_000);
    }
    house.press(None, "/sign-in", &form(&[("email", &ruth.email), ("next", "//evil.example")])).await;
    assert!(!link_to(&house, &ruth.email).await.contains("evil"));
}

/// WEB-10: the same words, the same status, the same headers, and as much time.
#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    people::set_password(&house.app, HERE, &ruth, "", STRONG, "").await.unwrap();
    let ask = async |email: &str| {
        let began = Instant::now();
        let answer = house.press(None, "/sign-in", &form(&[("email", email)])).await;
        (answer, began.elapsed())
    };
    let guess = async |email: &str| {
        let began = Instant::now();
        (with_password(&house, email, "a wrong guess").await, began.elapsed())
    };
    // The quickest of several of each: whatever else this machine does slows some of them down.
    let mut quickest = [Duration::MAX; 4];
    for _ in 0..4 {
        let ((there, one), (nobody, other)) =
            (ask("ruth@hyde.example").await, ask("ruht@hyde.example").await);
        same(&there, &nobody);
        let guessed = (guess("ruth@hyde.example").await, guess("ruht@hyde.example").await);
        let ((there, third), (nobody, fourth)) = guessed;
        same(&there, &nobody);
        assert_eq!(there.status, StatusCode::UNPROCESSABLE_ENTITY);
        for (least, took) in quickest.iter_mut().zip([one, other, third, fourth]) {
            *least = took.min(*least);
        }
    }
    let [known, unknown, right, nobodys] = quickest;
    assert!(known.abs_diff(unknown) < Duration::from_millis(50), "{quickest:?}");
    // Both hash once; without that one of them would be ten times as fast.
    assert!(right.max(nobodys) < right.min(nobodys) * 4 + Duration::from_millis(10), "{quickest:?}");
    assert!(house.letters_to("ruht@hyde.example").await.is_empty());
}

fn same(one: &Answered, other: &Answered) {
    assert_eq!(one.status, other.status);
    assert_eq!(one.headers, other.headers);
    assert_eq!(one.body.replace("ruth@", "ruht@"), other.body);
}

/// WEB-12 and WEB-13: guessing ends for the place and for the account, whatever a header claims.
#[tokio::test]
async fn guessing_ends_with_a_page_that_says_when_to_come_back() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    people::set_password(&house.app, HERE, &ruth, "", STRONG, "").await.unwrap();
    let guess = async |number: u8, from: Option<[u8; 4]>| {
        let mut request = Request::post("/sign-in/password")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", "https://hyde.example")
            .header("x-forwarded-for", format!("198.51.100.{number}"))
            .header("forwarded", format!("for=198.51.100.{number}"))
            .header("x-real-ip", format!("198.51.100.{number}"))
            .header("cf-connecting-ip", format!("198.51.100.{number}"));
        if let Some(from) = from {
            request = request.extension(Asker(from.into()));
        }
        let email = if from.is_some() { "ruth@hyde.example" } else { "other@hyde.example" };
        house.send(request.body(Body::from(form(&[("email", email), ("password", "guess")]))).unwrap()).await
    };
    let mut refused = 0;
    for number in 0..40 {
        let answer = guess(number, None).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            refused += 1;
            assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
            assert!(
                answer.body.contains("Too often in a short time")
                    && answer.headers.get("set-cookie").is_none()
            );
        }
    }
    // One was used up when the password was set.
    assert_eq!(refused, 16);
    let before = house.bytes();
    // One account, from a hundred places.
    for number in 0..100 {
        let answer = guess(number, Some([203, 0, 113, number])).await;
        let expected =
            if number < 24 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(answer.status, expected, "{number}");
    }
    assert_eq!(before, house.bytes());
    let right = form(&[("email", &ruth.email), ("password", STRONG)]);
    let request = Request::post("/sign-in/password")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "https://hyde.example")
        .extension(Asker([192, 0, 2, 1].into()));
    let answer = house.send(request.body(Body::from(right)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "the owner has a link sent, or waits");
}

/// WEB-03: a stranger's page signs nobody in; nor does it ask for letters.
#[tokio::test]
async fn a_page_of_somebody_else_signs_nobody_in() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    people::set_password(&house.app, HERE, &ruth, "", STRONG, "").await.unwrap();
    let before = house.bytes();
    let right = form(&[("email", &ruth.email), ("password", STRONG)]);
    for path in
        ["/sign-in", "/sign-in/password", "/sign-in/guessed", "/invitations/guessed", "/me/address/guessed"]
    {
        for said in [
            &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "https://www.hyde.example")],
            &[("origin", "null")],
            &[],
        ] {
            let answer = house.post(None, path, &right, said).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {said:?}");
            assert!(answer.headers.get("set-cookie").is_none());
        }
    }
    assert_eq!(before, house.bytes());
}

/// WEB-05 and WEB-22: what a browser brought is never taken over, and only the cookie of the full name counts.
#[tokio::test]
async fn a_session_that_was_brought_is_over_when_somebody_signs_in() {
    let house = House::new().await;
    let (ruth, sam) = (house.person("Ruth Okafor", "ruth").await, house.person("Sam Lee", "sam").await);
    people::set_password(&house.app, HERE, &ruth, "", STRONG, "").await.unwrap();
    let brought = house.sign_in(&sam).await;
    let right = form(&[("email", &ruth.email), ("password", STRONG)]);
    let signed_in = house.press(Some(&brought), "/sign-in/password", &right).await;
    let fresh = cookie(&signed_in);
    assert!(fresh != brought && fresh.starts_with("__Host-session="));
    assert!(!signed_in.header("set-cookie").to_lowercase().contains("domain"));
    assert_eq!(house.get_as(&brought, "/me").await.status, StatusCode::FORBIDDEN);
    assert!(house.get_as(&fresh, "/me").await.body.contains("Ruth Okafor"));
    let secret = fresh.split_once('=').unwrap().1;
    for tossed in [
        format!("session={secret}"),
        format!("__Secure-session={secret}"),
        format!("__host-session={secret}"),
    ] {
        assert_eq!(house.get_as(&tossed, "/me").await.status, StatusCode::FORBIDDEN, "{tossed}");
    }
}

/// WEB-11: a link is good once, for its account, for a while, and never after the address or the password changed.
#[tokio::test]
async fn links_die_in_time() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let ask = async || {
        let said = [
            ("sec-fetch-site", "same-origin"),
            ("host", "evil.example"),
            ("x-forwarded-host", "evil.example"),
        ];
        house.post(None, "/sign-in", &form(&[("email", "ruth@hyde.example")]), &said).await;
        let Some(Letter::SignIn { link, .. }) = house.letters_to("ruth@hyde.example").await.pop() else {
            panic!()
        };
        assert!(link.starts_with("https://hyde.example/sign-in/"), "{link}");
        link.trim_start_matches("https://hyde.example").to_owned()
    };
    let (first, second) = (ask().await, ask().await);
    let page = house.get(&first).await;
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));
    let session = cookie(&house.press(None, &first, "").await);
    assert_eq!(house.press(None, &first, "").await.status, StatusCode::GONE);
    let set = house.press(Some(&session), "/me/password", &form(&[("password", STRONG)])).await;
    assert_eq!((set.status, set.header("location")), (StatusCode::SEE_OTHER, "/me"));
    for old in [house.get(&second).await, house.press(None, &second, "").await] {
        assert_eq!(old.status, StatusCode::GONE);
    }
    assert_eq!(house.get_as(&session, "/me").await.status, StatusCode::FORBIDDEN, "every session ended");
    let session = cookie(&set);
    let third = ask().await;
    house.press(Some(&session), "/me/email", &form(&[("email", "ruth@aire.example")])).await;
    let confirm = link_to(&house, "ruth@aire.example").await;
    assert_eq!(house.get(&confirm).await.status, StatusCode::OK);
    let here = rows::by_email(&house.app.store.rows(), "ruth@aire.example").await.unwrap();
    assert_eq!(here, None, "looking changes nothing");
    assert_eq!(house.press(None, &confirm, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.press(None, &confirm, "").await.status, StatusCode::GONE);
    assert_eq!(house.press(None, &third, "").await.status, StatusCode::GONE);
    let fourth =
        people::sign_in_link(&house.app, &folkmoot_app::By::operator(), "ruth@aire.example").await.unwrap();
    house.later(24 * 60 * 60 * 1_000);
    assert_eq!(house.press(None, fourth.path(), "").await.status, StatusCode::GONE);
    assert_eq!(ruth.handle.as_str(), "ruth");
}

#[tokio::test]
async fn ones_own_page_shows_everything_and_ends_what_is_wanted() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    house.vote(call, ruth.id, "I can dig").await;
    let (here, there) = (house.sign_in(&ruth).await, house.sign_in(&ruth).await);
    let me = house.get_as(&here, "/me").await;
    insta::assert_snapshot!("me", me.main());
    let end = me.body.split("action=\"/me/sessions/").nth(1).unwrap().split('"').next().unwrap();
    let ended = house.press(Some(&here), &format!("/me/sessions/{end}"), "").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get_as(&there, "/me").await.status, StatusCode::FORBIDDEN);
    let data = house.get_as(&here, "/me/data.json").await;
    let data: serde_json::Value = serde_json::from_str(&data.body).unwrap();
    assert_eq!(
        (&data["email"], &data["pledges"][0]["title"]),
        (&"ruth@hyde.example".into(), &"Help plant 40 trees".into())
    );
    let out = house.press(Some(&here), "/me/sign-out-everywhere", "").await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(house.get_as(&here, "/me").await.status, StatusCode::FORBIDDEN);
    for path in ["/me", "/me/data.json", "/me/name", "/me/email", "/me/password", "/me/leave"] {
        assert_eq!(house.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn forms_come_again_with_what_was_typed_and_why() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    house.association("park-friends", Some(ruth.id)).await;
    let me = house.sign_in(&ruth).await;
    for (path, sent, id) in [
        ("/me/name", form(&[("name", "  ")]), "name"),
        ("/me/email", form(&[("email", "no address")]), "email"),
        ("/me/email", form(&[("email", "ruth@hyde.example")]), "email"),
        ("/me/password", form(&[("password", "short")]), "password"),
        ("/me/password", form(&[("password", "ruthokafor1")]), "password"),
        ("/me/leave", form(&[("name", "Ruth")]), "name"),
        ("/sign-in", form(&[("email", "no address")]), "email"),
        ("/sign-in/password", form(&[("email", "no address"), ("password", "x")]), "email"),
        ("/sign-in/password", form(&[("email", "ruth@hyde.example"), ("password", "x")]), "password"),
    ] {
        let page = house.press(Some(&me), path, &sent).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        for part in [
            format!("<a href=\"#{id}\">"),
            format!("id=\"{id}-why\""),
            "aria-invalid=\"true\"".to_owned(),
            "role=\"alert\"".to_owned(),
        ] {
            assert!(page.body.contains(&part), "{path} lacks {part}");
        }
        assert!(!page.body.contains("ruthokafor1"), "a password is not shown again");
    }
    let last = house.press(Some(&me), "/me/leave", &form(&[("name", "Ruth Okafor")])).await;
    assert!(
        last.status == StatusCode::UNPROCESSABLE_ENTITY && last.body.contains("You are the last organiser")
    );
    let renamed = house.press(Some(&me), "/me/name", &form(&[("name", "Ruth O.")])).await;
    assert_eq!(renamed.header("location"), "/me");
    assert!(house.get_as(&me, "/me").await.body.contains("Ruth O."));
    for missing in ["/sign-in", "/sign-in/password", "/me/name"] {
        let said = [("sec-fetch-site", "same-origin"), ("content-type", "text/plain")];
        let answer = house.post(Some(&me), missing, "", &said).await;
        assert!(answer.status.is_client_error(), "{missing}");
    }
}

#[tokio::test]
async fn whoever_leaves_is_gone_and_the_address_says_so_no_more() {
    let house = House::new().await;
    let sam = house.person("Sam Lee", "sam").await;
    let me = house.sign_in(&sam).await;
    let left = house.press(Some(&me), "/me/leave", &form(&[("name", "Sam Lee")])).await;
    assert_eq!((left.status, left.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(house.get_as(&me, "/me").await.status, StatusCode::FORBIDDEN);
    house.press(None, "/sign-in", &form(&[("email", "sam@hyde.example")])).await;
    assert!(house.letters_to("sam@hyde.example").await.is_empty());
}

/// WEB-21 and WEB-20: there is no page that sets a place up and none that makes accounts.
#[tokio::test]
async fn nobody_comes_in_without_being_asked() {
    let house = House::new().await;
    let before = house.bytes();
    for path in
        ["/setup", "/install", "/sign-up", "/signup", "/register", "/auth/sign_up", "/admin", "/people"]
    {
        assert_eq!(house.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        let answer = house.press(None, path, "name=Eve&email=eve%40evil.example&password=x").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(before, house.bytes());
}
