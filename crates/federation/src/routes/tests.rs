//! What anyone may read, asked for as programs and as browsers do.

use axum::http::header;
use folkmoot_app::{By, items as app_items, people};
use folkmoot_domain::{moments::DAY, text::Handle};
use folkmoot_storage::causes;
use serde_json::{Value, json};

use crate::testing::House;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[tokio::test]
async fn an_id_answers_programs_with_the_document_and_browsers_with_the_page() {
    let house = House::new().await;
    let (call, park) = (house.call().await, house.park.actor.clone());
    let ann = Handle::parse("ann").unwrap();
    let person = people::enrol(&house.app, &By::operator(), "Ann", &ann, "ann@hyde.example").await.unwrap();
    let person = house.app.addresses.person(person.id);
    let cause = causes::by_tag(&house.app.store.rows(), "trees").await.unwrap().unwrap();
    for (id, kind) in [
        (park.uri.path(), "Group"),
        (person.path(), "Person"),
        ("/ap/instance", "Application"),
        (call.seen.item.uri.path(), "Question"),
        (cause.uri.path(), "Hashtag"),
    ] {
        let answer = house.get(id).await;
        assert_eq!(answer.status, 200, "{id}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/activity+json", "{id}");
        assert_eq!(answer.headers[header::VARY], "Accept");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "public, max-age=60");
        let document = answer.json();
        assert_eq!(document["id"], format!("https://hyde.example{id}"));
        assert_eq!(document["type"], kind);
        let context = &document["@context"];
        assert!(
            context == "https://www.w3.org/ns/activitystreams"
                || context[0] == "https://www.w3.org/ns/activitystreams"
        );
        let page = house.get_as(id, BROWSER).await;
        assert_eq!((page.status.as_u16(), page.body.len()), (303, 0), "{id}");
        assert_eq!(page.headers[header::VARY], "Accept");
        let to = page.headers[header::LOCATION].to_str().unwrap();
        assert!(to.starts_with("https://hyde.example/") && !to.contains("/ap/"), "{to}");
    }
    let group = house.get(park.uri.path()).await.json();
    assert_eq!(group["publicKey"]["id"], format!("{}#main-key", park.uri));
}

/// ORI-21: what is hidden and what never was look the same.
#[tokio::test]
async fn what_may_not_be_seen_looks_like_what_is_not_there() {
    let house = House::new().await;
    let bob = house.stranger("https://far.example/users/bob");
    let call = house.call().await;
    let vote = json!({
        "id": "https://far.example/users/bob#v1", "type": "Note", "attributedTo": bob.id, "name": "I can plant",
        "inReplyTo": call.seen.item.uri, "to": house.park.actor.uri,
    });
    assert_eq!(house.deliver(&bob, &bob.says("v1", "Create", &vote)).await, 202);
    house.settle().await;
    house.pass(DAY);
    house.tell().await;
    // The receipt was said to one person: neither it nor its Create can be read.
    let rows = house.app.store.rows();
    let claimed = folkmoot_app::deliveries::claim(&house.app, 100, &[]).await.unwrap();
    let receipt = claimed.iter().find(|claimed| claimed.body.contains("has reached the organisers")).unwrap();
    let receipt: Value = serde_json::from_str(&receipt.body).unwrap();
    let path = |id: &Value| id.as_str().unwrap().strip_prefix("https://hyde.example").unwrap().to_owned();
    let bob = folkmoot_storage::actors::by_uri(&rows, &bob.id).await.unwrap().unwrap();
    let nowhere = house.get("/ap/notes/0198c0de-0000-7000-8000-000000000000").await;
    for hidden in [
        path(&receipt["id"]),
        path(&receipt["object"]["id"]),
        format!("/ap/people/{}", bob.id),
        format!("/ap/associations/{}", bob.id),
        call.seen.item.uri.path().replace("calls", "events"),
        format!("/ap/people/{}", house.park.actor.id),
        "/ap/calls/drafts".to_owned(),
        format!("{}/likers", call.seen.item.uri.path()),
    ] {
        let answer = house.get(&hidden).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (404, &nowhere.body), "{hidden}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(house.get_as(&hidden, BROWSER).await.status, 404);
    }
}

