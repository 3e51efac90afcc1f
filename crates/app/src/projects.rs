//! Everything one can do with a project: publish, change, start, park, finish. Words and deletion are in [`crate::items`].

use folkmoot_domain::{
    ActorId, ItemId, Moment, Refusal,
    changes::ChangeKind,
    items::{AnotherDay, ItemKind, Words},
    projects::{ProjectSeen, ProjectState},
    text,
};
use folkmoot_storage::projects;

use crate::{App, By, Doing, Result, items};

/// What makes a project.
#[derive(Debug, Clone)]
pub struct ProjectDraft {
    /// Its words.
    pub words: Words,
    /// What it needs, in one line; may be empty.
    pub need: String,
    /// Is it being done, or an idea?
    pub active: bool,
}

/// Publishes a project of an association, or of nobody yet (see [`items::nobody`]).
pub async fn publish(app: &App, by: &By, home: ActorId, draft: ProjectDraft) -> Result<ProjectSeen> {
    let doing = app.begin(by).await?;
    let id = pin(&doing, home, draft).await?;
    doing.done("a project was published").await?;
    seen(app, id).await
}

/// The part of publishing that needs no transaction of its own.
pub(crate) async fn pin(doing: &Doing<'_>, home: ActorId, draft: ProjectDraft) -> Result<ItemId> {
    let item = items::publish(doing, home, ItemKind::Project, draft.words).await?;
    let need = text::optional_line("need", &draft.need, 300)?;
    let state = if draft.active { ProjectState::Active } else { ProjectState::Idea };
    projects::insert(&doing.tx, item.id, &need, &state).await?;
    doing.change(ChangeKind::Published, home, item.id.0, None).await?;
    Ok(item.id)
}

/// Changes its words and what it needs. `note`, when not empty, tells followers what changed.
pub async fn change(app: &App, by: &By, id: ItemId, words: Words, need: &str, note: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut item = items::changeable(&doing, id, Some(ItemKind::Project)).await?;
    let project = projects::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("project"))?;
    let need = text::optional_line("need", need, 300)?;
    projects::update(&doing.tx, id, &need, &project.state).await?;
    items::reword(&doing, &mut item, words).await?;
    items::tell_of_edit(&doing, &item, note).await?;
    doing.done("a project was changed").await
}

/// Starts it: an idea, or what was left for another day.
pub async fn start(app: &App, by: &By, id: ItemId) -> Result<()> {
    step(app, by, id, ChangeKind::Resumed, |state, _| state.start()).await
}

/// Leaves it for another day.
pub async fn park(app: &App, by: &By, id: ItemId, reason: &str, wake: Option<Moment>) -> Result<()> {
    step(app, by, id, ChangeKind::Parked, |state, now| state.park(AnotherDay::parse(reason, wake, now)?))
        .await
}

/// It is done, with what came of it.
pub async fn finish(app: &App, by: &By, id: ItemId, outcome: &str) -> Result<()> {
    step(app, by, id, ChangeKind::Finished, |state, now| state.finish(outcome, now)).await
}

async fn step(
    app: &App,
    by: &By,
    id: ItemId,
    kind: ChangeKind,
    next: impl FnOnce(&ProjectState, Moment) -> std::result::Result<ProjectState, Refusal>,
) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut item = items::changeable(&doing, id, Some(ItemKind::Project)).await?;
    let project = projects::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("project"))?;
    let state = next(&project.state, doing.now)?;
    projects::update(&doing.tx, id, &project.need, &state).await?;
    items::touch(&doing, &mut item).await?;
    doing.change(kind, item.home, id.0, None).await?;
    doing.done("a project went a step further").await
}

/// The reading shape of one project.
pub async fn seen(app: &App, id: ItemId) -> Result<ProjectSeen> {
    Ok(projects::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("project"))?)
}
