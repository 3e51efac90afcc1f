//! `Create` and `Update`: votes, replies, things others publish, edits and profiles.

use folkmoot_domain::{addresses::Addresses, audiences::Reach};
use serde_json::{Map, Value};
use url::Url;

use super::{Incoming, Reply, Vote, map_of};
use crate::{
    Refused,
    actors::ActorRead,
    envelope::{self, Envelope, IdOrObject},
    foreign::{self, ForeignItem},
    html, limits, shapes,
};

/// A note is a vote, a reply, or a post of its own, in this order.
pub(super) fn note(
    envelope: &Envelope,
    object: IdOrObject<'_>,
    ours: &Addresses,
) -> Result<Incoming, Refused> {
    let map = map_of(object)?;
    foreign::must_be_by(map, &envelope.actor)?;
    let answers = foreign::in_reply_to(map)?;
    if let Some(question) = answers.filter(|url| ours.is_ours(url))
        && let Some(vote) = vote(envelope, map, question, ours)?
    {
        return Ok(Incoming::Vote(vote));
    }
    if envelope::kind(map)? == "Answer" {
        // Pleroma's type for a vote.
        return Ok(super::unknown(envelope, Some("Answer"), "a vote in a poll that is not ours"));
    }
    item(envelope, object, ours)
}

/// A thing somebody publishes: a reply when it answers something.
pub(super) fn item(
    envelope: &Envelope,
    object: IdOrObject<'_>,
    ours: &Addresses,
) -> Result<Incoming, Refused> {
    let map = map_of(object)?;
    if matches!(envelope::kind(map)?, "Event" | "Article")
        && let Some(forwarded) = super::answers::of_another(envelope, map)?
    {
        return Ok(forwarded);
    }
    let item = ForeignItem::read(map, &envelope.actor, &envelope.audience, ours)?;
    Ok(match reply(item) {
        Ok(reply) => Incoming::Reply(reply),
        Err(item) => Incoming::Item(item),
    })
}

/// A change of a thing. Which of its author's things, and whether it is newer, is looked up above.
pub(super) fn edit(
    envelope: &Envelope,
    object: IdOrObject<'_>,
    ours: &Addresses,
) -> Result<Incoming, Refused> {
    let map = map_of(object)?;
    if matches!(envelope::kind(map)?, "Event" | "Article")
        && let Some(forwarded) = super::answers::of_another(envelope, map)?
    {
        return Ok(forwarded);
    }
    let item = ForeignItem::read(map, &envelope.actor, &envelope.audience, ours)?;
    Ok(Incoming::UpdateObject(Box::new(item)))
}

/// A change of a profile; only an actor itself can make one.
pub(super) fn profile(envelope: &Envelope, object: IdOrObject<'_>) -> Result<Incoming, Refused> {
    let actor = ActorRead::read(map_of(object)?)?;
    if actor.id == envelope.actor {
        Ok(Incoming::UpdateActor(Box::new(actor)))
    } else {
        Err(Refused::NotTheirs("object"))
    }
}

/// A vote has a name, answers a thing of ours and is for us alone. It may have content (snac sends a line
/// break), and its id may carry a fragment, so that it can never be fetched.
fn vote(
    envelope: &Envelope,
    map: &Map<String, Value>,
    question: Url,
    ours: &Addresses,
) -> Result<Option<Vote>, Refused> {
    let (Some(option), _) = shapes::text_in(map, "name") else {
        return Ok(None);
    };
    limits::at_most("name", option.len(), limits::NAME)?;
    let audience = foreign::audience(map, &envelope.audience)?;
    let for_us =
        audience.everyone().all(|recipient| Url::parse(recipient).is_ok_and(|url| ours.is_ours(&url)));
    if audience.reach(&envelope.actor) != Reach::Direct || !for_us {
        return Ok(None);
    }
    let (content, _) = shapes::text_in(map, "content");
    let says_more = content.is_some_and(|content| !html::words(content).is_empty());
    let as_item =
        says_more.then(|| ForeignItem::read(map, &envelope.actor, &envelope.audience, ours).ok()).flatten();
    Ok(Some(Vote {
        question,
        option: option.to_owned(),
        id: envelope::id(map, "object.id", &envelope.actor)?,
        actor: envelope.actor.clone(),
        reply: as_item.and_then(|item| reply(item).ok()),
    }))
}

fn reply(item: ForeignItem) -> Result<Box<Reply>, Box<ForeignItem>> {
    match item.in_reply_to.clone() {
        Some(in_reply_to) => Ok(Box::new(Reply {
            uri: item.uri.clone(),
            actor: item.author.clone(),
            in_reply_to,
            said: item.said.clone(),
            item: Box::new(item),
        })),
        None => Err(Box::new(item)),
    }
}
