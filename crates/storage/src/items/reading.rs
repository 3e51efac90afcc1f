//! The reading shape of items: one, a list, and what stands at marks, each with what surrounds it.

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, CauseId, ItemId, Moment,
    actors::Actor,
    audiences::Reach,
    causes::{self as cause_rules, Cause},
    items::{Item, ItemKind, ItemSeen},
    lists::Mark,
    replies::ReplyState,
};
use sea_orm::ExprTrait;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, prelude::Expr,
};
use url::Url;
use uuid::Uuid;

use super::Sight;
use crate::{
    Result, Rows, StorageError, actors, causes,
    entities::{associations, item_causes, items, partnerships, replies},
    lists, pictures, read,
};

/// Ids of approved replies that go with an item at once; the rest is on the pages of its collection.
const REPLIES_AT_ONCE: u64 = 50;

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

fn visible(select: Select<items::Entity>) -> Select<items::Entity> {
    Sight::Everyone.filter(select)
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
