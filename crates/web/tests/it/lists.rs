//! Lists and everything made of them: filters, feeds, calendars, map data, posters, causes, and the way elsewhere.

use axum::http::{Request, StatusCode, header};
use folkmoot_app::{By, calls, events, items};
use folkmoot_domain::{
    ActorId, ItemId, Moment,
    calls::{CallDraft, HelpKind},
    events::EventDraft,
    items::Words,
    moments::{DAY, HOUR},
    places::{Coarseness, Place},
};
use serde_json::Value;

use crate::house::{Answered, House, NOW, call_draft, words};

/// What strangers could write where one line goes, and what they hope for.
const HOSTILE: [&str; 5] = [
    "=cmd|'/C calc'!A0",
    "Trees, and; back\\slashes",
    "]]></title><script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "BEGIN:VEVENT DTSTART:19700101T000000Z",
];

/// A place in Meanwood, shown to about ten kilometres.
fn coarse() -> Place {
    Place::parse("A kitchen in Meanwood", Some((53.841_9, -1.571_9)), Coarseness::Town).unwrap()
}

async fn call(house: &House, home: ActorId, words: Words, draft: CallDraft) -> ItemId {
    calls::publish(&house.app, &By::operator(), home, words, draft).await.unwrap().seen.item.id
}

async fn event(house: &House, home: ActorId, words: Words, starts: Moment, hours: i64) -> ItemId {
    let ends = starts.plus(hours * HOUR);
    let draft = EventDraft { project: None, starts, ends, zone: None, capacity: None, online: None };
    events::publish(&house.app, &By::operator(), home, words, draft).await.unwrap().seen.item.id
}

/// Three calls: digging by tomorrow, cooking within a month in Meanwood, lending a van in two months.
async fn board(house: &House) -> (ActorId, [ItemId; 3]) {
    let home = house.association("park-friends", None).await.actor.id;
    let other = house.association("kitchen", None).await.actor.id;
    let dig = house.call(home, "Help plant 40 trees").await;
    house.later(1_000);
    let cooking = CallDraft {
        closes: Moment(NOW + 20 * DAY),
        needs: vec![(HelpKind::Skill, "I can cook".to_owned(), Some(2))],
        ..call_draft()
    };
    let text = Words { place: Some(coarse()), causes: vec!["Food".to_owned()], ..words("Cook for forty") };
    let cook = call(house, other, text, cooking).await;
    house.later(1_000);
    let lending = CallDraft {
        closes: Moment(NOW + 60 * DAY),
        needs: vec![(HelpKind::Thing, "I can lend a van".to_owned(), Some(1))],
        ..call_draft()
    };
    let text = Words { place: None, causes: Vec::new(), ..words("Lend a van") };
    let van = call(house, other, text, lending).await;
    (home, [dig, cook, van])
}

fn listed(page: &Answered) -> Vec<&str> {
    let titles = ["Help plant 40 trees", "Cook for forty", "Lend a van"];
    let mut found: Vec<_> = titles
        .into_iter()
        .filter_map(|title| Some((page.body.find(&format!("\">{title}</a>"))?, title)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, title)| title).collect()
}

