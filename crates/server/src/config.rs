//! The configuration: one struct, read from a TOML file and the environment.
//!
//! The doc comments are the reference: `config/default.toml` is made from them. Nothing below `main` reads the
//! environment by itself; what is needed further down is handed on as values. Every key has a reader, and a relaxed
//! guard is always said aloud by [`Config::relaxations`]. Start at [`Config::load`].

mod environment;
mod error;
mod reference;
mod sections;
mod starting;
#[cfg(test)]
mod tests;
mod values;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reading::{Document, Places, Problem};

pub use error::ConfigError;
pub use sections::{Contact, Database, Federation, Files, Keeping, Keys, Limits, Log, LogFormat, Mail, Map};
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
