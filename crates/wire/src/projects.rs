//! Projects as others see them: a `Note` that begins with its title (an `Article` shows blank or untitled on
//! too many peers), with place and need on top.

use folkmoot_domain::{
    addresses::Addresses,
    posts as texts,
    projects::{ProjectSeen, ProjectState},
};
use serde_json::{Value, json};

use crate::{
    partnerships,
    posts::{self, Post},
};

/// The project as it stands.
pub fn object(project: &ProjectSeen, addresses: &Addresses) -> Value {
    let mut map = Post::of("Note", &project.seen, texts::project(project, addresses)).map(addresses);
    posts::add_item(&mut map, "Project", &project.seen, addresses);
    posts::add_words(&mut map, "civ:need", &project.need);
    map.insert("civ:state".into(), json!(project.state.word()));
    if !project.partners.is_empty() {
        map.insert("civ:partners".into(), partnerships::partners(&project.partners));
    }
    if let Some(credit) = &project.credit {
        // As a thing with an id, so that it needs no word in the context.
        map.insert("civ:adoptedFrom".into(), json!({"id": credit.uri}));
    }
    // Whoever had the idea hears of it.
    if let (Some(author), Some(Value::Array(cc))) = (&project.credited, map.get_mut("cc"))
        && author.id != project.seen.home.id
    {
        cc.push(json!(author.uri));
    }
    match &project.state {
        ProjectState::Idea | ProjectState::Active => {}
        ProjectState::AnotherDay(day) => posts::add_another_day(&mut map, day),
        ProjectState::Done { outcome, .. } => posts::add_words(&mut map, "civ:outcome", outcome),
    }
    Value::Object(map)
}
