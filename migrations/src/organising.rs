//! What organisers, visitors and stewards need: invitations, visitors, letters, pictures, reports, drafts; and a few
//! columns more for what was there.

use sea_orm_migration::prelude::*;

use crate::tables::{add, column};

mod desk;
mod lists;
mod visitors;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261125_000001_organising"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        columns(manager).await?;
        visitors::visitors_and_letters(manager).await?;
        desk::desk(manager).await?;
        lists::lists(manager).await
    }

    // All or nothing, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// What the tables of before say besides.
async fn columns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    add(manager, "people", column("password_hash").text().null()).await?;
    add(manager, "people", column("steward").boolean().not_null().default(false)).await?;
    // A link that is for another address does not sign in; it changes the address.
    add(manager, "sign_in_links", column("email").text().null()).await?;
    add(manager, "sessions", column("agent").text().not_null().default("")).await?;
    add(manager, "pledges", column("note").text().not_null().default("")).await?;
    add(manager, "items", column("picture_id").uuid().null()).await?;
    add(manager, "items", column("replies_told_at").big_integer().null()).await?;
    add(manager, "actors", column("paper").text().null()).await?;
    add(manager, "associations", column("joining").text().not_null().default("")).await?;
    add(manager, "associations", column("safeguarding").text().not_null().default("")).await
}
