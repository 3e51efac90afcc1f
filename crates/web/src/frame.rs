//! What stands around every page: the sign with its five words, the head for search engines and for those who share
//! a link, the foot.
//!
//! It is the same for everyone, signed in or not, so that no kept copy of a page shows one reader what is another's.

use std::sync::Arc;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use url::Url;

use crate::{
    Settings, Web,
    assets::{self, Script, Sheet},
    problems::Problem,
};

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
    /// Found where it was published, and so not here.
    pub unlisted: bool,
    /// The picture of what is shown, and what it shows in words.
    pub picture: Option<(Url, String)>,
    /// The same things in other forms: media type, path and what they hold.
    pub feeds: Vec<(&'static str, String, String)>,
    sheets: Vec<Sheet>,
    scripts: Vec<Script>,
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
            unlisted: false,
            picture: None,
            feeds: Vec::new(),
            sheets: Vec::new(),
            scripts: Vec::new(),
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

    /// Not for search engines, which find it where it was published.
    pub(crate) fn not_for_search(mut self) -> Self {
        self.unlisted = true;
        self
    }

    /// The picture that those who share it see, and its words.
    pub(crate) fn picturing(mut self, picture: &Url, words: &str) -> Self {
        self.picture = Some((picture.clone(), words.to_owned()));
        self
    }

    /// An Atom feed of the same things.
    pub(crate) fn feeding(self, path: &str, title: &str) -> Self {
        self.also("application/atom+xml", path, title)
    }

    /// The same things in another form.
    pub(crate) fn also(mut self, kind: &'static str, path: &str, title: &str) -> Self {
        self.feeds.push((kind, path.to_owned(), title.to_owned()));
        self
    }

    /// Dressed with this sheet besides the one of the house.
    pub(crate) fn with(mut self, sheet: Sheet) -> Self {
        self.sheets.push(sheet);
        self
    }

    /// With this script, which is nice to have and never needed.
    pub(crate) fn running(mut self, script: Script) -> Self {
        self.scripts.push(script);
        self
    }

    /// Where its sheets are, the house's first.
    pub(crate) fn sheets(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(assets::STYLESHEET).chain(self.sheets.iter().map(|sheet| sheet.path()))
    }

    /// Where its scripts are.
    pub(crate) fn scripts(&self) -> impl Iterator<Item = &'static str> {
        self.scripts.iter().map(|script| script.path())
    }

    /// Does it say `hx-`?
    pub(crate) fn says_hx(&self) -> bool {
        self.scripts.contains(&Script::Htmx)
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
