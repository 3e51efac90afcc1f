//! The outbox of the database: what became true and is not yet told.

use folkmoot_domain::{
    ActorId, ChangeId, Moment,
    changes::{Change, ChangeKind},
};
use sea_orm::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, prelude::Expr,
};
use uuid::Uuid;

use crate::{Result, Rows, StorageError, Tx, entities::changes, read};

impl TryFrom<changes::Model> for Change {
    type Error = StorageError;

    fn try_from(row: changes::Model) -> Result<Self> {
        Ok(Self {
            id: ChangeId(row.id),
            kind: read::word("kind of change", &row.kind, ChangeKind::parse)?,
            speaker: ActorId(row.speaker_id),
            object: row.object_id,
            subject: row.subject_id,
            words: row.words,
            due: Moment(row.due_at),
        })
    }
}

/// Stores a change, in the transaction that made it true.
pub async fn insert(tx: &Tx, change: &Change, now: Moment) -> Result<()> {
    let row = changes::ActiveModel {
        id: Set(change.id.0),
        kind: Set(change.kind.word().to_owned()),
        speaker_id: Set(change.speaker.0),
        object_id: Set(change.object),
        subject_id: Set(change.subject),
        words: Set(change.words.clone()),
        due_at: Set(change.due.0),
        attempts: Set(0),
        problem: Set(None),
        created_at: Set(now.0),
    };
    changes::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Is a change of this kind about this object (and subject) waiting already?
pub async fn waits(rows: &Rows<'_>, kind: ChangeKind, object: Uuid, subject: Option<Uuid>) -> Result<bool> {
    let mut select = changes::Entity::find()
        .filter(changes::Column::ObjectId.eq(object))
        .filter(changes::Column::Kind.eq(kind.word()));
    if let Some(subject) = subject {
        select = select.filter(changes::Column::SubjectId.eq(subject));
    }
    Ok(select.one(&rows.0).await?.is_some())
}

/// The changes that are due, oldest first.
pub async fn due(rows: &Rows<'_>, now: Moment, limit: u64) -> Result<Vec<Change>> {
    let found = changes::Entity::find()
        .filter(changes::Column::DueAt.lte(now.0))
        .order_by_asc(changes::Column::DueAt)
        .order_by_asc(changes::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Change::try_from).collect()
}

/// How many wait, and how many of them are due.
pub async fn waiting(rows: &Rows<'_>, now: Moment) -> Result<(u64, u64)> {
    let all = changes::Entity::find().count(&rows.0).await?;
    let due = changes::Entity::find().filter(changes::Column::DueAt.lte(now.0)).count(&rows.0).await?;
    Ok((all, due))
}

/// A change was told. False when somebody else told it.
pub async fn remove(tx: &Tx, id: ChangeId) -> Result<bool> {
    Ok(changes::Entity::delete_by_id(id.0).exec(&tx.0).await?.rows_affected == 1)
}

/// Does a change of the same object still wait that is to be told before this one? The order is that of [`due`].
pub async fn has_earlier(rows: &Rows<'_>, change: &Change) -> Result<bool> {
    let at_once = Condition::all()
        .add(changes::Column::DueAt.eq(change.due.0))
        .add(changes::Column::Id.lt(change.id.0));
    let earlier = changes::Entity::find()
        .filter(changes::Column::ObjectId.eq(change.object))
        .filter(Condition::any().add(changes::Column::DueAt.lt(change.due.0)).add(at_once))
        .one(&rows.0)
        .await?;
    Ok(earlier.is_some())
}

/// A change could not be told; it waits with what went wrong, and everything about its object waits behind it.
pub async fn postpone(tx: &Tx, change: &Change, until: Moment, problem: &str) -> Result<()> {
    changes::Entity::update_many()
        .col_expr(changes::Column::DueAt, Expr::value(until.0))
        .filter(changes::Column::ObjectId.eq(change.object))
        .filter(changes::Column::Id.gte(change.id.0))
        .filter(changes::Column::DueAt.lt(until.0))
        .exec(&tx.0)
        .await?;
    changes::Entity::update_many()
        .col_expr(changes::Column::Attempts, Expr::col(changes::Column::Attempts).add(1))
        .col_expr(changes::Column::Problem, Expr::value(problem))
        .filter(changes::Column::Id.eq(change.id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}
