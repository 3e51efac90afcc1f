//! Shapes and papers: what the eye takes in before it reads. A shape and a word tell a kind and a state, never a colour.

use folkmoot_domain::{ActorId, items::ItemKind};

/// The paper of an association. Until it chooses one itself, its id does.
pub(crate) fn paper(id: ActorId) -> &'static str {
    const PAPERS: [&str; 12] = [
        "rose",
        "salmon",
        "apricot",
        "canary",
        "lime",
        "mint",
        "aqua",
        "sky",
        "cornflower",
        "lilac",
        "orchid",
        "stone",
    ];
    let chosen = id.0.as_u128() % 12;
    usize::try_from(chosen).ok().and_then(|index| PAPERS.get(index)).copied().unwrap_or("mint")
}

/// The word of a kind, as it stands alone.
pub(crate) fn heading(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Project => "Project",
        ItemKind::Call => "Call",
        ItemKind::Event => "Event",
        ItemKind::Update => "Update",
    }
}

/// The outline of a kind on a square of 24: a sprout, a hand, a leaf of the calendar, a written sheet.
pub(crate) fn icon(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Project => {
            "M11 22v-7.1C5.6 15 2.6 12 2.3 6.6c5.1-.2 8.2 1.9 9.3 5.6C12.3 7.4 15.6 4.3 21.7 4.2c.2 6.3-3.1 10-8.7 10.3V22z"
        }
        ItemKind::Call => {
            "M7.4 12.2V5.4a1.35 1.35 0 0 1 2.7 0V10h.6V3.2a1.35 1.35 0 0 1 2.7 0V10h.6V4.4a1.35 1.35 0 0 1 2.7 0V11h.6V7.2\
             a1.3 1.3 0 0 1 2.6 0v8.1c0 4-2.7 6.9-6.7 6.9-3 0-4.8-1.2-6.3-3.8L3.3 13c-.9-1.7 1.1-3 2.3-1.6z"
        }
        ItemKind::Event => {
            "M7 1.8a1.2 1.2 0 0 1 1.2 1.2V4h7.6V3a1.2 1.2 0 0 1 2.4 0v1H20a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6\
             a2 2 0 0 1 2-2h1.8V3A1.2 1.2 0 0 1 7 1.8zM4.4 9.4v10.2h15.2V9.4zM13 13h4v4h-4z"
        }
        ItemKind::Update => {
            "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm2 4v2h10V7zm0 4v2h10v-2zm0 4v2h6v-2z"
        }
    }
}

/// Where something stands: a mark, a word, and a tone for those who see colour.
pub(crate) struct State {
    pub words: String,
    pub tone: Tone,
}

/// How a state is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it should be.
    Good,
    /// Worth a look.
    Look,
    /// It does not happen.
    Stop,
    /// Neither.
    Plain,
}

impl State {
    pub(crate) fn new(tone: Tone, words: impl Into<String>) -> Self {
        Self { words: words.into(), tone }
    }
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Look => "look",
            Self::Stop => "stop",
            Self::Plain => "plain",
        }
    }

    /// A shape beside the word, since colour alone says nothing.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Good => "\u{2713}",
            Self::Look => "\u{25D0}",
            Self::Stop => "\u{2715}",
            Self::Plain => "\u{25CB}",
        }
    }
}
