//! Sheets, scripts, letters and drawings, inside the binary. Their names carry a hash of their content, so browsers keep
//! them for good and a new release is seen at once; they go out packed as `cargo xtask assets` packed them.
//!
//! Nothing is bundled here and nothing is read from a disk: see `crates/web/assets`. Start at [`Sheet`] and [`icon`].

// Generated, so left as it was written.
#[rustfmt::skip]
#[path = "../assets/built/table.rs"]
mod built;

use std::fmt;

use askama::filters::HtmlSafe;
use axum::{
    Router,
    extract::Path,
    http::{
        HeaderMap,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

pub(crate) use built::icon;

use crate::{Web, headers, problems::Problem};

/// What every page is dressed with.
pub(crate) const STYLESHEET: &str = built::FOLKMOOT_CSS;
/// What a browser shows beside the name of a page.
pub(crate) const FAVICON: &str = built::FAVICON_SVG;
/// The letters of every page, asked for before the sheet that names them is read.
pub(crate) const LETTERS: [&str; 2] = [built::LATIN_400_WOFF2, built::LATIN_700_WOFF2];

/// A sheet that only some pages need; every page has the one of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// A call, a project, an event, an association.
    Item,
    /// The desk: previews.
    Desk,
    /// Charts, and the map beside its list.
    Drawings,
    /// One A4 page.
    Poster,
    /// Leaflet.
    Map,
}

impl Sheet {
    /// Where it is.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Item => built::ITEM_CSS,
            Self::Desk => built::DESK_CSS,
            Self::Drawings => built::DRAWINGS_CSS,
            Self::Poster => built::POSTER_CSS,
            Self::Map => built::MAP_CSS,
        }
    }
}

/// A script that only some pages need. No page depends on one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// htmx, for pages that say `hx-`.
    Htmx,
    /// Leaflet and what draws the map.
    Map,
}

impl Script {
    /// Where it is.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Htmx => built::FOLKMOOT_JS,
            Self::Map => built::MAP_JS,
        }
    }
}

/// A drawing on a square of 24. As HTML it is the drawing itself; the word beside it says what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Icon {
    classes: &'static str,
    shapes: &'static str,
}

impl Icon {
    const fn new(classes: &'static str, shapes: &'static str) -> Self {
        Self { classes, shapes }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = if self.classes.is_empty() { "" } else { " class=\"" };
        let end = if self.classes.is_empty() { "" } else { "\"" };
        let (classes, shapes) = (self.classes, self.shapes);
        write!(out, "<svg{class}{classes}{end} viewBox=\"0 0 24 24\" aria-hidden=\"true\">{shapes}</svg>")
    }
}

/// Both parts are written by `cargo xtask assets`, never by people who use the board.
impl HtmlSafe for Icon {}

/// One file, as it is and packed.
struct Built {
    name: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/assets/{name}", get(file))
        // Browsers look here for what names no mark of its own, such as a feed.
        .route("/favicon.ico", get(|| async { Redirect::temporary(FAVICON) }))
}

async fn file(Path(name): Path<String>, asked: HeaderMap) -> Result<Response, Problem> {
    let mut answer = found(&name, &asked)?;
    answer.extensions_mut().insert(headers::File);
    Ok(answer)
}

fn found(name: &str, asked: &HeaderMap) -> Result<Response, Problem> {
    let built = built::FILES.iter().find(|built| built.name == name).ok_or(Problem::Missing)?;
    let always = [(CONTENT_TYPE, built.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    if built.brotli.is_none() && built.gzip.is_none() {
        return Ok((always, built.plain).into_response());
    }
    let vary = [(VARY, "accept-encoding")];
    let packed = [("br", built.brotli), ("gzip", built.gzip)];
    let chosen = packed
        .into_iter()
        .find_map(|(coding, bytes)| Some((coding, bytes.filter(|_| takes(asked, coding))?)));
    Ok(match chosen {
        Some((coding, bytes)) => (always, vary, [(CONTENT_ENCODING, coding)], bytes).into_response(),
        None => (always, vary, built.plain).into_response(),
    })
}

/// Does the browser take this coding (RFC 9110 12.5.3)? Weights are not compared, but `q=0` is a no.
fn takes(asked: &HeaderMap, coding: &str) -> bool {
    let lists = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight.is_none_or(|weight| weight > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_when_it_is_named_and_not_refused() {
        let takes = |said: &str, coding| {
            let mut headers = HeaderMap::new();
            headers.append(ACCEPT_ENCODING, said.parse().unwrap());
            takes(&headers, coding)
        };
        assert!(takes("gzip, deflate, br, zstd", "br") && takes("gzip;q=0.5,BR ; q=1.0", "br"));
        assert!(
            !takes("gzip, br;q=0", "br")
                && !takes("gzip, br; q=0.000", "br")
                && !takes("*", "br")
                && !takes("", "gzip")
        );
    }

    #[test]
    fn a_drawing_is_html() {
        assert_eq!(
            icon::CHECK.to_string(),
            "<svg class=\"i\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M20 6 9 17l-5-5\"/></svg>"
        );
        assert!(icon::KIND_CALL.to_string().starts_with("<svg viewBox"));
        assert!(icon::REPLY.to_string().starts_with("<svg class=\"i flip\""));
    }
}
