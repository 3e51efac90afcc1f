//! `folkmoot blocks`: shuts out a domain, or lets it in again.

use anyhow::bail;
use folkmoot_app::{App, By, blocks};
use folkmoot_storage::blocks::Block;
use serde_json::{Value, json};

use super::Answers;
use crate::cli::Blocks;

/// Does what was asked.
pub async fn run(what: Blocks, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    match what {
        Blocks::Add { domain, reason } => {
            let block = blocks::block(app, &By::operator(), &domain, &reason).await?;
            let words = format!("{} is shut out, with every name below it.", block.domain);
            answers.thing(words, &object(&block))?;
        }
        Blocks::Remove { domain } => {
            if !blocks::unblock(app, &By::operator(), &domain).await? {
                bail!("{domain} was not shut out");
            }
            let object = json!({ "domain": domain, "blocked": false });
            answers.thing(format!("{domain} may speak again."), &object)?;
        }
        Blocks::List => list(app, answers).await?,
    }
    Ok(())
}

async fn list(app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let blocks = folkmoot_storage::blocks::list(&app.store.rows()).await?;
    if blocks.is_empty() {
        answers.word("Nobody is shut out.")?;
    }
    for block in blocks {
        let reason = if block.reason.is_empty() { "no reason given" } else { &block.reason };
        let since = block.since.rfc3339();
        answers.thing(format!("{}  since {since}  {reason}", block.domain), &object(&block))?;
    }
    Ok(())
}

fn object(block: &Block) -> Value {
    json!({
        "domain": block.domain,
        "blocked": true,
        "reason": block.reason,
        "since": block.since.rfc3339(),
    })
}
