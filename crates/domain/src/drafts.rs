//! Drafts: what an organiser has begun to write. It belongs to the association, so that another organiser can go on.
//!
//! A draft is kept as it was typed, right or wrong; whether it makes a call is asked when it is published.

use crate::{ActorId, DraftId, ItemId, Moment, items::ItemKind};

/// The most drafts that one association keeps.
pub const MANY: u64 = 100;
/// The most bytes that the fields of one draft hold, with their names.
pub const BYTES: usize = 60 * 1024;

/// Something that is not published yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The association it is written for.
    pub home: ActorId,
    /// Who began it.
    pub author: ActorId,
    /// What it becomes.
    pub kind: ItemKind,
    /// One line to know it by in a list; may be empty.
    pub title: String,
    /// The form as it was left: names and values in their order.
    pub fields: Vec<(String, String)>,
    /// When it was begun.
    pub created: Moment,
    /// When it was last kept.
    pub changed: Moment,
    /// What it became. Its fields are gone then; the row stays a while, so that pressing twice publishes once.
    pub item: Option<ItemId>,
}
