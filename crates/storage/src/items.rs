//! The common head of everything published, and the reading shape of it.
//!
//! One visibility rule for pages, feeds and the wire ([`Sight::Everyone`]): what is deleted is gone for every reader, and
//! what is from elsewhere is shown only while one of ours carries it. At the desk organisers see besides what came to
//! them alone ([`Sight::Desk`]).

mod reading;

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, ItemId, Moment, PictureId,
    audiences::Reach,
    items::{Item, ItemKind},
    text::{Language, Prose},
    updates::About,
};
use sea_orm::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, prelude::Expr,
};
use url::Url;
use uuid::Uuid;

pub use self::reading::{Bookmark, Filter, at, list, seen};
pub(crate) use self::reading::{many, many_in, under};
use crate::{Result, Rows, StorageError, Tx, causes, entities::items, lists, read};

impl TryFrom<items::Model> for Item {
    type Error = StorageError;

    fn try_from(row: items::Model) -> Result<Self> {
        Ok(Self {
            id: ItemId(row.id),
            kind: read::word("kind of item", &row.kind, ItemKind::parse)?,
            home: ActorId(row.home),
            uri: read::url(&row.uri)?,
            page: read::url(&row.page)?,
            title: row.title,
            text: Prose { source: row.source, html: row.html },
            language: Language::stored(row.language),
            place: read::place(row.place_name, row.latitude, row.longitude, row.coarseness.as_ref())?,
            picture: row.picture_id.map(PictureId),
            published: Moment(row.published_at),
            edited: read::moment(row.edited_at),
            deleted: read::moment(row.deleted_at),
            reach: read::word("reach", &row.reach, Reach::parse)?,
            carriable: row.carriable,
            moved: read::optional_url(row.moved_to.as_ref())?,
        })
    }
}

fn row(item: &Item) -> items::ActiveModel {
    let (place_name, latitude, longitude, coarseness) = read::place_columns(item.place.as_ref());
    let (shown_latitude, shown_longitude, cell) = lists::shown(item);
    items::ActiveModel {
        id: Set(item.id.0),
        kind: Set(item.kind.word().to_owned()),
        home: Set(item.home.0),
        uri: Set(item.uri.to_string()),
        page: Set(item.page.to_string()),
        title: Set(item.title.clone()),
        source: Set(item.text.source.clone()),
        html: Set(item.text.html.clone()),
        language: Set(item.language.as_str().to_owned()),
        place_name: Set(place_name),
        latitude: Set(latitude),
        longitude: Set(longitude),
        coarseness: Set(coarseness),
        picture_id: Set(item.picture.map(|picture| picture.0)),
        published_at: Set(item.published.0),
        edited_at: Set(item.edited.map(|at| at.0)),
        deleted_at: Set(item.deleted.map(|at| at.0)),
        shown_latitude: Set(shown_latitude),
        shown_longitude: Set(shown_longitude),
        cell: Set(cell),
        reach: Set(item.reach.word().to_owned()),
        carriable: Set(item.carriable),
        moved_to: Set(item.moved.as_ref().map(Url::to_string)),
        ..Default::default()
    }
}

/// What readers may see: the one rule, for every query.
pub(crate) const VISIBLE: &str = "items.deleted_at IS NULL AND items.shown";

/// Who looks. Everything public uses [`Sight::Everyone`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Every reader: [`VISIBLE`].
    Everyone,
    /// Organisers at their desk, where also stands what lies in their streams alone. Whose stream it lies in is for the
    /// caller to ask.
    Desk,
}

impl Sight {
    fn filter(self, select: Select<items::Entity>) -> Select<items::Entity> {
        match self {
            Self::Everyone => select.filter(Expr::cust(VISIBLE)),
            Self::Desk => select.filter(items::Column::DeletedAt.is_null()),
        }
    }
}

