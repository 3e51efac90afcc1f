//! What lists need to stay quick however much is stored: where each item stands in them, and an index for each way to
//! look. Copies of what other columns say; `storage::items` keeps them true.

use sea_orm_migration::prelude::*;

use crate::tables::{add, column, index};

pub(super) async fn lists(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    columns(manager).await?;
    fill(manager).await?;
    indexes(manager).await
}

async fn columns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Does it hang on its own board?
    add(manager, "items", column("here").boolean().not_null().default(false)).await?;
    // Where it stands, in the word of its noun; empty for updates.
    add(manager, "items", column("stage").text().not_null().default("")).await?;
    // By which moment lists are sorted: see `storage::lists`.
    add(manager, "items", column("due_at").big_integer().not_null().default(0)).await?;
    add(manager, "items", column("ends_at").big_integer().null()).await?;
    // The place as coarse as it may be shown, and the square of a tenth of a degree that it is in.
    add(manager, "items", column("shown_latitude").double().null()).await?;
    add(manager, "items", column("shown_longitude").double().null()).await?;
    add(manager, "items", column("cell").big_integer().null()).await?;
    add(manager, "item_causes", column("kind").text().not_null().default("")).await?;
    add(manager, "item_causes", column("due_at").big_integer().not_null().default(0)).await?;
    add(manager, "needs", column("due_at").big_integer().not_null().default(0)).await?;
    // The name of an association in small letters.
    add(manager, "associations", column("name_key").text().not_null().default("")).await
}

/// What was stored before gets its copies.
async fn fill(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let postgres = manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Postgres;
    let round = |column: &str, digits: u8| {
        if postgres {
            format!("round({column}::numeric, {digits})::double precision")
        } else {
            format!("round({column}, {digits})")
        }
    };
    let shown = |column: &str| {
        format!(
            "CASE coarseness WHEN 'exact' THEN {} WHEN 'street' THEN {} WHEN 'neighbourhood' THEN {} ELSE {} END",
            round(column, 6),
            round(column, 3),
            round(column, 2),
            round(column, 1)
        )
    };
    let whole = if postgres { "floor" } else { "" };
    for sql in [
        "UPDATE items SET due_at = published_at, here = (SELECT local FROM actors WHERE actors.id = items.home)".into(),
        "UPDATE items SET stage = p.state FROM projects AS p WHERE p.id = items.id".into(),
        "UPDATE items SET stage = c.state, due_at = c.closes_at FROM calls AS c WHERE c.id = items.id"
            .into(),
        "UPDATE items SET stage = e.state, ends_at = e.ends_at, due_at = \
         CASE WHEN e.starts_at < e.ends_at - 604800000 THEN e.ends_at - 604800000 ELSE e.starts_at END \
         FROM events AS e WHERE e.id = items.id"
            .into(),
        format!(
            "UPDATE items SET shown_latitude = {}, shown_longitude = {} WHERE latitude IS NOT NULL",
            shown("latitude"),
            shown("longitude")
        ),
        format!(
            "UPDATE items SET cell = CAST({whole}((shown_latitude + 90) * 10) AS BIGINT) * 3600 \
             + CAST({whole}((shown_longitude + 180) * 10) AS BIGINT) WHERE shown_latitude IS NOT NULL"
        ),
        "UPDATE item_causes SET kind = i.kind, due_at = i.due_at FROM items AS i WHERE i.id = item_causes.item_id".into(),
        "UPDATE needs SET due_at = i.due_at FROM items AS i WHERE i.id = needs.call_id".into(),
        "UPDATE associations SET name_key = lower(a.name) FROM actors AS a WHERE a.id = associations.id".into(),
    ] as [String; 9]
    {
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}

async fn indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    index(manager, "items", &["kind", "due_at", "id"], false).await?;
    index(manager, "items", &["kind", "stage", "due_at", "id"], false).await?;
    index(manager, "items", &["kind", "here", "due_at", "id"], false).await?;
    index(manager, "items", &["kind", "home", "due_at", "id"], false).await?;
    index(manager, "items", &["kind", "cell", "due_at", "id"], false).await?;
    index(manager, "item_causes", &["cause_id", "kind", "due_at", "item_id"], false).await?;
    index(manager, "needs", &["kind", "due_at", "call_id"], false).await?;
    index(manager, "battles", &["cause_id"], false).await?;
    index(manager, "associations", &["name_key", "id"], false).await
}
