//! Invitations: who may come in, and as what.
//!
//! Nobody gets an account without one. It goes to a mail address, is good once and for a week, and gives exactly what
//! whoever gave it out may give.

use crate::{ActorId, Moment, moments::DAY, roles::Role};

/// How long an invitation is good.
pub const GOOD: i64 = 7 * DAY;

/// Somebody is asked in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Names it; the link cannot be had from it.
    pub hash: String,
    /// To whom it goes.
    pub email: String,
    /// Into which association, and as what; none is onto the board alone.
    pub place: Option<(ActorId, Role)>,
    /// Who asks; none is the operator, or somebody who left.
    pub inviter: Option<ActorId>,
    /// Since when.
    pub since: Moment,
    /// Until when it is good.
    pub expires: Moment,
    /// When it was taken up.
    pub used: Option<Moment>,
}

impl Invitation {
    /// Can it be taken up?
    pub fn is_good(&self, now: Moment) -> bool {
        self.used.is_none() && self.expires > now
    }
}
