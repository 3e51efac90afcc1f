//! What only items from elsewhere have: counts as their home tells them, what it has pinned, and their end when nobody
//! here made anything of them.

use folkmoot_domain::{ActorId, ItemId, Moment, heard::HeardNeed, ids::uuid_from};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, prelude::Expr};
use url::Url;
use uuid::Uuid;

use crate::{
    Result, Rows, StorageError, Tx,
    entities::{calls, events, item_causes, items, needs, projects, reactions, updates},
    statement,
};

/// What a call elsewhere has got, as its home counts: for each need, by its place.
pub async fn set_tallies(
    tx: &Tx,
    call: ItemId,
    counts: &[HeardNeed],
    voters: i64,
    ended: Option<Moment>,
) -> Result<()> {
    for (position, need) in (0i16..).zip(counts) {
        needs::Entity::update_many()
            .col_expr(needs::Column::VoteCount, Expr::value(need.votes))
            .col_expr(needs::Column::TakenCount, Expr::value(need.taken))
            .filter(needs::Column::CallId.eq(call.0))
            .filter(needs::Column::Position.eq(position))
            .filter(needs::Column::Label.eq(need.label.as_str()))
            .exec(&tx.0)
            .await?;
    }
    calls::Entity::update_many()
        .col_expr(calls::Column::VoterCount, Expr::value(voters))
        .col_expr(calls::Column::EndedAt, Expr::value(ended.map(|at| at.0)))
        .filter(calls::Column::Id.eq(call.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The project that a project takes up, as its home says.
pub async fn set_parent(tx: &Tx, project: ItemId, parent: Option<&Url>) -> Result<()> {
    projects::Entity::update_many()
        .col_expr(projects::Column::ParentUri, Expr::value(parent.map(Url::to_string)))
        .filter(projects::Column::Id.eq(project.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// What an actor elsewhere has pinned now, and nothing else.
pub async fn set_pinned(tx: &Tx, home: ActorId, pinned: &[String]) -> Result<()> {
    let of_home = || items::Entity::update_many().filter(items::Column::Home.eq(home.0));
    of_home()
        .col_expr(items::Column::Pinned, Expr::value(false))
        .filter(items::Column::Pinned.eq(true))
        .exec(&tx.0)
        .await?;
    of_home()
        .col_expr(items::Column::Pinned, Expr::value(true))
        .filter(items::Column::Uri.is_in(pinned))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Rows that mean somebody made something of an item: with any of them it stays.
const MADE_OF: [(&str, &str); 12] = [
    ("carries", "item_id"),
    ("pledges", "call_id"),
    ("rsvps", "event_id"),
    ("replies", "item_id"),
    ("partnerships", "project_id"),
    ("adoptions", "child_id"),
    ("adoptions", "parent_id"),
    ("updates", "about_id"),
    ("calls", "project_id"),
    ("events", "project_id"),
    ("late_votes", "call_id"),
    ("reports", "item_id"),
];

/// Items from elsewhere that came before this moment, are over, are shown nowhere, and of which nobody made anything: the
/// oldest, at most so many.
pub async fn to_forget(rows: &Rows<'_>, before: Moment, now: Moment, limit: u64) -> Result<Vec<ItemId>> {
    let unused: Vec<String> = MADE_OF
        .iter()
        .map(|(table, column)| {
            format!("NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.{column} = items.id)")
        })
        .collect();
    let sql = format!(
        "SELECT items.id AS id FROM items WHERE items.id < $1 AND NOT items.here AND NOT items.shown
            AND items.due_at < $2 AND COALESCE(items.ends_at, 0) < $2 AND {} ORDER BY items.id LIMIT {limit}",
        unused.join(" AND ")
    );
    // Ids are ordered by when they were given (RFC 9562 5.7).
    let oldest = uuid_from(before.0, [0; 10]);
    let found = rows.0.query_all_raw(statement(&rows.0, &sql, [oldest.into(), now.0.into()])).await?;
    found.iter().map(|row| Ok(ItemId(row.try_get::<Uuid>("", "id").map_err(StorageError::from)?))).collect()
}

/// Forgets an item from elsewhere as if it had never come.
pub async fn forget(tx: &Tx, item: ItemId) -> Result<()> {
    let id = item.0;
    item_causes::Entity::delete_many().filter(item_causes::Column::ItemId.eq(id)).exec(&tx.0).await?;
    reactions::Entity::delete_many().filter(reactions::Column::ItemId.eq(id)).exec(&tx.0).await?;
    needs::Entity::delete_many().filter(needs::Column::CallId.eq(id)).exec(&tx.0).await?;
    calls::Entity::delete_by_id(id).exec(&tx.0).await?;
    events::Entity::delete_by_id(id).exec(&tx.0).await?;
    projects::Entity::delete_by_id(id).exec(&tx.0).await?;
    updates::Entity::delete_by_id(id).exec(&tx.0).await?;
    items::Entity::delete_by_id(id).exec(&tx.0).await?;
    Ok(())
}

/// What an update is about changed from nothing to something that came later, or is new.
pub async fn set_about(tx: &Tx, update: ItemId, about: Option<ItemId>) -> Result<()> {
    let row = updates::ActiveModel { id: Set(update.0), about_id: Set(about.map(|id| id.0)) };
    let mut clash = sea_orm::sea_query::OnConflict::column(updates::Column::Id);
    clash.update_column(updates::Column::AboutId);
    updates::Entity::insert(row).on_conflict(clash).exec_without_returning(&tx.0).await?;
    Ok(())
}