#[tokio::test]
async fn filters_are_links_with_counts_and_can_be_taken_off() {
    let house = House::new().await;
    board(&house).await;
    let page = house.get("/calls").await;
    assert_eq!(listed(&page), ["Help plant 40 trees", "Cook for forty", "Lend a van"]);
    insta::assert_snapshot!("calls", page.main());
    for (query, found) in [
        ("help=skill", vec!["Cook for forty"]),
        ("when=week", vec!["Help plant 40 trees"]),
        ("when=month", vec!["Help plant 40 trees", "Cook for forty"]),
        ("on=2026-07-01", vec!["Cook for forty"]),
        ("cause=food", vec!["Cook for forty"]),
        ("cause=STREETTREES", vec!["Help plant 40 trees"]),
        ("by=kitchen", vec!["Cook for forty", "Lend a van"]),
        ("by=kitchen&help=thing", vec!["Lend a van"]),
        ("near=53.81,-1.56&miles=1", vec!["Help plant 40 trees"]),
        ("near=53.81,-1.56&miles=10", vec!["Help plant 40 trees", "Cook for forty"]),
        ("whose=here", vec!["Help plant 40 trees", "Cook for forty", "Lend a van"]),
        ("whose=elsewhere", vec![]),
        ("when=over", vec![]),
        ("help=space", vec![]),
    ] {
        let page = house.get(&format!("/calls?{query}")).await;
        assert_eq!((page.status, listed(&page)), (StatusCode::OK, found), "{query}");
        assert!(page.body.contains("take this filter off"), "{query}");
    }
    let page = house.get("/calls?help=skill&by=kitchen").await;
    assert!(page.body.contains("href=\"/calls?by=kitchen\""), "{}", page.main());
    assert!(page.body.contains("href=\"/calls?help=skill\""));
    assert!(house.get("/calls?help=space").await.body.contains("Take the filters off"));
}

#[tokio::test]
async fn what_an_address_says_in_vain_is_left_out() {
    let house = House::new().await;
    board(&house).await;
    for query in [
        "colour=blue",
        "help=magic",
        "cause=nothing&by=nobody",
        "near=north",
        "state=idea",
        "kind=event",
        "cause=%00",
        "after=x",
        "%FF",
        "on=2026-99-99",
        "miles=10",
    ] {
        let page = house.get(&format!("/calls?{query}")).await;
        assert_eq!(listed(&page).len(), 3, "{query}");
        let canonical = "<link rel=\"canonical\" href=\"https://hyde.example/calls\">";
        assert!(page.body.contains(canonical), "{query}");
    }
    let page = house.get("/calls?x=y&by=kitchen&help=skill").await;
    assert!(
        page.body.contains("href=\"https://hyde.example/calls?help=skill&#38;by=kitchen\""),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn what_is_called_off_stays_in_view_and_what_is_over_says_what_came_of_it() {
    let house = House::new().await;
    let (_, [dig, cook, _]) = board(&house).await;
    calls::close(&house.app, &By::operator(), dig, "Forty trees stand.", "").await.unwrap();
    calls::cancel(&house.app, &By::operator(), cook, "No gas.").await.unwrap();
    let page = house.get("/calls").await;
    assert!(page.body.contains("<del>Cook for forty</del>"));
    assert_eq!(listed(&house.get("/calls?state=open").await), ["Lend a van"]);
    assert_eq!(listed(&house.get("/calls?state=closed").await), ["Help plant 40 trees"]);
    let home = house.get("/").await.main();
    assert!(home.contains("Lend a van") && !home.contains("Cook for forty"));
    house.later(21 * DAY);
    assert_eq!(listed(&house.get("/calls").await), ["Lend a van"]);
    let over = house.get("/calls?when=over").await;
    assert!(over.body.contains("Help plant 40 trees") && over.body.contains("<del>Cook for forty</del>"));
    let feed = house.get("/calls.atom?when=over").await.body;
    assert!(feed.contains("What came of it: Forty trees stand.") && feed.contains("Cancelled: No gas."));
}

#[tokio::test]
async fn events_are_listed_by_when_they_are() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let at = |days: i64| Moment(NOW + days * DAY + HOUR);
    event(&house, home, words("Later"), at(40), 2).await;
    event(&house, home, words("Soon"), at(1), 2).await;
    event(&house, home, words("Exhibition"), at(2), 24 * 5).await;
    let order = async |path: &str| {
        let body = house.get(path).await.body;
        let mut found: Vec<_> = ["Soon", "Exhibition", "Later"]
            .into_iter()
            .filter_map(|title| Some((body.find(&format!("\">{title}</a>"))?, title)))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, title)| title).collect::<Vec<_>>()
    };
    assert_eq!(order("/events").await, ["Soon", "Exhibition", "Later"]);
    assert_eq!(order("/events?when=week").await, ["Soon", "Exhibition"]);
    assert_eq!(order("/events?on=2026-06-12").await, ["Soon"]);
    // The exhibition is on that day, though it began days before.
    assert_eq!(order("/events?on=2026-06-15").await, ["Exhibition"]);
    house.later(4 * DAY);
    assert_eq!(order("/events").await, ["Exhibition", "Later"]);
    assert_eq!(order("/events?when=over").await, ["Soon"]);
    assert_eq!(order("/").await, ["Exhibition", "Later"]);
}

