//! Projects: how far they are, and what they need.

use folkmoot_domain::{
    ItemId, Moment,
    actors::ActorKind,
    adoptions::Credit,
    items::{AnotherDay, ItemSeen},
    lists::Mark,
    projects::{ProjectSeen, ProjectState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, prelude::Expr};

use crate::{
    Result, Rows, StorageError, Tx, adoptions, entities::projects, items, lists, partnerships, read,
};

pub(crate) fn state(row: &projects::Model) -> Result<ProjectState> {
    let reason = row.reason.clone().unwrap_or_default();
    match row.state.as_str() {
        "idea" => Ok(ProjectState::Idea),
        "active" => Ok(ProjectState::Active),
        "another-day" => Ok(ProjectState::AnotherDay(AnotherDay { reason, wake: row.wake_at.map(Moment) })),
        "done" => Ok(ProjectState::Done {
            outcome: row.outcome.clone().unwrap_or_default(),
            at: Moment(row.ended_at.unwrap_or_default()),
        }),
        other => Err(StorageError::unreadable("state of project", other)),
    }
}

fn row(id: ItemId, need: &str, state: &ProjectState) -> projects::ActiveModel {
    let (reason, wake) = match state {
        ProjectState::AnotherDay(day) => (Some(day.reason.clone()), day.wake),
        _ => (None, None),
    };
    let (outcome, ended) = match state {
        ProjectState::Done { outcome, at } => (Some(outcome.clone()), Some(*at)),
        _ => (None, None),
    };
    projects::ActiveModel {
        id: Set(id.0),
        need: Set(need.to_owned()),
        state: Set(state.word().to_owned()),
        reason: Set(reason),
        wake_at: Set(wake.map(|at| at.0)),
        outcome: Set(outcome),
        ended_at: Set(ended.map(|at| at.0)),
        ..Default::default()
    }
}

/// Stores a new project; its item must be stored already.
pub async fn insert(tx: &Tx, id: ItemId, need: &str, state: &ProjectState) -> Result<()> {
    projects::Entity::insert(row(id, need, state)).exec_without_returning(&tx.0).await?;
    lists::stage(tx, id, state.word()).await
}

/// Names the project that it takes up.
pub async fn credit(tx: &Tx, id: ItemId, credit: &Credit) -> Result<()> {
    projects::Entity::update_many()
        .col_expr(projects::Column::ParentUri, Expr::value(credit.uri.as_str()))
        .col_expr(projects::Column::ParentWords, Expr::value(credit.words.as_str()))
        .filter(projects::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Stores what changed.
pub async fn update(tx: &Tx, id: ItemId, need: &str, state: &ProjectState) -> Result<()> {
    projects::Entity::update(row(id, need, state)).exec(&tx.0).await?;
    lists::stage(tx, id, state.word()).await
}

/// The reading shape of one project.
pub async fn seen(rows: &Rows<'_>, id: ItemId) -> Result<Option<ProjectSeen>> {
    match items::seen(rows, id).await? {
        Some(seen) => Ok(complete(rows, vec![seen]).await?.pop()),
        None => Ok(None),
    }
}

/// The reading shapes of a list.
pub async fn list(rows: &Rows<'_>, filter: items::Filter) -> Result<Vec<ProjectSeen>> {
    let kind = Some(folkmoot_domain::items::ItemKind::Project);
    complete(rows, items::list(rows, items::Filter { kind, ..filter }).await?).await
}

/// The reading shapes of what stands at these marks, in their order.
pub async fn at(rows: &Rows<'_>, marks: &[Mark]) -> Result<Vec<ProjectSeen>> {
    complete(rows, items::many(rows, &lists::ids(marks)).await?).await
}

/// The reading shapes of these visible ones, in the order given.
pub(crate) async fn many(rows: &Rows<'_>, ids: &[uuid::Uuid]) -> Result<Vec<ProjectSeen>> {
    complete(rows, items::many(rows, ids).await?).await
}

/// The reading shapes of these, in the order given.
pub(crate) async fn complete(rows: &Rows<'_>, seen: Vec<ItemSeen>) -> Result<Vec<ProjectSeen>> {
    let ids: Vec<_> = seen.iter().map(|seen| seen.item.id.0).collect();
    let found = projects::Entity::find().filter(projects::Column::Id.is_in(ids.clone())).all(&rows.0).await?;
    let mut partners = partnerships::of_projects(rows, &ids).await?;
    let parents = found.iter().filter_map(|row| row.parent_uri.clone()).collect();
    let credited = adoptions::homes_of(rows, parents).await?;
    seen.into_iter()
        .filter_map(|seen| found.iter().find(|row| row.id == seen.item.id.0).map(|row| (seen, row)))
        .map(|(seen, row)| {
            let nobodys = seen.home.local && seen.home.kind == ActorKind::Application;
            let credit = credit_of(row)?;
            Ok(ProjectSeen {
                state: state(row)?,
                need: row.need.clone(),
                nobodys,
                credited: credit.as_ref().and_then(|credit| credited.get(credit.uri.as_str()).cloned()),
                credit,
                partners: partners.remove(&row.id).unwrap_or_default(),
                seen,
            })
        })
        .collect()
}

pub(crate) fn credit_of(row: &projects::Model) -> Result<Option<Credit>> {
    let uri = read::optional_url(row.parent_uri.as_ref())?;
    Ok(uri.map(|uri| Credit { uri, words: row.parent_words.clone() }))
}
