//! What the instance remembers of itself: a handful of words under keys.

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{Result, Rows, Tx, entities::settings};

/// Reads one.
pub async fn get(rows: &Rows<'_>, key: &str) -> Result<Option<String>> {
    Ok(settings::Entity::find_by_id(key).one(&rows.0).await?.map(|row| row.value))
}

/// Writes one.
pub async fn set(tx: &Tx, key: &str, value: &str) -> Result<()> {
    let row = settings::ActiveModel { key: Set(key.to_owned()), value: Set(value.to_owned()) };
    let mut clash = OnConflict::column(settings::Column::Key);
    clash.update_column(settings::Column::Value);
    settings::Entity::insert(row).on_conflict(clash).exec_without_returning(&tx.0).await?;
    Ok(())
}
