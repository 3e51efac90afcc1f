//! Everything one can do with a reply: write it (here, or from elsewhere), edit it, delete it; approve it or not.

use folkmoot_domain::{
    ActorId, ItemId, Moment, Refusal, ReplyId,
    changes::ChangeKind,
    moments::HOUR,
    moves::must_be_here,
    replies::{Reply, ReplyState},
    roles::{Act, Who},
    text,
};
use folkmoot_storage::{actors, items, replies, tombstones};
use url::Url;

use crate::{App, By, Doing, Result, letters, prose::prose};

/// So often one person writes back to one item in an hour.
const MOST_AN_HOUR: usize = 10;

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
    if moved_on(&doing, written.item, home).await? {
        return doing.done("whoever answers what lives elsewhere now is told where").await;
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

/// Somebody with an account writes back. Under what is ours the words are held like those of anybody; under what lives
/// elsewhere its home is told, and decides what it shows.
pub async fn write(app: &App, by: &By, item: ItemId, words: &str) -> Result<ReplyId> {
    let Who::Person(author) = by.who else {
        return Err(Refusal::Unknown("person").into());
    };
    let words = text::paragraphs("words", words, 5_000)?;
    if words.is_empty() {
        return Err(Refusal::field("words", "write something first").into());
    }
    let doing = app.begin(by).await?;
    let seen = items::seen(&doing.tx.rows(), item).await?.ok_or(Refusal::Unknown("item"))?;
    let written = replies::by_author_under(&doing.tx.rows(), author, item).await?;
    let lately = written.iter().filter(|reply| reply.received.plus(HOUR) > doing.now).count();
    if lately >= MOST_AN_HOUR {
        return Err(Refusal::TooOften { seconds: 3_600 }.into());
    }
    let id: ReplyId = app.id();
    let reply = Reply {
        id,
        uri: app.addresses.reply(id),
        home: author,
        item,
        html: prose(&words).html,
        direct: false,
        state: ReplyState::Held,
        published: doing.now,
        edited: None,
        received: doing.now,
    };
    replies::insert(&doing.tx, &reply).await?;
    if app.addresses.is_ours(&seen.item.uri) {
        letters::reply_is_held(&doing, item).await?;
    } else {
        doing.change(ChangeKind::Replied, author, item.0, Some(id.0)).await?;
    }
    doing.done("somebody here wrote back").await?;
    Ok(id)
}

/// Somebody here deletes what they wrote. What it answered.
pub async fn take_back(app: &App, by: &By, id: ReplyId) -> Result<ItemId> {
    let doing = app.begin(by).await?;
    let found = replies::find(&doing.tx.rows(), id).await?;
    let reply = found.filter(|reply| by.who == Who::Person(reply.home)).ok_or(Refusal::Unknown("reply"))?;
    let item = items::find(&doing.tx.rows(), reply.item).await?.ok_or(Refusal::Unknown("item"))?;
    replies::remove(&doing.tx, &reply).await?;
    tombstones::insert(&doing.tx, reply.uri.as_str(), doing.now).await?;
    if !app.addresses.is_ours(&item.uri) {
        let (kind, words) = (ChangeKind::ReplyTakenBack, reply.uri.as_str());
        doing.change_saying(kind, reply.home, item.id.0, None, words).await?;
    }
    doing.done("somebody here deleted what they wrote").await?;
    Ok(item.id)
}

/// What has moved with its association takes no replies; whoever writes one is told where it lives. Nobody would read it.
async fn moved_on(doing: &Doing<'_>, item: ItemId, author: ActorId) -> Result<bool> {
    let rows = doing.tx.rows();
    let Some(item) = items::find(&rows, item).await? else { return Ok(false) };
    let home = actors::find(&rows, item.home).await?;
    if home.is_none_or(|home| must_be_here(&home).is_ok()) {
        return Ok(false);
    }
    doing.change(ChangeKind::VotedLate, item.home, item.id.0, Some(author.0)).await?;
    Ok(true)
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
    if app.addresses.is_ours(&item.uri) {
        doing.authorise(item.home, Act::Moderate).await?;
    } else {
        doing.authorise_board(Act::LookAfterBoard).await?;
    }
    let before = reply.state;
    reply.judge(state)?;
    replies::update(&doing.tx, before, &reply).await?;
    doing.done("a reply was looked at").await
}
