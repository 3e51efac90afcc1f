//! What a carry with a reason says: the reason first, then whose it is and where to read it.

use crate::{actors::Actor, items::Item};

use super::Paragraphs;

/// The words of a Note that quotes an item, safe HTML.
pub fn carry(reason: &str, item: &Item, home: &Actor) -> String {
    let title = if item.title.is_empty() { "read it there" } else { item.title.as_str() };
    Paragraphs::default().say(reason).credit(home, &item.page, title).finish()
}
