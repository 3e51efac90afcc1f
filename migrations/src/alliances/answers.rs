//! Answers that cross from one instance to another.

use sea_orm_migration::prelude::*;

use crate::tables::{add, column, index, table};

pub(super) async fn answers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // The `Offer` that said it, and the agreement it led to.
    add(manager, "pledges", column("offer_uri").text().null()).await?;
    add(manager, "pledges", column("agreement_uri").text().null()).await?;
    index(manager, "pledges", &["offer_uri"], false).await?;
    index(manager, "pledges", &["agreement_uri"], false).await?;
    add(manager, "events", column("going_count").big_integer().not_null().default(0)).await?;
    rsvps(manager).await
}

/// Who comes to an event.
async fn rsvps(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "rsvps",
        vec![
            column("id").uuid().not_null(),
            column("event_id").uuid().not_null(),
            column("goer_id").uuid().not_null(),
            column("state").text().not_null(),
            column("door").text().not_null(),
            column("note").text().not_null(),
            // What its home answered.
            column("answer").text().not_null(),
            column("receipt").text().not_null(),
            // The `Join` that said it.
            column("join_uri").text().null(),
            column("asked_at").big_integer().not_null(),
            column("answered_at").big_integer().null(),
        ],
        &["id"],
        &[("event_id", "events"), ("goer_id", "actors")],
    )
    .await?;
    index(manager, "rsvps", &["event_id", "goer_id"], true).await?;
    index(manager, "rsvps", &["event_id", "state", "asked_at"], false).await?;
    index(manager, "rsvps", &["goer_id"], false).await?;
    index(manager, "rsvps", &["receipt"], true).await?;
    index(manager, "rsvps", &["join_uri"], false).await
}
