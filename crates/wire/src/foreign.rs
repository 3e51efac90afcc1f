//! What others publish, as plain facts: notes, polls, articles, pages and events of any program.
//!
//! One reading for something that was pushed to us and for something we fetched. Its author must be who
//! says it, and it must live where its author lives. `url` is a page to link to, never an identity.

use folkmoot_domain::{
    Moment, addresses::Addresses, audiences::Reach, heard::HeardNoun, places::Place, text::Language,
};
use serde_json::{Map, Value};
use url::Url;

use crate::{
    Refused,
    envelope::{self, Audience, IdOrObject},
    heard, html, limits, origins, shapes,
};

/// What kind of thing somebody else published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignKind {
    /// A post.
    Note,
    /// A post with a poll.
    Question,
    /// A long post.
    Article,
    /// A page or a link, as forums send them.
    Page,
    /// Something at a time and place.
    Event,
    /// A recording or a picture with words.
    Media,
    /// An ask or an offer (FEP-0837).
    Proposal,
}

impl ForeignKind {
    /// Reads the type; none for what we do not read.
    pub fn parse(kind: &str) -> Option<Self> {
        Some(match kind {
            "Note" => Self::Note,
            "Question" => Self::Question,
            "Article" => Self::Article,
            "Page" => Self::Page,
            "Event" => Self::Event,
            "Proposal" => Self::Proposal,
            "Video" | "Audio" | "Image" | "Document" => Self::Media,
            _ => return None,
        })
    }
}

/// Something that somebody else published.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignItem {
    /// Its ActivityPub id, which can be fetched.
    pub uri: Url,
    /// What it is.
    pub kind: ForeignKind,
    /// Who published it; of the same origin.
    pub author: Url,
    /// What it answers.
    pub in_reply_to: Option<Url>,
    /// Its title, plain text.
    pub title: Option<String>,
    /// When and where, of an event.
    pub event: Option<EventFacts>,
    /// What it says.
    pub said: Said,
    /// What it is here.
    pub noun: HeardNoun,
    /// Where it is.
    pub place: Option<Place>,
    /// May others pass it on?
    pub carriable: bool,
    /// What it quotes.
    pub quotes: Option<Url>,
}

/// What every kind of post says.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The text, safe HTML.
    pub html: String,
    /// A content warning or a summary, plain text.
    pub summary: Option<String>,
    /// The language, where the author says it.
    pub language: Option<Language>,
    /// How far it reaches.
    pub reach: Reach,
    /// Addresses of this instance that it is sent to or mentions.
    pub ours: Vec<Url>,
    /// Everybody it mentions.
    pub mentions: Vec<Url>,
    /// Its hashtags, without `#`.
    pub hashtags: Vec<String>,
    /// The page to link to, of the same origin; the id where there is none.
    pub page: Url,
    /// When it was published, as its author claims.
    pub published: Option<Moment>,
    /// When it was last changed, as its author claims.
    pub updated: Option<Moment>,
}

/// When and where an event is.
#[derive(Debug, Clone, PartialEq)]
pub struct EventFacts {
    /// When it begins.
    pub starts: Option<Moment>,
    /// When it ends.
    pub ends: Option<Moment>,
    /// The IANA time zone, as its author claims.
    pub zone: Option<String>,
    /// The name of the place.
    pub place: Option<String>,
    /// Degrees north and east.
    pub point: Option<(f64, f64)>,
    /// Called off?
    pub cancelled: bool,
}

impl ForeignItem {
    /// Reads a document that was fetched from `from`: its id must be that address (FEP-fe34), and it must
    /// name its author.
    pub fn fetched(document: &Value, from: &Url, ours: &Addresses) -> Result<Self, Refused> {
        let map = document.as_object().ok_or(Refused::NotAnObject)?;
        crate::context::must_not_redefine(map)?;
        let author = envelope::person(map, "attributedTo")?.ok_or(Refused::Missing("attributedTo"))?;
        let item = Self::read(map, &author, &Audience::default(), ours)?;
        if &item.uri == from { Ok(item) } else { Err(Refused::Malformed("id")) }
    }

