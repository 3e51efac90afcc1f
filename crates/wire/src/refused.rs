//! Why a document from elsewhere is turned away as a whole: a closed list in calm words.
//!
//! Refused means that believing it would be wrong. What is merely unknown to us is not refused: it
//! becomes [`crate::Incoming::NotUnderstood`], is counted, and is kept for a while.

/// A document broke a rule that protects somebody. The text may be shown to whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a JSON object.
    #[error("this is not one JSON object")]
    NotAnObject,
    /// The inline context gives a word of ActivityStreams another meaning.
    #[error(
        "the context gives \u{201c}{0}\u{201d} another meaning, so readers would disagree about this document"
    )]
    Context(String),
    /// A property without which the document means nothing.
    #[error("\u{201c}{0}\u{201d} is missing")]
    Missing(&'static str),
    /// A list where exactly one thing may stand.
    #[error("\u{201c}{0}\u{201d} must be one value, not several")]
    Several(&'static str),
    /// Neither an address nor anything else that may stand here.
    #[error("\u{201c}{0}\u{201d} is not in a form we accept")]
    Malformed(&'static str),
    /// The thing lives under another scheme, host or port than whoever speaks of it (FEP-fe34).
    #[error("\u{201c}{0}\u{201d} belongs to another server than the one that sent it")]
    OtherOrigin(&'static str),
    /// The thing names another author than the actor.
    #[error("\u{201c}{0}\u{201d} is not whoever sent this")]
    NotTheirs(&'static str),
    /// A thing of a kind that is not read in this place.
    #[error("a thing of the kind \u{201c}{0}\u{201d} is not read here")]
    NotRead(String),
    /// More than one document may hold.
    #[error("too much in \u{201c}{what}\u{201d}: at most {most}")]
    TooMuch {
        /// The property.
        what: &'static str,
        /// How much fits, in entries or bytes.
        most: usize,
    },
}
