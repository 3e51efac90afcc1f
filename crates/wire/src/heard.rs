//! What others publish as the noun it is here: a call of another Folkmoot is a call, an event of Mobilizon, Gancio,
//! `WordPress` or gathio is an event, anything else is news.
//!
//! Own terms are read first, then those that others use for the same. Whatever cannot be read as more is news, and
//! nothing here refuses. Start at [`noun`].

use folkmoot_domain::{
    Moment,
    calls::{CallState, HelpKind},
    causes,
    events::EventState,
    heard::{Heard, HeardNeed, HeardNoun},
    items::AnotherDay,
    moments::{DAY, HOUR},
    places::{Coarseness, Place},
    projects::ProjectState,
};
use serde_json::{Map, Value};
use url::Url;

use crate::{
    context::{CIV, own_term},
    envelope,
    foreign::{EventFacts, ForeignItem, ForeignKind},
    html, origins, posts_head, shapes,
};

/// Longest title, in characters; more is cut.
const TITLE: usize = 200;
/// More hashtags than this are no causes.
const CAUSES: usize = 10;
/// More needs than this nobody reads.
const NEEDS: usize = 10;
/// How long an event lasts that does not say so.
const LASTS: i64 = HOUR;
/// How long a call stands that does not say so.
const STANDS: i64 = 90 * DAY;

impl ForeignItem {
    /// It as something that can be kept here. `now` stands in where it does not say when it was published.
    pub fn heard(&self, now: Moment) -> Heard {
        let said = &self.said;
        let title = self.heading();
        let html = posts_head::without_title(&said.html, &title);
        Heard {
            uri: self.uri.clone(),
            page: said.page.clone(),
            title,
            html,
            language: said.language.clone(),
            place: self.place.clone(),
            causes: causes_of(&said.hashtags),
            published: said.published.unwrap_or(now),
            edited: said.updated.filter(|at| said.published.is_none_or(|published| *at > published)),
            reach: said.reach,
            carriable: self.carriable,
            noun: self.noun.clone(),
        }
    }

    /// Its title; what is no news has one, if need be its first words.
    fn heading(&self) -> String {
        if let Some(title) = &self.title {
            return cut(title);
        }
        if matches!(self.noun, HeardNoun::Update { .. }) {
            return String::new();
        }
        let words = self.said.summary.clone().unwrap_or_else(|| html::words(&self.said.html));
        let first = cut(&words);
        if first.is_empty() { self.uri.host_str().unwrap_or_default().to_owned() } else { first }
    }
}

fn cut(text: &str) -> String {
    let text = html::one_line(text);
    if text.chars().count() <= TITLE {
        return text;
    }
    let short: String = text.chars().take(TITLE - 1).collect();
    format!("{}\u{2026}", short.trim_end())
}

fn causes_of(hashtags: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for tag in hashtags.iter().filter_map(|tag| causes::tag(tag).ok()) {
        if found.len() < CAUSES && !found.iter().any(|known| causes::key(known) == causes::key(&tag)) {
            found.push(tag);
        }
    }
    found
}

/// What it is, by its own word for it, then by its type.
pub(crate) fn noun(map: &Map<String, Value>, kind: ForeignKind, event: Option<&EventFacts>) -> HeardNoun {
    let own = shapes::text(map, "civ:kind").map(own_term);
    let own = own.as_deref().and_then(|term| term.strip_prefix(CIV));
    let asks = shapes::text(map, "purpose").is_some_and(|purpose| purpose == "request");
    match own {
        Some("Project") => project(map),
        Some("Call") => call(map, kind).unwrap_or_else(|| news(map)),
        None if asks => call(map, kind).unwrap_or_else(|| news(map)),
        _ => event.and_then(|facts| occasion(map, facts)).unwrap_or_else(|| news(map)),
    }
}

/// News, about what it answers.
fn news(map: &Map<String, Value>) -> HeardNoun {
    let answered = crate::foreign::in_reply_to(map).ok().flatten();
    HeardNoun::Update { about: answered.or_else(|| address(map, "civ:about")) }
}

fn project(map: &Map<String, Value>) -> HeardNoun {
    let state = match shapes::text(map, "civ:state") {
        Some("idea") => ProjectState::Idea,
        Some("another-day") => ProjectState::AnotherDay(another_day(map)),
        Some("done") => ProjectState::Done { outcome: words(map, "civ:outcome", 2_000), at: since(map) },
        _ => ProjectState::Active,
    };
    HeardNoun::Project { need: words(map, "civ:need", 300), state, parent: address(map, "civ:adoptedFrom") }
}

