//! Replaces the words of something published by those of a file of the same kind.
//!
//! What a file says otherwise and what stays all the same (needs and closing time of a call, since changing them would
//! delete votes) is named. Start at [`Press::edit`].

use std::path::Path;

use anyhow::Context as _;
use folkmoot_app::{By, calls, events, items, projects};
use folkmoot_domain::{
    ItemId,
    calls::Call,
    items::{Item, ItemKind, Words},
};
use jiff::tz::TimeZone;
use serde_json::json;

use super::{Fact, Press, Shown, about_fact, call_facts, event_facts, in_file, shown};
use crate::{
    commands::finding,
    front_matter::{self, ItemName},
};

/// What a file asks for.
struct Asked {
    words: Words,
    facts: Vec<Fact>,
    /// Keys that the file says otherwise than they stay.
    kept: Vec<&'static str>,
    besides: Besides,
}

/// What changes besides the words.
enum Besides {
    Call { why: String, project: Option<ItemId> },
    Project { need: String },
    Nothing,
}

impl Press<'_, '_> {
    pub(super) async fn edit(
        &mut self,
        name: &ItemName,
        path: &Path,
        note: &str,
        dry_run: bool,
    ) -> anyhow::Result<()> {
        let item = finding::item(self.app, name).await?;
        let text = self.read(path)?;
        let asked = match item.kind {
            ItemKind::Event => return self.edit_event(&item, path, &text, note, dry_run).await,
            ItemKind::Call => self.asked_of_call(&item, path, &text).await?,
            ItemKind::Project => asked_of_project(path, &text)?,
            ItemKind::Update => {
                let file = front_matter::update(&text).with_context(|| in_file(path))?;
                let about = finding::item(self.app, &file.about).await?;
                let (words, facts) = (file.words()?, vec![about_fact(&about)]);
                Asked { words, facts, kept: Vec::new(), besides: Besides::Nothing }
            }
        };
        if dry_run {
            return self.rehearse_edit(&item, asked).await;
        }
        let (app, by, id, words) = (self.app, By::operator(), item.id, asked.words);
        match asked.besides {
            Besides::Call { why, project } => calls::change(app, &by, id, words, &why, project, note).await?,
            Besides::Project { need } => projects::change(app, &by, id, words, &need, note).await?,
            Besides::Nothing => items::edit(app, &by, id, words, note).await?,
        }
        self.edited(&item, &asked.kept)
    }

    async fn asked_of_call(&self, item: &Item, path: &Path, text: &str) -> anyhow::Result<Asked> {
        let file = front_matter::call(text).with_context(|| in_file(path))?;
        let known = calls::seen(self.app, item.id).await?;
        let project = finding::project(self.app, file.project.as_ref()).await?;
        let draft = file.draft(&self.zone_of(item).await?, project)?;
        // As it would have been published then: by now its time may be over.
        let asked = Call::publish(item.id, &draft, item.published)?;
        let differs = [
            ("needs", asked.needs != known.call.needs),
            ("closes", asked.closes != known.call.closes),
            ("one_tap", asked.one_tap != known.call.one_tap),
        ];
        let changed = known.call.changed(&asked.why, project)?;
        let facts = call_facts(&changed, &known.seen.time_zone());
        let besides = Besides::Call { why: asked.why, project };
        Ok(Asked { words: file.words()?, facts, kept: named(&differs), besides })
    }

    async fn edit_event(
        &mut self,
        item: &Item,
        path: &Path,
        text: &str,
        note: &str,
        dry_run: bool,
    ) -> anyhow::Result<()> {
        let file = front_matter::event(text).with_context(|| in_file(path))?;
        let zone = self.zone_of(item).await?;
        let project = finding::project(self.app, file.project.as_ref()).await?;
        let (words, draft) = (file.words()?, file.draft(&zone, project)?);
        if dry_run {
            let event = events::seen(self.app, item.id).await?.event.changed(&draft, self.app.now())?;
            let asked =
                Asked { words, facts: event_facts(&event), kept: Vec::new(), besides: Besides::Nothing };
            return self.rehearse_edit(item, asked).await;
        }
        events::change(self.app, &By::operator(), item.id, words, draft, note).await?;
        self.edited(item, &[])
    }

    async fn rehearse_edit(&mut self, item: &Item, asked: Asked) -> anyhow::Result<()> {
        let home = folkmoot_storage::actors::find(&self.app.store.rows(), item.home).await?;
        let by = home.map(|home| home.address()).unwrap_or_default();
        let words = asked.words.check(item.kind)?;
        self.say_kept(&asked.kept)?;
        self.say_rehearsed(&Shown::rehearsed(item.kind, &by, &words, &asked.facts))
    }

    fn edited(&mut self, item: &Item, kept: &[&'static str]) -> anyhow::Result<()> {
        let object = json!({
            "id": item.id.to_string(),
            "kind": item.kind.word(),
            "uri": item.uri,
            "page": item.page,
            "did": "edited",
            "kept": kept,
        });
        let words =
            format!("{} ({})\nChanged, and whoever has a copy hears of it.", shown::name(item), item.page);
        self.answers.thing(words, &object)?;
        self.say_kept(kept)?;
        self.answers.word("Next: folkmoot deliveries list")?;
        Ok(())
    }

    fn say_kept(&mut self, kept: &[&'static str]) -> anyhow::Result<()> {
        if !kept.is_empty() {
            self.answers
                .word(format!("Stays as it was published, whatever the file says: {}.", kept.join(", ")))?;
        }
        Ok(())
    }

    pub(super) async fn zone_of(&self, item: &Item) -> anyhow::Result<TimeZone> {
        let home = folkmoot_storage::associations::find(&self.app.store.rows(), item.home).await?;
        Ok(home.map_or(TimeZone::UTC, |home| home.time_zone()))
    }
}

fn asked_of_project(path: &Path, text: &str) -> anyhow::Result<Asked> {
    let file = front_matter::project(text).with_context(|| in_file(path))?;
    let facts = vec![Fact::text("needs", "need", &file.need)];
    let (words, besides) = (file.words()?, Besides::Project { need: file.need });
    Ok(Asked { words, facts, kept: Vec::new(), besides })
}

fn named(differs: &[(&'static str, bool)]) -> Vec<&'static str> {
    differs.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect()
}
