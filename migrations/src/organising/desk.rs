//! What lies on the desks of organisers and stewards.

use sea_orm_migration::prelude::*;

use crate::tables::{column, index, table};

pub(super) async fn desk(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    pictures(manager).await?;
    reports(manager).await?;
    nominations(manager).await?;
    drafts(manager).await
}

/// What pictures say and measure; their files are beside the database.
async fn pictures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "pictures",
        vec![
            column("id").uuid().not_null(),
            column("home").uuid().not_null(),
            column("alt").text().not_null(),
            column("width").integer().not_null(),
            column("height").integer().not_null(),
            column("created_at").big_integer().not_null(),
        ],
        &["id"],
        &[("home", "actors")],
    )
    .await?;
    index(manager, "pictures", &["home"], false).await
}

/// What somebody asked the stewards to look at, and what they decided.
async fn reports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "reports",
        vec![
            column("id").uuid().not_null(),
            column("association_id").uuid().null(),
            column("item_id").uuid().null(),
            column("reply_id").uuid().null(),
            column("actor_id").uuid().null(),
            column("title").text().not_null(),
            column("category").text().not_null(),
            column("words").text().not_null(),
            column("reporter_id").uuid().null(),
            column("reporter_email").text().null(),
            column("told").boolean().not_null(),
            column("state").text().not_null(),
            column("created_at").big_integer().not_null(),
        ],
        &["id"],
        // A reply is not named: its author may delete it while a report about it waits.
        &[
            ("association_id", "associations"),
            ("item_id", "items"),
            ("actor_id", "actors"),
            ("reporter_id", "actors"),
        ],
    )
    .await?;
    judgements(manager).await?;
    index(manager, "reports", &["state", "created_at"], false).await?;
    index(manager, "reports", &["association_id", "state"], false).await
}

/// Every decision about a report, with its reason.
async fn judgements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "judgements",
        vec![
            column("report_id").uuid().not_null(),
            column("at").big_integer().not_null(),
            column("by_id").uuid().null(),
            column("verdict").text().not_null(),
            column("reason").text().not_null(),
        ],
        &["report_id", "at"],
        &[("report_id", "reports"), ("by_id", "people")],
    )
    .await
}

/// Projects that nobody here runs yet, as somebody proposed them.
async fn nominations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "nominations",
        vec![
            column("id").uuid().not_null(),
            column("title").text().not_null(),
            column("text").text().not_null(),
            column("place_name").text().null(),
            column("latitude").double().null(),
            column("longitude").double().null(),
            column("coarseness").text().null(),
            column("name").text().not_null(),
            column("email").text().not_null(),
            column("state").text().not_null(),
            column("item_id").uuid().null(),
            column("reason").text().not_null(),
            column("decided_by").uuid().null(),
            column("decided_at").big_integer().null(),
            column("created_at").big_integer().not_null(),
        ],
        &["id"],
        &[("item_id", "items"), ("decided_by", "people")],
    )
    .await?;
    index(manager, "nominations", &["state", "created_at"], false).await
}

/// What an organiser has begun to write: the form as it was left, as JSON.
async fn drafts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "drafts",
        vec![
            column("id").uuid().not_null(),
            column("home").uuid().not_null(),
            column("author_id").uuid().not_null(),
            column("kind").text().not_null(),
            column("title").text().not_null(),
            column("form").text().not_null(),
            column("item_id").uuid().null(),
            column("created_at").big_integer().not_null(),
            column("changed_at").big_integer().not_null(),
        ],
        &["id"],
        &[("home", "associations"), ("author_id", "people"), ("item_id", "items")],
    )
    .await?;
    index(manager, "drafts", &["home", "changed_at"], false).await
}
