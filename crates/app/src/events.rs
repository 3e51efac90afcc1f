//! Everything one can do with an event: publish, move, cancel. Deletion is in [`crate::items`].

use folkmoot_domain::{
    ActorId, ItemId, Refusal,
    changes::ChangeKind,
    events::{Event, EventDraft, EventSeen},
    items::{ItemKind, Words},
};
use folkmoot_storage::events;

use crate::{App, By, Result, associations, calls, items};

/// Publishes an event.
pub async fn publish(
    app: &App,
    by: &By,
    home: ActorId,
    words: Words,
    draft: EventDraft,
) -> Result<EventSeen> {
    let doing = app.begin(by).await?;
    calls::project_is_known(&doing, draft.project).await?;
    let zone = associations::open(&doing, home).await?.zone;
    let item = items::publish(&doing, home, ItemKind::Event, words).await?;
    let event = Event::publish(item.id, &draft, &zone, doing.now)?;
    events::insert(&doing.tx, &event).await?;
    doing.change(ChangeKind::Published, home, item.id.0, None).await?;
    doing.done("an event was published").await?;
    seen(app, item.id).await
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
    let mut event = Event::publish(id, &draft, &before.zone, doing.now)?;
    event.state = before.state;
    events::update(&doing.tx, &event).await?;
    items::reword(&doing, &mut item, words).await?;
    let note = folkmoot_domain::text::paragraphs("note", note, 1_000)?;
    doing.change_saying(ChangeKind::Edited, item.home, id.0, None, &note).await?;
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