/// Stores a new item.
pub async fn insert(tx: &Tx, item: &Item) -> Result<()> {
    let mut row = row(item);
    row.like_count = Set(0);
    row.boost_count = Set(0);
    row.reply_count = Set(0);
    let here = lists::lives_here(&tx.rows(), item.home).await?;
    row.here = Set(here);
    row.shown = Set(here);
    row.carry_count = Set(0);
    row.pinned = Set(false);
    row.stage = Set(String::new());
    row.due_at = Set(item.published.0);
    items::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores what changed.
pub async fn update(tx: &Tx, item: &Item) -> Result<()> {
    items::Entity::update(row(item)).exec(&tx.0).await?;
    Ok(())
}

/// Its words, as readers see them, changed at this moment.
pub async fn touch(tx: &Tx, id: ItemId, at: Moment) -> Result<()> {
    items::Entity::update_many()
        .col_expr(items::Column::EditedAt, Expr::value(at.0))
        .filter(items::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// This board shows it from now on, or no more. Lists by cause leave out what is not shown.
pub async fn show(tx: &Tx, id: ItemId, shown: bool) -> Result<()> {
    items::Entity::update_many()
        .col_expr(items::Column::Shown, Expr::value(shown))
        .filter(items::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    if shown {
        causes::list_for_item(tx, id).await?;
    }
    causes::show_for_item(tx, id, shown).await
}

/// One item, deleted or not, without what surrounds it.
pub async fn find(rows: &Rows<'_>, id: ItemId) -> Result<Option<Item>> {
    items::Entity::find_by_id(id.0).one(&rows.0).await?.map(Item::try_from).transpose()
}

/// One item by its ActivityPub id, deleted or not.
pub async fn by_uri(rows: &Rows<'_>, uri: &str) -> Result<Option<Item>> {
    items::Entity::find()
        .filter(items::Column::Uri.eq(uri))
        .one(&rows.0)
        .await?
        .map(Item::try_from)
        .transpose()
}

/// One item by its ActivityPub id or the address of its page, deleted or not.
pub async fn by_address(rows: &Rows<'_>, address: &str) -> Result<Option<Item>> {
    if let Some(found) = by_uri(rows, address).await? {
        return Ok(Some(found));
    }
    items::Entity::find()
        .filter(items::Column::Page.eq(address))
        .one(&rows.0)
        .await?
        .map(Item::try_from)
        .transpose()
}

/// One item by its ActivityPub id, deleted or not, held against other writers until the transaction ends.
pub async fn hold_by_uri(tx: &Tx, uri: &str) -> Result<Option<Item>> {
    let found = items::Entity::find().filter(items::Column::Uri.eq(uri)).lock_exclusive().one(&tx.0).await?;
    found.map(Item::try_from).transpose()
}

/// The first of a kind that was published here in the second that begins at this moment, if readers may see it.
pub async fn published_in(rows: &Rows<'_>, kind: ItemKind, second: Moment) -> Result<Option<ItemId>> {
    let found = items::Entity::find()
        .filter(items::Column::Kind.eq(kind.word()))
        .filter(items::Column::PublishedAt.between(second.0, second.0 + 999))
        .filter(items::Column::Here.eq(true))
        .order_by_asc(items::Column::PublishedAt)
        .order_by_asc(items::Column::Id)
        .one(&rows.0)
        .await?;
    Ok(found.filter(|row| row.deleted_at.is_none()).map(|row| ItemId(row.id)))
}

/// One item as updates and Notes refer to it, deleted or not.
pub async fn about(rows: &Rows<'_>, id: ItemId) -> Result<Option<About>> {
    Ok(find(rows, id).await?.map(|item| About {
        id: item.id,
        kind: item.kind,
        uri: item.uri,
        page: item.page,
        title: item.title,
    }))
}

/// Counts replies that are shown, up or down.
pub(crate) async fn count_replies(tx: &Tx, id: ItemId, by: i64) -> Result<()> {
    count(tx, id, items::Column::ReplyCount, by).await
}

/// Counts likes or boosts, up or down.
pub(crate) async fn count(tx: &Tx, id: ItemId, column: items::Column, by: i64) -> Result<()> {
    items::Entity::update_many()
        .col_expr(column, Expr::col(column).add(by))
        .filter(items::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Some items as updates refer to them.
pub(crate) async fn abouts(rows: &Rows<'_>, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, About>> {
    let found = items::Entity::find().filter(items::Column::Id.is_in(ids)).all(&rows.0).await?;
    found
        .into_iter()
        .map(|row| {
            let item = Item::try_from(row)?;
            let (id, kind, uri, page, title) = (item.id, item.kind, item.uri, item.page, item.title);
            Ok((id.0, About { id, kind, uri, page, title }))
        })
        .collect()
}

/// The ActivityPub ids of some items.
pub(crate) async fn addresses(
    rows: &Rows<'_>,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Url>> {
    let found = items::Entity::find().filter(items::Column::Id.is_in(ids)).all(&rows.0).await?;
    found.into_iter().map(|row| Ok((row.id, read::url(&row.uri)?))).collect()
}
