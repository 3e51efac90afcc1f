//! Posters: an item on one sheet of A4, with tabs to tear off and a QR code.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
