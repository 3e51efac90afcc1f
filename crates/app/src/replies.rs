//! Everything one can do with a reply: write it (from elsewhere), edit it, delete it; approve it or not.

use folkmoot_domain::{
    ItemId, Moment, Refusal, ReplyId,
    replies::{Reply, ReplyState},
    roles::Act,
};
use folkmoot_storage::{items, replies, tombstones};
use url::Url;

use crate::{App, By, Result, letters};

/// What somebody wrote back.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its ActivityPub id.
    pub uri: Url,
    /// What it answers.
    pub item: ItemId,
    /// Its words, safe HTML.
    pub html: String,
    /// For the organisers only?
    pub direct: bool,
    /// When it was written.
    pub published: Moment,
    /// When its words last changed.
    pub edited: Option<Moment>,
}

/// Takes a reply in and holds it. Twice is once; what is dead stays dead.
pub async fn receive(app: &App, by: &By, written: Written) -> Result<()> {
    let doing = app.begin(by).await?;
    let home = doing.remote()?;
    let rows = doing.tx.rows();
    if tombstones::is_dead(&rows, written.uri.as_str()).await? {
        return doing.done("a reply that was deleted before it came").await;
    }
    if let Some(known) = replies::by_uri(&rows, written.uri.as_str()).await? {
        if known.home != home {
            return Err(Refusal::NotTheOwner(written.uri.to_string()).into());
        }
        return doing.done("a reply that is here already").await;
    }
    let reply = Reply {
        id: app.id(),
        uri: written.uri,
        home,
        item: written.item,
        html: written.html,
        direct: written.direct,
        state: ReplyState::Held,
        published: written.published.min(doing.now),
        edited: written.edited,
        received: doing.now,
    };
    replies::insert(&doing.tx, &reply).await?;
    letters::reply_is_held(&doing, reply.item).await?;
    doing.done("a reply is held").await
}

/// Its author changed the words. They are held again, since what was approved is no longer what it says.
/// An edit is decided by its time, never by the id of the activity (real servers use one id again and again).
/// It may narrow a reply to a message for the organisers (`direct`), and never make it public again.
pub async fn edit(
    app: &App,
    by: &By,
    uri: &Url,
    html: &str,
    edited: Option<Moment>,
    direct: bool,
) -> Result<()> {
    let doing = app.begin(by).await?;
    let home = doing.remote()?;
    let Some(mut reply) = replies::by_uri(&doing.tx.rows(), uri.as_str()).await? else {
        return doing.done("an edit of something that is not here").await;
    };
    if reply.home != home {
        return Err(Refusal::NotTheOwner(uri.to_string()).into());
    }
    let last = reply.edited.unwrap_or(reply.published);
    if edited.is_none_or(|edited| edited <= last) {
        return doing.done("an edit that is older than what is here").await;
    }
    let before = reply.state;
    html.clone_into(&mut reply.html);
    reply.edited = edited;
    reply.direct |= direct;
    reply.state = ReplyState::Held;
    replies::update(&doing.tx, before, &reply).await?;
    letters::reply_is_held(&doing, reply.item).await?;
    doing.done("an edited reply is held again").await
}

/// Its author deleted it. The id stays dead, even when it never came.
pub async fn remove(app: &App, by: &By, uri: &Url) -> Result<()> {
    let doing = app.begin(by).await?;
    let home = doing.remote()?;
    if let Some(reply) = replies::by_uri(&doing.tx.rows(), uri.as_str()).await? {
        if reply.home != home {
            return Err(Refusal::NotTheOwner(uri.to_string()).into());
        }
        replies::remove(&doing.tx, &reply).await?;
    }
    tombstones::insert(&doing.tx, uri.as_str(), doing.now).await?;
    doing.done("a reply was deleted").await
}

/// An organiser or steward approves a reply, or does not.
pub async fn judge(app: &App, by: &By, id: ReplyId, state: ReplyState) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut reply = replies::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("reply"))?;
    let item = items::find(&doing.tx.rows(), reply.item).await?.ok_or(Refusal::Unknown("item"))?;
    doing.authorise(item.home, Act::Moderate).await?;
    let before = reply.state;
    reply.judge(state)?;
    replies::update(&doing.tx, before, &reply).await?;
    doing.done("a reply was looked at").await
}
