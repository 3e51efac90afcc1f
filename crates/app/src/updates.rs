//! Everything one can do with an update: publish. Words and deletion are in [`crate::items`].

use folkmoot_domain::{
    ItemId, Refusal,
    changes::ChangeKind,
    items::{ItemKind, Words},
    updates::UpdateSeen,
};
use folkmoot_storage::updates;

use crate::{App, By, Doing, Result, items};

/// Publishes news about a project, call or event of one's own.
pub async fn publish(app: &App, by: &By, about: ItemId, words: Words) -> Result<UpdateSeen> {
    let doing = app.begin(by).await?;
    let id = pin(&doing, about, words).await?;
    doing.done("an update was published").await?;
    Ok(updates::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("update"))?)
}

/// The part of publishing that needs no transaction of its own.
pub(crate) async fn pin(doing: &Doing<'_>, about: ItemId, words: Words) -> Result<ItemId> {
    let subject = items::changeable(doing, about, None).await?;
    if subject.kind == ItemKind::Update {
        return Err(Refusal::field("about", "is itself an update; name the project, call or event").into());
    }
    let item = items::publish(doing, subject.home, ItemKind::Update, words).await?;
    updates::insert(&doing.tx, item.id, about).await?;
    doing.change(ChangeKind::Published, subject.home, item.id.0, None).await?;
    Ok(item.id)
}
