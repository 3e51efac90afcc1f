//! The common head of everything published, and the reading shape of it.
//!
//! One visibility rule for pages, feeds and the wire ([`Sight::Everyone`]): what is deleted is gone for every reader, and
//! what is from elsewhere is shown only while one of ours carries it. At the desk organisers see besides what came to
//! them alone ([`Sight::Desk`]).

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, CauseId, ItemId, Moment, PictureId,
    actors::Actor,
    audiences::Reach,
    causes::{self as cause_rules, Cause},
    items::{Item, ItemKind, ItemSeen},
    lists::Mark,
    replies::ReplyState,
    text::{Language, Prose},
    updates::About,
};
use sea_orm::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    prelude::Expr,
};
use url::Url;
use uuid::Uuid;

use crate::{
    Result, Rows, StorageError, Tx, actors, causes,
    entities::{associations, item_causes, items, partnerships, replies},
    lists, pictures, read,
};

/// Ids of approved replies that go with an item at once; the rest is on the pages of its collection.
const REPLIES_AT_ONCE: u64 = 50;

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

fn visible(select: Select<items::Entity>) -> Select<items::Entity> {
    Sight::Everyone.filter(select)
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

/// A place in a list: of what was published at one moment, some stands before and some behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bookmark {
    /// When the item there was published.
    pub published: Moment,
    /// The item.
    pub item: ItemId,
}

/// What a list asks for. Every list pages by time of publishing, newest first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<ItemKind>,
    /// Only from this home.
    pub home: Option<ActorId>,
    /// Only what fights for this cause.
    pub cause: Option<CauseId>,
    /// Only what stands behind this place in the list.
    pub before: Option<Bookmark>,
    /// At most so many.
    pub limit: u64,
}

/// The reading shape of one visible item, with the ids of its replies.
pub async fn seen(rows: &Rows<'_>, id: ItemId) -> Result<Option<ItemSeen>> {
    let Some(row) = visible(items::Entity::find_by_id(id.0)).one(&rows.0).await? else {
        return Ok(None);
    };
    let mut seen = complete(rows, vec![row]).await?.pop();
    if let Some(seen) = &mut seen {
        seen.replies = approved_replies(rows, id).await?;
    }
    Ok(seen)
}

/// The reading shapes of a list, without the ids of replies.
pub async fn list(rows: &Rows<'_>, filter: Filter) -> Result<Vec<ItemSeen>> {
    let mut select = visible(items::Entity::find());
    if let Some(kind) = filter.kind {
        select = select.filter(items::Column::Kind.eq(kind.word()));
    }
    if let Some(home) = filter.home {
        select = select.filter(items::Column::Home.eq(home.0));
    }
    if let Some(before) = filter.before {
        let at_once = Condition::all()
            .add(items::Column::PublishedAt.eq(before.published.0))
            .add(items::Column::Id.lt(before.item.0));
        let behind = Condition::any().add(items::Column::PublishedAt.lt(before.published.0)).add(at_once);
        // The first condition is implied, and lets the index do the work.
        select = select.filter(items::Column::PublishedAt.lte(before.published.0)).filter(behind);
    }
    if let Some(cause) = filter.cause {
        let of_cause = sea_orm::sea_query::Query::select()
            .column(item_causes::Column::ItemId)
            .from(item_causes::Entity)
            .and_where(item_causes::Column::CauseId.eq(cause.0))
            .to_owned();
        select = select.filter(items::Column::Id.in_subquery(of_cause));
    }
    let found = select
        .order_by_desc(items::Column::PublishedAt)
        .order_by_desc(items::Column::Id)
        .limit(filter.limit)
        .all(&rows.0)
        .await?;
    complete(rows, found).await
}

/// The reading shapes of what stands at these marks, in their order.
pub async fn at(rows: &Rows<'_>, marks: &[Mark]) -> Result<Vec<ItemSeen>> {
    many(rows, &lists::ids(marks)).await
}

/// The reading shapes of these visible items, in the order given.
pub(crate) async fn many(rows: &Rows<'_>, ids: &[Uuid]) -> Result<Vec<ItemSeen>> {
    many_in(rows, ids, Sight::Everyone).await
}

/// The reading shape of one item as organisers see it at their desk. Whether it is theirs to see is for the caller.
pub async fn at_desk(rows: &Rows<'_>, id: ItemId) -> Result<Option<ItemSeen>> {
    Ok(many_in(rows, &[id.0], Sight::Desk).await?.pop())
}

/// The reading shapes of these items for whoever looks, in the order given.
pub(crate) async fn many_in(rows: &Rows<'_>, ids: &[Uuid], sight: Sight) -> Result<Vec<ItemSeen>> {
    let select = sight.filter(items::Entity::find());
    let found = select.filter(items::Column::Id.is_in(ids.to_vec())).all(&rows.0).await?;
    let mut seen = complete(rows, found).await?;
    seen.sort_by_key(|seen| ids.iter().position(|id| *id == seen.item.id.0));
    Ok(seen)
}

