//! Adoptions: the same idea, started elsewhere. The new project names the one it takes up, whose home hears of it and
//! keeps the credit, whatever becomes of either.

use url::Url;

use crate::{ItemId, actors::Actor};

/// So many steps back are drawn, and so many are looked through for circles.
pub const ANCESTORS: usize = 10;
/// So many who took an idea up are drawn.
pub const ADOPTERS: u64 = 50;

/// Where an adoption of one of our projects stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdoptionState {
    /// We heard of it, and no organiser has looked yet.
    Told,
    /// It stands on our project's page.
    Shown,
    /// The organisers do not want it there.
    Declined,
}

impl AdoptionState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Told, Self::Shown, Self::Declined];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Shown => "shown",
            Self::Declined => "declined",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// The project that another takes up, as it was then: the credit stays when it is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Its ActivityPub id.
    pub uri: Url,
    /// What it was called and whose it was: "Street breakfast, by Hyde Park Neighbours". Empty when only its id is known.
    pub words: String,
}

/// One project of a lineage.
#[derive(Debug, Clone, PartialEq)]
pub struct Kin {
    /// Our id for it, when it is kept here.
    pub item: Option<ItemId>,
    /// Its ActivityPub id.
    pub uri: Url,
    /// What it is called: its title, or the words of the credit.
    pub title: String,
    /// Its page.
    pub page: Url,
    /// Whose it is.
    pub home: Option<Actor>,
    /// The word of its state: "active".
    pub state: String,
    /// What came of it; empty until it is done.
    pub outcome: String,
    /// Was it deleted?
    pub gone: bool,
    /// Is it on this board, for everybody?
    pub shown: bool,
}

/// Where an idea came from, and who took it up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lineage {
    /// The oldest first.
    pub ancestors: Vec<Kin>,
    /// The first to take it up first.
    pub adopters: Vec<Kin>,
}

impl Lineage {
    /// Does the project stand alone?
    pub fn is_empty(&self) -> bool {
        self.ancestors.is_empty() && self.adopters.is_empty()
    }
}

/// An adoption of one of our projects, for those who decide whether it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct AdoptionSeen {
    /// The new project.
    pub child: Kin,
    /// Ours.
    pub parent: Kin,
    /// Where it stands.
    pub state: AdoptionState,
}
