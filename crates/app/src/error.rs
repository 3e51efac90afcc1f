//! Errors of use cases: a kind, a text for people, and a private cause. No HTTP here; each door translates.

use folkmoot_domain::Refusal;
use folkmoot_storage::StorageError;

/// What a use case answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule said no; the text is for whoever asked.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database did not do it; the text is for whoever runs the server.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Something else that the one who asked cannot mend.
    #[error("{0}")]
    Broken(String),
}

impl Error {
    /// What may be shown to whoever asked.
    pub fn public(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.to_string(),
            Self::Storage(_) | Self::Broken(_) => {
                "something went wrong here, and nothing was changed; trying again later may help".to_owned()
            }
        }
    }
}
