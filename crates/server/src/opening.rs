//! From a configuration to an open instance: the database, the sealing key, the addresses.
//!
//! What is missing is made only when that is asked for, and a key is never made for a database that has another one.
//! Start at [`open`].

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use folkmoot_app::{App, Bells, instance, keys, keys::Vault};
use folkmoot_domain::addresses::Addresses;
use folkmoot_storage::{Store, blobs::Blobs};

use crate::{
    config::{Config, DatabaseUrl},
    key_file::{self, KeyFileFault},
    ports::Ports,
};

/// What to do about what is not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Make the database and the key, and bring the tables up to date.
    Make,
    /// Say what is missing.
    Refuse,
}

/// Opens an instance: its actor is there, and its key opens.
pub async fn open(config: &Config, ports: Ports, missing: Missing) -> anyhow::Result<App> {
    let store = open_store(config, missing).await?;
    let file = &config.keys.file;
    let (key, fresh) = match key_file::read(file) {
        Ok(key) => (key, false),
        Err(KeyFileFault::Missing(_)) if missing == Missing::Make => {
            (key_file::fresh(ports.random.as_ref()), true)
        }
        Err(fault) => return Err(fault.into()),
    };
    let app = App {
        store,
        clock: ports.clock,
        random: ports.random,
        key_maker: ports.key_maker,
        vault: Arc::new(Vault::new(key)?),
        addresses: Addresses::new(config.base_url.as_url()),
        bells: Arc::new(Bells::default()),
        remote: Arc::default(),
        ids: Arc::default(),
        blobs: Blobs::folder(&config.files.folder)?,
        limits: Arc::default(),
    };
    if fresh {
        // A database that knows its actor was sealed with another key, which must be found.
        if instance::actor(&app).await.is_ok() {
            let missing = KeyFileFault::Missing(file.clone());
            return Err(missing)
                .with_context(|| format!("the database {} belongs to a place already", config.database.url));
        }
        key_file::write_new(file, &key)?;
    }
    let actor = instance::establish(&app).await?;
    keys::signing_key(&app, actor.id).await?;
    Ok(app)
}

/// Opens the database, with tables that are up to date.
pub async fn open_store(config: &Config, missing: Missing) -> anyhow::Result<Store> {
    let url = &config.database.url;
    if let DatabaseUrl::Sqlite(file) = url {
        be_ready_for(file, missing)?;
    }
    let store = Store::open(&url.to_connect())
        .await
        .with_context(|| format!("the database {url} cannot be opened"))?;
    match missing {
        Missing::Make => store.migrate().await.context("the database cannot be brought up to date")?,
        Missing::Refuse => {
            let pending = store.pending_migrations().await?;
            if pending > 0 {
                bail!(
                    "the database {url} is {pending} steps behind this program; make a copy of it, then say `folkmoot migrate`"
                );
            }
        }
    }
    Ok(store)
}

/// SQLite makes a file of any name that is not there; a misspelt path would become an empty place.
fn be_ready_for(file: &Path, missing: Missing) -> anyhow::Result<()> {
    if file.exists() {
        return Ok(());
    }
    let shown = file.display();
    match missing {
        Missing::Refuse => bail!("there is no database at {shown}; `folkmoot quickstart` makes one"),
        Missing::Make => {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            folder
                .map_or(Ok(()), fs::create_dir_all)
                .with_context(|| format!("the folder of {shown} cannot be made"))?;
            // It will hold mail addresses; what SQLite puts beside it is as closed as the file.
            let empty = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
            empty.map(|_| ()).with_context(|| format!("{shown} cannot be made"))
        }
    }
}
