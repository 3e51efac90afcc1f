//! The tables of the walking skeleton. A newcomer may start reading the whole house here.

use sea_orm_migration::prelude::*;

mod answers;
mod traffic;
mod what;
mod who;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000001_first_tables"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        who::who(manager).await?;
        what::what(manager).await?;
        answers::answers(manager).await?;
        traffic::traffic(manager).await
    }

    // All or nothing, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
