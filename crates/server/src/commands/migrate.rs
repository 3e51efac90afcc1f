//! `folkmoot migrate`: brings the database up to date.

use anyhow::Context as _;
use serde_json::json;

use super::Answers;
use crate::{
    cli::Migrate,
    config::{Config, DatabaseUrl},
    opening::{self, Missing},
    ports::Ports,
};
use folkmoot_storage::Store;

/// Does it, or only says what would be done.
pub async fn run(what: Migrate, config: &Config, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let pending = pending(config).await?;
    let steps = |count: usize| if count == 1 { "1 step".to_owned() } else { format!("{count} steps") };
    let url = &config.database.url;
    let sentence = match pending {
        None => format!("The database {url} is to be made"),
        Some(0) => format!("The database {url} is up to date"),
        Some(count) => format!("The database {url} is {} behind this program", steps(count)),
    };
    if what.dry_run {
        let object = json!({ "database": url.to_string(), "pending": pending, "migrated": false });
        answers.thing(format!("{sentence}."), &object)?;
        return Ok(());
    }
    opening::open(config, Ports::real(), Missing::Make).await?;
    let object = json!({ "database": url.to_string(), "pending": 0, "migrated": pending != Some(0) });
    let done = if pending == Some(0) { "" } else { "; now it is up to date" };
    answers.thing(format!("{sentence}{done}."), &object)?;
    Ok(())
}

/// How many steps the database is behind; none when there is no database yet.
async fn pending(config: &Config) -> anyhow::Result<Option<usize>> {
    let url = &config.database.url;
    if let DatabaseUrl::Sqlite(file) = url
        && !file.exists()
    {
        return Ok(None);
    }
    let store = Store::open(&url.to_connect())
        .await
        .with_context(|| format!("the database {url} cannot be opened"))?;
    let pending = store.pending_migrations().await?;
    store.close().await?;
    Ok(Some(pending))
}
