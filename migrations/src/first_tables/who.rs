//! Actors, associations, people and how they sign in.

use sea_orm_migration::prelude::*;

use crate::tables::{column, index, table};

pub(super) async fn who(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    actors(manager).await?;
    handles(manager).await?;
    associations(manager).await?;
    people(manager).await?;
    roles(manager).await?;
    sign_in_links(manager).await?;
    sessions(manager).await
}

/// Whoever can act, here or elsewhere: one row each.
async fn actors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "actors",
        vec![
            column("id").uuid().not_null(),
            column("uri").text().not_null(),
            column("local").boolean().not_null(),
            column("kind").text().not_null(),
            column("handle").text().not_null(),
            column("host").text().not_null(),
            column("name").text().not_null(),
            column("summary").text().not_null(),
            column("page").text().not_null(),
            column("inbox").text().not_null(),
            column("shared_inbox").text().null(),
            column("followers_uri").text().null(),
            column("key_id").text().not_null(),
            column("public_key").text().not_null(),
            column("private_key").blob().null(),
            column("published_count").big_integer().not_null(),
            column("follower_count").big_integer().not_null(),
            column("fetched_at").big_integer().not_null(),
            column("gone_at").big_integer().null(),
            column("created_at").big_integer().not_null(),
        ],
        &["id"],
        &[],
    )
    .await?;
    index(manager, "actors", &["uri"], true).await?;
    index(manager, "actors", &["inbox"], false).await?;
    index(manager, "actors", &["shared_inbox"], false).await?;
    index(manager, "actors", &["host"], false).await
}

/// The names of ours, present and past: one namespace for associations and people.
async fn handles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "handles",
        vec![
            column("handle").text().not_null(),
            column("actor_id").uuid().not_null(),
            column("current").boolean().not_null(),
        ],
        &["handle"],
        &[("actor_id", "actors")],
    )
    .await?;
    index(manager, "handles", &["actor_id"], false).await
}

/// What the actor row of an association does not say.
async fn associations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "associations",
        vec![
            column("id").uuid().not_null(),
            column("kind").text().not_null(),
            column("about").text().not_null(),
            column("language").text().not_null(),
            column("zone").text().not_null(),
            column("place_name").text().null(),
            column("latitude").double().null(),
            column("longitude").double().null(),
            column("coarseness").text().null(),
            column("welcome_id").uuid().null(),
            column("founded_at").big_integer().not_null(),
            column("closed_at").big_integer().null(),
            column("farewell").text().null(),
            column("sample").boolean().not_null(),
        ],
        &["id"],
        &[("id", "actors")],
    )
    .await
}

/// Persons with an account here.
async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "people",
        vec![
            column("id").uuid().not_null(),
            column("name").text().not_null(),
            column("email").text().not_null(),
            column("created_at").big_integer().not_null(),
        ],
        &["id"],
        &[("id", "actors")],
    )
    .await?;
    index(manager, "people", &["email"], true).await
}

/// Who is what to which association.
async fn roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "roles",
        vec![
            column("person_id").uuid().not_null(),
            column("association_id").uuid().not_null(),
            column("role").text().not_null(),
        ],
        &["person_id", "association_id", "role"],
        &[("person_id", "people"), ("association_id", "associations")],
    )
    .await?;
    index(manager, "roles", &["association_id"], false).await
}

/// Links that sign in once; only their hash is kept.
async fn sign_in_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "sign_in_links",
        vec![
            column("secret_hash").text().not_null(),
            column("person_id").uuid().not_null(),
            column("expires_at").big_integer().not_null(),
            column("used_at").big_integer().null(),
        ],
        &["secret_hash"],
        &[("person_id", "people")],
    )
    .await?;
    index(manager, "sign_in_links", &["person_id"], false).await
}

/// Who is signed in where; only the hash of the cookie is kept.
async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "sessions",
        vec![
            column("secret_hash").text().not_null(),
            column("person_id").uuid().not_null(),
            column("created_at").big_integer().not_null(),
            column("seen_at").big_integer().not_null(),
            column("expires_at").big_integer().not_null(),
        ],
        &["secret_hash"],
        &[("person_id", "people")],
    )
    .await?;
    index(manager, "sessions", &["person_id"], false).await
}
