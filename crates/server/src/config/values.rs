//! Values of the configuration that are more than text. Each is parsed once; its error ends the sentence "`key` …".

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use tracing_subscriber::filter::Targets;
use url::{Host, Url};

/// The address of this place: scheme, host and perhaps port, nothing behind them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The URL; its path is `/`.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// The host name, lower case, without port.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Is it https?
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Is it a name for this machine alone?
    pub fn is_localhost(&self) -> bool {
        self.host().ends_with(".localhost")
    }
}

impl fmt::Display for BaseUrl {
    /// Without a slash at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl From<BaseUrl> for String {
    fn from(url: BaseUrl) -> Self {
        url.to_string()
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let must = |what: &str| format!("must {what}, not \"{text}\"");
        let url = Url::parse(text.trim()).map_err(|_| must("be an address such as https://hyde.example"))?;
        let Some(Host::Domain(host)) = url.host() else {
            return Err(must("have a name for a host, such as https://hyde.example"));
        };
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(must("end after the host, such as https://hyde.example"));
        }
        if host.ends_with(".localhost") {
            return if matches!(url.scheme(), "https" | "http") {
                Ok(Self(url))
            } else {
                Err(must("begin with http:// or https://"))
            };
        }
        if url.scheme() != "https" {
            return Err(must("begin with https:// (http:// is only for hosts that end in .localhost)"));
        }
        // Other servers call on the usual port alone, as ours does.
        if url.port().is_some() {
            return Err(must("have no port: other servers will only call at 443"));
        }
        if !host.contains('.') {
            return Err(must("have a full name for a host, such as https://hyde.example"));
        }
        Ok(Self(url))
    }
}

/// Where the database is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum DatabaseUrl {
    /// A file on this machine.
    Sqlite(PathBuf),
    /// A database of another process, `postgres://`.
    Postgres(Url),
}

impl DatabaseUrl {
    /// The URL to connect with, password and all: not for showing. A file's is `sqlite://` and the path.
    pub fn to_connect(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres(url) => url.to_string(),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    /// For showing: three stars in place of the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(url) => without_password(url).fmt(f),
            Self::Sqlite(_) => f.write_str(&self.to_connect()),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<DatabaseUrl> for String {
    /// For showing.
    fn from(url: DatabaseUrl) -> Self {
        url.to_string()
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            return if path.is_empty() || path.contains('?') || path.contains(":memory:") {
                Err("must name a file and nothing else after sqlite://, such as sqlite://folkmoot.sqlite"
                    .to_owned())
            } else {
                Ok(Self::Sqlite(path.into()))
            };
        }
        match Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => {
                let has_database = url.path().len() > 1;
                if url.has_host() && has_database {
                    Ok(Self::Postgres(url))
                } else {
                    Err("must name a host and a database, such as postgres://folkmoot@localhost/folkmoot"
                        .to_owned())
                }
            }
            // What was written may hold a password, so it is not repeated.
            _ => Err("must begin with sqlite:// or postgres://".to_owned()),
        }
    }
}

/// A range of internet addresses: `10.7.0.0/16`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct AddressRange {
    network: IpAddr,
    bits: u8,
}

impl AddressRange {
    /// The range of addresses that share their first `bits` with `network`; more bits than there are mean all of them.
    pub fn new(network: IpAddr, bits: u8) -> Self {
        let most = if network.is_ipv4() { 32 } else { 128 };
        Self { network, bits: bits.min(most) }
    }

    /// Is this address in the range? An IPv4 address that is written as IPv6 counts as IPv4.
    pub fn contains(self, address: IpAddr) -> bool {
        let shift = |width: u32| width.saturating_sub(u32::from(self.bits));
        match (self.network, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits()).checked_shr(shift(32)).unwrap_or(0) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (network.to_bits() ^ address.to_bits()).checked_shr(shift(128)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }

    /// Does it hold every address of its kind?
    pub fn is_everything(&self) -> bool {
        self.bits == 0
    }

    /// The first part, as it was written.
    pub fn network(self) -> IpAddr {
        self.network
    }

    /// How many bits at the front count.
    pub fn bits(self) -> u8 {
        self.bits
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.bits)
    }
}

