//! People: signing in and out, and one's own page with what is known of oneself.
//!
//! Programs fetch links, so opening one spends nothing: signing in is a button. Whoever signs in gets a new session, and the
//! one that their browser brought is over. Start at [`signing_in`]; one's own page is [`me`], what can be changed there
//! [`settings`].

mod me;
mod settings;
mod signing_in;

use axum::{
    Router,
    http::{HeaderMap, header},
    middleware::map_response,
    response::{IntoResponse, Redirect},
};
use folkmoot_app::people;

use crate::{Web, frame::Answer, headers, sessions};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .merge(signing_in::routes())
        .merge(me::routes())
        .merge(settings::routes())
        .layer(map_response(headers::secret))
}

/// Goes on to this page with a fresh session; the one that the browser brought is over.
pub(crate) async fn go_on(web: &Web, brought: &HeaderMap, session: &str, to: &str) -> Answer {
    if let Some(old) = sessions::secret(brought, &web.settings) {
        people::sign_out(&web.app, old).await?;
    }
    let cookie = sessions::cookie(session, &web.settings)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(to)).into_response())
}
