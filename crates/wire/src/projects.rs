//! Projects as others see them: a `Note` that begins with its title (an `Article` shows blank or untitled on
//! too many peers), with place and need on top.

use folkmoot_domain::{
    addresses::Addresses,
    projects::{ProjectSeen, ProjectState},
};
use serde_json::{Value, json};

use crate::{
    paragraphs::Paragraphs,
    posts::{self, Post},
    states,
};

/// The project as it stands.
pub fn object(project: &ProjectSeen, addresses: &Addresses) -> Value {
    let mut map = Post::of("Note", &project.seen, content(project, addresses)).map(addresses);
    posts::add_item(&mut map, "Project", &project.seen, addresses);
    map.insert("civ:state".into(), json!(project.state.word()));
    Value::Object(map)
}

fn content(project: &ProjectSeen, addresses: &Addresses) -> String {
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
