//! Everything one can do with an event: publish, move, cancel. Deletion is in [`crate::items`].

use folkmoot_domain::{
    ActorId, ItemId, Refusal,
    changes::ChangeKind,
    events::{Event, EventDraft, EventSeen},
    items::{ItemKind, Words},
};
use folkmoot_storage::events;

use crate::{App, By, Doing, Result, associations, calls, items, rsvps};

/// Publishes an event.
pub async fn publish(
    app: &App,
    by: &By,
    home: ActorId,
    words: Words,
    draft: EventDraft,
) -> Result<EventSeen> {
    let doing = app.begin(by).await?;
    let id = pin(&doing, home, words, draft).await?;
    doing.done("an event was published").await?;
    seen(app, id).await
}

/// The part of publishing that needs no transaction of its own.
pub(crate) async fn pin(doing: &Doing<'_>, home: ActorId, words: Words, draft: EventDraft) -> Result<ItemId> {
    calls::project_is_known(doing, home, draft.project).await?;
    let zone = associations::open(doing, home).await?.zone;
    let item = items::publish(doing, home, ItemKind::Event, words).await?;
    let event = Event::publish(item.id, &draft, &zone, doing.now)?;
    events::insert(&doing.tx, &event).await?;
    doing.change(ChangeKind::Published, home, item.id.0, None).await?;
    Ok(item.id)
}

/// Changes words, time or place. `note`, when not empty, tells followers what changed.
pub async fn change(
    app: &App,
    by: &By,
    id: ItemId,
    words: Words,
    draft: EventDraft,
    note: &str,
) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut item = items::changeable(&doing, id, Some(ItemKind::Event)).await?;
    let before = events::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("event"))?.event;
    if draft.project != before.project {
        calls::project_is_known(&doing, item.home, draft.project).await?;
    }
    events::update(&doing.tx, &before.changed(&draft, doing.now)?).await?;
    rsvps::room_changed(&doing, id).await?;
    items::reword(&doing, &mut item, words).await?;
    items::tell_of_edit(&doing, &item, note).await?;
    doing.done("an event was changed").await
}

/// Calls it off; it stays visible.
pub async fn cancel(app: &App, by: &By, id: ItemId, reason: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut item = items::changeable(&doing, id, Some(ItemKind::Event)).await?;
    let mut event = events::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("event"))?.event;
    event.state = event.cancel(reason, doing.now)?;
    events::update(&doing.tx, &event).await?;
    items::touch(&doing, &mut item).await?;
    doing.change(ChangeKind::Cancelled, item.home, id.0, None).await?;
    doing.done("an event was called off").await
}

/// The reading shape of one event.
pub async fn seen(app: &App, id: ItemId) -> Result<EventSeen> {
    Ok(events::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("event"))?)
}
