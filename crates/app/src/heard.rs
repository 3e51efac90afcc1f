//! What others publish, kept here as the noun it is: new, changed, deleted. Only its home changes it.
//!
//! An item is kept when somebody here asked to hear it: it is from somebody one of ours is connected to, or carried by
//! them, or an answer from here is bound for it. Who may be heard is for the doors to ask; what becomes of it is here.
//! Start at [`keep`].

use folkmoot_domain::{
    ActorId, CauseId, ItemId, Refusal,
    audiences::Reach,
    calls::{Call, Need},
    causes::{self as cause_rules, Cause},
    events::Event,
    heard::{Heard, HeardNeed, HeardNoun},
    items::{Item, ItemKind},
    moments::DAY,
    text::{Language, Prose},
};
use folkmoot_storage::{
    calls, carries as carry_rows, causes as cause_rows, connections, events, heard as rows, items,
    partnerships, projects, tombstones,
};
use tokio::sync::OnceCell;
use url::Url;

use crate::{App, By, Doing, Result, adoptions, carries, instance, items as app_items};

/// What lies in a stream is kept this long when nobody here makes anything of it.
const KEPT: i64 = 90 * DAY;

/// Keeps what an actor published. The id of the item when it is kept.
pub async fn take(app: &App, by: &By, home: ActorId, heard: &Heard) -> Result<Option<ItemId>> {
    let doing = app.begin(by).await?;
    let kept = keep(&doing, home, heard).await?;
    connections::heard_from(&doing.tx, home, doing.now).await?;
    doing.done(if kept.is_some() { "an item from elsewhere is kept" } else { "an item is not kept" }).await?;
    Ok(kept)
}

/// An association elsewhere passes on what another published: it is kept, and who carries it is noted. `note` is the id
/// of the Note that quotes it.
pub async fn take_carried(
    app: &App,
    by: &By,
    carrier: ActorId,
    home: ActorId,
    heard: &Heard,
    activity: Option<&str>,
    note: Option<&str>,
) -> Result<Option<ItemId>> {
    let doing = app.begin(by).await?;
    let kept = keep(&doing, home, heard).await?;
    if let Some(item) = kept {
        carries::noticed(&doing, carrier, item, activity, note).await?;
    }
    connections::heard_from(&doing.tx, carrier, doing.now).await?;
    doing.done("an item that somebody carries is kept").await?;
    Ok(kept)
}

/// An association elsewhere passes on an item that is kept here, or ours.
pub async fn notice(
    app: &App,
    by: &By,
    carrier: ActorId,
    item: ItemId,
    activity: Option<&str>,
    note: Option<&str>,
) -> Result<()> {
    let doing = app.begin(by).await?;
    carries::noticed(&doing, carrier, item, activity, note).await?;
    connections::heard_from(&doing.tx, carrier, doing.now).await?;
    doing.done("somebody carries an item").await
}

/// Keeps what somebody had published before anybody here asked. Nothing is heard of them by that.
pub async fn fill_in(app: &App, home: ActorId, heard: &Heard) -> Result<Option<ItemId>> {
    let doing = app.begin(&By::operator()).await?;
    let kept = keep(&doing, home, heard).await?;
    doing.done("an item was filled in").await?;
    Ok(kept)
}

/// The same about what somebody had passed on.
pub async fn fill_in_carried(
    app: &App,
    carrier: ActorId,
    item: ItemId,
    activity: Option<&str>,
    note: Option<&str>,
) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    carries::noticed(&doing, carrier, item, activity, note).await?;
    doing.done("who carries an item was filled in").await
}

/// An item from elsewhere is gone from its home, and its id stays dead here. False when it was not kept.
pub async fn gone(app: &App, by: &By, uri: &Url) -> Result<bool> {
    vanished(app, by, uri, |_| true).await
}

/// Its home says to us that there is no such item. Who may not see a thing is told the same, so only what everybody may
/// see is gone by that. False when nothing is.
pub async fn missing(app: &App, by: &By, uri: &Url) -> Result<bool> {
    vanished(app, by, uri, |item| item.reach.may_be_shown()).await
}

async fn vanished(app: &App, by: &By, uri: &Url, believed: impl Fn(&Item) -> bool) -> Result<bool> {
    let doing = app.begin(by).await?;
    let known = items::by_uri(&doing.tx.rows(), uri.as_str()).await?;
    let Some(item) = known.filter(|item| !app.addresses.is_ours(uri) && believed(item)) else {
        return Ok(false);
    };
    end(&doing, item).await?;
    doing.done("an item from elsewhere is gone").await?;
    Ok(true)
}

async fn end(doing: &Doing<'_>, item: Item) -> Result<()> {
    tombstones::insert(&doing.tx, item.uri.as_str(), doing.now).await?;
    if item.deleted.is_some() {
        return Ok(());
    }
    let id = item.id;
    app_items::erase(doing, item).await?;
    carries::item_changed(doing, id).await
}

