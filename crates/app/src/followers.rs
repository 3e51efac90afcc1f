//! Following: anyone may follow an association, or the instance; anyone may stop.

use folkmoot_domain::{ActorId, Refusal, changes::ChangeKind};
use folkmoot_storage::{actors, associations, followers};
use url::Url;

use crate::{App, By, Result, moves};

/// A remote actor follows one of ours. Following twice is answered twice: the first answer may have been lost.
pub async fn follow(app: &App, by: &By, followed: ActorId, follow: &Url) -> Result<()> {
    let doing = app.begin(by).await?;
    let follower = doing.remote()?;
    let rows = doing.tx.rows();
    let actor =
        actors::find(&rows, followed).await?.filter(|actor| actor.local).ok_or(Refusal::Unknown("actor"))?;
    let closed =
        associations::find(&rows, followed).await?.is_some_and(|association| association.closed.is_some());
    let away = folkmoot_domain::moves::must_be_here(&actor).is_err();
    let followable = actor.kind != folkmoot_domain::actors::ActorKind::Person && !closed && !away;
    if followable {
        followers::insert(&doing.tx, followed, follower, follow, doing.now).await?;
        moves::takes_its_place(&doing, followed, follower).await?;
        doing.change(ChangeKind::Followed, followed, followed.0, Some(follower.0)).await?;
        doing.done("a new follower").await
    } else {
        let kind = ChangeKind::FollowRefused;
        doing.change_saying(kind, followed, followed.0, Some(follower.0), follow.as_str()).await?;
        doing.done("a follow that cannot be").await
    }
}

/// A remote actor stops following. `follow` is the id of the `Follow` it undoes, when it names one.
pub async fn unfollow(app: &App, by: &By, followed: ActorId) -> Result<()> {
    let doing = app.begin(by).await?;
    let follower = doing.remote()?;
    followers::remove(&doing.tx, followed, follower).await?;
    doing.done("a follower left").await
}
