//! What a GET is answered with: a document for programs, the way to the page for browsers.
//!
//! An id and a page are two addresses; both answers say `Vary: Accept`, so that no cache mixes them up.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use folkmoot_wire as wire;
use serde_json::Value;
use url::Url;

use crate::identity::ACTIVITY;

/// How long caches may keep what may change at any time, in seconds.
const SHORT: &str = "public, max-age=60";
/// Names that a browser gives what it would like to show.
const PAGES: [&str; 2] = ["text/html", "application/xhtml+xml"];
/// Names under which programs ask for a document.
const DOCUMENTS: [&str; 3] = ["application/activity+json", "application/ld+json", "application/json"];

/// Does whoever asks prefer a page (RFC 9110 12.5.1)? Whoever says nothing, or takes anything, gets the document.
pub(crate) fn prefers_page(headers: &HeaderMap) -> bool {
    let accepted: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if accepted.is_empty() {
        return false;
    }
    let ranges: Vec<(&str, f32)> = accepted.iter().flat_map(|value| value.split(',')).map(range).collect();
    let best = |names: &[&str]| names.iter().map(|name| quality(&ranges, name)).fold(0.0, f32::max);
    best(&PAGES) > best(&DOCUMENTS)
}

/// One range and how welcome it is, 1 when it does not say.
fn range(text: &str) -> (&str, f32) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    (name, weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
}

/// How welcome a type is, by the range that fits it best.
fn quality(ranges: &[(&str, f32)], name: &str) -> f32 {
    let kind = name.split_once('/').map_or(name, |(kind, _)| kind);
    let of = |wanted: &dyn Fn(&str) -> bool| {
        ranges.iter().filter(|(range, _)| wanted(range)).map(|(_, weight)| *weight).reduce(f32::max)
    };
    of(&|range| range.eq_ignore_ascii_case(name))
        .or_else(|| {
            of(&|range| range.strip_suffix("/*").is_some_and(|range| range.eq_ignore_ascii_case(kind)))
        })
        .or_else(|| of(&|range| range == "*/*"))
        .unwrap_or(0.0)
}

/// A document of ours, rendered now.
pub(crate) fn document(value: &Value) -> Response {
    said(wire::document(value))
}

/// A document in the bytes in which it was said once. Not kept for long either: what it is about may be deleted.
pub(crate) fn said(bytes: String) -> Response {
    with(StatusCode::OK, &[(header::CONTENT_TYPE, ACTIVITY), (header::CACHE_CONTROL, SHORT)], bytes)
}

/// Where the page is (ActivityPub 3.2 leaves it to us; 303 says that it is another thing about the same).
pub(crate) fn see_page(page: &Url) -> Response {
    let mut response = with(StatusCode::SEE_OTHER, &[(header::CACHE_CONTROL, SHORT)], String::new());
    if let Ok(page) = HeaderValue::from_str(page.as_str()) {
        response.headers_mut().insert(header::LOCATION, page);
    }
    response
}

/// There was something here (ActivityPub 6.4): 410, and what it was.
pub(crate) fn gone(tombstone: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, ACTIVITY), (header::CACHE_CONTROL, SHORT)];
    with(StatusCode::GONE, &headers, wire::document(tombstone))
}

fn with(status: StatusCode, headers: &[(HeaderName, &'static str)], body: String) -> Response {
    let mut response = (status, body).into_response();
    let found = response.headers_mut();
    found.remove(header::CONTENT_TYPE);
    for (name, value) in headers {
        found.insert(name, HeaderValue::from_static(value));
    }
    found.insert(header::VARY, HeaderValue::from_static("Accept"));
    found.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefers(accept: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        prefers_page(&headers)
    }

    #[test]
    fn browsers_get_the_page_and_programs_the_document() {
        for browser in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html",
            "text/html, application/activity+json;q=0.9",
            "application/xhtml+xml, */*;q=0.1",
            "text/*, */*;q=0.5",
            "TEXT/HTML",
        ] {
            assert!(prefers(browser), "{browser}");
        }
        for program in [
            "*/*",
            "application/activity+json",
            "application/activity+json, application/ld+json",
            r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#,
            "application/activity+json, text/html;q=0.1",
            "application/json, text/html",
            "text/html;q=0, */*",
            "application/*",
            "image/png",
            "",
            "text/html;q=nonsense",
        ] {
            assert!(!prefers(program), "{program}");
        }
        assert!(!prefers_page(&HeaderMap::new()));
    }
}
