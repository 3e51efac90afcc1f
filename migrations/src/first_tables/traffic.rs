//! What goes out and what comes in.

use sea_orm_migration::prelude::*;

use crate::tables::{column, index, table};

pub(super) async fn traffic(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    changes(manager).await?;
    activities(manager).await?;
    deliveries(manager).await?;
    hosts(manager).await?;
    arrivals(manager).await?;
    settings(manager).await?;
    counters(manager).await
}

/// What became true and is not yet told: the outbox of the database.
async fn changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "changes",
        vec![
            column("id").uuid().not_null(),
            column("kind").text().not_null(),
            column("speaker_id").uuid().not_null(),
            column("object_id").uuid().not_null(),
            column("subject_id").uuid().null(),
            column("words").text().not_null(),
            column("due_at").big_integer().not_null(),
            column("attempts").integer().not_null(),
            column("problem").text().null(),
            column("created_at").big_integer().not_null(),
        ],
        &["id"],
        &[("speaker_id", "actors")],
    )
    .await?;
    index(manager, "changes", &["due_at", "id"], false).await?;
    index(manager, "changes", &["object_id", "id"], false).await
}

/// What was said, once, in its final bytes.
async fn activities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "activities",
        vec![
            column("id").uuid().not_null(),
            column("actor_id").uuid().not_null(),
            column("item_id").uuid().null(),
            column("note_id").uuid().null(),
            column("object_uri").text().not_null(),
            column("sequence").big_integer().not_null(),
            column("verb").text().not_null(),
            column("public").boolean().not_null(),
            column("body").text().not_null(),
            column("created_at").big_integer().not_null(),
        ],
        &["id"],
        &[("actor_id", "actors")],
    )
    .await?;
    index(manager, "activities", &["object_uri", "sequence"], true).await?;
    index(manager, "activities", &["actor_id", "public", "id"], false).await?;
    index(manager, "activities", &["note_id"], false).await?;
    index(manager, "activities", &["item_id"], false).await
}

/// One activity on its way to one inbox.
async fn deliveries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "deliveries",
        vec![
            column("id").uuid().not_null(),
            column("activity_id").uuid().not_null(),
            column("sender_id").uuid().not_null(),
            column("host").text().not_null(),
            column("inbox").text().not_null(),
            column("object_uri").text().not_null(),
            column("sequence").big_integer().not_null(),
            column("attempts").integer().not_null(),
            column("next_at").big_integer().not_null(),
            column("token").uuid().null(),
            column("state").text().not_null(),
            column("last_status").integer().null(),
            column("last_problem").text().null(),
            column("created_at").big_integer().not_null(),
        ],
        &["id"],
        &[("activity_id", "activities"), ("sender_id", "actors")],
    )
    .await?;
    index(manager, "deliveries", &["state", "next_at", "id"], false).await?;
    index(manager, "deliveries", &["inbox", "object_uri", "sequence"], false).await?;
    index(manager, "deliveries", &["host"], false).await
}

/// What we know of each server we tell things to.
async fn hosts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "hosts",
        vec![
            column("host").text().not_null(),
            column("failures").integer().not_null(),
            column("first_failed_at").big_integer().null(),
            column("open_until").big_integer().null(),
            column("last_success_at").big_integer().null(),
            column("last_failure_at").big_integer().null(),
            column("last_status").integer().null(),
            column("last_problem").text().null(),
        ],
        &["host"],
        &[],
    )
    .await?;
    index(manager, "hosts", &["open_until"], false).await
}

/// What came in, kept until it took effect and a while after.
async fn arrivals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "arrivals",
        vec![
            column("id").uuid().not_null(),
            column("activity_uri").text().not_null(),
            column("digest").text().not_null(),
            column("actor_uri").text().not_null(),
            column("verb").text().not_null(),
            column("body").text().not_null(),
            column("state").text().not_null(),
            column("outcome").text().null(),
            column("attempts").integer().not_null(),
            column("next_at").big_integer().not_null(),
            column("received_at").big_integer().not_null(),
        ],
        &["id"],
        &[],
    )
    .await?;
    index(manager, "arrivals", &["activity_uri", "digest"], true).await?;
    index(manager, "arrivals", &["state", "next_at", "id"], false).await?;
    index(manager, "arrivals", &["received_at"], false).await
}

/// What the instance remembers of itself.
async fn settings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "settings",
        vec![column("key").text().not_null(), column("value").text().not_null()],
        &["key"],
        &[],
    )
    .await
}

/// How often something happened that nobody needs in detail.
async fn counters(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "counters",
        vec![column("name").text().not_null(), column("value").big_integer().not_null()],
        &["name"],
        &[],
    )
    .await
}
