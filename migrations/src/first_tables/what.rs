//! Causes, items and the nouns that items are.

use sea_orm_migration::prelude::*;

use crate::tables::{column, index, table};

pub(super) async fn what(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    causes(manager).await?;
    battles(manager).await?;
    items(manager).await?;
    item_causes(manager).await?;
    projects(manager).await?;
    calls(manager).await?;
    needs(manager).await?;
    events(manager).await?;
    updates(manager).await
}

/// What groups fight for.
async fn causes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "causes",
        vec![
            column("id").uuid().not_null(),
            column("home").uuid().not_null(),
            column("uri").text().not_null(),
            column("page").text().not_null(),
            column("tag").text().not_null(),
            column("tag_key").text().not_null(),
            column("created_at").big_integer().not_null(),
        ],
        &["id"],
        &[("home", "actors")],
    )
    .await?;
    index(manager, "causes", &["uri"], true).await?;
    index(manager, "causes", &["tag_key"], true).await
}

/// The three causes of an association.
async fn battles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "battles",
        vec![
            column("association_id").uuid().not_null(),
            column("position").small_integer().not_null(),
            column("cause_id").uuid().not_null(),
        ],
        &["association_id", "position"],
        &[("association_id", "associations"), ("cause_id", "causes")],
    )
    .await
}

/// The common head of projects, calls, events and updates.
async fn items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "items",
        vec![
            column("id").uuid().not_null(),
            column("kind").text().not_null(),
            column("home").uuid().not_null(),
            column("uri").text().not_null(),
            column("page").text().not_null(),
            column("title").text().not_null(),
            column("source").text().not_null(),
            column("html").text().not_null(),
            column("language").text().not_null(),
            column("place_name").text().null(),
            column("latitude").double().null(),
            column("longitude").double().null(),
            column("coarseness").text().null(),
            column("published_at").big_integer().not_null(),
            column("edited_at").big_integer().null(),
            column("deleted_at").big_integer().null(),
            column("like_count").big_integer().not_null(),
            column("boost_count").big_integer().not_null(),
            column("reply_count").big_integer().not_null(),
        ],
        &["id"],
        &[("home", "actors")],
    )
    .await?;
    index(manager, "items", &["uri"], true).await?;
    index(manager, "items", &["home", "published_at"], false).await?;
    index(manager, "items", &["kind", "published_at"], false).await
}

/// Which causes an item fights for.
async fn item_causes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "item_causes",
        vec![column("item_id").uuid().not_null(), column("cause_id").uuid().not_null()],
        &["item_id", "cause_id"],
        &[("item_id", "items"), ("cause_id", "causes")],
    )
    .await?;
    index(manager, "item_causes", &["cause_id", "item_id"], false).await
}

/// What an item that is a project says besides.
async fn projects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "projects",
        vec![
            column("id").uuid().not_null(),
            column("need").text().not_null(),
            column("state").text().not_null(),
            column("reason").text().null(),
            column("wake_at").big_integer().null(),
            column("outcome").text().null(),
            column("ended_at").big_integer().null(),
        ],
        &["id"],
        &[("id", "items")],
    )
    .await
}

/// What an item that is a call says besides.
async fn calls(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "calls",
        vec![
            column("id").uuid().not_null(),
            column("project_id").uuid().null(),
            column("why").text().not_null(),
            column("closes_at").big_integer().not_null(),
            column("one_tap").boolean().not_null(),
            column("state").text().not_null(),
            column("reason").text().null(),
            column("wake_at").big_integer().null(),
            column("outcome").text().null(),
            column("thanks").text().null(),
            column("over_at").big_integer().null(),
            column("ended_at").big_integer().null(),
            column("voter_count").big_integer().not_null(),
            column("tallied_at").big_integer().null(),
            column("progressed_at").big_integer().null(),
        ],
        &["id"],
        &[("id", "items"), ("project_id", "projects")],
    )
    .await?;
    index(manager, "calls", &["project_id"], false).await
}

/// The kinds of help a call asks for: the options of its poll.
async fn needs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "needs",
        vec![
            column("call_id").uuid().not_null(),
            column("position").small_integer().not_null(),
            column("kind").text().not_null(),
            column("label").text().not_null(),
            column("wanted").integer().null(),
            column("vote_count").big_integer().not_null(),
            column("offered_count").big_integer().not_null(),
            column("taken_count").big_integer().not_null(),
        ],
        &["call_id", "position"],
        &[("call_id", "calls")],
    )
    .await
}

/// What an item that is an event says besides.
async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "events",
        vec![
            column("id").uuid().not_null(),
            column("project_id").uuid().null(),
            column("starts_at").big_integer().not_null(),
            column("ends_at").big_integer().not_null(),
            column("zone").text().not_null(),
            column("capacity").integer().null(),
            column("online").text().null(),
            column("state").text().not_null(),
            column("reason").text().null(),
            column("over_at").big_integer().null(),
        ],
        &["id"],
        &[("id", "items"), ("project_id", "projects")],
    )
    .await?;
    index(manager, "events", &["ends_at"], false).await?;
    index(manager, "events", &["project_id"], false).await
}

/// What an item that is an update says besides.
async fn updates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "updates",
        vec![column("id").uuid().not_null(), column("about_id").uuid().not_null()],
        &["id"],
        &[("id", "items"), ("about_id", "items")],
    )
    .await?;
    index(manager, "updates", &["about_id"], false).await
}
