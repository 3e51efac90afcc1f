//! The names under which this instance is reached.

use url::Url;

/// Our own authorities: host names, with a port when it is not the scheme's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnHosts(Vec<String>);

impl OwnHosts {
    /// The host of our base URL.
    pub fn of(base_url: &Url) -> Self {
        Self(authority(base_url).into_iter().collect())
    }

    /// One more name, for an instance that is reached under several.
    #[must_use]
    pub fn and(mut self, base_url: &Url) -> Self {
        self.0.extend(authority(base_url));
        self
    }

    /// Whether a `Host` header or `:authority` names us.
    pub fn include(&self, said: &str) -> bool {
        self.0.iter().any(|own| own.eq_ignore_ascii_case(said))
    }

    /// Whether an address lies with us, under any scheme.
    pub fn are(&self, url: &Url) -> bool {
        authority(url).is_some_and(|authority| self.include(&authority))
    }
}

fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_compared_whole() {
        let own = OwnHosts::of(&Url::parse("https://hyde.example/x").unwrap())
            .and(&Url::parse("http://hyde.localhost:8001").unwrap());
        for ours in ["hyde.example", "HYDE.example", "hyde.localhost:8001"] {
            assert!(own.include(ours), "{ours}");
        }
        for other in [
            "",
            "hyde.example.",
            "hyde.example:443",
            "x.hyde.example",
            "hyde.localhost",
            "hyde.example.evil.example",
        ] {
            assert!(!own.include(other), "{other}");
        }
        assert!(own.are(&Url::parse("http://hyde.example/ap/1").unwrap()));
        assert!(!own.are(&Url::parse("https://hyde.example:8443/ap/1").unwrap()));
        assert!(!OwnHosts::default().include(""));
    }
}
