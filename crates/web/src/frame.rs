//! What stands around every page: the sign with its five words, the head for search engines and for those who share
//! a link, the foot.
//!
//! It is the same for everyone, signed in or not, so that no kept copy of a page shows one reader what is another's.

use std::sync::Arc;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use url::Url;

use crate::{Settings, Web, assets, problems::Problem};

/// What a handler answers.
pub(crate) type Answer = Result<Response, Problem>;

/// Which word of the sign is the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Calls,
    Projects,
    Events,
    Associations,
    Causes,
    None,
}

/// The words around a page.
pub(crate) struct Frame {
    pub settings: Arc<Settings>,
    pub title: String,
    pub description: String,
    section: Section,
    /// The address of this page, for those who share it.
    pub page: Option<Url>,
    /// The ActivityPub id of what is shown.
    pub id: Option<Url>,
    pub secret: bool,
    pub stylesheet: String,
    pub mark: String,
}

impl Frame {
    /// The frame of a page with this title.
    pub(crate) fn new(web: &Web, title: &str) -> Self {
        Self {
            settings: Arc::clone(&web.settings),
            title: title.to_owned(),
            description: String::new(),
            section: Section::None,
            page: None,
            id: None,
            secret: false,
            stylesheet: assets::stylesheet(),
            mark: assets::mark(),
        }
    }

    /// What the page is about, in a sentence.
    pub(crate) fn describing(mut self, description: &str) -> Self {
        description.clone_into(&mut self.description);
        self
    }

    /// The word of the sign it belongs to.
    pub(crate) fn under(mut self, section: Section) -> Self {
        self.section = section;
        self
    }

    /// Its address, and the id of what it shows.
    pub(crate) fn of(mut self, page: &Url, id: &Url) -> Self {
        self.page = Some(page.clone());
        self.id = Some(id.clone());
        self
    }

    /// Not for search engines.
    pub(crate) fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Is this word of the sign the current one?
    pub(crate) fn at(&self, section: &str) -> bool {
        let word = match self.section {
            Section::Calls => "calls",
            Section::Projects => "projects",
            Section::Events => "events",
            Section::Associations => "associations",
            Section::Causes => "causes",
            Section::None => "",
        };
        word == section
    }
}

/// Draws a page.
pub(crate) fn draw(page: &impl Template) -> Answer {
    Ok(Html(page.render()?).into_response())
}
