//! RSVPs that cross from one server to another: those of others to events of ours, and ours to events of others.

use folkmoot_domain::{
    ActorId, ItemId, Refusal, RsvpId,
    changes::ChangeKind,
    events::EventSeen,
    rsvps::{self as rules, Entry, Rsvp, RsvpState},
    text,
};
use folkmoot_storage::{events, items, rsvps};

use super::{Said, stay_away, take};
use crate::{App, By, Doing, Error, Result, letters};

/// What somebody elsewhere says about an event of ours.
#[derive(Debug, Clone)]
pub struct Joining {
    /// The event.
    pub event: ItemId,
    /// Going, maybe or not.
    pub state: RsvpState,
    /// The id of the `Join`; Friendica's answers have none, and wait for no answer.
    pub join: Option<String>,
    /// What they said besides, plain text.
    pub note: String,
}

/// Somebody elsewhere says whether they come. A `Join` is answered once, whatever comes of it; the same again is once.
pub async fn join(app: &App, by: &By, joining: Joining) -> Result<()> {
    let doing = app.begin(by).await?;
    let goer = doing.remote()?;
    let rows = doing.tx.rows();
    let seen = events::seen(&rows, joining.event).await?.ok_or(Refusal::Unknown("event"))?;
    if !app.addresses.is_ours(&seen.seen.item.uri) {
        return Err(Refusal::NotHere.into());
    }
    if let Some(join) = &joining.join
        && rsvps::by_join(&rows, join).await?.is_some_and(|known| known.goer != goer)
    {
        return Err(Refusal::NotTheOwner(join.clone()).into());
    }
    if joining.state == RsvpState::Not {
        if let Some(known) = rsvps::of(&rows, joining.event, goer).await? {
            stay_away(&doing, known).await?;
        }
        return doing.done("somebody elsewhere does not come").await;
    }
    let known = rsvps::of(&rows, joining.event, goer).await?;
    let rsvp = match rules::open(&seen.event, doing.now) {
        Ok(()) => {
            let note = text::excerpt(&joining.note, 1_000);
            let (state, join) = (joining.state, joining.join);
            take(&doing, &seen, Said { goer, state, entry: Entry::Elsewhere, note, join, receipt: None })
                .await?
        }
        Err(over) => too_late(&doing, known.clone(), goer, &joining, &over.to_string()).await?,
    };
    let same = known.is_some_and(|known| known.state == rsvp.state && known.join == rsvp.join);
    // Who did not ask with a `Join` is told only what they do not expect.
    let expected = rsvp.join.is_none() && matches!(rsvp.state, RsvpState::Going | RsvpState::Maybe);
    if !same && !expected {
        let (home, event) = (seen.seen.item.home, seen.event.id);
        doing.change(ChangeKind::RsvpAnswered, home, event.0, Some(rsvp.id.0)).await?;
    }
    doing.done("somebody elsewhere wants to come to an event").await
}

/// The event is over or called off. Who came before stays as they were.
async fn too_late(
    doing: &Doing<'_>,
    known: Option<Rsvp>,
    goer: ActorId,
    joining: &Joining,
    why: &str,
) -> Result<Rsvp> {
    let new = known.is_none();
    let mut rsvp = known.unwrap_or_else(|| Rsvp {
        id: doing.app.id(),
        event: joining.event,
        goer,
        state: RsvpState::Refused,
        entry: Entry::Elsewhere,
        note: String::new(),
        answer: String::new(),
        receipt: doing.app.secret(),
        join: None,
        asked: doing.now,
        answered: None,
    });
    if !rsvp.state.lives() {
        rsvp.moves(RsvpState::Refused, why, doing.now)?;
        rsvp.join = joining.join.clone().or(rsvp.join);
    }
    if new {
        rsvps::insert(&doing.tx, &rsvp).await?;
    } else {
        rsvps::update(&doing.tx, &rsvp).await?;
    }
    Ok(rsvp)
}

/// Somebody elsewhere does not come after all.
pub async fn leave(app: &App, by: &By, event: ItemId) -> Result<()> {
    let doing = app.begin(by).await?;
    let goer = doing.remote()?;
    if let Some(known) = rsvps::of(&doing.tx.rows(), event, goer).await? {
        stay_away(&doing, known).await?;
    }
    doing.done("somebody elsewhere does not come after all").await
}

/// Somebody here wants to come to an event elsewhere: its home is asked. What waits for an answer is not asked again.
pub(super) async fn ask_elsewhere(
    doing: &Doing<'_>,
    seen: &EventSeen,
    goer: ActorId,
    note: String,
) -> Result<Rsvp> {
    let event = seen.event.id;
    let known = rsvps::of(&doing.tx.rows(), event, goer).await?;
    if let Some(known) = known.clone().filter(|known| known.state.lives()) {
        return Ok(known);
    }
    let new = known.is_none();
    let said = doing.app.addresses.activity(doing.app.id()).to_string();
    let mut rsvp = known.unwrap_or_else(|| Rsvp {
        id: doing.app.id(),
        event,
        goer,
        state: RsvpState::Asked,
        entry: Entry::Page,
        note: String::new(),
        answer: String::new(),
        receipt: doing.app.secret(),
        join: None,
        asked: doing.now,
        answered: None,
    });
    (rsvp.state, rsvp.asked, rsvp.answered) = (RsvpState::Asked, doing.now, None);
    (rsvp.note, rsvp.answer, rsvp.join) = (note, String::new(), Some(said.clone()));
    if new {
        rsvps::insert(&doing.tx, &rsvp).await?;
    } else {
        rsvps::update(&doing.tx, &rsvp).await?;
    }
    doing.change_saying(ChangeKind::RsvpAsked, goer, event.0, Some(rsvp.id.0), &said).await?;
    Ok(rsvp)
}

/// The home of an event elsewhere answers somebody of ours. Its words are for them alone.
pub async fn answered(app: &App, by: &By, id: RsvpId, next: RsvpState, words: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    let rows = doing.tx.rows();
    let mut rsvp = rsvps::find(&rows, id).await?.ok_or(Refusal::Unknown("RSVP"))?;
    let item = items::find(&rows, rsvp.event).await?.ok_or(Refusal::Unknown("event"))?;
    if app.addresses.is_ours(&item.uri) {
        return Err(Error::Refused(Refusal::NotTheOwner(item.uri.to_string())));
    }
    if !rsvp.state.lives() || rsvp.state == next {
        return doing.done("an answer that changes nothing").await;
    }
    rsvp.moves(next, &text::excerpt(words, 1_000), doing.now)?;
    rsvps::update(&doing.tx, &rsvp).await?;
    letters::rsvp_answered(&doing, id).await?;
    doing.done("the home of an event answered").await
}
