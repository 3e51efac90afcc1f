//! Servers from which nothing is heard and to which nothing is told.

use folkmoot_domain::Moment;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};

use crate::{Result, Rows, Tx, entities::blocks};

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The domain, lower-case; its subdomains are blocked with it.
    pub domain: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Moment,
}

/// Blocks a domain; a second time only changes the reason.
pub async fn insert(tx: &Tx, block: &Block) -> Result<()> {
    let row = blocks::ActiveModel {
        domain: Set(block.domain.clone()),
        reason: Set(block.reason.clone()),
        since: Set(block.since.0),
    };
    let mut clash = OnConflict::column(blocks::Column::Domain);
    clash.update_column(blocks::Column::Reason);
    blocks::Entity::insert(row).on_conflict(clash).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Lifts a block. False when there was none.
pub async fn remove(tx: &Tx, domain: &str) -> Result<bool> {
    Ok(blocks::Entity::delete_by_id(domain).exec(&tx.0).await?.rows_affected == 1)
}

/// Every block, by domain.
pub async fn list(rows: &Rows<'_>) -> Result<Vec<Block>> {
    let found = blocks::Entity::find().order_by_asc(blocks::Column::Domain).all(&rows.0).await?;
    Ok(found
        .into_iter()
        .map(|row| Block { domain: row.domain, reason: row.reason, since: Moment(row.since) })
        .collect())
}

/// Is any of these domains blocked? Callers pass a host with each of its parents.
pub async fn any(rows: &Rows<'_>, domains: &[String]) -> Result<bool> {
    let found = blocks::Entity::find().filter(blocks::Column::Domain.is_in(domains)).one(&rows.0).await?;
    Ok(found.is_some())
}
