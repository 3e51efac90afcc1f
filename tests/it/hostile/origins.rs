//! Things that claim to come from somewhere else, and documents that are not what they are taken for.

use folkmoot_domain::{
    moments::{HOUR, MINUTE},
    replies::ReplyState,
};
use folkmoot_tests::{
    database::Database,
    peers::{Page, Request},
    world::World,
};
use serde_json::{Value, json};
use url::Url;

use super::Siege;

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

on_both_databases!(
    ori_01_id_on_another_host,
    ori_02_object_on_another_host,
    ori_03_attributed_to_another,
    ori_04_url_of_another_authority,
    ori_05_fetched_document_of_another_id,
    ori_07_fetched_document_without_id,
    ori_08_media_type_confusion,
    ori_09_lookalike_media_types,
    ori_11_origins_are_compared_whole,
    ori_12_addresses_in_numbers,
    ori_14_handle_that_leads_elsewhere,
    ori_15_json_ld_restructuring,
    ori_16_linked_data_signature_only,
    ori_17_context_aliasing,
    ori_18_polymorphism,
    ori_19_strange_ids,
    ori_21_content_negotiation_does_not_leak,
);

/// A reply by the attacker, to be bent.
fn reply(siege: &Siege<'_>) -> Value {
    siege.eve.reply(&siege.item.uri, &siege.park.actor, "Hello")
}

fn announce(siege: &Siege<'_>, object: &str) -> Request {
    let mut announce = siege.eve.activity("Announce", object);
    announce["to"] = json!([PUBLIC]);
    siege.by_eve(&announce)
}

async fn ori_01_id_on_another_host(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let mut activity = reply(&siege);
    for id in
        ["https://victim.test/1", "https://hyde.test/ap/activities/1", "https://attacker.test.victim.test/1"]
    {
        activity["id"] = json!(id);
        siege.refuses(id, &siege.by_eve(&activity), &[400, 403]).await;
    }
}

async fn ori_02_object_on_another_host(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    for id in ["https://victim.test/notes/1", "https://hyde.test/ap/notes/1"] {
        let mut activity = reply(&siege);
        activity["object"]["id"] = json!(id);
        siege.changes_nothing(id, &siege.by_eve(&activity), &[400, 403, 202]).await;
        let mut update = siege.eve.edit(&activity, "Changed");
        update["object"]["id"] = json!(id);
        siege.changes_nothing(id, &siege.by_eve(&update), &[400, 403, 202]).await;
        siege.changes_nothing(id, &siege.by_eve(&siege.eve.delete(&activity)), &[400, 403, 202]).await;
    }
}

async fn ori_03_attributed_to_another(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let neighbour = siege.eve.server.person("neighbour");
    for author in [&siege.victim.id, &neighbour.id, &siege.park.actor.uri.to_string()] {
        let mut activity = reply(&siege);
        activity["object"]["attributedTo"] = json!(author);
        siege.changes_nothing(author, &siege.by_eve(&activity), &[400, 403, 202]).await;
        let mut vote = siege.eve.vote(&siege.item.uri, &siege.park.actor, "I can dig");
        vote["object"]["attributedTo"] = json!(author);
        siege.changes_nothing(author, &siege.by_eve(&vote), &[400, 403, 202]).await;
    }
}

async fn ori_04_url_of_another_authority(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let mut activity = reply(&siege);
    activity["object"]["url"] = json!("https://victim.test/@victim/1");
    siege.takes(&siege.by_eve(&activity)).await;

    let held = siege.park.held().await;
    assert_eq!(held[0].reply.uri.host_str(), Some("attacker.test"));
    siege.park.judge(&held[0], ReplyState::Approved).await;
    let page = siege.park.instance.text_of(&siege.item.page).await;
    assert!(page.contains("attacker.test") && !page.contains("victim.test"), "its link leads where it lives");
}

