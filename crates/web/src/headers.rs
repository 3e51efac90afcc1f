//! What goes out with every answer, in this one place: nothing from elsewhere, nothing inline, nothing framed.
//!
//! A handler that sets one of these itself keeps what it set.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use crate::{Tiles, Web};

/// Our own files alone, and nothing inline. `data:` is for the ticks and arrows in the style sheet. What becomes HTML
/// passes one of two policies in `crates/web/assets/js`, one for htmx and one for the map.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:{tiles}; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types folkmoot default";

static PAGE: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
    // A page may have been deleted a moment ago: browsers ask before they show a kept one.
    (header::CACHE_CONTROL, "no-cache"),
];

/// Marks an answer as a file that pages load: it is no page itself, so its head can be short.
#[derive(Clone)]
pub(crate) struct File;

/// What a file carries, should it ever be opened by itself.
static FILE: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What this place's answers carry.
#[derive(Clone)]
pub(crate) struct Guard {
    policy: HeaderValue,
    https: bool,
}

impl Guard {
    pub(crate) fn new(web: &Web) -> Self {
        let tiles = web.settings.tiles.as_ref().and_then(origin).map(|origin| format!(" {origin}"));
        let policy = CONTENT_SECURITY_POLICY.replace("{tiles}", &tiles.unwrap_or_default());
        let policy = HeaderValue::from_str(&policy);
        Self {
            policy: policy.unwrap_or(HeaderValue::from_static("default-src 'none'")),
            https: web.app.addresses.base().scheme() == "https",
        }
    }
}

/// Where map tiles come from, as a source of the policy; `{s}` stands for several hosts.
fn origin(tiles: &Tiles) -> Option<String> {
    let (scheme, rest) = tiles.address.split_once("://")?;
    let host = rest.split('/').next()?.replace("{s}", "*");
    let plain = |c: char| c.is_ascii_alphanumeric() || "*.-:[]".contains(c);
    (["http", "https"].contains(&scheme) && !host.is_empty() && host.chars().all(plain))
        .then(|| format!("{scheme}://{host}"))
}

/// Sets what the answer does not set itself.
pub(crate) async fn set(State(guard): State<Guard>, mut answer: Response) -> Response {
    let file = answer.extensions().get::<File>().is_some();
    let headers = answer.headers_mut();
    let carried = if file { FILE.iter() } else { PAGE.iter() };
    for (name, value) in carried {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(guard.policy);
    // RFC 6797 7.2: not over plain http.
    if guard.https {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    answer
}

/// For pages whose address is a secret, or which are for one person alone: kept nowhere, told to nobody, not searched.
pub(crate) async fn secret(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_of_the_tiles_is_let_in() {
        let origin = |address: &str| origin(&Tiles { address: address.to_owned(), credit: String::new() });
        assert_eq!(origin("https://tiles.example/{z}/{x}/{y}.png").as_deref(), Some("https://tiles.example"));
        assert_eq!(
            origin("https://{s}.tiles.example:8443/{z}").as_deref(),
            Some("https://*.tiles.example:8443")
        );
        for bad in
            ["tiles.example", "javascript://x/", "https://", "https://a; script-src */{z}", "https://a'b/"]
        {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }
}
