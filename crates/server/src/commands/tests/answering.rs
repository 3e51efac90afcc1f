//! pledges, replies and deliveries, with somebody elsewhere who follows, votes and writes.

use folkmoot_app::{By, actors, followers, limits, offers, pledges, replies};
use folkmoot_domain::{
    ActorId, ItemId, Moment,
    actors::{Actor, ActorKind, Profile},
    pledges::Door,
    roles::Who,
};
use url::Url;

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// Somebody on another server, and the house they speak to.
struct Ada {
    app: App,
    by: By,
    id: ActorId,
}

impl Ada {
    async fn near(place: &Place) -> Self {
        let config = Config::load(Some(place.config.as_ref()), std::iter::empty()).unwrap();
        let app = opening::open(&config, Ports::real(), Missing::Refuse).await.unwrap();
        let uri = url("https://leeds.example/users/ada");
        let ada = Actor {
            id: app.id(),
            local: false,
            kind: ActorKind::Person,
            handle: "ada".to_owned(),
            host: "leeds.example".to_owned(),
            name: "Ada".to_owned(),
            summary: String::new(),
            page: uri.clone(),
            inbox: url("https://leeds.example/users/ada/inbox"),
            shared_inbox: Some(url("https://leeds.example/inbox")),
            followers: None,
            key_id: format!("{uri}#main-key"),
            public_key: String::new(),
            fetched: app.now(),
            gone: None,
            paper: None,
            profile: Profile::default(),
            uri,
        };
        let id = actors::remember(&app, ada).await.unwrap().id;
        Self { app, by: By { who: Who::Remote(id), arrival: None }, id }
    }

    async fn pledges(&self, call: ItemId, option: &str) {
        let answer =
            pledges::Answer { call, giver: self.id, option: option.to_owned(), vote: None, door: Door::Vote };
        pledges::take(&self.app, &self.by, answer).await.unwrap();
    }

    async fn replies(&self, item: ItemId, number: u32, direct: bool) {
        let written = replies::Written {
            uri: url(&format!("https://leeds.example/notes/{number}")),
            item,
            html: format!("<p>Reply {number} &amp; more</p>"),
            direct,
            published: Moment(0),
            edited: None,
        };
        replies::receive(&self.app, &self.by, written).await.unwrap();
    }
}

async fn published(place: &Place) -> (String, ItemId) {
    let line = ["publish", "call", &example("call.md"), "--association", "park-friends"];
    let call = place.objects(&line).await.remove(0);
    let id = call["id"].as_str().unwrap().to_owned();
    let item = id.parse().unwrap();
    (id, item)
}

#[tokio::test]
async fn pledges_are_listed_and_answered() {
    let place = Place::new().await;
    let ((call, item), (other, _)) = (published(&place).await, published(&place).await);
    let ada = Ada::near(&place).await;
    ada.pledges(item, "I can bring a spade").await;
    let listed = place.objects(&["pledges", "list", "--association", "park-friends"]).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["giver"]["address"], "@ada@leeds.example");
    assert_eq!(listed[0]["needs"], serde_json::json!(["I can bring a spade"]));
    assert_eq!(place.objects(&["pledges", "list", "--call", &call, "--state", "offered"]).await.len(), 1);
    assert!(place.objects(&["pledges", "list", "--call", &other]).await.is_empty());
    let id = listed[0]["id"].as_str().unwrap();
    assert_eq!(place.refused(&["pledges", "keep", id]).await, "a pledge that is offered cannot become kept");
    let said = place.say(&["pledges", "accept", id, "--words", "Bring gloves."]).await;
    assert!(said.contains("accepted  Ada @ada@leeds.example") && said.contains("Bring gloves."), "{said}");
    place.say(&["pledges", "keep", id]).await;
    assert_eq!(place.objects(&["pledges", "list", "--state", "kept"]).await.len(), 1);
    assert!(place.objects(&["pledges", "list", "--state", "offered"]).await.is_empty());
}

