//! `folkmoot mails`: letters that wait, were given up or are kept, and sending them again.

use anyhow::bail;
use folkmoot_app::{
    App, By,
    mails::{self, Due, Letter},
};
use folkmoot_domain::{MailId, mails::MailState};
use folkmoot_storage::mails::Stored;
use serde_json::{Value, json};

use super::Answers;
use crate::{cli::Mails, config::Config, instance};

/// Most lines of one list.
const MOST: u64 = 1_000;

/// Does what was asked.
pub async fn run(what: Mails, config: &Config, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    match what {
        Mails::List { all } => list(app, all, answers).await,
        Mails::Show { mail } => show(mail, config, app, answers).await,
        Mails::Retry(retry) => {
            let count = mails::retry(app, &By::operator(), retry.mail).await?;
            let words = match count {
                0 => "Nothing of that waits.".to_owned(),
                1 => "1 letter is sent again, by the server that runs.".to_owned(),
                count => format!("{count} letters are sent again, by the server that runs."),
            };
            answers.thing(words, &json!({ "retried": count }))?;
            Ok(())
        }
    }
}

async fn list(app: &App, all: bool, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let found = mails::list(app, None, MOST).await?;
    let shown: Vec<_> =
        found.into_iter().filter(|(stored, _)| all || stored.state != MailState::Sent).collect();
    if shown.is_empty() {
        answers.word("Nothing waits: every letter went.")?;
    }
    for (stored, _) in shown {
        answers.thing(line(&stored), &object(&stored))?;
    }
    Ok(())
}

async fn show(id: MailId, config: &Config, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let Some((stored, letter)) = mails::find(app, id).await? else {
        bail!("there is no letter {id}; `folkmoot mails list` shows those there are");
    };
    let Some(letter) = letter else { bail!("the letter {id} went; its words were not kept") };
    let mail = words(config, app, &stored, letter)?;
    let mut object = object(&stored);
    if let Value::Object(fields) = &mut object {
        fields.insert("subject".to_owned(), mail.subject.clone().into());
        fields.insert("text".to_owned(), mail.text.clone().into());
    }
    answers.thing(format!("To: {}\nSubject: {}\n\n{}", mail.to, mail.subject, mail.text), &object)?;
    Ok(())
}

fn words(
    config: &Config,
    app: &App,
    stored: &Stored,
    letter: Letter,
) -> anyhow::Result<folkmoot_app::ports::Mail> {
    let due = Due { stored: stored.clone(), letter };
    Ok(folkmoot_web::mails::render(app, &instance::settings(config), &due)?)
}

fn line(stored: &Stored) -> String {
    let what = match stored.state {
        MailState::Waiting if stored.attempts == 0 => "not tried yet".to_owned(),
        MailState::Waiting => format!("tried {} times, next at {}", stored.attempts, stored.next.rfc3339()),
        MailState::Sent => "went".to_owned(),
        MailState::Failed => format!("given up after {} attempts", stored.attempts),
        MailState::Kept => "kept, since no mail server is named".to_owned(),
    };
    let problem = stored.problem.as_ref().map(|problem| format!(": {problem}")).unwrap_or_default();
    format!("{}  {}  {}  {what}{problem}", stored.id, stored.recipient, stored.kind)
}

fn object(stored: &Stored) -> Value {
    json!({
        "id": stored.id.to_string(),
        "to": stored.recipient,
        "kind": stored.kind,
        "state": stored.state.word(),
        "attempts": stored.attempts,
        "next": stored.next.rfc3339(),
        "since": stored.since.rfc3339(),
        "problem": stored.problem,
    })
}
