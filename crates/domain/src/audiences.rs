//! How far something reaches, as its author said.

/// How far something reaches. From the widest to the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Everyone, and in public lists.
    Public,
    /// Everyone who finds it (`Public` in `cc`).
    Unlisted,
    /// The followers of its author.
    Followers,
    /// Those it names, and nobody else.
    Direct,
}

impl Reach {
    /// Every reach.
    pub const ALL: [Self; 4] = [Self::Public, Self::Unlisted, Self::Followers, Self::Direct];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Followers => "followers",
            Self::Direct => "direct",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.word() == word)
    }

    /// May it ever be shown to everyone? What is for followers or for those it names may not.
    pub fn may_be_shown(self) -> bool {
        matches!(self, Self::Public | Self::Unlisted)
    }

    /// May others carry it? Only what its author wants in public lists.
    pub fn may_be_carried(self) -> bool {
        self == Self::Public
    }
}
