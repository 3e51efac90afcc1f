//! What is said about projects, calls, events and updates.
//!
//! Steps that followers should see in their timeline (outcome, cancellation, another day) are an `Update` of the
//! item and a Note: an `Update` alone appears in nobody's timeline.

use folkmoot_app::{App, Result, changes::Saying, instance, items::next_edit};
use folkmoot_domain::{
    ItemId, Moment, NoteId,
    calls::{CallSeen, CallState},
    changes::{Change, ChangeKind},
    events::EventState,
    items::ItemKind,
    projects::ProjectState,
};
use folkmoot_storage::{calls, events, pledges, projects, updates};
use folkmoot_wire::{self as wire, notes};
use serde_json::Value;

use super::{
    people::direct,
    sayings::{Speaker, about, item},
};
use crate::audience;

/// Any item, with what surrounds it.
enum Seen {
    Project(Box<folkmoot_domain::projects::ProjectSeen>),
    Call(Box<CallSeen>),
    Event(Box<folkmoot_domain::events::EventSeen>),
    Update(Box<folkmoot_domain::updates::UpdateSeen>),
}

impl Seen {
    async fn of(app: &App, change: &Change) -> Result<Option<Self>> {
        let (rows, id) = (app.store.rows(), ItemId(change.object));
        Ok(match item(app, change).await?.kind {
            ItemKind::Project => projects::seen(&rows, id).await?.map(|seen| Self::Project(Box::new(seen))),
            ItemKind::Call => calls::seen(&rows, id).await?.map(|seen| Self::Call(Box::new(seen))),
            ItemKind::Event => events::seen(&rows, id).await?.map(|seen| Self::Event(Box::new(seen))),
            ItemKind::Update => updates::seen(&rows, id).await?.map(|seen| Self::Update(Box::new(seen))),
        })
    }

    fn object(&self, app: &App) -> Value {
        match self {
            Self::Project(seen) => wire::projects::object(seen, &app.addresses),
            Self::Call(seen) => wire::calls::object(seen, &app.addresses),
            Self::Event(seen) => wire::events::object(seen, &app.addresses),
            Self::Update(seen) => wire::updates::object(seen, &app.addresses),
        }
    }
}

/// `Create`. An event is announced by the instance too: that is what operators of calendars follow.
pub(super) async fn published(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(seen) = Seen::of(app, change).await? else {
        return Ok(Vec::new());
    };
    let (speaker, item) = (Speaker::of(app, change).await?, item(app, change).await?);
    let inboxes = audience::item(app, item.home, item.id).await?;
    let (id, address) = speaker.activity();
    let said = wire::activities::create(&address, seen.object(app));
    let create = speaker.saying(id, "Create", &item.uri, &said, inboxes);
    let mut sayings = vec![Saying { item: Some(item.id), ..create }];
    if item.kind == ItemKind::Event {
        let announcer = Speaker { actor: instance::actor(app).await?, ..speaker };
        let (id, address) = announcer.activity();
        let author = Some(&speaker_of(&seen).uri);
        let said = wire::activities::announce(
            &address,
            &announcer.actor,
            &item.uri,
            author,
            announcer.now,
            &app.addresses,
        );
        let inboxes = audience::followers(app, announcer.actor.id).await?;
        sayings.push(announcer.saying(id, "Announce", &item.uri, &said, inboxes));
    }
    Ok(sayings)
}

fn speaker_of(seen: &Seen) -> &folkmoot_domain::actors::Actor {
    match seen {
        Seen::Project(seen) => &seen.seen.home,
        Seen::Call(seen) => &seen.seen.home,
        Seen::Event(seen) => &seen.seen.home,
        Seen::Update(seen) => &seen.seen.home,
    }
}

/// `Update`, and a Note when the organisers say what changed.
pub(super) async fn edited(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(mut sayings) = update(app, change).await? else {
        return Ok(Vec::new());
    };
    if !change.words.is_empty() {
        let about = about(&item(app, change).await?);
        sayings.push(public_note(app, change, |head| notes::changed(head, &about, &change.words)).await?);
    }
    Ok(sayings)
}

