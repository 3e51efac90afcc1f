//! The one cookie: who is signed in.
//!
//! It holds a secret that the database knows only by its hash. With `__Host-` no other name of this domain can set it.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use folkmoot_app::people;
use folkmoot_domain::people::Person;

use crate::{Settings, Web, problems::Problem};

/// How long browsers keep the cookie, in seconds: as long as the session lasts.
const KEPT: i64 = people::SESSION / 1_000;

/// Somebody who is signed in.
pub(crate) struct SignedIn(pub Person);

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let secret = secret(&parts.headers, &web.settings).ok_or(Problem::NotSignedIn)?;
        let person = people::signed_in(&web.app, secret).await?;
        person.map(Self).ok_or(Problem::NotSignedIn)
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
    fn only_the_cookie_of_its_full_name_counts() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "session=tossed; a=b".parse().unwrap());
        assert_eq!(secret(&headers, &settings(true)), None);
        headers.append(header::COOKIE, "x=y;  __Host-session=right".parse().unwrap());
        assert_eq!(secret(&headers, &settings(true)), Some("right"));
    }
}
