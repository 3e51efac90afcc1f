//! The newest items of those we begin to listen to, pinned ones first, within a budget.
//!
//! Each is taken as if it had arrived. What cannot be fetched is left out; when even the list cannot, that is noted at the
//! connection and tried again later. Start at [`fill_due`].

use std::{collections::HashSet, time::Duration};

use folkmoot_app::{App, Error, Result, connections, heard};
use folkmoot_domain::{actors::Actor, moments::DAY};
use folkmoot_storage::{actors, connections::ToFill, items};
use folkmoot_wire::{
    foreign::ForeignItem,
    outboxes::{Listed, Listing},
};
use url::Url;

use crate::{
    door::Door,
    egress::{Accept, FetchError},
    fetch::{self, Allowance, LookupFault},
    remote_id::same_origin,
};

/// How many connections are filled at one go.
const AT_ONCE: u64 = 5;
/// Most items that are filled in.
const MOST: usize = 20;
/// Most documents that are fetched for it.
const FETCHES: u32 = 12;
/// Longest time for one connection.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs what is due. How many were run.
pub(super) async fn fill_due(app: &App, door: &Door) -> Result<usize> {
    let due = connections::to_fill(app, AT_ONCE).await?;
    for one in &due {
        let filling = tokio::time::timeout(PATIENCE, Box::pin(fill(app, door, one)));
        match filling.await.unwrap_or(Err(LookupFault::Fetch(FetchError::TooSlow))) {
            Ok(()) => connections::filled(app, one).await?,
            Err(LookupFault::House(error @ Error::Storage(_))) => return Err(error),
            Err(fault) => connections::not_filled(app, one, &fault.to_string()).await?,
        }
    }
    Ok(due.len())
}