async fn ori_05_fetched_document_of_another_id(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let mut note =
        siege.victim.reply(&siege.item.uri, &siege.park.actor, "I never said this")["object"].clone();
    note["id"] = json!("https://victim.test/notes/1");
    siege.eve.server.serves("/x", Page::activity(&note));

    siege.changes_nothing("announced", &announce(&siege, "https://attacker.test/x"), &[202, 400]).await;
    let by_id = siege.eve.activity("Create", "https://attacker.test/x");
    siege.changes_nothing("created by id", &siege.by_eve(&by_id), &[202, 400]).await;
    let update = siege.eve.activity("Update", "https://attacker.test/x");
    siege.changes_nothing("updated by id", &siege.by_eve(&update), &[202, 400]).await;
}

async fn ori_07_fetched_document_without_id(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, false).await;
    let mut note = reply(&siege)["object"].clone();
    note.as_object_mut().unwrap().remove("id");
    siege.eve.server.serves("/x", Page::activity(&note));

    // An actor without an id is nobody, too.
    let mut actor = siege.eve.actor();
    actor.as_object_mut().unwrap().remove("id");
    siege.eve.publishes(&actor);
    siege.stores_nothing("an actor without id", &siege.honest(), &[401, 400]).await;
    world.set_clock(world.now().plus(30 * MINUTE));
    siege.eve.publishes_its_actor();

    siege.changes_nothing("announced", &announce(&siege, "https://attacker.test/x"), &[202, 400]).await;
    let mut without = reply(&siege);
    without["object"].as_object_mut().unwrap().remove("id");
    siege.changes_nothing("embedded without id", &siege.by_eve(&without), &[202, 400]).await;
}

async fn ori_08_media_type_confusion(database: Database) {
    for media_type in ["application/json", "text/plain"] {
        let world = World::new(database, ["hyde.test"]).await;
        let siege = Siege::lay(&world, true).await;
        let mut note =
            siege.victim.reply(&siege.item.uri, &siege.park.actor, "I never said this")["object"].clone();
        note["id"] = json!("https://victim.test/media/1.json");
        let upload = |body: &Value| Page { media_type: media_type.to_owned(), ..Page::activity(body) };
        siege.victim.server.serves("/media/1.json", upload(&note));
        siege
            .changes_nothing(media_type, &announce(&siege, "https://victim.test/media/1.json"), &[202, 400])
            .await;

        // Worse: an upload that looks like an actor of the victim's server, with the attacker's key.
        let id = "https://victim.test/media/2.json";
        let mut actor = siege.eve.actor();
        actor["id"] = json!(id);
        actor["publicKey"]["owner"] = json!(id);
        actor["publicKey"]["id"] = json!(format!("{id}#main-key"));
        siege.victim.server.serves("/media/2.json", upload(&actor));
        let mut activity = reply(&siege);
        activity["actor"] = json!(id);
        activity["id"] = json!(format!("{id}#create"));
        activity["object"]["attributedTo"] = json!(id);
        activity["object"]["id"] = json!("https://victim.test/media/3.json");
        let mut request = siege.by_eve(&activity);
        request.key_id = format!("{id}#main-key");
        request.sign(siege.eve.key);
        siege.stores_nothing("an uploaded actor", &request, &[401]).await;
    }
}

async fn ori_09_lookalike_media_types(database: Database) {
    let types = [
        "text/html; x=application/activity+json",
        "application/ld+json",
        "application/ld+json; profile=\"https://evil.test\"",
        "application/activity+json, text/html",
        "application/activity+jsonx",
        "",
    ];
    for media_type in types {
        let world = World::new(database, ["hyde.test"]).await;
        let siege = Siege::lay(&world, false).await;
        siege.eve.server.serves(
            "/users/eve",
            Page { media_type: media_type.to_owned(), ..Page::activity(&siege.eve.actor()) },
        );
        siege.stores_nothing(media_type, &siege.honest(), &[401, 400]).await;

        // Nor is an activity taken under such a name.
        world.set_clock(world.now().plus(HOUR));
        siege.eve.publishes_its_actor();
        let mut request = siege.honest();
        request.set("content-type", media_type);
        siege.stores_nothing(media_type, &request, &[400, 401, 415]).await;
        siege.takes(&siege.honest()).await;
    }
}

