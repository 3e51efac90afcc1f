//! What associations are to each other: connections, carries, partnerships, affiliations, decisions, moves; and a few
//! columns more for what comes from elsewhere.

use sea_orm_migration::prelude::*;

use crate::tables::{add, column, index};

mod answers;
mod carrying;
mod lists;
mod moving;
mod ties;
mod updates;

#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261126_000001_alliances"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        actors(manager).await?;
        items(manager).await?;
        carrying::carrying(manager).await?;
        ties::ties(manager).await?;
        answers::answers(manager).await?;
        moving::moving(manager).await?;
        updates::updates(manager).await?;
        lists::lists(manager).await
    }

    // All or nothing, on SQLite too.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// What actors say of themselves besides.
async fn actors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    add(manager, "actors", column("outbox_uri").text().null()).await?;
    add(manager, "actors", column("featured_uri").text().null()).await?;
    add(manager, "actors", column("affiliates_uri").text().null()).await?;
    // The word of the kind of association, where it says so.
    add(manager, "actors", column("association_kind").text().null()).await?;
    // May it be found, and named as a carrier?
    add(manager, "actors", column("discoverable").boolean().not_null().default(false)).await?;
    add(manager, "actors", column("moved_to").text().null()).await?;
    // Addresses, one a line.
    add(manager, "actors", column("also_known_as").text().not_null().default("")).await?;
    manager
        .get_connection()
        .execute_unprepared(
            "UPDATE actors SET discoverable = TRUE, association_kind = \
             (SELECT kind FROM associations WHERE associations.id = actors.id) WHERE local AND kind = 'Group'",
        )
        .await
        .map(drop)
}

/// What is known of items of others, and of ours that others carry.
async fn items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Whom its home published it for: public, unlisted, followers.
    add(manager, "items", column("reach").text().not_null().default("public")).await?;
    // Does its home let others carry it?
    add(manager, "items", column("carriable").boolean().not_null().default(true)).await?;
    // Does this board show it? What is ours is shown, what is from elsewhere while one of ours carries it.
    add(manager, "items", column("shown").boolean().not_null().default(true)).await?;
    // By how many associations it is carried, here and elsewhere.
    add(manager, "items", column("carry_count").big_integer().not_null().default(0)).await?;
    // Where it went with its association, and where it came from.
    add(manager, "items", column("moved_to").text().null()).await?;
    add(manager, "items", column("moved_from").text().null()).await?;
    // The project that this one takes up, and what it was called and whose it was: the credit outlives it.
    add(manager, "projects", column("parent_uri").text().null()).await?;
    add(manager, "projects", column("parent_words").text().not_null().default("")).await?;
    index(manager, "projects", &["parent_uri"], false).await?;
    // Does its home elsewhere have it pinned?
    add(manager, "items", column("pinned").boolean().not_null().default(false)).await?;
    // Is it a cause of this board? Hashtags of what only lies in a stream are not.
    add(manager, "causes", column("listed").boolean().not_null().default(true)).await
}
