//! Addresses of strangers, and whether two of them belong together.
//!
//! An address is only accepted in the form that the URL standard would write it in: no other spelling of
//! the same place exists then, so comparing is comparing. Who may speak for an address is decided by
//! scheme, host and port (FEP-fe34); the `url` property is never an identity.

use url::{Host, Url};

use crate::{Refused, limits};

/// An address of a thing or an activity, with any fragment it has.
pub(crate) fn address(what: &'static str, text: &str) -> Result<Url, Refused> {
    limits::at_most(what, text.len(), limits::ADDRESS)?;
    normal(text).ok_or(Refused::Malformed(what))
}

/// An address that will be fetched, so one without a fragment.
pub(crate) fn fetchable(what: &'static str, text: &str) -> Result<Url, Refused> {
    let url = address(what, text)?;
    if url.fragment().is_some() { Err(Refused::Malformed(what)) } else { Ok(url) }
}

/// A link that is only shown or offered, never trusted. Spellings other than the normal one are tidied.
pub(crate) fn link(text: &str) -> Option<Url> {
    if text.len() > limits::ADDRESS {
        return None;
    }
    Url::parse(text).ok().filter(acceptable)
}

/// Same scheme, host and port.
pub fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin() && one.origin().is_tuple()
}

/// Refuses a thing of another origin than its owner's.
pub(crate) fn belongs(what: &'static str, thing: &Url, owner: &Url) -> Result<(), Refused> {
    if same_origin(thing, owner) { Ok(()) } else { Err(Refused::OtherOrigin(what)) }
}

/// A bare host may leave out its slash; an encoded dot could be read as a step upwards further on.
fn normal(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let spelt = url.as_str() == text || (url.path() == "/" && url.as_str().strip_suffix('/') == Some(text));
    let dotted = url.path().to_ascii_lowercase().contains("%2e");
    (spelt && !dotted && acceptable(&url)).then_some(url)
}

/// Numbers are nobody's home: they cannot be blocked by name, and any two of them would look alike.
fn acceptable(url: &Url) -> bool {
    let named = matches!(url.host(), Some(Host::Domain(name)) if !name.ends_with('.'));
    named && matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn one_spelling_only() {
        for good in [
            "https://a.example/users/1",
            "https://a.example",
            "https://a.example/",
            "https://a.example:8443/x?y=z#votes/1",
            "https://b.example/@c@b.example/#votes/7",
            "https://b.example/users/b/activity#vote0/https://c.example/call/12",
            "http://hyde.localhost:4000/x",
        ] {
            assert!(address("id", good).is_ok(), "{good}");
        }
        for bad in [
            "https://A.example/",
            "https://a.example./x",
            "https://a.example:443/x",
            "https://me@a.example/x",
            "https://a.example/../x",
            "https://a.example/%2e%2e/x",
            "https://a.example/a%2Eb",
            "https://1.2.3.4/x",
            "https://[2001:db8::1]/x",
            "https://a.example\\x",
            "https://a.example/x\t",
            " https://a.example/x",
            "https://a.example/\u{202e}x",
            "ftp://a.example/x",
            "acct:a@a.example",
            "javascript:alert(1)",
            "/users/1",
            "",
        ] {
            assert_eq!(address("id", bad), Err(Refused::Malformed("id")), "{bad}");
        }
        let long = format!("https://a.example/{}", "x".repeat(3000));
        assert!(matches!(address("id", &long), Err(Refused::TooMuch { .. })));
        assert!(fetchable("id", "https://a.example/x#y").is_err());
    }

    #[test]
    fn scheme_host_and_port_decide() {
        let home = url("https://a.example/users/1");
        assert!(same_origin(&home, &url("https://a.example/notes/9#x")));
        for other in [
            "http://a.example/",
            "https://a.example:8443/",
            "https://b.a.example/",
            "https://a.example.evil.example/",
            "https://1.2.3.4/",
        ] {
            assert!(!same_origin(&home, &url(other)), "{other}");
        }
        assert!(!same_origin(&url("https://1.2.3.4/"), &url("https://5.6.7.8/")));
        assert!(!same_origin(&url("data:text/plain,x"), &url("data:text/plain,x")));
    }
}
