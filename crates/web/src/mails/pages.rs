//! Where mail is kept: the page that lists letters, and the one that shows a letter as its reader gets it.
//!
//! Only for trying out and developing, since whoever reads these pages can sign in as anybody.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    middleware::map_response,
    response::{Html, IntoResponse},
    routing::get,
};
use folkmoot_app::{
    keys,
    mails::{self, Letter},
    ports::Mail,
};
use folkmoot_domain::{MailId, Moment};
use folkmoot_storage::mails::Stored;
use jiff::tz::TimeZone;

use super::{STYLE, link_of, written};
use crate::{
    Web,
    frame::{Answer, Frame, draw},
    headers,
    paths::Named,
    problems::Problem,
    words,
};

/// How many letters are listed.
const MOST: u64 = 100;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/mail", get(list))
        .route("/mail/{id}", get(one))
        .route("/mail/{id}/letter", get(letter))
        .layer(map_response(headers::secret))
}

#[derive(Template)]
#[template(path = "mails/list.html")]
struct ListPage {
    frame: Frame,
    letters: Vec<Row>,
}

struct Row {
    path: String,
    to: String,
    subject: String,
    when: String,
}

/// Does this place show its mail at all?
fn shown(web: &Web) -> Result<(), Problem> {
    if web.settings.shows_mail { Ok(()) } else { Err(Problem::Missing) }
}

fn when(stored: &Stored, now: Moment) -> String {
    words::moment(stored.since, now, &TimeZone::UTC)
}

async fn list(State(web): State<Web>) -> Answer {
    shown(&web)?;
    let mut letters = Vec::new();
    for (stored, letter) in mails::list(&web.app, None, MOST).await? {
        let subject = match letter {
            Some(letter) => written(&web.app, &web.settings, stored.id, &stored.recipient, &letter)?.subject,
            None => format!("A letter that went ({})", stored.kind),
        };
        let path = format!("/mail/{}", stored.id);
        letters.push(Row { path, when: when(&stored, web.now()), to: stored.recipient, subject });
    }
    draw(&ListPage { frame: Frame::new(&web, "Letters that were kept").secret(), letters })
}

#[derive(Template)]
#[template(path = "mails/page.html")]
struct OnePage {
    frame: Frame,
    to: String,
    subject: String,
    when: String,
    text: String,
    page: String,
    /// Its one link: what it says, and where it leads.
    link: Option<(&'static str, String)>,
    problem: Option<String>,
}

async fn found(web: &Web, id: MailId) -> Result<(Stored, Letter, Mail), Problem> {
    shown(web)?;
    let (stored, letter) = mails::find(&web.app, id).await?.ok_or(Problem::Missing)?;
    let letter = letter.ok_or(Problem::Missing)?;
    let mail = written(&web.app, &web.settings, id, &stored.recipient, &letter)?;
    Ok((stored, letter, mail))
}

async fn one(State(web): State<Web>, Named(id): Named<MailId>) -> Answer {
    let (stored, letter, mail) = found(&web, id).await?;
    draw(&OnePage {
        frame: Frame::new(&web, &mail.subject).secret(),
        when: when(&stored, web.now()),
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        page: format!("/mail/{id}/letter"),
        link: link_of(&letter, &web.settings.place),
        problem: stored.problem,
    })
}

/// The letter alone. It may do nothing but look as it looks.
async fn letter(State(web): State<Web>, Named(id): Named<MailId>) -> Answer {
    let (_, _, mail) = found(&web, id).await?;
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}='; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
        keys::hash(STYLE)
    );
    let policy = HeaderValue::from_str(&policy).map_err(|error| Problem::broken(&error))?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(mail.html)).into_response())
}
