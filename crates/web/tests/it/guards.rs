//! What guards pages and buttons: headers, forged requests, what strangers write.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use folkmoot_app::{By, associations, calls, replies};
use folkmoot_domain::{associations::Founding, items::Words, replies::ReplyState};

use crate::house::{Answered, House, call_draft, founding, words};

fn guarded(answer: &Answered, of: &str) {
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                  connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; \
                  require-trusted-types-for 'script'; trusted-types folkmoot default";
    for (name, value) in [
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("strict-transport-security", "max-age=31536000"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{name} of {of}");
    }
    assert!(answer.header("permissions-policy").contains("camera=()"), "{of}");
    assert!(["same-origin", "no-referrer"].contains(&answer.header("referrer-policy")), "{of}");
    assert!(!answer.header("cache-control").is_empty(), "{of}");
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    house.association("park-friends", Some(ruth.id)).await;
    let link = house.sign_in_link(&ruth).await;
    let page = house.get("/").await;
    let style = attribute(&page.body, "rel=\"stylesheet\" href=\"");
    let paths = ["/", "/nothing", "/@Park-Friends", "/me", "/health", "/about", "/sign-out", "/@%ff", &link];
    for path in paths {
        guarded(&house.get(path).await, path);
    }
    // A file that pages load has a short head: it may do nothing at all, should it be opened by itself.
    let file = house.get(&style).await;
    assert_eq!(file.header("content-security-policy"), "default-src 'none'");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(file.header("cross-origin-resource-policy"), "same-origin");
    assert_eq!(file.header("strict-transport-security"), "max-age=31536000");
    guarded(&house.press(None, &link, "").await, "signing in");
    guarded(&house.post(None, "/sign-out", "", &[]).await, "a forged request");
    guarded(&house.press(None, "/sign-out", &"x".repeat(100_000)).await, "a large form");
    let head = Request::builder().method(Method::HEAD).uri("/").body(Body::empty()).unwrap();
    let head = house.send(head).await;
    guarded(&head, "HEAD");
    assert!(head.status == StatusCode::OK && head.body.is_empty());
}

#[tokio::test]
async fn plain_http_promises_no_https() {
    let house = House::at("http://hyde.localhost:8080").await;
    assert_eq!(house.get("/").await.header("strict-transport-security"), "");
}

#[tokio::test]
async fn secret_pages_are_kept_nowhere() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let jo = house.stranger("jo", "Jo").await;
    let (_, receipt) = house.vote(call, jo.id, "I can dig").await;
    let (cookie, link) = (house.sign_in(&ruth).await, house.sign_in_link(&ruth).await);
    for path in [receipt.as_str(), &link, "/me", "/pledges/guessed", "/sign-in/guessed"] {
        let page = house.get_as(&cookie, path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow", "{path}");
        assert!(page.body.contains("<meta name=\"robots\" content=\"noindex, nofollow\">"), "{path}");
        assert!(!page.body.contains("og:url") && !page.body.contains("rel=\"canonical\""), "{path}");
    }
}

#[tokio::test]
async fn public_pages_are_the_same_for_everyone() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let cookie = house.sign_in(&ruth).await;
    for path in ["/", "/calls", "/@park-friends", "/about", "/network"] {
        assert_eq!(house.get(path).await.body, house.get_as(&cookie, path).await.body, "{path}");
    }
    // Who may write back sees that on the page of an item, and nobody keeps that page for somebody else.
    let path = format!("/calls/{call}");
    let (everyones, mine) = (house.get(&path).await, house.get_as(&cookie, &path).await);
    assert!(!everyones.body.contains("Write a reply") && mine.body.contains("Write a reply"));
    assert_eq!(mine.header("cache-control"), "no-store");
    assert_ne!(everyones.header("cache-control"), "no-store");
}

