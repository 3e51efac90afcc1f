//! What happens to an item after it was published: a picture hung on it, closed, called off, parked, taken up again,
//! deleted.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use folkmoot_app::{By, calls, events, items, pictures, projects};
use folkmoot_domain::{
    Moment,
    items::{Item, ItemKind},
};
use serde_json::json;

use super::{Press, shown};
use crate::{
    commands::finding,
    front_matter::{self, ItemName, When},
};

impl Press<'_, '_> {
    /// Without words there is nothing to hang: the picture is taken away.
    pub(super) async fn picture(
        &mut self,
        name: &ItemName,
        file: Option<&Path>,
        alt: Option<&str>,
    ) -> anyhow::Result<()> {
        let (item, by) = (finding::item(self.app, name).await?, By::operator());
        let sentence = match (file, alt) {
            (Some(file), alt) => {
                let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
                let picture = pictures::bring(self.app, &by, item.id, bytes, alt.unwrap_or_default()).await?;
                format!("Hung up, {} by {} points.", picture.width, picture.height)
            }
            (None, Some(alt)) => {
                pictures::describe(self.app, &by, item.id, alt).await?;
                "Said anew what is on its picture.".to_owned()
            }
            (None, None) => {
                pictures::remove(self.app, &by, item.id).await?;
                "Its picture is taken away.".to_owned()
            }
        };
        self.did(&item, "pictured", &sentence)
    }

    pub(super) async fn close(&mut self, name: &ItemName, outcome: &str, thanks: &str) -> anyhow::Result<()> {
        let (item, by) = (finding::item(self.app, name).await?, By::operator());
        match item.kind {
            ItemKind::Call => calls::close(self.app, &by, item.id, outcome, thanks).await?,
            ItemKind::Project if thanks.is_empty() => {
                projects::finish(self.app, &by, item.id, outcome).await?;
            }
            ItemKind::Project => {
                bail!("a project has an outcome and no --thanks: thank people when you close its calls")
            }
            other => bail!("{} cannot be closed: that is for calls and projects", a(other)),
        }
        self.did(&item, "closed", "Closed. Everyone who follows or pledged hears the outcome.")
    }

    pub(super) async fn cancel(&mut self, name: &ItemName, reason: &str) -> anyhow::Result<()> {
        let (item, by) = (finding::item(self.app, name).await?, By::operator());
        match item.kind {
            ItemKind::Call => calls::cancel(self.app, &by, item.id, reason).await?,
            ItemKind::Event => events::cancel(self.app, &by, item.id, reason).await?,
            other => bail!("{} cannot be called off: that is for calls and events", a(other)),
        }
        self.did(&item, "cancelled", "Called off. It stays visible, with the reason.")
    }

    pub(super) async fn park(
        &mut self,
        name: &ItemName,
        reason: &str,
        wake: Option<When>,
    ) -> anyhow::Result<()> {
        let (item, by) = (finding::item(self.app, name).await?, By::operator());
        let wake = match wake {
            Some(when) => Some(self.on_its_clocks(&item, when).await?),
            None => None,
        };
        match item.kind {
            ItemKind::Call => calls::park(self.app, &by, item.id, reason, wake).await?,
            ItemKind::Project => projects::park(self.app, &by, item.id, reason, wake).await?,
            other => bail!("{} cannot be left for another day: that is for calls and projects", a(other)),
        }
        self.did(&item, "parked", "Left for another day. Its followers hear why.")
    }

    pub(super) async fn resume(&mut self, name: &ItemName) -> anyhow::Result<()> {
        let (item, by) = (finding::item(self.app, name).await?, By::operator());
        match item.kind {
            ItemKind::Call => calls::resume(self.app, &by, item.id).await?,
            ItemKind::Project => projects::start(self.app, &by, item.id).await?,
            other => bail!("{} cannot be taken up again: that is for calls and projects", a(other)),
        }
        self.did(&item, "resumed", "It goes on.")
    }

    pub(super) async fn delete(&mut self, item: &Item) -> anyhow::Result<()> {
        items::delete(self.app, &By::operator(), item.id).await?;
        self.did(item, "deleted", "Deleted. Other servers are asked to delete it too; copies may stay.")
    }

    pub(super) fn did(&mut self, item: &Item, did: &str, sentence: &str) -> anyhow::Result<()> {
        let object = json!({
            "id": item.id.to_string(),
            "kind": item.kind.word(),
            "uri": item.uri,
            "page": item.page,
            "title": item.title,
            "did": did,
        });
        self.answers.thing(format!("{} ({})\n{sentence}", shown::name(item), item.page), &object)?;
        Ok(())
    }

    /// A time of day without an offset is one on the clocks of whoever published the item.
    async fn on_its_clocks(&self, item: &Item, when: When) -> anyhow::Result<Moment> {
        Ok(front_matter::moment("wake", when, &self.zone_of(item).await?)?)
    }
}

fn a(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Project => "a project",
        ItemKind::Call => "a call",
        ItemKind::Event => "an event",
        ItemKind::Update => "an update",
    }
}
