//! Are the ties of ours still listed by both sides?
//!
//! The list of the other side (`civ:affiliates`) is read right after both said yes, and then about daily. What a look
//! means is [`folkmoot_domain::affiliations::Affiliation::looked`]'s to say.

use folkmoot_app::{App, Result, affiliations, blocks};
use folkmoot_domain::{
    actors::Actor,
    affiliations::{Look, TieSeen},
};
use folkmoot_wire::affiliations::Listed;
use url::Url;

use crate::{
    door::Door,
    egress::{Accept, FetchError},
    fetch::{self, LookupFault},
};

/// How many ties are looked at in one go.
const BATCH: u64 = 50;
/// How many pages of one list are read.
const PAGES: usize = 5;

/// Runs what is due. How many were run.
pub(super) async fn check_due(app: &App, door: &Door) -> Result<usize> {
    let due = affiliations::to_look_at(app, BATCH).await?;
    for seen in &due {
        let other = if seen.member.local { &seen.umbrella } else { &seen.member };
        let look = look(app, door, seen, other).await?;
        affiliations::looked(app, seen.tie.id, look).await?;
    }
    Ok(due.len())
}

async fn look(app: &App, door: &Door, seen: &TieSeen, other: &Actor) -> Result<Look> {
    if other.local {
        return Ok(Look::Listed);
    }
    if blocks::is_blocked(app, other.uri.host_str().unwrap_or_default()).await? {
        return Ok(Look::Silent);
    }
    let list = match list_of(app, door, other).await? {
        Ok(Some(list)) => list,
        Ok(None) => return Ok(Look::LeftOut),
        Err(_) => return Ok(Look::Silent),
    };
    match is_listed(app, door, seen, list).await? {
        Ok(true) => Ok(Look::Listed),
        Ok(false) | Err(FetchError::Gone(_)) => Ok(Look::LeftOut),
        Err(_) => Ok(Look::Silent),
    }
}

/// Where the other side lists its ties. One that did not say so when we read it last is read again.
async fn list_of(
    app: &App,
    door: &Door,
    other: &Actor,
) -> Result<std::result::Result<Option<Url>, LookupFault>> {
    if other.profile.affiliates.is_some() {
        return Ok(Ok(other.profile.affiliates.clone()));
    }
    if let Err(fault) = fetch::refresh(app, door, &other.uri).await {
        return Ok(Err(fault));
    }
    let read = folkmoot_storage::actors::find(&app.store.rows(), other.id).await?;
    Ok(Ok(read.and_then(|read| read.profile.affiliates)))
}

async fn is_listed(
    app: &App,
    door: &Door,
    seen: &TieSeen,
    list: Url,
) -> Result<std::result::Result<bool, FetchError>> {
    let (key, mut page) = (door.own_key(app).await?, Some(list));
    for _ in 0..PAGES {
        let Some(asked) = page else { break };
        let found = match door.egress.get_json(&asked, Accept::Activity, Some(&key), app.now().0).await {
            Ok(found) => found,
            Err(fault) => return Ok(Err(fault)),
        };
        let Ok((listed, next)) = Listed::read(&found.body, &found.final_url) else { return Ok(Ok(false)) };
        if listed.iter().any(|listed| listed.is(seen)) {
            return Ok(Ok(true));
        }
        page = next;
    }
    Ok(Ok(false))
}
