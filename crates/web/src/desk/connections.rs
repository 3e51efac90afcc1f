//! Whom an association listens to: begin, look how it stands, end.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