#[tokio::test]
async fn what_was_deleted_says_so_and_its_words_are_nowhere() {
    let house = House::new().await;
    let call = house.call().await;
    house.tell().await;
    let outbox = format!("{}/outbox?page=1", house.park.actor.uri.path());
    let said = house.get(&outbox).await.json();
    let create = said["orderedItems"][0]["id"]
        .as_str()
        .unwrap()
        .strip_prefix("https://hyde.example")
        .unwrap()
        .to_owned();
    assert!(said.to_string().contains("Bring gloves"));
    assert!(String::from_utf8_lossy(&house.get(&create).await.body).contains("Bring gloves"));
    app_items::delete(&house.app, &By::operator(), call.call.id).await.unwrap();
    house.tell().await;
    let answer = house.get(call.seen.item.uri.path()).await;
    assert_eq!(answer.status, 410);
    let tombstone = answer.json();
    assert_eq!((&tombstone["type"], &tombstone["formerType"]), (&json!("Tombstone"), &json!("Question")));
    assert_eq!(tombstone["id"], call.seen.item.uri.as_str());
    assert_eq!(house.get_as(call.seen.item.uri.path(), BROWSER).await.status, 303);
    assert_eq!(house.get(&create).await.status, 404);
    assert_eq!(house.get(&format!("{}/replies", call.seen.item.uri.path())).await.status, 404);
    let said = house.get(&outbox).await.json();
    assert!(!said.to_string().contains("Bring gloves"));
    assert_eq!(said["orderedItems"][0]["type"], "Delete");
}

#[tokio::test]
async fn an_outbox_has_pages_of_one_size() {
    let house = House::new().await;
    for _ in 0..45 {
        house.pass(1_000);
        house.call().await;
    }
    house.tell().await;
    let id = format!("{}/outbox", house.park.actor.uri);
    let path = |url: &Value| url.as_str().unwrap().strip_prefix("https://hyde.example").unwrap().to_owned();
    let whole = house.get(&path(&json!(id))).await.json();
    assert_eq!((&whole["type"], &whole["totalItems"]), (&json!("OrderedCollection"), &json!(46)));
    let (mut next, mut sizes, mut ids) = (whole["first"].clone(), Vec::new(), Vec::new());
    while next.is_string() {
        let page = house.get(&path(&next)).await.json();
        assert_eq!((&page["id"], &page["partOf"]), (&next, &json!(id)));
        let items = page["orderedItems"].as_array().unwrap().clone();
        assert!(items.iter().all(|said| said.get("@context").is_none() && said["object"].is_object()));
        sizes.push(items.len());
        ids.extend(items.into_iter().map(|said| said["id"].as_str().unwrap().to_owned()));
        next = page["next"].clone();
    }
    assert_eq!(sizes, [20, 20, 6]);
    let mut newest_first = ids.clone();
    newest_first.sort_by(|one, other| other.cmp(one));
    newest_first.dedup();
    assert_eq!(ids, newest_first);
    assert_eq!(house.get(&format!("{}?before=x", path(&json!(id)))).await.status, 404);
}

#[tokio::test]
async fn collections_tell_how_many_and_what_is_pinned() {
    let house = House::new().await;
    let bob = house.stranger("https://far.example/users/bob");
    assert_eq!(house.deliver(&bob, &bob.says("f", "Follow", &json!(house.park.actor.uri))).await, 202);
    house.settle().await;
    house.tell().await;
    let path = house.park.actor.uri.path();
    let followers = house.get(&format!("{path}/followers")).await;
    assert_eq!(followers.json()["totalItems"], 1);
    assert!(!String::from_utf8_lossy(&followers.body).contains("bob"));
    assert_eq!(house.get(&format!("{path}/following")).await.json()["totalItems"], 0);
    let featured = house.get(&format!("{path}/featured")).await.json();
    let welcome = &featured["orderedItems"][0];
    assert!(welcome["content"].as_str().unwrap().contains("Welcome to Friends of Hyde Park"));
    let note = welcome["id"].as_str().unwrap().strip_prefix("https://hyde.example").unwrap();
    let alone = house.get(note).await.json();
    assert_eq!((&alone["content"], &alone["id"]), (&welcome["content"], &welcome["id"]));
    assert!(alone.get("@context").is_some() && welcome.get("@context").is_none());
    let page = house.get_as(note, BROWSER).await;
    assert_eq!(page.status, 303);
    assert_eq!(page.headers[header::LOCATION], welcome["url"].as_str().unwrap());
    for name in ["outbox", "followers", "following"] {
        assert_eq!(house.get(&format!("/ap/instance/{name}")).await.status, 200);
    }
    assert_eq!(house.get("/ap/instance/featured").await.status, 404);
}