#[tokio::test]
async fn forged_requests_change_nothing() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let jo = house.stranger("jo", "Jo").await;
    let (pledge, receipt) = house.vote(call, jo.id, "I can dig").await;
    let reply = house.reply(&jo, call, "<p>Are there small cans?</p>", false).await;
    let (cookie, link) = (house.sign_in(&ruth).await, house.sign_in_link(&ruth).await);
    let before = house.bytes();
    let buttons = [
        (link, ""),
        ("/sign-out".to_owned(), ""),
        (format!("{receipt}/withdraw"), ""),
        (format!("/desk/pledges/{pledge}"), "answer=accepted"),
        (format!("/desk/replies/{reply}"), "answer=approved"),
    ];
    for (path, form) in &buttons {
        for said in [
            &[][..],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
            &[("sec-fetch-site", "same-site"), ("origin", "https://www.hyde.example")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("referer", "https://evil.example/hyde.example")],
        ] {
            let answer = house.post(Some(&cookie), path, form, said).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {said:?}");
            assert!(answer.headers.get("set-cookie").is_none());
            assert!(answer.body.contains("This did not come from our own page"));
        }
    }
    assert_eq!(before, house.bytes());
    for (path, form) in &buttons {
        let said = [("sec-fetch-site", "same-origin"), ("origin", "null")];
        let answer = house.post(Some(&cookie), path, form, &said).await;
        // Signing out comes second, so that the organiser's buttons find nobody signed in.
        let expected = if path.starts_with("/desk/") { StatusCode::FORBIDDEN } else { StatusCode::SEE_OTHER };
        assert_eq!(answer.status, expected, "{path}");
    }
}

const HOSTILE: &str = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

#[tokio::test]
async fn what_people_write_is_text() {
    let house = House::new().await;
    let ruth = house.person(HOSTILE, "ruth").await;
    let founded = Founding {
        name: HOSTILE.to_owned(),
        about: HOSTILE.to_owned(),
        place: None,
        ..founding("park-friends")
    };
    let home =
        associations::found(&house.app, &By::operator(), founded, Some(ruth.id)).await.unwrap().actor.id;
    let mut draft = call_draft();
    HOSTILE.clone_into(&mut draft.why);
    draft.needs[0].1 = "<script>alert(3)</script>".to_owned();
    let hostile = Words { text: HOSTILE.to_owned(), ..words(HOSTILE) };
    let call = calls::publish(&house.app, &By::operator(), home, hostile, draft).await.unwrap().seen.item.id;
    let project = house.project(home, HOSTILE).await;
    let event = house.event(home, HOSTILE, Some(project)).await;
    let update = house.update(call, HOSTILE).await;
    let jo = house.stranger("jo\"><script>", HOSTILE).await;
    let (_, receipt) = house.vote(call, jo.id, "<script>alert(3)</script>").await;
    let reply = house.reply(&jo, call, "<p>sanitised before it came here</p>", false).await;
    house.reply(&jo, call, "<p>waits</p>", false).await;
    replies::judge(&house.app, &By::operator(), reply, ReplyState::Approved).await.unwrap();
    let cookie = house.sign_in(&ruth).await;
    let here = format!("/calls/{call}");
    for path in [
        "/",
        "/calls",
        "/projects",
        "/events",
        "/associations",
        "/@park-friends",
        "/causes/streettrees",
        "/me",
        &receipt,
        &here,
        &format!("/projects/{project}"),
        &format!("/events/{event}"),
        &format!("/updates/{update}"),
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/@%22%3E%3Cscript%3E",
        "/calls?before=%22%3E%3Cscript%3E",
    ] {
        let page = house.get_as(&cookie, path).await;
        for mark in ["<script", "<img src=x", "onerror=alert(2)>\"", "</title><"] {
            assert!(!page.body.contains(mark), "{path} contains {mark}");
        }
        harmless(&page.body, path);
    }
    calls::cancel(&house.app, &By::operator(), call, HOSTILE).await.unwrap();
    harmless(&house.get(&here).await.body, "a cancelled call");
}

