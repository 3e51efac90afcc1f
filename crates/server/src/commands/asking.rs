//! Questions to whoever sits at the terminal. Where nobody sits, the flag that answers is named instead.

use anyhow::{Context as _, bail};
use dialoguer::{Confirm, Input};

/// Is it meant? `--yes` answers beforehand.
pub fn sure(question: &str, yes: bool, somebody_there: bool) -> anyhow::Result<()> {
    if yes {
        return Ok(());
    }
    if !somebody_there {
        bail!("nobody is there to be asked whether this is meant; say it with --yes");
    }
    let meant =
        Confirm::new().with_prompt(question).default(false).interact().context("no answer could be read")?;
    if meant { Ok(()) } else { bail!("nothing was done") }
}

/// Asks until the answer can be read; the reasons why not come from `read`.
pub fn ask<T>(
    question: &str,
    usual: Option<String>,
    read: impl Fn(&str) -> Result<T, String>,
) -> anyhow::Result<T> {
    let input = Input::<String>::new()
        .with_prompt(question)
        .validate_with(|answer: &String| read(answer).map(|_| ()));
    let input = match usual {
        Some(usual) => input.default(usual),
        None => input,
    };
    let answer = input.interact_text().context("no answer could be read")?;
    read(&answer).map_err(anyhow::Error::msg)
}
