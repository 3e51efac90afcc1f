//! Everything one can do with an idea that is taken up elsewhere: start it here, and show who took up ours.
//!
//! The new project names the one it takes up. Its home hears of it, and its organisers choose whether it stands on their
//! page; the credit is theirs in any case. Start at [`start`].

#[cfg(test)]
mod tests;

use folkmoot_domain::{
    ActorId, ItemId, Refusal,
    adoptions::{AdoptionSeen, AdoptionState, Credit, Lineage},
    items::{Item, ItemKind},
    projects::ProjectSeen,
    roles::Act,
};
use folkmoot_storage::{Rows, actors, adoptions, items, projects as project_rows};
use url::Url;

use crate::{App, By, Doing, Result, letters, projects, projects::ProjectDraft};

/// Starts the same idea at one of ours. It may be an idea of ours, or one that is kept from elsewhere.
pub async fn start(
    app: &App,
    by: &By,
    home: ActorId,
    draft: ProjectDraft,
    parent: ItemId,
) -> Result<ProjectSeen> {
    let doing = app.begin(by).await?;
    let id = pin(&doing, home, draft, parent).await?;
    doing.done("an idea was taken up").await?;
    projects::seen(app, id).await
}

/// The part of it that needs no transaction of its own.
pub(crate) async fn pin(
    doing: &Doing<'_>,
    home: ActorId,
    draft: ProjectDraft,
    parent: ItemId,
) -> Result<ItemId> {
    let parent = takeable(&doing.tx.rows(), parent).await?;
    let id = projects::pin(doing, home, draft).await?;
    let credit = credit(&doing.tx.rows(), &parent).await?;
    project_rows::credit(&doing.tx, id, &credit).await?;
    told(doing, id, home, &parent).await?;
    Ok(id)
}

/// An idea that can be taken up: a project, for everyone, and still there.
async fn takeable(rows: &Rows<'_>, id: ItemId) -> Result<Item> {
    let item = items::find(rows, id).await?;
    let takeable =
        |item: &Item| item.kind == ItemKind::Project && item.deleted.is_none() && item.reach.may_be_shown();
    Ok(item.filter(takeable).ok_or(Refusal::Unknown("project"))?)
}

/// What it is called and whose it is.
async fn credit(rows: &Rows<'_>, parent: &Item) -> Result<Credit> {
    let home = actors::find(rows, parent.home).await?;
    let whose = home.map(|home| {
        let name = if home.name.trim().is_empty() { home.address() } else { home.name.clone() };
        format!(", by {name}")
    });
    let words = format!("{}{}", parent.title, whose.unwrap_or_default());
    Ok(Credit { uri: parent.uri.clone(), words: words.chars().take(300).collect() })
}

/// A project was heard that takes up another. When that is one of ours, its organisers are told, once.
pub(crate) async fn heard(doing: &Doing<'_>, child: ItemId, home: ActorId, parent: &Url) -> Result<()> {
    if !doing.app.addresses.is_ours(parent) {
        return Ok(());
    }
    match items::by_uri(&doing.tx.rows(), parent.as_str()).await? {
        Some(parent) if parent.kind == ItemKind::Project => told(doing, child, home, &parent).await,
        _ => Ok(()),
    }
}

async fn told(doing: &Doing<'_>, child: ItemId, home: ActorId, parent: &Item) -> Result<()> {
    if !doing.app.addresses.is_ours(&parent.uri) || child == parent.id {
        return Ok(());
    }
    // Their own idea once more needs nobody's leave.
    let state = if parent.home == home { AdoptionState::Shown } else { AdoptionState::Told };
    let new = adoptions::insert(&doing.tx, child, parent.id, state, doing.now).await?;
    if new && state == AdoptionState::Told && parent.deleted.is_none() {
        letters::idea_taken_up(doing, child, parent).await?;
    }
    Ok(())
}

/// The organisers of an idea choose whether one who took it up stands on their page.
pub async fn judge(app: &App, by: &By, child: ItemId, shown: bool) -> Result<()> {
    let doing = app.begin(by).await?;
    let (parent, _) =
        adoptions::of_child(&doing.tx.rows(), child).await?.ok_or(Refusal::Unknown("project"))?;
    let parent = items::find(&doing.tx.rows(), parent).await?.ok_or(Refusal::Unknown("project"))?;
    doing.authorise(parent.home, Act::Organise).await?;
    let state = if shown { AdoptionState::Shown } else { AdoptionState::Declined };
    adoptions::set_state(&doing.tx, child, state).await?;
    doing.done("who took up an idea was looked at").await
}

/// Who took up ideas of an association, for those who organise it.
pub async fn of(app: &App, by: &By, association: ActorId) -> Result<Vec<AdoptionSeen>> {
    let doing = app.begin(&By { who: by.who, arrival: None }).await?;
    doing.authorise(association, Act::Organise).await?;
    Ok(adoptions::of_home(&doing.tx.rows(), association).await?)
}

/// Where a project came from and who took it up.
pub async fn lineage(app: &App, project: &ProjectSeen) -> Result<Lineage> {
    let item = &project.seen.item;
    Ok(adoptions::lineage(&app.store.rows(), item.id, &item.uri).await?)
}
