//! Roles in projects: offered, answered, ended; and ideas that are taken up.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
