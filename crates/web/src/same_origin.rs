//! Whoever changes something must come from one of our own pages: the guard against forged requests.
//!
//! Browsers say where a request comes from in three ways, and no page of another site can make them lie. A request
//! that may change something is let through only if one of them says that it is ours, and none says otherwise:
//!
//! 1. `Sec-Fetch-Site` is `same-origin` (or `none`: the person itself, say by a reload). `same-site` is not enough, since
//!    a neighbour on a subdomain is a stranger.
//! 2. Else `Origin` is ours.
//! 3. Else `Referer` is ours.
//!
//! Our pages with secret addresses send no referrer, and for them browsers write `Origin: null`; that counts as silence,
//! so that there the first must speak. A request on which all three are silent is refused, even without a cookie:
//! signing in needs none, and nobody shall be signed in by a stranger's page. Programs can send `Origin`.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use folkmoot_domain::addresses::Addresses;
use url::Url;

use crate::{Web, problems::Problem};

/// Refuses what may change something and does not come from us.
pub(crate) async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    // RFC 9110 9.2.1: these change nothing, and no handler of ours does on them.
    if request.method().is_safe() || is_ours(request.headers(), &web.app.addresses) {
        next.run(request).await
    } else {
        Problem::Foreign.into_response()
    }
}

fn is_ours(headers: &HeaderMap, addresses: &Addresses) -> bool {
    let site = said(headers, &HeaderName::from_static("sec-fetch-site"));
    let origin = said(headers, &header::ORIGIN).filter(|origin| origin != "null");
    let referer = said(headers, &header::REFERER);
    let ours = |text: &String| Url::parse(text).is_ok_and(|url| addresses.is_ours(&url));
    match (site.as_deref(), origin, referer) {
        (Some("same-origin" | "none"), origin, _) => origin.as_ref().is_none_or(ours),
        (Some(_), ..) | (None, None, None) => false,
        (None, Some(origin), _) => ours(&origin),
        (None, None, Some(referer)) => ours(&referer),
    }
}

/// What the header says. Said twice, or in no known letters, it says what nobody trusts.
fn said(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    let alone = values.next().is_none();
    let text = first.to_str().ok().filter(|_| alone);
    Some(text.unwrap_or("unreadable").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(said: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.append(*name, value.parse().unwrap());
        }
        let addresses = Addresses::new(&Url::parse("https://hyde.example").unwrap());
        is_ours(&headers, &addresses)
    }

    #[test]
    fn our_own_pages_may() {
        for said in [
            &[("sec-fetch-site", "same-origin"), ("origin", "https://hyde.example")][..],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://hyde.example")],
            &[("origin", "https://hyde.example:443")],
            &[("referer", "https://hyde.example/me")],
        ] {
            assert!(allowed(said), "{said:?}");
        }
    }

    #[test]
    fn nobody_else_may() {
        for said in [
            &[][..],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://hyde.example")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("origin", "null")],
            &[("origin", "http://hyde.example")],
            &[("origin", "https://hyde.example:8443")],
            &[("origin", "https://hyde.example.evil.example")],
            &[("origin", "https://evil.example/https://hyde.example")],
            &[("origin", "https://hyde.example"), ("origin", "https://evil.example")],
            &[("referer", "https://evil.example/?https://hyde.example/")],
            &[("referer", "https://hyde.example@evil.example/")],
            &[("origin", "https://evil.example"), ("referer", "https://hyde.example/")],
        ] {
            assert!(!allowed(said), "{said:?}");
        }
    }
}
