//! Gives an organiser an account. They have not chosen a handle, so it is made of their name.

use folkmoot_app::{App, By, Error, people};
use folkmoot_domain::{Refusal, people::Person, text::Handle};

/// Handles tried before giving up: `ruth-okafor`, `ruth-okafor-2`, …
const TRIES: u32 = 50;

/// Gives a person an account, or finds the one that this mail address has.
pub async fn enrol(app: &App, name: &str, email: &str) -> folkmoot_app::Result<Person> {
    let mut last = Refusal::HandleTaken(String::new()).into();
    for handle in handles(name) {
        match people::enrol(app, &By::operator(), name, &handle, email).await {
            Err(Error::Refused(Refusal::HandleTaken(taken))) => last = Refusal::HandleTaken(taken).into(),
            other => return other,
        }
    }
    Err(last)
}

/// A handle made of a name: what cannot stand in one is left out.
pub fn handle_of(name: &str) -> Option<Handle> {
    let spaced: String = name
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_whitespace() { '-' } else { letter })
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
        .take(36)
        .collect();
    let words: Vec<&str> = spaced.split('-').filter(|word| !word.is_empty()).collect();
    Handle::parse(&words.join("-")).ok()
}

fn handles(name: &str) -> impl Iterator<Item = Handle> {
    let first = handle_of(name).map_or_else(|| "organiser".to_owned(), |handle| handle.to_string());
    let others = (2..=TRIES).map({
        let first = first.clone();
        move |number| format!("{first}-{number}")
    });
    std::iter::once(first).chain(others).filter_map(|text| Handle::parse(&text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_come_from_names() {
        let of = |name| handle_of(name).map(|handle| handle.to_string());
        assert_eq!(of("Ruth Okafor").as_deref(), Some("ruth-okafor"));
        assert_eq!(of("  Łukasz  O'Neill-Wójcik ").as_deref(), Some("ukasz-oneill-wjcik"));
        assert_eq!(of("رقیہ"), None);
        assert_eq!(of("Admin"), None);
        let mut tried = handles("رقیہ").map(|handle| handle.to_string());
        assert_eq!(tried.next().as_deref(), Some("organiser"));
        assert_eq!(tried.next().as_deref(), Some("organiser-2"));
    }
}
