//! What an operator may loosen for a test network or a demonstration, and the rule for addresses it loosens.
//!
//! Empty in every real installation. Nothing here is read from the environment or switched on by a debug
//! build; each entry is named in the configuration, and [`Relaxations::warnings`] says aloud what it means.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

use ipnet::IpNet;
use url::{Host, Url};

use super::{addresses, errors::NotAllowed};

/// The wishes as they stand in the configuration.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Address ranges to allow besides the public internet, `10.0.0.0/8` for example.
    pub allowed_ranges: Vec<String>,
    /// Certificate authorities to trust besides the system's, in PEM.
    pub extra_authorities: Vec<String>,
    /// Host names (lower case, no port) to reach at a fixed address. Only for names under `.localhost`.
    pub hosts: BTreeMap<String, SocketAddr>,
    /// Whether the hosts above may be asked without TLS.
    pub plain_http: bool,
}

/// Wishes that were found in order.
#[derive(Clone, Debug, Default)]
pub struct Relaxations {
    allowed_ranges: Vec<IpNet>,
    extra_authorities: Vec<String>,
    hosts: BTreeMap<String, SocketAddr>,
    plain_http: bool,
}

/// Why a wish is refused, in words for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WishFault {
    /// Not `address/bits`.
    #[error("\u{201c}{0}\u{201d} is not an address range; write it like 10.0.0.0/8")]
    Range(String),
    /// A fixed address for a host is only for demonstrations on one machine.
    #[error("hosts can only be mapped to addresses when this instance's own address ends in .localhost")]
    MapOutsideLocalhost,
    /// A mapped host is not under `.localhost`.
    #[error("\u{201c}{0}\u{201d} cannot be mapped: only names that end in .localhost can")]
    MappedName(String),
    /// Plain http without a host it could apply to.
    #[error("plain http is allowed for mapped hosts only, and none is mapped")]
    PlainHttpForNobody,
    /// Not certificates in PEM.
    #[error("an extra certificate authority is not in PEM")]
    Authority,
}

impl Relaxations {
    /// Checks the wishes of the instance whose own address is `base_url`.
    pub fn parse(wishes: Wishes, base_url: &Url) -> Result<Self, WishFault> {
        let range = |text: String| text.parse().map_err(|_| WishFault::Range(text));
        let allowed_ranges = wishes.allowed_ranges.into_iter().map(range).collect::<Result<_, _>>()?;
        if !wishes.hosts.is_empty() && !base_url.host_str().is_some_and(is_local_name) {
            return Err(WishFault::MapOutsideLocalhost);
        }
        if let Some(name) = wishes.hosts.keys().find(|name| !is_local_name(name)) {
            return Err(WishFault::MappedName(name.clone()));
        }
        if wishes.plain_http && wishes.hosts.is_empty() {
            return Err(WishFault::PlainHttpForNobody);
        }
        if !wishes.extra_authorities.iter().all(|pem| pem.contains("-----BEGIN CERTIFICATE-----")) {
            return Err(WishFault::Authority);
        }
        Ok(Self {
            allowed_ranges,
            extra_authorities: wishes.extra_authorities,
            hosts: wishes.hosts,
            plain_http: wishes.plain_http,
        })
    }

    /// What is loosened, one plain sentence each, for the start of the server and for `check`.
    pub fn warnings(&self) -> Vec<String> {
        let ranges = self.allowed_ranges.iter().map(|range| {
            format!(
                "Requests to addresses in {range} are allowed: strangers can make this server talk to them."
            )
        });
        let authorities = self.extra_authorities.iter().map(|_| {
            "An extra certificate authority is trusted: whoever holds its key can pose as any server."
                .to_owned()
        });
        let hosts = self.hosts.iter().map(|(name, address)| {
            let how = if self.plain_http { "without encryption" } else { "over TLS" };
            format!("The host {name} is always reached at {address}, {how}.")
        });
        ranges.chain(authorities).chain(hosts).collect()
    }

    /// Whether a request to `url` may be made at all, as far as the address itself tells. Names are looked up
    /// later, at the moment of connecting, and go through [`Relaxations::allows_address`].
    pub fn may_fetch(&self, url: &Url) -> Result<(), NotAllowed> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotAllowed::UserName);
        }
        let host = url.host().ok_or(NotAllowed::Host)?;
        if let Some(address) = self.mapped(url) {
            return self.may_fetch_mapped(url, address);
        }
        match (url.scheme(), url.port()) {
            ("https", None) => {}
            ("https", Some(_)) => return Err(NotAllowed::Port),
            _ => return Err(NotAllowed::Scheme),
        }
        let allowed = match host {
            Host::Domain(name) => !name.is_empty() && !name.ends_with('.'),
            Host::Ipv4(address) => self.allows_address(address.into()),
            Host::Ipv6(address) => self.allows_address(address.into()),
        };
        if allowed { Ok(()) } else { Err(NotAllowed::Host) }
    }

    /// Whether a connection to `address` may be opened.
    pub fn allows_address(&self, address: IpAddr) -> bool {
        addresses::is_public(address) || self.allowed_ranges.iter().any(|range| range.contains(&address))
    }

    /// The fixed address of a host, when it has one.
    pub fn address_of(&self, host: &str) -> Option<SocketAddr> {
        self.hosts.get(host).copied()
    }

    /// Extra certificate authorities, in PEM.
    pub fn extra_authorities(&self) -> &[String] {
        &self.extra_authorities
    }

    /// Whether any request may go out without TLS.
    pub fn allows_plain_http(&self) -> bool {
        self.plain_http
    }

    fn mapped(&self, url: &Url) -> Option<SocketAddr> {
        url.host_str().and_then(|host| self.address_of(host))
    }

    /// A mapped host has one door: the mapped port, said or left out.
    fn may_fetch_mapped(&self, url: &Url, address: SocketAddr) -> Result<(), NotAllowed> {
        let scheme = url.scheme() == "https" || (self.plain_http && url.scheme() == "http");
        let port = url.port().is_none_or(|port| port == address.port());
        match (scheme, port) {
            (true, true) => Ok(()),
            (false, _) => Err(NotAllowed::Scheme),
            (true, false) => Err(NotAllowed::Port),
        }
    }
}

