//! An instance to be measured: the real binary, on either database, with whatever was put into its tables before.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, Result, ensure};
use folkmoot_domain::{ActorId, actors::Actor};
use folkmoot_storage::{Store, associations, changes, deliveries};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::{
    database::{Database, Fresh},
    process::{Place, Program, Server, free_port},
};

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// An instance with its database open beside it.
pub struct Site {
    /// Its folder and its commands.
    pub place: Place,
    /// Its database, as a second reader and writer.
    pub store: Store,
    /// Its one association.
    pub moor: Actor,
    _folder: TempDir,
    _database: Option<Fresh>,
}

impl Site {
    /// Founds one whose neighbours are at this port of loopback, under these names. It has said its welcome.
    pub async fn found(database: Database, neighbours: &BTreeMap<String, u16>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("folkmoot-bench-").tempdir()?;
        let base_url = format!("http://moot.localhost:{}", free_port()?);
        let fresh = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(database.fresh().await?),
        };
        let environment =
            fresh.iter().map(|fresh| ("FOLKMOOT__DATABASE__URL".to_owned(), fresh.url.clone())).collect();
        let place = Place::set_up_with(Program::built()?, folder.path(), &base_url, environment).await?;
        let hosts: Vec<String> =
            neighbours.iter().map(|(name, port)| format!("\"{name}\" = \"127.0.0.1:{port}\"")).collect();
        let hosts = if hosts.is_empty() {
            String::new()
        } else {
            format!("[federation.hosts]\n{}\n", hosts.join("\n"))
        };
        place.configure(&format!("{hosts}\n[log]\nlevel = \"error\""))?;
        let url = fresh
            .as_ref()
            .map_or_else(|| format!("sqlite://{}", place.database().display()), |fresh| fresh.url.clone());
        let store = Store::open(&url).await?;
        let moor = associations::seen_by_handle(&store.rows(), "moor")
            .await?
            .context("there is no association")?
            .actor;
        let site = Self { place, store, moor, _folder: folder, _database: fresh };
        let server = site.place.serve().await?;
        site.is_quiet().await?;
        ensure!(server.stop().await?.success(), "the server did not end well");
        Ok(site)
    }

    /// The id of its association.
    pub fn moor(&self) -> ActorId {
        self.moor.id
    }

    /// Starts its server and waits until it has nothing to do.
    pub async fn serve(&self) -> Result<Server> {
        let server = self.place.serve().await?;
        self.is_quiet().await?;
        Ok(server)
    }

    /// Waits until every change is told and every delivery made.
    pub async fn is_quiet(&self) -> Result<()> {
        let began = Instant::now();
        loop {
            let now = folkmoot_server::ports::Ports::real().clock.now();
            let rows = self.store.rows();
            let (_, due) = changes::waiting(&rows, now).await?;
            let counts = deliveries::counts(&rows, now).await?;
            if due + counts.waiting == 0 {
                return Ok(());
            }
            ensure!(began.elapsed() < PATIENCE, "after {PATIENCE:?} {due} changes and {counts:?} still wait");
            sleep(Duration::from_millis(20)).await;
        }
    }
}
