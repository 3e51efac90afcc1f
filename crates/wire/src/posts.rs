//! What every post of ours has in common, whether it is a project, a call, an event, an update or a Note
//! that is no noun: author, audience, text, page, dates, tags, replies and what others may do with it.
//!
//! The rules behind the properties are those that decide whether peers work; `tests/rules` checks each.

use folkmoot_domain::{
    Moment,
    actors::Actor,
    addresses::Addresses,
    causes::Cause,
    items::{AnotherDay, Item, ItemSeen},
    pictures::Picture,
    places::Place,
    text::Language,
};
use serde_json::{Map, Value, json};
use url::Url;

use crate::{PUBLIC, collections};

/// Whom a post is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum For<'a> {
    /// Everyone, and the followers of its author.
    Everyone,
    /// One actor and nobody else.
    One(&'a Actor),
}

/// The common head of a post.
pub(crate) struct Post<'a> {
    pub(crate) kind: &'static str,
    pub(crate) id: &'a Url,
    pub(crate) author: &'a Actor,
    pub(crate) audience: For<'a>,
    pub(crate) in_reply_to: Option<&'a Url>,
    pub(crate) language: &'a Language,
    pub(crate) content: String,
    pub(crate) page: &'a Url,
    pub(crate) published: Moment,
    pub(crate) updated: Option<Moment>,
    pub(crate) causes: &'a [Cause],
    /// The picture that goes with it.
    pub(crate) picture: Option<&'a Picture>,
    /// Whom a `Mention` tag names. Without one most peers tell nobody.
    pub(crate) mentions: Vec<&'a Actor>,
    /// May others carry and quote it?
    pub(crate) carriable: bool,
}

impl<'a> Post<'a> {
    /// The head of an item.
    pub(crate) fn of(kind: &'static str, seen: &'a ItemSeen, content: String) -> Self {
        let item = &seen.item;
        Self {
            kind,
            id: &item.uri,
            author: &seen.home,
            audience: For::Everyone,
            in_reply_to: None,
            language: &item.language,
            content,
            page: &item.page,
            published: item.published,
            updated: edited(item),
            causes: &seen.causes,
            picture: seen.picture.as_ref(),
            mentions: Vec::new(),
            carriable: item.carriable,
        }
    }

    /// The properties every post has.
    pub(crate) fn map(self, addresses: &Addresses) -> Map<String, Value> {
        let (to, cc) = audience(self.audience, self.author, addresses);
        let mut map = Map::new();
        map.insert("id".into(), json!(self.id));
        map.insert("type".into(), json!(self.kind));
        map.insert("attributedTo".into(), json!(self.author.uri));
        map.insert("to".into(), to);
        map.insert("cc".into(), cc);
        if let Some(answered) = self.in_reply_to {
            map.insert("inReplyTo".into(), json!(answered));
        }
        map.insert("content".into(), json!(self.content));
        map.insert("contentMap".into(), json!({ self.language.as_str(): self.content }));
        map.insert("mediaType".into(), json!("text/html"));
        map.insert("url".into(), json!(self.page));
        map.insert("published".into(), json!(self.published.rfc3339()));
        if let Some(updated) = self.updated {
            map.insert("updated".into(), json!(updated.rfc3339()));
        }
        map.insert("sensitive".into(), json!(false));
        let attached: Vec<Value> =
            self.picture.iter().map(|picture| attached("Document", picture, addresses)).collect();
        map.insert("attachment".into(), json!(attached));
        map.insert("tag".into(), tags(&self.mentions, self.causes));
        if matches!(self.audience, For::Everyone) {
            map.insert("interactionPolicy".into(), policy(self.carriable, self.author));
        }
        map
    }
}

/// Who may quote it and pass it on (FEP-044f, GoToSocial): everybody, or nobody but its author.
fn policy(carriable: bool, author: &Actor) -> Value {
    let allowed = if carriable { json!([PUBLIC]) } else { json!([author.uri]) };
    json!({"canQuote": {"automaticApproval": allowed}, "canAnnounce": {"automaticApproval": allowed}})
}

