//! From the names that people use to what they mean: a handle, an id, the address of a page.

use anyhow::bail;
use folkmoot_app::{App, By};
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

/// The item of this name, unless it was deleted. What lives elsewhere and is kept here has the id of its home.
pub async fn item(app: &App, name: &ItemName) -> anyhow::Result<Item> {
    let rows = app.store.rows();
    let theirs = match name {
        ItemName::Address(url) => folkmoot_storage::items::by_uri(&rows, url.as_str()).await?,
        ItemName::Id(_) => None,
    };
    let found = match (theirs, name) {
        (Some(theirs), _) => Some(theirs),
        (None, ItemName::Id(id)) => folkmoot_storage::items::find(&rows, ItemId(*id)).await?,
        (None, ItemName::Address(url)) => {
            folkmoot_storage::items::find(&rows, ItemId(in_address(app, url)?)).await?
        }
    };
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

/// Somebody with an account here, by their mail address, as the one who does something.
pub(super) async fn person(app: &App, email: &str) -> anyhow::Result<By> {
    let email = folkmoot_domain::people::email(email)?;
    let found = folkmoot_storage::people::by_email(&app.store.rows(), &email).await?;
    Ok(By::person(found.ok_or(Refusal::Unknown("person"))?.id))
}

/// Everything that a call asks for, by position.
pub(super) async fn positions(app: &App, call: ItemId) -> anyhow::Result<Vec<i16>> {
    let seen =
        folkmoot_storage::calls::seen(&app.store.rows(), call).await?.ok_or(Refusal::Unknown("call"))?;
    Ok(seen.needs.iter().map(|need| need.need.position).collect())
}
