//! Sign-in links and sessions. Only hashes of the secrets are stored: whoever reads the file cannot sign in.

use folkmoot_domain::{ActorId, Moment};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, prelude::Expr};

use crate::{
    Result, Rows, Tx,
    entities::{sessions, sign_in_links},
};

/// Stores a link that signs in once.
pub async fn insert_link(tx: &Tx, secret_hash: &str, person: ActorId, expires: Moment) -> Result<()> {
    let row = sign_in_links::ActiveModel {
        secret_hash: Set(secret_hash.to_owned()),
        person_id: Set(person.0),
        expires_at: Set(expires.0),
        used_at: Set(None),
    };
    sign_in_links::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Spends a link: the person it was made for, or none when it is unknown, used or too old.
pub async fn spend_link(tx: &Tx, secret_hash: &str, now: Moment) -> Result<Option<ActorId>> {
    let spent = sign_in_links::Entity::update_many()
        .col_expr(sign_in_links::Column::UsedAt, Expr::value(now.0))
        .filter(sign_in_links::Column::SecretHash.eq(secret_hash))
        .filter(sign_in_links::Column::UsedAt.is_null())
        .filter(sign_in_links::Column::ExpiresAt.gt(now.0))
        .exec(&tx.0)
        .await?;
    if spent.rows_affected == 0 {
        return Ok(None);
    }
    let link = sign_in_links::Entity::find_by_id(secret_hash).one(&tx.0).await?;
    Ok(link.map(|link| ActorId(link.person_id)))
}

/// Would this link still sign somebody in?
pub async fn link_is_good(rows: &Rows<'_>, secret_hash: &str, now: Moment) -> Result<bool> {
    let link = sign_in_links::Entity::find_by_id(secret_hash).one(&rows.0).await?;
    Ok(link.is_some_and(|link| link.used_at.is_none() && link.expires_at > now.0))
}

/// Stores a session.
pub async fn insert(tx: &Tx, secret_hash: &str, person: ActorId, now: Moment, expires: Moment) -> Result<()> {
    let row = sessions::ActiveModel {
        secret_hash: Set(secret_hash.to_owned()),
        person_id: Set(person.0),
        created_at: Set(now.0),
        seen_at: Set(now.0),
        expires_at: Set(expires.0),
        agent: Set(String::new()),
    };
    sessions::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Whose session this is, if it has not run out.
pub async fn person(rows: &Rows<'_>, secret_hash: &str, now: Moment) -> Result<Option<ActorId>> {
    let session = sessions::Entity::find_by_id(secret_hash).one(&rows.0).await?;
    Ok(session.filter(|session| session.expires_at > now.0).map(|session| ActorId(session.person_id)))
}

/// Ends a session; ending it twice changes nothing.
pub async fn remove(tx: &Tx, secret_hash: &str) -> Result<()> {
    sessions::Entity::delete_by_id(secret_hash).exec(&tx.0).await?;
    Ok(())
}

/// Forgets links and sessions that ran out before this moment.
pub async fn sweep(tx: &Tx, before: Moment) -> Result<()> {
    sign_in_links::Entity::delete_many()
        .filter(sign_in_links::Column::ExpiresAt.lt(before.0))
        .exec(&tx.0)
        .await?;
    sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lt(before.0)).exec(&tx.0).await?;
    Ok(())
}
