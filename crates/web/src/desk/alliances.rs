//! The ties of an association: propose, answer, end; and how an alliance is founded.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
