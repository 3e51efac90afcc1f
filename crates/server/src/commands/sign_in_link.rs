//! `folkmoot sign-in-link`: a link with which a person signs in, once.

use folkmoot_app::{App, By, people};
use serde_json::json;

use super::Answers;
use crate::cli::SignInLink;

/// Makes one and prints it.
pub async fn run(what: &SignInLink, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let link = people::sign_in_link(app, &By::operator(), &what.email).await?;
    answers.thing(&link, &json!({ "email": what.email, "link": link }))?;
    answers.word("It works once, within a day. Hand it to the person by a way you trust.")?;
    Ok(())
}
