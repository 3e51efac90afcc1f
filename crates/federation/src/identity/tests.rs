//! The library of the field as a peer: it reads what we publish, and each side verifies what the other signs.
//!
//! It is written by others against the same specifications, so that a mistake of ours would have to be theirs too.

use activitypub_federation::{
    activity_sending::SendActivityTask,
    axum::inbox::{ActivityData, receive_activity},
    config::{Data, FederationConfig},
    error::Error,
    fetch::{object_id::ObjectId, webfinger::webfinger_resolve_actor},
    protocol::{public_key::PublicKey, verification::verify_domains_match},
    traits::{Activity, Actor, Object},
};
use axum::{body::Body, extract::FromRequest, http::Request};
use jiff::Timestamp;
use reqwest_middleware::ClientBuilder;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use crate::{
    Limits,
    signatures::SigningKey,
    testing::{ALICE, House, Loopback},
};

const PEER: &str = "https://peer.example/u/ann";

/// What the peer has received.
#[derive(Clone, Default)]
struct Received(std::sync::Arc<std::sync::Mutex<Vec<Value>>>);

/// An actor as this peer keeps it.
#[derive(Clone, Debug)]
struct Somebody {
    id: Url,
    inbox: Url,
    key: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    id: Url,
    inbox: Url,
    public_key: PublicKey,
}

#[async_trait::async_trait]
impl Object for Somebody {
    type DataType = Received;
    type Kind = Person;
    type Error = Error;

    fn id(&self) -> &Url {
        &self.id
    }

    async fn read_from_id(_: Url, _: &Data<Received>) -> Result<Option<Self>, Error> {
        Ok(None)
    }

    async fn into_json(self, _: &Data<Received>) -> Result<Person, Error> {
        Ok(Person { public_key: self.public_key(), id: self.id, inbox: self.inbox })
    }

    async fn verify(json: &Person, expected: &Url, _: &Data<Received>) -> Result<(), Error> {
        verify_domains_match(&json.id, expected)
    }

    async fn from_json(json: Person, _: &Data<Received>) -> Result<Self, Error> {
        Ok(Self { id: json.id, inbox: json.inbox, key: json.public_key.public_key_pem })
    }
}

impl Actor for Somebody {
    fn public_key_pem(&self) -> &str {
        &self.key
    }

    fn private_key_pem(&self) -> Option<String> {
        Some(ALICE.0.to_owned())
    }

    fn inbox(&self) -> Url {
        self.inbox.clone()
    }
}

/// Any activity at all.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Anything {
    id: Url,
    actor: Url,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

#[async_trait::async_trait]
impl Activity for Anything {
    type DataType = Received;
    type Error = Error;

    fn id(&self) -> &Url {
        &self.id
    }

    fn actor(&self) -> &Url {
        &self.actor
    }

    async fn verify(&self, _: &Data<Received>) -> Result<(), Error> {
        Ok(())
    }

    async fn receive(self, data: &Data<Received>) -> Result<(), Error> {
        data.app_data().0.lock().unwrap().push(Value::Object(self.rest));
        Ok(())
    }
}

/// The peer lives on today's clock, which the library reads by itself.
async fn world(compatible: bool) -> (House, Data<Received>) {
    let house = House::with(Limits::default(), Timestamp::now().as_millisecond()).await;
    let client = ClientBuilder::new(reqwest::Client::new()).with(Loopback(house.router.clone())).build();
    let peer = FederationConfig::builder()
        .domain("peer.example")
        .app_data(Received::default())
        .client(client)
        .http_signature_compat(compatible)
        .debug(true)
        .build()
        .await
        .unwrap();
    (house, peer.to_request_data())
}

#[tokio::test]
async fn it_finds_and_reads_our_association() {
    let (house, peer) = world(true).await;
    let park = &house.park.actor;
    let found: Somebody = ObjectId::from(park.uri.clone()).dereference(&peer).await.unwrap();
    assert_eq!((&found.id, &found.inbox, &found.key), (&park.uri, &park.inbox, &park.public_key));
    let found: Somebody = webfinger_resolve_actor("park-friends@hyde.example", &peer).await.unwrap();
    assert_eq!(found.id, park.uri);
}

#[tokio::test]
async fn we_verify_what_it_signs() {
    for compatible in [true, false] {
        let (house, peer) = world(compatible).await;
        let ann = house.stranger(PEER);
        let follow: Anything =
            serde_json::from_value(ann.says("follow", "Follow", &json!(house.park.actor.uri))).unwrap();
        let somebody = Somebody {
            id: PEER.parse().unwrap(),
            inbox: format!("{PEER}/inbox").parse().unwrap(),
            key: ALICE.1.to_owned(),
        };
        let inboxes = vec![house.app.addresses.shared_inbox()];
        let task = SendActivityTask::prepare(&follow, &somebody, inboxes, &peer).await.unwrap();
        task[0].sign_and_send(&peer).await.unwrap();
        let (_, state, outcome) = house.settle().await.remove(0);
        assert_eq!(state, "done", "{outcome}");
    }
}

#[tokio::test]
async fn it_verifies_what_we_sign() {
    let (house, peer) = world(true).await;
    let (_, key) = folkmoot_app::keys::signing_key(&house.app, house.park.actor.id).await.unwrap();
    let key = SigningKey::from_pkcs8_der(&house.park.actor.key_id, &key).unwrap();
    let inbox: Url = format!("{PEER}/inbox").parse().unwrap();
    let body = json!({
        "id": "https://hyde.example/ap/activities/1", "type": "Accept", "actor": house.park.actor.uri,
        "object": format!("{PEER}/follow"),
    })
    .to_string();
    let deliver = |sent: String| {
        let mut request = Request::post("/u/ann/inbox").body(Body::from(sent)).unwrap();
        *request.headers_mut() = key.sign_post(&inbox, body.as_bytes(), house.app.now().0).unwrap();
        let peer = &peer;
        async move {
            let data = ActivityData::from_request(request, &()).await.unwrap();
            receive_activity::<Anything, Somebody, Received>(data, peer).await
        }
    };
    deliver(body.clone()).await.unwrap();
    assert_eq!(peer.app_data().0.lock().unwrap()[0]["type"], "Accept");
    assert!(deliver(body.replace("Accept", "Reject")).await.is_err());
    assert_eq!(peer.app_data().0.lock().unwrap().len(), 1);
}
