//! Who passes on what, here and elsewhere: one row for each carrier and item.
//!
//! Whether this board shows an item of others, and by how many associations an item is carried, are copies on the item,
//! reckoned anew by [`settle`] whenever a row moved.

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, CarryId, ItemId, Moment, RuleId,
    actors::{Actor, ActorKind},
    audiences::Reach,
    carries::{CarrierSeen, Carry, CarryState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, prelude::Expr,
};
use uuid::Uuid;

use crate::{
    Result, Rows, StorageError, Tx, actors,
    entities::{carries, items as item_rows, updates},
    items, read, statement,
};

impl TryFrom<carries::Model> for Carry {
    type Error = StorageError;

    fn try_from(row: carries::Model) -> Result<Self> {
        Ok(Self {
            id: CarryId(row.id),
            carrier: ActorId(row.carrier_id),
            item: ItemId(row.item_id),
            state: read::word("state of carry", &row.state, CarryState::parse)?,
            reason: row.reason,
            rule: row.rule_id.map(RuleId),
            activity: row.activity_uri,
            note: row.note_uri,
            since: Moment(row.since),
            ended: read::moment(row.ended_at),
            why_ended: row.why_ended,
        })
    }
}

fn row(carry: &Carry) -> carries::ActiveModel {
    carries::ActiveModel {
        id: Set(carry.id.0),
        carrier_id: Set(carry.carrier.0),
        item_id: Set(carry.item.0),
        state: Set(carry.state.word().to_owned()),
        reason: Set(carry.reason.clone()),
        rule_id: Set(carry.rule.map(|rule| rule.0)),
        activity_uri: Set(carry.activity.clone()),
        note_uri: Set(carry.note.clone()),
        since: Set(carry.since.0),
        ended_at: Set(carry.ended.map(|at| at.0)),
        why_ended: Set(carry.why_ended.clone()),
    }
}

/// Stores a new carry.
pub async fn insert(tx: &Tx, carry: &Carry) -> Result<()> {
    carries::Entity::insert(row(carry)).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores what changed.
pub async fn update(tx: &Tx, carry: &Carry) -> Result<()> {
    carries::Entity::update(row(carry)).exec(&tx.0).await?;
    Ok(())
}

/// One carry.
pub async fn find(rows: &Rows<'_>, id: CarryId) -> Result<Option<Carry>> {
    carries::Entity::find_by_id(id.0).one(&rows.0).await?.map(Carry::try_from).transpose()
}

/// What this one has to do with that item.
pub async fn of(rows: &Rows<'_>, carrier: ActorId, item: ItemId) -> Result<Option<Carry>> {
    carries::Entity::find()
        .filter(carries::Column::CarrierId.eq(carrier.0))
        .filter(carries::Column::ItemId.eq(item.0))
        .one(&rows.0)
        .await?
        .map(Carry::try_from)
        .transpose()
}

/// The carry that was said by this activity, or with this Note.
pub async fn by_uri(rows: &Rows<'_>, uri: &str) -> Result<Option<Carry>> {
    let either =
        Condition::any().add(carries::Column::ActivityUri.eq(uri)).add(carries::Column::NoteUri.eq(uri));
    carries::Entity::find().filter(either).one(&rows.0).await?.map(Carry::try_from).transpose()
}

/// The carry of somebody elsewhere that was said so, among other things or alone.
pub async fn said_by(rows: &Rows<'_>, carrier: ActorId, uri: &str) -> Result<Option<Carry>> {
    if let Some(found) = by_uri(rows, uri).await?.filter(|carry| carry.carrier == carrier) {
        return Ok(Some(found));
    }
    let several = carries::Entity::find()
        .filter(carries::Column::CarrierId.eq(carrier.0))
        // One of several; what only looks alike is told apart below.
        .filter(carries::Column::ActivityUri.contains(uri))
        .all(&rows.0)
        .await?;
    for row in several {
        let carry = Carry::try_from(row)?;
        if carry.said().any(|said| said == uri) {
            return Ok(Some(carry));
        }
    }
    Ok(None)
}

/// Everything that stands about an item in this state, oldest first.
pub async fn of_item(rows: &Rows<'_>, item: ItemId, state: CarryState) -> Result<Vec<Carry>> {
    let found = carries::Entity::find()
        .filter(carries::Column::ItemId.eq(item.0))
        .filter(carries::Column::State.eq(state.word()))
        .order_by_asc(carries::Column::Since)
        .order_by_asc(carries::Column::Id)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Carry::try_from).collect()
}

