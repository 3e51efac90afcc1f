//! Who is tied to those we know: their lists of ties, read within a budget, where they agree to be found.
//!
//! A go reads at most twenty lists, of one server only a few, of one list three pages; of those it names some are looked up
//! at their homes, so that they have a name here. Each list is read once a day. Which and when decides
//! [`folkmoot_app::network`]; here they are fetched.

use folkmoot_app::{App, Result, network};
use folkmoot_domain::network::{Listed, STEPS, TIES};
use folkmoot_storage::{actors, network::Walk};
use folkmoot_wire::{affiliates, same_origin};
use url::Url;

use crate::{
    door::Door,
    egress::Accept,
    fetch::{self, Allowance, LookupFault},
};

/// Pages of one list.
const PAGES: usize = 3;
/// So many that are named are looked up in one go.
const LOOKUPS: usize = 20;

/// Runs what is due. How many were run.
pub(super) async fn walk_due(app: &App, door: &Door) -> Result<usize> {
    let due = network::walks_due(app).await?;
    let mut left = LOOKUPS;
    for walk in &due {
        match list(app, door, walk).await {
            Ok(listed) => {
                // Their own ties are read next, so that they have to be known by name.
                if walk.steps <= STEPS {
                    left = meet(app, door, &listed, left).await?;
                }
                network::walked(app, walk, &listed).await?;
            }
            Err(problem) => network::not_walked(app, walk, &problem).await?,
        }
    }
    Ok(due.len())
}

/// What an actor lists, page by page.
async fn list(app: &App, door: &Door, walk: &Walk) -> std::result::Result<Vec<(Url, Listed)>, String> {
    let owner = &walk.actor.uri;
    let mut next = walk.actor.profile.affiliates.clone();
    let (mut listed, mut seen) = (Vec::new(), Vec::new());
    while let Some(page) = next.take().filter(|page| same_origin(page, owner) && !seen.contains(page))
        && seen.len() < PAGES
        && listed.len() < TIES
    {
        let key = door.own_key(app).await.map_err(|error| error.to_string())?;
        let found = door.egress.get_json(&page, Accept::Activity, Some(&key), app.now().0).await;
        let found = found.map_err(|error| error.to_string())?;
        let read =
            affiliates::read(&found.body, &found.final_url, owner).map_err(|error| error.to_string())?;
        listed.extend(read.listed);
        seen.push(page);
        next = read.next;
    }
    listed.truncate(TIES);
    Ok(listed)
}

/// Looks up whom we do not know yet, as long as the budget lasts; who cannot be found has no name and is not shown.
async fn meet(app: &App, door: &Door, listed: &[(Url, Listed)], mut left: usize) -> Result<usize> {
    let allowance = Allowance::whole();
    for (other, _) in listed {
        if left == 0 {
            break;
        }
        let host = other.host_str().unwrap_or_default();
        let strange = actors::by_uri(&app.store.rows(), other.as_str()).await?.is_none();
        if !strange || app.addresses.is_ours(other) || door.lookups().wait(host, app.now()).is_some() {
            continue;
        }
        door.lookups().spend(host, app.now());
        left -= 1;
        match fetch::actor(app, door, other, &allowance).await {
            Err(LookupFault::House(error)) => return Err(error),
            Err(LookupFault::Spent) => break,
            Ok(_) | Err(_) => {}
        }
    }
    Ok(left)
}
