//! The id of something on another server, in the one spelling we accept.
//!
//! An id is believed or compared only in the form the URL standard itself would write, in ASCII, with a
//! host name. Then two ids are the same place exactly when they are the same text, and every trick of
//! spelling (a second slash of the wrong kind, `..`, a dot after the host, invisible characters) is gone
//! before anything looks at it. Who may speak for whom is decided by [`RemoteId::same_origin`].

use std::fmt;

use url::{Host, Url};

/// Longest id we read, in bytes.
pub const LONGEST: usize = 2048;

/// An absolute `https` (or `http`) URL with a host name, spelt canonically. May carry a `#fragment`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RemoteId {
    text: String,
    url: Url,
}

/// Why a text is not an id we accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// Over [`LONGEST`] bytes.
    #[error("it is too long")]
    TooLong,
    /// Not an absolute URL, or spelt in another way than the URL standard would.
    #[error("it is not an absolute URL in canonical spelling")]
    Spelling,
    /// `acct:`, `did:`, `ftp:` and the like.
    #[error("it is not an http or https address")]
    Scheme,
    /// A user name or password before the host.
    #[error("it has a user name in front of the host")]
    UserName,
    /// An address in numbers, or a host that ends in a dot.
    #[error("its host is not a plain name")]
    Host,
}

impl RemoteId {
    /// Reads an id as a stranger wrote it.
    pub fn parse(text: &str) -> Result<Self, IdFault> {
        if text.len() > LONGEST {
            return Err(IdFault::TooLong);
        }
        let url = Url::parse(text).map_err(|_| IdFault::Spelling)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(IdFault::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() || text.contains("//@") {
            return Err(IdFault::UserName);
        }
        // Numbers are nobody's home: they cannot be blocked by name, and any two of them would look alike.
        match url.host() {
            Some(Host::Domain(name)) if !name.ends_with('.') => {}
            _ => return Err(IdFault::Host),
        }
        if is_canonical(text, &url) {
            Ok(Self { text: text.to_owned(), url })
        } else {
            Err(IdFault::Spelling)
        }
    }

    /// The id as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The id as a URL.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Host name, in lower case, without port.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The same address without its `#fragment`: what can be asked for.
    pub fn document(&self) -> Url {
        let mut document = self.url.clone();
        document.set_fragment(None);
        document
    }

    /// Same scheme, host and port (FEP-fe34): who owns one owns the other.
    pub fn same_origin(&self, other: &Self) -> bool {
        same_origin(&self.url, &other.url)
    }
}

impl fmt::Display for RemoteId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Same scheme, host and port (FEP-fe34). Addresses without an origin of that kind belong to nobody.
pub fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin().is_tuple() && one.origin() == other.origin()
}

/// A bare host may leave out the slash; an encoded dot could be read as a step upwards further on.
fn is_canonical(text: &str, url: &Url) -> bool {
    let spelt = url.as_str() == text || (url.path() == "/" && url.as_str().strip_suffix('/') == Some(text));
    spelt && !url.path().to_ascii_lowercase().contains("%2e")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> RemoteId {
        RemoteId::parse(text).unwrap()
    }

    #[test]
    fn ids_of_real_servers_are_read() {
        for good in [
            "https://a.example/users/bob",
            "https://a.example",
            "https://a.example/",
            "https://a.example/?author=1#main-key",
            "https://takahe.test/@carol@takahe.test/#votes/1",
            "https://gts.test/users/bob/statuses/01/activity#vote0/https://sut.test/call/12",
            "https://a.example:8443/x",
            "http://hyde.localhost/ap/x",
            "https://xn--bcher-kva.example/caf%C3%A9",
        ] {
            assert_eq!(id(good).as_str(), good);
        }
    }

    /// ORI-11, ORI-12, ORI-19, KEY-04.
    #[test]
    fn every_other_spelling_is_refused() {
        use IdFault::{Host, Scheme, Spelling, TooLong, UserName};
        for (bad, why) in [
            ("", Spelling),
            ("/users/bob", Spelling),
            ("acct:bob@a.example", Scheme),
            ("javascript:alert(1)", Scheme),
            ("ftp://a.example/x", Scheme),
            ("https://EXAMPLE.com/x", Spelling),
            ("HTTPS://example.com/x", Spelling),
            ("https://example.com:443/x", Spelling),
            ("https://user@example.com/x", UserName),
            ("https://user:pass@example.com/x", UserName),
            ("https://@example.com/x", UserName),
            ("https://example.com./x", Host),
            ("https://1.2.3.4/a", Host),
            ("https://[2001:db8::1]/a", Host),
            ("https://2130706433/a", Host),
            ("https://0x7f.1/a", Host),
            ("https://example.com/a/../b", Spelling),
            ("https://example.com/a/%2e%2E/b", Spelling),
            ("https://example.com/a%2e/b", Spelling),
            ("https://example%2ecom/b", Spelling),
            ("https:\\\\example.com\\b", Spelling),
            ("https://example.com\\@evil.example/b", Spelling),
            ("https:/example.com/b", Spelling),
            ("https://example.com/a\tb", Spelling),
            ("https://example.com/a\nb", Spelling),
            (" https://example.com/a", Spelling),
            ("https://example.com/a ", Spelling),
            ("https://example.com/a\u{202e}b", Spelling),
            ("https://example.com/a\u{200b}", Spelling),
            ("https://example.com/\u{0}", Spelling),
            ("https://b\u{fc}cher.example/", Spelling),
            ("https:///x", Spelling),
        ] {
            assert_eq!(RemoteId::parse(bad).unwrap_err(), why, "{bad:?}");
        }
        assert_eq!(RemoteId::parse(&format!("https://a.example/{}", "x".repeat(2048))), Err(TooLong));
    }

    /// ORI-01, ORI-11: only the whole triple counts.
    #[test]
    fn origin_is_scheme_host_and_port() {
        let home = id("https://a.example/users/1");
        assert!(home.same_origin(&id("https://a.example/notes/9#x")));
        for other in
            ["http://a.example/", "https://a.example:8443/", "https://b.a.example/", "https://a.example.b/"]
        {
            assert!(!home.same_origin(&id(other)), "{other}");
        }
        let data = Url::parse("data:text/plain,x").unwrap();
        assert!(!same_origin(&data, &data));
    }

    #[test]
    fn the_document_has_no_fragment() {
        assert_eq!(id("https://a.example/u/1#main-key").document().as_str(), "https://a.example/u/1");
    }
}
