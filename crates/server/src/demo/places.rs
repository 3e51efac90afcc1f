//! The three places: their folders, ports and configurations. What is there already is used again.
//!
//! Start at [`Places::start`].

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

use super::{allying, following, samples, steps::Steps};
use crate::{
    config::{BaseUrl, Config, StartingFile},
    instance::Instance,
    ports::Ports,
    serve::Running,
};

/// One of the three.
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

/// The place of the alliance, in which both have members.
pub const LEEDS: Site = Site { name: "leeds", title: "Leeds Together (samples)", port: port(8003) };
/// All of them.
const SITES: [&Site; 3] = [&HYDE, &HOLBECK, &LEEDS];

/// The places, running.
pub struct Places {
    /// The place that is followed.
    pub hyde: Running,
    /// The place that follows.
    pub holbeck: Running,
    /// The place of the alliance.
    pub leeds: Running,
}

/// A place with its door held open.
struct Seat {
    site: &'static Site,
    file: PathBuf,
    listener: TcpListener,
}

impl Places {
    /// Starts all in this folder, fills them with samples, lets one follow the other, and founds the alliance.
    pub async fn start(folder: &Path, steps: &mut Steps<'_, '_>) -> anyhow::Result<Self> {
        let mut seats = Vec::new();
        for site in SITES {
            seats.push(Seat::take(site, folder).await?);
        }
        let furnished = seats.iter().filter(|seat| seat.file.exists()).count();
        if furnished > 0 && furnished < seats.len() {
            bail!(
                "{} holds half a demo, or one of an older Folkmoot: take it away, or name another folder with --folder",
                folder.display()
            );
        }
        let mut addresses = BTreeMap::new();
        for seat in &seats {
            addresses.insert(seat.site.host(), seat.listener.local_addr()?);
        }
        let mut started = Vec::new();
        for seat in seats {
            seat.furnish(&addresses)?;
            let site = seat.site;
            started.push(steps.step(&format!("{} is set up and answers", site.host()), seat.start()).await?);
        }
        let Ok([hyde, holbeck, leeds]) = <[Running; 3]>::try_from(started) else {
            bail!("one of the places has not started");
        };
        let places = Self { hyde, holbeck, leeds };
        following::ensure_followed(&places, steps).await?;
        allying::ensure_allied(&places, steps).await?;
        Ok(places)
    }

    /// All of them.
    pub fn all(&self) -> [&Running; 3] {
        [&self.hyde, &self.holbeck, &self.leeds]
    }

    /// Stops all.
    pub async fn stop(self) {
        tokio::join!(self.hyde.stop(), self.holbeck.stop(), self.leeds.stop());
    }

    /// The alliance.
    pub async fn alliance(&self) -> anyhow::Result<Actor> {
        association(&self.leeds.instance.app, samples::ALLIANCE).await
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
    async fn take(site: &'static Site, folder: &Path) -> anyhow::Result<Self> {
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
        Ok(Self { site, file, listener })
    }

    /// Writes the configuration, unless it is there. `addresses` are those of all places.
    fn furnish(&self, addresses: &BTreeMap<String, SocketAddr>) -> anyhow::Result<()> {
        if self.file.exists() {
            return Ok(());
        }
        let (port, host) = (self.listener.local_addr()?.port(), self.site.host());
        let base_url = BaseUrl::try_from(format!("http://{host}:{port}")).map_err(anyhow::Error::msg)?;
        let mut hosts = addresses.clone();
        hosts.remove(&host);
        let starting = StartingFile {
            base_url: &base_url,
            name: self.site.title,
            contact_name: "Nobody: this is a sample",
            contact_email: &format!("nobody@{host}"),
            hosts,
        };
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        fs::write(&self.file, starting.to_string())
            .with_context(|| format!("{} cannot be written", self.file.display()))
    }

    async fn start(self) -> anyhow::Result<Running> {
        let config = Config::load(Some(&self.file), std::iter::empty())?;
        let instance = Instance::build(&config, Ports::real(), None).await?;
        samples::fill(&instance.app).await?;
        Ok(Running::start(instance, self.listener))
    }
}

impl Site {
    /// Its host.
    fn host(&self) -> String {
        format!("{}.localhost", self.name)
    }
}

/// Which of the places this is.
pub fn name_of(app: &App) -> &'static str {
    let host = app.addresses.base().host_str().unwrap_or_default();
    SITES.iter().find(|site| host.starts_with(site.name)).map_or("", |site| site.title)
}

async fn association(app: &App, handle: &str) -> anyhow::Result<Actor> {
    let seen = associations::seen_by_handle(&app.store.rows(), handle).await?;
    Ok(seen.with_context(|| format!("the sample {handle} is gone; name another folder with --folder"))?.actor)
}
