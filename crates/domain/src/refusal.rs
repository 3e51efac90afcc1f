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
    /// Only the home of a thing changes its state.
    #[error("this lives on another server, and only there can it be changed")]
    NotHere,
    /// The call takes no more answers.
    #[error("this call no longer takes answers")]
    CallOver,
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
}

impl Refusal {
    /// A field that cannot be used, with what would be right.
    pub fn field(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Field { field, problem: problem.into() }
    }
}
