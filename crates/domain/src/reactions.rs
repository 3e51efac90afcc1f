//! Likes and boosts. Kept as state (who, what), since real servers use one id again and again.

/// A like or a boost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// `Like`.
    Like,
    /// `Announce`.
    Boost,
}

impl Reaction {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Boost => "boost",
        }
    }
}