async fn ori_11_origins_are_compared_whole(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let ids = [
        "https://attacker.test:8443/1",
        "http://attacker.test/1",
        "https://user@attacker.test/1",
        "https://user:pass@attacker.test/1",
        "https://ATTACKER.test/1",
        "https://attacker.test:443/1",
        "https://sub.attacker.test/1",
        "https://attacker.test@victim.test/1",
    ];
    for id in ids {
        let mut activity = reply(&siege);
        activity["id"] = json!(id);
        siege.changes_nothing(&format!("activity {id}"), &siege.by_eve(&activity), &[400, 403, 202]).await;
        let mut activity = reply(&siege);
        activity["object"]["id"] = json!(id);
        siege.changes_nothing(&format!("object {id}"), &siege.by_eve(&activity), &[400, 403, 202]).await;
        let mut activity = reply(&siege);
        activity["object"]["attributedTo"] = json!(id);
        siege.changes_nothing(&format!("author {id}"), &siege.by_eve(&activity), &[400, 403, 202]).await;
    }
}

async fn ori_12_addresses_in_numbers(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let hosts = [("1.2.3.4", "5.6.7.8"), ("1.2.3.4", "1.2.3.4"), ("[2001:db8::1]", "[2001:db8::2]")];
    for (one, other) in hosts {
        let mut activity = reply(&siege);
        activity["id"] = json!(format!("https://{one}/a"));
        activity["actor"] = json!(format!("https://{other}/b"));
        for key_id in [format!("https://{other}/b#main-key"), siege.eve.key_id.clone()] {
            let mut request = siege.by_eve(&activity);
            request.key_id = key_id;
            request.sign(siege.eve.key);
            siege.refuses(&format!("{one} and {other}, {}", request.key_id), &request, &[400, 403]).await;
        }
    }
}

async fn ori_14_handle_that_leads_elsewhere(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, false).await;
    let mut actor = siege.eve.actor();
    actor["preferredUsername"] = json!("victim");
    actor["name"] = json!("victim@victim.test");
    actor["url"] = json!("https://victim.test/@victim");
    siege.eve.publishes(&actor);
    let found = json!({"subject": "acct:victim@victim.test", "links": [{"rel": "self", "type": "application/activity+json", "href": siege.victim.id}]});
    siege.eve.server.serves("/.well-known/webfinger", Page::activity(&found));

    siege.takes(&siege.honest()).await;
    let held = siege.park.held().await;
    assert_eq!(
        held[0].author.address(),
        "@victim@attacker.test",
        "the host of the id, whatever anybody claims"
    );
    siege.park.judge(&held[0], ReplyState::Approved).await;
    let page = siege.park.instance.text_of(&siege.item.page).await;
    assert!(page.contains("@victim@attacker.test"));
    assert!(!page.contains("href=\"https://victim.test"), "no link leads to somebody who said nothing");
}

async fn ori_15_json_ld_restructuring(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let honest = reply(&siege);
    let with = |name: &str, value: Value| {
        let mut activity = honest.clone();
        activity[name] = value;
        activity
    };
    let mut inside = honest.clone();
    inside["object"]["@reverse"] = json!({"object": honest.clone()});
    let bodies = [
        json!({"@context": honest["@context"], "@graph": [honest.clone()]}),
        with("@graph", json!([siege.victim.delete_self()])),
        with("@included", json!([siege.victim.delete_self()])),
        with("@reverse", json!({"object": siege.victim.delete_self()})),
        inside,
    ];
    for body in bodies {
        siege.refuses(&body.to_string(), &siege.by_eve(&body), &[400]).await;
    }
}

async fn ori_16_linked_data_signature_only(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let mut activity = siege.victim.reply(&siege.item.uri, &siege.park.actor, "Forwarded");
    activity["signature"] = json!({
        "type": "RsaSignature2017",
        "creator": siege.victim.key_id,
        "created": "2026-10-05T09:00:00Z",
        "signatureValue": siege.victim.key.sign("a normalised document"),
    });
    for activity in [
        activity.clone(),
        json!({"signature": activity["signature"], "id": siege.victim.id, "type": "Delete", "actor": siege.victim.id, "object": siege.victim.id}),
    ] {
        siege.changes_nothing("forwarded", &siege.by_eve(&activity), &[202, 401]).await;
    }
}

