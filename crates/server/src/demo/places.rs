//! The two places: their folders, ports and configurations. What is there already is used again.
//!
//! Start at [`Both::start`].

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use folkmoot_app::App;
use folkmoot_domain::actors::Actor;
use folkmoot_storage::associations;
use tokio::net::TcpListener;

use super::{following, samples, steps::Steps};
use crate::{
    config::{BaseUrl, Config, StartingFile},
    instance::Instance,
    ports::Ports,
    serve::Running,
};

/// One of the two.
pub struct Site {
    /// The name of its folder, and the first part of its host.
    pub name: &'static str,
    /// The name of the place.
    pub title: &'static str,
    /// Where it is, if nobody else is there. Tests may run beside a demo, and beside each other.
    port: u16,
}

const fn port(usual: u16) -> u16 {
    if cfg!(test) { 0 } else { usual }
}

/// The place that is followed.
pub const HYDE: Site = Site { name: "hyde", title: "Hyde Park and Woodhouse (samples)", port: port(8001) };
/// The place that follows.
pub const HOLBECK: Site = Site { name: "holbeck", title: "Holbeck (samples)", port: port(8002) };

/// Both places, running.
pub struct Both {
    /// The place that is followed.
    pub hyde: Running,
    /// The place that follows.
    pub holbeck: Running,
}

/// A place with its door held open.
struct Seat {
    file: PathBuf,
    listener: TcpListener,
}

impl Both {
    /// Starts both in this folder, fills them with samples, and lets one follow the other.
    pub async fn start(folder: &Path, steps: &mut Steps<'_, '_>) -> anyhow::Result<Self> {
        let (hyde, holbeck) = (Seat::take(&HYDE, folder).await?, Seat::take(&HOLBECK, folder).await?);
        if hyde.file.exists() != holbeck.file.exists() {
            bail!(
                "{} holds half a demo: take it away, or name another folder with --folder",
                folder.display()
            );
        }
        let neighbours = [(&HYDE, &holbeck, &HOLBECK, &hyde), (&HOLBECK, &hyde, &HYDE, &holbeck)];
        for (site, other_seat, other, own_seat) in neighbours {
            own_seat.furnish(site, other, other_seat.listener.local_addr()?)?;
        }
        let hyde = steps.step("hyde.localhost is set up and answers", hyde.start(samples::hyde)).await?;
        let holbeck =
            steps.step("holbeck.localhost is set up and answers", holbeck.start(samples::holbeck)).await?;
        let both = Self { hyde, holbeck };
        following::ensure_followed(&both, steps).await?;
        Ok(both)
    }

    /// Stops both.
    pub async fn stop(self) {
        tokio::join!(self.hyde.stop(), self.holbeck.stop());
    }

    /// Who is followed.
    pub async fn followed(&self) -> anyhow::Result<Actor> {
        association(&self.hyde.instance.app, samples::FOLLOWED).await
    }

    /// Who follows.
    pub async fn follower(&self) -> anyhow::Result<Actor> {
        association(&self.holbeck.instance.app, samples::FOLLOWER).await
    }
}

impl Seat {
    async fn take(site: &Site, folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join(site.name).join("folkmoot.toml");
        let listener = if file.exists() {
            let listen = Config::load(Some(&file), std::iter::empty())?.listen;
            let taken = || {
                format!("something listens at {listen} already: perhaps the demo runs in another terminal")
            };
            TcpListener::bind(listen).await.with_context(taken)?
        } else {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, site.port)).await {
                Ok(listener) => listener,
                Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no port is free")?,
            }
        };
        Ok(Self { file, listener })
    }

    /// Writes the configuration, unless it is there.
    fn furnish(&self, site: &Site, other: &Site, other_address: SocketAddr) -> anyhow::Result<()> {
        if self.file.exists() {
            return Ok(());
        }
        let port = self.listener.local_addr()?.port();
        let base_url = BaseUrl::try_from(format!("http://{}.localhost:{port}", site.name))
            .map_err(anyhow::Error::msg)?;
        let starting = StartingFile {
            base_url: &base_url,
            name: site.title,
            contact_name: "Nobody: this is a sample",
            contact_email: &format!("nobody@{}.localhost", site.name),
            hosts: BTreeMap::from([(format!("{}.localhost", other.name), other_address)]),
        };
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        fs::write(&self.file, starting.to_string())
            .with_context(|| format!("{} cannot be written", self.file.display()))
    }

    async fn start(self, fill: impl AsyncFnOnce(&App) -> anyhow::Result<()>) -> anyhow::Result<Running> {
        let config = Config::load(Some(&self.file), std::iter::empty())?;
        let instance = Instance::build(&config, Ports::real(), None).await?;
        fill(&instance.app).await?;
        Ok(Running::start(instance, self.listener))
    }
}

/// Which of the two places this is.
pub fn name_of(app: &App) -> &'static str {
    let host = app.addresses.base().host_str().unwrap_or_default();
    [HYDE, HOLBECK].iter().find(|site| host.starts_with(site.name)).map_or("", |site| site.title)
}

async fn association(app: &App, handle: &str) -> anyhow::Result<Actor> {
    let seen = associations::seen_by_handle(&app.store.rows(), handle).await?;
    Ok(seen.with_context(|| format!("the sample {handle} is gone; name another folder with --folder"))?.actor)
}
