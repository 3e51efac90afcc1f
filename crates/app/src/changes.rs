//! From a change to what is said: the second half of the outbox. The first half is the row written with the deed.
//!
//! `federation` renders; here each change becomes its activities, deliveries and letters in one transaction, in the
//! order of its object, once.

use folkmoot_domain::{
    ActivityId, ActorId, DeliveryId, ItemId, Moment, NoteId, PledgeId,
    changes::{Change, ChangeKind},
    moments::MINUTE,
};
use folkmoot_storage::{
    activities::{self, Activity},
    actors, calls, changes,
    deliveries::{self, NewDelivery},
    items, pledges,
};
use url::Url;

use crate::{App, By, Result, decisions, letters};

/// One activity, rendered once, and where it goes.
#[derive(Debug, Clone)]
pub struct Saying {
    /// The id in its bytes.
    pub activity: ActivityId,
    /// Who says it.
    pub actor: ActorId,
    /// The item it is about.
    pub item: Option<ItemId>,
    /// The Note it carries, when that is no noun.
    pub note: Option<NoteId>,
    /// The ActivityPub id of its object: the key of the order.
    pub object: String,
    /// Its type.
    pub verb: &'static str,
    /// For everyone? Then it stands in the outbox.
    pub public: bool,
    /// Its final bytes.
    pub body: String,
    /// Inboxes, each once.
    pub inboxes: Vec<String>,
}

/// The changes that are due, in order.
pub async fn due(app: &App, limit: u64) -> Result<Vec<Change>> {
    Ok(changes::due(&app.store.rows(), app.now(), limit).await?)
}

/// A change was rendered: logs what is said and puts it on its way. False when it was not ours to tell any more.
pub async fn tell(app: &App, change: &Change, sayings: Vec<Saying>) -> Result<bool> {
    let doing = app.begin(&By::operator()).await?;
    doing.tx.lock("folkmoot changes").await?;
    if changes::has_earlier(&doing.tx.rows(), change).await? || !changes::remove(&doing.tx, change.id).await?
    {
        return Ok(false);
    }
    let told = !sayings.is_empty();
    for saying in sayings {
        log(app, &doing.tx, saying, doing.now).await?;
    }
    letters::write(&doing, change).await?;
    decisions::told(&doing, change).await?;
    note_told(&doing.tx, change, told, doing.now).await?;
    doing.done("a change was told").await?;
    app.bells.deliveries.notify_one();
    Ok(true)
}

/// A change could not be rendered. It waits, and what follows about the same object waits behind it.
pub async fn postpone(app: &App, change: &Change, problem: &str) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    changes::postpone(&doing.tx, change, doing.now.plus(5 * MINUTE), problem).await?;
    doing.done("a change waits").await
}

async fn log(app: &App, tx: &folkmoot_storage::Tx, saying: Saying, now: Moment) -> Result<()> {
    let sequence = activities::next_sequence(tx, &saying.object).await?;
    let activity = Activity {
        id: saying.activity,
        actor: saying.actor,
        item: saying.item,
        note: saying.note,
        object: saying.object.clone(),
        sequence,
        verb: saying.verb.to_owned(),
        public: saying.public,
        body: saying.body,
        created: now,
    };
    activities::append(tx, &activity).await?;
    let rows = saying
        .inboxes
        .into_iter()
        .map(|inbox| NewDelivery {
            id: app.id::<DeliveryId>(),
            activity: activity.id,
            sender: activity.actor,
            host: Url::parse(&inbox).map(|url| host_and_port(&url)).unwrap_or_default(),
            inbox,
            object: activity.object.clone(),
            sequence,
        })
        .collect();
    Ok(deliveries::insert(tx, rows, now).await?)
}

/// The name under which the queue knows a server: its host, with the port if it is not the scheme's own.
pub fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// What is remembered once a change was told, so that it is not told too often.
async fn note_told(tx: &folkmoot_storage::Tx, change: &Change, told: bool, now: Moment) -> Result<()> {
    let item = ItemId(change.object);
    match (change.kind, change.subject) {
        (ChangeKind::Tallied, _) => calls::mark_tallied(tx, item, now).await?,
        (ChangeKind::Progressed, _) if told => {
            calls::mark_progressed(tx, item, now).await?;
            items::touch(tx, item, now).await?;
        }
        (ChangeKind::Ended, _) if told => calls::mark_ended(tx, item, change.due).await?,
        (ChangeKind::AssociationGone, _) => actors::mark_gone(tx, change.speaker, now).await?,
        (ChangeKind::PledgeOffered, Some(pledge)) => pledges::mark_told(tx, PledgeId(pledge), now).await?,
        _ => {}
    }
    Ok(())
}
