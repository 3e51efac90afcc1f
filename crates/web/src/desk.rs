//! The organiser's desk: what to answer, what is on today, what is owed, and nothing else.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
