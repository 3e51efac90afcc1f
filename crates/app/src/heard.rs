//! What others publish, kept here as the noun it is: new, changed, deleted. Only its home changes it.
//!
//! An item is kept when somebody here asked to hear it: it is from somebody one of ours is connected to, or carried by
//! them, or an answer from here is bound for it.

use folkmoot_domain::{ActorId, ItemId, heard::Heard};

use crate::{Doing, Result};

/// Keeps what an actor published, or changes what is kept already when this is newer; what is dead stays dead. The id of
/// the item when it is kept. An audience never grows by this.
pub(crate) async fn keep(_doing: &Doing<'_>, _home: ActorId, _heard: &Heard) -> Result<Option<ItemId>> {
    Ok(None)
}
