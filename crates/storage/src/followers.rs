//! Followers of ours.

use folkmoot_domain::{ActorId, Moment, followers::FollowerSeen};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::OnConflict};
use url::Url;

use crate::{
    Result, Rows, Tx, actors,
    entities::{actors as actor_rows, followers},
    read,
};

/// Stores a follower; a second `Follow` replaces the id of the first. True when it is new.
pub async fn insert(
    tx: &Tx,
    followed: ActorId,
    follower: ActorId,
    follow: &Url,
    now: Moment,
) -> Result<bool> {
    let known = followers::Entity::find_by_id((followed.0, follower.0)).one(&tx.0).await?.is_some();
    let row = followers::ActiveModel {
        followed_id: Set(followed.0),
        follower_id: Set(follower.0),
        follow_uri: Set(follow.to_string()),
        since: Set(now.0),
    };
    let mut clash = OnConflict::columns([followers::Column::FollowedId, followers::Column::FollowerId]);
    clash.update_column(followers::Column::FollowUri);
    followers::Entity::insert(row).on_conflict(clash).exec_without_returning(&tx.0).await?;
    if !known {
        actors::count_followers(tx, followed, 1).await?;
    }
    Ok(!known)
}

/// Removes a follower. False when there was none.
pub async fn remove(tx: &Tx, followed: ActorId, follower: ActorId) -> Result<bool> {
    let removed =
        followers::Entity::delete_by_id((followed.0, follower.0)).exec(&tx.0).await?.rows_affected == 1;
    if removed {
        actors::count_followers(tx, followed, -1).await?;
    }
    Ok(removed)
}

/// Removes a follower from everyone of ours whom it follows: it is gone.
pub async fn remove_everywhere(tx: &Tx, follower: ActorId) -> Result<()> {
    let found =
        followers::Entity::find().filter(followers::Column::FollowerId.eq(follower.0)).all(&tx.0).await?;
    for row in found {
        remove(tx, ActorId(row.followed_id), follower).await?;
    }
    Ok(())
}

/// Removes whoever has this inbox to themselves: its server says that it is gone for good. An inbox that several
/// share, or that is anyone's shared one, says nothing about one of them.
pub async fn remove_by_inbox(tx: &Tx, inbox: &str) -> Result<()> {
    let either = Condition::any()
        .add(actor_rows::Column::Inbox.eq(inbox))
        .add(actor_rows::Column::SharedInbox.eq(inbox));
    let found = actor_rows::Entity::find().filter(either).all(&tx.0).await?;
    if let [only] = found.as_slice()
        && only.shared_inbox.as_deref() != Some(inbox)
    {
        remove_everywhere(tx, ActorId(only.id)).await?;
    }
    Ok(())
}

/// One follower.
pub async fn find(rows: &Rows<'_>, followed: ActorId, follower: ActorId) -> Result<Option<FollowerSeen>> {
    let Some(row) = followers::Entity::find_by_id((followed.0, follower.0)).one(&rows.0).await? else {
        return Ok(None);
    };
    let Some(actor) = actors::find(rows, follower).await? else {
        return Ok(None);
    };
    let follow = read::url(&row.follow_uri)?;
    Ok(Some(FollowerSeen { followed, follower: actor, follow, since: Moment(row.since) }))
}

/// Whom of ours this actor follows with the `Follow` of this id: for an `Undo` that names only the id.
pub async fn by_follow(rows: &Rows<'_>, follower: ActorId, follow: &str) -> Result<Option<ActorId>> {
    let found = followers::Entity::find()
        .filter(followers::Column::FollowerId.eq(follower.0))
        .filter(followers::Column::FollowUri.eq(follow))
        .one(&rows.0)
        .await?;
    Ok(found.map(|row| ActorId(row.followed_id)))
}
