//! What visitors offer and have not confirmed yet. Only hashes of the links are stored.

use folkmoot_domain::{
    ItemId, Moment, PledgeId,
    visitors::{Offer, Reach},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, prelude::Expr, sea_query::Query};

use crate::{Result, Rows, StorageError, Tx, entities::offers};

/// An offer as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What is offered; without name, reach and words once it was confirmed.
    pub offer: Offer,
    /// When it can no longer be confirmed.
    pub expires: Moment,
    /// Was it used?
    pub used: bool,
    /// The pledge that became of it.
    pub pledge: Option<PledgeId>,
}

/// Stores an offer.
pub async fn insert(tx: &Tx, secret_hash: &str, offer: &Offer, now: Moment, expires: Moment) -> Result<()> {
    let row = offers::ActiveModel {
        secret_hash: Set(secret_hash.to_owned()),
        call_id: Set(offer.call.0),
        needs: Set(offer.needs.iter().map(i16::to_string).collect::<Vec<_>>().join(" ")),
        name: Set(offer.name.clone()),
        email: Set(offer.reach.email.clone()),
        phone: Set(offer.reach.phone.clone()),
        note: Set(offer.note.clone()),
        created_at: Set(now.0),
        expires_at: Set(expires.0),
        used_at: Set(None),
        pledge_id: Set(None),
    };
    offers::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// The offer behind a link.
pub async fn find(rows: &Rows<'_>, secret_hash: &str) -> Result<Option<Stored>> {
    let Some(row) = offers::Entity::find_by_id(secret_hash).one(&rows.0).await? else {
        return Ok(None);
    };
    let needs = row.needs.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>();
    let offer = Offer {
        call: ItemId(row.call_id),
        needs: needs.map_err(|_| StorageError::unreadable("needs of offer", &row.needs))?,
        name: row.name,
        reach: Reach { email: row.email, phone: row.phone },
        note: row.note,
    };
    let (expires, used) = (Moment(row.expires_at), row.used_at.is_some());
    Ok(Some(Stored { offer, expires, used, pledge: row.pledge_id.map(PledgeId) }))
}

/// Spends the link of an offer, which then holds nothing of whoever made it. False when it is unknown, used or too old.
pub async fn spend(tx: &Tx, secret_hash: &str, now: Moment) -> Result<bool> {
    let nothing = || Expr::value(None::<String>);
    let spent = offers::Entity::update_many()
        .col_expr(offers::Column::UsedAt, Expr::value(now.0))
        .col_expr(offers::Column::Name, Expr::value(""))
        .col_expr(offers::Column::Email, nothing())
        .col_expr(offers::Column::Phone, nothing())
        .col_expr(offers::Column::Note, Expr::value(""))
        .filter(offers::Column::SecretHash.eq(secret_hash))
        .filter(offers::Column::UsedAt.is_null())
        .filter(offers::Column::ExpiresAt.gt(now.0))
        .exec(&tx.0)
        .await?;
    Ok(spent.rows_affected == 1)
}

/// Notes which pledge became of an offer.
pub async fn became(tx: &Tx, secret_hash: &str, pledge: PledgeId) -> Result<()> {
    offers::Entity::update_many()
        .col_expr(offers::Column::PledgeId, Expr::value(pledge.0))
        .filter(offers::Column::SecretHash.eq(secret_hash))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Forgets offers that could be confirmed until before this moment.
pub async fn sweep(tx: &Tx, before: Moment, limit: u64) -> Result<u64> {
    let old = Query::select()
        .column(offers::Column::SecretHash)
        .from(offers::Entity)
        .and_where(offers::Column::ExpiresAt.lte(before.0))
        .limit(limit)
        .to_owned();
    let swept =
        offers::Entity::delete_many().filter(offers::Column::SecretHash.in_subquery(old)).exec(&tx.0).await?;
    Ok(swept.rows_affected)
}
