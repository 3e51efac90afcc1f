//! Why not: every answer "no" that a rule can give, as a closed list in plain words.

/// A rule said no. The text is for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A field is missing or not usable.
    #[error("{field}: {problem}")]
    Field {
        /// The field as its form names it.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The handle belongs to someone else on this server.
    #[error("the handle \u{201c}{0}\u{201d} is already taken here")]
    HandleTaken(String),
    /// Only an organiser of the association may do this.
    #[error("only an organiser of this association can do that")]
    NotAnOrganiser,
    /// Only a steward of the whole board may do this.
    #[error("only a steward of this board can do that")]
    NotASteward,
    /// An item cannot be passed on.
    #[error("this cannot be passed on: {0}")]
    NotCarried(&'static str),
    /// Only the home of a thing changes its state.
    #[error("this lives on another server, and only there can it be changed")]
    NotHere,
    /// It has moved to another server, with all it has.
    #[error("this association has moved to {0}, and only there can anything be done with it")]
    Moved(String),
    /// The call takes no more answers.
    #[error("this call no longer takes answers")]
    CallOver,
    /// Nobody can come to the event any more.
    #[error("this event is {0}, so nobody can say that they come")]
    EventOver(&'static str),
    /// The thing is over and cannot be changed.
    #[error("this is {0} and cannot be changed any more")]
    Over(&'static str),
    /// The call does not ask for this.
    #[error("the call does not ask for \u{201c}{0}\u{201d}")]
    NoSuchNeed(String),
    /// A pledge cannot move from the one state to the other.
    #[error("a pledge that is {from} cannot become {to}")]
    PledgeCannot {
        /// The state it is in.
        from: &'static str,
        /// The state that was asked for.
        to: &'static str,
    },
    /// The last organiser cannot leave.
    #[error("the last organiser cannot leave; hand over first")]
    LastOrganiser,
    /// Somebody else's activity names a thing it does not own.
    #[error("{0} does not belong to whoever sent this")]
    NotTheOwner(String),
    /// The other server is blocked here.
    #[error("the server {0} is blocked here")]
    Blocked(String),
    /// There is no such thing, or it is not for this reader.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// The link was used or is too old.
    #[error("this link has been used or is too old; ask for a new one")]
    LinkSpent,
    /// No account has this address with this password. Which of the two is wrong is told to nobody.
    #[error("the e-mail address or the password is not right")]
    NotThisPassword,
    /// Too much was asked in too short a time.
    #[error("that was asked too often in a short time; wait {} and try again", in_words(*seconds))]
    TooOften {
        /// How long to wait.
        seconds: u32,
    },
}

/// "a minute", "5 minutes", "2 hours".
fn in_words(seconds: u32) -> String {
    match seconds.div_ceil(60) {
        0 | 1 => "a minute".to_owned(),
        minutes if minutes <= 90 => format!("{minutes} minutes"),
        minutes => format!("{} hours", minutes.div_ceil(60)),
    }
}

impl Refusal {
    /// A field that cannot be used, with what would be right.
    pub fn field(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Field { field, problem: problem.into() }
    }

    /// The same about a field that its form names otherwise.
    #[must_use]
    pub fn about(self, field: &'static str) -> Self {
        match self {
            Self::Field { problem, .. } => Self::Field { field, problem },
            other => other,
        }
    }
}