    /// Reads a thing that its author says or said. `fallback` is the audience of the activity it came in.
    pub(crate) fn read(
        map: &Map<String, Value>,
        author: &Url,
        fallback: &Audience,
        ours: &Addresses,
    ) -> Result<Self, Refused> {
        let kind = envelope::kind(map)?;
        let kind =
            ForeignKind::parse(kind).ok_or_else(|| Refused::NotRead(kind.chars().take(40).collect()))?;
        must_be_by(map, author)?;
        let id = map.get("id").and_then(Value::as_str).ok_or(Refused::Missing("object.id"))?;
        let uri = origins::fetchable("object.id", id)?;
        origins::belongs("object.id", &uri, author)?;
        let said = Said::read(map, &uri, author, fallback, ours)?;
        let event = (kind == ForeignKind::Event).then(|| EventFacts::read(map));
        Ok(Self {
            kind,
            author: author.clone(),
            in_reply_to: in_reply_to(map)?,
            title: title(map)?,
            noun: heard::noun(map, kind, event.as_ref()),
            place: heard::place(map),
            carriable: heard::carriable(map),
            quotes: heard::quoted(map),
            event,
            said,
            uri,
        })
    }
}

impl Said {
    fn read(
        map: &Map<String, Value>,
        uri: &Url,
        author: &Url,
        fallback: &Audience,
        ours: &Addresses,
    ) -> Result<Self, Refused> {
        let (content, tag) = shapes::text_in(map, "content");
        let content = content.unwrap_or_default();
        limits::at_most("content", content.len(), limits::CONTENT)?;
        let (summary, _) = shapes::text_in(map, "summary");
        limits::at_most("summary", summary.unwrap_or_default().len(), limits::SUMMARY)?;
        limits::at_most("attachment", shapes::many(map.get("attachment")).len(), limits::ATTACHMENTS)?;
        let audience = audience(map, fallback)?;
        let (mentions, hashtags) = tags(map)?;
        Ok(Self {
            html: if is_html(map) { html::safe(content) } else { html::as_typed(content) },
            summary: summary.map(html::words).filter(|text| !text.is_empty()),
            language: tag.or_else(|| language(map)).and_then(|tag| Language::parse(tag).ok()),
            reach: audience.reach(author),
            ours: addressed_here(&audience, &mentions, ours),
            mentions,
            hashtags,
            page: page(map, uri),
            published: shapes::moment(map, "published"),
            updated: shapes::moment(map, "updated"),
        })
    }
}

impl EventFacts {
    fn read(map: &Map<String, Value>) -> Self {
        let place = shapes::many(map.get("location")).first();
        let degrees = |key| place.and_then(|place| place.get(key)).and_then(Value::as_f64);
        let point = degrees("latitude").zip(degrees("longitude"));
        let status =
            ["status", "ical:status", "eventStatus"].into_iter().find_map(|key| shapes::text(map, key));
        Self {
            starts: shapes::moment(map, "startTime"),
            ends: shapes::moment(map, "endTime"),
            zone: shapes::text(map, "timezone")
                .filter(|zone| jiff::tz::TimeZone::get(zone).is_ok())
                .map(str::to_owned),
            place: place
                .and_then(|place| place.as_str().or_else(|| place.get("name")?.as_str()))
                .map(|name| html::one_line(name).chars().take(200).collect())
                .filter(|name: &String| !name.is_empty()),
            point: point.filter(|(north, east)| north.abs() <= 90.0 && east.abs() <= 180.0),
            cancelled: status.is_some_and(|status| status.to_ascii_lowercase().contains("cancel")),
        }
    }
}

/// Refuses a thing that names another author. One that names none is taken to be its sender's.
pub(crate) fn must_be_by(map: &Map<String, Value>, author: &Url) -> Result<(), Refused> {
    match envelope::person(map, "attributedTo")? {
        Some(other) if &other != author => Err(Refused::NotTheirs("attributedTo")),
        _ => Ok(()),
    }
}

