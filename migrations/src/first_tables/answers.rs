//! What comes back: pledges, followers, replies, reactions; and who is kept out.

use sea_orm_migration::prelude::*;

use crate::tables::{column, index, table};

pub(super) async fn answers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    pledges(manager).await?;
    pledge_needs(manager).await?;
    late_votes(manager).await?;
    followers(manager).await?;
    replies(manager).await?;
    reactions(manager).await?;
    tombstones(manager).await?;
    blocks(manager).await
}

/// Answers to calls.
async fn pledges(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "pledges",
        vec![
            column("id").uuid().not_null(),
            column("call_id").uuid().not_null(),
            column("giver_id").uuid().not_null(),
            column("state").text().not_null(),
            column("door").text().not_null(),
            column("answer").text().not_null(),
            column("receipt").text().not_null(),
            column("offered_at").big_integer().not_null(),
            column("answered_at").big_integer().null(),
            column("told_at").big_integer().null(),
        ],
        &["id"],
        &[("call_id", "calls"), ("giver_id", "actors")],
    )
    .await?;
    index(manager, "pledges", &["call_id", "giver_id"], true).await?;
    index(manager, "pledges", &["receipt"], true).await?;
    index(manager, "pledges", &["giver_id"], false).await
}

/// Which needs a pledge answers.
async fn pledge_needs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "pledge_needs",
        vec![
            column("pledge_id").uuid().not_null(),
            column("position").small_integer().not_null(),
            column("vote_uri").text().null(),
            column("at").big_integer().not_null(),
        ],
        &["pledge_id", "position"],
        &[("pledge_id", "pledges")],
    )
    .await
}

/// Who voted after the time was over, so that they are told so once.
async fn late_votes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "late_votes",
        vec![
            column("call_id").uuid().not_null(),
            column("giver_id").uuid().not_null(),
            column("at").big_integer().not_null(),
        ],
        &["call_id", "giver_id"],
        &[("call_id", "calls"), ("giver_id", "actors")],
    )
    .await
}

/// Who follows one of ours.
async fn followers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "followers",
        vec![
            column("followed_id").uuid().not_null(),
            column("follower_id").uuid().not_null(),
            column("follow_uri").text().not_null(),
            column("since").big_integer().not_null(),
        ],
        &["followed_id", "follower_id"],
        &[("followed_id", "actors"), ("follower_id", "actors")],
    )
    .await?;
    index(manager, "followers", &["follower_id"], false).await
}

/// What anyone wrote back.
async fn replies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "replies",
        vec![
            column("id").uuid().not_null(),
            column("uri").text().not_null(),
            column("home").uuid().not_null(),
            column("item_id").uuid().not_null(),
            column("html").text().not_null(),
            column("direct").boolean().not_null(),
            column("state").text().not_null(),
            column("published_at").big_integer().not_null(),
            column("edited_at").big_integer().null(),
            column("received_at").big_integer().not_null(),
        ],
        &["id"],
        &[("home", "actors"), ("item_id", "items")],
    )
    .await?;
    index(manager, "replies", &["uri"], true).await?;
    index(manager, "replies", &["item_id", "state", "published_at"], false).await?;
    index(manager, "replies", &["home"], false).await
}

/// Likes and boosts, as state.
async fn reactions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "reactions",
        vec![
            column("item_id").uuid().not_null(),
            column("actor_id").uuid().not_null(),
            column("kind").text().not_null(),
            column("activity_uri").text().not_null(),
            column("at").big_integer().not_null(),
        ],
        &["item_id", "actor_id", "kind"],
        &[("item_id", "items"), ("actor_id", "actors")],
    )
    .await?;
    index(manager, "reactions", &["activity_uri"], false).await?;
    index(manager, "reactions", &["actor_id"], false).await
}

/// Ids of others that are dead and stay dead.
async fn tombstones(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "tombstones",
        vec![column("uri").text().not_null(), column("deleted_at").big_integer().not_null()],
        &["uri"],
        &[],
    )
    .await
}

/// Servers we hear nothing from and tell nothing.
async fn blocks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "blocks",
        vec![
            column("domain").text().not_null(),
            column("reason").text().not_null(),
            column("since").big_integer().not_null(),
        ],
        &["domain"],
        &[],
    )
    .await
}