/// What an item has besides: where it is, what it fights for, who answered.
pub(crate) fn add_item(map: &mut Map<String, Value>, kind: &str, seen: &ItemSeen, addresses: &Addresses) {
    let item = &seen.item;
    map.insert("civ:kind".into(), json!(format!("civ:{kind}")));
    if !item.title.is_empty() {
        map.insert("civ:name".into(), json!(item.title));
    }
    if !seen.causes.is_empty() {
        let causes: Vec<&Url> = seen.causes.iter().map(|cause| &cause.uri).collect();
        map.insert("civ:cause".into(), json!(causes));
    }
    if let Some(place) = &item.place {
        map.insert("location".into(), location(place));
    }
    let replies =
        collections::replies(&addresses.under(&item.uri, "replies"), &seen.replies, seen.reply_count);
    map.insert("replies".into(), replies);
    map.insert(
        "likes".into(),
        collections::counted("Collection", &addresses.under(&item.uri, "likes"), seen.likes),
    );
    map.insert(
        "shares".into(),
        collections::counted("Collection", &addresses.under(&item.uri, "shares"), seen.boosts),
    );
}

/// Words of our own about an item; nothing where there are none.
pub(crate) fn add_words(map: &mut Map<String, Value>, term: &str, words: &str) {
    if !words.is_empty() {
        map.insert(term.to_owned(), json!(words));
    }
}

/// Why it is left for another day, and when to look again.
pub(crate) fn add_another_day(map: &mut Map<String, Value>, day: &AnotherDay) {
    add_words(map, "civ:reason", &day.reason);
    if let Some(wake) = day.wake {
        map.insert("civ:wake".into(), json!(wake.rfc3339()));
    }
}

/// A picture as peers take it: `Document` in the list of attachments, as Mastodon itself says it; `Image` where one is
/// the picture of the whole. `mediaType` and a plain `url` are what Gancio and Lemmy fail without, `name` is the alt text.
pub(crate) fn attached(kind: &str, picture: &Picture, addresses: &Addresses) -> Value {
    json!({
        "type": kind,
        "mediaType": "image/jpeg",
        "url": addresses.picture(picture.id, picture.width),
        "name": picture.alt,
        "width": picture.width,
        "height": picture.height,
    })
}

/// `to` and `cc`, both always lists (ActivityPub 5; Lemmy and Mobilizon need both).
pub(crate) fn audience(audience: For<'_>, author: &Actor, addresses: &Addresses) -> (Value, Value) {
    match audience {
        For::Everyone => (json!([PUBLIC]), json!([followers(author, addresses)])),
        For::One(reader) => (json!([reader.uri]), json!([])),
    }
}

/// The followers collection of one of ours.
pub(crate) fn followers(author: &Actor, addresses: &Addresses) -> Url {
    author.followers.clone().unwrap_or_else(|| addresses.under(&author.uri, "followers"))
}

/// A place as exactly as it may be shown. Degrees are always written with a point: Mobilizon asks for floats.
pub(crate) fn location(place: &Place) -> Value {
    let mut map = Map::new();
    map.insert("type".into(), json!("Place"));
    map.insert("name".into(), json!(place.name));
    if let Some(point) = place.seen() {
        map.insert("latitude".into(), json!(point.latitude));
        map.insert("longitude".into(), json!(point.longitude));
    }
    Value::Object(map)
}

/// `updated` appears with the first edit and is always later than `published` (GoToSocial drops the post otherwise).
fn edited(item: &Item) -> Option<Moment> {
    item.edited.map(|at| at.max(item.published.plus(1_000)))
}

fn tags(mentions: &[&Actor], causes: &[Cause]) -> Value {
    let mentions =
        mentions.iter().map(|actor| json!({"type": "Mention", "href": actor.uri, "name": actor.address()}));
    let hashtags =
        causes.iter().map(|cause| json!({"type": "Hashtag", "href": cause.page, "name": cause.hashtag()}));
    mentions.chain(hashtags).collect()
}
