//! Updates: news about a project, call or event.

use url::Url;

use crate::{
    ItemId,
    items::{ItemKind, ItemSeen},
};

/// The reading shape of an update.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateSeen {
    /// The common head.
    pub seen: ItemSeen,
    /// What it is about; news from elsewhere may be about nothing that is kept here.
    pub about: Option<About>,
}

/// What an update or a Note is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The item.
    pub id: ItemId,
    /// What it is.
    pub kind: ItemKind,
    /// Its ActivityPub id.
    pub uri: Url,
    /// Its page.
    pub page: Url,
    /// Its title.
    pub title: String,
}
