//! Causes come to be by being named.

use folkmoot_domain::{
    ActorId, CauseId,
    causes::{self as rules, Cause},
};
use folkmoot_storage::causes;

use crate::{Doing, Result};

/// The causes of these hashtags; those that nobody named before are made.
pub(crate) async fn named(doing: &Doing<'_>, home: ActorId, tags: &[String]) -> Result<Vec<CauseId>> {
    let mut named = Vec::with_capacity(tags.len());
    for tag in tags {
        let tag = rules::tag(tag)?;
        let id = match causes::by_tag(&doing.tx.rows(), &tag).await? {
            Some(known) => known.id,
            None => make(doing, home, tag).await?,
        };
        if !named.contains(&id) {
            named.push(id);
        }
    }
    causes::list_these(&doing.tx, &named).await?;
    Ok(named)
}

async fn make(doing: &Doing<'_>, home: ActorId, tag: String) -> Result<CauseId> {
    let addresses = &doing.app.addresses;
    let id: CauseId = doing.app.id();
    let (uri, page) = (addresses.cause(id), addresses.cause_page(&rules::key(&tag)));
    causes::insert(&doing.tx, &Cause { id, home, uri, page, tag }, true, doing.now).await?;
    Ok(id)
}
