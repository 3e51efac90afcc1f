//! The words of choices.

use folkmoot_domain::{actors::Actor, calls::HelpKind, items::ItemKind, places::Point};

use super::{Listing, When};
use crate::{rows::By, words};

pub(super) fn name(actor: &Actor) -> String {
    let by = By::new(actor);
    if by.nobody { "Nobody yet".to_owned() } else { by.name }
}

pub(super) fn name_of(point: Point, places: &[(Point, String)]) -> String {
    let known = places.iter().find(|(known, _)| *known == point).map(|(_, name)| name.clone());
    let name = known
        .unwrap_or_else(|| format!("{:.2}, {:.2}", point.latitude, point.longitude).replace('-', "\u{2212}"));
    format!("Near {name}")
}

pub(super) fn within(miles: u32) -> String {
    if miles == 1 { "Within a mile".to_owned() } else { format!("Within {miles} miles") }
}

/// Kinds of help as one looks for them.
pub(super) fn help(kind: HelpKind) -> &'static str {
    match kind {
        HelpKind::Time => "Time",
        HelpKind::Skill => "A skill",
        HelpKind::Thing => "A thing",
        HelpKind::Space => "A space",
        HelpKind::Money => "Money",
        HelpKind::Voice => "Your voice",
    }
}

pub(super) fn time(listing: &Listing, when: When) -> String {
    let calls = listing.kinds == [ItemKind::Call];
    let said = match when {
        When::Ahead if calls => "Open",
        When::Ahead => "Ahead",
        When::Week if calls => "Closes within 7 days",
        When::Week => "Within 7 days",
        When::Month if calls => "Closes within 30 days",
        When::Month => "Within 30 days",
        When::Over => "Over",
        When::Day(date) => return words::date_in_words(date),
    };
    said.to_owned()
}
