//! NodeInfo 2.1 and 2.0: what this server runs and how much of it there is, for whoever counts servers.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use folkmoot_domain::Moment;
use folkmoot_storage::associations;
use folkmoot_wire::nodeinfo::{self as wire, NodeFacts};
use serde_json::Value;

use crate::{
    door::{Here, lock},
    problem::Problem,
};

/// How old the counts may be, in milliseconds; nobody needs them fresher, and counting costs a walk.
const COUNTED: i64 = 10 * folkmoot_domain::moments::MINUTE;

/// How many associations are here and what they published, as of a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    at: Moment,
    associations: i64,
    items: i64,
}

/// `/.well-known/nodeinfo`
pub(crate) async fn links(State(here): State<Here>) -> Response {
    json("application/json", &wire::links(&here.app.addresses))
}

/// `/nodeinfo/2.1`
pub(crate) async fn document_2_1(State(here): State<Here>) -> Result<Response, Problem> {
    document(&here, "2.1").await
}

/// `/nodeinfo/2.0`
pub(crate) async fn document_2_0(State(here): State<Here>) -> Result<Response, Problem> {
    document(&here, "2.0").await
}

async fn document(here: &Here, version: &str) -> Result<Response, Problem> {
    let (counts, name) = (counts(here).await?, here.app.addresses.host());
    let facts = NodeFacts {
        version: env!("CARGO_PKG_VERSION"),
        name: &name,
        actors: counts.associations,
        items: counts.items,
        // What others write back lives with them.
        replies: 0,
        open: false,
    };
    let profile =
        format!("application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/{version}#\"");
    Ok(json(&profile, &wire::document(version, facts)))
}

async fn counts(here: &Here) -> Result<Counts, Problem> {
    let now = here.app.now();
    let before = *lock(&here.door.counts);
    if let Some(before) = before.filter(|before| now < before.at.plus(COUNTED)) {
        return Ok(before);
    }
    let listed = associations::list(&here.app.store.rows()).await?;
    let associations = i64::try_from(listed.len()).unwrap_or(i64::MAX);
    let counts = Counts { at: now, associations, items: listed.iter().map(|seen| seen.published).sum() };
    *lock(&here.door.counts) = Some(counts);
    Ok(counts)
}

fn json(media_type: &str, value: &Value) -> Response {
    let media_type =
        HeaderValue::from_str(media_type).unwrap_or(HeaderValue::from_static("application/json"));
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    (headers, value.to_string()).into_response()
}
