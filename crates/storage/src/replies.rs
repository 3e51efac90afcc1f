//! Replies: what was written back, held or shown.

use folkmoot_domain::{
    ActorId, ItemId, Moment, ReplyId,
    replies::{Reply, ReplySeen, ReplyState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr,
};

use crate::{
    Result, Rows, StorageError, Tx, actors,
    entities::{items as item_rows, replies},
    items, read,
};

impl TryFrom<replies::Model> for Reply {
    type Error = StorageError;

    fn try_from(row: replies::Model) -> Result<Self> {
        Ok(Self {
            id: ReplyId(row.id),
            uri: read::url(&row.uri)?,
            home: ActorId(row.home),
            item: ItemId(row.item_id),
            html: row.html,
            direct: row.direct,
            state: read::word("state of reply", &row.state, ReplyState::parse)?,
            published: Moment(row.published_at),
            edited: read::moment(row.edited_at),
            received: Moment(row.received_at),
        })
    }
}

fn row(reply: &Reply) -> replies::ActiveModel {
    replies::ActiveModel {
        id: Set(reply.id.0),
        uri: Set(reply.uri.to_string()),
        home: Set(reply.home.0),
        item_id: Set(reply.item.0),
        html: Set(reply.html.clone()),
        direct: Set(reply.direct),
        state: Set(reply.state.word().to_owned()),
        published_at: Set(reply.published.0),
        edited_at: Set(reply.edited.map(|at| at.0)),
        received_at: Set(reply.received.0),
    }
}

/// One reply by our id.
pub async fn find(rows: &Rows<'_>, id: ReplyId) -> Result<Option<Reply>> {
    replies::Entity::find_by_id(id.0).one(&rows.0).await?.map(Reply::try_from).transpose()
}

/// The reading shape of one reply.
pub async fn seen(rows: &Rows<'_>, id: ReplyId) -> Result<Option<ReplySeen>> {
    let found = replies::Entity::find_by_id(id.0).one(&rows.0).await?;
    Ok(complete(rows, found.into_iter().collect()).await?.pop())
}

/// One reply by its ActivityPub id.
pub async fn by_uri(rows: &Rows<'_>, uri: &str) -> Result<Option<Reply>> {
    replies::Entity::find()
        .filter(replies::Column::Uri.eq(uri))
        .one(&rows.0)
        .await?
        .map(Reply::try_from)
        .transpose()
}

/// Stores a new reply.
pub async fn insert(tx: &Tx, reply: &Reply) -> Result<()> {
    replies::Entity::insert(row(reply)).exec_without_returning(&tx.0).await?;
    if reply.state == ReplyState::Approved {
        items::count_replies(tx, reply.item, 1).await?;
    }
    Ok(())
}

/// Stores what changed about a reply that stood as `before`.
pub async fn update(tx: &Tx, before: ReplyState, reply: &Reply) -> Result<()> {
    replies::Entity::update(row(reply)).exec(&tx.0).await?;
    let shown = |state| i64::from(state == ReplyState::Approved);
    match shown(reply.state) - shown(before) {
        0 => Ok(()),
        moved => items::count_replies(tx, reply.item, moved).await,
    }
}

/// Removes a reply: its author deleted it.
pub async fn remove(tx: &Tx, reply: &Reply) -> Result<()> {
    replies::Entity::delete_by_id(reply.id.0).exec(&tx.0).await?;
    if reply.state == ReplyState::Approved {
        items::count_replies(tx, reply.item, -1).await?;
    }
    Ok(())
}

/// Every reply of somebody who is gone.
pub async fn by_author(rows: &Rows<'_>, author: ActorId) -> Result<Vec<Reply>> {
    let found = replies::Entity::find().filter(replies::Column::Home.eq(author.0)).all(&rows.0).await?;
    found.into_iter().map(Reply::try_from).collect()
}

/// What somebody wrote under one item.
pub async fn by_author_under(rows: &Rows<'_>, author: ActorId, item: ItemId) -> Result<Vec<Reply>> {
    let found = replies::Entity::find()
        .filter(replies::Column::Home.eq(author.0))
        .filter(replies::Column::ItemId.eq(item.0))
        .order_by_asc(replies::Column::PublishedAt)
        .limit(200)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Reply::try_from).collect()
}

/// What readers see under an item: approved replies, oldest first, at most two hundred.
pub async fn shown(rows: &Rows<'_>, item: ItemId) -> Result<Vec<ReplySeen>> {
    let found = replies::Entity::find()
        .filter(replies::Column::ItemId.eq(item.0))
        .filter(replies::Column::State.eq(ReplyState::Approved.word()))
        .order_by_asc(replies::Column::PublishedAt)
        .limit(200)
        .all(&rows.0)
        .await?;
    complete(rows, found).await
}

/// What an association still has to look at, oldest first.
pub async fn held(rows: &Rows<'_>, home: ActorId, limit: u64) -> Result<Vec<ReplySeen>> {
    let items_of = sea_orm::sea_query::Query::select()
        .column(item_rows::Column::Id)
        .from(item_rows::Entity)
        .and_where(item_rows::Column::Home.eq(home.0))
        .to_owned();
    let found = replies::Entity::find()
        .filter(replies::Column::ItemId.in_subquery(items_of))
        .filter(replies::Column::State.eq(ReplyState::Held.word()))
        .order_by_asc(replies::Column::ReceivedAt)
        .limit(limit)
        .all(&rows.0)
        .await?;
    complete(rows, found).await
}

/// What is still to be looked at under one item, newest first, at most fifty.
pub async fn held_under(rows: &Rows<'_>, item: ItemId) -> Result<Vec<ReplySeen>> {
    let found = replies::Entity::find()
        .filter(replies::Column::ItemId.eq(item.0))
        .filter(replies::Column::State.eq(ReplyState::Held.word()))
        .order_by_desc(replies::Column::ReceivedAt)
        .limit(50)
        .all(&rows.0)
        .await?;
    complete(rows, found).await
}

/// When a letter last said that replies to this item wait.
pub async fn told(rows: &Rows<'_>, item: ItemId) -> Result<Option<Moment>> {
    let row = item_rows::Entity::find_by_id(item.0).one(&rows.0).await?;
    Ok(row.and_then(|row| row.replies_told_at).map(Moment))
}

/// A letter says so at this moment.
pub async fn mark_told(tx: &Tx, item: ItemId, at: Moment) -> Result<()> {
    item_rows::Entity::update_many()
        .col_expr(item_rows::Column::RepliesToldAt, Expr::value(at.0))
        .filter(item_rows::Column::Id.eq(item.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

async fn complete(rows: &Rows<'_>, found: Vec<replies::Model>) -> Result<Vec<ReplySeen>> {
    let authors = actors::many(rows, found.iter().map(|row| ActorId(row.home))).await?;
    let mut seen = Vec::with_capacity(found.len());
    for row in found {
        let missing = || StorageError::unreadable("reply", &row.uri);
        let author = authors.get(&ActorId(row.home)).cloned().ok_or_else(missing)?;
        let about = items::about(rows, ItemId(row.item_id)).await?.ok_or_else(missing)?;
        seen.push(ReplySeen { reply: Reply::try_from(row)?, author, about });
    }
    Ok(seen)
}
