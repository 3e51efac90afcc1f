//! Roles of other associations in projects.

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, ItemId, Moment, PartnershipId,
    items::Item,
    partnerships::{Partnership, PartnershipSeen, PartnershipState},
    projects::Partner,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use crate::{
    Result, Rows, StorageError, Tx, actors,
    entities::{items as item_rows, partnerships},
    read,
};

/// The most partnerships that stand in one list.
const MANY: u64 = 200;

impl TryFrom<partnerships::Model> for Partnership {
    type Error = StorageError;

    fn try_from(row: partnerships::Model) -> Result<Self> {
        Ok(Self {
            id: PartnershipId(row.id),
            uri: row.uri,
            project: ItemId(row.project_id),
            partner: ActorId(row.partner_id),
            role: row.role,
            words: row.words,
            answer: row.answer,
            state: read::word("state of partnership", &row.state, PartnershipState::parse)?,
            offer: row.offer_uri,
            offered: Moment(row.offered_at),
            answered: read::moment(row.answered_at),
            ended: read::moment(row.ended_at),
            ended_by: row.ended_by.map(ActorId),
        })
    }
}

fn row(partnership: &Partnership) -> partnerships::ActiveModel {
    partnerships::ActiveModel {
        id: Set(partnership.id.0),
        uri: Set(partnership.uri.clone()),
        project_id: Set(partnership.project.0),
        partner_id: Set(partnership.partner.0),
        role: Set(partnership.role.clone()),
        words: Set(partnership.words.clone()),
        answer: Set(partnership.answer.clone()),
        state: Set(partnership.state.word().to_owned()),
        offer_uri: Set(partnership.offer.clone()),
        offered_at: Set(partnership.offered.0),
        answered_at: Set(partnership.answered.map(|at| at.0)),
        ended_at: Set(partnership.ended.map(|at| at.0)),
        ended_by: Set(partnership.ended_by.map(|by| by.0)),
    }
}

