//! `folkmoot people`: who has an account, and who looks after the whole board.

use folkmoot_app::{App, By, people};
use folkmoot_domain::people::Person;
use folkmoot_storage::{actors, people as rows};
use serde_json::json;

use super::Answers;
use crate::cli::People;

/// Does what was asked.
pub async fn run(what: People, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let person = match what {
        People::List => return list(app, answers).await,
        People::Steward { email } => people::make_steward(app, &By::operator(), &email, true).await?,
        People::Unsteward { email } => people::make_steward(app, &By::operator(), &email, false).await?,
    };
    say(app, &person, answers).await
}

async fn list(app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let all = rows::list(&app.store.rows()).await?;
    if all.is_empty() {
        answers.word("Nobody has an account yet. Next: folkmoot invite EMAIL")?;
    }
    for person in all {
        say(app, &person, answers).await?;
    }
    Ok(())
}

async fn say(app: &App, person: &Person, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let found = app.store.rows();
    let mut roles = Vec::new();
    if person.steward {
        roles.push("steward of the board".to_owned());
    }
    for (association, role) in rows::associations_of(&found, person.id).await? {
        if let Some(actor) = actors::find(&found, association).await? {
            roles.push(format!("{} of @{}", role.word(), actor.handle));
        }
    }
    let what = if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") };
    let object = json!({
        "id": person.id.to_string(),
        "handle": person.handle.as_str(),
        "name": person.name,
        "email": person.email,
        "steward": person.steward,
        "roles": roles,
    });
    answers.thing(format!("{}  {}  {what}", person.email, person.name), &object)?;
    Ok(())
}