/// The live carries that a rule made.
pub async fn of_rule(rows: &Rows<'_>, rule: RuleId) -> Result<Vec<Carry>> {
    live(carries::Entity::find().filter(carries::Column::RuleId.eq(rule.0)), rows).await
}

/// The live carries of one carrier.
pub async fn of_carrier(rows: &Rows<'_>, carrier: ActorId) -> Result<Vec<Carry>> {
    live(carries::Entity::find().filter(carries::Column::CarrierId.eq(carrier.0)), rows).await
}

async fn live(select: sea_orm::Select<carries::Entity>, rows: &Rows<'_>) -> Result<Vec<Carry>> {
    let states = [CarryState::Waiting.word(), CarryState::Carried.word()];
    let found = select
        .filter(carries::Column::State.is_in(states))
        .order_by_asc(carries::Column::Id)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Carry::try_from).collect()
}

/// News about something that the same one has to do with in the same way stand with that.
const NO_NEWS: &str = "NOT EXISTS (SELECT 1 FROM updates JOIN carries AS whole ON whole.item_id = updates.about_id \
    WHERE updates.id = carries.item_id AND whole.carrier_id = carries.carrier_id AND whole.state = carries.state)";

/// A page of what one of ours has to do with items in this state, newest first; behind this one. Without the news.
pub async fn list(
    rows: &Rows<'_>,
    carrier: ActorId,
    state: CarryState,
    before: Option<(Moment, CarryId)>,
    limit: u64,
) -> Result<Vec<Carry>> {
    let mut select = carries::Entity::find()
        .filter(carries::Column::CarrierId.eq(carrier.0))
        .filter(carries::Column::State.eq(state.word()))
        .filter(Expr::cust(NO_NEWS));
    if let Some((since, id)) = before {
        let at_once =
            Condition::all().add(carries::Column::Since.eq(since.0)).add(carries::Column::Id.lt(id.0));
        select = select.filter(Condition::any().add(carries::Column::Since.lt(since.0)).add(at_once));
    }
    let found = select
        .order_by_desc(carries::Column::Since)
        .order_by_desc(carries::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Carry::try_from).collect()
}

/// How many items stand in this state with one of ours.
pub async fn count(rows: &Rows<'_>, carrier: ActorId, state: CarryState) -> Result<u64> {
    Ok(carries::Entity::find()
        .filter(carries::Column::CarrierId.eq(carrier.0))
        .filter(carries::Column::State.eq(state.word()))
        .filter(Expr::cust(NO_NEWS))
        .count(&rows.0)
        .await?)
}

/// The items that one association publishes and others carry, newest first.
pub async fn carried_of_home(rows: &Rows<'_>, home: ActorId, limit: u64) -> Result<Vec<ItemId>> {
    let found = item_rows::Entity::find()
        .filter(item_rows::Column::Home.eq(home.0))
        .filter(item_rows::Column::CarryCount.gt(0))
        .filter(item_rows::Column::DeletedAt.is_null())
        .order_by_desc(item_rows::Column::PublishedAt)
        .limit(limit)
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(|row| ItemId(row.id)).collect())
}

/// The newest things one actor publishes or carries, as far as they may be carried at all, newest first.
pub async fn lately(rows: &Rows<'_>, source: ActorId, limit: u64) -> Result<Vec<ItemId>> {
    let sql = "SELECT id FROM items WHERE deleted_at IS NULL AND carriable AND reach = 'public'
        AND (home = $1 OR id IN (SELECT item_id FROM carries WHERE carrier_id = $1 AND state = 'carried'))
        AND NOT EXISTS (SELECT 1 FROM updates WHERE updates.id = items.id)
        ORDER BY published_at DESC, id DESC LIMIT $2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = rows.0.query_all_raw(statement(&rows.0, sql, [source.0.into(), limit.into()])).await?;
    found.iter().map(|row| Ok(ItemId(row.try_get_by_index(0)?))).collect()
}

