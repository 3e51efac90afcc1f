//! `folkmoot invite`: asks somebody in.

use folkmoot_app::{App, By, invitations, limits};
use serde_json::json;

use super::{Answers, finding};
use crate::cli::Invite;

/// Sends the letter and prints the link.
pub async fn run(what: Invite, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let place = match &what.association {
        Some(handle) => Some((finding::association(app, handle).await?.actor.id, what.role)),
        None => None,
    };
    let link = invitations::invite(app, &By::operator(), limits::HERE, &what.email, place).await?;
    answers.thing(&link, &json!({ "email": what.email, "link": link }))?;
    answers.word("It works once, within seven days. The server that runs sends it in a letter; you can hand it over, too.")?;
    Ok(())
}
