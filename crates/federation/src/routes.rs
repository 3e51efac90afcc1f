//! Every address of the door for other servers, and who answers there.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use folkmoot_app::App;
use folkmoot_domain::items::ItemKind;

use crate::{
    actors, collections,
    door::{Door, Here},
    inbox, nodeinfo, objects, webfinger,
};

/// The door as a router, to stand beside the pages. Inboxes read their bodies themselves, with limits.
pub fn routes(app: App, door: Arc<Door>) -> Router {
    let here = Here { app, door };
    inboxes().merge(documents()).merge(items()).merge(discovery()).with_state(here)
}

fn inboxes() -> Router<Here> {
    Router::new()
        .route("/ap/inbox", post(inbox::receive))
        .route("/ap/instance/inbox", post(inbox::receive))
        .route("/ap/associations/{id}/inbox", post(inbox::receive_for_association))
        .route("/ap/people/{id}/inbox", post(inbox::receive_for_person))
}

fn documents() -> Router<Here> {
    Router::new()
        .route("/ap/instance", get(actors::application))
        .route("/ap/instance/{name}", get(collections::of_instance))
        .route("/ap/associations/{id}", get(actors::association))
        .route("/ap/associations/{id}/{name}", get(collections::of_association))
        .route("/ap/people/{id}", get(actors::person))
        .route("/ap/people/{id}/{name}", get(collections::of_person))
        .route("/ap/notes/{id}", get(objects::note))
        .route("/ap/replies/{id}", get(objects::reply))
        .route("/ap/activities/{id}", get(objects::activity))
        .route("/ap/associations/{id}/stamps/{tie}", get(objects::stamp))
        .route("/ap/affiliations/{id}", get(objects::affiliation))
        .route("/ap/causes/{id}", get(objects::cause))
}

fn items() -> Router<Here> {
    ItemKind::ALL.into_iter().fold(Router::new(), |router, kind| {
        let path = format!("/ap/{}/{{id}}", kind.plural());
        router.route(&path, get(move |here, id, headers| objects::item(kind, here, id, headers))).route(
            &format!("{path}/{{name}}"),
            get(move |here, names, asked| collections::of_item(kind, here, names, asked)),
        )
    })
}

fn discovery() -> Router<Here> {
    Router::new()
        .route("/.well-known/webfinger", get(webfinger::find))
        .route("/.well-known/host-meta", get(webfinger::host_meta))
        .route("/.well-known/nodeinfo", get(nodeinfo::links))
        .route("/nodeinfo/2.1", get(nodeinfo::document_2_1))
        .route("/nodeinfo/2.0", get(nodeinfo::document_2_0))
}
