//! Requests that GoToSocial, snac and Takahe really sent, byte for byte, with the actors that signed them.
//!
//! For tests only. Start at [`requests`].

use axum::{
    body::Bytes,
    http::{Request, request::Parts},
};
use serde_json::Value;

/// The programs whose requests are kept under `fixtures/captured`.
pub const PEERS: [(&str, &str, &str); 3] = [
    (
        "gotosocial",
        include_str!("../fixtures/captured/gotosocial.requests.json"),
        include_str!("../fixtures/captured/gotosocial.actor.json"),
    ),
    (
        "snac",
        include_str!("../fixtures/captured/snac.requests.json"),
        include_str!("../fixtures/captured/snac.actor.json"),
    ),
    (
        "takahe",
        include_str!("../fixtures/captured/takahe.requests.json"),
        include_str!("../fixtures/captured/takahe.actor.json"),
    ),
];

/// One request as it came in.
pub struct Captured {
    pub name: String,
    pub parts: Parts,
    pub body: Bytes,
    /// When it was received, in epoch milliseconds.
    pub received: i64,
    /// The document of the actor that signed it.
    pub actor: Value,
}

/// Every captured request.
pub fn requests() -> Vec<Captured> {
    PEERS.iter().flat_map(|(peer, requests, actor)| of_peer(peer, requests, actor)).collect()
}

fn of_peer(peer: &str, requests: &str, actor: &str) -> Vec<Captured> {
    let actor: Value = serde_json::from_str(actor).unwrap();
    let requests: Vec<Value> = serde_json::from_str(requests).unwrap();
    requests.iter().map(|request| one(peer, request, &actor)).collect()
}

fn one(peer: &str, request: &Value, actor: &Value) -> Captured {
    let text = |name: &str| request[name].as_str().unwrap().to_owned();
    let line = text("request");
    let mut words = line.split(' ');
    let mut building = Request::builder().method(words.next().unwrap()).uri(words.next().unwrap());
    for header in request["headers"].as_array().unwrap() {
        building = building.header(header[0].as_str().unwrap(), header[1].as_str().unwrap());
    }
    Captured {
        name: format!("{peer} {}", text("what")),
        parts: building.body(()).unwrap().into_parts().0,
        body: text("body").into(),
        received: text("received").parse::<jiff::Timestamp>().unwrap().as_millisecond(),
        actor: actor.clone(),
    }
}
