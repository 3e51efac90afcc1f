//! `folkmoot publish`: publishes from Markdown files, and looks after what was published.
//!
//! What comes after publishing is in [`steps`], how an item is shown in [`shown`]. Start at [`run`].

mod edit;
mod shown;
mod steps;

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use anyhow::Context as _;
use folkmoot_app::{App, By, calls, events, projects, updates};
use folkmoot_domain::{
    ItemId, Refusal,
    associations::AssociationSeen,
    calls::Call,
    events::Event,
    items::{Item, ItemKind, Words},
    text::Handle,
};
use jiff::tz::TimeZone;
use serde_json::json;
use uuid::Uuid;

use super::{Answers, asking, finding};
use crate::{
    cli::{Publish, PublishFile},
    front_matter,
};
use shown::{Fact, Shown};

/// What a command of this family works with.
struct Press<'a, 'w> {
    app: &'a App,
    input: &'a mut (dyn Read + Send),
    answers: &'a mut Answers<'w>,
}

/// Does what was asked.
pub async fn run(
    what: Publish,
    app: &App,
    input: &mut (dyn Read + Send),
    somebody_there: bool,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    let mut press = Press { app, input, answers };
    match what {
        Publish::Call(asked) => press.call(asked).await,
        Publish::Event(asked) => press.event(asked).await,
        Publish::Update(asked) => press.update(asked).await,
        Publish::Project { file, association, dry_run } => {
            press.project(&file, association.as_ref(), dry_run).await
        }
        Publish::Edit { item, file, note, dry_run } => press.edit(&item, &file, &note, dry_run).await,
        Publish::Picture { item, file, alt, .. } => {
            press.picture(&item, file.as_deref(), alt.as_deref()).await
        }
        Publish::Close { item, outcome, thanks } => press.close(&item, &outcome, &thanks).await,
        Publish::Cancel { item, reason } => press.cancel(&item, &reason).await,
        Publish::Park { item, reason, wake } => press.park(&item, &reason, wake).await,
        Publish::Resume { item } => press.resume(&item).await,
        Publish::Delete { item, yes } => {
            let found = finding::item(app, &item).await?;
            let question = format!("Delete \u{201c}{}\u{201d} for good?", shown::name(&found));
            asking::sure(&question, yes, somebody_there)?;
            press.delete(&found).await
        }
    }
}

impl Press<'_, '_> {
    async fn call(&mut self, asked: PublishFile) -> anyhow::Result<()> {
        let home = finding::association(self.app, &asked.association).await?;
        let file = front_matter::call(&self.read(&asked.file)?).with_context(|| in_file(&asked.file))?;
        let project = finding::project(self.app, file.project.as_ref()).await?;
        let (words, draft) = (file.words()?, file.draft(&home.association.time_zone(), project)?);
        if asked.dry_run {
            let call = Call::publish(no_id(), &draft, self.app.now())?;
            return self.rehearse(
                &home,
                ItemKind::Call,
                words,
                &call_facts(&call, &home.association.time_zone()),
            );
        }
        let seen = calls::publish(self.app, &By::operator(), home.actor.id, words, draft).await?;
        let facts = call_facts(&seen.call, &seen.seen.time_zone());
        self.show(&Shown::published(&seen.seen, &facts), "folkmoot pledges list")
    }

    async fn event(&mut self, asked: PublishFile) -> anyhow::Result<()> {
        let home = finding::association(self.app, &asked.association).await?;
        let file = front_matter::event(&self.read(&asked.file)?).with_context(|| in_file(&asked.file))?;
        let project = finding::project(self.app, file.project.as_ref()).await?;
        let (words, draft) = (file.words()?, file.draft(&home.association.time_zone(), project)?);
        if asked.dry_run {
            let event = Event::publish(no_id(), &draft, &home.association.zone, self.app.now())?;
            return self.rehearse(&home, ItemKind::Event, words, &event_facts(&event));
        }
        let seen = events::publish(self.app, &By::operator(), home.actor.id, words, draft).await?;
        self.show(&Shown::published(&seen.seen, &event_facts(&seen.event)), "folkmoot replies list")
    }

