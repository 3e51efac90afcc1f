//! The pages in a real browser: looked at, walked through by keyboard and by thumb, and attacked.
//!
//! Each test opens a board of its own on a real socket and lets a part of `tests/browser` look at it; what that prints
//! is the test's output. Start at [`every_page_is_looked_at`].

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use folkmoot_app::{By, associations};
use folkmoot_domain::{
    ItemId,
    associations::{AssociationKind, Founding},
    text::{Handle, Language},
};
use folkmoot_tests::board::{
    Board, carrying, neighbours, payloads,
    samples::{self, Samples},
    waiting::{self, Waiting},
};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, process::Command};

/// The folder with the programs that drive the browser.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("browser")
}

/// Runs one part of them; everything it looks at must be well.
async fn look(part: &str, job: &Value) {
    let modules = folder().join("node_modules");
    assert!(
        modules.is_dir(),
        "what drives the browser is not installed: `cargo xtask setup` does it, or `npm ci` in tests/browser"
    );
    let own = modules.join(".bin/node");
    let node = if own.exists() { own } else { PathBuf::from("node") };
    let mut child = Command::new(node)
        .arg(folder().join("main.mjs"))
        .arg(part)
        .stdin(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(job.to_string().as_bytes()).await.unwrap();
    drop(input);
    let status = child.wait().await.unwrap();
    assert!(status.success(), "{part}: something is wrong; what it is stands above");
}

/// Where pictures of every page are left: `target/screenshots`, which nobody commits.
fn pictures() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("screenshots")
}

/// A board with samples, and what its pages are.
async fn board() -> (Board, Value) {
    board_with(async |_, _| Ok(())).await
}

/// The same after something was done there.
async fn board_with(act: impl AsyncFnOnce(&Board, &Samples) -> anyhow::Result<()>) -> (Board, Value) {
    let board = Board::open().await.unwrap();
    let samples = samples::hang(&board).await.unwrap();
    let waiting = waiting::wait(&board.app, &samples).await.unwrap();
    act(&board, &samples).await.unwrap();
    let job = json!({
        "base": board.base,
        "signIn": sign_in_links(&board, &samples).await,
        "pages": pages(&samples, &waiting),
        "pictures": pictures(),
        "secretary": samples.ruth.email,
        "forms": forms(&samples),
        "call": path_of("call-one", samples.item("call-one").unwrap()),
    });
    (board, job)
}

/// Who can sign in, by the names used in the list of pages.
async fn sign_in_links(board: &Board, samples: &Samples) -> Value {
    let mut links = serde_json::Map::new();
    for (name, person) in [("ruth", &samples.ruth), ("imran", &samples.imran), ("stella", &samples.stella)] {
        links.insert(name.to_owned(), json!(board.sign_in_link(person).await.unwrap()));
    }
    Value::Object(links)
}

/// Pages at fixed addresses: their names, and who looks at them.
const PAGES: &[(&str, &str, &str)] = &[
    ("home", "/", ""),
    ("home-signed-in", "/", "ruth"),
    ("calls", "/calls", ""),
    ("calls-filtered", "/calls?help=time", ""),
    ("calls-none", "/calls?help=money&cause=right-to-repair", ""),
    ("projects", "/projects", ""),
    ("events", "/events", ""),
    ("associations", "/associations", ""),
    ("association", "/@tree-wardens", ""),
    ("association-organiser", "/@tree-wardens", "ruth"),
    ("association-long", "/@ridge-and-delph-lane-residents", ""),
    ("association-urdu", "/@parosi", ""),
    ("association-closed", "/@garden-share", ""),
    ("network", "/network", ""),
    ("causes", "/causes", ""),
    ("cause", "/causes/streettrees", ""),
    ("map", "/map", ""),
    ("about", "/about", ""),
    ("privacy", "/privacy", ""),
    ("accessibility", "/accessibility", ""),
    ("elsewhere", "/interact?uri=https://aire.example/notes/1", ""),
    ("sign-in", "/sign-in", ""),
    ("sign-in-password", "/sign-in/password", ""),
    ("nominate", "/projects/nominate", ""),
    ("nominate-thanks", "/projects/nominate/thanks", ""),
    ("mail", "/mail", ""),
    ("me", "/me", "ruth"),
    ("me-email", "/me/email", "ruth"),
    ("me-name", "/me/name", "ruth"),
    ("me-password", "/me/password", "ruth"),
    ("me-leave", "/me/leave", "ruth"),
    ("desk", "/desk", "ruth"),
    ("desk-empty", "/desk", "stella"),
    ("desk-new", "/desk/new?for=tree-wardens&kind=call", "ruth"),
    ("desk-choose", "/desk/new", "ruth"),
    ("desk-found", "/desk/found", "ruth"),
    ("desk-settings", "/desk/@tree-wardens/settings", "ruth"),
    ("desk-people", "/desk/@tree-wardens/people", "ruth"),
    ("desk-stream", "/desk/stream", "ruth"),
    ("desk-connections", "/desk/@tree-wardens/connections", "ruth"),
    ("desk-connections-of-all", "/desk/connections", "ruth"),
    ("desk-carrying", "/desk/carrying?for=tree-wardens", "ruth"),
    ("desk-rule", "/desk/carrying/rules/new?for=tree-wardens", "ruth"),
    ("desk-partners", "/desk/partners", "ruth"),
    ("desk-alliances", "/desk/alliances", "ruth"),
    ("desk-alliance-new", "/desk/alliances/new", "ruth"),
    ("desk-alliance-propose", "/desk/alliances/propose?for=tree-wardens", "ruth"),
    ("desk-decisions", "/desk/decisions", "ruth"),
    ("desk-network", "/desk/network", "ruth"),
    ("desk-move", "/desk/@tree-wardens/move", "ruth"),
    ("desk-close", "/desk/@tree-wardens/close", "ruth"),
    ("stewards", "/stewards", "stella"),
    ("stewards-of-one", "/stewards", "ruth"),
    ("stewards-blocks", "/stewards/blocks", "stella"),
    ("stewards-invitations", "/stewards/invitations", "stella"),
];