/// Items whose homes are these and that stand in somebody's carries.
pub async fn of_homes(rows: &Rows<'_>, homes: &[ActorId]) -> Result<Vec<ItemId>> {
    let mut found = Vec::new();
    for some in homes.chunks(200) {
        let of = sea_orm::sea_query::Query::select()
            .column(carries::Column::ItemId)
            .from(carries::Entity)
            .and_where(carries::Column::State.is_in([CarryState::Waiting.word(), CarryState::Carried.word()]))
            .to_owned();
        let some = item_rows::Entity::find()
            .filter(item_rows::Column::Home.is_in(some.iter().map(|home| home.0)))
            .filter(item_rows::Column::Id.in_subquery(of))
            .order_by_asc(item_rows::Column::Id)
            .all(&rows.0)
            .await?;
        found.extend(some.into_iter().map(|row| ItemId(row.id)));
    }
    Ok(found)
}

/// The updates that the home of an item itself gave about it: its news.
pub async fn news(rows: &Rows<'_>, item: ItemId) -> Result<Vec<ItemId>> {
    let about = updates::Entity::find().filter(updates::Column::AboutId.eq(item.0)).all(&rows.0).await?;
    if about.is_empty() {
        return Ok(Vec::new());
    }
    let Some(home) = item_rows::Entity::find_by_id(item.0).one(&rows.0).await?.map(|row| row.home) else {
        return Ok(Vec::new());
    };
    let found = item_rows::Entity::find()
        .filter(item_rows::Column::Id.is_in(about.into_iter().map(|row| row.id)))
        .filter(item_rows::Column::Home.eq(home))
        .order_by_asc(item_rows::Column::Id)
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(|row| ItemId(row.id)).collect())
}

/// The item an update is about, when it is about something.
pub async fn subject(rows: &Rows<'_>, update: ItemId) -> Result<Option<ItemId>> {
    Ok(updates::Entity::find_by_id(update.0).one(&rows.0).await?.and_then(|row| row.about_id).map(ItemId))
}

/// Who carries an item, as far as they agree to be named, longest first.
pub async fn carriers(rows: &Rows<'_>, item: ItemId, limit: usize) -> Result<Vec<CarrierSeen>> {
    let found = of_item(rows, item, CarryState::Carried).await?;
    let mut actors = actors::many(rows, found.iter().map(|carry| carry.carrier)).await?;
    let named = found.into_iter().filter_map(|carry| {
        let carrier = actors.remove(&carry.carrier)?;
        let named = carrier.profile.discoverable && carrier.gone.is_none() && is_association(&carrier);
        named.then_some(CarrierSeen { carrier, reason: carry.reason, since: carry.since })
    });
    Ok(named.take(limit).collect())
}

/// Those of ours that carry these items, for lists: by item, longest first.
pub async fn here(rows: &Rows<'_>, items: &[ItemId]) -> Result<HashMap<ItemId, Vec<CarrierSeen>>> {
    let mut here: HashMap<ItemId, Vec<CarrierSeen>> = HashMap::new();
    if items.is_empty() {
        return Ok(here);
    }
    let found = carries::Entity::find()
        .filter(carries::Column::ItemId.is_in(items.iter().map(|item| item.0)))
        .filter(carries::Column::State.eq(CarryState::Carried.word()))
        .order_by_asc(carries::Column::Since)
        .order_by_asc(carries::Column::Id)
        .all(&rows.0)
        .await?;
    let actors = actors::many(rows, found.iter().map(|row| ActorId(row.carrier_id))).await?;
    for row in found {
        if let Some(carrier) = actors.get(&ActorId(row.carrier_id)).filter(|carrier| carrier.local) {
            let seen = CarrierSeen { carrier: carrier.clone(), reason: row.reason, since: Moment(row.since) };
            here.entry(ItemId(row.item_id)).or_default().push(seen);
        }
    }
    Ok(here)
}

/// Is this one an association, here or elsewhere? Others boost; only associations carry.
pub fn is_association(actor: &Actor) -> bool {
    matches!(actor.kind, ActorKind::Group | ActorKind::Organization) || actor.profile.association.is_some()
}

