//! Likes and boosts: who reacted to what, as state.

use folkmoot_domain::{ActorId, ItemId, Moment, reactions::Reaction};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use crate::{
    Result, Rows, Tx,
    entities::{items as item_rows, reactions},
    items,
};

fn column(reaction: Reaction) -> item_rows::Column {
    match reaction {
        Reaction::Like => item_rows::Column::LikeCount,
        Reaction::Boost => item_rows::Column::BoostCount,
    }
}

/// Stores a reaction. False when it was there already.
pub async fn insert(
    tx: &Tx,
    reaction: Reaction,
    item: ItemId,
    actor: ActorId,
    activity: &str,
    now: Moment,
) -> Result<bool> {
    let row = reactions::ActiveModel {
        item_id: Set(item.0),
        actor_id: Set(actor.0),
        kind: Set(reaction.word().to_owned()),
        activity_uri: Set(activity.to_owned()),
        at: Set(now.0),
    };
    let inserted = reactions::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    if inserted == 1 {
        items::count(tx, item, column(reaction), 1).await?;
    }
    Ok(inserted == 1)
}

/// Takes a reaction back. False when there was none.
pub async fn remove(tx: &Tx, reaction: Reaction, item: ItemId, actor: ActorId) -> Result<bool> {
    let key = (item.0, actor.0, reaction.word().to_owned());
    let removed = reactions::Entity::delete_by_id(key).exec(&tx.0).await?.rows_affected == 1;
    if removed {
        items::count(tx, item, column(reaction), -1).await?;
    }
    Ok(removed)
}

/// Which reaction of this actor came with this activity id: for an `Undo` that names only the id.
pub async fn by_activity(
    rows: &Rows<'_>,
    actor: ActorId,
    activity: &str,
) -> Result<Option<(Reaction, ItemId)>> {
    let found = reactions::Entity::find()
        .filter(reactions::Column::ActivityUri.eq(activity))
        .filter(reactions::Column::ActorId.eq(actor.0))
        .one(&rows.0)
        .await?;
    Ok(found.map(|row| {
        let reaction = if row.kind == Reaction::Like.word() { Reaction::Like } else { Reaction::Boost };
        (reaction, ItemId(row.item_id))
    }))
}

/// Takes back every reaction of somebody who is gone.
pub async fn remove_everywhere(tx: &Tx, actor: ActorId) -> Result<()> {
    let found = reactions::Entity::find().filter(reactions::Column::ActorId.eq(actor.0)).all(&tx.0).await?;
    for row in found {
        let reaction = if row.kind == Reaction::Like.word() { Reaction::Like } else { Reaction::Boost };
        remove(tx, reaction, ItemId(row.item_id), actor).await?;
    }
    Ok(())
}
