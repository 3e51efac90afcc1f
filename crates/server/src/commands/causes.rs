//! `folkmoot causes`: what is fought for here.

use folkmoot_app::App;
use serde_json::json;

use super::Answers;
use crate::cli::Causes;

/// Lists them.
pub async fn run(what: Causes, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let Causes::List = what;
    let causes = folkmoot_storage::causes::list(&app.store.rows()).await?;
    if causes.is_empty() {
        answers.word(
            "No cause has been named yet: write `causes = [\"StreetTrees\"]` in the front matter of a call.",
        )?;
    }
    let width = causes.iter().map(|cause| cause.hashtag().chars().count()).max().unwrap_or_default();
    for cause in causes {
        let (tag, page) = (cause.hashtag(), cause.page);
        let object = json!({ "id": cause.id.to_string(), "uri": cause.uri, "hashtag": tag, "page": page });
        answers.thing(format!("{tag:width$}  {page}"), &object)?;
    }
    Ok(())
}
