//! Sign-in links and sessions. Only hashes of the secrets are stored: whoever reads the file cannot sign in.

use folkmoot_domain::{ActorId, Moment};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QueryTrait,
    prelude::Expr, sea_query::SimpleExpr,
};

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
        email: Set(None),
    };
    sign_in_links::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores a link that gives somebody another address, once. It signs nobody in.
pub async fn insert_address_link(
    tx: &Tx,
    secret_hash: &str,
    person: ActorId,
    email: &str,
    expires: Moment,
) -> Result<()> {
    let row = sign_in_links::ActiveModel {
        secret_hash: Set(secret_hash.to_owned()),
        person_id: Set(person.0),
        expires_at: Set(expires.0),
        used_at: Set(None),
        email: Set(Some(email.to_owned())),
    };
    sign_in_links::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Spends a link: the person it was made for, or none when it is unknown, used or too old.
pub async fn spend_link(tx: &Tx, secret_hash: &str, now: Moment) -> Result<Option<ActorId>> {
    let spent = spend(tx, secret_hash, sign_in_links::Column::Email.is_null(), now).await?;
    Ok(spent.map(|link| ActorId(link.person_id)))
}

/// Spends a link that gives somebody another address: who, and which.
pub async fn spend_address_link(
    tx: &Tx,
    secret_hash: &str,
    now: Moment,
) -> Result<Option<(ActorId, String)>> {
    let spent = spend(tx, secret_hash, sign_in_links::Column::Email.is_not_null(), now).await?;
    Ok(spent.and_then(|link| Some((ActorId(link.person_id), link.email?))))
}

async fn spend(
    tx: &Tx,
    secret_hash: &str,
    kind: SimpleExpr,
    now: Moment,
) -> Result<Option<sign_in_links::Model>> {
    let spent = sign_in_links::Entity::update_many()
        .col_expr(sign_in_links::Column::UsedAt, Expr::value(now.0))
        .filter(sign_in_links::Column::SecretHash.eq(secret_hash))
        .filter(sign_in_links::Column::UsedAt.is_null())
        .filter(sign_in_links::Column::ExpiresAt.gt(now.0))
        .filter(kind)
        .exec(&tx.0)
        .await?;
    if spent.rows_affected == 0 {
        return Ok(None);
    }
    Ok(sign_in_links::Entity::find_by_id(secret_hash).one(&tx.0).await?)
}

/// Would this link still sign somebody in?
pub async fn link_is_good(rows: &Rows<'_>, secret_hash: &str, now: Moment) -> Result<bool> {
    Ok(open_link(rows, secret_hash, now).await?.is_some_and(|link| link.email.is_none()))
}

/// The address that this link would still give to somebody.
pub async fn address_of_link(rows: &Rows<'_>, secret_hash: &str, now: Moment) -> Result<Option<String>> {
    Ok(open_link(rows, secret_hash, now).await?.and_then(|link| link.email))
}

async fn open_link(rows: &Rows<'_>, secret_hash: &str, now: Moment) -> Result<Option<sign_in_links::Model>> {
    let link = sign_in_links::Entity::find_by_id(secret_hash).one(&rows.0).await?;
    Ok(link.filter(|link| link.used_at.is_none() && link.expires_at > now.0))
}

/// Takes away the links that were made for somebody and not used.
pub async fn remove_links(tx: &Tx, person: ActorId) -> Result<()> {
    sign_in_links::Entity::delete_many()
        .filter(sign_in_links::Column::PersonId.eq(person.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// One place where somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Names it; the secret cannot be had from it.
    pub hash: String,
    /// Who is signed in.
    pub person: ActorId,
    /// On what, in words: "Firefox on Android".
    pub agent: String,
    /// Since when.
    pub since: Moment,
    /// When it was last used, to the hour.
    pub seen: Moment,
    /// When it ends at the latest.
    pub expires: Moment,
}

impl From<sessions::Model> for Session {
    fn from(row: sessions::Model) -> Self {
        Self {
            hash: row.secret_hash,
            person: ActorId(row.person_id),
            agent: row.agent,
            since: Moment(row.created_at),
            seen: Moment(row.seen_at),
            expires: Moment(row.expires_at),
        }
    }
}

/// Stores a session.
pub async fn insert(tx: &Tx, session: &Session) -> Result<()> {
    let row = sessions::ActiveModel {
        secret_hash: Set(session.hash.clone()),
        person_id: Set(session.person.0),
        created_at: Set(session.since.0),
        seen_at: Set(session.seen.0),
        expires_at: Set(session.expires.0),
        agent: Set(session.agent.clone()),
    };
    sessions::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// The session with this hash, whether or not it has run out.
pub async fn find(rows: &Rows<'_>, secret_hash: &str) -> Result<Option<Session>> {
    Ok(sessions::Entity::find_by_id(secret_hash).one(&rows.0).await?.map(Session::from))
}

/// Where somebody is signed in, last used first.
pub async fn of(rows: &Rows<'_>, person: ActorId) -> Result<Vec<Session>> {
    let found = sessions::Entity::find()
        .filter(sessions::Column::PersonId.eq(person.0))
        .order_by_desc(sessions::Column::SeenAt)
        .order_by_desc(sessions::Column::CreatedAt)
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(Session::from).collect())
}

/// It was used now.
pub async fn touch(tx: &Tx, secret_hash: &str, now: Moment) -> Result<()> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::SeenAt, Expr::value(now.0))
        .filter(sessions::Column::SecretHash.eq(secret_hash))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Ends all sessions of somebody, but for the one with this hash.
pub async fn remove_all(tx: &Tx, person: ActorId, but: Option<&str>) -> Result<u64> {
    let ended = sessions::Entity::delete_many()
        .filter(sessions::Column::PersonId.eq(person.0))
        .apply_if(but, |delete, hash| delete.filter(sessions::Column::SecretHash.ne(hash)))
        .exec(&tx.0)
        .await?;
    Ok(ended.rows_affected)
}

/// Ends a session; ending it twice changes nothing.
pub async fn remove(tx: &Tx, secret_hash: &str) -> Result<()> {
    sessions::Entity::delete_by_id(secret_hash).exec(&tx.0).await?;
    Ok(())
}

/// Forgets links and sessions that ran out before this moment, and sessions that were not used since `idle`.
pub async fn sweep(tx: &Tx, before: Moment, idle: Moment) -> Result<()> {
    sign_in_links::Entity::delete_many()
        .filter(sign_in_links::Column::ExpiresAt.lt(before.0))
        .exec(&tx.0)
        .await?;
    let over = sessions::Column::ExpiresAt.lt(before.0).or(sessions::Column::SeenAt.lt(idle.0));
    sessions::Entity::delete_many().filter(over).exec(&tx.0).await?;
    Ok(())
}
