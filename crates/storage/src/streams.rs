//! Streams: what those that somebody listens to publish and pass on, newest first, each thing once.
//!
//! Each connection gives its newest few through an index, and the few are merged: a page costs the same however much
//! lies in the stream. Sight is [`Sight::Desk`]; what is for followers comes only from its own home. Start at [`page`].

use std::collections::{HashMap, HashSet};

use folkmoot_domain::{
    ActorId, ItemId, Moment,
    carries::CarryState,
    connections::ConnectionState,
    items::ItemKind,
    streams::{NounSeen, StreamAsked, StreamEntry, StreamMark, StreamPage},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};
use uuid::Uuid;

use crate::{
    Result, Rows, actors, calls,
    entities::{carries, connections, items as item_rows},
    events,
    items::{self, Sight},
    projects, read, statement, updates,
};

/// How many connections are read with one query.
const AT_ONCE: usize = 50;
/// More than so many connections at once nobody reads.
const MOST: u64 = 400;
/// So many pinned things are shown first.
const PINNED: u64 = 5;

/// One page.
pub async fn page(rows: &Rows<'_>, asked: &StreamAsked) -> Result<StreamPage> {
    let targets = targets(rows, asked).await?;
    let mut found: Vec<StreamMark> = Vec::new();
    for some in targets.chunks(AT_ONCE) {
        found.extend(marks(rows, some, asked).await?);
    }
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.dedup();
    let more = found.len() > asked.limit;
    found.truncate(asked.limit);
    let next = found.last().copied().filter(|_| more);
    let mut entries = pinned(rows, asked).await?;
    let known: HashSet<Uuid> = entries.iter().map(|mark| mark.item.0).collect();
    let on_top = entries.len();
    entries.extend(found.into_iter().filter(|mark| !known.contains(&mark.item.0)));
    let entries = complete(rows, asked, &targets, entries, on_top).await?;
    Ok(StreamPage { entries, next })
}

async fn targets(rows: &Rows<'_>, asked: &StreamAsked) -> Result<Vec<Uuid>> {
    let seekers: Vec<Uuid> = asked.seekers.iter().map(|id| id.0).collect();
    let mut select = connections::Entity::find()
        .select_only()
        .column(connections::Column::TargetId)
        .distinct()
        .filter(connections::Column::SeekerId.is_in(seekers))
        .filter(connections::Column::State.eq(ConnectionState::Connected.word()));
    if let Some(from) = asked.from {
        select = select.filter(connections::Column::TargetId.eq(from.0));
    }
    Ok(select.order_by_asc(connections::Column::TargetId).limit(MOST).into_tuple().all(&rows.0).await?)
}

/// The newest of each, own and passed on: one branch for each, joined.
async fn marks(rows: &Rows<'_>, targets: &[Uuid], asked: &StreamAsked) -> Result<Vec<StreamMark>> {
    let mut values: Vec<Value> = Vec::new();
    let mut value = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let kind = asked
        .kind
        .map_or_else(String::new, |kind| format!(" AND items.kind = {}", value(kind.word().into())));
    let behind = asked.before.map(|mark| (value(mark.at.0.into()), value(mark.item.0.into())));
    let behind = |at: &str| {
        behind.as_ref().map_or_else(String::new, |(moment, item)| {
            format!(" AND {at} <= {moment} AND ({at} < {moment} OR items.id < {item})")
        })
    };
    let limit = asked.limit + 1;
    let branches: Vec<String> = targets
        .iter()
        .flat_map(|target| {
            let target = value((*target).into());
            let n = &target[1..];
            let (own, passed) = (behind("items.published_at"), behind("carries.since"));
            [
                format!(
                    "SELECT id, at FROM (SELECT items.id AS id, items.published_at AS at FROM items \
                     WHERE items.home = {target} AND items.deleted_at IS NULL{kind}{own} \
                     ORDER BY items.published_at DESC, items.id DESC LIMIT {limit}) AS own_{n}"
                ),
                format!(
                    "SELECT id, at FROM (SELECT items.id AS id, carries.since AS at FROM carries \
                     JOIN items ON items.id = carries.item_id WHERE carries.carrier_id = {target} \
                     AND carries.state = 'carried' AND items.deleted_at IS NULL \
                     AND items.reach IN ('public', 'unlisted'){kind}{passed} \
                     ORDER BY carries.since DESC, items.id DESC LIMIT {limit}) AS passed_{n}"
                ),
            ]
        })
        .collect();
    let sql = branches.join(" UNION ALL ");
    let found = rows.0.query_all_raw(statement(&rows.0, &sql, values)).await?;
    found
        .iter()
        .map(|row| {
            Ok(StreamMark { at: Moment(row.try_get("", "at")?), item: ItemId(row.try_get("", "id")?) })
        })
        .collect()
}

/// What the one connection that is looked at has pinned, on its first page.
async fn pinned(rows: &Rows<'_>, asked: &StreamAsked) -> Result<Vec<StreamMark>> {
    let (Some(from), None) = (asked.from, asked.before) else { return Ok(Vec::new()) };
    let mut select = item_rows::Entity::find()
        .filter(item_rows::Column::Home.eq(from.0))
        .filter(item_rows::Column::Pinned.eq(true))
        .filter(item_rows::Column::DeletedAt.is_null());
    if let Some(kind) = asked.kind {
        select = select.filter(item_rows::Column::Kind.eq(kind.word()));
    }
    let found = select.order_by_desc(item_rows::Column::PublishedAt).limit(PINNED).all(&rows.0).await?;
    Ok(found
        .into_iter()
        .map(|row| StreamMark { at: Moment(row.published_at), item: ItemId(row.id) })
        .collect())
}

