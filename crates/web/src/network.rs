//! The association of associations: alliances, members, partners, as a list, a drawn graph and JSON.

use axum::Router;

use crate::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}