#[tokio::test]
async fn organisers_see_how_to_reach_whoever_helps_without_an_account() {
    let place = Place::new().await;
    let (_, item) = published(&place).await;
    let ada = Ada::near(&place).await;
    ada.pledges(item, "I can bring a spade").await;
    let form = offers::Form {
        needs: &[0],
        name: "Priya",
        phone: "0113 496 0123",
        note: "After six.",
        ..Default::default()
    };
    offers::offer(&ada.app, limits::HERE, item, &form).await.unwrap();
    let said = place.say(&["pledges", "list"]).await;
    assert!(
        said.contains("offered  Priya\n") && said.contains("0113 496 0123") && said.contains("After six."),
        "{said}"
    );
    let listed = place.objects(&["pledges", "list"]).await;
    assert_eq!(listed[0]["giver"], serde_json::json!({ "name": "Priya", "address": null, "uri": null }));
    assert_eq!(listed[0]["reach"], serde_json::json!({ "email": null, "phone": "0113 496 0123" }));
    assert_eq!((&listed[0]["door"], &listed[0]["note"]), (&"phone".into(), &"After six.".into()));
    assert_eq!((&listed[1]["door"], &listed[1]["reach"]), (&"vote".into(), &serde_json::Value::Null));
}

#[tokio::test]
async fn replies_are_held_until_they_are_looked_at() {
    let place = Place::new().await;
    let (call, item) = published(&place).await;
    let ada = Ada::near(&place).await;
    for (number, direct) in [(1, false), (2, false), (3, true)] {
        ada.replies(item, number, direct).await;
    }
    let said = place.say(&["replies", "list"]).await;
    assert!(said.contains("Reply 1 & more") && said.contains("to the organisers alone"), "{said}");
    let held = place.objects(&["replies", "list", "--association", "park-friends"]).await;
    let ids: Vec<_> = held.iter().map(|reply| reply["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 3);
    place.say(&["replies", "approve", ids[0]]).await;
    place.say(&["replies", "decline", ids[1]]).await;
    let refused = place.refused(&["replies", "approve", ids[2]]).await;
    assert_eq!(refused, "reply: was written to the organisers alone and cannot be shown");
    let shown = place.objects(&["replies", "list", "--item", &call]).await;
    assert_eq!((shown.len(), shown[0]["id"].as_str()), (1, Some(ids[0])));
    assert_eq!(place.objects(&["replies", "list"]).await.len(), 1);
}

#[tokio::test]
async fn deliveries_are_listed_and_sent_again() {
    let place = Place::new().await;
    let ada = Ada::near(&place).await;
    let home = folkmoot_storage::associations::list(&ada.app.store.rows()).await.unwrap().remove(0);
    let follow = url("https://leeds.example/follows/1");
    followers::follow(&ada.app, &ada.by, home.actor.id, &follow).await.unwrap();
    published(&place).await;
    assert_eq!(place.objects(&["deliveries", "list"]).await.len(), 0, "nothing runs that would tell it");
    folkmoot_federation::outbox::tell_due(&ada.app).await.unwrap();
    let said = place.say(&["deliveries", "list"]).await;
    assert!(said.starts_with("leeds.example: ") && said.contains("wait, the oldest since"), "{said}");
    let hosts = place.objects(&["deliveries", "list"]).await;
    let waiting = hosts[0]["waiting"].as_u64().unwrap();
    let each = place.objects(&["deliveries", "list", "--host", "leeds.example"]).await;
    assert_eq!(u64::try_from(each.len()).unwrap(), waiting);
    assert_eq!(each[0]["state"], "new");
    let one = each[0]["id"].as_str().unwrap();
    assert_eq!(place.objects(&["deliveries", "retry", one]).await[0]["retried"], 1);
    for which in [&["--host", "leeds.example"][..], &["--all"]] {
        let retried = place.objects(&[&["deliveries", "retry"], which].concat()).await;
        assert_eq!(retried[0]["retried"], waiting);
    }
    let check = place.say(&["check"]).await;
    assert!(check.contains(&format!("deliveries {waiting} (")), "{check}");
}
