//! WebFinger (RFC 7033): from a handle or any address of ours to the actor or the item.
//!
//! Answers everyone, browsers of other sites included. Start at [`find`].

use axum::{
    extract::{OriginalUri, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use folkmoot_app::{App, instance};
use folkmoot_domain::{
    actors::{Actor, ActorKind},
    items::ItemKind,
};
use folkmoot_storage::actors as actor_rows;
use folkmoot_wire::webfinger::{self as wire, Account};
use serde_json::Value;
use url::Url;

use crate::{actors, door::Here, guard::Refused, identity::WEBFINGER, objects, problem::Problem};

/// What may be known from elsewhere, for an hour.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const EVERYONE: HeaderValue = HeaderValue::from_static("*");

/// `/.well-known/webfinger?resource=…`
pub(crate) async fn find(State(here): State<Here>, OriginalUri(asked): OriginalUri) -> Response {
    let mut response = match answer(&here.app, asked.query().unwrap_or_default()).await {
        Ok(answer) => {
            let headers = [(header::CONTENT_TYPE, WEBFINGER.clone()), (header::CACHE_CONTROL, KEPT)];
            (headers, answer.to_string()).into_response()
        }
        Err(problem) => problem.into_response(),
    };
    // RFC 7033 5
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERYONE);
    response
}

/// `/.well-known/host-meta` (RFC 6415): where WebFinger is, for those who still ask.
pub(crate) async fn host_meta(State(here): State<Here>) -> Response {
    let webfinger = here.app.addresses.at("/.well-known/webfinger");
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" template=\"{webfinger}?resource={{uri}}\"/>\n</XRD>\n"
    );
    let media_type = HeaderValue::from_static("application/xrd+xml; charset=utf-8");
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, KEPT),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERYONE),
    ];
    (headers, body).into_response()
}

async fn answer(app: &App, query: &str) -> Result<Value, Problem> {
    let resource = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "resource");
    let unusable = |reason: &'static str| Refused::new(StatusCode::BAD_REQUEST, reason);
    let (_, resource) = resource.ok_or_else(|| unusable("say which resource"))?; // RFC 7033 4.2
    if let Ok(url) = Url::parse(&resource)
        && matches!(url.scheme(), "https" | "http")
    {
        return by_address(app, &url).await;
    }
    let handle =
        Account::parse(&resource).ok_or_else(|| unusable("the resource is no handle and no address"))?;
    by_handle(app, &handle).await
}

/// The instance goes by its own name and by that of its host, as is the custom.
async fn by_handle(app: &App, handle: &Account) -> Result<Value, Problem> {
    if handle.host != app.addresses.host() {
        return Err(Problem::not_found());
    }
    let application = instance::actor(app).await?;
    if handle.user.eq_ignore_ascii_case(&application.handle) || handle.user == handle.host {
        return describe(app, &application);
    }
    let found = actor_rows::by_handle(&app.store.rows(), &handle.user).await?;
    describe(app, &found.ok_or_else(Problem::not_found)?)
}

/// An id or a page of ours, or the instance itself.
async fn by_address(app: &App, url: &Url) -> Result<Value, Problem> {
    if !app.addresses.is_ours(url) || url.query().is_some() || url.fragment().is_some() {
        return Err(Problem::not_found());
    }
    let parts: Vec<&str> =
        url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] | ["ap", "instance"] => describe(app, &instance::actor(app).await?),
        ["ap", "associations", id] => describe(app, &actors::living_here(app, ActorKind::Group, id).await?),
        ["ap", "people", id] => describe(app, &actors::living_here(app, ActorKind::Person, id).await?),
        ["ap", kind, id] | [kind, id] => item(app, kind, id).await,
        [page] => {
            let handle = page.strip_prefix('@').ok_or_else(Problem::not_found)?;
            let found = actor_rows::by_handle(&app.store.rows(), handle).await?;
            describe(app, &found.ok_or_else(Problem::not_found)?)
        }
        _ => Err(Problem::not_found()),
    }
}

/// An actor under the handle it has now, whichever it was asked for by.
fn describe(app: &App, actor: &Actor) -> Result<Value, Problem> {
    if actor.gone.is_some() {
        return Err(Refused::new(StatusCode::GONE, "it is gone for good").into());
    }
    let subject = format!("acct:{}@{}", actor.handle, app.addresses.host());
    Ok(wire::answer(&subject, &actor.uri, &actor.page, &app.addresses))
}

async fn item(app: &App, kind: &str, id: &str) -> Result<Value, Problem> {
    let kind =
        ItemKind::ALL.into_iter().find(|known| known.plural() == kind).ok_or_else(Problem::not_found)?;
    let item = objects::published(app, kind, id).await?;
    if item.deleted.is_some() {
        return Err(Refused::new(StatusCode::GONE, "it was deleted").into());
    }
    Ok(wire::answer(item.uri.as_str(), &item.uri, &item.page, &app.addresses))
}