#[tokio::test]
async fn long_lists_are_read_page_by_page_and_back() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    for number in 0..45 {
        let closes = Moment(NOW + DAY + number * HOUR);
        call(&house, home, words(&format!("Call {number}.")), CallDraft { closes, ..call_draft() }).await;
    }
    let numbers = |page: &Answered| -> Vec<i64> {
        let mut found: Vec<_> =
            (0..45).filter_map(|n| Some((page.body.find(&format!("\">Call {n}.</a>"))?, n))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, n)| n).collect()
    };
    let link = |page: &Answered, rel: &str| {
        let (before, _) = page.body.split_once(&format!("\" rel=\"{rel}\""))?;
        Some(before.rsplit('"').next()?.replace("&#38;", "&"))
    };
    let first = house.get("/calls?help=time").await;
    assert_eq!(numbers(&first), (0..20).collect::<Vec<_>>());
    assert!(link(&first, "prev").is_none());
    let second = house.get(&link(&first, "next").unwrap()).await;
    assert_eq!(numbers(&second), (20..40).collect::<Vec<_>>());
    let third = house.get(&link(&second, "next").unwrap()).await;
    assert_eq!(numbers(&third), (40..45).collect::<Vec<_>>());
    assert!(link(&third, "next").is_none());
    let back = house.get(&link(&third, "prev").unwrap()).await;
    assert_eq!(numbers(&back), (20..40).collect::<Vec<_>>());
    let start = house.get(&link(&back, "prev").unwrap()).await;
    assert_eq!(numbers(&start), (0..20).collect::<Vec<_>>());
    assert!(link(&start, "prev").is_none(), "the first page has nothing before it");
    assert_eq!(numbers(&house.get(&link(&start, "next").unwrap()).await), (20..40).collect::<Vec<_>>());
    assert!(first.body.contains("45 calls."), "{}", first.main());
}

#[tokio::test]
async fn with_more_than_can_be_counted_nothing_is() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    for number in 0..101 {
        call(&house, home, words(&format!("Call {number}.")), call_draft()).await;
    }
    let page = house.get("/calls").await;
    assert!(!page.body.contains("class=\"n\""), "{}", page.main());
    assert!(page.body.contains("What associations need hands for"));
}

