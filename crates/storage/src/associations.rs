//! Associations that live here.

use folkmoot_domain::{
    ActorId, CauseId, Moment,
    actors::Actor,
    associations::{Association, AssociationKind, AssociationSeen, Farewell},
    text::Language,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

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
        ..Default::default()
    }
}

/// Stores a new association; its actor must be stored already.
pub async fn insert(tx: &Tx, association: &Association) -> Result<()> {
    associations::Entity::insert(row(association)).exec_without_returning(&tx.0).await?;
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
    let Some(association) = associations::Entity::find_by_id(id.0).one(&rows.0).await? else {
        return Ok(None);
    };
    let Some(actor) = actor_rows::Entity::find_by_id(id.0).one(&rows.0).await? else {
        return Ok(None);
    };
    complete(rows, association, actor).await.map(Some)
}

/// The reading shape of one association, by a handle of now or before.
pub async fn seen_by_handle(rows: &Rows<'_>, handle: &str) -> Result<Option<AssociationSeen>> {
    match actors::by_handle(rows, handle).await? {
        Some(actor) => seen(rows, actor.id).await,
        None => Ok(None),
    }
}

/// Every association that is open here, by name.
pub async fn list(rows: &Rows<'_>) -> Result<Vec<AssociationSeen>> {
    let found =
        associations::Entity::find().filter(associations::Column::ClosedAt.is_null()).all(&rows.0).await?;
    let mut seen = Vec::with_capacity(found.len());
    for association in found {
        let actor = actor_rows::Entity::find_by_id(association.id).one(&rows.0).await?;
        if let Some(actor) = actor {
            seen.push(complete(rows, association, actor).await?);
        }
    }
    seen.sort_by_key(|seen| seen.actor.name.to_lowercase());
    Ok(seen)
}

async fn complete(
    rows: &Rows<'_>,
    association: associations::Model,
    actor: actor_rows::Model,
) -> Result<AssociationSeen> {
    let (followers, published) = (actor.follower_count, actor.published_count);
    let named: Vec<_> = battles::Entity::find()
        .filter(battles::Column::AssociationId.eq(association.id))
        .order_by_asc(battles::Column::Position)
        .all(&rows.0)
        .await?
        .into_iter()
        .map(|battle| CauseId(battle.cause_id))
        .collect();
    Ok(AssociationSeen {
        battles: causes::many(rows, &named).await?,
        actor: Actor::try_from(actor)?,
        association: Association::try_from(association)?,
        followers,
        published,
    })
}
