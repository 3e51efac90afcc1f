//! Everything one can do with the move of an association: pack it, unpack it elsewhere, say where it goes, tell everyone,
//! take it up again, undo it; and hear that somebody else has moved.
//!
//! A move goes in five steps, and until everyone is told nothing has changed: [`pack`] here, [`unpack`] there, [`point`]
//! here at the new one (which must name the old one), pack and unpack once more for what came in meanwhile, [`tell`].
//! What is here stays here, frozen, and answers with where to go. Reading what others say of themselves is for the
//! caller: the new one is given as its home described it just now.

mod applying;
mod archive;
mod map;
mod packing;
#[cfg(test)]
mod tests;
mod unpacking;

use folkmoot_domain::{
    ActorId, Refusal,
    actors::Actor,
    changes::ChangeKind,
    moves::{self as rules, Move, MoveState},
    roles::Act,
};
use folkmoot_storage::{actors, followers, items, moves as rows};
use url::Url;

pub use map::{Pair, read_map, write_map};
pub use packing::{Packed, pack};
pub use unpacking::{Unpacked, unpack};

use crate::{App, By, Doing, Result, connections};

/// How the move of one of ours stands, or how it came here.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Its move away from here.
    pub moving: Option<Move>,
    /// Its coming here.
    pub import: Option<folkmoot_storage::moves::Import>,
    /// How many follow it here still.
    pub followers: i64,
}

/// How it stands.
pub async fn status(app: &App, id: ActorId) -> Result<Status> {
    let rows = app.store.rows();
    Ok(Status {
        moving: self::rows::find(&rows, id).await?,
        import: self::rows::import_into(&rows, id).await?,
        followers: actors::counts(&rows, id).await?.0,
    })
}

/// Says where one of ours goes. `new` is the new one as its home described it just now: it must name the old one.
pub async fn point(app: &App, by: &By, id: ActorId, new: &Actor) -> Result<Move> {
    let doing = app.begin(by).await?;
    let (mut moving, old) = under_way(&doing, id).await?;
    moving.point(&old, new)?;
    self::rows::put(&doing.tx, &moving).await?;
    doing.done("it is known where an association goes").await?;
    Ok(moving)
}

/// Tells everyone: followers and ties hear a `Move`, and from now on nothing can be changed here. `pairs` say where each
/// item went; what they do not name answers as before. Telling twice is telling again.
pub async fn tell(app: &App, by: &By, id: ActorId, new: &Actor, pairs: &[Pair]) -> Result<Move> {
    let new = if new.local { new.clone() } else { crate::actors::remember(app, new.clone()).await? };
    let doing = app.begin(by).await?;
    let (mut moving, mut old) = under_way(&doing, id).await?;
    moving.tell(&old, &new, doing.now)?;
    for pair in pairs {
        lead_on(&doing, &old, &new, pair).await?;
    }
    old.profile.moved_to = Some(new.uri.clone());
    actors::update(&doing.tx, &old).await?;
    self::rows::put(&doing.tx, &moving).await?;
    follow_along(&doing, old.id, new.id).await?;
    doing.change_saying(ChangeKind::Moved, id, id.0, None, new.uri.as_str()).await?;
    doing.done("everyone is told that an association moved").await?;
    Ok(moving)
}

/// An item of the old one answers with where the new one has it. A map may name nothing else.
async fn lead_on(doing: &Doing<'_>, old: &Actor, new: &Actor, pair: &Pair) -> Result<()> {
    let item = items::by_uri(&doing.tx.rows(), pair.old.as_str()).await?;
    let item = item.filter(|item| item.home == old.id).ok_or_else(|| {
        Refusal::field("map", format!("names {}, which is nothing of {}", pair.old, old.address()))
    })?;
    if pair.new.origin() != new.uri.origin() {
        let says = format!("leads to {}, which is not where {} lives", pair.new, new.uri);
        return Err(Refusal::field("map", says).into());
    }
    Ok(self::rows::set_moved(&doing.tx, item.id, Some(&pair.new)).await?)
}