/// Only elements that our templates and the sanitiser write, each with quoted attributes, nothing inline, and links to
/// pages alone.
fn harmless(body: &str, path: &str) {
    for tag in body.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        let known = [
            "!DOCTYPE",
            "html",
            "head",
            "meta",
            "title",
            "link",
            "body",
            "a",
            "header",
            "div",
            "svg",
            "circle",
            "rect",
            "line",
            "path",
            "nav",
            "ul",
            "ol",
            "li",
            "main",
            "footer",
            "p",
            "h1",
            "h2",
            "h3",
            "h4",
            "section",
            "article",
            "aside",
            "span",
            "b",
            "bdi",
            "i",
            "dl",
            "dt",
            "dd",
            "time",
            "code",
            "del",
            "em",
            "strong",
            "blockquote",
            "form",
            "button",
            "label",
            "textarea",
            "input",
            "fieldset",
            "legend",
            "select",
            "option",
            "details",
            "summary",
            "br",
            "img",
            "figure",
            "figcaption",
        ];
        assert!(known.contains(&name), "{path} has a <{tag}>");
        if let Some((_, source)) = tag.split_once(" src=\"") {
            assert!(source.starts_with("/media/") && name == "img", "{path} has <{tag}>");
        }
        for forbidden in [" style=", " on", "javascript:", "data:"] {
            let outside: String = tag.split('"').step_by(2).collect();
            let whole = if forbidden.ends_with(':') { tag } else { outside.as_str() };
            let about_text = name == "meta";
            assert!(about_text || !whole.contains(forbidden), "{path} has <{tag}>");
        }
    }
}

fn attribute(body: &str, before: &str) -> String {
    let (_, rest) = body.split_once(before).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// HTML that is not escaped comes from these places alone, each made safe before it was stored or where it is made.
#[test]
fn only_safe_html_is_not_escaped() {
    let mut unescaped = Vec::new();
    let templates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for folder in std::fs::read_dir(&templates).unwrap().map(|entry| entry.unwrap().path()) {
        let files = if folder.is_dir() {
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect()
        } else {
            vec![folder]
        };
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let pieces =
                text.split("{{").skip(1).map(|piece| piece.split("}}").next().unwrap().trim().to_owned());
            unescaped.extend(pieces.filter(|piece| piece.contains('|')));
            assert!(!text.contains("{% autoescape") && !text.contains("{% filter"), "{}", file.display());
        }
    }
    unescaped.sort();
    assert_eq!(
        unescaped,
        [
            "item.html|safe",
            "post|safe",
            "post|safe",
            "reply.html|safe",
            "said.html|safe",
            "seen.decision.text.html|safe",
            "summary|safe"
        ]
    );
}

#[tokio::test]
async fn health_says_whether_the_database_answers() {
    let house = House::new().await;
    let well = house.get("/health").await;
    assert_eq!((well.status, well.body.as_str()), (StatusCode::OK, "ok"));
    house.app.store.close().await.unwrap();
    let unwell = house.get("/health").await;
    assert_eq!(unwell.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(unwell.header("content-type"), "application/problem+json");
    let broken = house.get("/").await;
    assert_eq!(broken.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(broken.body.contains("ruth@hyde.example") && !broken.body.contains("onnection"));
    insta::assert_snapshot!("broken", broken.main());
}

/// What the server logs, kept for looking at.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_failure_is_logged_once_and_without_secrets() {
    let (house, log) = (House::new().await, Log::default());
    let writer = log.clone();
    let kept = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _kept = tracing::subscriber::set_default(kept);
    house.get("/pledges/not-a-failure").await;
    house.app.store.close().await.unwrap();
    let answer = house.get_as("__Host-session=c00kie", "/pledges/s3cret?and=m0re").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(said.matches("ERROR").count(), 1, "{said}");
    assert!(said.contains("a page could not be made") && said.contains("/pledges/{receipt}"), "{said}");
    assert!(!said.contains("s3cret") && !said.contains("m0re") && !said.contains("c00kie"), "{said}");
    // The page and the log say the same two words.
    let words = attribute(&answer.body, "Say the words <b>");
    let words = words.split('<').next().unwrap();
    assert!(words.split(' ').count() == 2 && said.contains(words), "{words}: {said}");
}
