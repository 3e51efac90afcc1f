//! What follows from a tie: an alliance listens to its members and carries everything of theirs, at once, for as long as
//! the tie stands.

use folkmoot_domain::{
    ActorId,
    affiliations::{Affiliation, TieKind, TieState},
    rules::Rule,
};
use folkmoot_storage::{actors, affiliations};

use crate::{Doing, Result, connections, rules};

/// An offer became another: does the tie begin, or end, by that?
pub(super) async fn follow(doing: &Doing<'_>, before: &Affiliation, now: &Affiliation) -> Result<()> {
    let (was, is) = (before.state == TieState::Accepted, now.state == TieState::Accepted);
    if was == is || now.kind != TieKind::Member || stands_besides(doing, now).await? {
        return Ok(());
    }
    let (member, umbrella) = (now.member, now.umbrella);
    let here = actors::find(&doing.tx.rows(), umbrella).await?.is_some_and(|umbrella| umbrella.local);
    match (here, is) {
        (true, true) => begin(doing, now).await,
        (true, false) => end(doing, member, umbrella).await,
        // Whoever carries lives elsewhere, and does it there.
        (false, _) => Ok(()),
    }
}

/// Another offer of the same tie is accepted too: they had crossed.
async fn stands_besides(doing: &Doing<'_>, tie: &Affiliation) -> Result<bool> {
    let offers = affiliations::offers(&doing.tx.rows(), tie.member, tie.umbrella).await?;
    let same = |offer: &Affiliation| offer.id != tie.id && offer.is_same_tie(tie);
    Ok(offers.iter().any(|offer| same(offer) && offer.state == TieState::Accepted))
}

async fn begin(doing: &Doing<'_>, tie: &Affiliation) -> Result<()> {
    Box::pin(connections::connect_within(doing, tie.umbrella, tie.member)).await?;
    let rule = Rule {
        id: doing.app.id(),
        carrier: tie.umbrella,
        source: tie.member,
        kinds: Vec::new(),
        cause: None,
        near: None,
        review: false,
        affiliation: Some(tie.id),
        created: doing.now,
    };
    Box::pin(rules::make_within(doing, &rule)).await
}

async fn end(doing: &Doing<'_>, member: ActorId, umbrella: ActorId) -> Result<()> {
    let rules = rules::between(doing, umbrella, member).await?;
    let (made_by_tie, made_by_hand): (Vec<Rule>, Vec<Rule>) =
        rules.into_iter().partition(|rule| rule.affiliation.is_some());
    for rule in made_by_tie {
        Box::pin(rules::end_within(doing, rule.id, true)).await?;
    }
    // What organisers chose by hand needs the connection still.
    if made_by_hand.is_empty() {
        Box::pin(connections::disconnect_within(doing, umbrella, member)).await?;
    }
    Ok(())
}
