//! What the posts of projects, and of news about anything, say.

use super::{Paragraphs, states};
use crate::{
    actors::Actor,
    addresses::Addresses,
    projects::{ProjectSeen, ProjectState},
    updates::UpdateSeen,
};

/// The text of a project as it stands.
pub fn project(project: &ProjectSeen, addresses: &Addresses) -> String {
    let seen = &project.seen;
    let place = seen.item.place.as_ref().map_or("", |place| place.name.as_str());
    let mut text = Paragraphs::default()
        .title(&seen.item.title)
        .fact("Where", place)
        .fact("What it needs", &project.need);
    text = match &project.state {
        ProjectState::Idea if project.nobodys => {
            text.say("Nobody runs this yet. Your group could take it up.")
        }
        ProjectState::Idea => text.say("This is an idea so far."),
        ProjectState::Active => text,
        ProjectState::AnotherDay(day) => text.say(&states::another_day(day, &seen.time_zone())),
        ProjectState::Done { outcome, .. } => text.say("This is done. What came of it:").lines(outcome),
    };
    let partners: Vec<String> = project
        .partners
        .iter()
        .map(|partner| format!("{} ({})", name(&partner.actor), partner.role))
        .collect();
    text = text.html(&seen.item.text.html).fact("Together with", &partners.join(", "));
    if let Some(credit) = &project.credit {
        let words = if credit.words.is_empty() { credit.uri.as_str() } else { &credit.words };
        text = text.link(&credit.uri, &format!("The idea is from: {words}"));
    }
    text.link(&seen.item.page, &format!("Open this project on {}", addresses.host()))
        .hashtags(&seen.causes)
        .finish()
}

fn name(actor: &Actor) -> String {
    if actor.name.trim().is_empty() { actor.address() } else { actor.name.clone() }
}

/// The text of an update.
pub fn update(update: &UpdateSeen) -> String {
    let (seen, about) = (&update.seen, &update.about);
    let mut text = Paragraphs::default().title(&seen.item.title).html(&seen.item.text.html);
    if let Some(about) = about {
        text = text.link(&about.page, &format!("About: {}", about.title));
    }
    text.hashtags(&seen.causes).finish()
}
