//! The web's doors: buttons pressed from elsewhere, pages that must change nothing, other people's names and files.
//!
//! Every route that the source knows is tried; a new one is tried too, without being told of here.

use folkmoot_domain::ItemId;
use folkmoot_tests::{associations::DIG, database::Database, peers::Answered, world::World};

use super::{
    routes,
    visitors::{FORGED, Visitor, changes},
};

on_both_databases!(
    web_01_buttons_pressed_from_elsewhere,
    web_04_pages_change_nothing,
    web_08_addresses_of_elsewhere,
    web_23_nothing_private_is_kept,
    web_24_names_that_are_not_ours,
    web_25_ways_out_of_the_folder,
);

/// A board with something of everything, by the names that routes use for it.
pub struct Things {
    /// What stands for a part in braces, by how the route begins.
    known: Vec<(&'static str, String)>,
}

impl Things {
    /// Makes them.
    pub async fn make(world: &World) -> Self {
        let park = world.home().found("park-friends").await;
        let (call, project) = (park.call("Plant trees").await, park.project("A pond").await);
        let event = park.event("A walk").await;
        let update = park.update(project.seen.item.id, "").await;
        let ana = world.server("mastodon.test").person("ana");
        ana.tells(&park.actor, &ana.reply(&call.seen.item.uri, &park.actor, "Hello")).await;
        ana.tells(&park.actor, &ana.vote(&call.seen.item.uri, &park.actor, DIG)).await;
        world.settle().await;
        let id = |id: ItemId| id.0.to_string();
        let pledge = &park.pledges().await[0].pledge;
        let reply = park.held().await[0].reply.id.0.to_string();
        let known = vec![
            ("/calls/", id(call.seen.item.id)),
            ("/projects/", id(project.seen.item.id)),
            ("/events/", id(event.seen.item.id)),
            ("/updates/", id(update.seen.item.id)),
            ("/me/replies/", reply),
            ("/me/pledges/", pledge.id.0.to_string()),
            ("/pledges/", pledge.receipt.clone()),
            ("/causes/", "treesforleeds".to_owned()),
            ("/@", "park-friends".to_owned()),
            ("/", "nothing".to_owned()),
        ];
        Self { known }
    }

    /// The route with something that is there in each of its braces.
    pub fn fill(&self, route: &str) -> String {
        let mut path = route.to_owned();
        while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
            let before = path[..from].to_owned();
            let fits = self.known.iter().find(|(start, _)| before.starts_with(start));
            path = format!("{before}{}{}", fits.unwrap().1, &path[to + 1..]);
        }
        path
    }
}

/// WEB-01: every button, pressed from another site by the browser of somebody who may do everything.
async fn web_01_buttons_pressed_from_elsewhere(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let things = Things::make(&world).await;
    let ruth = Visitor::signed_in(&world, "park-friends@hyde.test").await;
    let anybody = Visitor::anybody(&world);
    let before = world.home().tables().await;
    let buttons = routes::buttons();
    for route in &buttons {
        let path = things.fill(route);
        for said in FORGED {
            for visitor in [&ruth, &anybody] {
                let answer = visitor.sends(&path, "", said).await;
                assert_eq!(answer.status, 403, "{route} {said:?}: {}", answer.text());
                assert!(!answer.headers.contains_key("set-cookie"), "{route} {said:?}");
            }
        }
    }
    assert_eq!(changes(&before, &world.home().tables().await), Vec::<String>::new(), "no state change");
    // The same from our own pages gets past this guard: else the guard would not be what refused it.
    let refused = anybody.sends(&things.fill(&buttons[0]), "", FORGED[0]).await.text();
    for route in buttons {
        let answer = anybody.presses(&things.fill(&route), "").await;
        assert_ne!(answer.text(), refused, "{route}");
        assert_ne!(answer.status, 405, "{route}");
    }
    world.settle().await;
}