/// Who of these passes which item on, and since when.
async fn carriers(
    rows: &Rows<'_>,
    items: &[Uuid],
    targets: &[Uuid],
) -> Result<HashMap<Uuid, Vec<(Uuid, i64)>>> {
    let found = carries::Entity::find()
        .filter(carries::Column::ItemId.is_in(items.to_vec()))
        .filter(carries::Column::State.eq(CarryState::Carried.word()))
        .order_by_asc(carries::Column::Since)
        .all(&rows.0)
        .await?;
    let targets: HashSet<&Uuid> = targets.iter().collect();
    let mut by_item: HashMap<Uuid, Vec<(Uuid, i64)>> = HashMap::new();
    for row in found.into_iter().filter(|row| targets.contains(&row.carrier_id)) {
        by_item.entry(row.item_id).or_default().push((row.carrier_id, row.since));
    }
    Ok(by_item)
}

/// What those whose stream it is made of them.
async fn made_of(
    rows: &Rows<'_>,
    asked: &StreamAsked,
    items: &[Uuid],
) -> Result<HashMap<Uuid, Vec<(ActorId, CarryState)>>> {
    let seekers: Vec<Uuid> = asked.seekers.iter().map(|id| id.0).collect();
    let found = carries::Entity::find()
        .filter(carries::Column::ItemId.is_in(items.to_vec()))
        .filter(carries::Column::CarrierId.is_in(seekers))
        .all(&rows.0)
        .await?;
    let mut by_item: HashMap<Uuid, Vec<(ActorId, CarryState)>> = HashMap::new();
    for row in found {
        let state = read::word("state of carry", &row.state, CarryState::parse)?;
        by_item.entry(row.item_id).or_default().push((ActorId(row.carrier_id), state));
    }
    Ok(by_item)
}

async fn complete(
    rows: &Rows<'_>,
    asked: &StreamAsked,
    targets: &[Uuid],
    marks: Vec<StreamMark>,
    on_top: usize,
) -> Result<Vec<StreamEntry>> {
    let ids: Vec<Uuid> = marks.iter().map(|mark| mark.item.0).collect();
    let carriers = carriers(rows, &ids, targets).await?;
    let mut made_of = made_of(rows, asked, &ids).await?;
    let mut nouns = nouns(rows, &ids).await?;
    let through = carriers.values().flatten().map(|(id, _)| ActorId(*id));
    let through = actors::many(rows, through.collect::<HashSet<_>>()).await?;
    let mut entries = Vec::new();
    for (place, mark) in marks.into_iter().enumerate() {
        let id = mark.item.0;
        let Some(home) = nouns.get(&id).map(|noun| noun.seen().home.clone()) else { continue };
        let passed = carriers.get(&id).map(Vec::as_slice).unwrap_or_default();
        // It stands where its home published it, or else where it was passed on first.
        let from_home = targets.contains(&home.id.0);
        let first = passed.iter().map(|(_, since)| *since).min();
        let stands = from_home || first == Some(mark.at.0);
        let published = nouns.get(&id).map(|noun| noun.seen().item.published);
        if !stands || (from_home && published != Some(mark.at)) || asked.seekers.contains(&home.id) {
            continue;
        }
        let Some(noun) = nouns.remove(&id) else { continue };
        let carrying = passed.iter().filter_map(|(id, _)| through.get(&ActorId(*id)).cloned());
        let via = from_home.then_some(home).into_iter().chain(carrying).collect();
        let carried = made_of.remove(&id).unwrap_or_default();
        entries.push(StreamEntry { noun, mark, pinned: place < on_top, via, carried });
    }
    Ok(entries)
}

/// The reading shapes of items of any noun, as organisers see them at their desk.
async fn nouns(rows: &Rows<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, NounSeen>> {
    let mut by_kind: HashMap<ItemKind, Vec<_>> = HashMap::new();
    for seen in items::many_in(rows, ids, Sight::Desk).await? {
        by_kind.entry(seen.item.kind).or_default().push(seen);
    }
    let mut of = |kind| by_kind.remove(&kind).unwrap_or_default();
    let (found_projects, found_calls) = (of(ItemKind::Project), of(ItemKind::Call));
    let (found_events, found_updates) = (of(ItemKind::Event), of(ItemKind::Update));
    let mut nouns: Vec<NounSeen> = Vec::new();
    nouns.extend(
        projects::complete(rows, found_projects).await?.into_iter().map(Box::new).map(NounSeen::Project),
    );
    nouns.extend(calls::complete(rows, found_calls).await?.into_iter().map(Box::new).map(NounSeen::Call));
    nouns.extend(events::complete(rows, found_events).await?.into_iter().map(Box::new).map(NounSeen::Event));
    nouns.extend(
        updates::complete(rows, found_updates).await?.into_iter().map(Box::new).map(NounSeen::Update),
    );
    Ok(nouns.into_iter().map(|noun| (noun.seen().item.id.0, noun)).collect())
}
