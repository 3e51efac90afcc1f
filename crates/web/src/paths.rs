//! What the address of a request names, parsed once. What cannot be parsed names nothing, and nothing is not found.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};
use folkmoot_domain::Moment;
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

/// `?before=<milliseconds>`: only what was published before. Anything else is the first page.
pub(crate) struct Before(pub Option<Moment>);

#[derive(Deserialize)]
struct Paging {
    before: Option<i64>,
}

impl<S: Send + Sync> FromRequestParts<S> for Before {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let paging = Query::<Paging>::try_from_uri(&parts.uri).ok();
        Ok(Self(paging.and_then(|Query(paging)| paging.before).map(Moment)))
    }
}
