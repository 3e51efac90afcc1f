//! People who come in and people who only help, and the letters that go to them.

use sea_orm_migration::prelude::*;

use crate::tables::{column, index, table};

pub(super) async fn visitors_and_letters(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    invitations(manager).await?;
    visitors(manager).await?;
    offers(manager).await?;
    mails(manager).await
}

/// Who may come in: a mail address, and what it is for. Only the hash of the link is kept.
async fn invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "invitations",
        vec![
            column("secret_hash").text().not_null(),
            column("email").text().not_null(),
            column("association_id").uuid().null(),
            column("role").text().null(),
            column("invited_by").uuid().null(),
            column("created_at").big_integer().not_null(),
            column("expires_at").big_integer().not_null(),
            column("used_at").big_integer().null(),
        ],
        &["secret_hash"],
        &[("association_id", "associations"), ("invited_by", "people")],
    )
    .await?;
    index(manager, "invitations", &["email"], false).await
}

/// How to reach people without an account who help, until it is forgotten; their names are with their actors.
async fn visitors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "visitors",
        vec![
            column("id").uuid().not_null(),
            column("email").text().null(),
            column("phone").text().null(),
            column("created_at").big_integer().not_null(),
            column("confirmed_at").big_integer().null(),
            column("forget_at").big_integer().not_null(),
        ],
        &["id"],
        &[("id", "actors")],
    )
    .await?;
    index(manager, "visitors", &["email"], false).await?;
    index(manager, "visitors", &["forget_at"], false).await
}

/// What a visitor offers and has not confirmed from the mail yet; nothing else is known of them until then. Only the
/// hash of the link is kept. One that was confirmed keeps only its pledge, so that the link leads there.
async fn offers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "offers",
        vec![
            column("secret_hash").text().not_null(),
            column("call_id").uuid().not_null(),
            column("needs").text().not_null(),
            column("name").text().not_null(),
            column("email").text().null(),
            column("phone").text().null(),
            column("note").text().not_null(),
            column("created_at").big_integer().not_null(),
            column("expires_at").big_integer().not_null(),
            column("used_at").big_integer().null(),
            column("pledge_id").uuid().null(),
        ],
        &["secret_hash"],
        &[("call_id", "calls"), ("pledge_id", "pledges")],
    )
    .await?;
    index(manager, "offers", &["expires_at"], false).await
}

/// Letters on their way. The words of one that was sent are blanked, since they hold links.
async fn mails(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "mails",
        vec![
            column("id").uuid().not_null(),
            column("kind").text().not_null(),
            column("recipient").text().not_null(),
            column("letter").text().not_null(),
            column("state").text().not_null(),
            column("attempts").integer().not_null(),
            column("next_at").big_integer().not_null(),
            column("token").uuid().null(),
            column("problem").text().null(),
            column("created_at").big_integer().not_null(),
            column("sent_at").big_integer().null(),
        ],
        &["id"],
        &[],
    )
    .await?;
    index(manager, "mails", &["state", "next_at", "id"], false).await?;
    index(manager, "mails", &["created_at"], false).await
}
