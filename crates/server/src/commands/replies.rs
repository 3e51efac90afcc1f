//! `folkmoot replies`: lists what people wrote back, and chooses what is shown.

use folkmoot_app::{App, By, replies};
use folkmoot_domain::{
    ReplyId,
    replies::{ReplySeen, ReplyState},
    text::Handle,
};
use serde_json::{Value, json};

use super::{Answers, answers::sheet, finding};
use crate::cli::Replies;

/// Most held replies of one association in one list.
const MOST: u64 = 1_000;

/// Does what was asked.
pub async fn run(what: Replies, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    match what {
        Replies::List { association, item: None } => held(app, association.as_ref(), answers).await,
        Replies::List { item: Some(item), .. } => {
            let item = finding::item(app, &item).await?;
            let shown = folkmoot_storage::replies::shown(&app.store.rows(), item.id).await?;
            list(&shown, "No reply is shown there.", answers)
        }
        Replies::Approve { reply } => judge(app, reply, ReplyState::Approved, answers).await,
        Replies::Decline { reply } => judge(app, reply, ReplyState::Declined, answers).await,
    }
}

async fn held(app: &App, association: Option<&Handle>, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let rows = app.store.rows();
    let mut held = Vec::new();
    for home in finding::homes(app, association).await? {
        held.extend(folkmoot_storage::replies::held(&rows, home, MOST).await?);
    }
    list(&held, "No reply waits to be looked at.", answers)
}

fn list(found: &[ReplySeen], nothing: &str, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    if found.is_empty() {
        answers.word(nothing)?;
    }
    for seen in found {
        answers.thing(words(seen), &object(seen))?;
    }
    Ok(())
}

async fn judge(app: &App, id: ReplyId, state: ReplyState, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    replies::judge(app, &By::operator(), id, state).await?;
    let words = match state {
        ReplyState::Approved => "It is shown now.",
        _ => "It is not shown.",
    };
    answers.thing(words, &json!({ "id": id.to_string(), "state": state.word() }))?;
    Ok(())
}

fn words(seen: &ReplySeen) -> String {
    let who = format!("{} {}", seen.author.name, seen.author.address());
    let direct = if seen.reply.direct { "  to the organisers alone" } else { "" };
    sheet(
        &format!("{}  {}  {}{direct}", seen.reply.id, seen.reply.state.word(), who.trim()),
        &[
            ("wrote", without_tags(&seen.reply.html)),
            ("on", format!("{} ({})", seen.about.title, seen.about.page)),
            ("there", seen.reply.uri.to_string()),
        ],
    )
}

fn object(seen: &ReplySeen) -> Value {
    json!({
        "id": seen.reply.id.to_string(),
        "state": seen.reply.state.word(),
        "direct": seen.reply.direct,
        "author": { "name": seen.author.name, "address": seen.author.address(), "uri": seen.author.uri },
        "html": seen.reply.html,
        "item": { "id": seen.about.id.to_string(), "title": seen.about.title, "page": seen.about.page },
        "uri": seen.reply.uri,
        "published": seen.reply.published.rfc3339(),
        "received": seen.reply.received.rfc3339(),
    })
}

/// Safe HTML as a terminal can show it. What is stored is sanitised already; here only tags go.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for letter in html.replace("<br>", "\n").replace("</p>", "\n").chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if in_tag => {}
            letter => text.push(letter),
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ");
    text.replace("&amp;", "&").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::without_tags;

    #[test]
    fn a_terminal_shows_words() {
        let html =
            "<p>I have <a href=\"https://a.example/\">two</a> spades &amp; gloves</p><p>Ada<br>&lt;3</p>";
        assert_eq!(without_tags(html), "I have two spades & gloves\nAda\n<3");
    }
}
