//! Somebody elsewhere looks for an association, by name or by address, and finds all they need to follow it.

use folkmoot_tests::{associations::Association, database::Database, peers::Stranger, world::World};
use serde_json::Value;
use url::Url;

on_both_databases!(
    a_stranger_finds_an_association_by_its_handle,
    a_stranger_finds_what_an_address_stands_for,
    nobody_is_found_who_does_not_live_here,
    a_server_is_known_by_its_nodeinfo,
    an_id_sends_a_browser_to_a_page,
    a_changed_handle_leads_to_the_same_association,
);

async fn webfinger(ana: &Stranger, park: &Association<'_>, resource: &str) -> (u16, Value) {
    let mut url = park.instance.at("/.well-known/webfinger");
    url.query_pairs_mut().append_pair("resource", resource);
    let answer = ana.fetches(&url).await;
    let allowed =
        answer.headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(allowed.as_deref(), Some("*"), "pages of other servers look people up in the browser");
    let found = if answer.status == 200 { answer.json() } else { Value::Null };
    (answer.status.as_u16(), found)
}

fn link<'a>(found: &'a Value, rel: &str) -> &'a Value {
    found["links"].as_array().unwrap().iter().find(|link| link["rel"] == rel).unwrap_or(&Value::Null)
}

async fn a_stranger_finds_an_association_by_its_handle(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    world.settle().await;

    let (status, found) = webfinger(&ana, &park, "acct:park-friends@hyde.test").await;
    assert_eq!((status, &found["subject"]), (200, &"acct:park-friends@hyde.test".into()));
    let itself = link(&found, "self");
    assert_eq!(itself["type"], "application/activity+json");
    assert_eq!(itself["href"], park.actor.uri.as_str());
    let subscribe = link(&found, "http://ostatus.org/schema/1.0/subscribe");
    assert!(subscribe.is_null() || subscribe["template"].as_str().unwrap().contains("{uri}"));

    let answer = ana.fetches(&Url::parse(itself["href"].as_str().unwrap()).unwrap()).await;
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/activity+json"));
    let group = answer.json();
    assert_eq!(group["type"], "Group");
    assert_eq!(group["id"], park.actor.uri.as_str());
    assert_eq!(group["preferredUsername"], "park-friends");
    assert_eq!(group["publicKey"]["owner"], group["id"]);
    assert!(group["publicKey"]["publicKeyPem"].as_str().unwrap().starts_with("-----BEGIN PUBLIC KEY-----"));
    assert_eq!(group["endpoints"]["sharedInbox"], "https://hyde.test/ap/inbox");

    let featured = ana.fetches(&Url::parse(group["featured"].as_str().unwrap()).unwrap()).await.json();
    assert_eq!(featured["totalItems"], 1);
    let welcome = &featured["orderedItems"][0];
    assert!(welcome["content"].as_str().unwrap().contains("Welcome to Friends of the Park"), "{welcome}");
    let again = ana.fetches(&Url::parse(welcome["id"].as_str().unwrap()).unwrap()).await.json();
    assert_eq!(again["content"], welcome["content"]);
}

async fn a_stranger_finds_what_an_address_stands_for(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    let call = park.call("Plant forty trees").await;
    world.settle().await;

    let uri = park.actor.uri.as_str();
    assert_eq!(webfinger(&ana, &park, uri).await.1["subject"], "acct:park-friends@hyde.test");
    for resource in [call.seen.item.uri.as_str(), call.seen.item.page.as_str()] {
        let (status, found) = webfinger(&ana, &park, resource).await;
        assert_eq!(status, 200, "{resource}");
        assert_eq!(link(&found, "self")["href"], call.seen.item.uri.as_str());
    }
}

async fn nobody_is_found_who_does_not_live_here(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    world.settle().await;

    for resource in [
        "acct:nobody@hyde.test",
        "acct:park-friends@chapel.test",
        "https://hyde.test/ap/calls/x",
        ana.id.as_str(),
    ] {
        assert_eq!(webfinger(&ana, &park, resource).await.0, 404, "{resource}");
    }
    assert_eq!(webfinger(&ana, &park, "not a resource").await.0, 400);
    for path in ["/ap/associations/x", "/ap/calls/0193", "/ap/notes/x", "/nothing"] {
        assert_eq!(ana.fetches(&park.instance.at(path)).await.status, 404, "{path}");
    }
}

async fn a_server_is_known_by_its_nodeinfo(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    park.call("Plant forty trees").await;
    world.settle().await;

    let links = ana.fetches(&park.instance.at("/.well-known/nodeinfo")).await.json();
    let links = links["links"].as_array().unwrap();
    let newest =
        links.iter().find(|link| link["rel"] == "http://nodeinfo.diaspora.software/ns/schema/2.1").unwrap();
    let nodeinfo = ana.fetches(&Url::parse(newest["href"].as_str().unwrap()).unwrap()).await.json();
    assert_eq!(nodeinfo["version"], "2.1");
    assert_eq!(nodeinfo["software"]["name"], "folkmoot");
    assert_eq!(nodeinfo["protocols"][0], "activitypub");
    // FEP-2677: the same list leads to the actor of the server itself.
    let application =
        links.iter().find(|link| link["rel"] == "https://www.w3.org/ns/activitystreams#Application").unwrap();
    let actor = ana.fetches(&Url::parse(application["href"].as_str().unwrap()).unwrap()).await.json();
    assert_eq!(actor["type"], "Application");
}

async fn an_id_sends_a_browser_to_a_page(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let call = park.call("Plant forty trees").await;
    world.settle().await;

    for (id, page) in [(&park.actor.uri, &park.actor.page), (&call.seen.item.uri, &call.seen.item.page)] {
        let sent_on = park.instance.page(id).await;
        assert!(sent_on.status.is_redirection(), "{id}: {}", sent_on.status);
        let location = park.instance.at("/").join(sent_on.headers["location"].to_str().unwrap()).unwrap();
        assert_eq!(location, *page);
        assert!(
            sent_on.headers.get_all("vary").iter().any(|vary| vary
                .to_str()
                .unwrap()
                .to_lowercase()
                .contains("accept"))
        );
    }
    let page = park.instance.text_of(&call.seen.item.page).await;
    assert!(page.contains("Plant forty trees") && page.contains("Friends of the Park"));
}

async fn a_changed_handle_leads_to_the_same_association(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let (park, ana) = (world.home().found("park-friends").await, world.server("mastodon.test").person("ana"));
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    world.settle().await;

    let changes = folkmoot_app::associations::Changes {
        handle: Some(folkmoot_domain::text::Handle::parse("hyde-park").unwrap()),
        ..Default::default()
    };
    folkmoot_app::associations::change(&park.instance.app, &park.by, park.actor.id, changes).await.unwrap();
    world.settle().await;

    for resource in ["acct:hyde-park@hyde.test", "acct:park-friends@hyde.test"] {
        let (_, found) = webfinger(&ana, &park, resource).await;
        assert_eq!(link(&found, "self")["href"], park.actor.uri.as_str());
        assert_eq!(found["subject"], "acct:hyde-park@hyde.test", "one name is the right one");
    }
    let update = &ana.heard("Update")[0];
    assert_eq!(update["object"]["id"], park.actor.uri.as_str());
    assert_eq!(update["object"]["preferredUsername"], "hyde-park");
}
