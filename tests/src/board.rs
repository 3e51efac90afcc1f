//! A whole board on a real socket, full of the things a real one holds: what a browser is shown.
//!
//! The instance is built and served as the binary does it, with the real clock; only its keys are ready-made. Start at
//! [`Board::open`]; what hangs on it is in [`samples`].

pub mod carrying;
pub mod neighbours;
pub mod payloads;
pub mod samples;
pub mod waiting;

use std::net::Ipv4Addr;

use anyhow::{Result, anyhow};
use folkmoot_app::{App, By, people};
use folkmoot_domain::{people::Person, text::Handle};
use folkmoot_server::{config::Config, instance::Instance, ports::Ports, serve::Running};
use tempfile::TempDir;
use tokio::net::TcpListener;
use url::Url;

use crate::{database, keys::FixedKeys};

/// An instance that answers at an address which browsers take for a host of its own.
pub struct Board {
    /// Its address: `http://hyde.localhost` and a port.
    pub base: Url,
    /// What can be done there.
    pub app: App,
    /// Its database, to look in from outside.
    pub database: String,
    running: Running,
    _folder: TempDir,
}

impl Board {
    /// Opens an empty one.
    pub async fn open() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("folkmoot-board-").tempdir()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        // RFC 6761 6.3: names under localhost lead to this machine, and browsers know it without asking.
        let base: Url = format!("http://hyde.localhost:{}", listener.local_addr()?.port()).parse()?;
        let at = |name: &str| folder.path().join(name).display().to_string();
        let database = format!("sqlite://{}", at("folkmoot.sqlite"));
        let text = format!(
            "base_url = \"{}\"\nname = \"Hyde Park and Woodhouse\"\n[contact]\nname = \"Ruth Okafor\"\n\
             email = \"ruth@hyde.example\"\n[database]\nurl = \"{database}\"\n[keys]\nfile = \"{}\"\n\
             [files]\nfolder = \"{}\"\n[limits]\nforms_per_minute = 100000\n",
            base.as_str().trim_end_matches('/'),
            at("folkmoot.key"),
            at("files"),
        );
        let config = Config::read(&text, std::iter::empty()).map_err(|problems| anyhow!("{problems:?}"))?;
        let ports = Ports { key_maker: std::sync::Arc::new(FixedKeys::default()), ..Ports::real() };
        let instance = Instance::build(&config, ports, None).await?;
        let app = instance.app.clone();
        Ok(Self { base, app, database, running: Running::start(instance, listener), _folder: folder })
    }

    /// Somebody with an account here.
    pub async fn person(&self, name: &str, handle: &str) -> Result<Person> {
        let email = format!("{handle}@hyde.example");
        Ok(people::enrol(&self.app, &By::operator(), name, &Handle::parse(handle)?, &email).await?)
    }

    /// A fresh link that signs somebody in.
    pub async fn sign_in_link(&self, person: &Person) -> Result<Url> {
        Ok(people::sign_in_link(&self.app, &By::operator(), &person.email).await?)
    }

    /// Makes somebody a steward of the whole board.
    pub async fn make_steward(&self, person: &Person) -> Result<()> {
        people::make_steward(&self.app, &By::operator(), &person.email, true).await?;
        Ok(())
    }

    /// The first column of what this asks the database, as text.
    pub async fn look(&self, sql: &str) -> Result<Vec<String>> {
        let connection = database::connect(&self.database).await?;
        let rows = database::rows(&connection, sql).await?;
        connection.close().await?;
        Ok(rows)
    }

    /// Closes it.
    pub async fn close(self) {
        self.running.stop().await;
    }
}