/// A call asks for something, or it is none.
fn call(map: &Map<String, Value>, kind: ForeignKind) -> Option<HeardNoun> {
    let needs = needs(map);
    if needs.is_empty() {
        return None;
    }
    let published = shapes::moment(map, "published");
    let closes = ["civ:closes", "endTime", "validUntil"].into_iter().find_map(|key| shapes::moment(map, key));
    let closes = closes.or_else(|| published.map(|at| at.plus(STANDS)))?;
    let (reason, at) = (words(map, "civ:reason", 300), since(map));
    let state = match shapes::text(map, "civ:state") {
        Some("filled") => CallState::Filled,
        Some("another-day") => CallState::AnotherDay(another_day(map)),
        Some("cancelled") => CallState::Cancelled { reason, at },
        Some("closed") => CallState::Closed {
            outcome: words(map, "civ:outcome", 2_000),
            thanks: words(map, "civ:thanks", 2_000),
            at,
        },
        _ => CallState::Open,
    };
    Some(HeardNoun::Call {
        why: words(map, "civ:why", 300),
        closes,
        one_tap: kind == ForeignKind::Question,
        needs,
        state,
        ended: shapes::moment(map, "closed"),
        voters: count(map.get("votersCount")),
        project: address(map, "civ:project"),
    })
}

/// What a call asks for: several intents, or the one it publishes (FEP-0837).
fn needs(map: &Map<String, Value>) -> Vec<HeardNeed> {
    let several = shapes::many(map.get("civ:needs"));
    let intents = if several.is_empty() { shapes::many(map.get("publishes")) } else { several };
    let title = shapes::text(map, "civ:name").or_else(|| shapes::text(map, "name"));
    let mut found: Vec<HeardNeed> = Vec::new();
    for intent in intents.iter().filter_map(Value::as_object).take(NEEDS) {
        let need = need(map, intent, title);
        if !found.iter().any(|known| known.label.eq_ignore_ascii_case(&need.label)) {
            found.push(need);
        }
    }
    found
}

fn need(map: &Map<String, Value>, intent: &Map<String, Value>, title: Option<&str>) -> HeardNeed {
    let conforms = shapes::text(intent, "resourceConformsTo").map(own_term);
    let own = conforms.as_deref().and_then(|term| term.strip_prefix(CIV)).map(str::to_lowercase);
    let gives = shapes::text(intent, "action").is_some_and(|action| action.ends_with("transfer"));
    let by_action = if gives { HelpKind::Thing } else { HelpKind::Time };
    let kind = own.as_deref().and_then(HelpKind::parse).unwrap_or(by_action);
    let label =
        shapes::text(intent, "name").or(title).map_or_else(|| kind.offer().to_owned(), html::one_line);
    let label: String = label.chars().take(50).collect();
    let amount = |key: &str| {
        let number = intent.get(key)?.get("hasNumericalValue")?;
        let number = number.as_f64().or_else(|| number.as_str()?.trim().parse().ok())?;
        whole(number)
    };
    let wanted = amount("resourceQuantity").filter(|wanted| *wanted > 0);
    let left = amount("availableQuantity").or(wanted);
    let taken = wanted.zip(left).map_or(0, |(wanted, left)| i64::from((wanted - left).max(0)));
    HeardNeed { votes: votes(map, &label), kind, label, wanted, taken }
}

/// How many ticked the option of this name.
fn votes(map: &Map<String, Value>, label: &str) -> i64 {
    let options = ["anyOf", "oneOf"].into_iter().flat_map(|key| shapes::many(map.get(key)));
    let option = options.into_iter().find(|option| {
        option.get("name").and_then(Value::as_str).map(html::one_line).as_deref() == Some(label)
    });
    count(option.and_then(|option| option.get("replies")?.get("totalItems")))
}

/// Something at a time; without one it is news.
fn occasion(map: &Map<String, Value>, facts: &EventFacts) -> Option<HeardNoun> {
    let starts = facts.starts?;
    let ends = facts.ends.filter(|ends| *ends > starts).unwrap_or_else(|| starts.plus(LASTS));
    let state = if facts.cancelled {
        EventState::Cancelled { reason: words(map, "civ:reason", 300), at: since(map) }
    } else {
        EventState::Planned
    };
    let coming = map.get("attendees").and_then(|attendees| attendees.get("totalItems"));
    Some(HeardNoun::Event {
        starts,
        ends,
        zone: facts.zone.clone().unwrap_or_else(|| "UTC".to_owned()),
        capacity: map
            .get("maximumAttendeeCapacity")
            .and_then(Value::as_f64)
            .and_then(whole)
            .filter(|capacity| *capacity > 0),
        online: online(map),
        state,
        project: address(map, "civ:project"),
        going: count(map.get("participantCount").filter(|known| known.is_number()).or(coming)),
    })
}

