//! `folkmoot quickstart`: at most six questions, then a place that runs.
//!
//! Everything is read and checked before anything is written; nothing is written over, and when something fails half-way
//! what was made is taken away again. Start at [`run`].

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use folkmoot_app::{App, By, associations, people};
use folkmoot_domain::{
    associations::{AssociationKind, AssociationSeen, Founding},
    people as person_rules, text,
    text::{Handle, Language},
};
use serde_json::json;
use url::Url;

use super::{
    Answers,
    asking::ask,
    enrolling::{enrol, handle_of},
};
use crate::{
    cli::{Quickstart, read_base_url},
    config::{BaseUrl, Config, DatabaseUrl, StartingFile},
    opening::{self, Missing},
    ports::Ports,
};

/// The answers to the six questions.
struct Answered {
    base_url: BaseUrl,
    name: String,
    association: String,
    handle: Handle,
    organiser: String,
    email: String,
}

/// A place that has just been set up.
struct Place {
    config: Config,
    file: PathBuf,
    seen: AssociationSeen,
    link: Url,
}

/// Sets up a place and says what comes next.
pub async fn run(
    asked: Quickstart,
    environment: &[(String, String)],
    somebody_there: bool,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    let folder = asked.folder.clone();
    let file = folder.join("folkmoot.toml");
    if file.exists() {
        bail!(
            "{} is there already, and nothing is written over; name another folder with --folder",
            file.display()
        );
    }
    let answered = answer(asked, somebody_there)?;
    let founding = founding(&answered)?;
    let place = set_up(&folder, &file, &answered, founding, environment).await?;
    say(&place, &answered, answers)
}

/// Asks for what has no flag.
fn answer(asked: Quickstart, somebody_there: bool) -> anyhow::Result<Answered> {
    let asking = Asking { yes: asked.yes, somebody_there };
    let line = |field: &'static str| {
        move |text: &str| text::line(field, text, 100).map_err(|refusal| refusal.to_string())
    };
    let handle = |text: &str| Handle::parse(text).map_err(|refusal| refusal.to_string());
    let mail = |text: &str| person_rules::email(text).map_err(|refusal| refusal.to_string());
    let base_url = asking.get(
        asked.base_url,
        ("--base-url", "The address of this place, such as hyde.example (it cannot be changed later)"),
        "folkmoot.localhost:8080",
        read_base_url,
    )?;
    let name = asking.get(asked.name, ("--name", "The name of this place"), base_url.host(), line("name"))?;
    let association = ("--association", "The name of the first association");
    let association = asking.get(asked.association, association, "Park Friends", line("name"))?;
    let usual = handle_of(&association).map_or_else(|| "friends".to_owned(), |handle| handle.to_string());
    let handle = asking.get(
        asked.handle,
        ("--handle", &format!("Its handle, which people follow as @HANDLE@{}", base_url.host())),
        &usual,
        handle,
    )?;
    let organiser = ("--organiser", "The name of its first organiser");
    let organiser = asking.get(asked.organiser, organiser, "Organiser", line("organiser"))?;
    let address = format!("organiser@{}", base_url.host());
    let email = ("--email", "Their e-mail address (also the public contact of this place)");
    let email = asking.get(asked.email, email, &address, mail)?;
    Ok(Answered { base_url, name, association, handle, organiser, email })
}

/// How an answer is come by.
struct Asking {
    yes: bool,
    somebody_there: bool,
}