/// RFC 6761 6.3: names that never leave this machine.
fn is_local_name(name: &str) -> bool {
    name.strip_suffix(".localhost").is_some_and(|rest| !rest.is_empty() && name == name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn demo() -> Relaxations {
        let wishes = Wishes {
            hosts: [("hyde.localhost".to_owned(), "127.0.0.1:8001".parse().unwrap())].into(),
            plain_http: true,
            ..Wishes::default()
        };
        Relaxations::parse(wishes, &url("http://leeds.localhost:8002/")).unwrap()
    }

    #[test]
    fn by_default_only_https_on_its_own_port_to_public_hosts() {
        use NotAllowed::{Host, Port, Scheme, UserName};
        let strict = Relaxations::default();
        for good in
            ["https://a.example/x", "https://a.example:443/x", "https://1.1.1.1/", "https://[2606:4700::1]/"]
        {
            assert_eq!(strict.may_fetch(&url(good)), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("http://a.example/", Scheme),
            ("ftp://a.example/", Scheme),
            ("file:///etc/passwd", Host),
            ("data:text/plain,x", Host),
            ("https://a.example:8443/", Port),
            ("https://a.example:22/", Port),
            ("https://u@a.example/", UserName),
            ("https://u:p@a.example/", UserName),
            ("https://a.example./", Host),
            ("https://127.0.0.1/", Host),
            ("https://127.1/", Host),
            ("https://2130706433/", Host),
            ("https://0x7f000001/", Host),
            ("https://0177.0.0.1/", Host),
            ("https://0.0.0.0/", Host),
            ("https://[::]/", Host),
            ("https://[::ffff:127.0.0.1]/", Host),
            ("https://[64:ff9b::7f00:1]/", Host),
            ("https://[fd00::1]/", Host),
            ("https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/", Host),
        ] {
            assert_eq!(strict.may_fetch(&url(bad)), Err(why), "{bad}");
        }
        assert!(strict.warnings().is_empty());
    }

    #[test]
    fn a_range_opens_that_range_and_no_port() {
        let wishes = Wishes {
            allowed_ranges: vec!["127.0.0.0/8".to_owned(), "fd00::/8".to_owned()],
            ..Wishes::default()
        };
        let loose = Relaxations::parse(wishes, &url("https://a.example")).unwrap();
        assert!(loose.allows_address("127.0.0.1".parse().unwrap()));
        assert!(loose.allows_address("fd12::1".parse().unwrap()));
        assert!(!loose.allows_address("10.0.0.1".parse().unwrap()));
        assert!(!loose.allows_address("::ffff:127.0.0.1".parse().unwrap()));
        assert_eq!(loose.may_fetch(&url("https://127.0.0.1/")), Ok(()));
        assert_eq!(loose.may_fetch(&url("https://127.0.0.1:8443/")), Err(NotAllowed::Port));
        assert_eq!(loose.may_fetch(&url("http://127.0.0.1/")), Err(NotAllowed::Scheme));
        assert_eq!(loose.warnings().len(), 2);
    }

    #[test]
    fn a_mapped_host_has_one_door() {
        let demo = demo();
        for good in ["http://hyde.localhost:8001/x", "http://hyde.localhost/x", "https://hyde.localhost/x"] {
            assert_eq!(demo.may_fetch(&url(good)), Ok(()), "{good}");
        }
        for bad in [
            "http://hyde.localhost:5432/",
            "http://a.example/",
            "http://other.localhost/",
            "http://127.0.0.1:8001/",
        ] {
            assert!(demo.may_fetch(&url(bad)).is_err(), "{bad}");
        }
        assert_eq!(
            demo.warnings(),
            ["The host hyde.localhost is always reached at 127.0.0.1:8001, without encryption."]
        );
    }

    #[test]
    fn wishes_out_of_place_are_refused() {
        let address: SocketAddr = "127.0.0.1:1".parse().unwrap();
        let map = |name: &str| Wishes { hosts: [(name.to_owned(), address)].into(), ..Wishes::default() };
        let home = url("http://leeds.localhost");
        for own in [
            "https://leeds.example",
            "https://localhost",
            "https://evil-localhost.example",
            "https://127.0.0.1",
        ] {
            assert_eq!(
                Relaxations::parse(map("hyde.localhost"), &url(own)).unwrap_err(),
                WishFault::MapOutsideLocalhost
            );
        }
        for name in
            ["mastodon.example", "localhost", ".localhost", "Hyde.localhost", "hyde.localhost.example"]
        {
            assert_eq!(
                Relaxations::parse(map(name), &home).unwrap_err(),
                WishFault::MappedName(name.to_owned())
            );
        }
        let plain = Wishes { plain_http: true, ..Wishes::default() };
        assert_eq!(Relaxations::parse(plain, &home).unwrap_err(), WishFault::PlainHttpForNobody);
        let range = Wishes { allowed_ranges: vec!["10.0.0.0".to_owned()], ..Wishes::default() };
        assert_eq!(Relaxations::parse(range, &home).unwrap_err(), WishFault::Range("10.0.0.0".to_owned()));
        let authority = Wishes { extra_authorities: vec!["x".to_owned()], ..Wishes::default() };
        assert_eq!(Relaxations::parse(authority, &home).unwrap_err(), WishFault::Authority);
    }
}
