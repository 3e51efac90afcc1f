//! Actors, here and elsewhere, and the handles of ours.

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, Moment,
    actors::{Actor, ActorKind, Profile},
    associations::AssociationKind,
    papers::Paper,
    text::Handle,
};
use sea_orm::ExprTrait;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, prelude::Expr};
use url::Url;

use crate::{
    Result, Rows, StorageError, Tx,
    entities::{actors, associations, handles},
    read,
};

impl TryFrom<actors::Model> for Actor {
    type Error = StorageError;

    fn try_from(row: actors::Model) -> Result<Self> {
        Ok(Self {
            id: ActorId(row.id),
            uri: read::url(&row.uri)?,
            local: row.local,
            kind: read::word("kind of actor", &row.kind, ActorKind::parse)?,
            handle: row.handle,
            host: row.host,
            name: row.name,
            summary: row.summary,
            page: read::url(&row.page)?,
            inbox: read::url(&row.inbox)?,
            shared_inbox: read::optional_url(row.shared_inbox.as_ref())?,
            followers: read::optional_url(row.followers_uri.as_ref())?,
            key_id: row.key_id,
            public_key: row.public_key,
            fetched: Moment(row.fetched_at),
            gone: read::moment(row.gone_at),
            paper: row.paper.as_deref().map(|word| read::word("paper", word, Paper::parse)).transpose()?,
            profile: Profile {
                outbox: read::optional_url(row.outbox_uri.as_ref())?,
                featured: read::optional_url(row.featured_uri.as_ref())?,
                affiliates: read::optional_url(row.affiliates_uri.as_ref())?,
                association: row.association_kind.as_deref().and_then(AssociationKind::parse),
                discoverable: row.discoverable,
                moved_to: read::optional_url(row.moved_to.as_ref())?,
                also_known_as: row.also_known_as.lines().map(read::url).collect::<Result<_>>()?,
            },
        })
    }
}

fn row(actor: &Actor) -> actors::ActiveModel {
    actors::ActiveModel {
        id: Set(actor.id.0),
        uri: Set(actor.uri.to_string()),
        local: Set(actor.local),
        kind: Set(actor.kind.word().to_owned()),
        handle: Set(actor.handle.clone()),
        host: Set(actor.host.clone()),
        name: Set(actor.name.clone()),
        summary: Set(actor.summary.clone()),
        page: Set(actor.page.to_string()),
        inbox: Set(actor.inbox.to_string()),
        shared_inbox: Set(text(actor.shared_inbox.as_ref())),
        followers_uri: Set(text(actor.followers.as_ref())),
        key_id: Set(actor.key_id.clone()),
        public_key: Set(actor.public_key.clone()),
        fetched_at: Set(actor.fetched.0),
        gone_at: Set(actor.gone.map(|at| at.0)),
        paper: Set(actor.paper.map(|paper| paper.word().to_owned())),
        outbox_uri: Set(text(actor.profile.outbox.as_ref())),
        featured_uri: Set(text(actor.profile.featured.as_ref())),
        affiliates_uri: Set(text(actor.profile.affiliates.as_ref())),
        association_kind: Set(actor.profile.association.map(|kind| kind.word().to_owned())),
        discoverable: Set(actor.profile.discoverable),
        moved_to: Set(text(actor.profile.moved_to.as_ref())),
        also_known_as: Set(actor
            .profile
            .also_known_as
            .iter()
            .map(Url::as_str)
            .collect::<Vec<_>>()
            .join("\n")),
        ..Default::default()
    }
}

fn text(url: Option<&Url>) -> Option<String> {
    url.map(Url::to_string)
}

/// One actor.
pub async fn find(rows: &Rows<'_>, id: ActorId) -> Result<Option<Actor>> {
    actors::Entity::find_by_id(id.0).one(&rows.0).await?.map(Actor::try_from).transpose()
}

/// One actor by its ActivityPub id.
pub async fn by_uri(rows: &Rows<'_>, uri: &str) -> Result<Option<Actor>> {
    actors::Entity::find()
        .filter(actors::Column::Uri.eq(uri))
        .one(&rows.0)
        .await?
        .map(Actor::try_from)
        .transpose()
}

