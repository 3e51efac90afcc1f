//! What alliances ask, and what their members answer: to members alone, and to the alliance alone.

use folkmoot_app::{App, Result, changes::Saying, decisions};
use folkmoot_domain::{
    DecisionId, NoteId,
    changes::{Change, ChangeKind},
    decisions::DecisionSeen,
};
use folkmoot_wire::{activities, decisions as wire};

use super::sayings::Speaker;
use crate::audience;

/// What is said about a change of this kind.
pub(super) async fn render(app: &App, change: &Change) -> Result<Vec<Saying>> {
    let Some(seen) = decisions::read(app, DecisionId(change.object)).await? else { return Ok(Vec::new()) };
    let speaker = Speaker::of(app, change).await?;
    match change.kind {
        ChangeKind::DecisionAsked => {
            let (id, address) = speaker.activity();
            let said = activities::create(&address, wire::question(&seen, None, None));
            let saying = speaker.saying(id, "Create", &seen.decision.uri, &said, members(app, &seen).await?);
            Ok(vec![Saying { public: false, ..saying }])
        }
        ChangeKind::DecisionClosed => {
            let (id, address) = speaker.activity();
            let question = wire::question(&seen, Some(&seen.counted()), Some(speaker.now));
            let said = activities::update(&address, question, speaker.now);
            let saying = speaker.saying(id, "Update", &seen.decision.uri, &said, members(app, &seen).await?);
            Ok(vec![Saying { public: false, ..saying }])
        }
        _ => vote(app, &speaker, &seen).await,
    }
}

/// The members elsewhere, each at its own inbox: it is for them alone.
async fn members(app: &App, seen: &DecisionSeen) -> Result<Vec<String>> {
    let mut inboxes: Vec<String> = Vec::new();
    for elector in &seen.electors {
        for inbox in audience::one(app, elector).await? {
            if !inboxes.contains(&inbox) {
                inboxes.push(inbox);
            }
        }
    }
    Ok(inboxes)
}

/// The vote stands in the order of the decision, so that the later of two arrives later.
async fn vote(app: &App, speaker: &Speaker<'_>, seen: &DecisionSeen) -> Result<Vec<Saying>> {
    let Some(ballot) = seen.ballot(speaker.actor.id) else { return Ok(Vec::new()) };
    let inboxes = audience::one(app, &seen.alliance).await?;
    let note = app.addresses.note(app.id::<NoteId>());
    let vote = wire::vote(&note, &speaker.actor, seen, ballot.choice, &ballot.words, ballot.at);
    let (id, address) = speaker.activity();
    let said = activities::create(&address, vote);
    let saying = speaker.saying(id, "Create", &seen.decision.uri, &said, inboxes);
    Ok(vec![Saying { public: false, ..saying }])
}
