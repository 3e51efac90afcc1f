//! The stylesheet and the mark, inside the binary. Their names carry a hash of their content, so browsers keep them
//! for good and a new release is seen at once.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Path,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{Web, problems::Problem};

/// One file that goes with every page.
struct Asset {
    name: String,
    kind: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, content: &'static str) -> Self {
        let hash: String = folkmoot_app::keys::hash(content).chars().take(16).collect();
        Self { name: format!("{stem}.{hash}.{ending}"), kind, content }
    }

    fn path(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

static STYLESHEET: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../assets/folkmoot.css");
    Asset::new("folkmoot", "css", "text/css; charset=utf-8", content)
});

static MARK: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("mark", "svg", "image/svg+xml", include_str!("../assets/mark.svg")));

/// Where the stylesheet is.
pub(crate) fn stylesheet() -> String {
    STYLESHEET.path()
}

/// Where the mark is.
pub(crate) fn mark() -> String {
    MARK.path()
}

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/assets/{name}", get(file))
}

async fn file(Path(name): Path<String>) -> Result<Response, Problem> {
    let known = [&*STYLESHEET, &*MARK].into_iter().find(|asset| asset.name == name);
    let asset = known.ok_or(Problem::Missing)?;
    let headers = [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.content).into_response())
}
