//! What this place is and whom to write to; and, for those who watch over servers, whether it is well.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use folkmoot_storage::settings;

use crate::{
    Contact, Web,
    frame::{Answer, Frame, draw},
    words,
};

/// RFC 9457.
const UNWELL: &str = r#"{"type":"about:blank","title":"The database does not answer","status":503}"#;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/about", get(page)).route("/health", get(health))
}

#[derive(Template)]
#[template(path = "about/page.html")]
struct AboutPage {
    frame: Frame,
    place: String,
    contact: Contact,
    source: Option<String>,
}

async fn page(State(web): State<Web>) -> Answer {
    let settings = &web.settings;
    draw(&AboutPage {
        frame: Frame::new(&web, "About this board").describing(&format!(
            "What this board is, who looks after it, and how to reach them: {}.",
            settings.place
        )),
        place: settings.place.clone(),
        contact: settings.contact.clone(),
        source: settings.source.as_ref().and_then(words::web_link),
    })
}

/// "ok" when the database answers.
async fn health(State(web): State<Web>) -> Response {
    let no_store = (header::CACHE_CONTROL, "no-store");
    match settings::get(&web.rows(), "health").await {
        Ok(_) => ([no_store], "ok").into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let kind = (header::CONTENT_TYPE, "application/problem+json");
            (StatusCode::SERVICE_UNAVAILABLE, [no_store, kind], UNWELL).into_response()
        }
    }
}
