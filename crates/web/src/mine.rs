//! What a page shows to whoever looks at it alone: what they answered, what they wrote that still waits, and the way to
//! answer something that lives elsewhere.

use axum::response::Response;
use folkmoot_domain::{
    ItemId,
    items::{Item, ItemKind, ItemSeen},
    people::Person,
    pledges::PledgeState,
};
use folkmoot_storage::{pledges, replies, rsvps};

use crate::{Web, coming, headers, items::Shown, problems::Problem, thread::Said, words};

/// What somebody answered: in words, and where their receipt is.
pub(crate) struct Mine {
    pub words: String,
    pub receipt: String,
}

/// The host where an item lives and its page there, when it does not live here.
pub(crate) fn elsewhere(web: &Web, item: &Item) -> Option<(String, String)> {
    if web.app.addresses.is_ours(&item.uri) {
        return None;
    }
    let host = folkmoot_app::changes::host_and_port(&item.uri);
    let page = words::web_link(&item.page).or_else(|| words::web_link(&item.uri))?;
    Some((host, page))
}

/// The same, with the form there on which anybody can answer: other boards of ours have one.
pub(crate) fn form_elsewhere(web: &Web, item: &Item) -> Option<(String, String)> {
    let (host, page) = elsewhere(web, item)?;
    let ours = format!("/ap/{}/", item.kind.plural());
    let form = match item.kind {
        ItemKind::Call => "/help",
        ItemKind::Event => "/come",
        ItemKind::Project | ItemKind::Update => "",
    };
    let known = item.uri.path().starts_with(&ours) && !page.contains(['?', '#']);
    Some((host, if known { format!("{page}{form}") } else { page }))
}

/// Adds what is for this reader alone: what they wrote that waits, and the way to write.
pub(crate) async fn show(
    web: &Web,
    item: &mut Shown,
    seen: &ItemSeen,
    person: Option<&Person>,
) -> Result<(), Problem> {
    let Some(person) = person else { return Ok(()) };
    let (id, zone, now) = (seen.item.id, seen.time_zone(), web.now());
    item.write = Some(format!("/items/{id}/reply"));
    for reply in replies::by_author_under(&web.rows(), person.id, id).await? {
        let Some(seen) = replies::seen(&web.rows(), reply.id).await? else { continue };
        match item.thread.iter_mut().find(|said| said.reply == Some(reply.id)) {
            Some(shown) => shown.delete = Some(format!("/replies/{}/delete", reply.id)),
            None => item.thread.push(Said::waiting(&seen, now, &zone)),
        }
    }
    item.thread.sort_by_key(Said::at);
    Ok(())
}

/// What this reader said to a call or an event, while it stands.
pub(crate) async fn answer(
    web: &Web,
    kind: ItemKind,
    id: ItemId,
    person: Option<&Person>,
) -> Result<Option<Mine>, Problem> {
    let (Some(person), rows) = (person, web.rows()) else { return Ok(None) };
    if kind == ItemKind::Event {
        let found = rsvps::of(&rows, id, person.id).await?.filter(|rsvp| rsvp.state.lives());
        return Ok(found.map(|rsvp| Mine {
            words: format!("You said that you come: {}.", coming::stands(rsvp.state)),
            receipt: format!("/coming/{}", rsvp.receipt),
        }));
    }
    let Some(pledge) = pledges::of(&rows, id, person.id).await?.filter(|pledge| pledge.state.lives()) else {
        return Ok(None);
    };
    let labels = pledges::seen(&rows, pledge.id).await?.map(|seen| seen.labels).unwrap_or_default();
    let stands = match pledge.state {
        PledgeState::Accepted => "they said yes",
        PledgeState::Kept => "they thank you",
        _ => "waiting for their answer",
    };
    Ok(Some(Mine {
        words: format!("You offered: {}; {stands}.", labels.join(", ")),
        receipt: format!("/pledges/{}", pledge.receipt),
    }))
}

/// A page that holds something for one reader is kept nowhere.
pub(crate) async fn alone(page: Response, signed_in: bool) -> Response {
    if signed_in { headers::secret(page).await } else { page }
}
