//! What can go wrong with a database, in terms that the floors above can act on.

use sea_orm::{DbErr, SqlErr};

/// A failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A row with this key is there already. Names the constraint as the database does.
    #[error("there is a row with this key already ({0})")]
    Duplicate(String),
    /// The settings of the database are not those that keep data safe.
    #[error("the database is not safe to use: {0}")]
    Unsafe(String),
    /// A stored value cannot be read; somebody changed the file, or a migration is missing.
    #[error("a stored value cannot be read: {0}")]
    Unreadable(String),
    /// A file could not be read or written.
    #[error("the files failed: {0}")]
    Files(String),
    /// The database did not do it.
    #[error("the database failed: {0}")]
    Database(DbErr),
}

impl From<DbErr> for StorageError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(constraint)) => Self::Duplicate(constraint),
            _ => Self::Database(error),
        }
    }
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        Self::Files(error.to_string())
    }
}

impl StorageError {
    /// A stored word that no release has written.
    pub(crate) fn unreadable(what: &str, value: &str) -> Self {
        Self::Unreadable(format!("{what} \u{201c}{value}\u{201d}"))
    }
}
