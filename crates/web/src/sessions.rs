//! The one cookie: who is signed in.
//!
//! It holds a secret that the database knows only by its hash. With `__Host-` no other name of this domain can set it.

use std::{convert::Infallible, net::IpAddr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use folkmoot_app::{limits, people};
use folkmoot_domain::people::Person;

use crate::{Settings, Web, problems::Problem};

/// How long browsers keep the cookie, in seconds: as long as the session lasts.
const KEPT: i64 = people::SESSION / 1_000;

/// Somebody who is signed in.
pub(crate) struct SignedIn(pub Person);

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let MaybeSignedIn(person) = MaybeSignedIn::from_request_parts(parts, web).await?;
        // A page can be gone back to; what a form sends cannot.
        let wanted = parts.method.is_safe().then(|| parts.uri.path_and_query().map(ToString::to_string));
        person.map(Self).ok_or_else(|| Problem::NotSignedIn(wanted.flatten()))
    }
}

/// Somebody who is signed in, or anybody.
pub(crate) struct MaybeSignedIn(pub Option<Person>);

impl FromRequestParts<Web> for MaybeSignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        match secret(&parts.headers, &web.settings) {
            Some(secret) => Ok(Self(people::signed_in(&web.app, secret).await?)),
            None => Ok(Self(None)),
        }
    }
}

/// Where a request comes from, as whatever stands in front of us knows it: it puts this among the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(limits::HERE)))
    }
}

/// On what somebody asks, in words: "Firefox on Android".
pub(crate) struct Agent(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Agent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let said = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self(agent_in_words(said.unwrap_or_default())))
    }
}

/// What a browser says of itself, told apart as far as its owner does. The order matters: most say that they are others too.
fn agent_in_words(said: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| said.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let machine = first(&[
        ("Android", "Android"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Windows", "Windows"),
        ("CrOS", "a Chromebook"),
        ("Mac OS X", "a Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, machine) {
        (Some(browser), Some(machine)) => format!("{browser} on {machine}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Some program".to_owned(),
    }
}

/// Where one signs in, to come back to the page that was wanted.
pub(crate) fn sign_in_path(wanted: Option<&str>) -> String {
    let Some(wanted) = wanted.and_then(Local::parse) else { return "/sign-in".to_owned() };
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", &wanted.0).finish();
    format!("/sign-in?{query}")
}

/// A page of ours that may be gone to after signing in: a path that begins with one slash, as browsers read it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Local(pub String);

impl Local {
    /// Nothing that leads elsewhere, in whatever dress: browsers take `\` for `/`, and drop tabs and line breaks.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = text.len() <= 500
            && text.starts_with('/')
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let ours = url::Url::parse("https://ours.invalid").ok()?;
        let there = ours.join(text).ok().filter(|_| plain)?;
        let path = there.path().to_owned();
        // Encoded slashes and dots are still read as such by some in between.
        let twice = path.contains("//")
            || path.to_ascii_lowercase().contains("%2f")
            || path.contains("%5c")
            || path.contains("%5C");
        let same = there.origin() == ours.origin() && there.username().is_empty() && !twice;
        same.then(|| Self(there.query().map_or_else(|| path.clone(), |query| format!("{path}?{query}"))))
    }
}

fn name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "__Host-session" } else { "session" }
}

/// The secret in the cookie of this request.
pub(crate) fn secret<'a>(headers: &'a HeaderMap, settings: &Settings) -> Option<&'a str> {
    let name = name(settings);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, secret)| *known == name && !secret.is_empty())
        .map(|(_, secret)| secret)
}

/// The cookie of a fresh session.
pub(crate) fn cookie(secret: &str, settings: &Settings) -> Result<HeaderValue, Problem> {
    header_value(secret, KEPT, settings)
}

/// The cookie that takes the cookie away.
pub(crate) fn no_cookie(settings: &Settings) -> Result<HeaderValue, Problem> {
    header_value("", 0, settings)
}

fn header_value(secret: &str, kept: i64, settings: &Settings) -> Result<HeaderValue, Problem> {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    let name = name(settings);
    let cookie = format!("{name}={secret}; Path=/; Max-Age={kept}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&cookie)
        .map_err(|_| Problem::broken(&"a session secret does not fit into a cookie"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Contact;

    fn settings(secure_cookies: bool) -> Settings {
        Settings {
            place: String::new(),
            contact: Contact { name: String::new(), email: String::new() },
            source: None,
            secure_cookies,
            shows_mail: false,
            tiles: None,
        }
    }

    #[test]
    fn the_cookie_is_for_this_host_alone() {
        let cookie = cookie("s3cret", &settings(true)).unwrap();
        let expected = "__Host-session=s3cret; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(cookie, expected);
        assert!(!cookie.to_str().unwrap().contains("Domain"));
        let gone = no_cookie(&settings(false)).unwrap();
        assert_eq!(gone, "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn only_pages_of_ours_are_gone_to() {
        for good in ["/", "/me", "/desk/new?kind=call&a=%26", "/@park-friends"] {
            assert_eq!(Local::parse(good).map(|local| local.0).as_deref(), Some(good));
        }
        assert_eq!(Local::parse("/a/../me#x").unwrap().0, "/me");
        for bad in [
            "",
            "me",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "%2f%2fevil.example",
            "/%2f/evil.example",
            "/%2Fevil.example",
            "/web//evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/\tevil.example",
            "/\n/evil.example",
            "/%5cevil.example",
            " /me",
            "/m\u{e9}",
        ] {
            assert_eq!(Local::parse(bad), None, "{bad}");
        }
        assert_eq!(Local::parse(&format!("/{}", "a".repeat(500))), None);
        assert_eq!(sign_in_path(Some("/desk?a=b&c")), "/sign-in?next=%2Fdesk%3Fa%3Db%26c");
        assert_eq!(sign_in_path(Some("//evil.example")), "/sign-in");
    }

    #[test]
    fn browsers_are_told_apart_as_their_owners_do() {
        for (said, words) in [
            ("Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox on Android"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari on an iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 \
                 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            ("curl/8.16.0", "Some program"),
            ("", "Some program"),
        ] {
            assert_eq!(agent_in_words(said), words, "{said}");
        }
    }

    #[test]
    fn only_the_cookie_of_its_full_name_counts() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "session=tossed; a=b".parse().unwrap());
        assert_eq!(secret(&headers, &settings(true)), None);
        headers.append(header::COOKIE, "x=y;  __Host-session=right".parse().unwrap());
        assert_eq!(secret(&headers, &settings(true)), Some("right"));
    }
}
