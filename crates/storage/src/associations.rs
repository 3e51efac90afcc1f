//! Associations that live here.

use std::collections::{HashMap, HashSet};

use folkmoot_domain::{
    ActorId, CauseId, Moment,
    actors::Actor,
    associations::{Association, AssociationKind, AssociationSeen, Farewell},
    text::Language,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Query,
};

use crate::{
    Result, Rows, StorageError, Tx, actors, causes,
    entities::{actors as actor_rows, associations, battles},
    read,
};

impl TryFrom<associations::Model> for Association {
    type Error = StorageError;

    fn try_from(row: associations::Model) -> Result<Self> {
        Ok(Self {
            id: ActorId(row.id),
            kind: read::word("kind of association", &row.kind, AssociationKind::parse)?,
            about: row.about,
            language: Language::stored(row.language),
            zone: row.zone,
            place: read::place(row.place_name, row.latitude, row.longitude, row.coarseness.as_ref())?,
            joining: row.joining,
            safeguarding: row.safeguarding,
            founded: Moment(row.founded_at),
            closed: row
                .closed_at
                .map(|at| Farewell { at: Moment(at), words: row.farewell.unwrap_or_default() }),
            sample: row.sample,
        })
    }
}

fn row(association: &Association) -> associations::ActiveModel {
    let (place_name, latitude, longitude, coarseness) = read::place_columns(association.place.as_ref());
    associations::ActiveModel {
        id: Set(association.id.0),
        kind: Set(association.kind.word().to_owned()),
        about: Set(association.about.clone()),
        language: Set(association.language.as_str().to_owned()),
        zone: Set(association.zone.clone()),
        place_name: Set(place_name),
        latitude: Set(latitude),
        longitude: Set(longitude),
        coarseness: Set(coarseness),
        welcome_id: sea_orm::ActiveValue::NotSet,
        founded_at: Set(association.founded.0),
        closed_at: Set(association.closed.as_ref().map(|farewell| farewell.at.0)),
        farewell: Set(association.closed.as_ref().map(|farewell| farewell.words.clone())),
        sample: Set(association.sample),
        joining: Set(association.joining.clone()),
        safeguarding: Set(association.safeguarding.clone()),
        name_key: sea_orm::ActiveValue::NotSet,
    }
}

