//! Looking at where one of ours moves to, for whoever says so at the command line.

use folkmoot_app::{App, moves};
use folkmoot_domain::{ActorId, actors::Actor};
use url::Url;

use crate::{
    door::Door,
    fetch::{self, Allowance, LookupFault},
    remote_id::RemoteId,
};

/// The actor with this id as its home describes it now. Nothing is stored.
pub async fn look(app: &App, door: &Door, uri: &Url) -> Result<Actor, LookupFault> {
    Ok(fetch::look_up(app, door, &RemoteId::parse(uri.as_str())?, &Allowance::whole()).await?.actor)
}

/// The same of the one that the move of this association leads to, as far as it is known.
pub async fn target(app: &App, door: &Door, id: ActorId) -> Result<Option<Actor>, LookupFault> {
    let moving = moves::status(app, id).await?.moving;
    match moving.and_then(|moving| moving.target) {
        Some(uri) => look(app, door, &uri).await.map(Some),
        None => Ok(None),
    }
}
