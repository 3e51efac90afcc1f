//! Calendar files: one event, and every event of a list.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
