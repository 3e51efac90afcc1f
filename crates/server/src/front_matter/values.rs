//! Values in front matter that are more than text: dates, time zones, names of items.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error as _};
use url::Url;
use uuid::Uuid;

/// A day and a time of day: on the clocks of the place, or exactly, with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub enum When {
    /// On the clocks of the place: `2027-03-20T18:00`.
    Local(DateTime),
    /// With an offset: `2027-03-20T18:00Z`.
    Exact(Timestamp),
}

impl When {
    /// The point in time, read on the clocks of this zone. An hour that the clocks skip in spring is the one after; of
    /// an hour that comes twice in autumn it is the first.
    pub fn in_zone(self, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
        match self {
            Self::Exact(timestamp) => Ok(timestamp),
            Self::Local(local) => zone.to_timestamp(local),
        }
    }
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(timestamp) = text.parse() {
            return Ok(Self::Exact(timestamp));
        }
        // jiff reads a day alone as midnight; whoever writes only the day has not said when.
        match text.parse() {
            Ok(local) if text.contains(':') => Ok(Self::Local(local)),
            _ => Err(format!("must be a day and a time, such as 2027-03-20T18:00, not {text}")),
        }
    }
}

impl TryFrom<String> for When {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A time zone by its IANA name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.0
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("Etc/UTC")
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        TimeZone::get(text.trim())
            .map(Self)
            .map_err(|_| format!("must be a time zone such as Europe/London, not \"{text}\""))
    }
}

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// How people name something published: by its id, or by the address of its page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub enum ItemName {
    /// Its id.
    Id(Uuid),
    /// An address.
    Address(Url),
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Address(url) => url.fmt(f),
        }
    }
}

impl FromStr for ItemName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        match text.parse::<Url>() {
            Ok(url) if matches!(url.scheme(), "https" | "http") => Ok(Self::Address(url)),
            _ => Err(format!(
                "must be an id, or the address of a page such as https://hyde.example/calls/\u{2026}, not \"{text}\""
            )),
        }
    }
}

impl TryFrom<String> for ItemName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// An address on the web, when there is one.
pub fn web_address<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    let text = String::deserialize(from)?;
    match text.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "https" | "http") => Ok(Some(url)),
        _ => Err(D::Error::custom(format!(
            "must be an address such as https://meet.example/trees, not \"{text}\""
        ))),
    }
}
