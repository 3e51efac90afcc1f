//! What is said about items of others that ours pass on, and to those who pass on ours.
//!
//! Without a reason it is a boost, with one a Note that quotes; when it ends, what was said is taken back. Both go to the
//! followers of who carries and to the home of the item.

use folkmoot_app::{App, Result, changes::Saying};
use folkmoot_domain::{
    ActivityId, CarryId, NoteId,
    actors::Actor,
    carries::{Carry, CarryState},
    changes::{Change, ChangeKind},
    items::Item,
};
use folkmoot_storage::{activities, actors, carries, items};
use folkmoot_wire::{self as wire, carries::CarrySaid};
use serde_json::Value;
use url::Url;

use super::sayings::Speaker;
use crate::audience;

/// What is said about a change of this kind.
pub(super) async fn render(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(told) = Told::of(app, change).await? else { return Ok(Vec::new()) };
    match change.kind {
        ChangeKind::Carried => told.carried().await,
        ChangeKind::CarryEnded => told.ended().await,
        _ => told.refused().await,
    }
}

/// A carry and what surrounds it.
struct Told<'a> {
    speaker: Speaker<'a>,
    carry: Carry,
    item: Item,
    home: Actor,
    /// The activity that says it, and its address.
    activity: Option<(ActivityId, Url)>,
    /// The Note that quotes, when there is a reason.
    note: Option<NoteId>,
}

impl<'a> Told<'a> {
    /// Nothing when a part of it is not there any more.
    async fn of(app: &'a App, change: &Change) -> Result<Option<Self>> {
        let rows = app.store.rows();
        let Some(carry) = carries::find(&rows, CarryId(change.object)).await? else { return Ok(None) };
        let Some(item) = items::find(&rows, carry.item).await? else { return Ok(None) };
        let Some(home) = actors::find(&rows, item.home).await? else { return Ok(None) };
        let speaker = Speaker::of(app, change).await?;
        let mut said = change.words.lines();
        let activity = said.next().and_then(|said| Url::parse(said).ok());
        let activity = activity.and_then(|said| Some((last(&said)?, said)));
        let note = said.next().and_then(|said| Url::parse(said).ok()).and_then(|said| last(&said));
        Ok(Some(Self { speaker, carry, item, home, activity, note }))
    }

    async fn inboxes(&self) -> Result<Vec<String>> {
        audience::carried(self.speaker.app, self.speaker.actor.id, self.home.id).await
    }

    /// A boost, or a Note that quotes; nothing when it ended before it was said.
    async fn carried(self) -> Result<Vec<Saying>> {
        let Some((id, address)) = &self.activity else { return Ok(Vec::new()) };
        let is_this = self.carry.activity.as_deref() == Some(address.as_str());
        if self.carry.state != CarryState::Carried || !is_this || self.item.deleted.is_some() {
            return Ok(Vec::new());
        }
        let (speaker, inboxes) = (&self.speaker, self.inboxes().await?);
        let addresses = &speaker.app.addresses;
        let saying = if let Some(note) = self.note {
            let quote = wire::carries::quote(speaker.head(note), &self.item, &self.home, &self.carry.reason);
            let said = wire::activities::create(address, quote);
            let saying = speaker.saying(*id, "Create", &addresses.note(note), &said, inboxes);
            Saying { note: Some(note), ..saying }
        } else {
            let author = Some(&self.home.uri);
            let said = wire::activities::announce(
                address,
                &speaker.actor,
                &self.item.uri,
                author,
                speaker.now,
                addresses,
            );
            speaker.saying(*id, "Announce", address, &said, inboxes)
        };
        Ok(vec![Saying { item: Some(self.item.id), ..saying }])
    }

    /// What was said is taken back; nothing when it was never said.
    async fn ended(self) -> Result<Vec<Saying>> {
        let Some((id, address)) = &self.activity else { return Ok(Vec::new()) };
        let app = self.speaker.app;
        let Some(said) = activities::find(&app.store.rows(), *id).await? else { return Ok(Vec::new()) };
        let (speaker, inboxes) = (&self.speaker, self.inboxes().await?);
        let (id, fresh) = speaker.activity();
        let saying = if let Some(note) = self.note {
            let note = app.addresses.note(note);
            let gone =
                wire::activities::delete(&fresh, &speaker.actor, &note, "Note", speaker.now, &app.addresses);
            speaker.saying(id, "Delete", &note, &gone, inboxes)
        } else {
            let said: Value = serde_json::from_str(&said.body).unwrap_or_default();
            let undo = wire::activities::undo(&fresh, said, speaker.now);
            speaker.saying(id, "Undo", address, &undo, inboxes)
        };
        Ok(vec![saying])
    }

    /// A no to whoever carries, from the home of the item.
    async fn refused(self) -> Result<Vec<Saying>> {
        let rows = self.speaker.app.store.rows();
        let Some(carrier) = actors::find(&rows, self.carry.carrier).await? else { return Ok(Vec::new()) };
        if self.carry.state != CarryState::Refused {
            return Ok(Vec::new());
        }
        let said = CarrySaid {
            carrier: &carrier.uri,
            item: &self.item.uri,
            activity: self.carry.activity.as_deref().and_then(|said| said.lines().last()),
            note: self.carry.note.as_deref(),
        };
        let (id, address) = self.speaker.activity();
        let reject = wire::carries::reject(&address, &self.speaker.actor, said);
        let inboxes = audience::one(self.speaker.app, &carrier).await?;
        let saying = self.speaker.saying(id, "Reject", &address, &reject, inboxes);
        Ok(vec![Saying { public: false, ..saying }])
    }
}

/// The id at the end of an address of ours.
fn last<T: std::str::FromStr>(url: &Url) -> Option<T> {
    url.path_segments()?.next_back()?.parse().ok()
}
