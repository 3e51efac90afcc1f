//! What the posts of projects, and of news about anything, say.

use super::{Paragraphs, states};
use crate::{
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
    text.html(&seen.item.text.html)
        .link(&seen.item.page, &format!("Open this project on {}", addresses.host()))
        .hashtags(&seen.causes)
        .finish()
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
