//! Updates: news about an item.

use folkmoot_domain::{
    ItemId,
    items::ItemSeen,
    updates::{About, UpdateSeen},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{Result, Rows, StorageError, Tx, entities::updates, items};

/// Stores a new update; its item must be stored already.
pub async fn insert(tx: &Tx, id: ItemId, about: ItemId) -> Result<()> {
    let row = updates::ActiveModel { id: Set(id.0), about_id: Set(Some(about.0)) };
    updates::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// The reading shape of one update.
pub async fn seen(rows: &Rows<'_>, id: ItemId) -> Result<Option<UpdateSeen>> {
    let Some(seen) = items::seen(rows, id).await? else {
        return Ok(None);
    };
    let Some(row) = updates::Entity::find_by_id(id.0).one(&rows.0).await? else {
        return Ok(None);
    };
    let about = match row.about_id {
        Some(id) => Some(about(rows, ItemId(id)).await?),
        None => None,
    };
    Ok(Some(UpdateSeen { seen, about }))
}

/// The reading shapes of these, in the order given.
pub(crate) async fn complete(rows: &Rows<'_>, seen: Vec<ItemSeen>) -> Result<Vec<UpdateSeen>> {
    let ids: Vec<_> = seen.iter().map(|seen| seen.item.id.0).collect();
    let found = updates::Entity::find().filter(updates::Column::Id.is_in(ids)).all(&rows.0).await?;
    let subjects = items::abouts(rows, found.iter().filter_map(|row| row.about_id)).await?;
    Ok(seen
        .into_iter()
        .map(|seen| {
            let row = found.iter().find(|row| row.id == seen.item.id.0);
            let about = row.and_then(|row| row.about_id).and_then(|id| subjects.get(&id).cloned());
            UpdateSeen { seen, about }
        })
        .collect())
}

/// The updates about an item, oldest first, at most a hundred.
pub async fn about_item(rows: &Rows<'_>, item: ItemId) -> Result<Vec<UpdateSeen>> {
    let found = updates::Entity::find()
        .filter(updates::Column::AboutId.eq(item.0))
        .order_by_asc(updates::Column::Id)
        .limit(100)
        .all(&rows.0)
        .await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let about = Some(about(rows, item).await?);
    let seen = items::many(rows, &found.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(seen.into_iter().map(|seen| UpdateSeen { seen, about: about.clone() }).collect())
}

async fn about(rows: &Rows<'_>, item: ItemId) -> Result<About> {
    items::about(rows, item)
        .await?
        .ok_or_else(|| StorageError::unreadable("subject of update", &item.to_string()))
}
