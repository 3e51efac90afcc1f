//! Sentences about where things stand that several nouns share.

use jiff::tz::TimeZone;

use crate::items::AnotherDay;

/// "Left for another day: no saplings to be had. We look at it again on Monday 2 November 2026."
pub fn another_day(day: &AnotherDay, zone: &TimeZone) -> String {
    let again = day.wake.map(|at| format!(" We look at it again on {}.", at.day_in_words(zone)));
    format!("Left for another day: {}{}", sentence(&day.reason), again.unwrap_or_default())
}

/// "Called off: storm warning."
pub fn called_off(reason: &str) -> String {
    format!("Called off: {}", sentence(reason))
}

/// The words with a full stop, unless they end in one of their own.
pub fn sentence(words: &str) -> String {
    let words = words.trim();
    if words.ends_with(['.', '!', '?', '\u{2026}']) { words.to_owned() } else { format!("{words}.") }
}
