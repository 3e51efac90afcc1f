//! News from elsewhere may be about nothing that is kept here.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::tables::{column, index, table};

pub(super) async fn updates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        return connection
            .execute_unprepared("ALTER TABLE updates ALTER COLUMN about_id DROP NOT NULL")
            .await
            .map(drop);
    }
    // SQLite cannot loosen a column; no other table refers to this one.
    table(
        manager,
        "updates_anew",
        vec![column("id").uuid().not_null(), column("about_id").uuid().null()],
        &["id"],
        &[("id", "items"), ("about_id", "items")],
    )
    .await?;
    connection
        .execute_unprepared("INSERT INTO updates_anew (id, about_id) SELECT id, about_id FROM updates")
        .await?;
    connection.execute_unprepared("DROP TABLE updates").await?;
    connection.execute_unprepared("ALTER TABLE updates_anew RENAME TO updates").await?;
    index(manager, "updates", &["about_id"], false).await
}