/// Stores a new partnership. An earlier one of the same partner in the same project makes way.
pub async fn insert(tx: &Tx, partnership: &Partnership) -> Result<()> {
    partnerships::Entity::delete_many()
        .filter(partnerships::Column::ProjectId.eq(partnership.project.0))
        .filter(partnerships::Column::PartnerId.eq(partnership.partner.0))
        .exec(&tx.0)
        .await?;
    partnerships::Entity::insert(row(partnership)).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores what changed.
pub async fn update(tx: &Tx, partnership: &Partnership) -> Result<()> {
    partnerships::Entity::update(row(partnership)).exec(&tx.0).await?;
    Ok(())
}

/// One partnership.
pub async fn find(rows: &Rows<'_>, id: PartnershipId) -> Result<Option<Partnership>> {
    partnerships::Entity::find_by_id(id.0).one(&rows.0).await?.map(Partnership::try_from).transpose()
}

/// The one of this partner in this project.
pub async fn between(rows: &Rows<'_>, project: ItemId, partner: ActorId) -> Result<Option<Partnership>> {
    partnerships::Entity::find()
        .filter(partnerships::Column::ProjectId.eq(project.0))
        .filter(partnerships::Column::PartnerId.eq(partner.0))
        .one(&rows.0)
        .await?
        .map(Partnership::try_from)
        .transpose()
}

/// The one that was offered under this id.
pub async fn by_offer(rows: &Rows<'_>, offer: &str) -> Result<Option<Partnership>> {
    partnerships::Entity::find()
        .filter(partnerships::Column::OfferUri.eq(offer))
        .one(&rows.0)
        .await?
        .map(Partnership::try_from)
        .transpose()
}

/// The one of this id.
pub async fn by_uri(rows: &Rows<'_>, uri: &str) -> Result<Option<Partnership>> {
    partnerships::Entity::find()
        .filter(partnerships::Column::Uri.eq(uri))
        .one(&rows.0)
        .await?
        .map(Partnership::try_from)
        .transpose()
}

/// How many offers wait at a project.
pub async fn waiting_at(rows: &Rows<'_>, project: ItemId) -> Result<u64> {
    Ok(partnerships::Entity::find()
        .filter(partnerships::Column::ProjectId.eq(project.0))
        .filter(partnerships::Column::State.eq(PartnershipState::Offered.word()))
        .count(&rows.0)
        .await?)
}

/// Does this association take part in that project?
pub async fn takes_part(rows: &Rows<'_>, project: ItemId, partner: ActorId) -> Result<bool> {
    let known = between(rows, project, partner).await?;
    Ok(known.is_some_and(|known| known.state == PartnershipState::Accepted))
}

/// The reading shape of one.
pub async fn seen(rows: &Rows<'_>, id: PartnershipId) -> Result<Option<PartnershipSeen>> {
    let found = partnerships::Entity::find_by_id(id.0).all(&rows.0).await?;
    Ok(complete(rows, found).await?.pop())
}

/// Everything that concerns an association: roles in its projects, and its roles in projects of others. What waits
/// stands first, then what holds, then what is over; the newest first.
pub async fn of(rows: &Rows<'_>, association: ActorId) -> Result<Vec<PartnershipSeen>> {
    let its_projects = Query::select()
        .column(item_rows::Column::Id)
        .from(item_rows::Entity)
        .and_where(item_rows::Column::Home.eq(association.0))
        .and_where(item_rows::Column::Kind.eq("project"))
        .to_owned();
    let either = Condition::any()
        .add(partnerships::Column::PartnerId.eq(association.0))
        .add(partnerships::Column::ProjectId.in_subquery(its_projects));
    let found = partnerships::Entity::find()
        .filter(either)
        .order_by_desc(partnerships::Column::OfferedAt)
        .order_by_desc(partnerships::Column::Id)
        .limit(MANY)
        .all(&rows.0)
        .await?;
    let mut seen = complete(rows, found).await?;
    seen.sort_by_key(|seen| PartnershipState::ALL.iter().position(|s| *s == seen.partnership.state));
    Ok(seen)
}

/// What an association takes part in, the newest first.
pub async fn taken_by(rows: &Rows<'_>, partner: ActorId) -> Result<Vec<PartnershipSeen>> {
    let found = partnerships::Entity::find()
        .filter(partnerships::Column::PartnerId.eq(partner.0))
        .filter(partnerships::Column::State.eq(PartnershipState::Accepted.word()))
        .order_by_desc(partnerships::Column::OfferedAt)
        .order_by_desc(partnerships::Column::Id)
        .limit(MANY)
        .all(&rows.0)
        .await?;
    complete(rows, found).await
}

/// Every partnership that holds, oldest first.
pub async fn holding(rows: &Rows<'_>, limit: u64) -> Result<Vec<PartnershipSeen>> {
    let found = partnerships::Entity::find()
        .filter(partnerships::Column::State.eq(PartnershipState::Accepted.word()))
        .order_by_asc(partnerships::Column::OfferedAt)
        .order_by_asc(partnerships::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    complete(rows, found).await
}

/// What an actor that is gone offered or held.
pub async fn by_partner(rows: &Rows<'_>, partner: ActorId) -> Result<Vec<Partnership>> {
    let found = partnerships::Entity::find()
        .filter(partnerships::Column::PartnerId.eq(partner.0))
        .all(&rows.0)
        .await?;
    found.into_iter().map(Partnership::try_from).collect()
}

/// The partners of some projects, in the order in which they offered.
pub(crate) async fn of_projects(rows: &Rows<'_>, projects: &[Uuid]) -> Result<HashMap<Uuid, Vec<Partner>>> {
    let found = partnerships::Entity::find()
        .filter(partnerships::Column::ProjectId.is_in(projects.to_vec()))
        .filter(partnerships::Column::State.eq(PartnershipState::Accepted.word()))
        .order_by_asc(partnerships::Column::OfferedAt)
        .order_by_asc(partnerships::Column::Id)
        .all(&rows.0)
        .await?;
    let who = actors::many(rows, found.iter().map(|row| ActorId(row.partner_id))).await?;
    let mut partners: HashMap<Uuid, Vec<Partner>> = HashMap::new();
    for row in found {
        if let Some(actor) = who.get(&ActorId(row.partner_id)).filter(|actor| actor.gone.is_none()) {
            let partner = Partner { actor: actor.clone(), role: row.role };
            partners.entry(row.project_id).or_default().push(partner);
        }
    }
    Ok(partners)
}

async fn complete(rows: &Rows<'_>, found: Vec<partnerships::Model>) -> Result<Vec<PartnershipSeen>> {
    let ids: Vec<_> = found.iter().map(|row| row.project_id).collect();
    let projects: HashMap<Uuid, Item> = item_rows::Entity::find()
        .filter(item_rows::Column::Id.is_in(ids))
        .all(&rows.0)
        .await?
        .into_iter()
        .map(|row| Ok((row.id, Item::try_from(row)?)))
        .collect::<Result<_>>()?;
    let homes = projects.values().map(|project| project.home);
    let who = actors::many(rows, homes.chain(found.iter().map(|row| ActorId(row.partner_id)))).await?;
    found
        .into_iter()
        .filter_map(|row| {
            let project = projects.get(&row.project_id)?.clone();
            let home = who.get(&project.home)?.clone();
            let partner = who.get(&ActorId(row.partner_id))?.clone();
            Some(Partnership::try_from(row).map(|partnership| PartnershipSeen {
                partnership,
                project,
                home,
                partner,
            }))
        })
        .collect()
}
