//! The instance itself: one `Application` actor at a path that never changes. It signs every GET.

use folkmoot_domain::{
    ActorId,
    actors::{Actor, ActorKind, Profile},
};
use folkmoot_storage::{Rows, actors, settings};
use url::Url;

use crate::{App, By, Doing, Error, Result};

/// Where the database remembers which actor the instance is.
const SETTING: &str = "instance actor";

/// Makes the instance's actor the first time, and finds it ever after. Refuses a database of another address.
pub async fn establish(app: &App) -> Result<Actor> {
    if let Some(actor) = find(&app.store.rows()).await? {
        if actor.uri == app.addresses.instance() {
            return Ok(actor);
        }
        return Err(Error::Broken(format!(
            "this database belongs to {}, but the configuration says {}; an address cannot change, since every follower knows it",
            actor.uri.origin().ascii_serialization(),
            app.addresses.base()
        )));
    }
    let doing = app.begin(&By::operator()).await?;
    let id: ActorId = app.id();
    let (actor, sealed) = make(app, id, ActorKind::Application, "instance", &app.addresses.instance())?;
    actors::insert(&doing.tx, &actor, Some(sealed), doing.now).await?;
    settings::set(&doing.tx, SETTING, &id.to_string()).await?;
    doing.done("the instance was established").await?;
    Ok(actor)
}

/// The instance's actor.
pub async fn actor(app: &App) -> Result<Actor> {
    find(&app.store.rows()).await?.ok_or_else(missing)
}

/// The same within something that is done.
pub(crate) async fn actor_within(doing: &Doing<'_>) -> Result<Actor> {
    find(&doing.tx.rows()).await?.ok_or_else(missing)
}

fn missing() -> Error {
    Error::Broken("the instance is not established yet; run `folkmoot migrate`".into())
}

async fn find(rows: &Rows<'_>) -> Result<Option<Actor>> {
    let Some(id) = settings::get(rows, SETTING).await? else {
        return Ok(None);
    };
    let id = id
        .parse()
        .map_err(|_| Error::Broken("the setting \u{201c}instance actor\u{201d} is no id".into()))?;
    Ok(actors::find(rows, id).await?)
}

/// A new actor of ours with a fresh key: the actor, and its private key, sealed.
pub(crate) fn make(
    app: &App,
    id: ActorId,
    kind: ActorKind,
    handle: &str,
    uri: &Url,
) -> Result<(Actor, Vec<u8>)> {
    let pair = app.key_maker.make().map_err(Error::Broken)?;
    let sealed = app.vault.seal(id, &pair.private, app.random.as_ref())?;
    let under = |name| app.addresses.under(uri, name);
    let actor = Actor {
        id,
        uri: uri.clone(),
        local: true,
        kind,
        handle: handle.to_owned(),
        host: app.addresses.host(),
        name: handle.to_owned(),
        summary: String::new(),
        page: app.addresses.base().clone(),
        inbox: under("inbox"),
        shared_inbox: Some(app.addresses.shared_inbox()),
        followers: Some(under("followers")),
        key_id: format!("{uri}#main-key"),
        public_key: pair.public,
        fetched: app.now(),
        gone: None,
        paper: None,
        profile: Profile::default(),
    };
    Ok((actor, sealed))
}
