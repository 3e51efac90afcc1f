//! Ids of others that are dead and stay dead: a late `Create` does not bring them back.

use folkmoot_domain::Moment;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{Result, Rows, Tx, entities::tombstones};

/// Remembers that this id is dead.
pub async fn insert(tx: &Tx, uri: &str, at: Moment) -> Result<()> {
    let row = tombstones::ActiveModel { uri: Set(uri.to_owned()), deleted_at: Set(at.0) };
    tombstones::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    Ok(())
}

/// Since when this id is dead.
pub async fn since(rows: &Rows<'_>, uri: &str) -> Result<Option<Moment>> {
    Ok(tombstones::Entity::find_by_id(uri).one(&rows.0).await?.map(|row| Moment(row.deleted_at)))
}

/// Is this id dead?
pub async fn is_dead(rows: &Rows<'_>, uri: &str) -> Result<bool> {
    Ok(tombstones::Entity::find_by_id(uri).one(&rows.0).await?.is_some())
}
