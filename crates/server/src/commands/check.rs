//! `folkmoot check`: is everything well, and what to do when not. Changes nothing.
//!
//! Each finding is a sentence. What would keep the server from starting is wrong; a relaxed guard is worth knowing.
//! Start at [`run`].

use std::sync::Arc;

use anyhow::bail;
use folkmoot_app::{App, Bells, instance, keys, keys::Vault};
use folkmoot_domain::{addresses::Addresses, mails::MailState};
use folkmoot_storage::{Store, arrivals, associations, changes, deliveries, mails};
use serde_json::json;

use super::Answers;
use crate::{
    config::{Config, DatabaseUrl},
    key_file, outside,
    ports::Ports,
    smtp,
};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Well,
    WorthKnowing,
    Wrong,
}

/// What was found, in the order in which it was looked for.
#[derive(Default)]
struct Findings(Vec<(&'static str, Weight, String)>);

impl Findings {
    fn well(&mut self, part: &'static str, sentence: impl Into<String>) {
        self.0.push((part, Weight::Well, sentence.into()));
    }

    fn worth_knowing(&mut self, part: &'static str, sentence: impl Into<String>) {
        self.0.push((part, Weight::WorthKnowing, sentence.into()));
    }

    fn wrong(&mut self, part: &'static str, sentence: impl Into<String>) {
        self.0.push((part, Weight::Wrong, sentence.into()));
    }
}

/// Looks at everything and says what it found; an error when something is wrong.
pub async fn run(config: &Config, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let mut findings = Findings::default();
    look_at_config(config, &mut findings);
    let key = look_at_key(config, &mut findings);
    if let Some(store) = look_at_database(config, &mut findings).await {
        look_inside(config, store.clone(), key, &mut findings).await?;
        store.close().await?;
    }
    let wrong = findings.0.iter().filter(|(_, weight, _)| *weight == Weight::Wrong).count();
    for (part, weight, sentence) in &findings.0 {
        let (mark, word) = match weight {
            Weight::Well => ("well ", "well"),
            Weight::WorthKnowing => ("note ", "note"),
            Weight::Wrong => ("WRONG", "wrong"),
        };
        answers.thing(
            format!("{mark}  {sentence}"),
            &json!({ "part": part, "is": word, "sentence": sentence }),
        )?;
    }
    match wrong {
        0 => Ok(answers.word("\nEverything is in order. Next: folkmoot serve")?),
        1 => bail!("One thing is wrong; it must be put right before the server can start."),
        count => bail!("{count} things are wrong; they must be put right before the server can start."),
    }
}

fn look_at_config(config: &Config, findings: &mut Findings) {
    findings.well(
        "configuration",
        format!("The configuration can be read. This place is {} at {}.", config.name, config.base_url),
    );
    look_at_mail(config, findings);
    for sentence in config.relaxations() {
        findings.worth_knowing("guards", sentence);
    }
    if let Err(fault) = outside::relaxations(config) {
        findings.wrong("guards", format!("{fault:#}."));
    }
}

/// The mail server is not spoken to: looking changes nothing.
fn look_at_mail(config: &Config, findings: &mut Findings) {
    match (smtp::of(config, smtp::PATIENCE), &config.mail.server) {
        (Err(fault), _) => findings.wrong("mail", format!("{}.", sentence(&format!("{fault:#}")))),
        (Ok(_), Some(server)) => findings.well("mail", format!("Letters go out through {server}.")),
        (Ok(_), None) if config.base_url.is_localhost() => findings.well(
            "mail",
            format!("Letters are kept, and {}mail shows them.", config.base_url.as_url()),
        ),
        (Ok(_), None) => findings.worth_knowing(
            "mail",
            "No mail server is named (mail.server): nobody can sign in by mail, confirm an offer or be told anything. \
             Letters are kept; `folkmoot mails list` shows them.",
        ),
    }
}

fn look_at_key(config: &Config, findings: &mut Findings) -> Option<[u8; 32]> {
    let file = &config.keys.file;
    match key_file::read(file) {
        Ok(key) => {
            if key_file::is_open_to_others(file) {
                let shown = file.display();
                findings.wrong(
                    "key",
                    format!("Others on this machine can read the key file: say `chmod 600 {shown}`."),
                );
            }
            Some(key)
        }
        Err(fault) => {
            findings.wrong("key", format!("{}.", sentence(&fault.to_string())));
            None
        }
    }
}

async fn look_at_database(config: &Config, findings: &mut Findings) -> Option<Store> {
    let url = &config.database.url;
    if let DatabaseUrl::Sqlite(file) = url
        && !file.exists()
    {
        let shown = file.display();
        findings
            .wrong("database", format!("There is no database at {shown}: `folkmoot quickstart` makes one."));
        return None;
    }
    let store = match Store::open(&url.to_connect()).await {
        Ok(store) => store,
        Err(error) => {
            findings.wrong("database", format!("The database {url} cannot be used: {error}."));
            return None;
        }
    };
    let settings = if store.is_one_file() {
        "WAL, every commit on disk before it counts, foreign keys on"
    } else {
        "commits count when they are on disk"
    };
    findings.well("database", format!("The database {url} is open, with safe settings ({settings})."));
    match store.pending_migrations().await {
        Ok(0) => Some(store),
        Ok(pending) => {
            findings.wrong("database", format!("The database is {pending} steps behind this program: make a copy of it, then say `folkmoot migrate`."));
            None
        }
        Err(error) => {
            findings.wrong("database", format!("The tables of the database cannot be looked at: {error}."));
            None
        }
    }
}

async fn look_inside(
    config: &Config,
    store: Store,
    key: Option<[u8; 32]>,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let ports = Ports::real();
    let app = App {
        store,
        clock: ports.clock,
        random: ports.random,
        key_maker: ports.key_maker,
        vault: Arc::new(Vault::new(key.unwrap_or_default())?),
        addresses: Addresses::new(config.base_url.as_url()),
        bells: Arc::new(Bells::default()),
        remote: Arc::default(),
        ids: Arc::default(),
        // Looking changes nothing: no folder is made.
        blobs: folkmoot_storage::blobs::Blobs::in_memory(),
        limits: Arc::default(),
    };
    match instance::actor(&app).await {
        Err(error) => findings.wrong("instance", format!("{}.", sentence(&error.to_string()))),
        Ok(actor) => {
            if actor.uri != app.addresses.instance() {
                let there = actor.uri.origin().ascii_serialization();
                findings.wrong("address", format!("The database belongs to {there}, but base_url is {}: an address cannot change, since every follower knows it.", config.base_url));
            }
            if key.is_some() {
                match keys::signing_key(&app, actor.id).await {
                    Ok(_) => findings.well("key", "The key file opens the keys in the database."),
                    Err(error) => findings.wrong("key", format!("{}.", sentence(&error.to_string()))),
                }
            }
        }
    }
    count(&app, findings).await
}

async fn count(app: &App, findings: &mut Findings) -> anyhow::Result<()> {
    let (rows, now) = (app.store.rows(), app.now());
    match associations::list(&rows).await?.len() {
        0 => findings.worth_knowing(
            "associations",
            "No association lives here yet: `folkmoot association found --help`.",
        ),
        1 => findings.well("associations", "1 association lives here."),
        count => findings.well("associations", format!("{count} associations live here.")),
    }
    let (_, told) = changes::waiting(&rows, now).await?;
    let (arrived, sent) = (arrivals::waiting_count(&rows).await?, deliveries::counts(&rows, now).await?);
    findings.well(
        "queues",
        format!(
            "Waiting: changes to tell {told}, arrivals to take up {arrived}, deliveries {} ({} of them due).",
            sent.waiting, sent.due
        ),
    );
    let letters = mails::count(&rows, MailState::Failed).await?;
    if letters > 0 {
        findings.worth_knowing(
            "mail",
            format!("{letters} letters could not be sent and were given up: `folkmoot mails list` says why."),
        );
    }
    if sent.failed > 0 {
        findings.worth_knowing(
            "queues",
            format!("{} deliveries were given up: `folkmoot deliveries list` says why.", sent.failed),
        );
    }
    Ok(())
}

/// With a capital at its beginning.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
