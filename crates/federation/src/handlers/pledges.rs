//! A tick in a poll is an answer to a call.

use folkmoot_app::{
    Error,
    pledges::{self, Answer},
};
use folkmoot_domain::{Refusal, items::ItemKind, pledges::Door};
use folkmoot_storage::items;
use folkmoot_wire::incoming::Vote;

use super::{Ended, Job, Unknown, replies};

/// A vote; the same use case as the form on the page. A named note that names no option was a message.
pub(super) async fn vote(job: &Job<'_>, vote: Vote) -> Result<Ended, Unknown> {
    let asked = items::by_uri(&job.app.store.rows(), vote.question.as_str()).await?;
    let call = asked.filter(|item| item.kind == ItemKind::Call && item.deleted.is_none());
    let taken = match call {
        Some(call) => {
            let sender = job.sender().await?;
            let (giver, option) = (sender.actor.id, vote.option);
            let answer = Answer { call: call.id, giver, option, vote: vote.id, door: Door::Vote };
            pledges::take(job.app, &sender.by, answer).await.map(drop)
        }
        None => Err(Refusal::Unknown("poll").into()),
    };
    match (taken, vote.reply) {
        (Err(Error::Refused(Refusal::NoSuchNeed(_) | Refusal::Unknown(_))), Some(reply)) => {
            replies::receive(job, *reply).await
        }
        (taken, _) => Ok(taken.map(|()| Ended::Done)?),
    }
}
