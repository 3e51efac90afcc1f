//! What pages are dressed with: how it is served, how much it weighs, and that it comes from here.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use crate::house::House;

/// The first view of a page, without pictures and the map's own machinery: page, sheets, letters, mark and scripts.
const MOST: usize = 50_000;

/// Values of an attribute, of tags that hold `marker`.
fn values(body: &str, marker: &str, attribute: &str) -> BTreeSet<String> {
    let tags = body
        .split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap())
        .filter(|tag| tag.contains(marker));
    let start = format!("{attribute}=\"");
    tags.filter_map(|tag| Some(tag.split_once(&start)?.1.split('"').next()?.to_owned())).collect()
}

/// What a browser fetches with a page.
fn fetched(body: &str) -> BTreeSet<String> {
    let mut all = values(body, "rel=\"stylesheet\"", "href");
    all.extend(values(body, "rel=\"preload\"", "href"));
    all.extend(values(body, "rel=\"icon\"", "href"));
    all.extend(values(body, "script ", "src"));
    all
}

async fn bytes(house: &House, path: &str, coding: &str, cookie: &str) -> (axum::http::HeaderMap, Vec<u8>) {
    let request = Request::get(path).header("accept-encoding", coding).header("cookie", cookie);
    let (head, bytes) = house.raw(request.body(Body::empty()).unwrap()).await;
    assert_eq!(head.status, StatusCode::OK, "{path}");
    (head.headers, bytes)
}

#[tokio::test]
async fn files_are_packed_and_kept_for_good() {
    let house = House::new().await;
    let page = house.get("/").await.body;
    let files = fetched(&page);
    assert!(files.len() >= 4, "{files:?}");
    for path in files {
        let (plain, whole) = bytes(&house, &path, "identity", "").await;
        assert_eq!(plain["cache-control"], "public, max-age=31536000, immutable", "{path}");
        assert_eq!(plain["x-content-type-options"], "nosniff", "{path}");
        assert!(plain.get("content-encoding").is_none(), "{path}");
        let (letters, kind) =
            (path.rsplit('.').next() == Some("woff2"), plain["content-type"].to_str().unwrap());
        let expected = match path.rsplit('.').next().unwrap() {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            _ => "font/woff2",
        };
        assert_eq!(kind, expected, "{path}");
        for coding in ["br", "gzip"] {
            let (headers, packed) = bytes(&house, &path, coding, "").await;
            assert_eq!(headers.get("content-encoding").is_none(), letters, "{path}");
            assert!(letters || headers["vary"] == "accept-encoding", "{path}");
            assert!(letters || packed.len() < whole.len(), "{path}");
        }
    }
    assert_eq!(house.get("/assets/folkmoot.css").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/assets/..%2FREADME.md").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_first_view_weighs_at_most_50_kilobytes() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let home = house.association("park-friends", Some(ruth.id)).await.actor.id;
    let project = house.project(home, "A tree for every street").await;
    let mut calls = Vec::new();
    for count in 0..12 {
        calls.push(
            house.call_for(home, &format!("Help plant {count} trees on Woodhouse Moor"), Some(project)).await,
        );
    }
    let event = house.event(home, "Tree planting morning", Some(project)).await;
    house.update(project, "The first nine trees stand in Brudenell Street.").await;
    let jo = house.stranger("jo", "Jo").await;
    house.vote(calls[0], jo.id, "I can dig").await;
    let cookie = house.sign_in(&ruth).await;
    let (call, first) = (format!("/calls/{}", calls[1]), format!("/calls/{}/help", calls[1]));
    let (project, event) = (format!("/projects/{project}"), format!("/events/{event}"));
    let mut told = String::new();
    let mut heaviest = 0;
    for path in [
        "/",
        "/calls",
        "/projects",
        "/events",
        "/associations",
        "/causes",
        "/@park-friends",
        &call,
        &first,
        &project,
        &event,
        "/about",
        "/privacy",
        "/accessibility",
        "/sign-in",
        "/desk",
        "/me",
    ] {
        let (headers, page) = bytes(&house, path, "br", &cookie).await;
        assert_eq!(headers["content-encoding"], "br", "{path}");
        let plain = house.get_as(&cookie, path).await.body;
        let mut sum = page.len();
        for file in fetched(&plain) {
            sum += bytes(&house, &file, "br", "").await.1.len();
        }
        writeln!(told, "{path}: {sum} bytes, of which the page {} (unpacked {})", page.len(), plain.len())
            .unwrap();
        heaviest = heaviest.max(sum);
    }
    println!("{told}");
    assert!(heaviest <= MOST, "more than {MOST} bytes:\n{told}");
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn no_template_and_no_sheet_names_a_foreign_origin() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in files(&here.join("templates")) {
        let (text, name) = (fs::read_to_string(&file).unwrap(), file.display());
        for tag in text.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
            // Links that people follow may lead anywhere.
            let fetches = !tag.starts_with("a ");
            for foreign in ["http:", "https:", "href=\"//", "src=\"//"] {
                assert!(!fetches || !tag.contains(foreign), "{name}: <{tag}>");
            }
        }
        // Letters are read in mail programs, which know nothing of our sheets.
        let letter = file.components().any(|part| part.as_os_str() == "mails");
        assert!(
            letter || (!text.contains("style=") && !text.contains("<style")),
            "{name} has a style of its own"
        );
    }
    for file in files(&here.join("assets/css")) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            !text.contains("http:") && !text.contains("https:") && !text.contains("url(//"),
            "{}",
            file.display()
        );
    }
    for file in files(&here.join("assets/built"))
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "css"))
    {
        let text = fs::read_to_string(file).unwrap();
        for url in text.split("url(").skip(1).map(|rest| rest.trim_start_matches(['"', '\''])) {
            let ours = ["/assets/", "data:image/svg+xml", "#"].iter().any(|start| url.starts_with(start));
            assert!(ours, "{}: url({}", file.display(), url.chars().take(40).collect::<String>());
        }
    }
}
