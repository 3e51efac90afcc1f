//! Updates as others see them: a `Note` in reply to what it is about, mentioning our own Group, without
//! which some peers keep a reply out of their followers' timelines.

use folkmoot_domain::{addresses::Addresses, updates::UpdateSeen};
use serde_json::Value;

use crate::{
    paragraphs::Paragraphs,
    posts::{self, Post},
};

/// The update as it stands.
pub fn object(update: &UpdateSeen, addresses: &Addresses) -> Value {
    let seen = &update.seen;
    let about = &update.about;
    let content = Paragraphs::default()
        .title(&seen.item.title)
        .html(&seen.item.text.html)
        .link(&about.page, &format!("About: {}", about.title))
        .hashtags(&seen.causes)
        .finish();
    let post =
        Post { in_reply_to: Some(&about.uri), mentions: vec![&seen.home], ..Post::of("Note", seen, content) };
    let mut map = post.map(addresses);
    posts::add_item(&mut map, "Update", seen, addresses);
    Value::Object(map)
}
