//! What an alliance elsewhere asks its members here, what members elsewhere answer, and what is said when the time is over.

use folkmoot_app::decisions::{self, FromAfar, Vote as Cast};
use folkmoot_domain::ActorId;
use folkmoot_storage::{actors, decisions as rows};
use folkmoot_wire::{
    decisions::{self as wire, DecisionRead},
    foreign::{ForeignItem, ForeignKind},
    html,
    incoming::Vote,
};
use serde_json::Value;

use super::{Ended, Job, Unknown};

/// A question to members of ours; none when it is no decision.
pub(super) async fn asked(job: &Job<'_>, item: &ForeignItem) -> Result<Option<Ended>, Unknown> {
    let Some(read) = read(job, item) else { return Ok(None) };
    let store = job.app.store.rows();
    let mut asked_here: Vec<ActorId> = Vec::new();
    for uri in &item.said.ours {
        let actor = actors::by_uri(&store, uri.as_str()).await?;
        asked_here.extend(actor.filter(|actor| actor.local).map(|actor| actor.id));
    }
    let asked = FromAfar {
        uri: read.uri,
        title: read.title,
        html: read.html,
        rule: read.rule,
        asked: read.asked.unwrap_or(job.arrival.received),
        closes: read.closes,
        asked_here,
    };
    decisions::asked_from_afar(job.app, &job.sender().await?.by, asked).await?;
    Ok(Some(Ended::Done))
}

/// `Update` of a decision that one of ours may answer: what came of it.
pub(super) async fn changed(job: &Job<'_>, item: &ForeignItem) -> Result<Option<Ended>, Unknown> {
    let Some(read) = read(job, item) else { return Ok(None) };
    let known = rows::by_uri(&job.app.store.rows(), read.uri.as_str()).await?;
    let (Some(known), Some(record)) = (known, read.record) else {
        return Ok(Some(Ended::ignored("left alone: decision", "it is not known here, or not over")));
    };
    decisions::closed_from_afar(job.app, &job.sender().await?.by, known.id, &record).await?;
    Ok(Some(Ended::Done))
}

fn read(job: &Job<'_>, item: &ForeignItem) -> Option<DecisionRead> {
    if item.kind != ForeignKind::Question {
        return None;
    }
    DecisionRead::inside(&body(job)?).filter(|read| read.uri == item.uri)
}

fn body(job: &Job<'_>) -> Option<Value> {
    serde_json::from_str(&job.arrival.body).ok()
}

/// A vote in a decision of ours; none when it is in another poll. A vote that cannot count is counted as left alone.
pub(super) async fn voted(job: &Job<'_>, vote: &Vote) -> Result<Option<Ended>, Unknown> {
    let Some(decision) = rows::by_uri(&job.app.store.rows(), vote.question.as_str()).await? else {
        return Ok(None);
    };
    let words = vote.reply.as_ref().map(|reply| html::words(&reply.said.html)).unwrap_or_default();
    let at = body(job).and_then(|body| wire::said_at(&body));
    let cast = Cast { option: vote.option.clone(), words, id: vote.id.clone(), at };
    match decisions::vote_from_afar(job.app, &job.sender().await?.by, decision.id, cast).await {
        Ok(()) => Ok(Some(Ended::Done)),
        Err(folkmoot_app::Error::Refused(refusal)) => {
            Ok(Some(Ended::ignored("left alone: vote", refusal.to_string())))
        }
        Err(error) => Err(error.into()),
    }
}
