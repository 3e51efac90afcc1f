//! What other programs really sent, kept as if one of ours listened to whoever sent it.

use std::{fs, path::Path};

use folkmoot_app::{By, actors, connections, heard};
use folkmoot_domain::{
    ActorId, Moment,
    actors::{Actor, ActorKind, Profile},
};
use folkmoot_tests::associations::Association;
use folkmoot_wire::foreign::ForeignItem;
use serde_json::Value;
use url::Url;

/// Keeps every item of the corpus, and connects to whoever published it. The names of what was kept, with their ids.
pub async fn keep_all(park: &Association<'_>, folder: &Path) -> Vec<(String, Url)> {
    let mut kept = Vec::new();
    for file in files(folder) {
        let document: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap_or_default();
        let name = file.strip_prefix(folder).unwrap().display().to_string();
        if let Some(item) = item(park, document)
            && keep(park, &item).await
        {
            kept.push((name, item.uri));
        }
    }
    kept
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if entry.extension().is_some_and(|end| end == "json") {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// The item in a document: itself, what it creates, or what is created in what it announces.
fn item(park: &Association<'_>, document: Value) -> Option<ForeignItem> {
    let mut thing = document;
    while matches!(thing.get("type").and_then(Value::as_str), Some("Create" | "Announce" | "Update")) {
        let audience = (thing.get("to").cloned(), thing.get("cc").cloned());
        thing = thing.get("object")?.clone();
        if let (Some(map), Some(to)) = (thing.as_object_mut(), audience.0) {
            map.entry("to").or_insert(to);
        }
    }
    let id = Url::parse(thing.get("id")?.as_str()?).ok()?;
    ForeignItem::fetched(&thing, &id, &park.instance.app.addresses).ok()
}

async fn keep(park: &Association<'_>, item: &ForeignItem) -> bool {
    let app = &park.instance.app;
    if item.in_reply_to.is_some() {
        return false;
    }
    let home = actors::remember(app, whoever(&item.author, app.id())).await.unwrap();
    let seen = connections::connect(app, &park.by, park.actor.id, home.id).await.unwrap();
    let asked = connections::Asked { follow: seen.connection.follow, seeker: None };
    let by = By { who: folkmoot_domain::roles::Who::Remote(home.id), arrival: None };
    connections::answered(app, &by, asked, true).await.unwrap();
    heard::fill_in(app, home.id, &item.heard(app.now())).await.unwrap().is_some()
}

fn whoever(uri: &Url, id: ActorId) -> Actor {
    Actor {
        id,
        uri: uri.clone(),
        local: false,
        kind: ActorKind::Group,
        handle: "captured".to_owned(),
        host: uri.host_str().unwrap_or_default().to_owned(),
        name: uri.host_str().unwrap_or_default().to_owned(),
        summary: String::new(),
        page: uri.clone(),
        inbox: uri.clone(),
        shared_inbox: None,
        followers: None,
        key_id: String::new(),
        public_key: String::new(),
        fetched: Moment(0),
        gone: None,
        paper: None,
        profile: Profile::default(),
    }
}
