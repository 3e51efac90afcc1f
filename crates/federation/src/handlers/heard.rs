//! What others publish, change, delete and pass on, when somebody here asked to hear it.

use folkmoot_wire::{foreign::ForeignItem, incoming::Act};
use url::Url;

use super::{Ended, Job, Unknown};

/// `Create` of something that answers nothing.
pub(super) async fn published(_job: &Job<'_>, _item: ForeignItem) -> Result<Ended, Unknown> {
    Ok(Ended::ignored("left alone: Create", "it answers nothing of ours, and nobody here asked to hear it"))
}

/// `Update` of an item that is kept here.
pub(super) async fn changed(_job: &Job<'_>, _item: &ForeignItem) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}

/// `Delete` of an item that is kept here, or of the Note with which somebody carried one.
pub(super) async fn deleted(_job: &Job<'_>, _object: &Url) -> Result<Option<Ended>, Unknown> {
    Ok(None)
}

/// `Announce` of something that is not ours, by somebody we listen to.
pub(super) async fn announced(_job: &Job<'_>, _act: &Act) -> Result<Ended, Unknown> {
    Ok(Ended::ignored("left alone: boost", "it is about nothing that is published here"))
}

/// `Undo` of one.
pub(super) async fn unannounced(_job: &Job<'_>, _act: &Act) -> Result<Ended, Unknown> {
    Ok(Ended::ignored("left alone: boost", "it is about nothing that is published here"))
}