/// Keeps what an actor published, or changes what is kept already when this is newer; what is dead stays dead. The id of
/// the item when it is kept. An audience never grows by this.
pub(crate) async fn keep(doing: &Doing<'_>, home: ActorId, heard: &Heard) -> Result<Option<ItemId>> {
    let uri = heard.uri.as_str();
    let dead = tombstones::is_dead(&doing.tx.rows(), uri).await?;
    if doing.app.addresses.is_ours(&heard.uri) || dead {
        return Ok(None);
    }
    // Held to the end: what is deleted meanwhile must not come back with its words.
    let known = items::hold_by_uri(&doing.tx, uri).await?;
    match known {
        Some(item) if item.home != home => Err(Refusal::NotTheOwner(uri.to_owned()).into()),
        Some(item) if item.deleted.is_some() => Ok(None),
        Some(item) => change(doing, item, heard).await.map(Some),
        None if heard.reach == Reach::Direct => Ok(None),
        None => begin(doing, home, heard).await.map(Some),
    }
}

async fn begin(doing: &Doing<'_>, home: ActorId, heard: &Heard) -> Result<ItemId> {
    let id: ItemId = doing.app.id();
    let item = Item {
        id,
        kind: heard.noun.kind(),
        home,
        uri: heard.uri.clone(),
        page: heard.page.clone(),
        title: heard.title.clone(),
        text: Prose { source: String::new(), html: heard.html.clone() },
        language: language(heard),
        place: heard.place.clone(),
        picture: None,
        // A date of tomorrow would stand on top for ever.
        published: heard.published.min(doing.now),
        edited: heard.edited.map(|at| at.min(doing.now)),
        deleted: None,
        reach: heard.reach,
        carriable: heard.carriable,
        moved: None,
    };
    items::insert(&doing.tx, &item).await?;
    facts(doing, &item, heard, true).await?;
    cause_rows::set_for_item(&doing.tx, id, &named(doing, &heard.causes).await?).await?;
    carries::item_changed(doing, id).await?;
    Ok(id)
}

/// Words change by what is newer; where neither says when, by what came last. Facts such as tallies move without a newer
/// date too, but never back to an older one. A narrower reach counts whatever its date.
async fn change(doing: &Doing<'_>, mut item: Item, heard: &Heard) -> Result<ItemId> {
    let before = item.clone();
    item.reach = item.reach.max(heard.reach);
    let edited = heard.edited.map(|at| at.min(doing.now));
    let same_noun = heard.noun.kind() == item.kind;
    if same_noun && edited >= item.edited {
        if edited > item.edited || edited.is_none() {
            reword(doing, &mut item, heard).await?;
        }
        item.carriable = heard.carriable;
        facts(doing, &item, heard, false).await?;
    }
    items::update(&doing.tx, &item).await?;
    if item != before || same_noun {
        carries::item_changed(doing, item.id).await?;
    }
    Ok(item.id)
}

async fn reword(doing: &Doing<'_>, item: &mut Item, heard: &Heard) -> Result<()> {
    item.title.clone_from(&heard.title);
    item.text.html.clone_from(&heard.html);
    item.page = heard.page.clone();
    item.language = language(heard);
    item.place.clone_from(&heard.place);
    item.edited = heard.edited.map(|at| at.min(doing.now));
    let causes = named(doing, &heard.causes).await?;
    Ok(cause_rows::set_for_item(&doing.tx, item.id, &causes).await?)
}

fn language(heard: &Heard) -> Language {
    // BCP 47 4.1: `und` says that nobody said which.
    heard.language.clone().or_else(|| Language::parse("und").ok()).unwrap_or_else(Language::english)
}

/// What only its noun says.
async fn facts(doing: &Doing<'_>, item: &Item, heard: &Heard, new: bool) -> Result<()> {
    let id = item.id;
    match &heard.noun {
        HeardNoun::Project { need, state, parent } => {
            if new {
                projects::insert(&doing.tx, id, need, state).await?;
            } else {
                projects::update(&doing.tx, id, need, state).await?;
            }
            rows::set_parent(&doing.tx, id, parent.as_ref()).await?;
            if let Some(parent) = parent {
                adoptions::heard(doing, id, item.home, parent).await?;
            }
        }
        HeardNoun::Call { needs, voters, ended, .. } => {
            let call = call(doing, item, &heard.noun).await?;
            if new {
                calls::insert(&doing.tx, &call).await?;
            } else {
                calls::update(&doing.tx, &call).await?;
            }
            rows::set_tallies(&doing.tx, id, needs, *voters, *ended).await?;
        }
        HeardNoun::Event { going, .. } => {
            let event = event(doing, item, &heard.noun).await?;
            if new {
                events::insert(&doing.tx, &event).await?;
            } else {
                events::update(&doing.tx, &event).await?;
            }
            events::set_going(&doing.tx, id, *going).await?;
        }
        HeardNoun::Update { about } => {
            let about = subject(doing, item, about.as_ref()).await?;
            rows::set_about(&doing.tx, id, about).await?;
        }
    }
    Ok(())
}

