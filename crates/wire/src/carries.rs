//! What is said when one of ours passes on what is another's: a boost without words is in [`crate::activities`]; with a
//! reason it is a short Note that quotes (FEP-044f), one post and never both.
//!
//! The quoted id stands under every name that peers look for it; those that know none of them find the link in the text.

use folkmoot_domain::{actors::Actor, items::Item, posts as texts};
use serde_json::{Value, json};
use url::Url;

use crate::{
    notes::NoteHead,
    posts::{For, Post},
};

/// The media type by which FEP-e232 tells a link to an object from any other.
const OBJECT: &str = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// One of ours passes on an item for a reason, with credit to its home, which hears of it.
pub fn quote(head: NoteHead<'_>, item: &Item, home: &Actor, reason: &str) -> Value {
    let id = head.addresses.note(head.id);
    // Our own page of it: it says first whose it is, and links there.
    let page = head.addresses.item_page(item.kind, item.id);
    let post = Post {
        kind: "Note",
        id: &id,
        author: head.speaker,
        audience: For::Everyone,
        in_reply_to: None,
        language: head.language,
        content: texts::carry(reason, item, home),
        page: &page,
        published: head.at,
        updated: None,
        causes: &[],
        picture: None,
        mentions: vec![home],
        carriable: true,
    };
    let mut map = post.map(head.addresses);
    if let Some(Value::Array(cc)) = map.get_mut("cc") {
        cc.push(json!(home.uri));
    }
    if let Some(Value::Array(tags)) = map.get_mut("tag") {
        tags.push(json!({"type": "Link", "mediaType": OBJECT, "href": item.uri, "name": format!("RE: {}", item.uri)}));
    }
    for key in ["quote", "quoteUri", "quoteUrl", "_misskey_quote"] {
        map.insert(key.into(), json!(item.uri));
    }
    Value::Object(map)
}

/// What somebody elsewhere said when they passed on something of ours.
#[derive(Debug, Clone, Copy)]
pub struct CarrySaid<'a> {
    /// Who carries.
    pub carrier: &'a Url,
    /// What is carried.
    pub item: &'a Url,
    /// The id of their boost.
    pub activity: Option<&'a str>,
    /// The id of their Note, when there is a reason.
    pub note: Option<&'a str>,
}

/// The home of an item does not want it carried by this one: a no to the boost, or to the Note that quotes it.
pub fn reject(id: &Url, home: &Actor, said: CarrySaid<'_>) -> Value {
    let object = match (said.note, said.activity) {
        (Some(note), _) => json!(note),
        (None, activity) => {
            json!({"id": activity, "type": "Announce", "actor": said.carrier, "object": said.item})
        }
    };
    json!({"id": id, "type": "Reject", "actor": home.uri, "to": [said.carrier], "cc": [], "object": object})
}
