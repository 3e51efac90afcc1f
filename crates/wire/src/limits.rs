//! How much of anything one document may hold. Beyond a limit the whole document is refused, so that
//! nothing is ever half read.
//!
//! The figures are our own; each is far above what honest peers send.

use crate::Refused;

/// Entries of `to` and `cc` together.
pub const RECIPIENTS: usize = 500;
/// Entries of `tag`.
pub const TAGS: usize = 100;
/// Entries of `tag` that are a `Mention`.
pub const MENTIONS: usize = 50;
/// Entries of `attachment`.
pub const ATTACHMENTS: usize = 20;
/// Options of a poll.
pub const OPTIONS: usize = 50;
/// Bytes of `content`.
pub const CONTENT: usize = 100 * 1024;
/// Bytes of `name`.
pub const NAME: usize = 2048;
/// Bytes of `summary`.
pub const SUMMARY: usize = 20 * 1024;
/// Bytes of one address.
pub const ADDRESS: usize = 2048;
/// Entries of `alsoKnownAs`.
pub const ALIASES: usize = 20;
/// Public keys of one actor.
pub const KEYS: usize = 10;
/// Bytes of one public key in PEM.
pub const PEM: usize = 8 * 1024;
/// Links of one WebFinger or NodeInfo answer.
pub const LINKS: usize = 100;
/// What one agreement stipulates.
pub const COMMITMENTS: usize = 20;
/// Objects of one report.
pub const REPORTED: usize = 100;

/// Refuses when there is more than fits.
pub(crate) fn at_most(what: &'static str, found: usize, most: usize) -> Result<(), Refused> {
    if found > most { Err(Refused::TooMuch { what, most }) } else { Ok(()) }
}
/// Ties of an actor on one page of their list.
pub const AFFILIATES: usize = 1_000;