/// Reckons anew whether this board shows an item, and by how many associations it is carried; the news about it go with
/// it. What is ours is always shown, what is from elsewhere while one of ours carries it.
pub async fn settle(tx: &Tx, item: ItemId) -> Result<()> {
    let rows = tx.rows();
    let Some(row) = item_rows::Entity::find_by_id(item.0).one(&tx.0).await? else {
        return Ok(());
    };
    let carried = of_item(&rows, item, CarryState::Carried).await?;
    let actors = actors::many(&rows, carried.iter().map(|carry| carry.carrier)).await?;
    let associations = actors.values().filter(|actor| actor.gone.is_none() && is_association(actor)).count();
    item_rows::Entity::update_many()
        .col_expr(item_rows::Column::CarryCount, Expr::value(i64::try_from(associations).unwrap_or(i64::MAX)))
        .filter(item_rows::Column::Id.eq(item.0))
        .exec(&tx.0)
        .await?;
    let mut shown = row.here || actors.values().any(|actor| actor.local && actor.gone.is_none());
    let open = Reach::parse(&row.reach).is_some_and(Reach::may_be_shown);
    if !shown
        && open
        && let Some(about) = subject(&rows, item).await?
    {
        shown = is_shown(tx, about, row.home).await?;
    }
    if row.shown == shown {
        return Ok(());
    }
    items::show(tx, item, shown).await?;
    for news in news(&rows, item).await? {
        Box::pin(settle(tx, news)).await?;
    }
    Ok(())
}

/// News are shown where what they are about is shown, and only news of the same home.
async fn is_shown(tx: &Tx, about: ItemId, home: Uuid) -> Result<bool> {
    let found = item_rows::Entity::find_by_id(about.0).one(&tx.0).await?;
    Ok(found.is_some_and(|row| row.shown && row.home == home && row.deleted_at.is_none()))
}

/// Everybody elsewhere who has to do with what stands here: who publishes it, carries it, or is listened to.
pub async fn strangers(rows: &Rows<'_>) -> Result<Vec<(ActorId, String)>> {
    let sql = "SELECT id, host FROM actors WHERE NOT local AND (id IN (SELECT home FROM items)
        OR id IN (SELECT carrier_id FROM carries) OR id IN (SELECT target_id FROM connections)
        OR id IN (SELECT source_id FROM rules))";
    let found = rows.0.query_all_raw(statement(&rows.0, sql, [])).await?;
    found.iter().map(|row| Ok((ActorId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
}

/// Who of ours listens to one of these.
pub async fn listeners(rows: &Rows<'_>, targets: &[ActorId]) -> Result<Vec<(ActorId, ActorId)>> {
    use crate::entities::connections;
    let mut found = Vec::new();
    for some in targets.chunks(200) {
        let some = connections::Entity::find()
            .filter(connections::Column::TargetId.is_in(some.iter().map(|target| target.0)))
            .all(&rows.0)
            .await?;
        found.extend(some.into_iter().map(|row| (ActorId(row.seeker_id), ActorId(row.target_id))));
    }
    Ok(found)
}

/// The items of one home that are not deleted.
pub async fn living_of(rows: &Rows<'_>, home: ActorId) -> Result<Vec<ItemId>> {
    let found = item_rows::Entity::find()
        .filter(item_rows::Column::Home.eq(home.0))
        .filter(item_rows::Column::DeletedAt.is_null())
        .order_by_asc(item_rows::Column::Id)
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(|row| ItemId(row.id)).collect())
}

/// Whom one of ours listens to.
pub async fn heard_by(rows: &Rows<'_>, seeker: ActorId) -> Result<Vec<Actor>> {
    use crate::entities::connections;
    let found =
        connections::Entity::find().filter(connections::Column::SeekerId.eq(seeker.0)).all(&rows.0).await?;
    let actors = actors::many(rows, found.into_iter().map(|row| ActorId(row.target_id))).await?;
    let mut actors: Vec<_> = actors.into_values().filter(|actor| actor.gone.is_none()).collect();
    actors.sort_by_key(|actor| (actor.name.to_lowercase(), actor.id));
    Ok(actors)
}