async fn fill(app: &App, door: &Door, one: &ToFill) -> std::result::Result<(), LookupFault> {
    let target = one.connection.target;
    // Somebody else here listens to them already: it is all here.
    if connections::last_filled(app, target).await?.is_some_and(|at| at.plus(DAY) > app.now()) {
        return Ok(());
    }
    let Some(mut target) = actors::find(&app.store.rows(), target).await? else { return Ok(()) };
    if target.profile.outbox.is_none() {
        fetch::refresh(app, door, &target.uri).await?;
        target = actors::find(&app.store.rows(), target.id).await?.unwrap_or(target);
    }
    let allowance = Allowance::of(FETCHES);
    let pinned = match &target.profile.featured {
        Some(featured) => listing(app, door, &target, featured, &allowance).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let newest = match &target.profile.outbox {
        Some(outbox) => listing(app, door, &target, outbox, &allowance).await?,
        None => Vec::new(),
    };
    let on_top: Vec<Url> = pinned.iter().map(|entry| address(entry).clone()).collect();
    take_all(app, door, &target, chosen(pinned, newest), &allowance).await?;
    heard::pinned(app, target.id, &on_top).await?;
    Ok(())
}

/// So many of both, each once, pinned ones kept for sure; oldest first, so that news comes after what it is about.
fn chosen(pinned: Vec<Listed>, newest: Vec<Listed>) -> Vec<Listed> {
    let mut known = HashSet::new();
    let mut chosen: Vec<Listed> = pinned
        .into_iter()
        .chain(newest)
        .filter(|entry| known.insert(address(entry).clone()))
        .take(MOST)
        .collect();
    chosen.reverse();
    chosen.sort_by_key(|entry| match entry {
        Listed::Item(item) => item.said.published,
        _ => None,
    });
    chosen
}

fn address(entry: &Listed) -> &Url {
    match entry {
        Listed::Item(item) => &item.uri,
        Listed::Address(uri) | Listed::Carried(uri, _) => uri,
    }
}

/// A collection of theirs, or its first page.
async fn listing(
    app: &App,
    door: &Door,
    author: &Actor,
    url: &Url,
    allowance: &Allowance,
) -> std::result::Result<Vec<Listed>, LookupFault> {
    let mut next = Some(url.clone());
    for _ in 0..2 {
        let Some(url) = next.filter(|url| same_origin(url, &author.uri)) else { break };
        allowance.spend()?;
        let key = door.own_key(app).await?;
        let found = door.egress.get_json(&url, Accept::Activity, Some(&key), app.now().0).await?;
        if !same_origin(&found.final_url, &author.uri) {
            return Err(FetchError::OtherDocument.into());
        }
        let listing =
            Listing::read(&found.body, &author.uri, &app.addresses).map_err(LookupFault::NotAnItem)?;
        if !listing.entries.is_empty() {
            return Ok(listing.entries);
        }
        next = listing.first;
    }
    Ok(Vec::new())
}

async fn take_all(
    app: &App,
    door: &Door,
    target: &Actor,
    entries: Vec<Listed>,
    allowance: &Allowance,
) -> std::result::Result<(), LookupFault> {
    for entry in entries {
        match Box::pin(take(app, door, target, entry, allowance)).await {
            Ok(()) => {}
            Err(LookupFault::House(error @ Error::Storage(_))) => return Err(error.into()),
            // What is left of the budget may still do for what came along whole.
            Err(fault) => tracing::debug!(host = target.host, %fault, "an item was not filled in"),
        }
    }
    Ok(())
}

async fn take(
    app: &App,
    door: &Door,
    target: &Actor,
    entry: Listed,
    allowance: &Allowance,
) -> std::result::Result<(), LookupFault> {
    match entry {
        Listed::Item(item) => published(app, door, target, *item, allowance).await,
        Listed::Carried(uri, activity) => {
            let said = (activity.as_deref(), None);
            passed_on(app, door, target, &uri, said, allowance).await
        }
        Listed::Address(uri) => {
            if items::by_uri(&app.store.rows(), uri.as_str()).await?.is_some() {
                return Ok(());
            }
            let (home, item) = fetch::item(app, door, &uri, allowance).await?;
            if home.id == target.id {
                heard::fill_in(app, home.id, &item.heard(app.now())).await?;
            }
            Ok(())
        }
    }
}

/// What came along whole. A Note that quotes passes something on, unless what it quotes cannot be had; an answer is news
/// when it is about something of theirs.
async fn published(
    app: &App,
    door: &Door,
    target: &Actor,
    item: ForeignItem,
    allowance: &Allowance,
) -> std::result::Result<(), LookupFault> {
    if let Some(quoted) = item.quotes.as_ref().filter(|_| item.said.reach.may_be_shown()) {
        let said = (None, Some(item.uri.as_str()));
        match passed_on(app, door, target, quoted, said, allowance).await {
            Err(LookupFault::House(error @ Error::Storage(_))) => return Err(error.into()),
            Err(_) => {}
            Ok(()) => return Ok(()),
        }
    }
    if let Some(answered) = &item.in_reply_to {
        // Talk with others is no news.
        let about = items::by_uri(&app.store.rows(), answered.as_str()).await?;
        if about.is_none_or(|about| about.home != target.id) {
            return Ok(());
        }
    }
    heard::fill_in(app, target.id, &item.heard(app.now())).await?;
    Ok(())
}

/// What they pass on, said by an activity or with a Note.
async fn passed_on(
    app: &App,
    door: &Door,
    target: &Actor,
    uri: &Url,
    (activity, note): (Option<&str>, Option<&str>),
    allowance: &Allowance,
) -> std::result::Result<(), LookupFault> {
    let known = items::by_uri(&app.store.rows(), uri.as_str()).await?;
    let kept = if let Some(known) = known {
        Some(known.id)
    } else {
        let (home, item) = fetch::item(app, door, uri, allowance).await?;
        heard::fill_in(app, home.id, &item.heard(app.now())).await?
    };
    if let Some(item) = kept {
        heard::fill_in_carried(app, target.id, item, activity, note).await?;
    }
    Ok(())
}
