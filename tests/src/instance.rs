//! One instance of ours in a world: built by the server's own builder, with the world's network, clock and chance.
//!
//! Its workers do not run by themselves; [`World::settle`](crate::world::World::settle) lets them work until nothing is
//! due. Start at [`Instance::build`], then [`Instance::found`].

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use axum::{Router, http::StatusCode};
use folkmoot_app::{App, By, associations, people, ports::Mail};
use folkmoot_domain::{
    actors::Actor,
    associations::{AssociationKind, Founding},
    text::{Handle, Language},
};
use folkmoot_federation::{
    arrivals, delivery, errands,
    fetch::{self, Allowance},
    outbox,
};
use folkmoot_server::{config::Config, instance::Instance as Built, ports::Ports};
use sea_orm::DatabaseConnection;
use tempfile::TempDir;
use url::Url;

use crate::{
    associations::Association,
    clock::TestClock,
    database::{self, Database, Fresh},
    keys::FixedKeys,
    letters::Letterbox,
    network::Network,
    peers::{Answered, Request},
    randomness::SeededRandomness,
    tables::Tables,
};

/// The earliest moment at which something of this instance is due.
const NEXT_DUE: &str = "SELECT CAST(MIN(due) AS TEXT) FROM (
    SELECT MIN(due_at) AS due FROM changes
    UNION ALL SELECT MIN(next_at) FROM deliveries WHERE state <> 'failed'
    UNION ALL SELECT MIN(next_at) FROM mails WHERE state = 'waiting'
    UNION ALL SELECT MIN(check_at) FROM affiliations
    UNION ALL SELECT MIN(fill_at) FROM connections WHERE state = 'connected'
    UNION ALL SELECT MIN(next_at) FROM arrivals WHERE state = 'waiting') t WHERE due IS NOT NULL HAVING COUNT(*) > 0";

/// An instance of ours.
pub struct Instance {
    /// Its name.
    pub host: String,
    /// What can be done here.
    pub app: App,
    built: Built,
    /// Its mail.
    pub letters: Arc<Letterbox>,
    network: Network,
    clock: Arc<TestClock>,
    database: Fresh,
    /// A connection of our own, past everything under test.
    outside: DatabaseConnection,
    folder: TempDir,
}

impl Instance {
    /// Builds an instance under this name, with a database of its own, and puts it on the network.
    pub async fn build(
        kind: Database,
        host: &str,
        network: &Network,
        clock: &Arc<TestClock>,
    ) -> Result<Self> {
        let database = kind.fresh().await?;
        let folder = tempfile::Builder::new().prefix("folkmoot-keys-").tempdir()?;
        let letters = Arc::new(Letterbox::default());
        let built = build_with(host, host, &database.url, &folder, (network, clock, &letters)).await?;
        network.serve(host, built.router.clone());
        Ok(Self {
            host: host.to_owned(),
            app: built.app.clone(),
            built,
            letters,
            network: network.clone(),
            clock: Arc::clone(clock),
            outside: database::connect(&database.url).await?,
            database,
            folder,
        })
    }

    /// Ends the process, so to speak, and starts it again: what is not in the database is lost.
    pub async fn restart(&mut self) -> Result<()> {
        self.app.store.close().await?;
        let random = format!("{} once more", self.host);
        let outside = (&self.network, &self.clock, &self.letters);
        self.built = build_with(&random, &self.host, &self.database.url, &self.folder, outside).await?;
        self.app = self.built.app.clone();
        self.network.serve(&self.host, self.built.router.clone());
        Ok(())
    }

    /// The letters that this address got, oldest first. Let the world settle before.
    pub fn letters_to(&self, address: &str) -> Vec<Mail> {
        self.letters.to(address)
    }

