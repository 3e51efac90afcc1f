//! Pledges. One for each giver and call.

use folkmoot_domain::{
    ActorId, ItemId, Moment, PledgeId,
    pledges::{Door, Pledge, PledgeSeen, PledgeState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr,
    sea_query::OnConflict,
};

use crate::{
    Result, Rows, StorageError, Tx, actors,
    entities::{items as item_rows, late_votes, needs, pledge_needs, pledges},
    items, read, visitors,
};

async fn complete(rows: &Rows<'_>, row: pledges::Model) -> Result<Pledge> {
    let ticked = pledge_needs::Entity::find()
        .filter(pledge_needs::Column::PledgeId.eq(row.id))
        .order_by_asc(pledge_needs::Column::Position)
        .all(&rows.0)
        .await?;
    Ok(Pledge {
        id: PledgeId(row.id),
        call: ItemId(row.call_id),
        giver: ActorId(row.giver_id),
        state: read::word("state of pledge", &row.state, PledgeState::parse)?,
        door: read::word("door of pledge", &row.door, Door::parse)?,
        needs: ticked.into_iter().map(|row| row.position).collect(),
        note: row.note,
        answer: row.answer,
        receipt: row.receipt,
        offer: row.offer_uri,
        agreement: row.agreement_uri,
        offered: Moment(row.offered_at),
        answered: read::moment(row.answered_at),
    })
}

/// One pledge.
pub async fn find(rows: &Rows<'_>, id: PledgeId) -> Result<Option<Pledge>> {
    match pledges::Entity::find_by_id(id.0).one(&rows.0).await? {
        Some(row) => complete(rows, row).await.map(Some),
        None => Ok(None),
    }
}

/// The pledge of one giver to one call.
pub async fn of(rows: &Rows<'_>, call: ItemId, giver: ActorId) -> Result<Option<Pledge>> {
    let found = pledges::Entity::find()
        .filter(pledges::Column::CallId.eq(call.0))
        .filter(pledges::Column::GiverId.eq(giver.0))
        .one(&rows.0)
        .await?;
    match found {
        Some(row) => complete(rows, row).await.map(Some),
        None => Ok(None),
    }
}

/// The pledge whose receipt carries this secret.
pub async fn by_receipt(rows: &Rows<'_>, secret: &str) -> Result<Option<Pledge>> {
    match pledges::Entity::find().filter(pledges::Column::Receipt.eq(secret)).one(&rows.0).await? {
        Some(row) => complete(rows, row).await.map(Some),
        None => Ok(None),
    }
}

/// The pledge that was said with this `Offer`, theirs or ours.
pub async fn by_offer(rows: &Rows<'_>, offer: &str) -> Result<Option<Pledge>> {
    match pledges::Entity::find().filter(pledges::Column::OfferUri.eq(offer)).one(&rows.0).await? {
        Some(row) => complete(rows, row).await.map(Some),
        None => Ok(None),
    }
}

/// The pledge that became this agreement at the home of its call.
pub async fn by_agreement(rows: &Rows<'_>, agreement: &str) -> Result<Option<Pledge>> {
    match pledges::Entity::find().filter(pledges::Column::AgreementUri.eq(agreement)).one(&rows.0).await? {
        Some(row) => complete(rows, row).await.map(Some),
        None => Ok(None),
    }
}

/// Stores a new pledge without its needs.
pub async fn insert(tx: &Tx, pledge: &Pledge) -> Result<()> {
    let row = pledges::ActiveModel {
        id: Set(pledge.id.0),
        call_id: Set(pledge.call.0),
        giver_id: Set(pledge.giver.0),
        state: Set(pledge.state.word().to_owned()),
        door: Set(pledge.door.word().to_owned()),
        answer: Set(pledge.answer.clone()),
        receipt: Set(pledge.receipt.clone()),
        offered_at: Set(pledge.offered.0),
        answered_at: Set(pledge.answered.map(|at| at.0)),
        told_at: Set(None),
        note: Set(pledge.note.clone()),
        offer_uri: Set(pledge.offer.clone()),
        agreement_uri: Set(pledge.agreement.clone()),
    };
    pledges::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores where a pledge stands, what was said with it and what was answered.
pub async fn update(tx: &Tx, pledge: &Pledge) -> Result<()> {
    let row = pledges::ActiveModel {
        id: Set(pledge.id.0),
        state: Set(pledge.state.word().to_owned()),
        note: Set(pledge.note.clone()),
        answer: Set(pledge.answer.clone()),
        offered_at: Set(pledge.offered.0),
        answered_at: Set(pledge.answered.map(|at| at.0)),
        offer_uri: Set(pledge.offer.clone()),
        agreement_uri: Set(pledge.agreement.clone()),
        ..Default::default()
    };
    pledges::Entity::update(row).exec(&tx.0).await?;
    Ok(())
}

/// Ticks one need. False when it was ticked already.
pub async fn tick(tx: &Tx, id: PledgeId, position: i16, vote_uri: Option<&str>, now: Moment) -> Result<bool> {
    let row = pledge_needs::ActiveModel {
        pledge_id: Set(id.0),
        position: Set(position),
        vote_uri: Set(vote_uri.map(str::to_owned)),
        at: Set(now.0),
    };
    let ticked = pledge_needs::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    Ok(ticked == 1)
}

/// Takes all its ticks away: it is offered anew, for other needs perhaps.
pub async fn untick(tx: &Tx, id: PledgeId) -> Result<()> {
    pledge_needs::Entity::delete_many().filter(pledge_needs::Column::PledgeId.eq(id.0)).exec(&tx.0).await?;
    Ok(())
}

/// Notes that the giver got a receipt.
pub async fn mark_told(tx: &Tx, id: PledgeId, at: Moment) -> Result<()> {
    pledges::Entity::update_many()
        .col_expr(pledges::Column::ToldAt, Expr::value(at.0))
        .filter(pledges::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// When the giver got a receipt.
pub async fn told(rows: &Rows<'_>, id: PledgeId) -> Result<Option<Moment>> {
    Ok(pledges::Entity::find_by_id(id.0).one(&rows.0).await?.and_then(|row| row.told_at).map(Moment))
}

/// Notes a vote that came too late. False when one was noted before.
pub async fn note_late_vote(tx: &Tx, call: ItemId, giver: ActorId, now: Moment) -> Result<bool> {
    let row = late_votes::ActiveModel { call_id: Set(call.0), giver_id: Set(giver.0), at: Set(now.0) };
    let noted = late_votes::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    Ok(noted == 1)
}

/// Every live pledge of somebody who is gone.
pub async fn by_giver(rows: &Rows<'_>, giver: ActorId) -> Result<Vec<Pledge>> {
    let live = [PledgeState::Offered, PledgeState::Accepted].map(PledgeState::word);
    let found = pledges::Entity::find()
        .filter(pledges::Column::GiverId.eq(giver.0))
        .filter(pledges::Column::State.is_in(live))
        .all(&rows.0)
        .await?;
    let mut given = Vec::with_capacity(found.len());
    for row in found {
        given.push(complete(rows, row).await?);
    }
    Ok(given)
}

/// Who has a live pledge to a call: they hear of its outcome.
pub async fn givers(rows: &Rows<'_>, call: ItemId) -> Result<Vec<Pledge>> {
    let live = [PledgeState::Offered, PledgeState::Accepted, PledgeState::Kept].map(PledgeState::word);
    let found = pledges::Entity::find()
        .filter(pledges::Column::CallId.eq(call.0))
        .filter(pledges::Column::State.is_in(live))
        .order_by_asc(pledges::Column::Id)
        .all(&rows.0)
        .await?;
    let mut givers = Vec::with_capacity(found.len());
    for row in found {
        givers.push(complete(rows, row).await?);
    }
    Ok(givers)
}

/// The reading shape of one pledge.
pub async fn seen(rows: &Rows<'_>, id: PledgeId) -> Result<Option<PledgeSeen>> {
    let Some(pledge) = find(rows, id).await? else {
        return Ok(None);
    };
    let Some(giver) = actors::find(rows, pledge.giver).await? else {
        return Ok(None);
    };
    let Some(item) = items::find(rows, pledge.call).await? else {
        return Ok(None);
    };
    let Some(home) = actors::find(rows, item.home).await? else {
        return Ok(None);
    };
    let Some(call) = items::about(rows, pledge.call).await? else {
        return Ok(None);
    };
    let labels = needs::Entity::find()
        .filter(needs::Column::CallId.eq(pledge.call.0))
        .filter(needs::Column::Position.is_in(pledge.needs.clone()))
        .order_by_asc(needs::Column::Position)
        .all(&rows.0)
        .await?
        .into_iter()
        .map(|row| row.label)
        .collect();
    let reach =
        if pledge.state.lives() && giver.local { visitors::reach(rows, giver.id).await? } else { None };
    Ok(Some(PledgeSeen { pledge, giver, home, call, labels, reach }))
}

/// Pledges to the calls of one association, newest first; all states or one.
pub async fn list(
    rows: &Rows<'_>,
    home: ActorId,
    state: Option<PledgeState>,
    limit: u64,
) -> Result<Vec<PledgeSeen>> {
    let calls = sea_orm::sea_query::Query::select()
        .column(item_rows::Column::Id)
        .from(item_rows::Entity)
        .and_where(item_rows::Column::Home.eq(home.0))
        .to_owned();
    let mut select = pledges::Entity::find().filter(pledges::Column::CallId.in_subquery(calls));
    if let Some(state) = state {
        select = select.filter(pledges::Column::State.eq(state.word()));
    }
    let found = select.order_by_desc(pledges::Column::Id).limit(limit).all(&rows.0).await?;
    let mut pledges = Vec::with_capacity(found.len());
    for row in found {
        let missing = || StorageError::unreadable("pledge", &row.id.to_string());
        pledges.push(seen(rows, PledgeId(row.id)).await?.ok_or_else(missing)?);
    }
    Ok(pledges)
}

/// Everything that somebody pledged, newest first, at most two hundred.
pub async fn given_by(rows: &Rows<'_>, giver: ActorId) -> Result<Vec<PledgeSeen>> {
    let found = pledges::Entity::find()
        .filter(pledges::Column::GiverId.eq(giver.0))
        .order_by_desc(pledges::Column::Id)
        .limit(200)
        .all(&rows.0)
        .await?;
    let mut given = Vec::with_capacity(found.len());
    for row in found {
        given.extend(seen(rows, PledgeId(row.id)).await?);
    }
    Ok(given)
}

/// Every pledge to one call, in the order in which they came, at most two hundred.
pub async fn of_call(rows: &Rows<'_>, call: ItemId) -> Result<Vec<PledgeSeen>> {
    let found = pledges::Entity::find()
        .filter(pledges::Column::CallId.eq(call.0))
        .order_by_asc(pledges::Column::Id)
        .limit(200)
        .all(&rows.0)
        .await?;
    let mut given = Vec::with_capacity(found.len());
    for row in found {
        let missing = || StorageError::unreadable("pledge", &row.id.to_string());
        given.push(seen(rows, PledgeId(row.id)).await?.ok_or_else(missing)?);
    }
    Ok(given)
}
