//! Where other servers send their people who want to do something with an address (`OStatus` subscribe, FEP-3b86).
//!
//! What is ours is shown; what hangs elsewhere gets a page that says so and leads there.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_storage::{actors, items};
use serde::Deserialize;
use url::Url;

use crate::{
    Web,
    frame::{Answer, Frame, draw},
    problems::Problem,
    words,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/interact", get(page))
}

#[derive(Deserialize)]
struct Wanted {
    uri: String,
}

#[derive(Template)]
#[template(path = "elsewhere/page.html")]
struct ElsewherePage {
    frame: Frame,
    address: String,
    host: String,
    link: Option<String>,
}

async fn page(
    State(web): State<Web>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    let Ok(Query(Wanted { uri })) = wanted else { return Err(Problem::Missing) };
    if uri.chars().any(char::is_control) {
        return Err(Problem::Missing);
    }
    if let Some(page) = ours(&web, &uri).await? {
        return Ok(Redirect::to(page.path()).into_response());
    }
    let address = Url::parse(&uri).ok().filter(|url| !web.app.addresses.is_ours(url));
    let link = address.as_ref().filter(|url| is_a_server(url)).and_then(words::web_link);
    let host = address.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned();
    let frame = Frame::new(&web, "This hangs on another board").secret();
    draw(&ElsewherePage { frame, host, link, address: uri })
}

/// Servers have names. An address in numbers, a bare name or one with a password is somebody's trick, or their own network.
fn is_a_server(url: &Url) -> bool {
    let plain = url.username().is_empty() && url.password().is_none();
    plain && url.domain().is_some_and(|name| name.trim_end_matches('.').contains('.'))
}

/// The page of a thing or an actor of ours: by its id, or by `acct:` and its handle.
async fn ours(web: &Web, uri: &str) -> Result<Option<Url>, Problem> {
    let rows = web.rows();
    if let Some(item) = items::by_uri(&rows, uri).await? {
        return Ok(Some(item.page).filter(|page| web.app.addresses.is_ours(page)));
    }
    let handle = uri.trim_start_matches("acct:").trim_start_matches('@').split_once('@');
    let actor = match handle {
        Some((handle, host)) if host.eq_ignore_ascii_case(&web.app.addresses.host()) => {
            actors::by_handle(&rows, handle).await?
        }
        Some(_) => None,
        None => actors::by_uri(&rows, uri).await?.filter(|actor| actor.local && !actor.is_visitor()),
    };
    let address =
        Url::parse(uri).ok().filter(|url| web.app.addresses.is_ours(url) && url.path() != "/interact");
    Ok(actor.map(|actor| actor.page).or(address))
}