    /// Founds an association with an organiser of its own.
    pub async fn found(&self, handle: &str) -> Association<'_> {
        self.found_as(handle, "Friends of the Park", AssociationKind::Residents).await
    }

    /// Founds an alliance with an organiser of its own.
    pub async fn found_alliance(&self, handle: &str) -> Association<'_> {
        self.found_as(handle, "Leeds Together", AssociationKind::Alliance).await
    }

    async fn found_as(&self, handle: &str, name: &str, kind: AssociationKind) -> Association<'_> {
        let operator = By::operator();
        let email = format!("{handle}@{}", self.host);
        let organiser = Handle::parse(&format!("ruth.{handle}")).unwrap();
        let ruth = people::enrol(&self.app, &operator, "Ruth Okafor", &organiser, &email).await.unwrap();
        let founding = Founding {
            handle: Handle::parse(handle).unwrap(),
            name: name.to_owned(),
            about: "We look after the park together.".to_owned(),
            kind,
            language: Language::english(),
            zone: "Europe/London".to_owned(),
            place: None,
            battles: vec!["TreesForLeeds".to_owned()],
            paper: None,
            joining: String::new(),
            safeguarding: String::new(),
            sample: false,
        };
        let seen = associations::found(&self.app, &operator, founding, Some(ruth.id)).await.unwrap();
        // Its welcome is said before anybody can follow it.
        outbox::tell_due(&self.app).await.unwrap();
        Association { instance: self, actor: seen.actor, by: By::person(ruth.id) }
    }

    /// Somebody elsewhere as their home describes them now, asked for by this instance.
    pub async fn looks_at(&self, id: &Url) -> folkmoot_domain::actors::Actor {
        folkmoot_federation::moving::look(&self.app, &self.built.door, id).await.unwrap()
    }

    /// This actor as it is known here; it is looked up when it lives elsewhere and nobody here has heard of it.
    pub async fn knows(&self, actor: &Actor) -> Actor {
        let whole = Allowance::whole();
        fetch::actor(&self.app, &self.built.door, &actor.uri, &whole).await.unwrap()
    }

    /// Everything that answers requests here, for a real socket.
    pub fn router(&self) -> Router {
        self.built.router.clone()
    }

    /// An address of this instance.
    pub fn at(&self, path: &str) -> Url {
        Url::parse(&format!("https://{}{path}", self.host)).unwrap()
    }

    /// Asks for a page as a browser does.
    pub async fn page(&self, url: &Url) -> Answered {
        Request::get(url, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8").send(&self.network).await
    }

    /// Sends a form as a browser does from a page of this instance.
    pub async fn submit(&self, url: &Url, form: &str) -> Answered {
        let mut request = Request::get(url, "text/html");
        "POST".clone_into(&mut request.method);
        request.body = form.as_bytes().to_vec();
        request
            .set("content-type", "application/x-www-form-urlencoded")
            .set("origin", &format!("https://{}", self.host))
            .set("sec-fetch-site", "same-origin");
        request.send(&self.network).await
    }

    /// The reading text of a page that is there.
    pub async fn text_of(&self, url: &Url) -> String {
        let page = self.page(url).await;
        assert_eq!(page.status, StatusCode::OK, "{url}: {}", page.text());
        page.text()
    }

    /// Everything that is stored here.
    pub async fn tables(&self) -> Tables {
        Tables::all(&self.database.url).await.unwrap()
    }

    /// The first column of what this asks the database, as text. For looking in from outside only.
    pub async fn look(&self, sql: &str) -> Vec<String> {
        database::rows(&self.outside, sql).await.unwrap()
    }

    /// Lets the workers work until none finds anything to do. True when there was something.
    pub(crate) async fn work(&self) -> Result<bool> {
        // In boxes: together their futures would be too large for a small stack.
        let taken = Box::pin(arrivals::take_up_due(&self.app, &self.built.door)).await?;
        let told = Box::pin(outbox::tell_due(&self.app)).await?;
        let sent =
            delivery::deliver_due(&self.app, &self.built.door.egress, delivery::Settings::default()).await?;
        let run = Box::pin(errands::run_due(&self.app, &self.built.door)).await?;
        let letters = self.built.mailing.bring_due().await?;
        Ok(taken + told + sent + run + letters > 0)
    }

    /// When something of this instance is due next, in epoch milliseconds.
    pub(crate) async fn next_due(&self) -> Result<Option<i64>> {
        let found = database::rows(&self.outside, NEXT_DUE).await?;
        found.first().map(|due| due.parse().context("a moment")).transpose()
    }

    /// Where its database is.
    pub(crate) fn database_url(&self) -> &str {
        &self.database.url
    }
}

async fn build_with(
    seed: &str,
    host: &str,
    database: &str,
    folder: &TempDir,
    (network, clock, letters): (&Network, &Arc<TestClock>, &Arc<Letterbox>),
) -> Result<Built> {
    let key: PathBuf = folder.path().join("folkmoot.key");
    let text = format!(
        "base_url = \"https://{host}\"\nname = \"{host}\"\n[contact]\nname = \"Ruth Okafor\"\nemail = \"ruth@{host}\"\n\
         [database]\nurl = \"{database}\"\n[keys]\nfile = \"{}\"\n[files]\nfolder = \"{}\"\n",
        key.display(),
        folder.path().join("files").display()
    );
    let config =
        Config::read(&text, std::iter::empty()).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let ports = Ports {
        clock: Arc::clone(clock) as _,
        random: Arc::new(SeededRandomness::new(seed)),
        key_maker: Arc::new(FixedKeys::default()),
        mailer: Some(Arc::clone(letters) as _),
    };
    Built::build(&config, ports, Some(network.client(host))).await
}
