//! Everything one can do with a connection: begin to listen to an association anywhere, hear the answer, end it.
//!
//! Between two of ours it needs no wire: it holds at once.

use folkmoot_domain::{ActorId, connections::Connection};

use crate::{Doing, Result};

/// One of ours begins to listen to somebody, as part of something else that is done. Twice is once.
pub(crate) async fn connect_within(
    _doing: &Doing<'_>,
    _seeker: ActorId,
    _target: ActorId,
) -> Result<Option<Connection>> {
    Ok(None)
}

/// One of ours listens no more, as part of something else that is done.
pub(crate) async fn disconnect_within(_doing: &Doing<'_>, _seeker: ActorId, _target: ActorId) -> Result<()> {
    Ok(())
}
