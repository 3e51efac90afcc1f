//! Ties between two associations: one row for each offer, one [`Affiliation`] for each pair and kind where ties are asked for.

use folkmoot_domain::{
    ActorId, AffiliationId, Moment,
    affiliations::{Affiliation, TieKind, TieSeen, TieState, ties},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::{
    Result, Rows, StorageError, Tx, actors,
    entities::affiliations::{self, Column},
    read,
};

impl TryFrom<affiliations::Model> for Affiliation {
    type Error = StorageError;

    fn try_from(row: affiliations::Model) -> Result<Self> {
        Ok(Self {
            id: AffiliationId(row.id),
            uri: read::url(&row.uri)?,
            member: ActorId(row.member_id),
            umbrella: ActorId(row.umbrella_id),
            kind: read::word("kind of tie", &row.kind, TieKind::parse)?,
            mandate: row.mandate,
            state: read::word("state of a tie", &row.state, TieState::parse)?,
            proposer: ActorId(row.proposer_id),
            offer: row.offer_uri,
            proposed: Moment(row.proposed_at),
            answered: read::moment(row.answered_at),
            ended: read::moment(row.ended_at),
            ended_by: row.ended_by.map(ActorId),
            listed: row.listed,
            checked: read::moment(row.checked_at),
            check: read::moment(row.check_at),
            missed: row.missed,
            missed_since: read::moment(row.missed_since),
            stamp: row.stamp_uri,
        })
    }
}

fn row(tie: &Affiliation) -> affiliations::ActiveModel {
    affiliations::ActiveModel {
        id: Set(tie.id.0),
        uri: Set(tie.uri.to_string()),
        member_id: Set(tie.member.0),
        umbrella_id: Set(tie.umbrella.0),
        kind: Set(tie.kind.word().to_owned()),
        mandate: Set(tie.mandate.clone()),
        state: Set(tie.state.word().to_owned()),
        proposer_id: Set(tie.proposer.0),
        offer_uri: Set(tie.offer.clone()),
        proposed_at: Set(tie.proposed.0),
        answered_at: Set(tie.answered.map(|at| at.0)),
        ended_at: Set(tie.ended.map(|at| at.0)),
        ended_by: Set(tie.ended_by.map(|by| by.0)),
        listed: Set(tie.listed),
        checked_at: Set(tie.checked.map(|at| at.0)),
        check_at: Set(tie.check.map(|at| at.0)),
        missed: Set(tie.missed),
        missed_since: Set(tie.missed_since.map(|at| at.0)),
        stamp_uri: Set(tie.stamp.clone()),
    }
}

/// Stores a new offer.
pub async fn insert(tx: &Tx, tie: &Affiliation) -> Result<()> {
    affiliations::Entity::insert(row(tie)).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores what came of it.
pub async fn update(tx: &Tx, tie: &Affiliation) -> Result<()> {
    affiliations::Entity::update(row(tie)).exec(&tx.0).await?;
    Ok(())
}

/// One offer.
pub async fn find(rows: &Rows<'_>, id: AffiliationId) -> Result<Option<Affiliation>> {
    affiliations::Entity::find_by_id(id.0).one(&rows.0).await?.map(Affiliation::try_from).transpose()
}

/// One offer by the id of its activity.
pub async fn by_offer(rows: &Rows<'_>, offer: &str) -> Result<Option<Affiliation>> {
    one(rows, Condition::all().add(Column::OfferUri.eq(offer))).await
}

/// One offer by the id of the tie.
pub async fn by_uri(rows: &Rows<'_>, uri: &str) -> Result<Option<Affiliation>> {
    one(rows, Condition::all().add(Column::Uri.eq(uri))).await
}

async fn one(rows: &Rows<'_>, which: Condition) -> Result<Option<Affiliation>> {
    let found = affiliations::Entity::find().filter(which).one(&rows.0).await?;
    found.map(Affiliation::try_from).transpose()
}

async fn all(rows: &Rows<'_>, which: Condition) -> Result<Vec<Affiliation>> {
    let found = affiliations::Entity::find().filter(which).order_by_asc(Column::Id).all(&rows.0).await?;
    found.into_iter().map(Affiliation::try_from).collect()
}

/// Every offer between these two, oldest first, whoever is the first of them.
pub async fn offers(rows: &Rows<'_>, one: ActorId, other: ActorId) -> Result<Vec<Affiliation>> {
    let pair = |member: ActorId, umbrella: ActorId| {
        Condition::all().add(Column::MemberId.eq(member.0)).add(Column::UmbrellaId.eq(umbrella.0))
    };
    all(rows, Condition::any().add(pair(one, other)).add(pair(other, one))).await
}

/// The ties between these two: one for each kind (and direction).
pub async fn between(rows: &Rows<'_>, one: ActorId, other: ActorId) -> Result<Vec<Affiliation>> {
    Ok(ties(offers(rows, one, other).await?))
}

/// Every tie that one has or had, one for each other and kind.
pub async fn of(rows: &Rows<'_>, one: ActorId) -> Result<Vec<Affiliation>> {
    Ok(ties(all(rows, either(one)).await?))
}

/// Its ties that both sides said yes to.
pub async fn accepted(rows: &Rows<'_>, one: ActorId) -> Result<Vec<Affiliation>> {
    let accepted = either(one).add(Column::State.eq(TieState::Accepted.word()));
    Ok(ties(all(rows, accepted).await?))
}

/// Its ties that live: they wait for a yes, or have it.
pub async fn living(rows: &Rows<'_>, one: ActorId) -> Result<Vec<Affiliation>> {
    let states = [TieState::Accepted.word(), TieState::Proposed.word()];
    all(rows, either(one).add(Column::State.is_in(states))).await
}

/// The members of an alliance whose ties count.
pub async fn members(rows: &Rows<'_>, alliance: ActorId) -> Result<Vec<Affiliation>> {
    let found = accepted(rows, alliance).await?;
    let member = |tie: &Affiliation| tie.umbrella == alliance && tie.kind == TieKind::Member && tie.counts();
    Ok(found.into_iter().filter(member).collect())
}

/// How many proposals of others wait for an answer of this one.
pub async fn waiting(rows: &Rows<'_>, asked: ActorId) -> Result<u64> {
    let waiting =
        either(asked).add(Column::State.eq(TieState::Proposed.word())).add(Column::ProposerId.ne(asked.0));
    Ok(affiliations::Entity::find().filter(waiting).count(&rows.0).await?)
}

/// Ties that are to be looked up in the other side's list, longest due first.
pub async fn due(rows: &Rows<'_>, now: Moment, limit: u64) -> Result<Vec<Affiliation>> {
    let found = affiliations::Entity::find()
        .filter(Column::CheckAt.lte(now.0))
        .order_by_asc(Column::CheckAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Affiliation::try_from).collect()
}

/// The ties with both their sides.
pub async fn seen(rows: &Rows<'_>, ties: Vec<Affiliation>) -> Result<Vec<TieSeen>> {
    let sides = actors::many(rows, ties.iter().flat_map(|tie| [tie.member, tie.umbrella])).await?;
    let seen = ties.into_iter().filter_map(|tie| {
        let (member, umbrella) = (sides.get(&tie.member)?.clone(), sides.get(&tie.umbrella)?.clone());
        Some(TieSeen { tie, member, umbrella })
    });
    Ok(seen.collect())
}

/// What has this one on one of its two sides.
fn either(one: ActorId) -> Condition {
    let either = Condition::any().add(Column::MemberId.eq(one.0)).add(Column::UmbrellaId.eq(one.0));
    Condition::all().add(either)
}
