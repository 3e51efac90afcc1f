//! Looking up actors elsewhere: asked for at their own id, believed only where they live.
//!
//! An actor is shown under the host of its id, so no WebFinger answer can lend it another name (ORI-14).
//! A blocked server is never asked, and one arrival causes only so many look-ups. Start at [`actor`].

use std::sync::atomic::{AtomicU32, Ordering};

use folkmoot_app::{App, By, Error, actors as app_actors, blocks};
use folkmoot_domain::{
    actors::{Actor, Profile},
    moments::DAY,
    roles::Who,
};
use folkmoot_storage::actors;
use folkmoot_wire::{actors::ActorRead, foreign::ForeignItem};
use url::Url;

use crate::{
    door::Door,
    egress::{Accept, FetchError},
    keys::{self, KeyFault, PublicKey},
    remote_id::{IdFault, RemoteId},
    signatures::RsaPublicKey,
};

/// Most look-ups that one arrival may cause.
pub const MOST_LOOKUPS: u32 = 10;
/// After so many milliseconds an actor's description is read again.
const STALE: i64 = DAY;

/// How many look-ups somebody may still cause.
#[derive(Debug)]
pub struct Allowance(AtomicU32);

impl Allowance {
    /// What one arrival, or one request, may cause.
    pub fn whole() -> Self {
        Self(AtomicU32::new(MOST_LOOKUPS))
    }

    /// So many.
    pub fn of(lookups: u32) -> Self {
        Self(AtomicU32::new(lookups))
    }

    pub(crate) fn spend(&self) -> Result<(), LookupFault> {
        let one_less = |left: u32| left.checked_sub(1);
        let spent = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
        spent.map(drop).map_err(|_| LookupFault::Spent)
    }
}

/// Why an actor could not be looked up.
#[derive(Debug, thiserror::Error)]
pub enum LookupFault {
    /// Its server is blocked here.
    #[error("its server is blocked here")]
    Blocked,
    /// Too many look-ups for one arrival.
    #[error("too much would have to be looked up")]
    Spent,
    /// Its id cannot be one.
    #[error("its id: {0}")]
    Id(#[from] IdFault),
    /// It was not found where its id says.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What was found is no actor, or not this one.
    #[error("what was found there is no actor: {0}")]
    NotAnActor(#[from] folkmoot_wire::Refused),
    /// What was found is no item, or not this one.
    #[error("what was found there cannot be read: {0}")]
    NotAnItem(folkmoot_wire::Refused),
    /// Its keys cannot be taken.
    #[error(transparent)]
    Keys(#[from] KeyFault),
    /// The fault is ours.
    #[error(transparent)]
    House(#[from] Error),
}

impl LookupFault {
    /// Whether asking again later may help.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Fetch(fault) => fault.may_pass(),
            Self::House(Error::Refused(_)) => false,
            Self::House(_) => true,
            _ => false,
        }
    }

    /// Does its home say that it is gone for good?
    pub fn is_gone(&self) -> bool {
        match self {
            // RFC 9110 15.5.11.
            Self::Fetch(FetchError::Gone(410)) => true,
            // ActivityStreams, `Tombstone`: some serve it with a status of success.
            Self::NotAnItem(folkmoot_wire::Refused::NotRead(kind)) => kind == "Tombstone",
            _ => false,
        }
    }

    /// Does its home not know it, or not let us see it?
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Fetch(FetchError::Gone(_)))
    }
}

impl From<folkmoot_storage::StorageError> for LookupFault {
    fn from(error: folkmoot_storage::StorageError) -> Self {
        Self::House(error.into())
    }
}

/// An actor as its home describes it now. Nothing of it is stored yet.
#[derive(Clone, Debug)]
pub struct Found {
    /// The actor, with the first of its keys that we could use. Its `id` is ours, fresh.
    pub actor: Actor,
    /// All its keys.
    pub keys: Vec<PublicKey>,
}

/// The actor with this id. Asked for at its home only when we do not know it; when what we know is old,
/// it is used all the same and read again soon.
pub async fn actor(app: &App, door: &Door, id: &Url, allowance: &Allowance) -> Result<Actor, LookupFault> {
    let known = actors::by_uri(&app.store.rows(), id.as_str()).await?;
    if let Some(known) = known.filter(|known| known.gone.is_none()) {
        if !known.local && known.fetched.plus(STALE) <= app.now() {
            door.stale.add(known.uri.clone());
        }
        return Ok(known);
    }
    let found = look_up(app, door, &RemoteId::parse(id.as_str())?, allowance).await?;
    Ok(app_actors::remember(app, found.actor).await?)
}

