//! Letters in words, as text and as HTML; and, where mail is kept, the page that shows them.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