#[tokio::test]
async fn feeds_hold_exactly_the_list() {
    let house = House::new().await;
    let (_, [dig, cook, _]) = board(&house).await;
    let page = house.get("/calls?by=kitchen").await;
    let feed = "/calls.atom?by=kitchen";
    assert!(page.body.contains(&format!("type=\"application/atom+xml\" href=\"{feed}\"")), "{}", page.body);
    let feed = house.get(feed).await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    assert!(feed.body.contains(&format!("<id>https://hyde.example/ap/calls/{cook}</id>")));
    assert!(!feed.body.contains(&dig.to_string()));
    insta::assert_snapshot!("feed", feed.body.replace("><", ">\n<"));
    let again = Request::get("/calls.atom?by=kitchen").header(header::IF_NONE_MATCH, feed.header("etag"));
    let again = house.send(again.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    items::delete(&house.app, &By::operator(), cook).await.unwrap();
    let gone = Request::get("/calls.atom?by=kitchen").header(header::IF_NONE_MATCH, feed.header("etag"));
    let gone = house.send(gone.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(gone.status, StatusCode::OK);
    assert!(!gone.body.contains("Cook for forty"));
}

#[tokio::test]
async fn associations_and_causes_have_feeds() {
    let house = House::new().await;
    let (_, [dig, ..]) = board(&house).await;
    house.later(1_000);
    house.update(dig, "The pump works again.").await;
    let feed = house.get("/@park-friends/feed.atom").await;
    assert_eq!(feed.status, StatusCode::OK);
    assert!(feed.body.contains("Help plant 40 trees") && feed.body.contains("The pump works again."));
    assert!(!feed.body.contains("Lend a van"));
    let feed = house.get("/causes/streettrees/feed.atom").await;
    assert!(feed.body.contains("Help plant 40 trees") && !feed.body.contains("Cook for forty"));
    for path in ["/@nobody/feed.atom", "/causes/nothing/feed.atom"] {
        assert_eq!(house.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let empty = house.get("/projects.atom").await;
    assert!(empty.body.contains("<updated>2026-06-11T00:00:00+00:00</updated>"), "{}", empty.body);
}

#[tokio::test]
async fn an_event_goes_into_a_calendar() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let id = house.event(home, "Tree planting morning, with tea; for all", None).await;
    let page = house.get(&format!("/events/{id}")).await;
    assert!(page.body.contains(&format!("href=\"/events/{id}.ics\"")));
    let calendar = house.get(&format!("/events/{id}.ics")).await;
    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    insta::assert_snapshot!("calendar", calendar.body.replace("\r\n", "\n"));
    lines(&calendar.body);
    house.later(HOUR);
    events::cancel(&house.app, &By::operator(), id, "Storm").await.unwrap();
    let cancelled = house.get(&format!("/events/{id}.ics")).await.body;
    assert!(
        cancelled.contains("STATUS:CANCELLED\r\n") && cancelled.contains("SEQUENCE:3600\r\n"),
        "{cancelled}"
    );
    assert!(house.get("/events.ics").await.body.contains("BEGIN:VEVENT"));
    assert!(!house.get("/events.ics?when=over").await.body.contains("BEGIN:VEVENT"));
    items::delete(&house.app, &By::operator(), id).await.unwrap();
    assert_eq!(house.get(&format!("/events/{id}.ics")).await.status, StatusCode::GONE);
    assert_eq!(house.get("/events/nothing.ics").await.status, StatusCode::NOT_FOUND);
}

/// RFC 5545 3.1: every line ends with CRLF, none is longer than 75 octets, and each is a name and a value.
fn lines(calendar: &str) {
    assert!(calendar.ends_with("END:VCALENDAR\r\n"));
    assert!(!calendar.replace("\r\n", "").contains(['\r', '\n']));
    for line in calendar.split_terminator("\r\n") {
        assert!(!line.is_empty() && line.len() <= 75, "{line}");
    }
    for line in calendar.replace("\r\n ", "").split_terminator("\r\n") {
        let (name, _) = line.split_once(':').unwrap();
        let name = name.split(';').next().unwrap();
        assert!(name.chars().all(|c| c.is_ascii_uppercase() || c == '-'), "{line}");
    }
}

#[tokio::test]
async fn hostile_words_stay_words_in_every_form() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    for (day, title) in (1..).zip(HOSTILE) {
        let place = Place::parse(title, Some((53.81, -1.56)), Coarseness::Exact).unwrap();
        let text = Words { place: Some(place), text: format!("{title}\n\n{title}"), ..words(title) };
        event(&house, home, text.clone(), Moment(NOW + day * DAY), 2).await;
        let draft = CallDraft { why: title.to_owned(), ..call_draft() };
        call(&house, home, text, draft).await;
    }
    let calendar = house.get("/events.ics").await.body;
    lines(&calendar);
    let names: Vec<_> = calendar.split("\r\n").filter(|line| *line == "BEGIN:VEVENT").collect();
    assert_eq!(names.len(), HOSTILE.len());
    assert!(calendar.contains("SUMMARY:Trees\\, and\\; back\\\\slashes\r\n"), "{calendar}");
    assert_eq!(calendar.matches("\r\nDTSTART:19700101").count(), 0);
    for path in ["/events.atom", "/calls.atom", "/@park-friends/feed.atom", "/causes/streettrees/feed.atom"] {
        let feed = house.get(path).await.body;
        assert!(
            !feed.contains("<script") && !feed.contains("<img") && !feed.contains("]]>"),
            "{path}\n{feed}"
        );
        let elements = feed.split('<').skip(1).map(|rest| rest.split(['>', ' ', '\n']).next().unwrap());
        for element in elements.map(|element| element.trim_matches('/')) {
            let known = [
                "?xml",
                "feed",
                "title",
                "id",
                "updated",
                "author",
                "name",
                "uri",
                "generator",
                "link",
                "subtitle",
                "entry",
                "category",
                "published",
                "content",
            ];
            assert!(known.contains(&element), "{path}: {element}");
        }
    }
    for path in ["/events.geojson", "/calls.geojson", "/map.geojson"] {
        let data: Value = serde_json::from_str(&house.get(path).await.body).unwrap();
        let titles: Vec<_> = data["features"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|f| f["properties"]["title"].as_str())
            .collect();
        assert!(HOSTILE.iter().all(|title| titles.contains(title)), "{path}: {titles:?}");
    }
    for path in ["/events", "/calls", "/map", "/calls?by=park-friends", "/events?near=53.81,-1.56"] {
        let page = house.get(path).await.body;
        assert!(!page.contains("<script>") && !page.contains("<img"), "{path}");
    }
}

#[tokio::test]
async fn control_characters_never_reach_a_calendar_or_a_feed() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let starts = Moment(NOW + DAY);
    // What came from elsewhere, by whatever way.
    let id = event(&house, home, words("Tea"), starts, 2).await;
    let tx = house.app.store.begin().await.unwrap();
    let mut item = folkmoot_storage::items::find(&tx.rows(), id).await.unwrap().unwrap();
    item.title = "Tea\r\nBEGIN:VEVENT\u{8}\u{0B}".to_owned();
    item.text.html = "<p>a\u{c}b</p>".to_owned();
    folkmoot_storage::items::update(&tx, &item).await.unwrap();
    tx.commit().await.unwrap();
    let calendar = house.get("/events.ics").await.body;
    lines(&calendar);
    assert_eq!(calendar.matches("\r\nBEGIN:VEVENT").count(), 1, "{calendar}");
    let feed = house.get("/events.atom").await.body;
    assert!(!feed.chars().any(|c| c.is_control() && c != '\n'), "{feed:?}");
}

#[tokio::test]
async fn map_data_is_as_coarse_as_it_may_be() {
    let house = House::new().await;
    let (home, [dig, cook, van]) = board(&house).await;
    house.event(home, "Tree planting morning", None).await;
    let exact = Place::parse("The gate", Some((53.812_345, -1.560_321)), Coarseness::Exact).unwrap();
    let text = Words { place: Some(exact), ..words("At the gate") };
    event(&house, home, text, Moment(NOW + 9 * DAY), 2).await;
    let data = house.get("/map.geojson").await;
    assert_eq!(data.header("content-type"), "application/geo+json; charset=utf-8");
    assert_eq!(data.header("access-control-allow-origin"), "*");
    for (told, secret) in [("53.81", "53.812345"), ("-1.6", "-1.5719")] {
        assert!(data.body.contains(told));
        let told = data.body.replace("53.812345,", "").replace("53.812345]", "");
        assert!(secret == "53.812345" || !told.contains(secret), "{secret}");
    }
    let json: Value = serde_json::from_str(&data.body).unwrap();
    let features = json["features"].as_array().unwrap();
    assert_eq!(features.len(), 4, "what has no place is not on the map");
    assert!(!data.body.contains(&van.to_string()));
    let of = |id: ItemId| {
        let uri = format!("https://hyde.example/ap/calls/{id}");
        features.iter().find(|feature| feature["id"] == uri.as_str()).unwrap()
    };
    assert_eq!(of(dig)["geometry"]["coordinates"], serde_json::json!([-1.56, 53.81]));
    assert_eq!(of(dig)["properties"]["within"], 1_000);
    assert_eq!(of(cook)["geometry"]["coordinates"], serde_json::json!([-1.6, 53.8]));
    assert_eq!((&of(dig)["properties"]["number"], &of(cook)["properties"]["number"]), (&1.into(), &2.into()));
    let gate = features.iter().find(|feature| feature["properties"]["title"] == "At the gate").unwrap();
    assert_eq!(gate["geometry"]["coordinates"], serde_json::json!([-1.560_321, 53.812_345]));
    assert!(gate["properties"].get("within").is_none());
    insta::assert_snapshot!("map_data", serde_json::to_string_pretty(of(dig)).unwrap());
    let count = async |path: &str| {
        let json: Value = serde_json::from_str(&house.get(path).await.body).unwrap();
        json["features"].as_array().unwrap().len()
    };
    assert_eq!(count("/map.geojson?kind=event").await, 2);
    assert_eq!(count("/map.geojson?bbox=-1.561,53.8,-1.5,53.82").await, 3);
    assert_eq!(count("/map.geojson?bbox=x").await, 4);
    assert_eq!(count("/calls.geojson").await, 3, "a list has also what has no place");
    assert_eq!(count("/calls.geojson?help=thing").await, 1);
}

#[tokio::test]
async fn the_map_says_the_same_without_a_script() {
    let house = House::new().await;
    let (home, _) = board(&house).await;
    house.project(home, "A tree for every street").await;
    let page = house.get("/map").await;
    insta::assert_snapshot!("map", page.main());
    let calls = house.get("/map?kind=call&help=skill").await;
    assert!(
        calls.body.contains("Calls on the map") && calls.body.contains("data-src=\"/map.geojson?kind=call")
    );
    assert!(calls.body.contains("Cook for forty") && !calls.main().contains("A tree for every street"));
    let none = house.get("/map?kind=event").await;
    assert!(none.body.contains("Nothing with a place fits all of that"));
    assert!(House::new().await.get("/map").await.body.contains("Nothing that hangs here has a place"));
}

#[tokio::test]
async fn causes_name_everyone_who_shares_them() {
    let house = House::new().await;
    board(&house).await;
    let page = house.get("/causes").await;
    assert!(page.body.contains("#Food") && page.body.contains("Nobody here counts it among their battles"));
    assert!(page.main().contains("href=\"/@park-friends\"") && page.main().contains("href=\"/@kitchen\""));
    insta::assert_snapshot!("cause", house.get("/causes/streettrees").await.main());
    assert_eq!(house.get("/causes?after=zzz").await.status, StatusCode::OK);
    assert_eq!(house.get("/causes?after=%00").await.status, StatusCode::OK);
}

#[tokio::test]
async fn associations_are_listed_by_name_a_page_at_a_time() {
    let house = House::new().await;
    for number in 0..35 {
        house.association(&format!("group-{number}"), None).await;
    }
    let first = house.get("/associations").await;
    assert_eq!(first.main().matches("class=\"mark big\"").count(), 30);
    let (before, _) = first.body.split_once("\" rel=\"next\"").unwrap();
    let next = before.rsplit('"').next().unwrap().replace("&#38;", "&");
    let second = house.get(&next).await;
    assert_eq!(second.main().matches("class=\"mark big\"").count(), 5);
    let (before, _) = second.body.split_once("\" rel=\"prev\"").unwrap();
    let back = before.rsplit('"').next().unwrap().replace("&#38;", "&");
    assert_eq!(house.get(&back).await.main().matches("class=\"mark big\"").count(), 30);
    assert_eq!(
        house
            .get("/associations?kind=residents&cause=streettrees")
            .await
            .main()
            .matches("class=\"mark big\"")
            .count(),
        30
    );
    assert!(house.get("/associations?kind=alliance").await.body.contains("Nobody here fits all of that"));
    for odd in ["kind=x", "cause=%00", "after=x", "after=%00.x", "%FF"] {
        assert_eq!(house.get(&format!("/associations?{odd}")).await.status, StatusCode::OK, "{odd}");
    }
}
