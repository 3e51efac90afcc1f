//! Causes: what groups fight for. For now a name and a hashtag; vocabularies and mappings come later.

use url::Url;

use crate::{ActorId, CauseId, Refusal};

/// A cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Our id for it.
    pub id: CauseId,
    /// Who named it.
    pub home: ActorId,
    /// Its ActivityPub id.
    pub uri: Url,
    /// Its page.
    pub page: Url,
    /// The hashtag as people write it, without `#`: `FoodForAll`.
    pub tag: String,
}

impl Cause {
    /// The hashtag with its `#`.
    pub fn hashtag(&self) -> String {
        format!("#{}", self.tag)
    }
}

/// A hashtag without `#`: letters, digits and underscores, at least one of them a letter. Mastodon cuts at all else.
pub fn tag(text: &str) -> Result<String, Refusal> {
    let tag = text.trim().trim_start_matches('#');
    let fits = (1..=60).contains(&tag.chars().count())
        && tag.chars().all(|c| c.is_alphanumeric() || c == '_')
        && tag.chars().any(char::is_alphabetic);
    if fits {
        Ok(tag.to_owned())
    } else {
        Err(Refusal::field(
            "causes",
            format!(
                "\u{201c}{text}\u{201d} is no hashtag; write letters and digits without spaces, such as FoodForAll"
            ),
        ))
    }
}

/// A hashtag of words as people say them: "Street trees" becomes `StreetTrees`. What is one already stays.
pub fn tag_of_words(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [only] => (*only).to_owned(),
        several => several.iter().map(|word| capitalised(word)).collect(),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Under which key two spellings of a hashtag are the same.
pub fn key(tag: &str) -> String {
    tag.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_hashtags() {
        assert_eq!(tag_of_words("Street trees"), "StreetTrees");
        assert_eq!(tag_of_words("#CoolerLeeds"), "CoolerLeeds");
        assert_eq!(tag_of_words("shade by 2030"), "ShadeBy2030");
        assert_eq!(tag_of_words("\u{2014}"), "");
    }
}
