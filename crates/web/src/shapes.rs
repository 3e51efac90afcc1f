//! Shapes and papers: what the eye takes in before it reads. A shape and a word tell a kind and a state, never a colour.

use folkmoot_domain::items::ItemKind;

use crate::assets::{Icon, icon as drawn};

/// The word of a kind, as it stands alone.
pub(crate) fn heading(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Project => "Project",
        ItemKind::Call => "Call",
        ItemKind::Event => "Event",
        ItemKind::Update => "Update",
    }
}

/// What stands over the text of an item of this kind.
pub(crate) fn about(kind: ItemKind) -> Option<&'static str> {
    match kind {
        ItemKind::Project => Some("What it is"),
        ItemKind::Call => Some("Why"),
        ItemKind::Event => Some("What happens"),
        ItemKind::Update => None,
    }
}

/// The shape of a kind: a sprout, a hand, a leaf of the calendar, a written sheet.
pub(crate) fn icon(kind: ItemKind) -> Icon {
    match kind {
        ItemKind::Project => drawn::KIND_PROJECT,
        ItemKind::Call => drawn::KIND_CALL,
        ItemKind::Event => drawn::KIND_EVENT,
        ItemKind::Update => drawn::KIND_UPDATE,
    }
}

/// The drawing beside a fact, and whether its word is needed still: a clock says "when" by itself.
pub(crate) fn fact(term: &str) -> (Icon, bool) {
    match term {
        "When" => (drawn::CLOCK, false),
        "Where" => (drawn::MAP_PIN, false),
        "Bring" => (drawn::BACKPACK, true),
        "Closes" => (drawn::CALENDAR_CLOCK, true),
        "Needed" => (drawn::HAND_HELPING, false),
        "Needs" => (drawn::HAND_HELPING, true),
        "Online" => (drawn::VIDEO, false),
        "Room" => (drawn::USERS, true),
        "Helps" | "Part of" => (drawn::KIND_PROJECT, true),
        _ => (drawn::CIRCLE_DOT, true),
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

    /// As it stands alone: "Left for another day".
    pub(crate) fn alone(&self) -> String {
        let mut letters = self.words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// Is there nothing to draw beside the words?
    pub(crate) fn is_plain(&self) -> bool {
        self.tone == Tone::Plain
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
    pub(crate) fn mark(self) -> Icon {
        match self {
            Self::Good => drawn::CIRCLE_CHECK,
            Self::Look => drawn::TRIANGLE_ALERT,
            Self::Stop => drawn::CIRCLE_X,
            Self::Plain => drawn::INFO,
        }
    }
}
