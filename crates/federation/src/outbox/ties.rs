//! What is said about affiliations: each to the other side alone, and nothing when that lives here.

use folkmoot_app::{App, Result, changes::Saying};
use folkmoot_domain::{
    ActivityId, AffiliationId,
    affiliations::TieSeen,
    changes::{Change, ChangeKind},
};
use folkmoot_storage::affiliations;
use folkmoot_wire::affiliations as wire;
use serde_json::Value;
use url::Url;

use super::sayings::Speaker;
use crate::audience;

/// What is said about a change of this kind.
pub(super) async fn render(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(seen) = seen(app, AffiliationId(change.object)).await? else { return Ok(Vec::new()) };
    let speaker = Speaker::of(app, change).await?;
    match (change.kind, change.words.as_str()) {
        (ChangeKind::AffiliationProposed, _) => offered(&speaker, &seen).await,
        (_, "undo") => {
            let (id, address) = speaker.activity();
            to_other(&speaker, &seen, id, "Undo", &wire::undo(&address, &seen, speaker.now)).await
        }
        (ChangeKind::AffiliationAnswered | ChangeKind::AffiliationEnded, word) => {
            let ((id, address), yes) = (speaker.activity(), word == "accept");
            let said = wire::answer(&address, yes, &seen, speaker.now);
            to_other(&speaker, &seen, id, if yes { "Accept" } else { "Reject" }, &said).await
        }
        _ => Ok(Vec::new()),
    }
}

async fn seen(app: &App, id: AffiliationId) -> Result<Option<TieSeen>> {
    let rows = app.store.rows();
    let tie = affiliations::find(&rows, id).await?;
    Ok(affiliations::seen(&rows, tie.into_iter().collect()).await?.pop())
}

/// The offer has its id from the day it was made, since answers may come back at once.
async fn offered(speaker: &Speaker<'_>, seen: &TieSeen) -> Result<Vec<Saying>> {
    let id = Url::parse(&seen.tie.offer)
        .ok()
        .and_then(|offer| offer.path_segments()?.next_back()?.parse::<ActivityId>().ok());
    let Some(id) = id else { return Ok(Vec::new()) };
    to_other(speaker, seen, id, "Offer", &wire::offer(seen)).await
}

async fn to_other(
    speaker: &Speaker<'_>,
    seen: &TieSeen,
    id: ActivityId,
    verb: &'static str,
    said: &Value,
) -> Result<Vec<Saying>> {
    let inboxes = audience::one(speaker.app, seen.other(speaker.actor.id)).await?;
    if inboxes.is_empty() {
        return Ok(Vec::new());
    }
    let saying = speaker.saying(id, verb, &seen.tie.uri, said, inboxes);
    Ok(vec![Saying { public: false, ..saying }])
}