/// The audience of the thing itself, or of its activity where the thing names nobody.
pub(crate) fn audience(map: &Map<String, Value>, fallback: &Audience) -> Result<Audience, Refused> {
    let own = Audience::read(map)?;
    Ok(if own.is_empty() { fallback.clone() } else { own })
}

/// What the thing answers. Anything but an address, such as an old `tag:` id, is as good as nothing.
pub(crate) fn in_reply_to(map: &Map<String, Value>) -> Result<Option<Url>, Refused> {
    match envelope::thing(map.get("inReplyTo")) {
        IdOrObject::Several(_) => Err(Refused::Several("inReplyTo")),
        thing => Ok(thing.id().and_then(|id| origins::fetchable("inReplyTo", id).ok())),
    }
}

/// The name of a thing as one line of plain text.
pub(crate) fn name(map: &Map<String, Value>) -> Result<Option<String>, Refused> {
    let (name, _) = shapes::text_in(map, "name");
    limits::at_most("name", name.unwrap_or_default().len(), limits::NAME)?;
    Ok(name.map(html::one_line).filter(|name| !name.is_empty()))
}

/// The name of a thing, or the one that posts of ours carry, which must have no `name`.
fn title(map: &Map<String, Value>) -> Result<Option<String>, Refused> {
    if let Some(name) = name(map)? {
        return Ok(Some(name));
    }
    let own = shapes::text(map, "civ:name").unwrap_or_default();
    limits::at_most("civ:name", own.len(), limits::NAME)?;
    Ok(Some(html::one_line(own)).filter(|name| !name.is_empty()))
}

/// The page of a thing: an address, a `Link` or a list of them; only one of the same origin counts.
pub(crate) fn page(map: &Map<String, Value>, uri: &Url) -> Url {
    shapes::many(map.get("url"))
        .iter()
        .filter(|link| {
            link.get("mediaType").and_then(Value::as_str).is_none_or(|kind| kind.starts_with("text/html"))
        })
        .filter_map(|link| origins::link(shapes::href_of(link)?))
        .find(|page| origins::same_origin(page, uri))
        .unwrap_or_else(|| uri.clone())
}

fn tags(map: &Map<String, Value>) -> Result<(Vec<Url>, Vec<String>), Refused> {
    let tags = shapes::many(map.get("tag"));
    limits::at_most("tag", tags.len(), limits::TAGS)?;
    let of = |kind: &str| {
        tags.iter()
            .filter(move |tag| tag.get("type").and_then(Value::as_str) == Some(kind))
            .collect::<Vec<_>>()
    };
    let mentioned = of("Mention");
    limits::at_most("tag", mentioned.len(), limits::MENTIONS)?;
    let mut mentions: Vec<Url> = Vec::new();
    for url in mentioned.iter().filter_map(|tag| origins::link(shapes::href_of(tag)?)) {
        if !mentions.contains(&url) {
            mentions.push(url);
        }
    }
    let mut hashtags: Vec<String> = Vec::new();
    for tag in of("Hashtag").iter().filter_map(|tag| tag.get("name")?.as_str()) {
        let tag = html::one_line(tag.trim_start_matches('#'));
        if (1..=100).contains(&tag.chars().count()) && !hashtags.contains(&tag) {
            hashtags.push(tag);
        }
    }
    Ok((mentions, hashtags))
}

fn addressed_here(audience: &Audience, mentions: &[Url], ours: &Addresses) -> Vec<Url> {
    let mut here: Vec<Url> = Vec::new();
    for url in audience.everyone().filter_map(origins::link).chain(mentions.iter().cloned()) {
        if ours.is_ours(&url) && !here.contains(&url) {
            here.push(url);
        }
    }
    here
}

/// `content` is HTML unless its type says otherwise (ActivityStreams, `mediaType`).
fn is_html(map: &Map<String, Value>) -> bool {
    shapes::text(map, "mediaType").is_none_or(|kind| kind.trim_start().starts_with("text/html"))
}

/// `inLanguage` of events, or the `language` that forums add.
fn language(map: &Map<String, Value>) -> Option<&str> {
    shapes::text(map, "inLanguage").or_else(|| map.get("language")?.get("identifier")?.as_str())
}
