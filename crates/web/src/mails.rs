//! Letters in words, as text and as HTML; and, where mail is kept, the page that shows them.
//!
//! A letter says the same in both, asks nobody for anything and counts nobody: no picture, no hidden sign. What people
//! wrote is escaped, and can begin no header: a subject is one line. Start at [`render`]; the words are in [`words`].

mod pages;
mod words;

use askama::Template;
use folkmoot_app::{
    App,
    mails::{Due, Letter},
    ports::Mail,
};

use crate::{Settings, Web};

pub(crate) use pages::routes;

/// Longest subject, in characters: what phones show and no relay folds badly.
const SUBJECT: usize = 150;

/// How letters look. A page of ours names this style by its digest, so that it may stand in the letter.
const STYLE: &str = include_str!("../templates/mails/letter.css");

#[derive(Template)]
#[template(path = "mails/letter.txt")]
struct AsText<'l> {
    words: &'l words::Words,
    place: &'l str,
    base: &'l str,
    to: &'l str,
}

#[derive(Template)]
#[template(path = "mails/letter.html")]
struct AsHtml<'l> {
    words: &'l words::Words,
    style: &'static str,
    place: &'l str,
    base: &'l str,
    to: &'l str,
}

/// Puts a letter that is due into words.
pub fn render(app: &App, settings: &Settings, due: &Due) -> Result<Mail, askama::Error> {
    written(app, settings, due.stored.id, &due.stored.recipient, &due.letter)
}

/// A letter as somebody would get it, for an organiser who looks before it goes.
pub(crate) fn shown(web: &Web, letter: &Letter) -> Result<Mail, askama::Error> {
    written(&web.app, &web.settings, folkmoot_domain::MailId(uuid::Uuid::nil()), "priya@mail.example", letter)
}

fn written(
    app: &App,
    settings: &Settings,
    id: folkmoot_domain::MailId,
    to: &str,
    letter: &Letter,
) -> Result<Mail, askama::Error> {
    let words = words::words(letter, &settings.place);
    let (place, base) = (settings.place.as_str(), app.addresses.base().as_str());
    Ok(Mail {
        id,
        to: to.to_owned(),
        subject: subject(&words.subject),
        text: AsText { words: &words, place, base, to }.render()?,
        html: AsHtml { words: &words, style: STYLE, place, base, to }.render()?,
        notice: words.notice,
    })
}

/// The one link of a letter: what it says, and where it leads.
fn link_of(letter: &Letter, place: &str) -> Option<(&'static str, String)> {
    words::words(letter, place).link.map(|link| (link.label, link.address))
}

/// One line of letters that are seen, not too long.
fn subject(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let seen = |letter: &char| !letter.is_control() && !is_direction(*letter);
    let line: String = line.chars().filter(seen).collect();
    if line.chars().count() <= SUBJECT {
        return line;
    }
    let mut short: String = line.chars().take(SUBJECT - 1).collect();
    short.push('\u{2026}');
    short
}

/// Signs that turn the direction of what follows: they could make one subject read as another.
fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}
