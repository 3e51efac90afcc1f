//! Drafts: the forms of organisers as they were left, as JSON.

use folkmoot_domain::{ActorId, DraftId, ItemId, Moment, drafts::Draft, items::ItemKind};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};

use crate::{Result, Rows, StorageError, Tx, entities::drafts, read};

impl TryFrom<drafts::Model> for Draft {
    type Error = StorageError;

    fn try_from(row: drafts::Model) -> Result<Self> {
        let fields = serde_json::from_str(&row.form)
            .map_err(|_| StorageError::unreadable("form of draft", &row.form))?;
        Ok(Self {
            id: DraftId(row.id),
            home: ActorId(row.home),
            author: ActorId(row.author_id),
            kind: read::word("kind of draft", &row.kind, ItemKind::parse)?,
            title: row.title,
            fields,
            created: Moment(row.created_at),
            changed: Moment(row.changed_at),
            item: row.item_id.map(ItemId),
        })
    }
}

/// Stores a draft, in place of what was kept under its id. Who began it, and when, stays.
pub async fn keep(tx: &Tx, draft: &Draft) -> Result<()> {
    let form = serde_json::to_string(&draft.fields)
        .map_err(|error| StorageError::Unreadable(format!("form of draft: {error}")))?;
    let row = drafts::ActiveModel {
        id: Set(draft.id.0),
        home: Set(draft.home.0),
        author_id: Set(draft.author.0),
        kind: Set(draft.kind.word().to_owned()),
        title: Set(draft.title.clone()),
        form: Set(form),
        item_id: Set(draft.item.map(|item| item.0)),
        created_at: Set(draft.created.0),
        changed_at: Set(draft.changed.0),
    };
    let again = [
        drafts::Column::Home,
        drafts::Column::Kind,
        drafts::Column::Title,
        drafts::Column::Form,
        drafts::Column::ItemId,
        drafts::Column::ChangedAt,
    ];
    drafts::Entity::insert(row)
        .on_conflict(OnConflict::column(drafts::Column::Id).update_columns(again).to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    Ok(())
}

/// One draft, published already or not.
pub async fn find(rows: &Rows<'_>, id: DraftId) -> Result<Option<Draft>> {
    drafts::Entity::find_by_id(id.0).one(&rows.0).await?.map(Draft::try_from).transpose()
}

/// What an association has begun to write, last changed first.
pub async fn list(rows: &Rows<'_>, home: ActorId) -> Result<Vec<Draft>> {
    let found = drafts::Entity::find()
        .filter(drafts::Column::Home.eq(home.0))
        .filter(drafts::Column::ItemId.is_null())
        .order_by_desc(drafts::Column::ChangedAt)
        .order_by_desc(drafts::Column::Id)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Draft::try_from).collect()
}

/// How many drafts an association has begun.
pub async fn count(rows: &Rows<'_>, home: ActorId) -> Result<u64> {
    let begun = drafts::Entity::find()
        .filter(drafts::Column::Home.eq(home.0))
        .filter(drafts::Column::ItemId.is_null());
    Ok(begun.count(&rows.0).await?)
}

/// Throws a draft away.
pub async fn remove(tx: &Tx, id: DraftId) -> Result<()> {
    drafts::Entity::delete_by_id(id.0).exec(&tx.0).await?;
    Ok(())
}

/// Forgets drafts that were published before this moment.
pub async fn sweep(tx: &Tx, before: Moment) -> Result<()> {
    drafts::Entity::delete_many()
        .filter(drafts::Column::ItemId.is_not_null())
        .filter(drafts::Column::ChangedAt.lt(before.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}
