//! Updates: the page of one. They are listed under what they are about.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use folkmoot_domain::{ItemId, items::ItemKind, updates::About};
use folkmoot_storage::{Rows, items as item_rows, updates};

use crate::{
    Web,
    frame::{Answer, Frame, Section, draw},
    items::{self, Fact, Shown},
    mine,
    paths::Named,
    problems::Problem,
    sessions::MaybeSignedIn,
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

async fn page(
    State(web): State<Web>,
    Named(id): Named<ItemId>,
    MaybeSignedIn(person): MaybeSignedIn,
) -> Answer {
    let rows = web.rows();
    let Some(seen) = updates::seen(&rows, id).await? else {
        return Err(items::absent(&rows, ItemKind::Update, id).await);
    };
    let mut item = items::show(&web, &seen.seen).await?;
    mine::show(&web, &mut item, &seen.seen, person.as_ref()).await?;
    let section = match &seen.about {
        Some(about) => {
            item.facts.push(subject(&rows, about).await?);
            section(about.kind)
        }
        None => Section::None,
    };
    let shown = draw(&UpdatePage { frame: items::frame(&web, &seen.seen, section, ""), item })?;
    Ok(mine::alone(shown, person.is_some()).await)
}

async fn subject(rows: &Rows<'_>, about: &About) -> Result<Fact, Problem> {
    let subject = item_rows::find(rows, about.id).await?.filter(|subject| subject.deleted.is_none());
    Ok(match subject {
        Some(subject) => {
            Fact::new("About", subject.title).to(format!("/{}/{}", about.kind.plural(), about.id))
        }
        None => Fact::new("About", format!("a {} that was taken down", about.kind.word())),
    })
}

fn section(kind: ItemKind) -> Section {
    match kind {
        ItemKind::Call => Section::Calls,
        ItemKind::Project => Section::Projects,
        ItemKind::Event => Section::Events,
        ItemKind::Update => Section::None,
    }
}
