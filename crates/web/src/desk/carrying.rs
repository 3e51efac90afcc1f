//! What an association passes on: by hand, by rule, what a rule found, and what is taken down again.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
