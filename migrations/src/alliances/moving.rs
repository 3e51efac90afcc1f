//! Associations that move to another instance, and those that come.

use sea_orm_migration::prelude::*;

use crate::tables::{column, index, table};

pub(super) async fn moving(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    moves(manager).await?;
    arrivals(manager).await?;
    index(manager, "items", &["moved_from"], true).await
}

/// How far the move of one of ours has come.
async fn moves(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "moves",
        vec![
            column("association_id").uuid().not_null(),
            column("state").text().not_null(),
            column("target_uri").text().null(),
            column("begun_at").big_integer().not_null(),
            column("told_at").big_integer().null(),
            column("ended_at").big_integer().null(),
        ],
        &["association_id"],
        &[("association_id", "associations")],
    )
    .await
}

/// How far the coming in of another's archive has come.
async fn arrivals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "imports",
        vec![
            column("association_id").uuid().not_null(),
            column("source_uri").text().not_null(),
            column("archive").text().not_null(),
            column("done").big_integer().not_null(),
            column("total").big_integer().not_null(),
            column("begun_at").big_integer().not_null(),
            column("ended_at").big_integer().null(),
        ],
        &["association_id"],
        &[("association_id", "associations")],
    )
    .await?;
    index(manager, "imports", &["source_uri"], true).await
}
