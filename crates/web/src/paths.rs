//! What the address of a request names, parsed once. What cannot be parsed names nothing, and nothing is not found.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::{StatusCode, header::LOCATION, request::Parts},
    response::{IntoResponse, Response},
};
use folkmoot_domain::Moment;
use folkmoot_storage::items::Bookmark;
use serde::Deserialize;

use crate::problems::Problem;

/// The one thing that the path names.
pub(crate) struct Named<T>(pub T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok(Path(text)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(Problem::Missing);
        };
        // Nothing here has a name with control characters, and PostgreSQL will not even look for one with a NUL.
        if text.chars().any(char::is_control) {
            return Err(Problem::Missing);
        }
        text.parse().map(Self).map_err(|_| Problem::Missing)
    }
}

/// `?before=<milliseconds>-<id>`: only what stands behind that item. Anything else is the first page.
pub(crate) struct Before(pub Option<Bookmark>);

#[derive(Deserialize)]
struct Paging {
    before: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Before {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let paging = Query::<Paging>::try_from_uri(&parts.uri).ok();
        let before = paging.and_then(|Query(paging)| paging.before);
        Ok(Self(before.as_deref().and_then(bookmark)))
    }
}

/// How a place in a list stands in an address.
pub(crate) fn bookmarked(mark: Bookmark) -> String {
    format!("{}-{}", mark.published.0, mark.item)
}

fn bookmark(text: &str) -> Option<Bookmark> {
    let (published, item) = text.split_once('-')?;
    Some(Bookmark { published: Moment(published.parse().ok()?), item: item.parse().ok()? })
}

/// It hangs there now, and for good: `path` is one of ours, already encoded.
pub(crate) fn moved(path: &str) -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(LOCATION, path)]).into_response()
}
