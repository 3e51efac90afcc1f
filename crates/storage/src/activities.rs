//! The log of what was said, each once and in its final bytes: deliveries, the outbox and dereferencing read it.
//!
//! A row is never changed: retries must carry identical bytes. Start at [`append`].

use folkmoot_domain::{ActivityId, ActorId, ItemId, Moment, NoteId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Expr,
};

use crate::{
    Result, Rows, Tx,
    entities::{activities, actors},
};

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Its id, and the last part of its URL.
    pub id: ActivityId,
    /// Which of ours said it.
    pub actor: ActorId,
    /// The item it is about, if any.
    pub item: Option<ItemId>,
    /// The Note it carries that is no noun, if any.
    pub note: Option<NoteId>,
    /// The URI of what it is about; the key under which activities keep their order.
    pub object: String,
    /// Its place among those about the same object, from 1.
    pub sequence: i64,
    /// `Create`, `Update`, `Accept` and so on.
    pub verb: String,
    /// May everyone read it, and does it stand in the outbox?
    pub public: bool,
    /// The bytes that go over the wire.
    pub body: String,
    /// When it was said.
    pub created: Moment,
}

impl From<activities::Model> for Activity {
    fn from(row: activities::Model) -> Self {
        Self {
            id: ActivityId(row.id),
            actor: ActorId(row.actor_id),
            item: row.item_id.map(ItemId),
            note: row.note_id.map(NoteId),
            object: row.object_uri,
            sequence: row.sequence,
            verb: row.verb,
            public: row.public,
            body: row.body,
            created: Moment(row.created_at),
        }
    }
}

/// The place of the next activity about this object.
pub async fn next_sequence(tx: &Tx, object: &str) -> Result<i64> {
    let last = activities::Entity::find()
        .select_only()
        .column_as(activities::Column::Sequence.max(), "last")
        .filter(activities::Column::ObjectUri.eq(object))
        .into_tuple::<Option<i64>>()
        .one(&tx.0)
        .await?;
    Ok(last.flatten().unwrap_or_default().saturating_add(1))
}

/// Writes one activity, and counts it for its actor when it is a public `Create`.
pub async fn append(tx: &Tx, activity: &Activity) -> Result<()> {
    let row = activities::ActiveModel {
        id: Set(activity.id.0),
        actor_id: Set(activity.actor.0),
        item_id: Set(activity.item.map(|id| id.0)),
        note_id: Set(activity.note.map(|id| id.0)),
        object_uri: Set(activity.object.clone()),
        sequence: Set(activity.sequence),
        verb: Set(activity.verb.clone()),
        public: Set(activity.public),
        body: Set(activity.body.clone()),
        created_at: Set(activity.created.0),
    };
    activities::Entity::insert(row).exec_without_returning(&tx.0).await?;
    if activity.public && activity.verb == "Create" {
        actors::Entity::update_many()
            .col_expr(actors::Column::PublishedCount, Expr::col(actors::Column::PublishedCount).add(1))
            .filter(actors::Column::Id.eq(activity.actor.0))
            .exec(&tx.0)
            .await?;
    }
    Ok(())
}

/// One activity.
pub async fn find(rows: &Rows<'_>, id: ActivityId) -> Result<Option<Activity>> {
    Ok(activities::Entity::find_by_id(id.0).one(&rows.0).await?.map(Activity::from))
}

/// The `Create` that carries a Note which is no noun.
pub async fn by_note(rows: &Rows<'_>, note: NoteId) -> Result<Option<Activity>> {
    let found = activities::Entity::find()
        .filter(activities::Column::NoteId.eq(note.0))
        .filter(activities::Column::Verb.eq("Create"))
        .one(&rows.0)
        .await?;
    Ok(found.map(Activity::from))
}

/// Was what was said about this object taken back since?
pub async fn is_taken_back(rows: &Rows<'_>, object: &str) -> Result<bool> {
    let found = activities::Entity::find()
        .filter(activities::Column::ObjectUri.eq(object))
        .filter(activities::Column::Verb.is_in(["Undo", "Delete"]))
        .one(&rows.0)
        .await?;
    Ok(found.is_some())
}

/// What one of ours said in public, newest first; `before` is the last of the page before (ActivityPub 5.1).
pub async fn outbox(
    rows: &Rows<'_>,
    actor: ActorId,
    before: Option<ActivityId>,
    limit: u64,
) -> Result<Vec<Activity>> {
    let mut select = activities::Entity::find()
        .filter(activities::Column::ActorId.eq(actor.0))
        .filter(activities::Column::Public.eq(true));
    if let Some(before) = before {
        select = select.filter(activities::Column::Id.lt(before.0));
    }
    let found = select.order_by_desc(activities::Column::Id).limit(limit).all(&rows.0).await?;
    Ok(found.into_iter().map(Activity::from).collect())
}

#[cfg(test)]
mod tests;
