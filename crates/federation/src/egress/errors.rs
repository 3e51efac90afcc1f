//! Why a fetch or a delivery did not happen, told apart by what one should do next.

use std::error::Error;

use crate::{signatures::SignFault, strict_json::JsonFault};

/// An address this server does not talk to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// Not `https`.
    #[error("only https addresses are asked")]
    Scheme,
    /// Another port than the scheme's own.
    #[error("only the standard port is asked")]
    Port,
    /// A user name or password in the address.
    #[error("addresses with a user name are not asked")]
    UserName,
    /// No host, a host that ends in a dot, or numbers outside the public internet.
    #[error("the host is not a public one")]
    Host,
    /// The name leads to an address outside the public internet.
    #[error("the name leads to an address that is not public")]
    Address,
    /// Our own host: what is ours is in the database.
    #[error("this server does not ask itself")]
    Ourselves,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A rule forbids it, here or at a redirect.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// The answer was 404 or 410: it is not there (any more).
    #[error("it is not there: {0}")]
    Gone(u16),
    /// Any other status that is no success.
    #[error("answered with status {0}")]
    Status(u16),
    /// Redirected more often than we follow.
    #[error("redirected too often")]
    Redirects,
    /// A redirect without a usable `Location`.
    #[error("redirected to nowhere")]
    Location,
    /// Not the media type asked for, or compressed without being asked.
    #[error("answered with another kind of document than asked for")]
    MediaType,
    /// More than [`super::LARGEST_DOCUMENT`] bytes.
    #[error("the document is too large")]
    TooLarge,
    /// Not plain JSON.
    #[error(transparent)]
    Json(#[from] JsonFault),
    /// The document's id is not where it was found.
    #[error("the document says it is another one")]
    OtherDocument,
    /// Took longer than [`super::TOTAL`].
    #[error("took too long")]
    TooSlow,
    /// No connection, no TLS, or broken off; the text names the cause.
    #[error("could not be reached: {0}")]
    Unreachable(String),
    /// We could not sign our request.
    #[error(transparent)]
    Unsigned(#[from] SignFault),
}

impl FetchError {
    /// Whether asking again later may help.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::TooSlow | Self::Unreachable(_) => true,
            Self::Status(status) => *status >= 500 || matches!(status, 408 | 425 | 429),
            _ => false,
        }
    }
}

/// Why a delivery got no answer at all. An answer of any status is no error.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// A rule forbids it.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// Took longer than [`super::TOTAL`].
    #[error("took too long")]
    TooSlow,
    /// No connection, no TLS, or broken off; the text names the cause.
    #[error("could not be reached: {0}")]
    Unreachable(String),
}

/// What the network layer reported: a rule of ours that stopped it deep inside, or its own trouble.
pub(super) enum Trouble {
    NotAllowed(NotAllowed),
    TooSlow,
    Unreachable(String),
}

impl Trouble {
    /// Looks through the chain of causes.
    pub(super) fn of(error: &(dyn Error + 'static), timed_out: bool) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        let mut deepest = String::new();
        while let Some(error) = cause {
            if let Some(rule) = error.downcast_ref::<NotAllowed>() {
                return Self::NotAllowed(*rule);
            }
            deepest = error.to_string();
            cause = error.source();
        }
        if timed_out { Self::TooSlow } else { Self::Unreachable(deepest) }
    }
}

impl From<Trouble> for FetchError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NotAllowed(rule) => Self::NotAllowed(rule),
            Trouble::TooSlow => Self::TooSlow,
            Trouble::Unreachable(cause) => Self::Unreachable(cause),
        }
    }
}

impl From<Trouble> for SendError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NotAllowed(rule) => Self::NotAllowed(rule),
            Trouble::TooSlow => Self::TooSlow,
            Trouble::Unreachable(cause) => Self::Unreachable(cause),
        }
    }
}
