//! "I can help" for anyone: a form on every call, confirmed from the mail.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
