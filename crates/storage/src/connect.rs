//! Opening a database, and everything in which SQLite and PostgreSQL differ at that moment.
//!
//! SQLite: WAL, `synchronous=FULL` (what was acknowledged survives a power cut), foreign keys on, one writer.
//! These are asserted after opening, not hoped for.

use std::time::Duration;

use folkmoot_migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use crate::{Result, StorageError, Store, Tx};

/// How many connections read at once.
const READERS: u32 = 8;
/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(5);

impl Store {
    /// Opens `sqlite:///path/to/file` or `postgres://…` and checks its settings. Tables are made by [`Store::migrate`].
    pub async fn open(url: &str) -> Result<Self> {
        let store = if url.starts_with("sqlite:") {
            Self::open_file(url).await?
        } else {
            Self::open_server(url).await?
        };
        store.assert_settings().await?;
        Ok(store)
    }

    async fn open_file(url: &str) -> Result<Self> {
        let writer = connect_file(url, 1).await?;
        let reader = connect_file(url, READERS).await?;
        Ok(Self { writer, reader })
    }

    async fn open_server(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(READERS + 8).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
        let pool = Database::connect(options).await?;
        Ok(Self { writer: pool.clone(), reader: pool })
    }

    /// Brings the schema up to date; does nothing when it is. Two processes at once take turns.
    pub async fn migrate(&self) -> Result<()> {
        if self.is_one_file() {
            return Ok(Migrator::up(&self.writer, None).await?);
        }
        // PostgreSQL has no lock of its own around migrations.
        let turn = Tx(self.reader.begin().await?);
        turn.lock("folkmoot migrations").await?;
        Migrator::up(&self.writer, None).await?;
        turn.commit().await
    }

    /// How many migrations are still to be run.
    pub async fn pending_migrations(&self) -> Result<usize> {
        Ok(Migrator::get_pending_migrations(&self.writer).await?.len())
    }

    async fn assert_settings(&self) -> Result<()> {
        if !self.is_one_file() {
            let synchronous = setting(&self.writer, "SHOW synchronous_commit").await?;
            return expect("synchronous_commit", &synchronous, |value| value != "off");
        }
        for connection in [&self.writer, &self.reader] {
            expect("journal_mode", &setting(connection, "PRAGMA journal_mode").await?, |value| {
                value == "wal"
            })?;
            expect("synchronous", &number(connection, "PRAGMA synchronous").await?, |value| value == "2")?;
            expect("foreign_keys", &number(connection, "PRAGMA foreign_keys").await?, |value| value == "1")?;
        }
        Ok(())
    }
}

async fn connect_file(url: &str, connections: u32) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .min_connections(1)
        .max_connections(connections)
        // The one writer is waited for in line, by whoever has something to write.
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(PATIENCE)
                .statement_cache_capacity(256)
        });
    Ok(Database::connect(options).await?)
}

fn expect(name: &str, value: &str, fits: impl Fn(&str) -> bool) -> Result<()> {
    if fits(value) { Ok(()) } else { Err(StorageError::Unsafe(format!("{name} is {value}"))) }
}

async fn setting(connection: &DatabaseConnection, sql: &str) -> Result<String> {
    let row =
        connection.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await?;
    let row = row.ok_or_else(|| StorageError::Unsafe(format!("no answer to {sql}")))?;
    Ok(row.try_get_by_index::<String>(0)?)
}

async fn number(connection: &DatabaseConnection, sql: &str) -> Result<String> {
    let row =
        connection.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await?;
    let row = row.ok_or_else(|| StorageError::Unsafe(format!("no answer to {sql}")))?;
    Ok(row.try_get_by_index::<i32>(0)?.to_string())
}
