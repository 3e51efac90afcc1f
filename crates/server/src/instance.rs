//! One instance, put together: the house, its two doors, and the workers beside them.
//!
//! Tests build the same with other ports and with a client whose network is in the process. Start at
//! [`Instance::build`].

use std::{sync::Arc, time::Duration};

use axum::Router;
use folkmoot_app::{App, keeping};
use folkmoot_federation::{
    arrivals, delivery,
    door::{Door, Limits},
    errands,
    finding::Lookups,
    guard::OwnHosts,
    outbox,
};
use folkmoot_web::{Contact, Settings, Tiles};
use reqwest_middleware::ClientWithMiddleware;

use crate::{
    config::{Config, Keeping},
    front,
    mailing::Mailing,
    opening::{self, Missing},
    outside,
    ports::Ports,
    smtp,
    workers::{Stop, Workers},
};

/// How often what is old is forgotten.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// Where the source code of what runs here can be had.
const SOURCE: Option<&str> = option_env!("CARGO_PKG_REPOSITORY");

/// An instance that can answer and work.
pub struct Instance {
    /// Everything that can be done here.
    pub app: App,
    /// The door for other servers.
    pub door: Arc<Door>,
    /// Answers every request.
    pub router: Router,
    /// How long the head of a request may take to arrive.
    pub head_time: Duration,
    /// Brings letters away.
    pub mailing: Mailing,
    kept: Keeping,
    delivery: delivery::Settings,
}

impl Instance {
    /// Opens the instance of this configuration, making what is missing. `client` replaces the network.
    pub async fn build(
        config: &Config,
        ports: Ports,
        client: Option<ClientWithMiddleware>,
    ) -> anyhow::Result<Self> {
        let mailer = match &ports.mailer {
            Some(mailer) => Some(mailer.clone()),
            None => smtp::of(config, smtp::PATIENCE)?,
        };
        let app = opening::open(config, ports, Missing::Make).await?;
        let own = OwnHosts::of(config.base_url.as_url());
        let door = Arc::new(door_with(config, client)?);
        app.remote.set(Arc::new(Lookups(door.clone())));
        let doors = folkmoot_federation::routes(app.clone(), door.clone())
            .merge(folkmoot_web::routes(app.clone(), settings(config)));
        Ok(Self {
            mailing: Mailing { app: app.clone(), settings: settings(config).into(), mailer },
            router: front::before(doors, own, config, app.clock.clone()),
            head_time: Duration::from_secs(config.limits.request_seconds.into()),
            kept: config.keeping.clone(),
            delivery: delivery::Settings {
                at_once: config.federation.delivery_workers.into(),
                per_host: config.federation.per_host.into(),
            },
            app,
            door,
        })
    }

    /// Starts everything that runs beside the answering of requests.
    pub fn spawn_workers(&self, stop: &Stop) -> Workers {
        let mut workers = Workers::default();
        workers.spawn("changes", stop.clone(), {
            let (app, stop) = (self.app.clone(), stop.clone());
            move || outbox::run(app.clone(), stop.clone())
        });
        workers.spawn("deliveries", stop.clone(), {
            let (app, door, settings, stop) =
                (self.app.clone(), self.door.clone(), self.delivery, stop.clone());
            move || delivery::run(app.clone(), door.egress.clone(), settings, stop.clone())
        });
        workers.spawn("arrivals", stop.clone(), {
            let (app, door, stop) = (self.app.clone(), self.door.clone(), stop.clone());
            move || arrivals::run(app.clone(), door.clone(), stop.clone())
        });
        workers.spawn("errands", stop.clone(), {
            let (app, door, stop) = (self.app.clone(), self.door.clone(), stop.clone());
            move || errands::run(app.clone(), door.clone(), stop.clone())
        });
        workers.spawn("letters", stop.clone(), {
            let (mailing, stop) = (self.mailing.clone(), stop.clone());
            move || mailing.clone().run(stop.clone())
        });
        workers.spawn("keeping", stop.clone(), {
            let (app, kept, stop) = (self.app.clone(), self.kept.clone(), stop.clone());
            move || keep(app.clone(), kept.clone(), stop.clone())
        });
        workers
    }
}

/// The door for other servers as this configuration wants it, for a command that asks one of them something.
pub fn door(config: &Config) -> anyhow::Result<Door> {
    door_with(config, None)
}

fn door_with(config: &Config, client: Option<ClientWithMiddleware>) -> anyhow::Result<Door> {
    let relaxations = Arc::new(outside::relaxations(config)?);
    let egress = outside::egress(config, relaxations.clone(), client)?;
    let own = OwnHosts::of(config.base_url.as_url());
    let limits = Limits { arrivals_per_minute: config.limits.inbox_per_minute, ..Limits::default() };
    Ok(Door::new(egress, relaxations, own, limits))
}

/// What pages and letters say of this place.
pub fn settings(config: &Config) -> Settings {
    Settings {
        place: config.name.clone(),
        contact: Contact { name: config.contact.name.clone(), email: config.contact.email.clone() },
        source: SOURCE.and_then(|source| source.parse().ok()),
        secure_cookies: config.base_url.is_https(),
        shows_mail: config.mail.server.is_none() && config.base_url.is_localhost(),
        tiles: config.map.tiles.clone().map(|address| Tiles { address, credit: config.map.credit.clone() }),
    }
}

/// Forgets what is old, every hour.
async fn keep(app: App, kept: Keeping, mut stop: Stop) {
    while !*stop.borrow() {
        if let Err(error) = sweep(&app, &kept).await {
            tracing::error!(%error, "what is old could not be forgotten; it is tried again in an hour");
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

async fn sweep(app: &App, kept: &Keeping) -> folkmoot_app::Result<()> {
    // Some at a time, so that nobody waits long for the one writer.
    while keeping::sweep(app, kept.arrivals_days.into()).await? > 0 {}
    Ok(())
}