/// Where to join from afar: what `PieFed` and we say, a `VirtualLocation` (FEP-8a8e), or the website of an online event
/// of Mobilizon.
fn online(map: &Map<String, Value>) -> Option<Url> {
    let afar = |place: &&Value| place.get("type").and_then(Value::as_str) == Some("VirtualLocation");
    let virtually = shapes::many(map.get("location")).iter().find(afar).and_then(shapes::href_of);
    let is_online = map.get("isOnline").and_then(Value::as_bool).unwrap_or_default();
    let website = shapes::many(map.get("attachment"))
        .iter()
        .filter(|_| is_online)
        .find(|link| link.get("type").and_then(Value::as_str) == Some("Link"))
        .and_then(shapes::href_of);
    shapes::text(map, "onlineLink").or(virtually).or(website).and_then(origins::link)
}

/// Where it is: the name, and the street and town where they are not part of it.
pub(crate) fn place(map: &Map<String, Value>) -> Option<Place> {
    let place = shapes::many(map.get("location"))
        .iter()
        .find(|place| place.get("type").and_then(Value::as_str) != Some("VirtualLocation"))?;
    let mut parts: Vec<String> = Vec::new();
    let named = place.as_str().or_else(|| place.get("name")?.as_str());
    let address = place.get("address");
    let said = address.and_then(Value::as_str);
    let of = |key: &str| address.and_then(|address| address.get(key)?.as_str());
    for part in [named, said, of("streetAddress"), of("addressLocality")].into_iter().flatten() {
        let part = html::one_line(part);
        if !part.is_empty() && !parts.iter().any(|known| known.contains(&part)) {
            parts.push(part);
        }
    }
    let name: String = parts.join(", ").chars().take(200).collect();
    let degrees = |key: &str| place.get(key).and_then(Value::as_f64);
    let point = degrees("latitude").zip(degrees("longitude"));
    let point = point.filter(|(north, east)| north.abs() <= 90.0 && east.abs() <= 180.0);
    Place::parse(&name, point, Coarseness::Exact).ok()
}

/// May others pass it on? `canAnnounce` that leaves out the public says no; where there is none, yes.
pub(crate) fn carriable(map: &Map<String, Value>) -> bool {
    let Some(policy) = map.get("interactionPolicy").and_then(|policy| policy.get("canAnnounce")) else {
        return true;
    };
    ["automaticApproval", "always"]
        .into_iter()
        .flat_map(|key| shapes::many(policy.get(key)))
        .filter_map(Value::as_str)
        .any(|who| shapes::recipient(who) == shapes::PUBLIC)
}

/// What it quotes (FEP-044f, and how it was said before).
pub(crate) fn quoted(map: &Map<String, Value>) -> Option<Url> {
    let quote = ["quote", "quoteUri", "quoteUrl", "_misskey_quote"];
    quote.into_iter().find_map(|key| address(map, key))
}

fn address(map: &Map<String, Value>, key: &'static str) -> Option<Url> {
    envelope::thing(map.get(key)).id().and_then(|id| origins::fetchable(key, id).ok())
}

fn words(map: &Map<String, Value>, key: &str, most: usize) -> String {
    let text = shapes::text(map, key).unwrap_or_default();
    html::calm(text)
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .take(most)
        .collect::<String>()
        .trim()
        .to_owned()
}

fn another_day(map: &Map<String, Value>) -> AnotherDay {
    AnotherDay { reason: words(map, "civ:reason", 300), wake: shapes::moment(map, "civ:wake") }
}

/// Since when it is as it is: its last change.
fn since(map: &Map<String, Value>) -> Moment {
    ["closed", "updated", "published"]
        .into_iter()
        .find_map(|key| shapes::moment(map, key))
        .unwrap_or(Moment(0))
}

fn count(value: Option<&Value>) -> i64 {
    value.and_then(Value::as_i64).unwrap_or_default().clamp(0, i64::from(i32::MAX))
}

#[expect(clippy::cast_possible_truncation, reason = "it is within the bounds")]
fn whole(number: f64) -> Option<i32> {
    (number.fract() == 0.0 && (0.0..=1_000_000.0).contains(&number)).then_some(number as i32)
}

#[cfg(test)]
mod tests;
