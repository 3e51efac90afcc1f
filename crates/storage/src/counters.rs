//! How often something happened that nobody needs in detail.

use sea_orm::ExprTrait;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, prelude::Expr, sea_query::OnConflict};

use crate::{Result, Rows, Tx, entities::counters};

/// Counts one more.
pub async fn count(tx: &Tx, name: &str) -> Result<()> {
    let row = counters::ActiveModel { name: Set(name.to_owned()), value: Set(1) };
    let mut clash = OnConflict::column(counters::Column::Name);
    clash.value(counters::Column::Value, Expr::col((counters::Entity, counters::Column::Value)).add(1));
    counters::Entity::insert(row).on_conflict(clash).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Every count, by name.
pub async fn list(rows: &Rows<'_>) -> Result<Vec<(String, i64)>> {
    let found = counters::Entity::find().order_by_asc(counters::Column::Name).all(&rows.0).await?;
    Ok(found.into_iter().map(|row| (row.name, row.value)).collect())
}
