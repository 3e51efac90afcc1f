//! Causes, found by their hashtag whatever its capitals.

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, CauseId, ItemId, Moment,
    causes::{self as rules, Cause},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr,
};

use crate::{
    Result, Rows, StorageError, Tx,
    entities::{battles, causes, item_causes, items},
    read,
};

impl TryFrom<causes::Model> for Cause {
    type Error = StorageError;

    fn try_from(row: causes::Model) -> Result<Self> {
        Ok(Self {
            id: CauseId(row.id),
            home: ActorId(row.home),
            uri: read::url(&row.uri)?,
            page: read::url(&row.page)?,
            tag: row.tag,
        })
    }
}

/// One cause by its id.
pub async fn find(rows: &Rows<'_>, id: CauseId) -> Result<Option<Cause>> {
    causes::Entity::find_by_id(id.0).one(&rows.0).await?.map(Cause::try_from).transpose()
}

/// One cause by any spelling of its hashtag.
pub async fn by_tag(rows: &Rows<'_>, tag: &str) -> Result<Option<Cause>> {
    let found =
        causes::Entity::find().filter(causes::Column::TagKey.eq(rules::key(tag))).one(&rows.0).await?;
    found.map(Cause::try_from).transpose()
}

/// Every cause here, by hashtag.
pub async fn list(rows: &Rows<'_>) -> Result<Vec<Cause>> {
    let listed = causes::Entity::find().filter(causes::Column::Listed.eq(true));
    let found = listed.order_by_asc(causes::Column::TagKey).all(&rows.0).await?;
    found.into_iter().map(Cause::try_from).collect()
}

/// A page of the causes here, by hashtag: what stands behind this key.
pub async fn page(rows: &Rows<'_>, after: Option<&str>, limit: u64) -> Result<Vec<Cause>> {
    let mut select = causes::Entity::find().filter(causes::Column::Listed.eq(true));
    if let Some(after) = after {
        select = select.filter(causes::Column::TagKey.gt(after));
    }
    let found = select.order_by_asc(causes::Column::TagKey).limit(limit).all(&rows.0).await?;
    found.into_iter().map(Cause::try_from).collect()
}

/// Which associations count these among their battles, by cause; for each at most so many.
pub async fn fighting(
    rows: &Rows<'_>,
    causes: &[CauseId],
    most: usize,
) -> Result<HashMap<CauseId, Vec<ActorId>>> {
    let mut fighting = HashMap::new();
    for cause in causes {
        let found = battles::Entity::find()
            .filter(battles::Column::CauseId.eq(cause.0))
            .order_by_asc(battles::Column::AssociationId)
            .limit(most as u64)
            .all(&rows.0)
            .await?;
        fighting.insert(*cause, found.into_iter().map(|battle| ActorId(battle.association_id)).collect());
    }
    Ok(fighting)
}

/// Several causes, in the order asked for.
pub async fn many(rows: &Rows<'_>, ids: &[CauseId]) -> Result<Vec<Cause>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = causes::Entity::find()
        .filter(causes::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .all(&rows.0)
        .await?;
    let mut causes = found.into_iter().map(Cause::try_from).collect::<Result<Vec<_>>>()?;
    causes.sort_by_key(|cause| ids.iter().position(|id| *id == cause.id));
    Ok(causes)
}

/// Stores a new cause: one of this board, or a hashtag that so far only lies in somebody's stream.
pub async fn insert(tx: &Tx, cause: &Cause, listed: bool, now: Moment) -> Result<()> {
    let row = causes::ActiveModel {
        id: Set(cause.id.0),
        home: Set(cause.home.0),
        uri: Set(cause.uri.to_string()),
        page: Set(cause.page.to_string()),
        tag: Set(cause.tag.clone()),
        tag_key: Set(rules::key(&cause.tag)),
        created_at: Set(now.0),
        listed: Set(listed),
    };
    causes::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// They are causes of this board from now on: one of ours named them.
pub async fn list_these(tx: &Tx, ids: &[CauseId]) -> Result<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    causes::Entity::update_many()
        .col_expr(causes::Column::Listed, Expr::value(true))
        .filter(causes::Column::Id.is_in(ids))
        .filter(causes::Column::Listed.eq(false))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The causes of an item that this board shows are causes of this board.
pub(crate) async fn list_for_item(tx: &Tx, item: ItemId) -> Result<()> {
    let named: Vec<_> = of_item(&tx.rows(), item).await?.into_iter().map(|cause| cause.id).collect();
    list_these(tx, &named).await
}

/// What an item fights for, by hashtag.
pub async fn of_item(rows: &Rows<'_>, item: ItemId) -> Result<Vec<Cause>> {
    let named =
        item_causes::Entity::find().filter(item_causes::Column::ItemId.eq(item.0)).all(&rows.0).await?;
    let mut found = many(rows, &named.iter().map(|row| CauseId(row.cause_id)).collect::<Vec<_>>()).await?;
    found.sort_by_key(|cause| rules::key(&cause.tag));
    Ok(found)
}

/// Lists by cause hold an item from now on, or no more: its row there has the word of its kind, or none.
pub(crate) async fn show_for_item(tx: &Tx, item: ItemId, shown: bool) -> Result<()> {
    let Some(named) = items::Entity::find_by_id(item.0).one(&tx.0).await? else {
        return Ok(());
    };
    let kind = if shown { named.kind } else { String::new() };
    item_causes::Entity::update_many()
        .col_expr(item_causes::Column::Kind, Expr::value(kind))
        .filter(item_causes::Column::ItemId.eq(item.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Sets what an item fights for.
pub async fn set_for_item(tx: &Tx, item: ItemId, ids: &[CauseId]) -> Result<()> {
    item_causes::Entity::delete_many().filter(item_causes::Column::ItemId.eq(item.0)).exec(&tx.0).await?;
    let Some(named) = items::Entity::find_by_id(item.0).one(&tx.0).await? else {
        return Ok(());
    };
    let rows: Vec<_> = ids
        .iter()
        .map(|cause| item_causes::ActiveModel {
            item_id: Set(item.0),
            cause_id: Set(cause.0),
            kind: Set(if named.shown { named.kind.clone() } else { String::new() }),
            due_at: Set(named.due_at),
        })
        .collect();
    if !rows.is_empty() {
        item_causes::Entity::insert_many(rows).exec_without_returning(&tx.0).await?;
    }
    Ok(())
}
