//! The schema, forward only: expand first, contract a release later. The same for SQLite and PostgreSQL.
//!
//! Times are epoch milliseconds in BIGINT, ids UUIDs of version 7. Start at [`Migrator`].

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod alliances;
mod first_tables;
mod organising;
mod tables;

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(first_tables::Migration),
            Box::new(organising::Migration),
            Box::new(alliances::Migration),
        ]
    }
}
