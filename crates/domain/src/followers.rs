//! Followers: who hears of what an association, or the instance, publishes.

use url::Url;

use crate::{ActorId, Moment, actors::Actor};

/// Somebody follows one of ours.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowerSeen {
    /// Who is followed.
    pub followed: ActorId,
    /// Who follows.
    pub follower: Actor,
    /// The id of their `Follow`, as they sent it.
    pub follow: Url,
    /// Since when.
    pub since: Moment,
}
