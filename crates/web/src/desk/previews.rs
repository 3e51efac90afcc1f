//! How others will see it: on Mastodon, on the poster, in the letter to whoever helps. The words are those that will go
//! out, since it is published for the look of it, read, and taken back (see [`folkmoot_app::drafts::rehearse`]).

use askama::Template;
use folkmoot_app::{
    By, Error,
    drafts::{self, Seen},
    mails::Letter,
};
use folkmoot_domain::{
    DraftId, associations::AssociationSeen, calls::CallSeen, items::ItemKind, items::ItemSeen, moments, posts,
};

use super::written::Typed;
use crate::{
    Web,
    assets::Sheet,
    frame::{Answer, Frame, draw},
    mails,
    problems::Problem,
    rows::By as Pinner,
    words,
};

/// What it would read like; a refusal names the field that needs another look.
pub(super) async fn rehearsed(
    web: &Web,
    by: &By,
    home: &AssociationSeen,
    id: DraftId,
    kind: ItemKind,
    typed: &Typed,
) -> Result<Seen, Error> {
    let content = typed.content(kind, &home.association.time_zone())?;
    drafts::rehearse(&web.app, by, id, content).await
}

#[derive(Template)]
#[template(path = "desk/preview.html")]
struct PreviewPage {
    frame: Frame,
    kind: ItemKind,
    path: String,
    by: Pinner,
    title: String,
    language: String,
    /// What its post says, safe HTML.
    post: String,
    /// The options of its poll.
    options: Vec<String>,
    /// What stands under a poll.
    poll: Option<String>,
    poster: Option<Poster>,
    letter: Option<(String, String)>,
}

/// The poster, small.
struct Poster {
    lines: Vec<String>,
    need: Option<String>,
}

/// Draws it in each of its clothes.
pub(super) fn show(web: &Web, home: &AssociationSeen, id: DraftId, seen: &Seen) -> Answer {
    let head = head(seen);
    let addresses = &web.app.addresses;
    let mut page = PreviewPage {
        frame: Frame::new(web, "As others will see it").secret().with(Sheet::Desk),
        kind: head.item.kind,
        path: format!("/desk/new/{id}"),
        by: Pinner::new(&home.actor),
        title: head.item.title.clone(),
        language: head.item.language.as_str().to_owned(),
        post: String::new(),
        options: Vec::new(),
        poll: None,
        poster: Some(Poster { lines: Vec::new(), need: None }),
        letter: None,
    };
    let place = head.item.place.as_ref().map(|place| place.name.clone());
    match seen {
        Seen::Call(call) => {
            page.post = posts::call(call, addresses);
            if call.call.one_tap {
                page.options = call.needs.iter().map(|need| need.need.label.clone()).collect();
                page.poll = Some(until(web, call));
            }
            let until = moments::in_words(call.ends(), &call.seen.time_zone());
            let lines = place.into_iter().chain([format!("Answer until {until}")]).collect();
            page.poster = Some(Poster { lines, need: wanted(call) });
            page.letter = Some(letter(web, call)?);
        }
        Seen::Event(event) => {
            page.post = as_mastodon_shows(&posts::event_in_a_line(event), head);
            let zone = event.event.time_zone();
            let when = moments::span_in_words(event.event.starts, event.event.ends, &zone);
            page.poster = Some(Poster { lines: [when].into_iter().chain(place).collect(), need: None });
        }
        Seen::Project(project) => {
            page.post = posts::project(project, addresses);
            let need = (!project.need.is_empty()).then(|| project.need.clone());
            page.poster = Some(Poster { lines: place.into_iter().collect(), need });
        }
        Seen::Update(update) => {
            page.post = posts::update(update);
            page.poster = None;
        }
    }
    draw(&page)
}

fn head(seen: &Seen) -> &ItemSeen {
    match seen {
        Seen::Call(call) => &call.seen,
        Seen::Project(project) => &project.seen,
        Seen::Event(event) => &event.seen,
        Seen::Update(update) => &update.seen,
    }
}

/// Mastodon shows of an event its name, its summary and a link, and nothing else.
fn as_mastodon_shows(summary: &str, head: &ItemSeen) -> String {
    let link = &head.item.page;
    posts::Paragraphs::default().title(&head.item.title).say(summary).link(link, link.as_str()).finish()
}

fn until(web: &Web, call: &CallSeen) -> String {
    format!("0 people \u{b7} closes {}", words::moment(call.ends(), web.now(), &call.seen.time_zone()))
}

fn wanted(call: &CallSeen) -> Option<String> {
    let counted = call.needs.iter().filter_map(|need| Some((need.need.wanted?, &need.need.label)));
    let said: Vec<_> =
        counted.map(|(wanted, label)| format!("{wanted} \u{d7} \u{201c}{label}\u{201d}")).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// What somebody gets who helped without an account.
fn letter(web: &Web, call: &CallSeen) -> Result<(String, String), Problem> {
    let letter = Letter::Receipt {
        name: "Priya".to_owned(),
        association: call.seen.home.name.clone(),
        call: call.seen.item.title.clone(),
        needs: call.needs.iter().take(1).map(|need| need.need.label.clone()).collect(),
        link: web.app.addresses.receipt("a-secret-of-its-own").to_string(),
    };
    let mail = mails::shown(web, &letter)?;
    Ok((mail.subject, mail.text))
}
