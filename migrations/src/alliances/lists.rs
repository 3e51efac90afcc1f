//! Lists of a board hold what it shows; what only lies in somebody's stream must not slow them. Their indexes leave it out.

use sea_orm_migration::prelude::*;

const OF_ITEMS: [&str; 5] = ["due_at", "stage_due_at", "here_due_at", "home_due_at", "cell_due_at"];

pub(super) async fn lists(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    for columns in OF_ITEMS {
        let name = format!("items_kind_{columns}_id");
        let listed = columns
            .strip_suffix("_due_at")
            .map_or_else(|| "kind, due_at, id".to_owned(), |first| format!("kind, {first}, due_at, id"));
        connection.execute_unprepared(&format!("DROP INDEX {name}")).await?;
        connection
            .execute_unprepared(&format!("CREATE INDEX {name} ON items ({listed}) WHERE shown"))
            .await?;
    }
    Ok(())
}
