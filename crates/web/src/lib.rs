//! The web door: a plain, readable page behind every id, and the few buttons that issue from it.
//!
//! Doors translate, never decide: a page is drawn from a reading shape, a button calls the function of `app` that
//! every other door calls. Nothing here begins a transaction or speaks ActivityPub. Pages are HTML and style sheets,
//! work without a script, and ask nobody else for anything (map tiles, where the operator names a source, apart).
//!
//! Start at [`routes`]. Each noun has its pages in the module of its name and its templates in `templates/<noun>/`;
//! what stands around every page is [`frame`], what stands before every request [`same_origin`], what goes out with
//! every answer [`headers`], and what is shown when something cannot be shown [`problems`].

mod about;
mod assets;
mod associations;
mod away;
mod calendars;
mod calls;
mod carried;
mod causes;
mod coming;
mod desk;
mod documents;
mod elsewhere;
mod events;
mod feeds;
mod filters;
mod forms;
mod frame;
mod headers;
mod help;
mod home;
mod invitations;
mod items;
mod lists;
pub mod mails;
mod maps;
mod mine;
mod network;
mod nominations;
mod packing;
mod paths;
mod people;
mod pictures;
mod pledges;
mod posters;
mod problems;
mod projects;
mod replies;
mod reports;
mod rows;
mod same_origin;
mod sessions;
mod shapes;
mod stewards;
mod thread;
mod updates;
mod words;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn_with_state, map_response_with_state},
};
use folkmoot_app::App;
use folkmoot_domain::Moment;
use folkmoot_storage::Rows;
use url::Url;

pub use pictures::{UPLOAD, takes_pictures};
pub use sessions::Asker;

/// The largest form that is read, in bytes.
const FORM: usize = 64 * 1024;

/// What the pages say of this place.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of this place: "Hyde Park, Leeds".
    pub place: String,
    /// Whom to write to about it.
    pub contact: Contact,
    /// Where the source code of exactly what runs here can be had (GNU AGPL 13). When it is not known, the page about
    /// this place says to ask the contact.
    pub source: Option<Url>,
    /// Shall the session cookie be `__Host-` and `Secure`? Browsers keep such cookies from https, and from http only
    /// when the host ends in `.localhost`.
    pub secure_cookies: bool,
    /// Is mail kept and shown on a page instead of being sent? Only for trying out and developing.
    pub shows_mail: bool,
    /// Where map tiles come from; none draws markers on a plain ground.
    pub tiles: Option<Tiles>,
}

/// Where map tiles come from: the only thing that pages may ask somebody else for.
#[derive(Debug, Clone)]
pub struct Tiles {
    /// With `{z}`, `{x}` and `{y}`, as in `https://tiles.example/{z}/{x}/{y}.png`.
    pub address: String,
    /// Who made them, as their licence asks.
    pub credit: String,
}

/// Whom to write to about this place.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Who looks after it.
    pub name: String,
    /// Where mail goes; it is public.
    pub email: String,
}

/// What every handler needs.
#[derive(Clone)]
struct Web {
    app: Arc<App>,
    settings: Arc<Settings>,
}

impl Web {
    fn rows(&self) -> Rows<'_> {
        self.app.store.rows()
    }

    fn now(&self) -> Moment {
        self.app.now()
    }
}

/// Every page and every button. It owns the answer to unknown paths: merge it with routers that have no fallback.
pub fn routes(app: App, settings: Settings) -> Router {
    let web = Web { app: Arc::new(app), settings: Arc::new(settings) };
    Router::new()
        .merge(home::routes())
        .merge(calls::routes())
        .merge(projects::routes())
        .merge(events::routes())
        .merge(updates::routes())
        .merge(associations::routes())
        .merge(causes::routes())
        .merge(pledges::routes())
        .merge(people::routes())
        .merge(about::routes())
        .merge(elsewhere::routes())
        .merge(assets::routes())
        .merge(away::routes())
        .merge(calendars::routes())
        .merge(coming::routes())
        .merge(desk::routes())
        .merge(feeds::routes())
        .merge(help::routes())
        .merge(invitations::routes())
        .merge(mails::routes())
        .merge(maps::routes())
        .merge(network::routes())
        .merge(nominations::routes())
        .merge(pictures::routes())
        .merge(posters::routes())
        .merge(replies::routes())
        .merge(reports::routes())
        .merge(stewards::routes())
        .fallback(problems::missing)
        .method_not_allowed_fallback(problems::wrong_method)
        .layer(DefaultBodyLimit::max(FORM))
        .layer(from_fn_with_state(web.clone(), same_origin::check))
        .layer(from_fn_with_state(web.clone(), problems::draw))
        .layer(map_response_with_state(headers::Guard::new(&web), headers::set))
        .layer(packing::layer())
        .with_state(web)
}