/// Of these, what its own home or a partner of a project published for everyone under it, in the order given; also what
/// this board does not show otherwise.
pub(crate) async fn under(rows: &Rows<'_>, project: ItemId, ids: &[Uuid]) -> Result<Vec<ItemSeen>> {
    let own = sea_orm::sea_query::Query::select()
        .expr(Expr::col((sea_orm::sea_query::Alias::new("own"), items::Column::Home)))
        .from_as(items::Entity, sea_orm::sea_query::Alias::new("own"))
        .and_where(Expr::col((sea_orm::sea_query::Alias::new("own"), items::Column::Id)).eq(project.0))
        .to_owned();
    let partners = sea_orm::sea_query::Query::select()
        .column(partnerships::Column::PartnerId)
        .from(partnerships::Entity)
        .and_where(partnerships::Column::ProjectId.eq(project.0))
        .and_where(partnerships::Column::State.eq("accepted"))
        .to_owned();
    let theirs = Condition::any()
        .add(items::Column::Home.in_subquery(own))
        .add(items::Column::Home.in_subquery(partners));
    let found = items::Entity::find()
        .filter(items::Column::Id.is_in(ids.to_vec()))
        .filter(items::Column::DeletedAt.is_null())
        .filter(items::Column::Reach.is_in([Reach::Public.word(), Reach::Unlisted.word()]))
        .filter(theirs)
        .all(&rows.0)
        .await?;
    let mut seen = complete(rows, found).await?;
    seen.sort_by_key(|seen| ids.iter().position(|id| *id == seen.item.id.0));
    Ok(seen)
}

/// A few queries for any number of items: their homes, the homes' time zones, their causes and pictures.
async fn complete(rows: &Rows<'_>, found: Vec<items::Model>) -> Result<Vec<ItemSeen>> {
    let homes = actors::many(rows, found.iter().map(|row| ActorId(row.home))).await?;
    let zones = zones(rows, &homes).await?;
    let mut causes = causes_of(rows, &found).await?;
    let mut pictures = pictures::many(rows, found.iter().filter_map(|row| row.picture_id).collect()).await?;
    found
        .into_iter()
        .map(|row| {
            let home = homes
                .get(&ActorId(row.home))
                .cloned()
                .ok_or_else(|| StorageError::unreadable("home of item", &row.uri))?;
            Ok(ItemSeen {
                zone: zones.get(&row.home).cloned().unwrap_or_else(|| "UTC".to_owned()),
                picture: row.picture_id.and_then(|id| pictures.remove(&id)),
                causes: causes.remove(&row.id).unwrap_or_default(),
                replies: Vec::new(),
                reply_count: row.reply_count,
                likes: row.like_count,
                boosts: row.boost_count,
                carries: row.carry_count,
                home,
                item: Item::try_from(row)?,
            })
        })
        .collect()
}

async fn zones(rows: &Rows<'_>, homes: &HashMap<ActorId, Actor>) -> Result<HashMap<Uuid, String>> {
    let ids: Vec<_> = homes.keys().map(|id| id.0).collect();
    let found = associations::Entity::find().filter(associations::Column::Id.is_in(ids)).all(&rows.0).await?;
    Ok(found.into_iter().map(|row| (row.id, row.zone)).collect())
}

async fn causes_of(rows: &Rows<'_>, found: &[items::Model]) -> Result<HashMap<Uuid, Vec<Cause>>> {
    let ids: Vec<_> = found.iter().map(|row| row.id).collect();
    let links =
        item_causes::Entity::find().filter(item_causes::Column::ItemId.is_in(ids)).all(&rows.0).await?;
    let mut named: Vec<_> = links.iter().map(|link| CauseId(link.cause_id)).collect();
    named.sort_unstable();
    named.dedup();
    let known: HashMap<_, _> =
        causes::many(rows, &named).await?.into_iter().map(|cause| (cause.id.0, cause)).collect();
    let mut by_item: HashMap<Uuid, Vec<Cause>> = HashMap::new();
    for link in links {
        by_item.entry(link.item_id).or_default().extend(known.get(&link.cause_id).cloned());
    }
    for causes in by_item.values_mut() {
        causes.sort_by_key(|cause| cause_rules::key(&cause.tag));
    }
    Ok(by_item)
}

async fn approved_replies(rows: &Rows<'_>, id: ItemId) -> Result<Vec<Url>> {
    replies::Entity::find()
        .filter(replies::Column::ItemId.eq(id.0))
        .filter(replies::Column::State.eq(ReplyState::Approved.word()))
        .order_by_asc(replies::Column::PublishedAt)
        .limit(REPLIES_AT_ONCE)
        .all(&rows.0)
        .await?
        .iter()
        .map(|row| read::url(&row.uri))
        .collect()
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
