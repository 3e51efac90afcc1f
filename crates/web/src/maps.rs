//! The map of projects, calls and events, the list beside it, and GeoJSON.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
