//! How tables, columns and indexes are made, the same for both databases.

use sea_orm_migration::prelude::*;

/// A column of this name.
pub(crate) fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
}

/// Makes a table; `references` are columns that hold the id of a row in another table.
pub(crate) async fn table(
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
pub(crate) async fn index(
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

/// Adds a column to a table that is there.
pub(crate) async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &mut ColumnDef,
) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}
