//! Reading what travels out of the tables. In the order of the leaves: what is named comes before what names it.

mod nouns;

use folkmoot_domain::{
    ActorId, ItemId, PictureId,
    items::{Item, ItemKind},
    places::Place,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::leaves::{
    ActorLeaf, AffiliationLeaf, CarryLeaf, ConnectionLeaf, ItemLeaf, PartnershipLeaf, PlaceLeaf, PledgeLeaf,
    ReplyLeaf, RsvpLeaf, RuleLeaf, VisitorLeaf,
};
use crate::{
    Result, Rows, StorageError, actors, calls, causes,
    entities::{
        actors as actor_rows, affiliations, carries, connections, followers, items as item_rows,
        partnerships, pledge_needs, pledges, replies, rsvps, rules, visitors,
    },
};

/// Items are read so many at a time.
const PAGE: u64 = 100;

/// How many items of this home travel.
pub async fn count(rows: &Rows<'_>, home: ActorId) -> Result<u64> {
    Ok(travelling(home).count(&rows.0).await?)
}

fn travelling(home: ActorId) -> sea_orm::Select<item_rows::Entity> {
    item_rows::Entity::find()
        .filter(item_rows::Column::Home.eq(home.0))
        .filter(item_rows::Column::DeletedAt.is_null())
}

/// The next items of one kind behind this id.
pub async fn items(
    rows: &Rows<'_>,
    home: ActorId,
    kind: ItemKind,
    after: Option<ItemId>,
) -> Result<Vec<Item>> {
    let mut select = travelling(home).filter(item_rows::Column::Kind.eq(kind.word()));
    if let Some(after) = after {
        select = select.filter(item_rows::Column::Id.gt(after.0));
    }
    let found = select.order_by_asc(item_rows::Column::Id).limit(PAGE).all(&rows.0).await?;
    found.into_iter().map(Item::try_from).collect()
}

/// An item as it travels, without its picture, and the id of that. None when it is not there any more.
pub async fn item(rows: &Rows<'_>, item: &Item) -> Result<Option<(ItemLeaf, Option<PictureId>)>> {
    let noun = match item.kind {
        ItemKind::Project => nouns::project(rows, item.id).await?,
        ItemKind::Call => calls::seen(rows, item.id).await?.map(nouns::call),
        ItemKind::Event => nouns::event(rows, item.id).await?,
        ItemKind::Update => nouns::update(rows, item.id).await?,
    };
    let Some(noun) = noun else { return Ok(None) };
    let causes = causes::of_item(rows, item.id).await?;
    let leaf = ItemLeaf {
        uri: item.uri.to_string(),
        title: item.title.clone(),
        text: item.text.source.clone(),
        language: item.language.as_str().to_owned(),
        place: item.place.as_ref().map(place),
        published: item.published.0,
        edited: item.edited.map(|at| at.0),
        causes: causes.into_iter().map(|cause| cause.tag).collect(),
        carriable: item.carriable,
        picture: None,
        noun,
    };
    Ok(Some((leaf, item.picture)))
}

/// A place as it travels.
pub fn place(place: &Place) -> PlaceLeaf {
    PlaceLeaf {
        name: place.name.clone(),
        point: place.point.map(|point| (point.latitude, point.longitude)),
        shown: place.shown.word().to_owned(),
    }
}

async fn item_uri(rows: &Rows<'_>, id: Uuid) -> Result<String> {
    let row = item_rows::Entity::find_by_id(id).one(&rows.0).await?;
    row.map(|row| row.uri).ok_or_else(|| StorageError::unreadable("item", &id.to_string()))
}

async fn actor_uri(rows: &Rows<'_>, id: Uuid) -> Result<String> {
    let row = actor_rows::Entity::find_by_id(id).one(&rows.0).await?;
    row.map(|row| row.uri).ok_or_else(|| StorageError::unreadable("actor", &id.to_string()))
}

/// Somebody whom other leaves name.
pub async fn actor(rows: &Rows<'_>, uri: &str) -> Result<Option<ActorLeaf>> {
    let Some(actor) = actors::by_uri(rows, uri).await? else { return Ok(None) };
    let row = visitors::Entity::find_by_id(actor.id.0).one(&rows.0).await?;
    let reach = |row: visitors::Model| VisitorLeaf {
        email: row.email,
        phone: row.phone,
        since: row.created_at,
        confirmed: row.confirmed_at,
        forget: row.forget_at,
    };
    Ok(Some(ActorLeaf {
        uri: actor.uri.to_string(),
        kind: actor.kind.word().to_owned(),
        handle: actor.handle.clone(),
        name: actor.name.clone(),
        page: actor.page.to_string(),
        inbox: actor.inbox.to_string(),
        shared_inbox: actor.shared_inbox.as_ref().map(url::Url::to_string),
        visitor: if actor.is_visitor() { row.map(reach) } else { None },
    }))
}

/// What was written back under an item.
pub async fn replies(rows: &Rows<'_>, item: &Item) -> Result<Vec<ReplyLeaf>> {
    let found = replies::Entity::find()
        .filter(replies::Column::ItemId.eq(item.id.0))
        .order_by_asc(replies::Column::Id)
        .all(&rows.0)
        .await?;
    let mut leaves = Vec::with_capacity(found.len());
    for row in found {
        leaves.push(ReplyLeaf {
            author: actor_uri(rows, row.home).await?,
            item: item.uri.to_string(),
            uri: row.uri,
            html: row.html,
            direct: row.direct,
            state: row.state,
            published: row.published_at,
            edited: row.edited_at,
            received: row.received_at,
        });
    }
    Ok(leaves)
}

/// The answers to a call.
pub async fn pledges(rows: &Rows<'_>, call: &Item) -> Result<Vec<PledgeLeaf>> {
    let found = pledges::Entity::find()
        .filter(pledges::Column::CallId.eq(call.id.0))
        .order_by_asc(pledges::Column::Id)
        .all(&rows.0)
        .await?;
    let mut leaves = Vec::with_capacity(found.len());
    for row in found {
        let needs = pledge_needs::Entity::find()
            .filter(pledge_needs::Column::PledgeId.eq(row.id))
            .order_by_asc(pledge_needs::Column::Position)
            .all(&rows.0)
            .await?;
        leaves.push(PledgeLeaf {
            giver: actor_uri(rows, row.giver_id).await?,
            call: call.uri.to_string(),
            needs: needs.into_iter().map(|need| (need.position, need.vote_uri, need.at)).collect(),
            state: row.state,
            door: row.door,
            note: row.note,
            answer: row.answer,
            receipt: row.receipt,
            offered: row.offered_at,
            answered: row.answered_at,
            told: row.told_at,
            offer: row.offer_uri,
            agreement: row.agreement_uri,
        });
    }
    Ok(leaves)
}

/// Who comes to an event.
pub async fn rsvps(rows: &Rows<'_>, event: &Item) -> Result<Vec<RsvpLeaf>> {
    let found = rsvps::Entity::find()
        .filter(rsvps::Column::EventId.eq(event.id.0))
        .order_by_asc(rsvps::Column::Id)
        .all(&rows.0)
        .await?;
    let mut leaves = Vec::with_capacity(found.len());
    for row in found {
        leaves.push(RsvpLeaf {
            goer: actor_uri(rows, row.goer_id).await?,
            event: event.uri.to_string(),
            state: row.state,
            door: row.door,
            note: row.note,
            answer: row.answer,
            receipt: row.receipt,
            join: row.join_uri,
            asked: row.asked_at,
            answered: row.answered_at,
        });
    }
    Ok(leaves)
}

/// The ties that hold.
pub async fn affiliations(rows: &Rows<'_>, id: ActorId) -> Result<Vec<AffiliationLeaf>> {
    let mut leaves = Vec::new();
    for row in super::ties_of(rows, id).await?.into_iter().filter(|row| row.state == "accepted") {
        leaves.push(AffiliationLeaf {
            member: actor_uri(rows, row.member_id).await?,
            umbrella: actor_uri(rows, row.umbrella_id).await?,
            proposer: actor_uri(rows, row.proposer_id).await?,
            uri: row.uri,
            kind: row.kind,
            mandate: row.mandate,
            offer: row.offer_uri,
            proposed: row.proposed_at,
            answered: row.answered_at,
        });
    }
    Ok(leaves)
}

/// The roles that hold: of others in its projects, and its own in theirs.
pub async fn partnerships(rows: &Rows<'_>, id: ActorId) -> Result<Vec<PartnershipLeaf>> {
    let projects = sea_orm::sea_query::Query::select()
        .column(item_rows::Column::Id)
        .from(item_rows::Entity)
        .and_where(item_rows::Column::Home.eq(id.0))
        .to_owned();
    let either = sea_orm::Condition::any()
        .add(partnerships::Column::PartnerId.eq(id.0))
        .add(partnerships::Column::ProjectId.in_subquery(projects));
    let found = partnerships::Entity::find()
        .filter(either)
        .filter(partnerships::Column::State.eq("accepted"))
        .order_by_asc(partnerships::Column::Id);
    let mut leaves = Vec::new();
    for row in found.all(&rows.0).await? {
        leaves.push(PartnershipLeaf {
            project: item_uri(rows, row.project_id).await?,
            partner: actor_uri(rows, row.partner_id).await?,
            uri: row.uri,
            role: row.role,
            words: row.words,
            answer: row.answer,
            offer: row.offer_uri,
            offered: row.offered_at,
            answered: row.answered_at,
        });
    }
    Ok(leaves)
}

/// Whom it listens to.
pub async fn connections(rows: &Rows<'_>, id: ActorId) -> Result<Vec<ConnectionLeaf>> {
    let found = connections::Entity::find()
        .filter(connections::Column::SeekerId.eq(id.0))
        .filter(connections::Column::State.is_in(["asked", "connected"]))
        .order_by_asc(connections::Column::TargetId);
    let mut leaves = Vec::new();
    for row in found.all(&rows.0).await? {
        leaves.push(ConnectionLeaf { target: actor_uri(rows, row.target_id).await? });
    }
    Ok(leaves)
}

/// What it carries by itself.
pub async fn rules(rows: &Rows<'_>, id: ActorId) -> Result<Vec<RuleLeaf>> {
    let found = rules::Entity::find()
        .filter(rules::Column::CarrierId.eq(id.0))
        .filter(rules::Column::EndedAt.is_null())
        .order_by_asc(rules::Column::Id);
    let mut leaves = Vec::new();
    for row in found.all(&rows.0).await? {
        let affiliation = match row.affiliation_id {
            Some(tie) => affiliations::Entity::find_by_id(tie).one(&rows.0).await?.map(|tie| tie.uri),
            None => None,
        };
        let point = row.latitude.zip(row.longitude).zip(row.radius);
        leaves.push(RuleLeaf {
            source: actor_uri(rows, row.source_id).await?,
            near: row
                .place_name
                .zip(point)
                .map(|(name, ((north, east), radius))| (name, north, east, radius)),
            kinds: row.kinds,
            cause: row.cause,
            review: row.review,
            affiliation,
            created: row.created_at,
        });
    }
    Ok(leaves)
}

/// What it carries now.
pub async fn carries(rows: &Rows<'_>, id: ActorId) -> Result<Vec<CarryLeaf>> {
    let found = carries::Entity::find()
        .filter(carries::Column::CarrierId.eq(id.0))
        .filter(carries::Column::State.eq("carried"))
        .order_by_asc(carries::Column::Id);
    let mut leaves = Vec::new();
    for row in found.all(&rows.0).await? {
        let item = item_uri(rows, row.item_id).await?;
        leaves.push(CarryLeaf { item, reason: row.reason, since: row.since });
    }
    Ok(leaves)
}

/// The ids of its followers.
pub async fn followers(rows: &Rows<'_>, id: ActorId) -> Result<Vec<String>> {
    let found = followers::Entity::find()
        .filter(followers::Column::FollowedId.eq(id.0))
        .order_by_asc(followers::Column::FollowerId)
        .all(&rows.0)
        .await?;
    let mut uris = Vec::with_capacity(found.len());
    for row in found {
        uris.push(actor_uri(rows, row.follower_id).await?);
    }
    uris.sort_unstable();
    Ok(uris)
}