/// `Delete` with a `Tombstone`, to everyone who may have a copy.
pub(super) async fn deleted(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let (speaker, item) = (Speaker::of(app, change).await?, item(app, change).await?);
    let one_tap = calls::is_one_tap(&app.store.rows(), item.id).await?;
    let former = wire::activities::former_type(item.kind, one_tap);
    let inboxes = audience::item(app, item.home, item.id).await?;
    let (id, address) = speaker.activity();
    let at = item.deleted.unwrap_or(speaker.now);
    let said = wire::activities::delete(&address, &speaker.actor, &item.uri, former, at, &app.addresses);
    let saying = speaker.saying(id, "Delete", &item.uri, &said, inboxes);
    Ok(vec![Saying { item: Some(item.id), ..saying }])
}

/// Tallies, to servers with voters, without a newer `updated`. A poll that is over said its last already. How many come
/// to an event is told to everyone who shows it.
pub(super) async fn tallied(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let call = match Seen::of(app, change).await? {
        Some(Seen::Call(call)) => call,
        Some(Seen::Event(_)) => return Ok(update(app, change).await?.unwrap_or_default()),
        _ => return Ok(Vec::new()),
    };
    if call.ended.is_some() || !call.call.one_tap {
        return Ok(Vec::new());
    }
    let inboxes = audience::voters(app, call.call.id).await?;
    Ok(vec![call_update(app, change, &call, inboxes).await?])
}

/// How far the need is met stands in the text, so this is an edit.
pub(super) async fn progressed(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(Seen::Call(mut call)) = Seen::of(app, change).await? else {
        return Ok(Vec::new());
    };
    if call.ended.is_some() {
        return Ok(Vec::new());
    }
    call.seen.item.edited = Some(next_edit(&call.seen.item, app.now()));
    let inboxes = audience::item(app, call.seen.item.home, call.call.id).await?;
    Ok(vec![call_update(app, change, &call, inboxes).await?])
}

/// The time to answer is over: `closed` equal to `endTime`, last tallies, `updated` as it was.
pub(super) async fn ended(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(Seen::Call(mut call)) = Seen::of(app, change).await? else {
        return Ok(Vec::new());
    };
    if call.ended.is_some() {
        return Ok(Vec::new());
    }
    call.ended = Some(call.call.closes);
    let inboxes = audience::item(app, call.seen.item.home, call.call.id).await?;
    Ok(vec![call_update(app, change, &call, inboxes).await?])
}

async fn call_update(app: &App, change: &Change, call: &CallSeen, inboxes: Vec<String>) -> Result<Saying> {
    let speaker = Speaker::of(app, change).await?;
    let (id, address) = speaker.activity();
    let said = wire::activities::update(&address, wire::calls::object(call, &app.addresses), speaker.now);
    let saying = speaker.saying(id, "Update", &call.seen.item.uri, &said, inboxes);
    Ok(Saying { item: Some(call.call.id), ..saying })
}

/// A step that followers should see: `Update` of the item and a Note, and thanks to each who helped.
pub(super) async fn stepped(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(mut sayings) = update(app, change).await? else {
        return Ok(Vec::new());
    };
    let Some(seen) = Seen::of(app, change).await? else {
        return Ok(Vec::new());
    };
    if let Some(step) = Step::of(change.kind, &seen) {
        let item = item(app, change).await?;
        let zone = zone(&seen);
        sayings.push(public_note(app, change, |head| step.note(head, &about(&item), &zone)).await?);
        if let Step::Outcome { outcome, thanks, to_givers: true } = &step {
            sayings.extend(thank(app, change, outcome, thanks).await?);
        }
    }
    Ok(sayings)
}

/// The step that a Note tells of; none when the item has gone on since.
enum Step {
    Outcome { outcome: String, thanks: String, to_givers: bool },
    Cancelled(String),
    Parked(folkmoot_domain::items::AnotherDay),
    Resumed,
}