/// WEB-04: whoever opens every page and follows every link has changed nothing, and no button is pressed by opening it.
async fn web_04_pages_change_nothing(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let things = Things::make(&world).await;
    let steward = world.home();
    let ruth = Visitor::signed_in(&world, "park-friends@hyde.test").await;
    let before = steward.tables().await;
    for visitor in [&Visitor::anybody(&world), &ruth] {
        let opened = follow_links(visitor, &things).await;
        assert!(opened >= 15, "{opened} pages: this proves little");
        for route in routes::all() {
            let path = things.fill(&route.path);
            for method in ["GET", "HEAD"] {
                let status = visitor.asks(method, &path, &[]).await.status.as_u16();
                let fine = if route.get { status < 500 } else { [404, 405].contains(&status) };
                assert!(fine, "{method} {path}: {status}");
            }
        }
        for path in ["/sign-out?now=1", "/follow?id=1", "/delete", "/me?delete=1", "/desk?publish=1"] {
            visitor.opens(path).await;
        }
    }
    assert_eq!(changes(&before, &steward.tables().await), Vec::<String>::new(), "no state change");
    world.settle().await;
}

/// Opens what the pages link to, starting with every page that needs no secret; how many there were.
async fn follow_links(visitor: &Visitor<'_>, things: &Things) -> usize {
    let mut opened: Vec<String> = Vec::new();
    let mut next: Vec<String> =
        routes::all().iter().filter(|route| route.get).map(|route| things.fill(&route.path)).collect();
    while let Some(path) = next.pop() {
        if opened.contains(&path) || opened.len() > 400 {
            continue;
        }
        let answer = visitor.opens(&path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        opened.push(path);
        let text = answer.text();
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        next.extend(
            links
                .filter(|link| link.starts_with('/'))
                .map(|link| link.replace("&amp;", "&").split('#').next().unwrap().to_owned()),
        );
    }
    opened.len()
}

/// WEB-08: an address of elsewhere is never fetched, and leads nowhere but to the web.
async fn web_08_addresses_of_elsewhere(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    Things::make(&world).await;
    let visitor = Visitor::anybody(&world);
    let before = world.home().tables().await;
    let asked = world.network.asked_by("hyde.test").len();
    for uri in [
        "javascript:alert(1)",
        "java%0ascript:alert(1)",
        "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
        "vbscript:x",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "https://user:password@evil.test/",
        "//evil.test",
        "/%5Cevil.test",
        "https://evil.test/%22onmouseover=%22alert(1)",
        "",
    ] {
        for path in [format!("/interact?uri={uri}"), format!("/away?by=park-friends&server={uri}")] {
            leads_nowhere(&path, &visitor.opens(&path).await);
        }
    }
    assert_eq!(changes(&before, &world.home().tables().await), Vec::<String>::new(), "nothing stored");
    assert_eq!(world.network.asked_by("hyde.test").len(), asked, "no outbound");
    world.settle().await;
}

fn leads_nowhere(path: &str, answer: &Answered) {
    let (status, text) = (answer.status, answer.text().to_lowercase());
    assert!(!status.is_redirection() && status.as_u16() < 500, "{path}: {status}");
    for wrong in [
        "href=\"javascript:",
        "href=\"data:",
        "href=\"vbscript:",
        "href=\"//",
        "href=\"http://127",
        "href=\"https://127",
        "href=\"http://[",
        "href=\"https://[",
        "href=\"http://169",
        "href=\"https://169",
        "\"onmouseover=",
        "href=\"https://user",
    ] {
        assert!(!text.contains(wrong), "{path}: {wrong} in {text}");
    }
}

/// WEB-23: what a shared cache keeps is never for one person alone, and one address never stands for two answers.
async fn web_23_nothing_private_is_kept(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let things = Things::make(&world).await;
    let ruth = Visitor::signed_in(&world, "park-friends@hyde.test").await;
    let anybody = Visitor::anybody(&world);
    let mut seen = 0;
    for route in routes::all().into_iter().filter(|route| route.get) {
        let path = things.fill(&route.path);
        let (hers, theirs) = (ruth.opens(&path).await, anybody.opens(&path).await);
        let of = |answer: &Answered, name: &str| {
            let all = answer.headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_lowercase());
            all.collect::<Vec<_>>().join(", ")
        };
        let kept = of(&hers, "cache-control");
        let differs = hers.text() != theirs.text() || hers.status != theirs.status;
        if differs {
            seen += 1;
            assert!(
                kept.contains("private") || kept.contains("no-store"),
                "{path} is for one person: {kept}"
            );
        } else if !path.starts_with("/assets") {
            let careful = ["private", "no-store", "no-cache"].iter().any(|word| kept.contains(word))
                || of(&hers, "vary").contains("cookie");
            assert!(careful || kept.contains("max-age"), "{path}: {kept}");
        }
        // Nothing in a page is made from what the request says of its own address.
        let poison = [
            ("x-forwarded-host", "evil.test"),
            ("x-forwarded-proto", "gopher"),
            ("forwarded", "host=evil.test"),
            ("x-original-url", "/me"),
            ("x-host", "evil.test"),
        ];
        let poisoned = anybody.asks("GET", &path, &poison).await;
        assert_eq!(poisoned.status, theirs.status, "{path}");
        assert!(!poisoned.text().contains("evil.test") && !poisoned.text().contains("gopher:"), "{path}");
    }
    assert!(seen >= 2, "no page is for one person alone: this proves nothing");
    let id = format!("/ap{}", things.fill("/calls/{id}"));
    for accept in ["text/html", "application/activity+json"] {
        let answer = anybody.asks("GET", &id, &[("accept", accept)]).await;
        let varies =
            answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap().to_lowercase());
        assert!(varies.collect::<Vec<_>>().join(",").contains("accept"), "{id} as {accept}");
    }
    world.settle().await;
}

