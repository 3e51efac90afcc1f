//! The configuration: one struct, read from a TOML file and the environment.
//!
//! The doc comments are the reference: `config/default.toml` is made from them. Nothing below `main` reads the
//! environment by itself; what is needed further down is handed on as values. Every key has a reader, and a relaxed
//! guard is always said aloud by [`Config::relaxations`]. Start at [`Config::load`].

mod environment;
mod error;
mod reference;
mod starting;
#[cfg(test)]
mod tests;
mod values;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reading::{Document, Places, Problem};

pub use error::ConfigError;
pub use starting::StartingFile;
pub use values::{AddressRange, BaseUrl, DatabaseUrl, LogLevels, MailServer};

/// Everything that the operator decides.
///
/// `Serialize` never shows the password of the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address of this place, as people and other servers see it. Every id is made from it, so it cannot change
    /// once an association has been founded. It must be https on the usual port, unless the host ends in `.localhost`.
    #[schemars(example = &"https://hyde.example")]
    pub base_url: BaseUrl,

    /// The name of this place, shown on every page and told to other servers.
    #[schemars(length(min = 1), example = &"Hyde Park, Leeds")]
    pub name: String,

    /// Where the server waits for requests. A web server in front of it holds the certificate and passes requests on,
    /// with the Host header as it came.
    #[serde(default = "default_listen", deserialize_with = "values::socket_address")]
    pub listen: SocketAddr,

    /// The web servers in front, as addresses or ranges. Only from these is `X-Forwarded-For` believed; whoever else
    /// sends it is counted under their own address.
    #[serde(default = "default_trusted_proxies")]
    pub trusted_proxies: Vec<AddressRange>,

    /// Where everything is kept.
    #[serde(default)]
    pub database: Database,

    /// The key that seals the private keys of actors in the database.
    #[serde(default)]
    pub keys: Keys,

    /// The pictures that people bring.
    #[serde(default)]
    pub files: Files,

    /// Whom to write to about this place. Shown on the page about it.
    pub contact: Contact,

    /// How letters go out: links to sign in, receipts, what waits on the desk.
    #[serde(default)]
    pub mail: Mail,

    /// The map.
    #[serde(default)]
    pub map: Map,

    /// How this server talks to others.
    #[serde(default)]
    pub federation: Federation,

    /// What is too much.
    #[serde(default)]
    pub limits: Limits,

    /// How long what came in is kept after it has been dealt with.
    #[serde(default)]
    pub keeping: Keeping,

    /// What the server tells about its own work, on standard error.
    #[serde(default)]
    pub log: Log,
}

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

    /// Files in PEM form with certificate authorities to trust beside the public ones. Relative paths start at the folder
    /// of this file.
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
    /// The largest request that is read, in bytes.
    #[schemars(range(min = 16_384, max = 16_777_216))]
    pub body_bytes: u32,

    /// How long one request may take, in seconds, from its first byte to the answer.
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

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

/// A web server on the same machine.
fn default_trusted_proxies() -> Vec<AddressRange> {
    vec![
        AddressRange::new([127, 0, 0, 0].into(), 8),
        AddressRange::new(std::net::Ipv6Addr::LOCALHOST.into(), 128),
    ]
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

impl Config {
    /// Reads the file, if there is one, and then the environment, which wins. Relative paths in the result start at
    /// the folder of the file.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let text = match file {
            None => String::new(),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|cause| ConfigError::Unreadable { file: path.to_owned(), cause })?,
        };
        let mut config = Self::read(&text, environment)
            .map_err(|problems| ConfigError::Wrong { file: file.map(Path::to_owned), problems })?;
        if let Some(folder) = file.and_then(Path::parent) {
            config.start_paths_at(folder);
        }
        Ok(config)
    }

    /// The same from text; relative paths stay as they are.
    pub fn read(
        text: &str,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Vec<Problem>> {
        let mut document = Document::parse(text, 0).map_err(|problem| vec![problem])?;
        let mut problems = environment::write_over(&mut document, environment);
        match document.read::<Self>() {
            Err(more) => problems.extend(more),
            Ok((config, places)) => {
                problems.extend(config.hosts_out_of_place(&places));
                if problems.is_empty() {
                    return Ok(config);
                }
            }
        }
        Err(problems)
    }

    /// `config/default.toml`: every key with what it means, its default and its environment variable.
    pub fn reference() -> String {
        reference::write()
    }

    /// The configuration in force as TOML, without the password of the database.
    pub fn show(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }

    /// One sentence for each guard that is relaxed, to be said at every start and by `folkmoot check`.
    pub fn relaxations(&self) -> Vec<String> {
        let mut said = Vec::new();
        let ranges =
            |ranges: &[AddressRange]| ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        if !self.base_url.is_https() {
            said.push(format!(
                "Nothing is encrypted, since base_url is {}: for trying out on this machine only.",
                self.base_url
            ));
        }
        if !self.federation.allow_addresses.is_empty() {
            let ranges = ranges(&self.federation.allow_addresses);
            said.push(format!("Strangers can make this server connect to the private addresses {ranges} (federation.allow_addresses)."));
        }
        for file in &self.federation.extra_certificates {
            let file = file.display();
            said.push(format!(
                "Certificates signed by {file} are trusted like public ones (federation.extra_certificates)."
            ));
        }
        for (host, address) in &self.federation.hosts {
            said.push(format!("The host {host} is always looked for at {address} (federation.hosts)."));
        }
        let anyone: Vec<_> =
            self.trusted_proxies.iter().filter(|range| range.is_everything()).copied().collect();
        if !anyone.is_empty() {
            said.push(format!(
                "Anyone can claim to come from any address, since trusted_proxies has {}.",
                ranges(&anyone)
            ));
        }
        said
    }

    /// A map of hosts on a public server would send its deliveries astray.
    fn hosts_out_of_place(&self, places: &Places) -> Option<Problem> {
        (!self.federation.hosts.is_empty() && !self.base_url.is_localhost()).then(|| {
            let sentence = format!(
                "is only for trying out: it needs a base_url whose host ends in .localhost, and base_url is {}",
                self.base_url
            );
            Problem::value(places.of("federation.hosts"), "federation.hosts", sentence)
        })
    }

    fn start_paths_at(&mut self, folder: &Path) {
        let start = |path: &mut PathBuf| *path = folder.join(&path);
        if let DatabaseUrl::Sqlite(path) = &mut self.database.url {
            start(path);
        }
        start(&mut self.keys.file);
        start(&mut self.files.folder);
        self.federation.extra_certificates.iter_mut().for_each(start);
    }
}
