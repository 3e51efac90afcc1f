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

fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
}

/// Makes a table; `references` are columns that hold the id of a row in another table.
async fn table(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: Vec<&mut ColumnDef>,
    key: &[&'static str],
    references: &[(&'static str, &'static str)],
) -> Result<(), DbErr> {
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    let mut create = Table::create();
    create.table(name).primary_key(&mut primary);
    for column in columns {
        create.col(column);
    }
    for (column, other) in references {
        create.foreign_key(ForeignKey::create().from(name, *column).to(*other, "id"));
    }
    manager.create_table(create).await
}

/// Makes an index named after its table and columns, so that a broken constraint names itself.
async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    let mut create = Index::create();
    create.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        create.col(*column);
    }
    if unique {
        create.unique();
    }
    manager.create_index(create).await
}
