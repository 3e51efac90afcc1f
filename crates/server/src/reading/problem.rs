//! What can be wrong in something that was written, in words for whoever wrote it.

use std::fmt;

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the text, on this line, counted from 1.
    Line(usize),
    /// In this environment variable.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where it was written; none when it was written nowhere.
    pub place: Option<Place>,
    /// Which key it is about: `federation.per_host`, `needs[0].kind`. Empty for the text as a whole.
    pub key: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// The ways of being wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Wrong {
    /// The text is not TOML, or has no front matter; a sentence says why.
    Text(String),
    /// No key of this name belongs there.
    Unknown {
        /// The keys that do.
        allowed: Vec<String>,
        /// The key that was probably meant.
        meant: Option<String>,
        /// The key belongs at the top, above the first `[table]`.
        belongs_at_top: bool,
    },
    /// A key that is needed was not written.
    Missing {
        /// What the key is for.
        about: String,
        /// A line one could write.
        example: Option<String>,
    },
    /// The value does not fit; ends the sentence "`key` …".
    Value(String),
}

impl Problem {
    /// A value that does not fit.
    pub fn value(place: Option<Place>, key: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { place, key: key.into(), wrong: Wrong::Value(sentence.into()) }
    }

    /// Something about the text as a whole.
    pub fn text(line: usize, sentence: impl Into<String>) -> Self {
        Self { place: Some(Place::Line(line)), key: String::new(), wrong: Wrong::Text(sentence.into()) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        let key = &self.key;
        match &self.wrong {
            Wrong::Text(sentence) => f.write_str(sentence),
            Wrong::Value(sentence) => write!(f, "`{key}` {sentence}"),
            Wrong::Missing { about, example } => {
                write!(f, "`{key}` is missing. {about}")?;
                example.as_ref().map_or(Ok(()), |example| write!(f, " Write for example: {example}"))
            }
            Wrong::Unknown { belongs_at_top: true, .. } => {
                let name = key.rsplit('.').next().unwrap_or(key);
                write!(
                    f,
                    "`{key}` is not known; `{name}` belongs further up, above the first line in [brackets]"
                )
            }
            Wrong::Unknown { allowed, meant, .. } => {
                write!(f, "`{key}` is not known.")?;
                if let Some(meant) = meant {
                    write!(f, " Did you mean `{meant}`?")?;
                }
                write!(f, " Allowed here: {}", allowed.join(", "))
            }
        }
    }
}
