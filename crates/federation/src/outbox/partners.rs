//! What is said about roles in projects. Each goes to the other side alone.

use folkmoot_app::{App, Error, Result, changes::Saying};
use folkmoot_domain::{
    ActivityId, PartnershipId,
    changes::{Change, ChangeKind},
    partnerships::{PartnershipSeen, PartnershipState},
};
use folkmoot_storage::partnerships;
use folkmoot_wire as wire;
use url::Url;

use super::sayings::Speaker;
use crate::audience;

/// What is said about a change of this kind. Nothing when another offer has taken its place since.
pub(super) async fn render(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(seen) = partnerships::seen(&app.store.rows(), PartnershipId(change.object)).await? else {
        return Ok(Vec::new());
    };
    match change.kind {
        ChangeKind::PartnershipOffered => offered(app, change, &seen).await,
        ChangeKind::PartnershipAnswered => {
            // What was ended since was accepted before: a declined offer cannot be ended by its home.
            let yes = seen.partnership.state != PartnershipState::Declined;
            answered(app, change, &seen, yes).await
        }
        _ if change.speaker == seen.partner.id => undone(app, change, &seen).await,
        _ => answered(app, change, &seen, false).await,
    }
}

async fn offered(app: &App, change: &Change, seen: &PartnershipSeen) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let said = wire::partnerships::offer(seen);
    let saying = speaker.saying(ActivityId(seen.partnership.id.0), "Offer", &tie(seen)?, &said, Vec::new());
    direct(app, saying, &seen.home).await
}

async fn answered(app: &App, change: &Change, seen: &PartnershipSeen, yes: bool) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let (id, address) = speaker.activity();
    let said = wire::partnerships::answer(&address, seen, yes, speaker.now);
    let verb = if yes { "Accept" } else { "Reject" };
    direct(app, speaker.saying(id, verb, &tie(seen)?, &said, Vec::new()), &seen.partner).await
}

async fn undone(app: &App, change: &Change, seen: &PartnershipSeen) -> Result<Vec<Saying>> {
    let speaker = Speaker::of(app, change).await?;
    let (id, address) = speaker.activity();
    let said = wire::partnerships::undo(&address, seen, speaker.now);
    direct(app, speaker.saying(id, "Undo", &tie(seen)?, &said, Vec::new()), &seen.home).await
}

async fn direct(app: &App, saying: Saying, reader: &folkmoot_domain::actors::Actor) -> Result<Vec<Saying>> {
    Ok(vec![Saying { public: false, inboxes: audience::one(app, reader).await?, ..saying }])
}

/// The key of the order: all that is said about one tie goes one after the other.
fn tie(seen: &PartnershipSeen) -> Result<Url> {
    Url::parse(&seen.partnership.uri).map_err(|_| Error::Broken("a partnership has no id".into()))
}
