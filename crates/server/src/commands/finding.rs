//! From the names that people use to what they mean: a handle, an id, the address of a page.

use anyhow::bail;
use folkmoot_app::App;
use folkmoot_domain::{
    ActorId, ItemId, Refusal,
    associations::AssociationSeen,
    items::{Item, ItemKind},
    text::Handle,
};
use url::Url;
use uuid::Uuid;

use crate::front_matter::ItemName;

/// The association with this handle, of now or before.
pub async fn association(app: &App, handle: &Handle) -> anyhow::Result<AssociationSeen> {
    match folkmoot_storage::associations::seen_by_handle(&app.store.rows(), handle.as_str()).await? {
        Some(seen) => Ok(seen),
        None => bail!(
            "there is no association with the handle {handle} here; `folkmoot association list` shows those there are"
        ),
    }
}

/// This association, or every one that is open here.
pub async fn homes(app: &App, association: Option<&Handle>) -> anyhow::Result<Vec<ActorId>> {
    if let Some(handle) = association {
        return Ok(vec![self::association(app, handle).await?.actor.id]);
    }
    let all = folkmoot_storage::associations::list(&app.store.rows()).await?;
    Ok(all.into_iter().map(|seen| seen.actor.id).collect())
}

/// The item of this name, unless it was deleted.
pub async fn item(app: &App, name: &ItemName) -> anyhow::Result<Item> {
    let id = match name {
        ItemName::Id(id) => *id,
        ItemName::Address(url) => in_address(app, url)?,
    };
    let found = folkmoot_storage::items::find(&app.store.rows(), ItemId(id)).await?;
    match found.filter(|item| item.deleted.is_none()) {
        Some(item) => Ok(item),
        None => bail!("there is no project, call, event or update {name} here"),
    }
}

/// The project that a file names.
pub async fn project(app: &App, name: Option<&ItemName>) -> anyhow::Result<Option<ItemId>> {
    let Some(name) = name else { return Ok(None) };
    let item = item(app, name).await?;
    if item.kind != ItemKind::Project {
        return Err(Refusal::field("project", format!("is a {}: {name}", item.kind.word())).into());
    }
    Ok(Some(item.id))
}

/// The id at the end of an address of ours, of a page or of the thing itself.
fn in_address(app: &App, url: &Url) -> anyhow::Result<Uuid> {
    if !app.addresses.is_ours(url) {
        bail!("{url} is not an address of this place, which is {}", app.addresses.base());
    }
    let last = url.path_segments().and_then(|mut parts| parts.next_back());
    match last.and_then(|last| last.parse().ok()) {
        Some(id) => Ok(id),
        None => bail!("{url} is not the address of a project, call, event or update"),
    }
}
