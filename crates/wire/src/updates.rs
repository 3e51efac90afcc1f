//! Updates as others see them: a `Note` in reply to what it is about, mentioning our own Group, without
//! which some peers keep a reply out of their followers' timelines.

use folkmoot_domain::{addresses::Addresses, posts as texts, updates::UpdateSeen};
use serde_json::Value;

use crate::posts::{self, Post};

/// The update as it stands.
pub fn object(update: &UpdateSeen, addresses: &Addresses) -> Value {
    let seen = &update.seen;
    let in_reply_to = update.about.as_ref().map(|about| &about.uri);
    let content = texts::update(update);
    let post = Post { in_reply_to, mentions: vec![&seen.home], ..Post::of("Note", seen, content) };
    let mut map = post.map(addresses);
    posts::add_item(&mut map, "Update", seen, addresses);
    Value::Object(map)
}
