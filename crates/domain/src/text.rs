//! Words that people write: handles, titles, languages, and prose in its source and its safe HTML.
//!
//! The HTML itself is made by `app`; here a [`Prose`] is only carried.

use crate::{Refusal, characters};

/// The part of an address before the `@`: `park-friends` in `@park-friends@hyde.example`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handle(String);

/// Handles that would be mistaken for the server itself.
const RESERVED: [&str; 26] = [
    "abuse",
    "actor",
    "admin",
    "administrator",
    "api",
    "folkmoot",
    "help",
    "hostmaster",
    "inbox",
    "instance",
    "moderator",
    "moderators",
    "no-reply",
    "noreply",
    "official",
    "outbox",
    "postmaster",
    "root",
    "security",
    "staff",
    "steward",
    "stewards",
    "support",
    "system",
    "team",
    "webmaster",
];

impl Handle {
    /// Lower-case letters, digits, `-`, `_` and `.` inside, 2 to 40 characters: what every peer accepts
    /// (Mastodon's expression for user names is the narrowest).
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let handle = text.trim().trim_start_matches('@').to_lowercase();
        let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let inside = |c: char| edge(c) || c == '-' || c == '.';
        let fits = (2..=40).contains(&handle.len())
            && handle.chars().all(inside)
            && handle.starts_with(edge)
            && handle.ends_with(edge);
        if !fits {
            return Err(Refusal::field(
                "handle",
                "use 2 to 40 of a\u{2013}z, 0\u{2013}9, hyphen, dot and underscore, starting and ending with a letter or digit",
            ));
        }
        if RESERVED.contains(&handle.as_str()) {
            return Err(Refusal::HandleTaken(handle));
        }
        Ok(Self(handle))
    }

    /// A handle made of a name, as somebody might type it: "Park Friends" becomes `park-friends`. Names without any
    /// letter that fits have none.
    pub fn suggested(name: &str) -> Option<Self> {
        let plain = name.to_lowercase().replace(['\'', '\u{2019}'], "");
        let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let mut handle = String::new();
        for word in words {
            if handle.len() + 1 + word.len() > 40 {
                break;
            }
            if !handle.is_empty() {
                handle.push('-');
            }
            handle.push_str(word);
        }
        Self::parse(&handle).ok()
    }

    /// A handle that was checked before it was stored.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The handle without `@`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an organiser wrote, and the safe HTML made of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prose {
    /// Markdown as written.
    pub source: String,
    /// HTML through the allow-list, ready to be shown and sent.
    pub html: String,
}

/// A language as BCP 47 writes it: `en`, `pl`, `ur`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Language(String);

impl Language {
    /// Two or three letters, with an optional part after a hyphen.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let tag = text.trim();
        let mut parts = tag.split('-');
        let first = parts.next().unwrap_or_default();
        let fits = (2..=3).contains(&first.len())
            && first.chars().all(|c| c.is_ascii_lowercase())
            && parts
                .all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
        if fits {
            Ok(Self(tag.to_owned()))
        } else {
            Err(Refusal::field("language", "write a code such as en, pl or ur"))
        }
    }

    /// English.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// A tag that was checked before it was stored.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One line of text for people: trimmed, without control characters, not empty, at most `most` characters.
pub fn line(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let line = optional_line(field, text, most)?;
    if line.is_empty() { Err(Refusal::field(field, "must not be empty")) } else { Ok(line) }
}

/// The same as [`line()`], but it may be empty.
pub fn optional_line(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let line = characters::plain_line(text);
    let length = line.chars().count();
    if length > most {
        return Err(Refusal::field(field, format!("has {length} characters; at most {most} fit")));
    }
    Ok(line)
}

/// Longer text as written: line breaks kept, at most `most` characters.
pub fn paragraphs(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text: String =
        text.replace("\r\n", "\n").chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect();
    let text = characters::calm(&text);
    let length = text.chars().count();
    if length > most {
        return Err(Refusal::field(field, format!("has {length} characters; at most {most} fit")));
    }
    Ok(text.trim().to_owned())
}

/// What somebody elsewhere wrote, as plain text: cut where it is too long, since nobody is there to write it again.
pub fn excerpt(text: &str, most: usize) -> String {
    let cut: String = text.trim().chars().take(most).collect();
    paragraphs("text", &cut, most).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_what_every_peer_accepts() {
        assert_eq!(Handle::parse(" @Park-Friends ").unwrap().as_str(), "park-friends");
        for bad in ["a", "-park", "park-", "park friends", "pärk", "park@leeds", &"p".repeat(41)] {
            assert!(Handle::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Handle::parse("admin"), Err(Refusal::HandleTaken("admin".into())));
    }

    #[test]
    fn names_suggest_handles() {
        let suggested = |name| Handle::suggested(name).map(|handle| handle.to_string());
        assert_eq!(suggested("Moorside Tree Wardens").as_deref(), Some("moorside-tree-wardens"));
        assert_eq!(suggested("Queen\u{2019}s Road (North)").as_deref(), Some("queens-road-north"));
        assert_eq!(suggested("\u{627}\u{645}\u{62f}\u{627}\u{62f}"), None);
        assert_eq!(suggested("Admin"), None);
        let long = "The Amalgamated Allotment, Orchard and Beekeeping Association";
        assert_eq!(suggested(long).as_deref(), Some("the-amalgamated-allotment-orchard-and"));
    }

    #[test]
    fn lines_lose_breaks_and_control_characters() {
        assert_eq!(line("title", "  Plant\n trees\u{7} ", 20).unwrap(), "Plant trees");
        assert!(line("title", " \n ", 20).is_err());
        assert!(line("title", "four words too many", 4).is_err());
        assert_eq!(paragraphs("text", "a\r\nb\u{0}", 9).unwrap(), "a\nb");
        assert_eq!(excerpt(" four words\u{0} too many ", 10), "four words");
    }

    #[test]
    fn languages_are_tags() {
        assert!(Language::parse("en").is_ok());
        assert!(Language::parse("en-GB").is_ok());
        assert!(Language::parse("English").is_err());
    }
}
