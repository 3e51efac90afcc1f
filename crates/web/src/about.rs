//! What this place is and whom to write to, what it keeps of whom, for whom it works; and, for those who watch over
//! servers, whether it is well.
//!
//! The pages say what this software does, from the same constants, and nothing that it does not.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use folkmoot_app::people::{IDLE, SESSION};
use folkmoot_domain::{
    moments::{DAY, HOUR},
    visitors::{CONFIRM, KEPT},
};
use folkmoot_storage::{associations, settings};

use crate::{
    Contact, Tiles, Web,
    frame::{Answer, Frame, draw},
    rows::By,
    words,
};

/// RFC 9457.
const UNWELL: &str = r#"{"type":"about:blank","title":"The database does not answer","status":503}"#;
/// What runs here.
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/about", get(about))
        .route("/privacy", get(privacy))
        .route("/accessibility", get(accessibility))
        .route("/health", get(health))
}

#[derive(Template)]
#[template(path = "about/page.html")]
struct AboutPage {
    frame: Frame,
    place: String,
    contact: Contact,
    associations: Vec<By>,
    source: Option<String>,
    version: &'static str,
}

async fn about(State(web): State<Web>) -> Answer {
    let settings = &web.settings;
    let here = associations::list(&web.rows()).await?;
    draw(&AboutPage {
        frame: Frame::new(&web, "About this board").describing(&format!(
            "What this board is, who looks after it, and how to reach them: {}.",
            settings.place
        )),
        place: settings.place.clone(),
        contact: settings.contact.clone(),
        associations: here.iter().map(|seen| By::new(&seen.actor)).collect(),
        source: settings.source.as_ref().and_then(words::web_link),
        version: VERSION,
    })
}

#[derive(Template)]
#[template(path = "about/privacy.html")]
struct PrivacyPage {
    frame: Frame,
    place: String,
    contact: Contact,
    /// Who is asked for map tiles, when somebody is.
    tiles: Option<String>,
    confirm_hours: i64,
    visitor_days: i64,
    session_days: i64,
    idle_days: i64,
}

async fn privacy(State(web): State<Web>) -> Answer {
    let settings = &web.settings;
    draw(&PrivacyPage {
        frame: Frame::new(&web, "Privacy")
            .describing(&format!("What {} keeps of whom, for how long, and who sees it.", settings.place)),
        place: settings.place.clone(),
        contact: settings.contact.clone(),
        tiles: settings.tiles.as_ref().map(host),
        confirm_hours: CONFIRM / HOUR,
        visitor_days: KEPT / DAY,
        session_days: SESSION / DAY,
        idle_days: IDLE / DAY,
    })
}

/// Whose tiles they are, in words.
fn host(tiles: &Tiles) -> String {
    let rest = tiles.address.split_once("://").map_or(tiles.address.as_str(), |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().replace("{s}.", "")
}

#[derive(Template)]
#[template(path = "about/accessibility.html")]
struct AccessibilityPage {
    frame: Frame,
    contact: Contact,
}

async fn accessibility(State(web): State<Web>) -> Answer {
    draw(&AccessibilityPage {
        frame: Frame::new(&web, "Accessibility")
            .describing("For whom this board works, what does not work yet, and whom to tell."),
        contact: web.settings.contact.clone(),
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