/// Several actors at once, by id.
pub async fn many(
    rows: &Rows<'_>,
    ids: impl IntoIterator<Item = ActorId>,
) -> Result<HashMap<ActorId, Actor>> {
    let ids: Vec<_> = ids.into_iter().map(|id| id.0).collect();
    let found = actors::Entity::find().filter(actors::Column::Id.is_in(ids)).all(&rows.0).await?;
    found.into_iter().map(|row| Actor::try_from(row).map(|actor| (actor.id, actor))).collect()
}

/// Several actors at once, by ActivityPub id.
pub async fn by_uris(rows: &Rows<'_>, uris: Vec<String>) -> Result<Vec<Actor>> {
    let found = actors::Entity::find().filter(actors::Column::Uri.is_in(uris)).all(&rows.0).await?;
    found.into_iter().map(Actor::try_from).collect()
}

/// One of ours by a handle, present or past.
pub async fn by_handle(rows: &Rows<'_>, handle: &str) -> Result<Option<Actor>> {
    let Some(named) = handles::Entity::find_by_id(handle.to_lowercase()).one(&rows.0).await? else {
        return Ok(None);
    };
    find(rows, ActorId(named.actor_id)).await
}

/// Stores a new actor. `private_key` is sealed already, and only ours have one.
pub async fn insert(tx: &Tx, actor: &Actor, private_key: Option<Vec<u8>>, now: Moment) -> Result<()> {
    let mut row = row(actor);
    row.private_key = Set(private_key);
    row.published_count = Set(0);
    row.follower_count = Set(0);
    row.created_at = Set(now.0);
    actors::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores what is new about an actor that is known.
pub async fn update(tx: &Tx, actor: &Actor) -> Result<()> {
    actors::Entity::update(row(actor)).exec(&tx.0).await?;
    if actor.local && actor.kind == ActorKind::Group {
        associations::Entity::update_many()
            .col_expr(associations::Column::NameKey, Expr::value(actor.name.to_lowercase()))
            .filter(associations::Column::Id.eq(actor.id.0))
            .exec(&tx.0)
            .await?;
    }
    Ok(())
}

/// Its home says that it is gone.
pub async fn mark_gone(tx: &Tx, id: ActorId, at: Moment) -> Result<()> {
    actors::Entity::update_many()
        .col_expr(actors::Column::GoneAt, Expr::value(at.0))
        .filter(actors::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The id of the key of one of ours, and the sealed key.
pub async fn sealed_key(rows: &Rows<'_>, id: ActorId) -> Result<Option<(String, Vec<u8>)>> {
    let row = actors::Entity::find_by_id(id.0).one(&rows.0).await?;
    Ok(row.and_then(|row| row.private_key.map(|key| (row.key_id, key))))
}

/// How many follow it, and how many items and notes it has published.
pub async fn counts(rows: &Rows<'_>, id: ActorId) -> Result<(i64, i64)> {
    let row = actors::Entity::find_by_id(id.0).one(&rows.0).await?;
    Ok(row.map_or((0, 0), |row| (row.follower_count, row.published_count)))
}

/// Takes a handle for one of ours; the one it had before keeps leading to it. [`StorageError::Duplicate`] when taken.
pub async fn take_handle(tx: &Tx, actor: ActorId, handle: &Handle) -> Result<()> {
    handles::Entity::update_many()
        .col_expr(handles::Column::Current, Expr::value(false))
        .filter(handles::Column::ActorId.eq(actor.0))
        .exec(&tx.0)
        .await?;
    let known = handles::Entity::find_by_id(handle.as_str()).one(&tx.0).await?;
    match known {
        Some(known) if known.actor_id == actor.0 => {
            let mut back = known.into_active_model();
            back.current = Set(true);
            handles::Entity::update(back).exec(&tx.0).await?;
        }
        _ => {
            let row = handles::ActiveModel {
                handle: Set(handle.as_str().to_owned()),
                actor_id: Set(actor.0),
                current: Set(true),
            };
            handles::Entity::insert(row).exec_without_returning(&tx.0).await?;
        }
    }
    Ok(())
}

/// Counts followers of one of ours up or down.
pub(crate) async fn count_followers(tx: &Tx, id: ActorId, by: i64) -> Result<()> {
    actors::Entity::update_many()
        .col_expr(actors::Column::FollowerCount, Expr::col(actors::Column::FollowerCount).add(by))
        .filter(actors::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}