async fn ori_17_context_aliasing(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let mut siege = Siege::lay(&world, true).await;
    let of_victim = siege.victim.reply(&siege.item.uri, &siege.park.actor, "Mine");
    siege.victim.tells(&siege.park.actor, &of_victim).await;
    world.settle().await;
    siege.count_anew();

    // Another name for the author: read plainly, the Note is by the victim and so not the attacker's.
    let mut author = reply(&siege);
    author["@context"] = json!([author["@context"], {"attributedTo": "https://evil.test/ns#x", "by": {"@id": "as:attributedTo", "@type": "@id"}}]);
    author["object"]["by"] = json!(siege.eve.id);
    author["object"]["attributedTo"] = json!(siege.victim.id);
    // Another name for the actor: read plainly, the attacker deletes what is not theirs.
    let mut actor = siege.eve.activity("Delete", of_victim["object"]["id"].clone());
    actor["@context"] = json!([actor["@context"], {"actor": "https://evil.test/ns#x", "doer": {"@id": "as:actor", "@type": "@id"}}]);
    actor["doer"] = json!(siege.victim.id);
    // Another name for a type: read plainly, it means nothing.
    let mut kind = siege.eve.activity("Gift", siege.item.uri.as_str());
    kind["@context"] = json!([kind["@context"], {"Gift": "as:Like", "kind": "@type"}]);
    kind["kind"] = json!("Like");
    // A context that would have to be fetched.
    let mut fetched = siege.eve.activity("Gift", siege.item.uri.as_str());
    fetched["@context"] = json!(["https://attacker.test/context", CONTEXT]);
    for activity in [author, actor, kind, fetched] {
        siege.changes_nothing(&activity.to_string(), &siege.by_eve(&activity), &[200, 202, 400]).await;
    }
    assert_eq!(siege.asked(), 0, "no context is ever fetched");
}

const CONTEXT: &str = "https://www.w3.org/ns/activitystreams";

async fn ori_18_polymorphism(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let (eve, victim) = (siege.eve.id.clone(), siege.victim.id.clone());
    let bends: [(&str, Value); 14] = [
        ("/actor", json!([eve, victim])),
        ("/actor", json!([eve])),
        ("/actor", json!({"id": eve, "@id": victim, "type": ["Person"], "extra": [victim]})),
        ("/actor", json!({"id": [eve, victim]})),
        ("/object/attributedTo", json!([eve, victim])),
        ("/object/attributedTo", json!([victim, eve])),
        ("/object/attributedTo", json!({"id": victim})),
        ("/object/type", json!(["Note", "Delete"])),
        ("/type", json!(["Create", "Delete"])),
        ("/type", json!({"id": "Create"})),
        ("/id", json!({})),
        ("/id", json!(7)),
        ("/object/id", json!(["https://attacker.test/1", "https://victim.test/1"])),
        ("/object", json!([reply(&siege)["object"], siege.victim.id])),
    ];
    for (place, value) in bends {
        let what = format!("{place} = {value}");
        let mut activity = reply(&siege);
        *activity.pointer_mut(place).unwrap() = value;
        let answer = siege.by_eve(&activity);
        if what.contains("\"extra\"") {
            // An embedded actor counts by its id alone; what stands beside it is not looked at.
            let taken = siege.sends(&answer).await;
            assert!([202, 400].contains(&taken.status.as_u16()), "{what}");
            assert!(siege.park.held().await.iter().all(|held| held.author.uri.as_str() == eve), "{what}");
            for held in siege.park.held().await {
                let note = json!({"object": {"id": held.reply.uri.as_str()}});
                siege.takes(&siege.by_eve(&siege.eve.delete(&note))).await;
            }
            continue;
        }
        let before = siege.park.instance.tables().await.without_traces();
        let taken = siege.sends(&answer).await;
        assert!([400, 202].contains(&taken.status.as_u16()), "{what}: {}", taken.status);
        let changes = before.changes(&siege.park.instance.tables().await.without_traces());
        assert_eq!(changes, Vec::<String>::new(), "{what}");
    }
}

