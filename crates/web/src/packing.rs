//! Pages go out packed: a fifth of their size, which is what somebody on a bus waits for.
//!
//! Files of `assets` are packed already and pass as they are, and so do pictures. That a page holds both something
//! secret and something a stranger wrote gives nothing away here (BREACH): a stranger's page can make a browser ask for
//! it many times, but never as somebody, since the cookie is `SameSite=Lax` and other secrets are in addresses.

use axum::http::{Extensions, HeaderMap, StatusCode, Version, header::CONTENT_TYPE};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{And, Predicate, SizeAbove},
    },
};

/// Below this many bytes packing costs more than it saves.
const SMALL: u64 = 512;
/// How hard brotli tries, of 11: a page in well under a millisecond.
const EFFORT: i32 = 5;

type Chosen = And<SizeAbove, fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool>;

pub(crate) fn layer() -> CompressionLayer<Chosen> {
    let texts: fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool = is_text;
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(EFFORT))
        .compress_when(SizeAbove::new(SMALL).and(texts))
}

/// What is made of words packs well; all else is packed already or is too small to matter.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let texts =
        ["text/", "image/svg+xml", "application/json", "application/geo+json", "application/atom+xml"];
    texts.iter().any(|text| kind.starts_with(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_packed_and_pictures_are_not() {
        let packed = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            is_text(StatusCode::OK, Version::HTTP_11, &headers, &Extensions::new())
        };
        assert!(
            packed("text/html; charset=utf-8") && packed("application/atom+xml") && packed("text/calendar")
        );
        assert!(!packed("image/webp") && !packed("font/woff2") && !packed("application/octet-stream"));
    }
}
