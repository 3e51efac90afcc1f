//! Updates: the page of one. They are listed under what they are about.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use folkmoot_domain::{ItemId, items::ItemKind};
use folkmoot_storage::{items as item_rows, updates};

use crate::{
    Web,
    frame::{Answer, Frame, Section, draw},
    items::{self, Fact, Shown},
    paths::Named,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/updates/{id}", get(page))
}

#[derive(Template)]
#[template(path = "updates/page.html")]
struct UpdatePage {
    frame: Frame,
    item: Shown,
}

async fn page(State(web): State<Web>, Named(id): Named<ItemId>) -> Answer {
    let rows = web.rows();
    let Some(seen) = updates::seen(&rows, id).await? else {
        return Err(items::absent(&rows, ItemKind::Update, id).await);
    };
    let mut item = items::show(&web, &seen.seen).await?;
    let about = &seen.about;
    let subject = item_rows::find(&rows, about.id).await?.filter(|subject| subject.deleted.is_none());
    item.facts.push(match subject {
        Some(subject) => {
            Fact::new("About", subject.title).to(format!("/{}/{}", about.kind.plural(), about.id))
        }
        None => Fact::new("About", format!("a {} that was taken down", about.kind.word())),
    });
    let section = match about.kind {
        ItemKind::Call => Section::Calls,
        ItemKind::Project => Section::Projects,
        ItemKind::Event => Section::Events,
        ItemKind::Update => Section::None,
    };
    draw(&UpdatePage { frame: items::frame(&web, &seen.seen, section, ""), item })
}