/// Pages that say that something cannot be shown.
const PROBLEMS: &[(&str, &str, &str, u16)] = &[
    ("missing", "/nothing-hangs-here", "", 404),
    ("link-spent", "/sign-in/not-a-link", "", 410),
    ("not-a-steward", "/stewards/blocks", "imran", 403),
    ("wrong-method", "/sign-out", "", 405),
];

/// Every page, with who looks at it and how it is answered when that is not with 200.
fn pages(samples: &Samples, waiting: &Waiting) -> Value {
    let page = |name: &str, path: &str, who: &str, status: u16| json!({ "name": name, "path": path, "as": who, "status": status });
    let mut pages: Vec<Value> = PAGES.iter().map(|(name, path, who)| page(name, path, who, 200)).collect();
    pages.extend(PROBLEMS.iter().map(|(name, path, who, status)| page(name, path, who, *status)));
    for (name, id) in &samples.items {
        let status = if *name == "call-gone" { 410 } else { 200 };
        pages.push(page(name, &path_of(name, *id), "", status));
    }
    let item = |name: &str| samples.item(name).unwrap();
    let (call, event) = (item("call"), item("event"));
    for (name, path, who) in [
        ("call-organiser", path_of("call", call), "ruth"),
        ("call-poster", format!("{}/poster", path_of("call", call)), ""),
        ("event-poster", format!("{}/poster", path_of("event", event)), ""),
        ("project-poster", format!("{}/poster", path_of("project", item("project"))), ""),
        ("away", format!("/away?item={call}"), ""),
        ("away-there", format!("/away?item={call}&server=social.example"), ""),
        ("help", format!("{}/help", path_of("call", call)), ""),
        ("come", format!("{}/come", path_of("event", event)), ""),
        ("come-signed-in", format!("{}/come", path_of("event", event)), "imran"),
        ("reply", format!("/items/{call}/reply"), "imran"),
        ("help-signed-in", format!("{}/help", path_of("call", call)), "imran"),
        ("report", format!("/report?item={call}"), ""),
        ("report-thanks", format!("/report/thanks?item={call}"), ""),
        ("desk-edit-call", format!("/desk/items/{call}/edit"), "ruth"),
        ("desk-edit-event", format!("/desk/items/{event}/edit"), "ruth"),
        ("desk-edit-project", format!("/desk/items/{}/edit", item("project")), "ruth"),
        ("desk-picture", format!("/desk/items/{}/picture", item("project")), "ruth"),
        ("desk-published", format!("/desk/items/{call}/published"), "ruth"),
        ("desk-step-close", format!("/desk/items/{call}/close"), "ruth"),
        ("desk-step-park", format!("/desk/items/{call}/park"), "ruth"),
        ("desk-step-cancel", format!("/desk/items/{event}/cancel"), "ruth"),
        ("desk-step-delete", format!("/desk/items/{call}/delete"), "ruth"),
        ("desk-item", format!("/desk/items/{call}"), "ruth"),
        ("desk-carry", format!("/desk/carry?item={call}"), "imran"),
        ("desk-carry-nobody", format!("/desk/carry?item={call}"), "stella"),
        ("desk-partner", format!("/desk/partners/new?project={}", item("project")), "imran"),
        ("desk-adopt", format!("/desk/adopt?project={}", item("project")), "imran"),
    ] {
        pages.push(page(name, &path, who, 200));
    }
    for (name, path) in samples.receipts.iter().map(|(name, path)| (format!("receipt-{name}"), path)) {
        pages.push(page(&name, path, "", 200));
    }
    for (name, path) in &waiting.0 {
        let who = if *name == "address" || name.starts_with("draft") { "ruth" } else { "" };
        pages.push(page(name, path, who, 200));
        if name.starts_with("draft") {
            let status = if *name == "draft" { 200 } else { 422 };
            pages.push(page(&format!("{name}-preview"), &format!("{path}/preview"), who, status));
        }
        if *name == "letter" {
            let mut letter = page("letter-html", &format!("{path}/letter"), who, 200);
            letter["lenient"] = json!(true);
            pages.push(letter);
        }
    }
    json!(pages)
}