/// It stays here after all. Whoever followed the new one already stays there; what points there is ours again.
pub async fn undo(app: &App, by: &By, id: ActorId) -> Result<Move> {
    let doing = app.begin(by).await?;
    let (mut moving, mut old) = under_way(&doing, id).await?;
    let told = moving.state == MoveState::Told;
    moving.undo(doing.now)?;
    self::rows::put(&doing.tx, &moving).await?;
    if told {
        old.profile.moved_to = None;
        actors::update(&doing.tx, &old).await?;
        self::rows::bring_back(&doing.tx, id).await?;
        doing.change(ChangeKind::AssociationChanged, id, id.0, None).await?;
    }
    doing.done("a move was undone").await?;
    Ok(moving)
}

/// A move that has begun, for whoever may do this; it stands even when the association does nothing more here.
async fn under_way(doing: &Doing<'_>, id: ActorId) -> Result<(Move, Actor)> {
    doing.authorise_although_moved(id, Act::Organise).await?;
    let rows = doing.tx.rows();
    let old = actors::find(&rows, id).await?.ok_or(Refusal::Unknown("association"))?;
    let moving = self::rows::find(&rows, id).await?;
    let moving = moving.ok_or_else(|| Refusal::field("move", "has not begun; pack it first"))?;
    Ok((moving, old))
}

/// Somebody elsewhere says that they have moved. `new` is known as its home described it just now, or is one of ours.
pub async fn moved(app: &App, by: &By, new: ActorId) -> Result<()> {
    let doing = app.begin(by).await?;
    let rows = doing.tx.rows();
    let unknown = || Refusal::Unknown("actor");
    let mut old = actors::find(&rows, doing.remote()?).await?.ok_or_else(unknown)?;
    let new = actors::find(&rows, new).await?.ok_or_else(unknown)?;
    rules::must_name_each_other(&old, &new)?;
    if old.profile.moved_to.as_ref() != Some(&new.uri) {
        old.profile.moved_to = Some(new.uri.clone());
        actors::update(&doing.tx, &old).await?;
    }
    follow_along(&doing, old.id, new.id).await?;
    doing.done("somebody has moved, and what is bound to them goes along").await
}

/// Is anything of ours bound to whoever moves?
pub async fn concerns(app: &App, id: ActorId) -> Result<bool> {
    Ok(self::rows::concerns(&app.store.rows(), id).await?)
}

/// What of ours pointed at the old one points at the new one. Twice is once.
async fn follow_along(doing: &Doing<'_>, old: ActorId, new: ActorId) -> Result<()> {
    for seeker in self::rows::listeners(&doing.tx.rows(), old).await? {
        if seeker != new {
            connections::connect_within(doing, seeker, new).await?;
        }
        connections::disconnect_within(doing, seeker, old).await?;
    }
    Ok(self::rows::repoint(&doing.tx, old, new, doing.now).await?)
}

/// A follower that came from elsewhere takes the place of the one it was: only now, so that nobody is lost on the way.
pub(crate) async fn takes_its_place(doing: &Doing<'_>, followed: ActorId, follower: ActorId) -> Result<()> {
    let rows = doing.tx.rows();
    let Some(new) = actors::find(&rows, follower).await? else { return Ok(()) };
    for before in &new.profile.also_known_as {
        let Some(old) = actors::by_uri(&rows, before.as_str()).await? else { continue };
        if old.profile.moved_to.as_ref() == Some(&new.uri) {
            followers::remove(&doing.tx, followed, old.id).await?;
        }
    }
    Ok(())
}

/// Where an address of ours leads since its association moved.
pub async fn new_address(app: &App, association: ActorId) -> Result<Option<Url>> {
    let actor = actors::find(&app.store.rows(), association).await?;
    Ok(actor.filter(|actor| actor.local).and_then(|actor| actor.profile.moved_to))
}
