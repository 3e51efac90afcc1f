//! The alliance of two associations on two other instances: proposed by it, accepted by each, carried by rule from then on.
//!
//! Everything goes the way it goes between any two servers; each yes is said on the board of whom it concerns.

use anyhow::Context as _;
use folkmoot_app::{
    By,
    affiliations::{self, Asked, Wish},
    remote,
};
use folkmoot_domain::{ActorId, actors::Actor, affiliations::TieState, carries::CarryState};
use folkmoot_storage::{affiliations as ties, carries, items};

use super::{
    places::Places,
    steps::{Steps, until},
};
use crate::instance::Instance;

/// What the alliance is for.
const MANDATE: &str = "We pass on each other's causes, with credit, and for as long as both of us want.";

/// Makes both members, unless they are.
pub async fn ensure_allied(places: &Places, steps: &mut Steps<'_, '_>) -> anyhow::Result<()> {
    let (alliance, board) = (places.alliance().await?, &places.leeds.instance);
    let (trees, food) = (places.followed().await?, places.follower().await?);
    for (member, home) in [(&trees, &places.hyde.instance), (&food, &places.holbeck.instance)] {
        let address = member.address();
        let known = remote::find(&board.app, &address).await;
        let known = known.with_context(|| format!("{address} is not found from {}", alliance.address()))?;
        if counts(board, &alliance, known.id).await? {
            continue;
        }
        let asked =
            Asked { side: alliance.id, with: known.id, wish: Wish::Invite, mandate: MANDATE.to_owned() };
        let proposed = propose(board, &asked, home, member, &alliance);
        steps.step(&format!("{} proposes to {address} to be a member", alliance.address()), proposed).await?;
        let accepted = accept(home, member, &alliance);
        steps.step(&format!("the organisers of {address} say yes"), accepted).await?;
        let stands = until(async || counts(board, &alliance, known.id).await);
        steps.step("the alliance has heard it, and counts it as a member", stands).await?;
    }
    Ok(())
}

/// Until it has arrived.
async fn propose(
    board: &Instance,
    asked: &Asked,
    home: &Instance,
    member: &Actor,
    alliance: &Actor,
) -> anyhow::Result<()> {
    // Asked before, and not answered when the demo was stopped.
    if ties::between(&board.app.store.rows(), asked.side, asked.with)
        .await?
        .iter()
        .all(|tie| !tie.state.lives())
    {
        affiliations::propose(&board.app, &By::operator(), asked).await?;
    }
    until(async || {
        let known = folkmoot_storage::actors::by_uri(&home.app.store.rows(), alliance.uri.as_str()).await?;
        let Some(known) = known else { return Ok(false) };
        Ok(!ties::between(&home.app.store.rows(), member.id, known.id).await?.is_empty())
    })
    .await
}

async fn accept(home: &Instance, member: &Actor, alliance: &Actor) -> anyhow::Result<()> {
    let rows = home.app.store.rows();
    let alliance = folkmoot_storage::actors::by_uri(&rows, alliance.uri.as_str()).await?;
    let alliance = alliance.context("the alliance is not known here")?;
    for tie in ties::between(&rows, member.id, alliance.id).await? {
        if tie.state == TieState::Proposed {
            affiliations::answer(&home.app, &By::operator(), tie.id, true).await?;
        }
    }
    Ok(())
}

/// Has the alliance this member, as its own board has it?
async fn counts(board: &Instance, alliance: &Actor, member: ActorId) -> anyhow::Result<bool> {
    let known = ties::between(&board.app.store.rows(), alliance.id, member).await?;
    Ok(known.iter().any(|tie| tie.state == TieState::Accepted))
}

/// Does the alliance carry what stands under this id elsewhere?
pub async fn carries(places: &Places, uri: &str) -> anyhow::Result<bool> {
    let (alliance, rows) = (places.alliance().await?, places.leeds.instance.app.store.rows());
    let Some(item) = items::by_uri(&rows, uri).await? else { return Ok(false) };
    let carry = carries::of(&rows, alliance.id, item.id).await?;
    Ok(carry.is_some_and(|carry| carry.state == CarryState::Carried))
}
