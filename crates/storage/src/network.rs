//! What is known of ties: those of ours, what others list, and whose list is to be read when.

use folkmoot_domain::{
    ActorId, Moment,
    actors::Actor,
    network::{Listed, STEPS},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    Result, Rows, Tx, actors,
    entities::{affiliations, connections, sightings, walks},
    read, statement,
};

/// The most rows that are read for one page.
const MANY: u64 = 5_000;

/// A tie of one of ours that was accepted by both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affiliated {
    /// The member, or the one partner.
    pub member: ActorId,
    /// The alliance, or the other partner.
    pub umbrella: ActorId,
    /// The word of its kind.
    pub kind: String,
    /// Did the other side list it, as far as we last looked?
    pub listed: bool,
}

/// Every accepted tie of ours.
pub async fn affiliated(rows: &Rows<'_>) -> Result<Vec<Affiliated>> {
    let found = affiliations::Entity::find()
        .filter(affiliations::Column::State.eq("accepted"))
        .order_by_asc(affiliations::Column::Id)
        .limit(MANY)
        .all(&rows.0)
        .await?;
    Ok(found
        .into_iter()
        .map(|row| Affiliated {
            member: ActorId(row.member_id),
            umbrella: ActorId(row.umbrella_id),
            kind: row.kind,
            listed: row.listed,
        })
        .collect())
}

/// Whom these of ours listen to.
pub async fn listens(rows: &Rows<'_>, seekers: &[ActorId]) -> Result<Vec<(ActorId, ActorId)>> {
    let found = connections::Entity::find()
        .filter(connections::Column::SeekerId.is_in(seekers.iter().map(|id| id.0)))
        .filter(connections::Column::State.eq("connected"))
        .limit(MANY)
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(|row| (ActorId(row.seeker_id), ActorId(row.target_id))).collect())
}

/// What an actor elsewhere lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Who lists it.
    pub actor: ActorId,
    /// Whom: an ActivityPub id.
    pub other: String,
    /// As what.
    pub listed: Listed,
    /// When we saw it.
    pub seen: Moment,
}

/// Everything that was seen, or what one actor lists.
pub async fn sightings(rows: &Rows<'_>, of: Option<ActorId>) -> Result<Vec<Sighting>> {
    let mut select = sightings::Entity::find();
    if let Some(actor) = of {
        select = select.filter(sightings::Column::ActorId.eq(actor.0));
    }
    let found = select
        .order_by_asc(sightings::Column::ActorId)
        .order_by_asc(sightings::Column::OtherUri)
        .limit(MANY)
        .all(&rows.0)
        .await?;
    found
        .into_iter()
        .map(|row| {
            Ok(Sighting {
                actor: ActorId(row.actor_id),
                other: row.other_uri,
                listed: read::word("relationship", &row.relationship, Listed::parse)?,
                seen: Moment(row.seen_at),
            })
        })
        .collect()
}

/// Puts what an actor lists now in the place of what it listed before.
pub async fn see(tx: &Tx, actor: ActorId, listed: &[(String, Listed)], now: Moment) -> Result<()> {
    sightings::Entity::delete_many().filter(sightings::Column::ActorId.eq(actor.0)).exec(&tx.0).await?;
    if listed.is_empty() {
        return Ok(());
    }
    let seen = listed.iter().map(|(other, listed)| sightings::ActiveModel {
        actor_id: Set(actor.0),
        other_uri: Set(other.clone()),
        relationship: Set(listed.word().to_owned()),
        seen_at: Set(now.0),
    });
    sightings::Entity::insert_many(seen)
        .on_conflict(
            OnConflict::columns([sightings::Column::ActorId, sightings::Column::OtherUri])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(&tx.0)
        .await?;
    Ok(())
}

/// The actors that these ids name, where they are known.
pub async fn known(rows: &Rows<'_>, uris: Vec<String>) -> Result<Vec<Actor>> {
    let mut known = Vec::new();
    for part in uris.chunks(200) {
        known.extend(actors::by_uris(rows, part.to_vec()).await?);
    }
    Ok(known)
}

/// A list that is to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// Whose.
    pub actor: Actor,
    /// How many steps it is from one of ours.
    pub steps: i32,
    /// When it was last read.
    pub walked: Option<Moment>,
    /// What went wrong last.
    pub problem: Option<String>,
}

/// Those elsewhere that are tied to ours and that a walk begins at: members and alliances of ours, partners, and whom ours
/// listen to.
const TIED: &str = "SELECT member_id AS id FROM affiliations WHERE state = 'accepted'
    UNION SELECT umbrella_id FROM affiliations WHERE state = 'accepted'
    UNION SELECT partner_id FROM partnerships WHERE state = 'accepted'
    UNION SELECT items.home FROM partnerships JOIN items ON items.id = partnerships.project_id
        WHERE partnerships.state = 'accepted'
    UNION SELECT target_id FROM connections WHERE state = 'connected'";

