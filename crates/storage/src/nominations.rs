//! Projects that nobody here runs yet, as somebody proposed them.

use folkmoot_domain::{
    ActorId, ItemId, Moment, NominationId,
    nominations::{Nomination, NominationState, Proposal},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{Result, Rows, StorageError, Tx, entities::nominations, read};

impl TryFrom<nominations::Model> for Nomination {
    type Error = StorageError;

    fn try_from(row: nominations::Model) -> Result<Self> {
        let place = read::place(row.place_name, row.latitude, row.longitude, row.coarseness.as_ref())?;
        Ok(Self {
            id: NominationId(row.id),
            proposal: Proposal { title: row.title, text: row.text, place, name: row.name, email: row.email },
            state: read::word("state of nomination", &row.state, NominationState::parse)?,
            item: row.item_id.map(ItemId),
            reason: row.reason,
            decided_by: row.decided_by.map(ActorId),
            decided: read::moment(row.decided_at),
            since: Moment(row.created_at),
        })
    }
}

fn row(nomination: &Nomination) -> nominations::ActiveModel {
    let proposal = &nomination.proposal;
    let (place_name, latitude, longitude, coarseness) = read::place_columns(proposal.place.as_ref());
    nominations::ActiveModel {
        id: Set(nomination.id.0),
        title: Set(proposal.title.clone()),
        text: Set(proposal.text.clone()),
        place_name: Set(place_name),
        latitude: Set(latitude),
        longitude: Set(longitude),
        coarseness: Set(coarseness),
        name: Set(proposal.name.clone()),
        email: Set(proposal.email.clone()),
        state: Set(nomination.state.word().to_owned()),
        item_id: Set(nomination.item.map(|item| item.0)),
        reason: Set(nomination.reason.clone()),
        decided_by: Set(nomination.decided_by.map(|by| by.0)),
        decided_at: Set(nomination.decided.map(|at| at.0)),
        created_at: Set(nomination.since.0),
    }
}

/// Stores a new nomination.
pub async fn insert(tx: &Tx, nomination: &Nomination) -> Result<()> {
    nominations::Entity::insert(row(nomination)).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores what changed.
pub async fn update(tx: &Tx, nomination: &Nomination) -> Result<()> {
    nominations::Entity::update(row(nomination)).exec(&tx.0).await?;
    Ok(())
}

/// One nomination.
pub async fn find(rows: &Rows<'_>, id: NominationId) -> Result<Option<Nomination>> {
    nominations::Entity::find_by_id(id.0).one(&rows.0).await?.map(Nomination::try_from).transpose()
}

/// What waits, longest first.
pub async fn waiting(rows: &Rows<'_>, limit: u64) -> Result<Vec<Nomination>> {
    let found = nominations::Entity::find()
        .filter(nominations::Column::State.eq(NominationState::Waiting.word()))
        .order_by_asc(nominations::Column::CreatedAt)
        .order_by_asc(nominations::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Nomination::try_from).collect()
}

/// How many wait.
pub async fn count_waiting(rows: &Rows<'_>) -> Result<u64> {
    let waiting = nominations::Column::State.eq(NominationState::Waiting.word());
    Ok(nominations::Entity::find().filter(waiting).count(&rows.0).await?)
}

/// What was decided, the newest decision first.
pub async fn decided(rows: &Rows<'_>, limit: u64) -> Result<Vec<Nomination>> {
    let found = nominations::Entity::find()
        .filter(nominations::Column::State.ne(NominationState::Waiting.word()))
        .order_by_desc(nominations::Column::DecidedAt)
        .order_by_desc(nominations::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Nomination::try_from).collect()
}
