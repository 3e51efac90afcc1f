//! A database of its own for each instance: a file, or one on the PostgreSQL server of this run.
//!
//! The tables are made once, in a template, and every database is a copy of it: once for each process on SQLite, once for
//! each build on PostgreSQL. Dropping one there takes longer than a test, so nobody waits for that: who makes a database
//! lets two old ones be swept meanwhile.
//! Start at [`Database::fresh`].

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use folkmoot_storage::Store;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as Connection, DatabaseConnection, DbBackend, Statement,
};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use url::Url;

/// Names the server to use, as a URL of a superuser.
const VARIABLE: &str = "FOLKMOOT_TEST_POSTGRES";
/// What to do when it is not there.
const NO_SERVER: &str = "FOLKMOOT_TEST_POSTGRES is not set: `cargo xtask test` starts a PostgreSQL for the whole suite, \
    and `cargo xtask postgres` starts one and prints the line to set";
/// How old a database may become before others sweep it, in seconds.
const OLD: u64 = 15 * 60;
/// The same for a template: another build may still copy it.
const OLD_TEMPLATE: u64 = 24 * 60 * 60;
/// How many are swept while one is made.
const SWEPT: usize = 2;
/// Held while the template is made; any number that nobody else locks.
const TEMPLATE_LOCK: i64 = 0x666f_6c6b;

/// Which of the two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file in a folder that goes with the instance.
    Sqlite,
    /// The server that `FOLKMOOT_TEST_POSTGRES` names.
    Postgres,
}

/// A database with all tables and nothing in them.
pub struct Fresh {
    /// What [`Store::open`] takes.
    pub url: String,
    /// Deleted when dropped.
    _folder: Option<TempDir>,
}

impl Database {
    /// Makes one.
    pub async fn fresh(self) -> Result<Fresh> {
        match self {
            Self::Sqlite => sqlite().await,
            Self::Postgres => postgres().await,
        }
    }
}

async fn sqlite() -> Result<Fresh> {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let template = TEMPLATE.get_or_try_init(sqlite_template).await?;
    let folder = tempfile::Builder::new().prefix("folkmoot-test-").tempdir()?;
    let file = folder.path().join("folkmoot.sqlite");
    fs::write(&file, template)?;
    Ok(Fresh { url: format!("sqlite://{}", file.display()), _folder: Some(folder) })
}

/// The bytes of a database that was closed: whoever closes it last leaves everything in the one file.
async fn sqlite_template() -> Result<Vec<u8>> {
    let folder = tempfile::Builder::new().prefix("folkmoot-test-").tempdir()?;
    let file = folder.path().join("folkmoot.sqlite");
    make_tables(&format!("sqlite://{}", file.display())).await?;
    Ok(fs::read(&file)?)
}

async fn make_tables(url: &str) -> Result<()> {
    let store = Store::open(url).await?;
    store.migrate().await?;
    Ok(store.close().await?)
}

async fn postgres() -> Result<Fresh> {
    let server = std::env::var(VARIABLE).context(NO_SERVER)?;
    let server: Url = server.parse().with_context(|| format!("{VARIABLE} is no URL"))?;
    let admin = connect(server.as_str()).await.with_context(|| format!("nobody answers at {VARIABLE}"))?;
    let template = template(&admin, &server).await?;
    let name = unused_name();
    // FILE_COPY: a third less time than WAL_LOG for tables that are empty.
    run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")).await?;
    tokio::spawn(sweep(admin, template));
    Ok(Fresh { url: on(&server, &name), _folder: None })
}

/// The template for this build of the tests: whoever needs it first makes it, the others wait.
async fn template(admin: &DatabaseConnection, server: &Url) -> Result<String> {
    let name = format!("folkmoot_template_{}", build()?);
    run(admin, &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await?;
    let made = make_template(admin, server, &name).await;
    run(admin, &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await?;
    made.map(|()| name)
}

async fn make_template(admin: &DatabaseConnection, server: &Url, name: &str) -> Result<()> {
    let known = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    if !rows(admin, &known).await?.is_empty() {
        return Ok(());
    }
    let unfinished = format!("{name}_unfinished");
    run(admin, &format!("DROP DATABASE IF EXISTS {unfinished}")).await?;
    run(admin, &format!("CREATE DATABASE {unfinished}")).await?;
    make_tables(&on(server, &unfinished)).await?;
    run(admin, &format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await
}

/// Drops some of what earlier runs left, templates of older builds too. What somebody still uses stays.
async fn sweep(admin: DatabaseConnection, template: String) -> Result<()> {
    let ours = "SELECT datname::text FROM pg_database WHERE datname LIKE 'folkmoot\\_%' ORDER BY RANDOM()";
    let made = |name: &str| name.split('_').nth(2)?.parse::<u64>().ok();
    let is_old = |name: &String| {
        let age = seconds().saturating_sub(made(name).unwrap_or(u64::MAX));
        let may_be = if name.starts_with("folkmoot_test_") { OLD } else { OLD_TEMPLATE };
        age > may_be && !name.starts_with(&template)
    };
    for name in rows(&admin, ours).await?.into_iter().filter(is_old).take(SWEPT) {
        run(&admin, &format!("DROP DATABASE IF EXISTS {name}")).await.ok();
    }
    Ok(admin.close().await?)
}

/// When this program was built, which says which migrations are in it.
fn build() -> Result<String> {
    let built = std::env::current_exe()?.metadata()?.modified()?.duration_since(UNIX_EPOCH)?;
    Ok(format!("{}_{}", built.as_secs(), built.subsec_nanos()))
}

fn unused_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::SeqCst);
    format!("folkmoot_test_{}_{}_{count}", seconds(), std::process::id())
}

/// The real time, for the sweep.
fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The address of one database. A server for tests may be careless by default; an instance refuses to run on it.
fn on(server: &Url, name: &str) -> String {
    let mut url = server.clone();
    url.set_path(name);
    url.query_pairs_mut().append_pair("options", "-c synchronous_commit=on");
    url.to_string()
}

/// One connection, for looking in from outside.
pub(crate) async fn connect(url: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).acquire_timeout(Duration::from_secs(30)).sqlx_logging(false);
    Ok(Connection::connect(options).await?)
}

pub(crate) async fn run(connection: &DatabaseConnection, sql: &str) -> Result<()> {
    connection.execute_unprepared(sql).await.with_context(|| format!("failed: {sql}"))?;
    Ok(())
}

/// The first column of every row, as text.
pub(crate) async fn rows(connection: &DatabaseConnection, sql: &str) -> Result<Vec<String>> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let found = connection.query_all_raw(statement).await.with_context(|| format!("failed: {sql}"))?;
    let text = |row: &sea_orm::QueryResult| match row.try_get_by_index::<String>(0) {
        Ok(text) => Ok(text),
        Err(_) if connection.get_database_backend() == DbBackend::Postgres => {
            row.try_get_by_index::<i32>(0).map(|number| number.to_string())
        }
        Err(_) => row.try_get_by_index::<i64>(0).map(|number| number.to_string()),
    };
    Ok(found.iter().map(text).collect::<Result<_, _>>()?)
}
