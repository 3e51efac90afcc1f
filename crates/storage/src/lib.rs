//! Rows and files: one database, SQLite or PostgreSQL, behind plain functions of the nouns.
//!
//! The only crate that names `sea-orm`. It stores and finds, and decides nothing: rules live in `domain`,
//! transactions are begun and committed by `app`. What differs between the two databases stands in [`connect`].
//!
//! Start at [`Store`]. A function that reads takes [`Rows`], one that writes takes [`Tx`].

pub mod activities;
pub mod actors;
pub mod adoptions;
pub mod affiliations;
pub mod arrivals;
pub mod associations;
pub mod audiences;
pub mod blobs;
pub mod blocks;
pub mod calls;
pub mod carries;
pub mod causes;
pub mod changes;
pub mod connect;
pub mod connections;
pub mod counters;
pub mod decisions;
pub mod deliveries;
pub mod desks;
pub mod drafts;
mod entities;
pub mod error;
pub mod events;
pub mod followers;
pub mod heard;
pub mod hosts;
pub mod invitations;
pub mod items;
pub mod lists;
pub mod mails;
pub mod moves;
pub mod network;
pub mod nominations;
pub mod offers;
pub mod partnerships;
pub mod people;
pub mod pictures;
pub mod pledges;
pub mod projects;
pub mod reactions;
mod read;
pub mod replies;
pub mod reports;
pub mod rsvps;
pub mod rules;
pub mod sessions;
pub mod settings;
pub mod streams;
pub mod tombstones;
pub mod updates;
pub mod visitors;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};

pub use error::StorageError;

/// What a storage function answers.
pub type Result<T> = std::result::Result<T, StorageError>;

/// An open database: one writer and several readers on SQLite, one pool on PostgreSQL.
#[derive(Debug, Clone)]
pub struct Store {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

/// Where reads go: the readers' pool, or a transaction that sees its own writes.
#[derive(Debug)]
pub struct Rows<'a>(DatabaseExecutor<'a>);

/// A transaction that may write. Only `app` begins and commits one; dropping it undoes everything.
#[derive(Debug)]
pub struct Tx(DatabaseTransaction);

impl Store {
    /// Reads outside of a transaction.
    pub fn rows(&self) -> Rows<'_> {
        Rows(DatabaseExecutor::Connection(&self.reader))
    }

    /// Begins a transaction that may write: `BEGIN IMMEDIATE` on SQLite, so that it never fails half-way.
    pub async fn begin(&self) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(Tx(self.writer.begin_with_options(options).await?))
    }

    /// Is this SQLite, the one-file kind?
    pub fn is_one_file(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Sqlite
    }

    /// Closes every connection; what was committed stays.
    pub async fn close(&self) -> Result<()> {
        self.reader.close_by_ref().await?;
        Ok(self.writer.close_by_ref().await?)
    }
}

impl Tx {
    /// Reads that see what this transaction wrote.
    pub fn rows(&self) -> Rows<'_> {
        Rows(DatabaseExecutor::Transaction(&self.0))
    }

    /// Makes everything this transaction wrote durable.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }

    /// Waits until nobody else holds the named lock, and holds it to the end of the transaction.
    /// SQLite has one writer, so that there the lock is held already.
    pub async fn lock(&self, name: &str) -> Result<()> {
        if self.0.get_database_backend() == DbBackend::Postgres {
            let sql = "SELECT pg_advisory_xact_lock(hashtext($1))";
            self.0
                .query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()]))
                .await?;
        }
        Ok(())
    }
}

/// A statement in SQL that both databases read, with `$1`-style values.
fn statement(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}
