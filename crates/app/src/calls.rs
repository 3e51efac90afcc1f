//! Everything one can do with a call: publish, change, leave for another day, take up again, close with outcome and
//! thanks, cancel. Words and deletion are in [`crate::items`], answers in [`crate::pledges`].

use folkmoot_domain::{
    ActorId, ItemId, Moment, Refusal,
    calls::{Call, CallDraft, CallSeen, CallState},
    changes::ChangeKind,
    items::{AnotherDay, ItemKind, Words},
    visitors::KEPT,
};
use folkmoot_storage::{calls, visitors};

use crate::{App, By, Doing, Result, items, partnerships};

/// Publishes a call, and notes that its answers end when its time is over.
pub async fn publish(app: &App, by: &By, home: ActorId, words: Words, draft: CallDraft) -> Result<CallSeen> {
    let doing = app.begin(by).await?;
    let id = pin(&doing, home, words, draft).await?;
    doing.done("a call was published").await?;
    seen(app, id).await
}

/// The part of publishing that needs no transaction of its own.
pub(crate) async fn pin(doing: &Doing<'_>, home: ActorId, words: Words, draft: CallDraft) -> Result<ItemId> {
    project_is_known(doing, home, draft.project).await?;
    let item = items::publish(doing, home, ItemKind::Call, words).await?;
    let call = Call::publish(item.id, &draft, doing.now)?;
    calls::insert(&doing.tx, &call).await?;
    doing.change(ChangeKind::Published, home, item.id.0, None).await?;
    doing.change_later(ChangeKind::Ended, home, item.id.0, None, call.closes).await?;
    Ok(item.id)
}

/// Changes its words, why it matters and the project it helps; needs and closing time are frozen. `note`, when not
/// empty, tells followers what changed.
pub async fn change(
    app: &App,
    by: &By,
    id: ItemId,
    words: Words,
    why: &str,
    project: Option<ItemId>,
    note: &str,
) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut item = items::changeable(&doing, id, Some(ItemKind::Call)).await?;
    let seen = calls::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("call"))?;
    if project != seen.call.project {
        project_is_known(&doing, item.home, project).await?;
    }
    calls::update(&doing.tx, &seen.call.changed(why, project)?).await?;
    items::reword(&doing, &mut item, words).await?;
    items::tell_of_edit(&doing, &item, note).await?;
    doing.done("a call was changed").await
}

/// Leaves it for another day.
pub async fn park(app: &App, by: &By, id: ItemId, reason: &str, wake: Option<Moment>) -> Result<()> {
    step(app, by, id, ChangeKind::Parked, |call, now| call.park(AnotherDay::parse(reason, wake, now)?)).await
}

/// Takes it up again.
pub async fn resume(app: &App, by: &By, id: ItemId) -> Result<()> {
    step(app, by, id, ChangeKind::Resumed, |call, _| call.resume()).await
}

/// Closes it with what came of it, and thanks to those who helped.
pub async fn close(app: &App, by: &By, id: ItemId, outcome: &str, thanks: &str) -> Result<()> {
    step(app, by, id, ChangeKind::Closed, |call, now| call.close(outcome, thanks, now)).await
}

/// Calls it off.
pub async fn cancel(app: &App, by: &By, id: ItemId, reason: &str) -> Result<()> {
    step(app, by, id, ChangeKind::Cancelled, |call, now| call.cancel(reason, now)).await
}

async fn step(
    app: &App,
    by: &By,
    id: ItemId,
    kind: ChangeKind,
    next: impl FnOnce(&Call, Moment) -> std::result::Result<CallState, Refusal>,
) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut item = items::changeable(&doing, id, Some(ItemKind::Call)).await?;
    let mut seen = calls::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("call"))?;
    seen.call.state = next(&seen.call, doing.now)?;
    seen.call.state = seen.call.counted(&seen.needs);
    calls::update(&doing.tx, &seen.call).await?;
    let over = matches!(seen.call.state, CallState::Closed { .. } | CallState::Cancelled { .. });
    if over && seen.ended.is_none() {
        calls::mark_ended(&doing.tx, id, doing.now.min(seen.call.closes)).await?;
    }
    if over {
        visitors::look_again_after(&doing.tx, id, doing.now.plus(KEPT)).await?;
    }
    items::touch(&doing, &mut item).await?;
    doing.change(kind, item.home, id.0, None).await?;
    doing.done("a call went a step further").await
}

/// A draft may name only a project that is its own, or that it takes part in.
pub(crate) async fn project_is_known(
    doing: &Doing<'_>,
    home: ActorId,
    project: Option<ItemId>,
) -> Result<()> {
    match project {
        Some(project) => partnerships::may_publish_under(doing, home, project).await,
        None => Ok(()),
    }
}

/// The reading shape of one call.
pub async fn seen(app: &App, id: ItemId) -> Result<CallSeen> {
    Ok(calls::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("call"))?)
}
