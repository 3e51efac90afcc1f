//! The sections of the configuration, each with its keys and their defaults.
//!
//! The doc comments here are the reference that operators read.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{self, AddressRange, DatabaseUrl, LogLevels, MailServer};

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite://` and the path of a file (three slashes when the path is absolute), or
    /// `postgres://user:password@host/database`. A relative path starts at the folder of this file.
    pub url: DatabaseUrl,
}

/// The key that seals the private keys of actors in the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// The file with the sealing key. It is made on first use, readable by its owner alone. Keep a copy of it apart from
    /// the copies of the database: without it nothing can be signed any more. A relative path starts at the folder of
    /// this file.
    pub file: PathBuf,
}

/// The pictures that people bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// The folder they are in. It belongs into the copies that you make of the database. A relative path starts at the
    /// folder of this file.
    pub folder: PathBuf,
}

/// How letters go out: links to sign in, receipts, what waits on the desk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The mail server that takes them: `smtps://user:password@mail.example` (TLS from the start, port 465) or
    /// `smtp://user:password@mail.example:587` (TLS by STARTTLS, which is required unless the server is on this machine).
    /// Without it letters are kept; where `base_url` ends in `.localhost` the page `/mail` shows them.
    #[schemars(example = &"smtps://folkmoot:secret@mail.example")]
    pub server: Option<MailServer>,

    /// The address that letters come from. When it is left out, it is that of the contact.
    #[schemars(example = &"notices@hyde.example")]
    pub from: Option<String>,
}

/// The map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Map {
    /// Where the map's tiles come from, with `{z}`, `{x}` and `{y}` in the address. Readers' browsers ask there, and for
    /// nothing else anywhere. Without it, markers stand on a plain ground.
    #[schemars(example = &"https://tiles.example/{z}/{x}/{y}.png")]
    pub tiles: Option<String>,

    /// Who made the tiles, as their licence asks; shown on the map.
    pub credit: String,
}

/// Whom to write to about this place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Who looks after this place.
    #[schemars(length(min = 1), example = &"Ruth Okafor")]
    pub name: String,

    /// Where mail about this place goes. It is public.
    #[schemars(length(min = 1), example = &"ruth@hyde.example")]
    pub email: String,
}

/// How this server talks to others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Federation {
    /// How many deliveries to other servers are under way at the same time.
    #[schemars(range(min = 1, max = 1024))]
    pub delivery_workers: u16,

    /// How many of them go to one and the same server.
    #[schemars(range(min = 1, max = 64))]
    pub per_host: u16,

    /// Private address ranges that this server may connect to all the same, such as `["10.7.0.0/16"]`. Whoever can make
    /// this server fetch an address can reach what is in them; leave it empty on the open internet.
    #[schemars(extend("x-only-in-file" = true))]
    pub allow_addresses: Vec<AddressRange>,

    /// Files in PEM form with certificate authorities to trust beside the public ones, for other servers and for the mail
    /// server. Relative paths start at the folder of this file.
    #[schemars(extend("x-only-in-file" = true))]
    pub extra_certificates: Vec<PathBuf>,

    /// For trying out several servers on one machine: the address behind a host name, such as
    /// `{ "holbeck.localhost" = "127.0.0.1:8082" }`. Accepted only when the host of `base_url` ends in `.localhost`.
    #[serde(deserialize_with = "values::hosts")]
    #[schemars(extend("x-only-in-file" = true))]
    pub hosts: BTreeMap<String, SocketAddr>,
}

/// What is too much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The largest request that is read, in bytes. Only the form that takes a picture may be larger, up to 16 MB.
    #[schemars(range(min = 16_384, max = 16_777_216))]
    pub body_bytes: u32,

    /// How long one request may take, in seconds, from its first byte to the answer. A picture may take three minutes.
    #[schemars(range(min = 1, max = 600))]
    pub request_seconds: u16,

    /// How many activities one domain may send in a minute before it is asked to wait.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub inbox_per_minute: u32,

    /// How many forms one address may send in a minute before it is asked to wait. Addresses of IPv6 that share their
    /// first 64 bits count as one.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub forms_per_minute: u32,
}

/// How long what came in is kept after it has been dealt with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Keeping {
    /// Activities from other servers, understood or not, in days. Within this time a repetition is recognised and has no
    /// second effect.
    #[schemars(range(min = 1, max = 365))]
    pub arrivals_days: u16,
}

/// What the server tells about its own work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// How much: off, error, warn, info, debug or trace. Parts may differ: `info,folkmoot_federation=debug`.
    pub level: LogLevels,

    /// `text` for people, `json` for programs, one object a line.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: DatabaseUrl::Sqlite("folkmoot.sqlite".into()) }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self { file: "folkmoot.key".into() }
    }
}

impl Default for Files {
    fn default() -> Self {
        Self { folder: "folkmoot-files".into() }
    }
}

impl Default for Map {
    fn default() -> Self {
        Self { tiles: None, credit: "\u{a9} OpenStreetMap contributors".to_owned() }
    }
}

impl Default for Federation {
    fn default() -> Self {
        Self {
            delivery_workers: 64,
            per_host: 4,
            allow_addresses: Vec::new(),
            extra_certificates: Vec::new(),
            hosts: BTreeMap::new(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 1_048_576, request_seconds: 30, inbox_per_minute: 3_000, forms_per_minute: 60 }
    }
}

impl Default for Keeping {
    fn default() -> Self {
        Self { arrivals_days: 30 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: LogLevels::default(), format: LogFormat::Text }
    }
}