/// Stores a new association; its actor must be stored already.
pub async fn insert(tx: &Tx, association: &Association) -> Result<()> {
    let actor = actor_rows::Entity::find_by_id(association.id.0).one(&tx.0).await?;
    let mut row = row(association);
    row.name_key = Set(actor.map(|actor| actor.name.to_lowercase()).unwrap_or_default());
    associations::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores what changed.
pub async fn update(tx: &Tx, association: &Association) -> Result<()> {
    associations::Entity::update(row(association)).exec(&tx.0).await?;
    Ok(())
}

/// One association without its actor.
pub async fn find(rows: &Rows<'_>, id: ActorId) -> Result<Option<Association>> {
    associations::Entity::find_by_id(id.0).one(&rows.0).await?.map(Association::try_from).transpose()
}

/// The Note that is pinned as its welcome.
pub async fn welcome(rows: &Rows<'_>, id: ActorId) -> Result<Option<folkmoot_domain::NoteId>> {
    let row = associations::Entity::find_by_id(id.0).one(&rows.0).await?;
    Ok(row.and_then(|row| row.welcome_id).map(folkmoot_domain::NoteId))
}

/// Pins a Note as the welcome.
pub async fn pin_welcome(tx: &Tx, id: ActorId, note: folkmoot_domain::NoteId) -> Result<()> {
    associations::Entity::update_many()
        .col_expr(associations::Column::WelcomeId, sea_orm::prelude::Expr::value(note.0))
        .filter(associations::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Sets the three battles, in order.
pub async fn set_battles(tx: &Tx, id: ActorId, causes: &[CauseId]) -> Result<()> {
    battles::Entity::delete_many().filter(battles::Column::AssociationId.eq(id.0)).exec(&tx.0).await?;
    let rows: Vec<_> = (0i16..)
        .zip(causes)
        .map(|(position, cause)| battles::ActiveModel {
            association_id: Set(id.0),
            position: Set(position),
            cause_id: Set(cause.0),
        })
        .collect();
    if !rows.is_empty() {
        battles::Entity::insert_many(rows).exec_without_returning(&tx.0).await?;
    }
    Ok(())
}

/// The reading shape of one association, by id.
pub async fn seen(rows: &Rows<'_>, id: ActorId) -> Result<Option<AssociationSeen>> {
    let found = associations::Entity::find_by_id(id.0).all(&rows.0).await?;
    Ok(complete(rows, found).await?.pop())
}

/// The reading shape of one association, by a handle of now or before.
pub async fn seen_by_handle(rows: &Rows<'_>, handle: &str) -> Result<Option<AssociationSeen>> {
    match actors::by_handle(rows, handle).await? {
        Some(actor) => seen(rows, actor.id).await,
        None => Ok(None),
    }
}

/// Every association that is open here, by name. Grows with the board: pages read [`page`].
pub async fn list(rows: &Rows<'_>) -> Result<Vec<AssociationSeen>> {
    let open = associations::Entity::find().filter(associations::Column::ClosedAt.is_null());
    complete(rows, open.order_by_asc(associations::Column::NameKey).all(&rows.0).await?).await
}

/// A place in the list of associations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name in small letters.
    pub key: String,
    /// The association.
    pub id: ActorId,
}

impl Named {
    /// Where an association stands.
    pub fn of(seen: &AssociationSeen) -> Self {
        Self { key: seen.actor.name.to_lowercase(), id: seen.actor.id }
    }
}

/// What a list of associations is asked for. Every list is by name.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Only this kind.
    pub kind: Option<AssociationKind>,
    /// Only those that count this among their battles.
    pub cause: Option<CauseId>,
    /// Only what stands behind this one.
    pub after: Option<Named>,
    /// Only what stands before this one: the last of those, still by name.
    pub before: Option<Named>,
    /// At most so many.
    pub limit: u64,
}

/// A page of the associations that are open here, by name.
pub async fn page(rows: &Rows<'_>, asked: &Asked) -> Result<Vec<AssociationSeen>> {
    use associations::Column::{ClosedAt, Id, Kind, NameKey};
    let mut select = associations::Entity::find().filter(ClosedAt.is_null());
    if let Some(kind) = asked.kind {
        select = select.filter(Kind.eq(kind.word()));
    }
    if let Some(cause) = asked.cause {
        let fighting = Query::select()
            .column(battles::Column::AssociationId)
            .from(battles::Entity)
            .and_where(battles::Column::CauseId.eq(cause.0))
            .to_owned();
        select = select.filter(Id.in_subquery(fighting));
    }
    if let Some(Named { key, id }) = &asked.after {
        let twin = Condition::all().add(NameKey.eq(key)).add(Id.gt(id.0));
        select = select.filter(NameKey.gte(key)).filter(Condition::any().add(NameKey.gt(key)).add(twin));
    }
    if let Some(Named { key, id }) = &asked.before {
        let twin = Condition::all().add(NameKey.eq(key)).add(Id.lt(id.0));
        select = select.filter(NameKey.lte(key)).filter(Condition::any().add(NameKey.lt(key)).add(twin));
    }
    let order = if asked.before.is_some() { Order::Desc } else { Order::Asc };
    let select = select.order_by(NameKey, order.clone()).order_by(Id, order).limit(asked.limit);
    let mut seen = complete(rows, select.all(&rows.0).await?).await?;
    if asked.before.is_some() {
        seen.reverse();
    }
    Ok(seen)
}

/// Which of these are samples of the demo.
pub async fn samples(rows: &Rows<'_>, ids: impl IntoIterator<Item = ActorId>) -> Result<HashSet<ActorId>> {
    let ids = ids.into_iter().map(|id| id.0).collect::<HashSet<_>>();
    let found = associations::Entity::find()
        .filter(associations::Column::Id.is_in(ids))
        .filter(associations::Column::Sample.eq(true))
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(|row| ActorId(row.id)).collect())
}

/// Three queries for any number of associations: their actors, their battles, and the causes of those.
async fn complete(rows: &Rows<'_>, found: Vec<associations::Model>) -> Result<Vec<AssociationSeen>> {
    let ids: Vec<_> = found.iter().map(|row| row.id).collect();
    let actors = actor_rows::Entity::find().filter(actor_rows::Column::Id.is_in(ids.clone()));
    let mut actors: HashMap<_, _> =
        actors.all(&rows.0).await?.into_iter().map(|actor| (actor.id, actor)).collect();
    let fought = battles::Entity::find()
        .filter(battles::Column::AssociationId.is_in(ids))
        .order_by_asc(battles::Column::Position)
        .all(&rows.0)
        .await?;
    let named: HashSet<_> = fought.iter().map(|battle| CauseId(battle.cause_id)).collect();
    let named = causes::many(rows, &named.into_iter().collect::<Vec<_>>()).await?;
    let battles = |association| {
        let of = fought.iter().filter(move |battle| battle.association_id == association);
        of.filter_map(|battle| named.iter().find(|cause| cause.id.0 == battle.cause_id).cloned()).collect()
    };
    found
        .into_iter()
        .filter_map(|row| actors.remove(&row.id).map(|actor| (row, actor)))
        .map(|(row, actor)| {
            Ok(AssociationSeen {
                followers: actor.follower_count,
                published: actor.published_count,
                battles: battles(row.id),
                actor: Actor::try_from(actor)?,
                association: Association::try_from(row)?,
            })
        })
        .collect()
}