async fn call(doing: &Doing<'_>, item: &Item, noun: &HeardNoun) -> Result<Call> {
    let HeardNoun::Call { why, closes, one_tap, needs, state, project, .. } = noun else {
        return Err(Refusal::Unknown("call").into());
    };
    let need = |(position, need): (i16, &HeardNeed)| Need {
        position,
        kind: need.kind,
        label: need.label.clone(),
        wanted: need.wanted,
    };
    Ok(Call {
        id: item.id,
        project: helped(doing, item, project.as_ref()).await?,
        why: why.clone(),
        closes: *closes,
        one_tap: *one_tap,
        needs: (0i16..).zip(needs).map(need).collect(),
        state: state.clone(),
    })
}

async fn event(doing: &Doing<'_>, item: &Item, noun: &HeardNoun) -> Result<Event> {
    let HeardNoun::Event { starts, ends, zone, capacity, online, state, project, .. } = noun else {
        return Err(Refusal::Unknown("event").into());
    };
    Ok(Event {
        id: item.id,
        project: helped(doing, item, project.as_ref()).await?,
        starts: *starts,
        ends: *ends,
        zone: zone.clone(),
        capacity: *capacity,
        online: online.clone(),
        state: state.clone(),
    })
}

/// The project it says it belongs to, when that is of the same home, or of one whose partner it is: else anybody could put
/// their calls under anybody's project.
async fn helped(doing: &Doing<'_>, item: &Item, project: Option<&Url>) -> Result<Option<ItemId>> {
    let Some(uri) = project else { return Ok(None) };
    let found = items::by_uri(&doing.tx.rows(), uri.as_str()).await?;
    let Some(found) = found.filter(|found| found.kind == ItemKind::Project) else { return Ok(None) };
    let theirs =
        found.home == item.home || partnerships::takes_part(&doing.tx.rows(), found.id, item.home).await?;
    Ok(theirs.then_some(found.id))
}

/// What news is about: an item of the same home. News about news is about the same thing.
async fn subject(doing: &Doing<'_>, item: &Item, about: Option<&Url>) -> Result<Option<ItemId>> {
    let Some(uri) = about else { return Ok(None) };
    let found = items::by_uri(&doing.tx.rows(), uri.as_str()).await?;
    let Some(found) = found.filter(|found| found.home == item.home && found.id != item.id) else {
        return Ok(None);
    };
    let root = match found.kind {
        ItemKind::Update => carry_rows::subject(&doing.tx.rows(), found.id).await?.unwrap_or(found.id),
        _ => found.id,
    };
    // Two that name each other are about nothing.
    Ok(Some(root).filter(|root| *root != item.id))
}

/// The causes of these hashtags. Those that nobody here named are no causes of this board until it shows the item.
async fn named(doing: &Doing<'_>, tags: &[String]) -> Result<Vec<CauseId>> {
    let mut named = Vec::with_capacity(tags.len());
    let instance = OnceCell::new();
    for tag in tags.iter().filter_map(|tag| cause_rules::tag(tag).ok()) {
        let id = if let Some(known) = cause_rows::by_tag(&doing.tx.rows(), &tag).await? {
            known.id
        } else {
            let instance = instance.get_or_try_init(|| instance::actor_within(doing)).await?;
            unlisted(doing, instance.id, tag).await?
        };
        if !named.contains(&id) {
            named.push(id);
        }
    }
    Ok(named)
}

async fn unlisted(doing: &Doing<'_>, home: ActorId, tag: String) -> Result<CauseId> {
    let (addresses, id) = (&doing.app.addresses, doing.app.id::<CauseId>());
    let (uri, page) = (addresses.cause(id), addresses.cause_page(&cause_rules::key(&tag)));
    cause_rows::insert(&doing.tx, &Cause { id, home, uri, page, tag }, false, doing.now).await?;
    Ok(id)
}

/// What its home elsewhere has pinned, and nothing else of it.
pub async fn pinned(app: &App, home: ActorId, uris: &[Url]) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    let uris: Vec<String> = uris.iter().map(Url::to_string).collect();
    rows::set_pinned(&doing.tx, home, &uris).await?;
    doing.tx.commit().await?;
    Ok(())
}

/// Forgets what came long ago, is over, is shown nowhere, and of which nobody here made anything. Bounded at each go.
pub(crate) async fn sweep(doing: &Doing<'_>, limit: u64) -> Result<u64> {
    let found = rows::to_forget(&doing.tx.rows(), doing.now.plus(-KEPT), doing.now, limit).await?;
    for item in &found {
        rows::forget(&doing.tx, *item).await?;
    }
    Ok(found.len() as u64)
}
