//! The stewards' pages: reports, and servers that are blocked.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
