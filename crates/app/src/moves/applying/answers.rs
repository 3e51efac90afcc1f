//! What came back to items: replies, pledges with what they tick, and who comes.

use folkmoot_domain::{
    Moment, PledgeId, Refusal, ReplyId,
    items::ItemKind,
    pledges::{Door, Pledge, PledgeState},
    replies::{Reply, ReplyState},
    text,
};
use folkmoot_storage::{
    calls,
    moves::{
        leaves::{PledgeLeaf, ReplyLeaf, RsvpLeaf},
        unpacking as write,
    },
    pledges, replies,
};
use url::Url;

use super::{Home, no_state};
use crate::{Doing, Result, prose};

pub(super) async fn reply(doing: &Doing<'_>, home: &Home, leaf: &ReplyLeaf) -> Result<()> {
    let uri = Url::parse(&leaf.uri).map_err(|_| Refusal::field("uri", "is no address"))?;
    let rows = doing.tx.rows();
    if replies::by_uri(&rows, uri.as_str()).await?.is_some() {
        return Ok(());
    }
    let state = ReplyState::parse(&leaf.state).ok_or_else(no_state)?;
    let reply = Reply {
        id: ReplyId(home.derived(leaf.received, &leaf.uri)),
        home: home.actor(doing, &leaf.author).await?,
        item: home.item(doing, &leaf.item).await?.id,
        html: prose::clean(&leaf.html),
        direct: leaf.direct,
        // A message to the organisers can never be shown.
        state: if leaf.direct && state == ReplyState::Approved { ReplyState::Held } else { state },
        published: Moment(leaf.published).min(doing.now),
        edited: leaf.edited.map(Moment),
        received: Moment(leaf.received).min(doing.now),
        uri,
    };
    Ok(replies::insert(&doing.tx, &reply).await?)
}

/// A secret for a link: what could be guessed is none.
fn receipt(text: &str) -> std::result::Result<String, Refusal> {
    let fits = (16..=100).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if fits { Ok(text.to_owned()) } else { Err(Refusal::field("receipt", "is no secret")) }
}

pub(super) async fn pledge(doing: &Doing<'_>, home: &Home, leaf: &PledgeLeaf) -> Result<()> {
    let call = home.item(doing, &leaf.call).await?;
    if call.home != home.id || call.kind != ItemKind::Call {
        return Err(Refusal::Unknown("call").into());
    }
    let giver = home.actor(doing, &leaf.giver).await?;
    let rows = doing.tx.rows();
    if pledges::of(&rows, call.id, giver).await?.is_some()
        || pledges::by_receipt(&rows, &leaf.receipt).await?.is_some()
    {
        return Ok(());
    }
    let pledge = Pledge {
        id: PledgeId(home.derived(leaf.offered, &leaf.receipt)),
        call: call.id,
        giver,
        state: PledgeState::parse(&leaf.state).ok_or_else(no_state)?,
        door: Door::parse(&leaf.door).ok_or_else(no_state)?,
        needs: Vec::new(),
        note: text::paragraphs("note", &leaf.note, 2_000)?,
        answer: text::paragraphs("answer", &leaf.answer, 1_000)?,
        receipt: receipt(&leaf.receipt)?,
        offered: Moment(leaf.offered).min(doing.now),
        answered: leaf.answered.map(Moment),
        offer: leaf.offer.clone(),
        agreement: leaf.agreement.clone(),
    };
    pledges::insert(&doing.tx, &pledge).await?;
    write::complete_pledge(&doing.tx, pledge.id, leaf).await?;
    tick(doing, &pledge, &leaf.needs).await
}

/// Ticks what it answers, and counts it as it would have been counted.
async fn tick(doing: &Doing<'_>, pledge: &Pledge, needs: &[(i16, Option<String>, i64)]) -> Result<()> {
    let seen = calls::seen(&doing.tx.rows(), pledge.call).await?.ok_or(Refusal::Unknown("call"))?;
    let (offered, taken) = match pledge.state {
        PledgeState::Offered => (1, 0),
        PledgeState::Accepted | PledgeState::Kept => (0, 1),
        PledgeState::Declined | PledgeState::Withdrawn => (0, 0),
    };
    for (position, vote, at) in needs {
        let there = seen.call.needs.iter().any(|need| need.position == *position);
        if there && pledges::tick(&doing.tx, pledge.id, *position, vote.as_deref(), Moment(*at)).await? {
            let votes = i64::from(pledge.door == Door::Vote);
            calls::count_need(&doing.tx, pledge.call, *position, calls::Moved { votes, offered, taken })
                .await?;
        }
    }
    if pledge.door == Door::Vote {
        calls::count_voter(&doing.tx, pledge.call).await?;
    }
    Ok(())
}

pub(super) async fn rsvp(doing: &Doing<'_>, home: &Home, leaf: &RsvpLeaf) -> Result<()> {
    let event = home.item(doing, &leaf.event).await?;
    if event.home != home.id || event.kind != ItemKind::Event {
        return Err(Refusal::Unknown("event").into());
    }
    let goer = home.actor(doing, &leaf.goer).await?;
    let leaf = RsvpLeaf {
        state: text::line("state", &leaf.state, 20)?,
        door: text::line("door", &leaf.door, 20)?,
        note: text::paragraphs("note", &leaf.note, 2_000)?,
        receipt: receipt(&leaf.receipt)?,
        ..leaf.clone()
    };
    let id = home.derived(leaf.asked, &leaf.receipt).into();
    write::insert_rsvp(&doing.tx, id, event.id, goer, &leaf).await.map(drop).map_err(Into::into)
}
