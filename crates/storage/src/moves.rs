//! Moves of ours, what was brought here, and what points at somebody who moved.
//!
//! What travels stands in [`leaves`]; [`packing`] reads it out of the tables, [`unpacking`] writes what has no noun of its
//! own here. It decides nothing: what an archive says is checked in `app`.

pub mod leaves;
pub mod packing;
pub mod unpacking;

use folkmoot_domain::{
    ActorId, Moment,
    moves::{Move, MoveState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Expr, sea_query::OnConflict,
};
use url::Url;

use crate::{
    Result, Rows, Tx,
    entities::{
        actors as actor_rows, affiliations, connections, followers, imports, items, moves, partnerships,
        rules,
    },
    read,
};

/// The states in which a tie holds, or may come to hold.
const LIVING: [&str; 2] = ["proposed", "accepted"];

/// The move of one of ours.
pub async fn find(rows: &Rows<'_>, id: ActorId) -> Result<Option<Move>> {
    let row = moves::Entity::find_by_id(id.0).one(&rows.0).await?;
    row.map(|row| {
        Ok(Move {
            association: ActorId(row.association_id),
            state: read::word("state of move", &row.state, MoveState::parse)?,
            target: read::optional_url(row.target_uri.as_ref())?,
            begun: Moment(row.begun_at),
            told: read::moment(row.told_at),
            ended: read::moment(row.ended_at),
        })
    })
    .transpose()
}

/// Stores how far a move has come.
pub async fn put(tx: &Tx, moving: &Move) -> Result<()> {
    use moves::Column::{AssociationId, BegunAt, EndedAt, State, TargetUri, ToldAt};
    let row = moves::ActiveModel {
        association_id: Set(moving.association.0),
        state: Set(moving.state.word().to_owned()),
        target_uri: Set(moving.target.as_ref().map(Url::to_string)),
        begun_at: Set(moving.begun.0),
        told_at: Set(moving.told.map(|at| at.0)),
        ended_at: Set(moving.ended.map(|at| at.0)),
    };
    let mut known = OnConflict::column(AssociationId);
    known.update_columns([State, TargetUri, BegunAt, ToldAt, EndedAt]);
    moves::Entity::insert(row).on_conflict(known).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// How far the bringing in of an archive has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// What it became here.
    pub association: ActorId,
    /// The id it had where it comes from.
    pub source: String,
    /// The checksum of the archive.
    pub archive: String,
    /// How many lines are in.
    pub done: i64,
    /// How many there are.
    pub total: i64,
    /// When the first came in.
    pub begun: Moment,
    /// When the last came in.
    pub ended: Option<Moment>,
}

impl From<imports::Model> for Import {
    fn from(row: imports::Model) -> Self {
        Self {
            association: ActorId(row.association_id),
            source: row.source_uri,
            archive: row.archive,
            done: row.done,
            total: row.total,
            begun: Moment(row.begun_at),
            ended: read::moment(row.ended_at),
        }
    }
}

/// What was brought here of the one with this id.
pub async fn import_of(rows: &Rows<'_>, source: &str) -> Result<Option<Import>> {
    let found = imports::Entity::find().filter(imports::Column::SourceUri.eq(source)).one(&rows.0).await?;
    Ok(found.map(Import::from))
}

/// What was brought here and became this one.
pub async fn import_into(rows: &Rows<'_>, id: ActorId) -> Result<Option<Import>> {
    Ok(imports::Entity::find_by_id(id.0).one(&rows.0).await?.map(Import::from))
}

/// Stores how far it has come.
pub async fn put_import(tx: &Tx, import: &Import) -> Result<()> {
    use imports::Column::{Archive, AssociationId, Done, EndedAt, Total};
    let row = imports::ActiveModel {
        association_id: Set(import.association.0),
        source_uri: Set(import.source.clone()),
        archive: Set(import.archive.clone()),
        done: Set(import.done),
        total: Set(import.total),
        begun_at: Set(import.begun.0),
        ended_at: Set(import.ended.map(|at| at.0)),
    };
    let mut known = OnConflict::column(AssociationId);
    known.update_columns([Archive, Done, Total, EndedAt]);
    imports::Entity::insert(row).on_conflict(known).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Every item that came with an association: the id it had, and the id it has.
pub async fn mapping(rows: &Rows<'_>, home: ActorId) -> Result<Vec<(Url, Url)>> {
    let found = items::Entity::find()
        .filter(items::Column::Home.eq(home.0))
        .filter(items::Column::MovedFrom.is_not_null())
        .order_by_asc(items::Column::Id)
        .all(&rows.0)
        .await?;
    found
        .iter()
        .filter_map(|row| row.moved_from.as_ref().map(|from| (from, row)))
        .map(|(from, row)| Ok((read::url(from)?, read::url(&row.uri)?)))
        .collect()
}

/// An item went there with its association; none brings it back.
pub async fn set_moved(tx: &Tx, item: folkmoot_domain::ItemId, to: Option<&Url>) -> Result<()> {
    items::Entity::update_many()
        .col_expr(items::Column::MovedTo, Expr::value(to.map(Url::to_string)))
        .filter(items::Column::Id.eq(item.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Everything of this home is here again.
pub async fn bring_back(tx: &Tx, home: ActorId) -> Result<()> {
    items::Entity::update_many()
        .col_expr(items::Column::MovedTo, Expr::value(None::<String>))
        .filter(items::Column::Home.eq(home.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Does it matter here where this one lives? It follows one of ours, or one of ours is bound to it.
pub async fn concerns(rows: &Rows<'_>, id: ActorId) -> Result<bool> {
    let follows = followers::Entity::find().filter(followers::Column::FollowerId.eq(id.0));
    let heard = connections::Entity::find().filter(connections::Column::TargetId.eq(id.0));
    let carried = rules::Entity::find().filter(rules::Column::SourceId.eq(id.0));
    let partner = partnerships::Entity::find().filter(partnerships::Column::PartnerId.eq(id.0));
    Ok(follows.limit(1).count(&rows.0).await? > 0
        || heard.limit(1).count(&rows.0).await? > 0
        || carried.limit(1).count(&rows.0).await? > 0
        || partner.limit(1).count(&rows.0).await? > 0
        || !ties_of(rows, id).await?.is_empty())
}

async fn ties_of(rows: &Rows<'_>, id: ActorId) -> Result<Vec<affiliations::Model>> {
    let either = sea_orm::Condition::any()
        .add(affiliations::Column::MemberId.eq(id.0))
        .add(affiliations::Column::UmbrellaId.eq(id.0));
    let living = affiliations::Entity::find()
        .filter(either)
        .filter(affiliations::Column::State.is_in(LIVING))
        .order_by_asc(affiliations::Column::Id);
    Ok(living.all(&rows.0).await?)
}

/// Who is tied to one of ours, elsewhere: they hear of a move although they may not follow it.
pub async fn tied_to(rows: &Rows<'_>, id: ActorId) -> Result<Vec<ActorId>> {
    let mut tied: Vec<_> = ties_of(rows, id)
        .await?
        .into_iter()
        .map(|row| if row.member_id == id.0 { row.umbrella_id } else { row.member_id })
        .collect();
    let projects = sea_orm::sea_query::Query::select()
        .column(items::Column::Id)
        .from(items::Entity)
        .and_where(items::Column::Home.eq(id.0))
        .to_owned();
    let partners = partnerships::Entity::find()
        .filter(partnerships::Column::ProjectId.in_subquery(projects))
        .filter(partnerships::Column::State.is_in(LIVING));
    tied.extend(partners.all(&rows.0).await?.into_iter().map(|row| row.partner_id));
    let taken = partnerships::Entity::find()
        .filter(partnerships::Column::PartnerId.eq(id.0))
        .filter(partnerships::Column::State.is_in(LIVING));
    let projects: Vec<_> = taken.all(&rows.0).await?.into_iter().map(|row| row.project_id).collect();
    let homes = items::Entity::find().filter(items::Column::Id.is_in(projects));
    tied.extend(homes.all(&rows.0).await?.into_iter().map(|row| row.home));
    tied.sort_unstable();
    tied.dedup();
    Ok(tied.into_iter().map(ActorId).collect())
}

/// Who of ours listens to this one.
pub async fn listeners(rows: &Rows<'_>, target: ActorId) -> Result<Vec<ActorId>> {
    let found = connections::Entity::find().filter(connections::Column::TargetId.eq(target.0));
    let found = found.order_by_asc(connections::Column::SeekerId).all(&rows.0).await?;
    Ok(found.into_iter().map(|row| ActorId(row.seeker_id)).collect())
}

/// What pointed at the old one points at the new one: rules, ties and parts in projects of ours. Ties are looked at again.
pub async fn repoint(tx: &Tx, old: ActorId, new: ActorId, now: Moment) -> Result<()> {
    rules::Entity::update_many()
        .col_expr(rules::Column::SourceId, Expr::value(new.0))
        .filter(rules::Column::SourceId.eq(old.0))
        .filter(rules::Column::CarrierId.ne(new.0))
        .exec(&tx.0)
        .await?;
    for row in ties_of(&tx.rows(), old).await? {
        repoint_tie(tx, row, old, new, now).await?;
    }
    let parts = partnerships::Entity::find()
        .filter(partnerships::Column::PartnerId.eq(old.0))
        .filter(partnerships::Column::State.is_in(LIVING));
    for row in parts.all(&tx.0).await? {
        let same = partnerships::Entity::find()
            .filter(partnerships::Column::ProjectId.eq(row.project_id))
            .filter(partnerships::Column::PartnerId.eq(new.0));
        if same.count(&tx.0).await? == 0 && lives_here(tx, row.project_id).await? {
            partnerships::Entity::update_many()
                .col_expr(partnerships::Column::PartnerId, Expr::value(new.0))
                .filter(partnerships::Column::Id.eq(row.id))
                .exec(&tx.0)
                .await?;
        }
    }
    Ok(())
}

async fn lives_here(tx: &Tx, item: uuid::Uuid) -> Result<bool> {
    let item = items::Entity::find_by_id(item).one(&tx.0).await?;
    Ok(item.is_some_and(|item| item.here))
}

/// A tie is ours to change only when its other end lives here. What holds for the new one already is not doubled.
async fn repoint_tie(
    tx: &Tx,
    row: affiliations::Model,
    old: ActorId,
    new: ActorId,
    now: Moment,
) -> Result<()> {
    use affiliations::Column::{
        CheckAt, CheckedAt, EndedAt, Id, Listed, MemberId, Missed, MissedSince, ProposerId, State, UmbrellaId,
    };
    let member = row.member_id == old.0;
    let other = if member { row.umbrella_id } else { row.member_id };
    let other_is_ours =
        actor_rows::Entity::find_by_id(other).one(&tx.0).await?.is_some_and(|actor| actor.local);
    if !other_is_ours || other == new.0 {
        return Ok(());
    }
    let (mine, theirs) = if member { (MemberId, UmbrellaId) } else { (UmbrellaId, MemberId) };
    let same = affiliations::Entity::find()
        .filter(mine.eq(new.0))
        .filter(theirs.eq(other))
        .filter(affiliations::Column::Kind.eq(row.kind.as_str()))
        .filter(State.is_in(LIVING));
    let mut update = affiliations::Entity::update_many().filter(Id.eq(row.id));
    if same.count(&tx.0).await? > 0 {
        update = update.col_expr(State, Expr::value("ended")).col_expr(EndedAt, Expr::value(now.0));
    } else {
        update = update
            .col_expr(mine, Expr::value(new.0))
            .col_expr(Listed, Expr::value(false))
            .col_expr(CheckedAt, Expr::value(None::<i64>))
            .col_expr(Missed, Expr::value(0))
            .col_expr(MissedSince, Expr::value(None::<i64>))
            .col_expr(CheckAt, Expr::value(now.0));
        if row.proposer_id == old.0 {
            update = update.col_expr(ProposerId, Expr::value(new.0));
        }
    }
    update.exec(&tx.0).await?;
    Ok(())
}
