//! Whom associations listen to, and what of it they pass on.

use sea_orm_migration::prelude::*;

use crate::tables::{column, index, table};

pub(super) async fn carrying(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    connections(manager).await?;
    rules(manager).await?;
    carries(manager).await
}

/// Whom one of ours follows to look. Private.
async fn connections(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "connections",
        vec![
            column("seeker_id").uuid().not_null(),
            column("target_id").uuid().not_null(),
            column("state").text().not_null(),
            column("follow_id").uuid().null(),
            column("asked_at").big_integer().not_null(),
            column("answered_at").big_integer().null(),
            column("filled_at").big_integer().null(),
            column("heard_at").big_integer().null(),
            column("problem").text().null(),
            // When to fill in their newest items; none when that is done.
            column("fill_at").big_integer().null(),
            column("fill_tries").integer().not_null(),
        ],
        &["seeker_id", "target_id"],
        &[("seeker_id", "actors"), ("target_id", "actors")],
    )
    .await?;
    index(manager, "connections", &["target_id", "state"], false).await?;
    index(manager, "connections", &["fill_at"], false).await?;
    index(manager, "connections", &["follow_id"], false).await
}

/// What one of ours passes on by itself.
async fn rules(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "rules",
        vec![
            column("id").uuid().not_null(),
            column("carrier_id").uuid().not_null(),
            column("source_id").uuid().not_null(),
            // Words of kinds of items with commas between, empty for all.
            column("kinds").text().not_null(),
            // The key of a cause, empty for all.
            column("cause").text().not_null(),
            column("place_name").text().null(),
            column("latitude").double().null(),
            column("longitude").double().null(),
            column("radius").integer().null(),
            // Looked at by an organiser first?
            column("review").boolean().not_null(),
            // Made by an affiliation, and ended with it.
            column("affiliation_id").uuid().null(),
            column("created_at").big_integer().not_null(),
            column("ended_at").big_integer().null(),
        ],
        &["id"],
        &[("carrier_id", "actors"), ("source_id", "actors")],
    )
    .await?;
    index(manager, "rules", &["source_id", "ended_at"], false).await?;
    index(manager, "rules", &["carrier_id", "ended_at"], false).await?;
    index(manager, "rules", &["affiliation_id"], false).await
}

/// What somebody passes on: one row for each carrier, ours or not, and item.
async fn carries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "carries",
        vec![
            column("id").uuid().not_null(),
            column("carrier_id").uuid().not_null(),
            column("item_id").uuid().not_null(),
            column("state").text().not_null(),
            column("reason").text().not_null(),
            column("rule_id").uuid().null(),
            // What said it: our activity, or the id of theirs.
            column("activity_uri").text().null(),
            // The Note that quotes it, when there is a reason.
            column("note_uri").text().null(),
            column("since").big_integer().not_null(),
            column("ended_at").big_integer().null(),
            column("why_ended").text().null(),
        ],
        &["id"],
        &[("carrier_id", "actors"), ("item_id", "items"), ("rule_id", "rules")],
    )
    .await?;
    index(manager, "carries", &["carrier_id", "item_id"], true).await?;
    index(manager, "carries", &["item_id", "state"], false).await?;
    index(manager, "carries", &["carrier_id", "state", "since", "id"], false).await?;
    index(manager, "carries", &["rule_id"], false).await?;
    index(manager, "carries", &["activity_uri"], false).await?;
    index(manager, "carries", &["note_uri"], false).await
}