impl Step {
    fn of(kind: ChangeKind, seen: &Seen) -> Option<Self> {
        match (kind, seen) {
            (ChangeKind::Closed, Seen::Call(call)) => match &call.call.state {
                CallState::Closed { outcome, thanks, .. } => {
                    Some(Self::Outcome { outcome: outcome.clone(), thanks: thanks.clone(), to_givers: true })
                }
                _ => None,
            },
            (ChangeKind::Finished, Seen::Project(project)) => match &project.state {
                ProjectState::Done { outcome, .. } => {
                    Some(Self::Outcome { outcome: outcome.clone(), thanks: String::new(), to_givers: false })
                }
                _ => None,
            },
            (ChangeKind::Cancelled, Seen::Call(call)) => match &call.call.state {
                CallState::Cancelled { reason, .. } => Some(Self::Cancelled(reason.clone())),
                _ => None,
            },
            (ChangeKind::Cancelled, Seen::Event(event)) => match &event.event.state {
                EventState::Cancelled { reason, .. } => Some(Self::Cancelled(reason.clone())),
                EventState::Planned => None,
            },
            (ChangeKind::Parked, Seen::Call(call)) => match &call.call.state {
                CallState::AnotherDay(day) => Some(Self::Parked(day.clone())),
                _ => None,
            },
            (ChangeKind::Parked, Seen::Project(project)) => match &project.state {
                ProjectState::AnotherDay(day) => Some(Self::Parked(day.clone())),
                _ => None,
            },
            (ChangeKind::Resumed, _) => Some(Self::Resumed),
            _ => None,
        }
    }

    fn note(
        &self,
        head: notes::NoteHead<'_>,
        about: &folkmoot_domain::updates::About,
        zone: &jiff::tz::TimeZone,
    ) -> Value {
        match self {
            Self::Outcome { outcome, thanks, .. } => notes::outcome(head, about, outcome, thanks),
            Self::Cancelled(reason) => notes::cancelled(head, about, reason),
            Self::Parked(day) => notes::parked(head, about, day, zone),
            Self::Resumed => notes::resumed(head, about),
        }
    }
}

fn zone(seen: &Seen) -> jiff::tz::TimeZone {
    match seen {
        Seen::Project(seen) => seen.seen.time_zone(),
        Seen::Call(seen) => seen.seen.time_zone(),
        Seen::Event(seen) => seen.event.time_zone(),
        Seen::Update(seen) => seen.seen.time_zone(),
    }
}

/// Thanks to each who has a live pledge, for their eyes only.
async fn thank(app: &App, change: &Change, outcome: &str, thanks: &str) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let (rows, call) = (app.store.rows(), ItemId(change.object));
    let mut sayings = Vec::new();
    for pledge in pledges::givers(&rows, call).await? {
        let Some(pledge) = pledges::seen(&rows, pledge.id).await? else {
            continue;
        };
        let said =
            direct(&speaker, &pledge.giver, call, |head| notes::thanks(head, &pledge, outcome, thanks));
        sayings.extend(said.await?);
    }
    Ok(sayings)
}

/// `Update` of the item as it is now. None when it is gone.
async fn update(app: &App, change: &Change) -> Result<Option<Vec<Saying>>> {
    let Some(seen) = Seen::of(app, change).await? else {
        return Ok(None);
    };
    let (speaker, item) = (Speaker::of(app, change).await?, item(app, change).await?);
    let inboxes = audience::item(app, item.home, item.id).await?;
    let (id, address) = speaker.activity();
    let at: Moment = item.edited.unwrap_or(speaker.now);
    let said = wire::activities::update(&address, seen.object(app), at);
    let saying = speaker.saying(id, "Update", &item.uri, &said, inboxes);
    Ok(Some(vec![Saying { item: Some(item.id), ..saying }]))
}

/// A Note about the item, for everyone who hears of it.
async fn public_note(
    app: &App,
    change: &Change,
    note: impl FnOnce(notes::NoteHead<'_>) -> Value,
) -> Result<Saying> {
    let (speaker, item) = (Speaker::of(app, change).await?, item(app, change).await?);
    let inboxes = audience::item(app, item.home, item.id).await?;
    let id: NoteId = app.id();
    let note = note(speaker.head(id));
    Ok(speaker.note(id, Some(item.id), note, inboxes, true))
}