impl FromStr for AddressRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("must be an address or a range such as 10.7.0.0/16, not \"{text}\"");
        let (network, bits) =
            text.trim().split_once('/').map_or((text.trim(), None), |(network, bits)| (network, Some(bits)));
        let network: IpAddr = network.parse().map_err(|_| wrong())?;
        let most = if network.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| wrong())?;
        if bits <= most { Ok(Self { network, bits }) } else { Err(wrong()) }
    }
}

impl TryFrom<String> for AddressRange {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<AddressRange> for String {
    fn from(range: AddressRange) -> Self {
        range.to_string()
    }
}

/// How much is logged: a level for everything, and perhaps others for parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct LogLevels(String);

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

impl LogLevels {
    /// Only what somebody should look at.
    pub fn warnings() -> Self {
        Self("warn".to_owned())
    }

    /// The filter for `tracing`.
    pub fn filter(&self) -> Targets {
        // What two libraries tell of their daily work, unless it is asked for by name.
        let quiet = if self.0 == "off" { "" } else { "sqlx=warn,sea_orm_migration=warn," };
        // Checked when it was parsed; should it ever not fit, saying too little is better than not starting.
        format!("{quiet}{}", self.0).parse().unwrap_or_default()
    }
}

impl Default for LogLevels {
    fn default() -> Self {
        Self("info".to_owned())
    }
}

impl TryFrom<String> for LogLevels {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // Stricter than `tracing`, which takes a misspelt level for the name of a part.
        let level = |part: &str| LEVELS.contains(&part.rsplit('=').next().unwrap_or(part));
        if text.split(',').all(level) && text.parse::<Targets>().is_ok() {
            Ok(Self(text))
        } else {
            Err(format!(
                "must be one of {}, perhaps with parts such as info,folkmoot_federation=debug, not \"{text}\"",
                LEVELS.join(", ")
            ))
        }
    }
}

impl From<LogLevels> for String {
    fn from(levels: LogLevels) -> Self {
        levels.0
    }
}

/// An address with a port.
pub fn socket_address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(from)?;
    text.trim().parse().map_err(|_| {
        D::Error::custom(format!("must be an address and a port, such as 127.0.0.1:8080, not \"{text}\""))
    })
}

/// Host names with the addresses behind them.
pub fn hosts<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, SocketAddr>, D::Error> {
    let wrong = |host: &str, text: &str| {
        D::Error::custom(format!(
            "must give \"{host}\" an address and a port, such as 127.0.0.1:8082, not \"{text}\""
        ))
    };
    let written = BTreeMap::<String, String>::deserialize(from)?;
    let read = written.into_iter().map(|(host, text)| {
        let address = text.trim().parse().map_err(|_| wrong(&host, &text))?;
        Ok((host.to_lowercase(), address))
    });
    read.collect()
}

/// The server that takes letters: `smtps://` or `smtp://`, with name and password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct MailServer(Url);

impl MailServer {
    /// The URL, password and all: not for showing.
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for MailServer {
    /// For showing: three stars in place of the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        without_password(&self.0).fmt(f)
    }
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<MailServer> for String {
    /// For showing.
    fn from(server: MailServer) -> Self {
        server.to_string()
    }
}

impl TryFrom<String> for MailServer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // It may hold a password, so the message does not show it.
        let wrong = || "must be an address such as smtps://name:password@mail.example".to_owned();
        let url = Url::parse(text.trim()).map_err(|_| wrong())?;
        if matches!(url.scheme(), "smtp" | "smtps") && url.has_host() { Ok(Self(url)) } else { Err(wrong()) }
    }
}

/// The same with three stars in place of the password.
fn without_password(url: &Url) -> Url {
    let mut shown = url.clone();
    if url.password().is_some() {
        // Fails only for URLs without a host, which are not accepted.
        let _ = shown.set_password(Some("***"));
    }
    shown
}
