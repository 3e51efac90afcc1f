//! Every row of an instance as text: what an attack must not have changed.
//!
//! Read over a connection of its own, past all code under test. Start at [`Tables::all`].

use std::{collections::BTreeMap, fmt};

use anyhow::Result;
use sea_orm::DbBackend;

use crate::database::{connect, rows};

/// Tables that say nothing about others: counts, and the log of migrations.
const APART: [&str; 2] = ["counters", "seaql_migrations"];
/// What an activity leaves behind that was taken (answered 2xx) and then came to nothing: its bytes with the reason, who
/// sent it, and that the server lives.
const TRACES: [&str; 3] = ["arrivals", "actors", "hosts"];

/// The rows of every table, in a fixed order.
#[derive(Clone, PartialEq, Eq)]
pub struct Tables(BTreeMap<String, Vec<String>>);

impl Tables {
    /// All that is stored, byte for byte, save counts.
    pub async fn all(url: &str) -> Result<Self> {
        let connection = connect(url).await?;
        let postgres = connection.get_database_backend() == DbBackend::Postgres;
        let names = if postgres {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        } else {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1"
        };
        let mut tables = BTreeMap::new();
        for name in rows(&connection, names).await? {
            if !APART.contains(&name.as_str()) {
                let columns = if postgres {
                    "row_to_json(t)::text".to_owned()
                } else {
                    quoted(&connection, &name).await?
                };
                let found =
                    rows(&connection, &format!("SELECT {columns} FROM \"{name}\" t ORDER BY 1")).await?;
                tables.insert(name, found);
            }
        }
        connection.close().await?;
        Ok(Self(tables))
    }

    /// The same without the traces that an activity leaves which was taken and then came to nothing.
    #[must_use]
    pub fn without_traces(mut self) -> Self {
        self.0.retain(|name, _| !TRACES.contains(&name.as_str()));
        self
    }

    /// What was added (`+`) and what went (`-`) from these tables to those.
    pub fn changes(&self, later: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for (name, before) in &self.0 {
            let after = later.0.get(name).map(Vec::as_slice).unwrap_or_default();
            changes.extend(
                before.iter().filter(|row| !after.contains(row)).map(|row| format!("- {name}: {row}")),
            );
            changes.extend(
                after.iter().filter(|row| !before.contains(row)).map(|row| format!("+ {name}: {row}")),
            );
        }
        changes
    }

    /// The rows of one table.
    pub fn rows(&self, name: &str) -> &[String] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

impl fmt::Debug for Tables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, rows) in &self.0 {
            writeln!(formatter, "{name}: {} rows", rows.len())?;
        }
        Ok(())
    }
}

/// Every column of a SQLite table in one text, each value in its own spelling.
async fn quoted(connection: &sea_orm::DatabaseConnection, table: &str) -> Result<String> {
    let columns = rows(connection, &format!("SELECT name FROM pragma_table_info('{table}')")).await?;
    let quoted: Vec<String> =
        columns.iter().map(|column| format!("'{column}=' || quote(\"{column}\")")).collect();
    Ok(quoted.join(" || ' ' || "))
}

#[cfg(test)]
mod tests {
    use crate::{database::Database, world::World};

    async fn shows_every_change(database: Database) {
        let world = World::new(database, ["hyde.test"]).await;
        let hyde = world.home();
        let empty = hyde.tables().await;
        assert_eq!(empty.changes(&hyde.tables().await), Vec::<String>::new());
        assert_eq!(empty.rows("actors").len(), 1, "the instance itself");

        let park = hyde.found("park-friends").await;
        let item = park.project("A pond").await.seen.item;
        let full = hyde.tables().await;
        let changes = empty.changes(&full).join("\n");
        for table in ["actors", "associations", "handles", "items", "projects", "changes", "causes", "people"]
        {
            assert!(changes.contains(&format!("+ {table}: ")), "{table}: {changes}");
        }

        park.edit(item.id, "A lake", "").await;
        let changes = full.changes(&hyde.tables().await);
        assert!(
            changes.iter().any(|row| row.starts_with("- items: ") && row.contains("A pond")),
            "{changes:?}"
        );
        assert!(
            changes.iter().any(|row| row.starts_with("+ items: ") && row.contains("A lake")),
            "{changes:?}"
        );
        assert_ne!(full, hyde.tables().await);
        assert!(hyde.tables().await.without_traces().rows("actors").is_empty());
        world.settle().await;
    }

    #[tokio::test]
    async fn every_change_shows_on_sqlite() {
        shows_every_change(Database::Sqlite).await;
    }

    #[tokio::test]
    async fn every_change_shows_on_postgres() {
        shows_every_change(Database::Postgres).await;
    }
}
