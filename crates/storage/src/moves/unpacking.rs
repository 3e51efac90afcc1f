//! Writing what came in an archive, where a noun has no function for it: its old id, and what was counted or told before.

use folkmoot_domain::{ActorId, ItemId, Moment, PledgeId, RsvpId, RuleId};
use sea_orm::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, prelude::Expr,
    sea_query::OnConflict,
};
use url::Url;

use super::leaves::{AffiliationLeaf, PartnershipLeaf, PledgeLeaf, RsvpLeaf, RuleLeaf};
use crate::{
    Result, Rows, Tx,
    entities::{affiliations, associations, items, partnerships, pledges, rsvps, rules},
};

/// What an id of an archive became here.
pub async fn came(rows: &Rows<'_>, home: ActorId, old: &str) -> Result<Option<folkmoot_domain::items::Item>> {
    let came = items::Entity::find()
        .filter(items::Column::MovedFrom.eq(old))
        .filter(items::Column::Home.eq(home.0))
        .one(&rows.0)
        .await?;
    came.map(TryInto::try_into).transpose()
}

/// Notes which id an item had where it came from.
pub async fn came_from(tx: &Tx, item: ItemId, old: &Url) -> Result<()> {
    items::Entity::update_many()
        .col_expr(items::Column::MovedFrom, Expr::value(old.as_str()))
        .filter(items::Column::Id.eq(item.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// It was founded then, not when it came here.
pub async fn founded(tx: &Tx, id: ActorId, at: Moment) -> Result<()> {
    associations::Entity::update_many()
        .col_expr(associations::Column::FoundedAt, Expr::value(at.0))
        .filter(associations::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// What a pledge says besides: when its giver got a receipt, and what said it on the wire.
pub async fn complete_pledge(tx: &Tx, id: PledgeId, leaf: &PledgeLeaf) -> Result<()> {
    pledges::Entity::update_many()
        .col_expr(pledges::Column::ToldAt, Expr::value(leaf.told))
        .col_expr(pledges::Column::OfferUri, Expr::value(leaf.offer.clone()))
        .col_expr(pledges::Column::AgreementUri, Expr::value(leaf.agreement.clone()))
        .filter(pledges::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Stores who comes; once for each event and goer. True when it is new.
pub async fn insert_rsvp(tx: &Tx, id: RsvpId, event: ItemId, goer: ActorId, leaf: &RsvpLeaf) -> Result<bool> {
    let same = sea_orm::Condition::any()
        .add(rsvps::Column::Receipt.eq(leaf.receipt.as_str()))
        .add(rsvps::Column::EventId.eq(event.0).and(rsvps::Column::GoerId.eq(goer.0)));
    if rsvps::Entity::find().filter(same).count(&tx.0).await? > 0 {
        return Ok(false);
    }
    let row = rsvps::ActiveModel {
        id: Set(id.0),
        event_id: Set(event.0),
        goer_id: Set(goer.0),
        state: Set(leaf.state.clone()),
        door: Set(leaf.door.clone()),
        note: Set(leaf.note.clone()),
        answer: Set(leaf.answer.clone()),
        receipt: Set(leaf.receipt.clone()),
        join_uri: Set(leaf.join.clone()),
        asked_at: Set(leaf.asked),
        answered_at: Set(leaf.answered),
    };
    rsvps::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(true)
}

/// Who a tie is between.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// Who is part.
    pub member: ActorId,
    /// Of whom.
    pub umbrella: ActorId,
    /// Who proposed it.
    pub proposer: ActorId,
}

/// Stores a tie that holds where it comes from. It counts here as soon as the other side is found to list it.
pub async fn insert_affiliation(
    tx: &Tx,
    id: uuid::Uuid,
    ends: Ends,
    leaf: &AffiliationLeaf,
    now: Moment,
) -> Result<bool> {
    let same = sea_orm::Condition::any().add(affiliations::Column::Uri.eq(leaf.uri.as_str())).add(
        affiliations::Column::MemberId
            .eq(ends.member.0)
            .and(affiliations::Column::UmbrellaId.eq(ends.umbrella.0)),
    );
    if affiliations::Entity::find().filter(same).count(&tx.0).await? > 0 {
        return Ok(false);
    }
    let row = affiliations::ActiveModel {
        id: Set(id),
        uri: Set(leaf.uri.clone()),
        member_id: Set(ends.member.0),
        umbrella_id: Set(ends.umbrella.0),
        kind: Set(leaf.kind.clone()),
        mandate: Set(leaf.mandate.clone()),
        state: Set("accepted".to_owned()),
        proposer_id: Set(ends.proposer.0),
        offer_uri: Set(leaf.offer.clone()),
        proposed_at: Set(leaf.proposed),
        answered_at: Set(leaf.answered),
        listed: Set(false),
        checked_at: Set(None),
        check_at: Set(Some(now.0)),
        missed: Set(0),
        ..Default::default()
    };
    affiliations::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(true)
}

/// Stores a role that holds. True when it is new.
pub async fn insert_partnership(
    tx: &Tx,
    id: uuid::Uuid,
    project: ItemId,
    partner: ActorId,
    leaf: &PartnershipLeaf,
) -> Result<bool> {
    let same = sea_orm::Condition::any().add(partnerships::Column::Uri.eq(leaf.uri.as_str())).add(
        partnerships::Column::ProjectId.eq(project.0).and(partnerships::Column::PartnerId.eq(partner.0)),
    );
    if partnerships::Entity::find().filter(same).count(&tx.0).await? > 0 {
        return Ok(false);
    }
    let row = partnerships::ActiveModel {
        id: Set(id),
        uri: Set(leaf.uri.clone()),
        project_id: Set(project.0),
        partner_id: Set(partner.0),
        role: Set(leaf.role.clone()),
        words: Set(leaf.words.clone()),
        answer: Set(leaf.answer.clone()),
        state: Set("accepted".to_owned()),
        offer_uri: Set(leaf.offer.clone()),
        offered_at: Set(leaf.offered),
        answered_at: Set(leaf.answered),
        ..Default::default()
    };
    partnerships::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(true)
}

/// Stores a rule under an id that is the same whenever the same archive is read.
pub async fn insert_rule(
    tx: &Tx,
    id: RuleId,
    carrier: ActorId,
    source: ActorId,
    leaf: &RuleLeaf,
) -> Result<()> {
    let affiliation = match &leaf.affiliation {
        Some(uri) => affiliations::Entity::find()
            .filter(affiliations::Column::Uri.eq(uri.as_str()))
            .one(&tx.0)
            .await?
            .map(|tie| tie.id),
        None => None,
    };
    let near = leaf.near.as_ref();
    let row = rules::ActiveModel {
        id: Set(id.0),
        carrier_id: Set(carrier.0),
        source_id: Set(source.0),
        kinds: Set(leaf.kinds.clone()),
        cause: Set(leaf.cause.clone()),
        place_name: Set(near.map(|near| near.0.clone())),
        latitude: Set(near.map(|near| near.1)),
        longitude: Set(near.map(|near| near.2)),
        radius: Set(near.map(|near| near.3)),
        review: Set(leaf.review),
        affiliation_id: Set(affiliation),
        created_at: Set(leaf.created),
        ..Default::default()
    };
    rules::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    Ok(())
}