    async fn project(&mut self, path: &Path, home: Option<&Handle>, dry_run: bool) -> anyhow::Result<()> {
        let home = match home {
            Some(handle) => Some(finding::association(self.app, handle).await?),
            None => None,
        };
        let file = front_matter::project(&self.read(path)?).with_context(|| in_file(path))?;
        let draft = file.draft()?;
        let facts = [Fact::text("needs", "need", &draft.need)];
        if dry_run {
            let by = home.map_or_else(|| "nobody yet".to_owned(), |home| home.actor.address());
            let words = draft.words.check(ItemKind::Project)?;
            return self.say_rehearsed(&Shown::rehearsed(ItemKind::Project, &by, &words, &facts));
        }
        let id = match home {
            Some(home) => home.actor.id,
            None => folkmoot_app::items::nobody(self.app).await?,
        };
        let seen = projects::publish(self.app, &By::operator(), id, draft).await?;
        self.show(
            &Shown::published(&seen.seen, &facts),
            "folkmoot publish call call.md, with `project` set to this id",
        )
    }

    async fn update(&mut self, asked: PublishFile) -> anyhow::Result<()> {
        let home = finding::association(self.app, &asked.association).await?;
        let file = front_matter::update(&self.read(&asked.file)?).with_context(|| in_file(&asked.file))?;
        let about = finding::item(self.app, &file.about).await?;
        if about.home != home.actor.id {
            return Err(
                Refusal::field("about", format!("is not published by {}", home.actor.address())).into()
            );
        }
        let words = file.words()?;
        let facts = [about_fact(&about)];
        if asked.dry_run {
            return self.rehearse(&home, ItemKind::Update, words, &facts);
        }
        let seen = updates::publish(self.app, &By::operator(), about.id, words).await?;
        self.show(&Shown::published(&seen.seen, &facts), "folkmoot deliveries list")
    }

    /// The words of a file; `-` is standard input.
    fn read(&mut self, path: &Path) -> anyhow::Result<String> {
        if path == Path::new("-") {
            return io::read_to_string(&mut self.input).context("standard input cannot be read");
        }
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
    }

    fn rehearse(
        &mut self,
        home: &AssociationSeen,
        kind: ItemKind,
        words: Words,
        facts: &[Fact],
    ) -> anyhow::Result<()> {
        self.say_rehearsed(&Shown::rehearsed(kind, &home.actor.address(), &words.check(kind)?, facts))
    }

    fn say_rehearsed(&mut self, shown: &Shown) -> anyhow::Result<()> {
        self.answers.thing(shown.words(), &shown.object())?;
        self.answers.word("Nothing was published: this was a rehearsal. Leave out --dry-run to do it.")?;
        Ok(())
    }

    fn show(&mut self, shown: &Shown, next: &str) -> anyhow::Result<()> {
        self.answers.thing(shown.words(), &shown.object())?;
        self.answers.word(format!("Next: {next}"))?;
        Ok(())
    }
}

fn in_file(path: &Path) -> String {
    format!("in {}:", path.display())
}

fn call_facts(call: &Call, zone: &TimeZone) -> Vec<Fact> {
    let needs = call.needs.iter().map(|need| match need.wanted {
        Some(wanted) => format!("{} ({wanted} wanted)", need.label),
        None => need.label.clone(),
    });
    let options = call
        .needs
        .iter()
        .map(|need| json!({ "kind": need.kind.word(), "label": need.label, "wanted": need.wanted }));
    let poll = if call.one_tap { "a poll: a tick and a vote is a pledge" } else { "a plain post" };
    vec![
        Fact::shaped("asks for", needs.collect::<Vec<_>>().join("\n"), "needs", options.collect()),
        Fact::text("why", "why", &call.why),
        Fact::moment("closes", call.closes, zone),
        Fact::shaped("goes out as", poll.to_owned(), "one_tap", call.one_tap.into()),
    ]
}

fn event_facts(event: &Event) -> Vec<Fact> {
    let zone = event.time_zone();
    let capacity = event.capacity.map(|capacity| capacity.to_string()).unwrap_or_default();
    vec![
        Fact::moment("starts", event.starts, &zone),
        Fact::moment("ends", event.ends, &zone),
        Fact::shaped("room for", capacity, "capacity", event.capacity.into()),
        Fact::text("online", "online", event.online.as_ref().map_or("", |url| url.as_str())),
    ]
}

fn about_fact(about: &Item) -> Fact {
    let words = format!("{} ({})", shown::name(about), about.page);
    Fact::shaped("about", words, "about", about.page.as_str().into())
}

/// For rehearsals, which store nothing.
fn no_id() -> ItemId {
    ItemId(Uuid::nil())
}