#[tokio::test]
async fn webfinger_finds_actors_and_items_by_every_name() {
    let house = House::new().await;
    let call = house.call().await;
    let park = house.park.actor.uri.to_string();
    let find = |resource: String| {
        let query: String = url::form_urlencoded::byte_serialize(resource.as_bytes()).collect();
        let path = format!("/.well-known/webfinger?resource={query}");
        let house = &house;
        async move { house.get_as(&path, "*/*").await }
    };
    for (resource, subject, own) in [
        ("acct:park-friends@hyde.example".to_owned(), "acct:park-friends@hyde.example", park.as_str()),
        ("acct:Park-Friends@HYDE.example".to_owned(), "acct:park-friends@hyde.example", &park),
        (park.clone(), "acct:park-friends@hyde.example", &park),
        ("https://hyde.example/@park-friends".to_owned(), "acct:park-friends@hyde.example", &park),
        ("https://hyde.example".to_owned(), "acct:instance@hyde.example", "https://hyde.example/ap/instance"),
        (
            "https://hyde.example/".to_owned(),
            "acct:instance@hyde.example",
            "https://hyde.example/ap/instance",
        ),
        (
            "acct:instance@hyde.example".to_owned(),
            "acct:instance@hyde.example",
            "https://hyde.example/ap/instance",
        ),
        (
            "acct:hyde.example@hyde.example".to_owned(),
            "acct:instance@hyde.example",
            "https://hyde.example/ap/instance",
        ),
        (call.seen.item.uri.to_string(), call.seen.item.uri.as_str(), call.seen.item.uri.as_str()),
        (call.seen.item.page.to_string(), call.seen.item.uri.as_str(), call.seen.item.uri.as_str()),
    ] {
        let answer = find(resource.clone()).await;
        assert_eq!(answer.status, 200, "{resource}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/jrd+json");
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        let found = answer.json();
        assert_eq!(found["subject"], subject, "{resource}");
        let links = found["links"].as_array().unwrap();
        let own_link = links.iter().find(|link| link["rel"] == "self").unwrap();
        assert_eq!(
            (&own_link["href"], &own_link["type"]),
            (&json!(own), &json!("application/activity+json"))
        );
    }
    for (resource, status) in [
        ("acct:nobody@hyde.example", 404),
        ("acct:park-friends@far.example", 404),
        ("https://far.example/@park-friends", 404),
        ("http://hyde.example/@park-friends", 404),
        ("https://hyde.example/@nobody", 404),
        ("https://hyde.example/ap/calls/x", 404),
        ("https://hyde.example/a/b/c/d", 404),
        ("nonsense", 400),
        ("acct:@hyde.example", 400),
    ] {
        let answer = find(resource.to_owned()).await;
        assert_eq!(answer.status.as_u16(), status, "{resource}");
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    }
    assert_eq!(house.get("/.well-known/webfinger").await.status, 400);
}

#[tokio::test]
async fn this_server_says_what_it_is() {
    let house = House::new().await;
    house.call().await;
    house.tell().await;
    let links = house.get_as("/.well-known/nodeinfo", "application/json").await.json();
    for link in links["links"].as_array().unwrap() {
        let path = link["href"].as_str().unwrap().strip_prefix("https://hyde.example").unwrap();
        assert_eq!(house.get(path).await.status, 200, "{path}");
    }
    for version in ["2.0", "2.1"] {
        let answer = house.get(&format!("/nodeinfo/{version}")).await;
        let media_type = answer.headers[header::CONTENT_TYPE].to_str().unwrap();
        assert!(media_type.contains(&format!("schema/{version}#")), "{media_type}");
        let said = answer.json();
        assert_eq!((&said["version"], &said["software"]["name"]), (&json!(version), &json!("folkmoot")));
        assert_eq!((&said["usage"]["users"]["total"], &said["usage"]["localPosts"]), (&json!(1), &json!(2)));
    }
    let host_meta = house.get_as("/.well-known/host-meta", "*/*").await;
    let template = "template=\"https://hyde.example/.well-known/webfinger?resource={uri}\"";
    assert!(String::from_utf8_lossy(&host_meta.body).contains(template));
}
