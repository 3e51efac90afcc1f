//! Projects as others see them: a `Note` that begins with its title (an `Article` shows blank or untitled on
//! too many peers), with place and need on top.

use folkmoot_domain::{addresses::Addresses, posts as texts, projects::ProjectSeen};
use serde_json::{Value, json};

use crate::posts::{self, Post};

/// The project as it stands.
pub fn object(project: &ProjectSeen, addresses: &Addresses) -> Value {
    let mut map = Post::of("Note", &project.seen, texts::project(project, addresses)).map(addresses);
    posts::add_item(&mut map, "Project", &project.seen, addresses);
    map.insert("civ:state".into(), json!(project.state.word()));
    Value::Object(map)
}
