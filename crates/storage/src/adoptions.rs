//! Which project takes up which.

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, ItemId, Moment,
    actors::Actor,
    adoptions::{ADOPTERS, ANCESTORS, AdoptionSeen, AdoptionState, Credit, Kin, Lineage},
    projects::ProjectState,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Expr,
    sea_query::{OnConflict, Query},
};
use url::Url;
use uuid::Uuid;

use crate::{
    Result, Rows, Tx, actors,
    entities::{adoptions, items, projects},
    projects as project_rows, read,
};

/// Remembers that a project takes up one of ours. False when that is known.
pub async fn insert(
    tx: &Tx,
    child: ItemId,
    parent: ItemId,
    state: AdoptionState,
    at: Moment,
) -> Result<bool> {
    let row = adoptions::ActiveModel {
        child_id: Set(child.0),
        parent_id: Set(parent.0),
        state: Set(state.word().to_owned()),
        at: Set(at.0),
    };
    let stored = adoptions::Entity::insert(row)
        .on_conflict(OnConflict::column(adoptions::Column::ChildId).do_nothing().to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    Ok(stored == 1)
}

/// Stores where an adoption stands.
pub async fn set_state(tx: &Tx, child: ItemId, state: AdoptionState) -> Result<()> {
    adoptions::Entity::update_many()
        .col_expr(adoptions::Column::State, Expr::value(state.word()))
        .filter(adoptions::Column::ChildId.eq(child.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The project that this one takes up, if it is one of ours, and where that stands.
pub async fn of_child(rows: &Rows<'_>, child: ItemId) -> Result<Option<(ItemId, AdoptionState)>> {
    let found = adoptions::Entity::find_by_id(child.0).one(&rows.0).await?;
    found
        .map(|row| {
            Ok((ItemId(row.parent_id), read::word("state of adoption", &row.state, AdoptionState::parse)?))
        })
        .transpose()
}

/// Adoptions of the projects of an association, the newest first.
pub async fn of_home(rows: &Rows<'_>, home: ActorId) -> Result<Vec<AdoptionSeen>> {
    let its_projects = Query::select()
        .column(items::Column::Id)
        .from(items::Entity)
        .and_where(items::Column::Home.eq(home.0))
        .to_owned();
    let found = adoptions::Entity::find()
        .filter(adoptions::Column::ParentId.in_subquery(its_projects))
        .order_by_desc(adoptions::Column::At)
        .limit(ADOPTERS)
        .all(&rows.0)
        .await?;
    let ids: Vec<_> = found.iter().flat_map(|row| [row.child_id, row.parent_id]).collect();
    let kin = kin(rows, ids).await?;
    found
        .into_iter()
        .filter_map(|row| Some((kin.get(&row.child_id)?.clone(), kin.get(&row.parent_id)?.clone(), row)))
        .filter(|(child, ..)| !child.gone)
        .map(|(child, parent, row)| {
            let state = read::word("state of adoption", &row.state, AdoptionState::parse)?;
            Ok(AdoptionSeen { child, parent, state })
        })
        .collect()
}

/// Where a project came from, as far as what is kept here tells, and who took it up.
pub async fn lineage(rows: &Rows<'_>, id: ItemId, uri: &Url) -> Result<Lineage> {
    let mut ancestors = Vec::new();
    let mut seen = vec![uri.to_string()];
    let mut next = projects::Entity::find_by_id(id.0).one(&rows.0).await?;
    while let Some(row) = next.take()
        && let Some(credit) = project_rows::credit_of(&row)?
        && ancestors.len() < ANCESTORS
        && !seen.contains(&credit.uri.to_string())
    {
        seen.push(credit.uri.to_string());
        let (parent, row) = ancestor(rows, credit).await?;
        ancestors.push(parent);
        next = row;
    }
    ancestors.reverse();
    Ok(Lineage { ancestors, adopters: adopters(rows, id, uri).await? })
}

/// One step back: what is kept of it, or only its credit.
async fn ancestor(rows: &Rows<'_>, credit: Credit) -> Result<(Kin, Option<projects::Model>)> {
    let kept = items::Entity::find().filter(items::Column::Uri.eq(credit.uri.as_str())).one(&rows.0).await?;
    if let Some(item) = kept
        && let Some(row) = projects::Entity::find_by_id(item.id).one(&rows.0).await?
        && let Some(mut found) = kin(rows, vec![item.id]).await?.remove(&item.id)
    {
        if found.gone || found.title.is_empty() {
            found.title = credit.words;
        }
        return Ok((found, Some(row)));
    }
    let kin = Kin {
        item: None,
        title: credit.words,
        page: credit.uri.clone(),
        uri: credit.uri,
        home: None,
        state: String::new(),
        outcome: String::new(),
        gone: false,
        shown: false,
    };
    Ok((kin, None))
}

/// Who took it up: of ours those that its organisers show, of others those that this board shows.
async fn adopters(rows: &Rows<'_>, id: ItemId, uri: &Url) -> Result<Vec<Kin>> {
    let agreed: Vec<Uuid> = adoptions::Entity::find()
        .filter(adoptions::Column::ParentId.eq(id.0))
        .filter(adoptions::Column::State.eq(AdoptionState::Shown.word()))
        .order_by_asc(adoptions::Column::At)
        .limit(ADOPTERS)
        .all(&rows.0)
        .await?
        .into_iter()
        .map(|row| row.child_id)
        .collect();
    let asked: Vec<Uuid> = adoptions::Entity::find()
        .filter(adoptions::Column::ParentId.eq(id.0))
        .limit(10 * ADOPTERS)
        .all(&rows.0)
        .await?
        .into_iter()
        .map(|row| row.child_id)
        .collect();
    let naming: Vec<Uuid> = projects::Entity::find()
        .filter(projects::Column::ParentUri.eq(uri.as_str()))
        .order_by_asc(projects::Column::Id)
        .limit(ADOPTERS)
        .all(&rows.0)
        .await?
        .into_iter()
        .map(|row| row.id)
        .filter(|child| !asked.contains(child))
        .collect();
    let mut kin = kin(rows, agreed.iter().chain(&naming).copied().collect()).await?;
    let agreed = agreed.iter().filter_map(|id| kin.remove(id)).collect::<Vec<_>>();
    let naming = naming.iter().filter_map(|id| kin.remove(id)).filter(|kin| kin.shown);
    Ok(agreed.into_iter().chain(naming).filter(|kin| !kin.gone).collect())
}

/// These projects as a lineage shows them.
async fn kin(rows: &Rows<'_>, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Kin>> {
    let found = items::Entity::find().filter(items::Column::Id.is_in(ids.clone())).all(&rows.0).await?;
    let states = projects::Entity::find().filter(projects::Column::Id.is_in(ids)).all(&rows.0).await?;
    let homes = actors::many(rows, found.iter().map(|row| ActorId(row.home))).await?;
    let mut kin = HashMap::new();
    for item in found {
        let Some(row) = states.iter().find(|row| row.id == item.id) else { continue };
        let state = project_rows::state(row)?;
        let outcome = match &state {
            ProjectState::Done { outcome, .. } => outcome.clone(),
            _ => String::new(),
        };
        let one = Kin {
            item: Some(ItemId(item.id)),
            uri: read::url(&item.uri)?,
            title: item.title,
            page: read::url(&item.page)?,
            home: homes.get(&ActorId(item.home)).cloned(),
            state: state.word().to_owned(),
            outcome,
            gone: item.deleted_at.is_some(),
            shown: item.shown,
        };
        kin.insert(item.id, one);
    }
    Ok(kin)
}

/// Who publishes these projects, by their ids, where that is known.
pub(crate) async fn homes_of(rows: &Rows<'_>, uris: Vec<String>) -> Result<HashMap<String, Actor>> {
    if uris.is_empty() {
        return Ok(HashMap::new());
    }
    let found = items::Entity::find().filter(items::Column::Uri.is_in(uris)).all(&rows.0).await?;
    let homes = actors::many(rows, found.iter().map(|row| ActorId(row.home))).await?;
    Ok(found.into_iter().filter_map(|row| Some((row.uri, homes.get(&ActorId(row.home))?.clone()))).collect())
}
