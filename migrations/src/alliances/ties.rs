//! Ties that both sides sign, what alliances decide, and what is known of the ties of others.

use sea_orm_migration::prelude::*;

use crate::tables::{column, index, table};

pub(super) async fn ties(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    affiliations(manager).await?;
    partnerships(manager).await?;
    adoptions(manager).await?;
    decisions(manager).await?;
    electors(manager).await?;
    ballots(manager).await?;
    walks(manager).await?;
    sightings(manager).await
}

/// A tie between two associations, at least one of them here.
async fn affiliations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "affiliations",
        vec![
            column("id").uuid().not_null(),
            column("uri").text().not_null(),
            column("member_id").uuid().not_null(),
            column("umbrella_id").uuid().not_null(),
            column("kind").text().not_null(),
            column("mandate").text().not_null(),
            column("state").text().not_null(),
            column("proposer_id").uuid().not_null(),
            column("offer_uri").text().not_null(),
            column("proposed_at").big_integer().not_null(),
            column("answered_at").big_integer().null(),
            column("ended_at").big_integer().null(),
            column("ended_by").uuid().null(),
            // Does the other side list it, as far as we last looked?
            column("listed").boolean().not_null(),
            column("checked_at").big_integer().null(),
            column("check_at").big_integer().null(),
            // How often in a row, and since when, we did not find it there.
            column("missed").integer().not_null(),
            column("missed_since").big_integer().null(),
            // The other side's consent to stand in our collection (FEP-7aa9).
            column("stamp_uri").text().null(),
        ],
        &["id"],
        &[("member_id", "actors"), ("umbrella_id", "actors"), ("proposer_id", "actors")],
    )
    .await?;
    index(manager, "affiliations", &["uri"], true).await?;
    // One row for each offer: two that cross, or one after another, are one tie.
    index(manager, "affiliations", &["member_id", "umbrella_id"], false).await?;
    index(manager, "affiliations", &["umbrella_id", "state"], false).await?;
    index(manager, "affiliations", &["offer_uri"], true).await?;
    index(manager, "affiliations", &["check_at"], false).await
}

/// Another association takes a role in a project.
async fn partnerships(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "partnerships",
        vec![
            column("id").uuid().not_null(),
            column("uri").text().not_null(),
            column("project_id").uuid().not_null(),
            column("partner_id").uuid().not_null(),
            column("role").text().not_null(),
            column("words").text().not_null(),
            column("answer").text().not_null(),
            column("state").text().not_null(),
            column("offer_uri").text().not_null(),
            column("offered_at").big_integer().not_null(),
            column("answered_at").big_integer().null(),
            column("ended_at").big_integer().null(),
            column("ended_by").uuid().null(),
        ],
        &["id"],
        &[("project_id", "items"), ("partner_id", "actors")],
    )
    .await?;
    index(manager, "partnerships", &["uri"], true).await?;
    index(manager, "partnerships", &["project_id", "partner_id"], true).await?;
    index(manager, "partnerships", &["partner_id", "state"], false).await?;
    index(manager, "partnerships", &["offer_uri"], false).await
}

/// The same idea, started elsewhere.
async fn adoptions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "adoptions",
        vec![
            column("child_id").uuid().not_null(),
            column("parent_id").uuid().not_null(),
            column("state").text().not_null(),
            column("at").big_integer().not_null(),
        ],
        &["child_id"],
        &[("child_id", "items"), ("parent_id", "items")],
    )
    .await?;
    index(manager, "adoptions", &["parent_id", "state"], false).await
}

/// What an alliance asks its members.
async fn decisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "decisions",
        vec![
            column("id").uuid().not_null(),
            column("uri").text().not_null(),
            column("alliance_id").uuid().not_null(),
            column("title").text().not_null(),
            column("source").text().not_null(),
            column("html").text().not_null(),
            column("rule").text().not_null(),
            column("closes_at").big_integer().not_null(),
            column("asked_at").big_integer().not_null(),
            column("closed_at").big_integer().null(),
            // Who said what and what came of it, once it is closed: it stays when associations are gone.
            column("record").text().not_null(),
        ],
        &["id"],
        &[("alliance_id", "actors")],
    )
    .await?;
    index(manager, "decisions", &["uri"], true).await?;
    index(manager, "decisions", &["alliance_id", "asked_at"], false).await
}

/// Who may vote: the members when it was asked.
async fn electors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "electors",
        vec![column("decision_id").uuid().not_null(), column("association_id").uuid().not_null()],
        &["decision_id", "association_id"],
        &[("decision_id", "decisions"), ("association_id", "actors")],
    )
    .await?;
    index(manager, "electors", &["association_id"], false).await
}

/// What each said.
async fn ballots(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "ballots",
        vec![
            column("decision_id").uuid().not_null(),
            column("association_id").uuid().not_null(),
            column("choice").text().not_null(),
            column("words").text().not_null(),
            column("vote_uri").text().null(),
            column("at").big_integer().not_null(),
        ],
        &["decision_id", "association_id"],
        &[("decision_id", "decisions"), ("association_id", "actors")],
    )
    .await
}

/// Whose list of ties was last read when.
async fn walks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "walks",
        vec![
            column("actor_id").uuid().not_null(),
            // How many steps from one of ours.
            column("steps").integer().not_null(),
            column("walked_at").big_integer().null(),
            column("walk_at").big_integer().not_null(),
            column("problem").text().null(),
        ],
        &["actor_id"],
        &[("actor_id", "actors")],
    )
    .await?;
    index(manager, "walks", &["walk_at"], false).await
}

/// Whom an actor lists as tied to it, as far as we last looked.
async fn sightings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "sightings",
        vec![
            column("actor_id").uuid().not_null(),
            column("other_uri").text().not_null(),
            column("relationship").text().not_null(),
            column("seen_at").big_integer().not_null(),
        ],
        &["actor_id", "other_uri"],
        &[("actor_id", "actors")],
    )
    .await?;
    index(manager, "sightings", &["other_uri"], false).await
}