/// Forms that can be sent with something missing, and their buttons.
fn forms(samples: &Samples) -> Value {
    let call = samples.item("call").unwrap();
    let form = |name: &str, path: String, who: &str, button: &str| json!({ "name": name, "path": path, "as": who, "button": button });
    json!([
        form("help", format!("/calls/{call}/help"), "", "help"),
        form("sign-in", "/sign-in".to_owned(), "", "send me"),
        form("sign-in-password", "/sign-in/password".to_owned(), "", "sign in"),
        form("report", format!("/report?item={call}"), "", "send"),
        form("nominate", "/projects/nominate".to_owned(), "", "propose|send"),
        form("desk-new", "/desk/new?for=tree-wardens&kind=call".to_owned(), "ruth", "see it"),
        form("desk-new-event", "/desk/new?for=tree-wardens&kind=event".to_owned(), "ruth", "see it"),
        form("desk-step", format!("/desk/items/{call}/close"), "ruth", "close"),
        form("found", "/desk/found".to_owned(), "ruth", "found"),
        form("people", "/desk/@tree-wardens/people".to_owned(), "ruth", "ask them in"),
        form("alliance", "/desk/alliances/new".to_owned(), "ruth", "found"),
        form("me-email", "/me/email".to_owned(), "ruth", "send the link"),
    ])
}

/// The page of an item, by the name it has among the samples.
fn path_of(name: &str, id: ItemId) -> String {
    let noun = match name.split('-').next().unwrap() {
        "event" => "events",
        "project" => "projects",
        "update" => "updates",
        _ => "calls",
    };
    format!("/{noun}/{id}")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_look_for_is_found() {
    look("selfcheck", &Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_looked_at() {
    let (board, job) = board().await;
    look("pages", &job).await;
    board.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_leads_somewhere() {
    let (board, job) = board().await;
    look("links", &job).await;
    board.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn journeys_are_as_short_as_promised() {
    let (board, job) = board().await;
    look("journeys", &job).await;
    board.close().await;
}

/// Journey 6: founded on one board, joined on two others.
#[tokio::test(flavor = "multi_thread")]
async fn an_alliance_of_three_on_three_instances_takes_two_minutes() {
    let boards =
        neighbours::open(["hyde.localhost", "headingley.localhost", "armley.localhost"]).await.unwrap();
    let names = ["Park Friends", "Tree Wardens", "Bridge Club"];
    let (mut jobs, mut members) = (Vec::new(), Vec::new());
    for (board, name) in boards.iter().zip(names) {
        let person = board.person("Ruth Okafor", "ruth").await.unwrap();
        let founding = Founding {
            handle: Handle::suggested(name).unwrap(),
            name: name.to_owned(),
            about: "We look after the park together.".to_owned(),
            kind: AssociationKind::Residents,
            language: Language::english(),
            zone: "Europe/London".to_owned(),
            place: None,
            battles: Vec::new(),
            paper: None,
            joining: String::new(),
            safeguarding: String::new(),
            sample: false,
        };
        let seen = associations::found(&board.app, &By::person(person.id), founding, None).await.unwrap();
        members.push(seen.actor.address());
        jobs.push(json!({ "base": board.base, "signIn": board.sign_in_link(&person).await.unwrap() }));
    }
    look("alliance", &json!({ "boards": jobs, "members": members, "names": names })).await;
    for board in boards {
        board.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn carrying_takes_four_clicks() {
    let mut titles = Vec::new();
    let (board, mut job) = board_with(async |board, samples| {
        for title in ["A walk up the beck", "Otters by night"] {
            titles.push(title);
            carrying::carried(&board.app, samples, title).await?;
        }
        Ok(())
    })
    .await;
    job["carried"] = json!(titles);
    job["again"] = json!(carrying::another_link(&board).await.unwrap());
    look("carrying", &job).await;
    board.close().await;
}

/// XSS-03, -08, -09, -12, -13: every name, title and text is an attack, and every page is opened by everybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_board_full_of_attacks_runs_none() {
    let (board, mut job) =
        board_with(async |board, samples| payloads::poison(&board.app, samples).await).await;
    job["mark"] = json!(payloads::MARK);
    look("hostile", &job).await;
    board.close().await;
}