async fn ori_19_strange_ids(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let ids = [
        "https://attacker.test./1",
        "https://attacker.test/%2e%2e/1",
        "https://attacker.test/a/../1",
        "https://attacker.test\\1",
        "https:\\\\attacker.test\\1",
        "https://attacker.test/a\tb",
        "https://attacker.test/a\nb",
        "https://attacker.test/\u{202e}1",
        "https://attacker.test/\u{200b}1",
        "https://attacker%2etest/1",
        " https://attacker.test/1",
        "https://attacker.test/1 ",
        "https:///attacker.test/1",
        "attacker.test/1",
        "",
    ];
    for id in ids {
        let mut activity = reply(&siege);
        activity["id"] = json!(id);
        siege.changes_nothing(&format!("activity {id:?}"), &siege.by_eve(&activity), &[400, 202]).await;
        let mut activity = reply(&siege);
        activity["object"]["id"] = json!(id);
        siege.changes_nothing(&format!("object {id:?}"), &siege.by_eve(&activity), &[400, 202]).await;
    }
    // A fragment is part of the id of an activity or a vote (GoToSocial, Takahē), never of something that can be fetched.
    let mut note = reply(&siege);
    note["object"]["id"] = json!("https://attacker.test/users/eve#note");
    siege.changes_nothing("a note with a fragment", &siege.by_eve(&note), &[400, 202]).await;
    let mut follow = siege.eve.follow(&siege.park.actor);
    follow["actor"] = json!(format!("{}#main-key", siege.eve.id));
    siege.changes_nothing("an actor with a fragment", &siege.by_eve(&follow), &[400, 401, 202]).await;
}

async fn ori_21_content_negotiation_does_not_leak(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let park = world.home().found("park-friends").await;
    let ana = world.server("mastodon.test").person("ana");
    let call = park.call("Plant forty trees").await.seen.item;
    ana.tells(&park.actor, &ana.follow(&park.actor)).await;
    ana.tells(&park.actor, &ana.vote(&call.uri, &park.actor, "I can dig")).await;
    ana.tells(&park.actor, &ana.direct_reply(&call.uri, &park.actor, "Between us")).await;
    ana.tells(&park.actor, &ana.reply(&call.uri, &park.actor, "Not looked at yet")).await;
    world.pass(HOUR).await;

    let receipt =
        ana.heard("Create").into_iter().find(|create| create["object"]["to"] == json!([ana.id])).unwrap();
    let secret = receipt["object"]["content"]
        .as_str()
        .unwrap()
        .split("/pledges/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let hidden =
        [receipt["object"]["id"].clone(), receipt["id"].clone(), ana.heard("Accept")[0]["id"].clone()];
    for id in hidden {
        let url = Url::parse(id.as_str().unwrap()).unwrap();
        for accept in ["application/activity+json", "application/json", "text/html", "*/*"] {
            let answer = Request::get(&url, accept).send(&world.network).await;
            assert_eq!(answer.status, 404, "{url} as {accept}");
            assert!(!answer.text().contains("Plant forty trees"));
        }
    }
    let outbox = Request::get(
        &park.instance.at(&format!("{}/outbox?page=1", park.actor.uri.path())),
        "application/activity+json",
    );
    let outbox = outbox.send(&world.network).await.text();
    for page in [
        ana.fetches(&call.uri).await.text(),
        ana.fetches(&Url::parse(&format!("{}/replies", call.uri)).unwrap()).await.text(),
        outbox,
        park.instance.text_of(&call.page).await,
    ] {
        for private in ["Between us", "Not looked at yet", secret.as_str(), "mastodon.test"] {
            assert!(!page.contains(private), "{private}: {page}");
        }
    }
    let as_document =
        Request::get(&park.instance.at(&format!("/pledges/{secret}")), "application/activity+json")
            .send(&world.network)
            .await;
    assert!(!as_document.headers["content-type"].to_str().unwrap().contains("activity+json"));
}