/// Those that are to be walked and are not yet on the list.
pub async fn unwalked(rows: &Rows<'_>, limit: u64) -> Result<Vec<ActorId>> {
    let sql = format!(
        "SELECT actors.id FROM actors WHERE NOT actors.local AND actors.gone_at IS NULL AND actors.discoverable
            AND actors.affiliates_uri IS NOT NULL AND actors.id IN ({TIED})
            AND NOT EXISTS (SELECT 1 FROM walks WHERE walks.actor_id = actors.id AND walks.steps = 1)
         ORDER BY actors.id LIMIT {limit}"
    );
    let found = rows.0.query_all_raw(statement(&rows.0, &sql, [])).await?;
    found.iter().map(|row| Ok(ActorId(row.try_get_by_index::<Uuid>(0)?))).collect()
}

/// Is it tied to one of ours, or listed by somebody who is?
pub async fn is_near(rows: &Rows<'_>, actor: &Actor, steps: i32) -> Result<bool> {
    let sql = if steps <= 1 {
        format!("SELECT 1 FROM ({TIED}) tied WHERE tied.id = $1 LIMIT 1")
    } else {
        "SELECT 1 FROM sightings JOIN walks ON walks.actor_id = sightings.actor_id AND walks.steps = 1
            WHERE sightings.other_uri = $1 LIMIT 1"
            .to_owned()
    };
    let value = if steps <= 1 { read::id(actor.id.0) } else { actor.uri.as_str().into() };
    Ok(rows.0.query_one_raw(statement(&rows.0, &sql, [value])).await?.is_some())
}

/// Puts an actor on the list of walks, as near as it was ever found.
pub async fn walk(tx: &Tx, actor: ActorId, steps: i32, at: Moment) -> Result<()> {
    if steps > STEPS {
        return Ok(());
    }
    match walks::Entity::find_by_id(actor.0).one(&tx.0).await? {
        Some(known) if known.steps <= steps => Ok(()),
        Some(_) => {
            let nearer =
                walks::ActiveModel { actor_id: Set(actor.0), steps: Set(steps), ..Default::default() };
            walks::Entity::update(nearer).exec(&tx.0).await?;
            Ok(())
        }
        None => {
            let row = walks::ActiveModel {
                actor_id: Set(actor.0),
                steps: Set(steps),
                walked_at: Set(None),
                walk_at: Set(at.0),
                problem: Set(None),
            };
            walks::Entity::insert(row).exec_without_returning(&tx.0).await?;
            Ok(())
        }
    }
}

/// The walks that are due, longest first.
pub async fn due(rows: &Rows<'_>, now: Moment, limit: u64) -> Result<Vec<Walk>> {
    let found = walks::Entity::find()
        .filter(walks::Column::WalkAt.lte(now.0))
        .order_by_asc(walks::Column::WalkAt)
        .order_by_asc(walks::Column::ActorId)
        .limit(limit)
        .all(&rows.0)
        .await?;
    let who = actors::many(rows, found.iter().map(|row| ActorId(row.actor_id))).await?;
    Ok(found
        .into_iter()
        .filter_map(|row| {
            Some(Walk {
                actor: who.get(&ActorId(row.actor_id))?.clone(),
                steps: row.steps,
                walked: read::moment(row.walked_at),
                problem: row.problem,
            })
        })
        .collect())
}

/// How the last walk to an actor went.
pub async fn last_walk(rows: &Rows<'_>, actor: ActorId) -> Result<Option<(Option<Moment>, Option<String>)>> {
    let found = walks::Entity::find_by_id(actor.0).one(&rows.0).await?;
    Ok(found.map(|row| (read::moment(row.walked_at), row.problem)))
}

/// A list was read, or could not be: when it is read next.
pub async fn walked(
    tx: &Tx,
    actor: ActorId,
    walked: Option<Moment>,
    next: Moment,
    problem: Option<&str>,
) -> Result<()> {
    let mut row = walks::ActiveModel {
        actor_id: Set(actor.0),
        walk_at: Set(next.0),
        problem: Set(problem.map(str::to_owned)),
        ..Default::default()
    };
    if let Some(at) = walked {
        row.walked_at = Set(Some(at.0));
    }
    walks::Entity::update(row).exec(&tx.0).await?;
    Ok(())
}

/// It is walked no more, and what it listed is forgotten.
pub async fn forget(tx: &Tx, actor: ActorId) -> Result<()> {
    sightings::Entity::delete_many().filter(sightings::Column::ActorId.eq(actor.0)).exec(&tx.0).await?;
    walks::Entity::delete_by_id(actor.0).exec(&tx.0).await?;
    Ok(())
}