/// Reads again what an actor says of itself. One whose home says that it is gone for good is forgotten.
pub async fn refresh(app: &App, door: &Door, id: &Url) -> Result<(), LookupFault> {
    let Some(known) = actors::by_uri(&app.store.rows(), id.as_str()).await?.filter(|known| !known.local)
    else {
        return Ok(());
    };
    match look_up(app, door, &RemoteId::parse(id.as_str())?, &Allowance::whole()).await {
        Ok(mut found) => {
            if let Some(same) = found.keys.iter().find(|key| key.id == known.key_id) {
                use_key(&mut found.actor, same);
            }
            app_actors::remember(app, found.actor).await?;
            Ok(())
        }
        // RFC 9110 15.5.11. A 404 may be somebody's mistake of an hour, and everything would be lost with it.
        Err(LookupFault::Fetch(FetchError::Gone(410))) => {
            door.keys.forget(&known.key_id);
            Ok(app_actors::forget(app, &By { who: Who::Remote(known.id), arrival: None }).await?)
        }
        Err(fault) => Err(fault),
    }
}

/// Asks an actor's home for it, signed by the instance.
pub async fn look_up(
    app: &App,
    door: &Door,
    id: &RemoteId,
    allowance: &Allowance,
) -> Result<Found, LookupFault> {
    if blocks::is_blocked(app, id.host()).await? {
        return Err(LookupFault::Blocked);
    }
    allowance.spend()?;
    let (key, now) = (door.own_key(app).await?, app.now());
    let found = door.egress.get_json(&id.document(), Accept::Activity, Some(&key), now.0).await?;
    // FEP-fe34: an actor is believed at its own id, not where a redirect leads.
    if found.final_url != id.document() {
        return Err(FetchError::OtherDocument.into());
    }
    let read = ActorRead::fetched(&found.body, id.url())?;
    let keys = keys::published(&found.body, id)?;
    let mut actor = of(app, read);
    if let Some(usable) = keys.iter().find(|key| RsaPublicKey::from_pem(&key.pem).is_ok()) {
        use_key(&mut actor, usable);
    }
    Ok(Found { actor, keys })
}

/// An item as its home tells it now, and who its home is. Nothing of the item is stored yet.
///
/// It is believed because it was asked for at its own id, and because whom it names as its author lives on the same
/// server. That holds for what a member of a group sent in the name of the group, too.
pub async fn item(
    app: &App,
    door: &Door,
    id: &Url,
    allowance: &Allowance,
) -> Result<(Actor, ForeignItem), LookupFault> {
    let id = RemoteId::parse(id.as_str())?;
    if blocks::is_blocked(app, id.host()).await? {
        return Err(LookupFault::Blocked);
    }
    allowance.spend()?;
    let (key, now) = (door.own_key(app).await?, app.now());
    let found = door.egress.get_json(&id.document(), Accept::Activity, Some(&key), now.0).await?;
    if found.final_url != id.document() {
        return Err(FetchError::OtherDocument.into());
    }
    let item = ForeignItem::fetched(&found.body, id.url(), &app.addresses).map_err(LookupFault::NotAnItem)?;
    let home = actor(app, door, &item.author, allowance).await?;
    Ok((home, item))
}

/// From now on the actor is known by this key.
pub(crate) fn use_key(actor: &mut Actor, key: &PublicKey) {
    actor.key_id.clone_from(&key.id);
    actor.public_key.clone_from(&key.pem);
}

fn of(app: &App, read: ActorRead) -> Actor {
    Actor {
        id: app.id(),
        host: read.host(),
        uri: read.id,
        local: false,
        kind: read.kind,
        handle: read.username,
        name: read.name,
        summary: read.summary,
        page: read.page,
        inbox: read.inbox,
        shared_inbox: read.shared_inbox,
        followers: read.followers,
        key_id: String::new(),
        public_key: String::new(),
        fetched: app.now(),
        gone: None,
        paper: None,
        profile: Profile {
            outbox: read.outbox,
            featured: read.featured,
            affiliates: read.affiliates,
            association: read.association,
            discoverable: read.discoverable,
            moved_to: read.moved_to,
            also_known_as: read.also_known_as,
        },
    }
}
