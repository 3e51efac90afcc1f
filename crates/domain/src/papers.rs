//! The twelve papers: each association prints its notices on one, chosen as at the copy shop.

use crate::ActorId;

/// A paper. Only its hue is its own; how well one reads on it is the same for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paper {
    /// Rose.
    Rose,
    /// Salmon.
    Salmon,
    /// Apricot.
    Apricot,
    /// Canary yellow.
    Canary,
    /// Lime.
    Lime,
    /// Mint.
    Mint,
    /// Aqua.
    Aqua,
    /// Sky blue.
    Sky,
    /// Cornflower blue.
    Cornflower,
    /// Lilac.
    Lilac,
    /// Orchid.
    Orchid,
    /// Stone grey.
    Stone,
}

impl Paper {
    /// Every paper with its word, round the wheel of colours.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Rose, "rose"),
        (Self::Salmon, "salmon"),
        (Self::Apricot, "apricot"),
        (Self::Canary, "canary"),
        (Self::Lime, "lime"),
        (Self::Mint, "mint"),
        (Self::Aqua, "aqua"),
        (Self::Sky, "sky"),
        (Self::Cornflower, "cornflower"),
        (Self::Lilac, "lilac"),
        (Self::Orchid, "orchid"),
        (Self::Stone, "stone"),
    ];

    /// The word in the database, in files and in the look.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(paper, _)| *paper == self).map_or("mint", |(_, word)| word)
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(paper, _)| paper)
    }

    /// The paper of whoever has chosen none: their id chooses.
    pub fn of(id: ActorId) -> Self {
        let chosen = usize::try_from(id.0.as_u128() % 12).unwrap_or_default();
        Self::ALL.get(chosen).map_or(Self::Mint, |(paper, _)| *paper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_words_and_everybody_has_one() {
        for (paper, word) in Paper::ALL {
            assert_eq!((paper.word(), Paper::parse(word)), (word, Some(paper)));
        }
        assert_eq!(Paper::parse("gold"), None);
        assert_eq!(Paper::of(ActorId(uuid::Uuid::from_u128(5 + 12 * 7))), Paper::Mint);
    }
}
