//! Proposing a project that nobody here runs yet.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