impl Asking {
    fn get<T>(
        &self,
        given: Option<T>,
        (flag, question): (&str, &str),
        usual: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> anyhow::Result<T> {
        match given {
            Some(given) => Ok(given),
            None if self.yes => read(usual).map_err(anyhow::Error::msg),
            None if self.somebody_there => ask(question, Some(usual.to_owned()), read),
            None => bail!("nobody is there to be asked: say {flag}, or --yes for a place for trying out"),
        }
    }
}

fn founding(answered: &Answered) -> anyhow::Result<Founding> {
    let founding = Founding {
        handle: answered.handle.clone(),
        name: answered.association.clone(),
        about: String::new(),
        kind: AssociationKind::Residents,
        language: Language::english(),
        zone: system_zone(),
        place: None,
        battles: Vec::new(),
        paper: None,
        joining: String::new(),
        safeguarding: String::new(),
        sample: false,
    };
    Ok(founding.check()?)
}

/// The zone of this machine when it has set one, else that of the first associations.
fn system_zone() -> String {
    let zone = jiff::tz::TimeZone::system();
    zone.iana_name().filter(|name| !name.contains("UTC")).unwrap_or("Europe/London").to_owned()
}

async fn set_up(
    folder: &Path,
    file: &Path,
    answered: &Answered,
    founding: Founding,
    environment: &[(String, String)],
) -> anyhow::Result<Place> {
    fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    let starting = StartingFile {
        base_url: &answered.base_url,
        name: &answered.name,
        contact_name: &answered.organiser,
        contact_email: &answered.email,
        hosts: std::collections::BTreeMap::new(),
    };
    let mut made = Made::default();
    made.write(file, &starting.to_string())?;
    let config = Config::load(Some(file), environment.iter().cloned())?;
    made.will_make(&config)?;
    let app = opening::open(&config, Ports::real(), Missing::Make).await?;
    let (seen, link) = found(&app, answered, founding).await?;
    app.store.close().await?;
    made.stays();
    Ok(Place { config, file: file.to_owned(), seen, link })
}

async fn found(app: &App, answered: &Answered, founding: Founding) -> anyhow::Result<(AssociationSeen, Url)> {
    let organiser = enrol(app, &answered.organiser, &answered.email).await?;
    // Whoever sets a place up looks after all of it.
    people::make_steward(app, &By::operator(), &answered.email, true).await?;
    let seen = associations::found(app, &By::operator(), founding, Some(organiser.id)).await?;
    let link = people::sign_in_link(app, &By::operator(), &answered.email).await?;
    Ok((seen, link))
}

/// Files that are taken away again unless everything went well.
#[derive(Default)]
struct Made(Vec<PathBuf>);

impl Made {
    fn write(&mut self, file: &Path, text: &str) -> anyhow::Result<()> {
        let cannot = || format!("{} cannot be written", file.display());
        fs::OpenOptions::new().write(true).create_new(true).open(file).with_context(cannot)?;
        self.0.push(file.to_owned());
        fs::write(file, text).with_context(cannot)
    }

    /// Database and key are made next; what is there already is somebody's.
    fn will_make(&mut self, config: &Config) -> anyhow::Result<()> {
        let mut files = vec![config.keys.file.clone()];
        if let DatabaseUrl::Sqlite(database) = &config.database.url {
            files.push(database.clone());
        }
        if let Some(there) = files.iter().find(|file| file.exists()) {
            bail!(
                "{} is there already, and nothing is written over; name another folder with --folder",
                there.display()
            );
        }
        // Taken away only while nothing is in it.
        self.0.extend((!config.files.folder.exists()).then(|| config.files.folder.clone()));
        for file in files {
            for more in ["-wal", "-shm"] {
                let mut beside = file.clone().into_os_string();
                beside.push(more);
                self.0.push(beside.into());
            }
            self.0.push(file);
        }
        Ok(())
    }

    fn stays(&mut self) {
        self.0.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for file in &self.0 {
            // What was not made yet cannot be taken away.
            let _ = fs::remove_file(file).or_else(|_| fs::remove_dir(file));
        }
    }
}

fn say(place: &Place, answered: &Answered, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let (address, link) = (place.seen.actor.address(), &place.link);
    let object = json!({
        "config": place.file,
        "base_url": place.config.base_url.to_string(),
        "association": address,
        "page": place.seen.actor.page,
        "sign_in": link,
    });
    let (file, organiser) = (place.file.display(), &answered.organiser);
    let words = format!(
        "{} is founded: {address}\n\n\
         {organiser} signs in with this link, once, within a day, when the server runs:\n  {link}\n\n\
         Next:\n  1. folkmoot serve --config {file}\n{}",
        place.seen.actor.name,
        next(&place.config, &address)
    );
    answers.thing(words, &object)?;
    Ok(())
}

fn next(config: &Config, address: &str) -> String {
    let (host, listen, key) = (config.base_url.host(), config.listen, config.keys.file.display());
    if config.base_url.is_localhost() {
        return format!(
            "  2. Open {} in a browser on this machine. Nobody else can reach it: for a place on the\n     \
             open internet say quickstart again, in another folder, with --base-url YOUR.DOMAIN.\n     \
             Letters are kept, and {}mail shows them.",
            config.base_url,
            config.base_url.as_url()
        );
    }
    format!(
        "  2. Put a web server in front that holds the certificate for {host} and passes requests on to\n     \
         {listen}, with the Host header as it came. With Caddy this is the whole of it:\n       \
         {host} {{\n           reverse_proxy {listen}\n       }}\n  \
         3. Name your mail server in the file, under [mail]: people sign in by letters, and are told by them.\n  \
         4. On any Mastodon server, search for {address} and follow.\n\n\
         Keep a copy of {key} apart from the copies of the database.\n\
         `folkmoot check` says whether everything is well."
    )
}
