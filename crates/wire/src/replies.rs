//! What people here write back, as others see it: a plain `Note` in reply, for everyone and for whoever published what it
//! answers.

use folkmoot_domain::{actors::Actor, addresses::Addresses, replies::ReplySeen, text::Language};
use serde_json::{Value, json};

use crate::{
    PUBLIC,
    posts::{For, Post},
};

/// The reply. `home` is whoever published what it answers: they are named, else nobody tells them.
pub fn object(seen: &ReplySeen, home: &Actor, language: &Language, addresses: &Addresses) -> Value {
    let reply = &seen.reply;
    let post = Post {
        kind: "Note",
        id: &reply.uri,
        author: &seen.author,
        audience: For::Everyone,
        in_reply_to: Some(&seen.about.uri),
        language,
        content: reply.html.clone(),
        page: &reply.uri,
        published: reply.published,
        updated: None,
        causes: &[],
        picture: None,
        mentions: vec![home],
        carriable: true,
    };
    let mut map = post.map(addresses);
    // People here have no followers who would be told.
    map.insert("to".into(), json!([PUBLIC]));
    map.insert("cc".into(), json!([home.uri]));
    Value::Object(map)
}

/// It is deleted. For everyone who heard of it.
pub fn delete(
    id: &url::Url,
    author: &Actor,
    home: &Actor,
    reply: &url::Url,
    at: folkmoot_domain::Moment,
) -> Value {
    let object = crate::activities::tombstone(reply, "Note", at);
    json!({
        "id": id,
        "type": "Delete",
        "actor": author.uri,
        "published": at.rfc3339(),
        "to": [PUBLIC],
        "cc": [home.uri],
        "object": object,
    })
}