/// WEB-24: under another name nothing is answered, by no page and no button.
async fn web_24_names_that_are_not_ours(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let things = Things::make(&world).await;
    let ruth = Visitor::signed_in(&world, "park-friends@hyde.test").await;
    let before = world.home().tables().await;
    for route in routes::all().iter().filter(|route| route.path != "/health") {
        let path = things.fill(&route.path);
        for host in [
            "evil.test",
            "hyde.test.evil.test",
            "hyde.test:8443",
            "127.0.0.1",
            "hyde.test@evil.test",
            "localhost",
        ] {
            for method in ["GET", "POST"] {
                let answer =
                    ruth.asks(method, &path, &[("host", host), ("sec-fetch-site", "same-origin")]).await;
                assert!(
                    [400, 421].contains(&answer.status.as_u16()),
                    "{method} {path} as {host}: {}",
                    answer.status
                );
                assert!(!answer.text().contains(host), "{path} as {host}");
            }
        }
    }
    assert_eq!(changes(&before, &world.home().tables().await), Vec::<String>::new(), "no state change");
    world.settle().await;
}

/// WEB-25: no address leads out of the folder it is about.
async fn web_25_ways_out_of_the_folder(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let things = Things::make(&world).await;
    let visitor = Visitor::signed_in(&world, "park-friends@hyde.test").await;
    let folders: Vec<String> = routes::all()
        .iter()
        .filter(|route| route.get && route.path.contains('{'))
        .map(|route| route.path[..route.path.find('{').unwrap()].to_owned())
        .collect();
    assert!(folders.iter().any(|folder| folder.starts_with("/assets/")), "{folders:?}");
    let whole = things.fill("/calls/{id}");
    assert_eq!(visitor.opens(&whole).await.status, 200);
    for folder in folders {
        for out in [
            "../../../../etc/passwd",
            "..%2f..%2f..%2f..%2fetc%2fpasswd",
            "%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
            "%252e%252e%252fetc%252fpasswd",
            "..%5c..%5c..%5cetc%5cpasswd",
            "..\\..\\etc\\passwd",
            "%2fetc%2fpasswd",
            "/etc/passwd",
            "folkmoot.key%00.png",
            "..%00/",
            "....//....//etc/passwd",
            "%c0%ae%c0%ae/etc/passwd",
            "..;/..;/etc/passwd",
            "../folkmoot.key",
            "../folkmoot.sqlite",
        ] {
            let path = format!("{folder}{out}");
            if path.parse::<axum::http::Uri>().is_err() {
                continue;
            }
            let answer = visitor.opens(&path).await;
            let status = answer.status.as_u16();
            assert!(
                [400, 403, 404, 410].contains(&status) || (300..400).contains(&status),
                "{path}: {status}"
            );
            assert!(!answer.text().contains("root:x") && !answer.text().contains("SQLite format"), "{path}");
        }
    }
    world.settle().await;
}
